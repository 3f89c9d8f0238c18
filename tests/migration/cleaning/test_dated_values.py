"""Ranges, codes and scores that a spreadsheet took for dates."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.migration.cleaning.tables import column


def day(month, number):
    """As a workbook holds one."""
    return dt.datetime.combine(dt.date(2026, month, number), dt.time())


#: what systems make of MAR-7 and of 3-7
DATED = [
    "7-Mar",
    "Mar-07",
    day(3, 7),
    "2026-03-07",
    "2026-03-07 00:00:00",
    "3月7日",
    "7. März",
    "07-mars",
]
CODES = ["HR-3", "ENG-12", "A-1", "B-2", "OPS-9", "HR-11", "MAR-40"]
SOLE = ["HRM-3", "ENG-12", "OPS-9", "HRM-11", "FIN-2", "FIN-7"]


@pytest.mark.parametrize("heading", ["Course code", "Module", "Shift"])
@pytest.mark.parametrize("written", DATED)
def test_a_code_that_became_a_date_is_asked_about_as_the_column_writes_codes(heading, written):
    cells, result = column(heading, written, before=CODES)
    assert [one.candidates for one in result.doubts] == [("MAR-7",)]
    assert cells == [written if isinstance(written, str) else "2026-03-07"]


@pytest.mark.parametrize("written", DATED)
def test_it_comes_back_where_the_column_has_it_or_no_other_form(written):
    for others in ([*CODES, "MAR-7"], SOLE):
        cells, result = column("Course code", written, before=others)
        assert (cells, result.doubts) == (["MAR-7"], [])


def test_a_day_that_can_be_read_both_ways_has_both_codes():
    _cells, result = column("Course code", "3/7/2026", before=SOLE)
    assert set(result.doubts[0].candidates) == {"MAR-7", "JUL-3"}


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ([f"{letters}{number:02d}" for letters in ("HRM", "ENG") for number in range(3, 8)], "SEP02"),
        ([f"{number}_{letters}" for letters in ("hr", "eng") for number in range(3, 8)], "2_sep"),
    ],
)
def test_codes_keep_their_zeros_signs_and_letters(others, code):
    cells, result = column("Course code", "2-Sep", before=others)
    assert (result.doubts[0].candidates[0] if result.doubts else cells[0]) == code


def test_codes_that_only_look_like_dates_stay():
    codes = [*SOLE, "MAR-7", "SEP-2", "DEC-31"]
    cells, result = column("Course code", *codes)
    assert (cells, result.doubts) == (codes, [])


RANGES = ["0-1", "20-50", "50-99"]


@pytest.mark.parametrize("written", [*DATED, "3/7/2026", "7/3/2026"])
def test_ranges_are_asked_about_where_hardly_one_was_left(written):
    _cells, result = column("Years band", written, written, "2-Jan", "10-Jun", before=[*RANGES * 4])
    assert [one.candidates[0] for one in result.doubts] == ["3-7", "3-7", "1-2", "6-10"]


SCORED = [day(8, 10), "10-Aug", "Aug-10", "2026-08-10 00:00:00", "8月10日", "10. Aug"]


@pytest.mark.parametrize("written", SCORED)
def test_a_score_of_ten_comes_back_where_all_are_of_ten(written):
    cells, result = column("Score", written, before=["7/10", "9/10", "6.5/10", "10/10"])
    assert (cells, result.doubts) == (["8"], [])


@pytest.mark.parametrize("written", SCORED)
def test_among_plain_scores_it_is_asked_about_on_their_scale(written):
    assert column("Score", written, before=["7", "9", "6", "10"])[1].doubts[0].candidates == ("8",)
    assert column("Score", written, before=["70", "95", "62", "100"])[1].doubts[0].candidates == ("80", "8")


def test_a_decimal_that_a_german_spreadsheet_took_for_a_day_is_offered():
    for written in (day(5, 8), "8. Mai", "08-mai"):
        assert "8.5" in column("Hours", written, before=["7.5", "2", "6.25", "9"])[1].doubts[0].candidates


def test_a_day_among_amounts_that_cannot_be_one_has_no_candidate():
    assert column("Salary", day(5, 8), before=[4500, 5200, 6100])[1].doubts[0].candidates == ()


def test_words_beside_numbers_are_no_months():
    cells, _result = column("Kit", "1 set", "2 set", before=["A-1", "B-2", "C-3", "D-4", "E-5"])
    assert cells == ["1 set", "2 set"]
    assert not _result.doubts
