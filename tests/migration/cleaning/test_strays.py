"""Signs of another kind inside words, words cut short, constants written as formulas, codes for what nobody knows."""

from __future__ import annotations

import time

import pytest

from migration.services.cleansing import clean_files
from tests.migration.cleaning.tables import asked, column
from tests.migration.files import csv_file, xlsx_file

STATUS = ["Voluntary", "Involuntary", "Active", "Production"] * 15


@pytest.mark.parametrize(
    ("written", "meant"),
    [("V0luntary", "Voluntary"), ("Inv0luntary", "Involuntary"), ("Act1ve", "Active"), ("Pr0duct10n", "Production")],
)
def test_digits_for_letters_are_asked_about_with_the_word_of_the_column(written, meant):
    cells, result = column("Termination type", written, before=STATUS)
    assert cells == [written]
    assert [(one.value, one.candidates[0]) for one in result.doubts] == [(written, meant)]


@pytest.mark.parametrize("heading", ["Course", "Location"])
def test_digits_that_belong_to_words_stay(heading):
    words = ["Excel 2016", "B2B Sales", "Web 2.0", "Level 1A", "H1B", "ISO9001", "3D Print", "MP3", "Python3"]
    assert not column(heading, *words * 3)[1].doubts


@pytest.mark.parametrize(
    ("written", "plain"),
    [("Codе of Conduct", "Code of Conduct"), ("Sаles", "Sales"), ("Москва", "Москва"), ("Αθήνα", "Αθήνα")],
)
def test_letters_of_other_alphabets_inside_latin_words(written, plain):
    cells, result = column("Course", written, before=["Excel", "Word", "Safety"] * 8)
    assert cells == [plain]
    assert not result.doubts


def test_words_cut_short_are_asked_about():
    usual = ["Phishing Awareness", "Divorced", "Sales", "Sales Department", "Account", "Accountant"] * 12
    cells, result = column("Course", "Phishing Awa", "Divor", before=usual)
    assert cells == ["Phishing Awa", "Divor"]
    assert {one.value: one.candidates[0] for one in result.doubts} == {
        "Phishing Awa": "Phishing Awareness", "Divor": "Divorced",
    }  # fmt: skip


@pytest.mark.parametrize("as_book", [False, True])
def test_constants_written_as_formulas_are_text(as_book):
    rows = [[f'="{n:06d}"', f'="Ann {chr(65 + n)}"', '="销售部"', str(30 + n)] for n in range(12)]
    table = [["Employee ID", "Name", "Department", "Age"], *rows]
    data = xlsx_file(table) if as_book else csv_file(table)
    (found,) = clean_files([("a.xlsx" if as_book else "a.csv", data)])
    assert [cells for _number, cells in found.cleaned.rows] == [
        [f"{n:06d}", f"Ann {chr(65 + n)}", "销售部", str(30 + n)] for n in range(12)
    ]
    assert not found.doubts


@pytest.mark.parametrize("written", ["\\N", "NaT", "<NA>"])
def test_words_of_programs_for_nothing(written):
    assert column("Performance", written, before=STATUS)[0] == [""]


def test_numbers_below_zero_and_far_above_are_asked_about_where_no_other_is():
    few = [str(n % 20) for n in range(100)]
    cells, result = column("Companies worked", "-4", "1900", before=few)
    assert cells == ["-4", "1900"]
    assert {one.value: one.candidates for one in result.doubts} == {"-4": ("-4", "4"), "1900": ("19",)}
    # far apart by nature, and money
    assert not column("Distance", "5000", before=[str(n * n) for n in range(80)])[1].doubts
    assert not column("Other pay", "-12.50", before=few)[1].doubts
    assert not column("Balance", "-12", before=few)[1].doubts


def test_codes_are_found_beside_other_slips():
    hours = [str(1 + n % 300) for n in range(200)]
    _cells, result = column("Training hours", "9999", "30000", before=hours)
    assert "9999" in [value for _row, _name, value in asked(result)]


def test_days_that_cannot_be_have_the_year_of_one_slip_among_their_candidates():
    days = [f"20{10 + n % 15}-0{n % 9 + 1}-1{n % 9}" for n in range(40)]
    _cells, result = column("Hire Date", "3023-07-02", "1023-07-02", "1970-01-01", before=days)
    found = {one.value: one.candidates for one in result.doubts}
    assert "2023-07-02" in found["3023-07-02"]
    assert "2023-07-02" in found["1023-07-02"]
    assert found["1970-01-01"] == ("", "1970-01-01")


def test_the_postal_code_of_one_with_its_extension():
    zips = [f"0{2100 + 7 * n}" for n in range(60)]
    _cells, result = column("Zip", "02139-4301", before=zips)
    assert [one.candidates for one in result.doubts] == [("02139", "02139-4301")]


def test_slips_are_asked_about_as_long_as_words_are_the_most():
    words = ["Production", "Sales", "Finance", "Engineering"] * 22
    _cells, result = column("Department", *["Pr0duction", "Sa1es"] * 6, *["6", "2023-03-04"] * 4, before=words)
    assert {one.value: one.candidates[:1] for one in result.doubts} == {
        "Pr0duction": ("Production",), "Sa1es": ("Sales",), "6": (), "2023-03-04": (),
    }  # fmt: skip


def test_a_letter_for_a_digit_is_offered_as_the_digit():
    codes = [f"HR{10_100 + 7 * n}" for n in range(60)]
    _cells, result = column("Badge ID", "HR1l101", "hr10303", before=codes)
    assert {one.value: one.candidates[0] for one in result.doubts} == {"HR1l101": "HR11101", "hr10303": "HR10303"}


def test_a_word_without_end_takes_no_minutes():
    start = time.process_time()
    cells, _result = column("Termination type", "Anna" * 10_000, before=STATUS)
    assert time.process_time() - start < 10
    assert cells == ["Anna" * 10_000]
