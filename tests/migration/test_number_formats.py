"""What a workbook shows as 5.000,00 € is no amount in yuan, though its cell holds 5000."""

from __future__ import annotations

import io

import openpyxl
import pytest

from migration.services.cleansing import clean_files
from migration.services.number_formats import currency_of


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
