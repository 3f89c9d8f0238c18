"""What a workbook shows as 5.000,00 € is no amount in yuan, though its cell holds 5000."""

from __future__ import annotations

import io

import openpyxl
import pytest

from migration.services.cleansing import clean_files
from migration.services.number_formats import currency_of, digits_of, in_digits


def book(*formats, kept="General"):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Employee ID", "Start date", "Amount", "Row"])
    for number in range(12):
        sheet.append([f"E{number}", "2024-01-01", 5000 + number, 7000 + number])
        sheet.cell(number + 2, 3).number_format = formats[number % len(formats)]
        sheet.cell(number + 2, 4).number_format = kept
    kept_in = io.BytesIO()
    workbook.save(kept_in)
    return kept_in.getvalue()


def cleaned(data, kind="salaries"):
    return clean_files([("pay.xlsx", data)], kind=kind)[0].cleaned


@pytest.mark.parametrize(
    ("number_format", "code"),
    [
        ("[$€-407]#,##0.00", "EUR"), ('#,##0.00\\ "€"', "EUR"), ("[$USD] #,##0", "USD"), ('_("$"* #,##0.00_)', "USD"),
        ("[$-409]#,##0.00", ""), ("#,##0.00", ""), ("[Red]0.00", ""), ('0.0" h"', ""), ("yyyy-mm-dd", ""),
        ("[$¥-804]#,##0", "CNY"),
    ],
)  # fmt: skip
def test_the_currency_of_a_format(number_format, code):
    assert currency_of(number_format) == code


def test_salaries_shown_in_another_currency_are_asked_about_once():
    result = cleaned(book("[$€-407]#,##0.00"))
    assert [(one.row, one.column, one.candidates) for one in result.doubts] == [(2, "amount", ("5000",))]
    assert [row[2] for _number, row in result.rows][1:] == [str(5000 + number) for number in range(1, 12)]


def test_amounts_of_several_currencies_are_told_apart():
    result = cleaned(book("[$€-407]#,##0.00", "[$€-407]#,##0.00", "[$$-409]#,##0.00"), kind="")
    assert [one.row for one in result.doubts] == [4, 7, 10, 13]


def test_yuan_and_numbers_without_a_currency_are_plain():
    for one in ("[$¥-804]#,##0.00", "#,##0.00"):
        result = cleaned(book(one, kept="#,##0"))
        assert not result.doubts
        assert [row[2] for _number, row in result.rows] == [str(5000 + number) for number in range(12)]


@pytest.mark.parametrize(
    ("number_format", "number", "shown"),
    [
        ("000000", 18, "000018"), ('"E"0000', 7, "E0007"), ("00000", 2139, "02139"),
        ("000-00-0000", 12345678, "012-34-5678"),
        ("00000-0000", 21394301, "02139-4301"), ("0000", 123456, "123456"), ("\\N000", 5, "N005"),
    ],
)  # fmt: skip
def test_numbers_are_what_their_format_of_digits_shows(number_format, number, shown):
    assert in_digits(number, digits_of(number_format)) == shown


@pytest.mark.parametrize(
    "number_format", ["0", "00", "0.00", "#,##0", "000.0", "yyyy-mm-dd", "0%", "0.00E+00", "General", "@", "# ?/?"]
)
def test_formats_of_numbers_are_no_formats_of_digits(number_format):
    assert digits_of(number_format) == ""


def test_identifiers_that_are_numbers_shown_with_zeros_keep_them():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Employee number", "Name", "Zip", "Age"])
    for number in range(1, 13):
        sheet.append([number * 7, f"Ann {chr(64 + number)}", 2100 + number, 30 + number])
        sheet.cell(number + 1, 1).number_format = "000000"
        sheet.cell(number + 1, 3).number_format = "00000"
    kept = io.BytesIO()
    workbook.save(kept)
    result = cleaned(kept.getvalue(), kind="employees")
    assert [row[0] for _number, row in result.rows] == [f"{number * 7:06d}" for number in range(1, 13)]
    assert [row[2] for _number, row in result.rows] == [f"0{2100 + number}" for number in range(1, 13)]
    assert [row[3] for _number, row in result.rows] == [str(30 + number) for number in range(1, 13)]


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0 %", "#,##0.0%"])
def test_shares_are_what_they_are_shown_as(number_format):
    """As in a csv that was saved from the same workbook."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Employee number", "Exam date", "Score"])
    for number in range(12):
        sheet.append([f"E{number}", "2024-01-01", 0.6 + number / 100])
        sheet.cell(number + 2, 3).number_format = number_format
    kept = io.BytesIO()
    workbook.save(kept)
    result = cleaned(kept.getvalue(), kind="scores")
    assert [row[2] for _number, row in result.rows] == [str(60 + number) for number in range(12)]
    assert not result.doubts
