"""Rarer ways to write a day: each is read, or asked about with what it can be; none is taken for another day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration.cleaning import clean, find_table
from migration.cleaning.month_names import months_named
from tests.migration.cleaning.tables import column

TODAY = dt.date(2026, 11, 26)
PLAIN = [f"2021-{n % 12 + 1:02d}-{n * 7 % 28 + 1:02d}" for n in range(36)]


def read_one(cell, heading="Hire Date"):
    """(the cell afterwards, candidates or None) of ``cell`` below 36 plain days."""
    rows = [["Employee ID", "Name", heading]]
    rows += [[f"E{n:03d}", f"Person {chr(65 + n % 26)}{n}", day] for n, day in enumerate([*PLAIN, cell])]
    layout = find_table(list(enumerate(rows, 1)))
    cleaned = clean(layout, today=TODAY)
    mine = [one for one in cleaned.doubts if one.row == len(rows)]
    assert not [one for one in cleaned.doubts if one.row != len(rows)]
    return cleaned.rows[-1][1][2], mine[0].candidates if mine else None


@pytest.mark.parametrize(
    "cell",
    [
        "3. Mai 2023", "3 mai 2023", "3 de mayo de 2023", "3 maggio 2023", "3 mei 2023", "3 maja 2023", "3 мая 2023 г.",
        "3 Mayıs 2023", "3 toukokuuta 2023", "民國112年5月3日", "民国112年5月3日", "令和5年5月3日", "2023-W18-3",
        "20230503.0",
        "Wed, 3 May 2023", "Wednesday, May 3, 2023", "Mittwoch, 3. Mai 2023", "2023年5月3日 星期三", "2023--05-03",
        "2023-05-03-", "2023. 5. 3.", "2023 05 03", "2023\\05\\03", "二〇二三年五月三日",
    ],
)  # fmt: skip
def test_a_day_in_a_rarer_form_is_that_day(cell):
    assert read_one(cell) == ("2023-05-03", None)


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [
        # Mondays of that May with another digit
        ("Mon, 3 May 2023", ("2023-05-03", "2023-05-01", "2023-05-08")),
        ("2023年5月3日 星期一", ("2023-05-03", "2023-05-01", "2023-05-08")),
        # the day after, the year after
        ("Thu, 3 May 2023", ("2023-05-03", "2023-05-04")),
        ("Thu, 3 May 23", ("2023-05-03", "2023-05-04")),
        ("Fri, 3 May 2023", ("2023-05-03", "2024-05-03", "2023-05-05")),
        ("2023Q2", ("2023-04-01", "2023-06-30")),
        ("Q1 2024", ("2024-01-01", "2024-03-31")),
        ("2023年第2季度", ("2023-04-01", "2023-06-30")),
        ("May 2023", ("2023-05-01", "2023-05-31")),
        ("02/2024", ("2024-02-01", "2024-02-29")),
        ("2023", ("2023-01-01", "2023-12-31")),
        ("1683072000", ("2023-05-03",)),
        ("1683072000000", ("2023-05-03",)),
        ("2O23-05-l3", ("2023-05-13",)),
        ("31/02/2023", ("2023-02-28", "2023-03-01", "2023-02-13")),
        ("2023-02-29", ("2023-02-28", "2023-03-01")),
        ("112/05/03", ("2023-05-03",)),
        ("2566-05-03", ("2023-05-03", "2566-05-03")),
        ("14 listopad 2023", ("2023-10-14", "2023-11-14")),
        ("14 listopad 23", ("2023-10-14", "2023-11-14")),
        ("O1.05.23", ("2023-05-01", "2023-01-05", "2001-05-23")),
        ("31-Apr-2023", ("2023-04-30", "2023-05-01", "2023-04-13")),
        ("Feb 30, 2023", ("2023-02-28", "2023-03-01", "2023-02-03")),
        ("29-Feb-23", ("2023-02-28", "2029-02-23", "1929-02-23")),
        ("20230230", ("2023-02-28", "2023-03-01", "2023-02-03")),
        ("2023-05-03?", ("2023-05-03",)),
        ("ca. 2023-05-03 / 2023-06-01", ("2023-05-03", "2023-06-01")),
        ("May-23", ("2023-05-01", "2023-05-31")),
        ("2023 May", ("2023-05-01", "2023-05-31")),
        ("2023-W18", ("2023-05-01", "2023-05-05", "2023-05-07")),
        ("2023.05", ("2023-05-01", "2023-05-31")),
        ("-217382400", ("1963-02-11",)),
        ("31/06/23", ("2023-06-30", "2023-07-01", "2023-06-13", "2031-06-23", "1931-06-23")),
    ],
)
def test_what_is_no_day_or_not_plainly_one_is_asked_with_what_it_can_be(cell, candidates):
    assert read_one(cell) == (cell, candidates)


def test_a_weekday_settles_which_comes_first():
    """3 May 2023 was a Wednesday, 5 March a Sunday."""
    assert read_one("Wed 03/05/2023") == ("2023-05-03", None)
    assert read_one("Sun 03/05/2023") == ("2023-03-05", None)
    assert read_one("Tue 03/05/2023")[0] == "Tue 03/05/2023"


def test_a_weekday_settles_the_century():
    """3 May 1928 was a Thursday, 3 May 2028 a Wednesday."""
    assert read_one("Wed, 3 May 28") == ("2028-05-03", None)
    assert read_one("3 May 28")[1] == ("2028-05-03", "1928-05-03")


def test_letters_for_digits_are_read_in_the_order_of_the_column_first():
    cells = [f"{number:02d}.05.23" for number in range(1, 29)]
    after, result = column("Hire date", *cells, "O1.06.23")
    assert after[0] == "2023-05-01"
    assert [one.candidates[0] for one in result.doubts] == ["2023-06-01"]


def test_identifiers_and_quarters_are_no_dates_by_themselves():
    rows = [["Employee ID", "Period", "Telephone"]]
    rows += [[f"{1683072000 + n * 86400}", f"2023Q{n % 4 + 1}", f"16830720{n:02d}"] for n in range(20)]
    cleaned = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    assert [row for _number, row in cleaned.rows] == rows[1:]
    assert not cleaned.doubts


def test_a_column_of_months_in_words_stays_one():
    rows = [
        ["Employee ID", "Hire date"],
        *([f"E{n:02d}", f"{name} 2023"] for n, name in enumerate(["May", "June", "März"])),
    ]
    cleaned = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    assert [row[1] for _number, row in cleaned.rows] == ["2023-05", "2023-06", "2023-03"]


@given(
    day=st.dates(dt.date(1990, 1, 1), TODAY),
    language=st.sampled_from(["de", "fr", "es", "pt", "it", "nl", "pl", "cs", "ru", "sv", "tr", "hu"]),
)
def test_no_language_turns_a_day_into_another(day, language):
    """Names as Django shows them, in whichever language: the day, or a question that has it."""
    from django.utils import translation
    from django.utils.dates import MONTHS, MONTHS_ALT

    with translation.override(language):
        names = {str(MONTHS[day.month]), str(MONTHS_ALT[day.month])}
    for name in names:
        after, candidates = read_one(f"{day.day} {name} {day.year}")
        assert after == day.isoformat() or day.isoformat() in (candidates or ()), name


def test_few_names_mean_several_months():
    names = ("mai", "mayo", "juin", "juli", "mars", "marzo", "ottobre")
    assert not [name for name in names if len(months_named(name)) > 1]
    assert months_named("listopad") == (10, 11)
    assert months_named("Mar") == (3,)


@pytest.mark.parametrize(
    ("form", "candidates"), [("%Y-%m-%d", ("2021-09-04",)), ("%m/%d/%Y", ("2021-09-04",)), ("%d-%b-%y", ())]
)
def test_an_exit_before_the_hire_may_have_day_and_month_exchanged_unless_the_month_is_named(form, candidates):
    rows = [["Employee ID", "Name", "Hire Date", "Exit Date"]]
    for n in range(30):
        hired, left = dt.date(2020, n % 12 + 1, n % 28 + 1), dt.date(2022, n % 12 + 1, n % 28 + 1)
        rows.append([f"E{n:03d}", f"Person {chr(65 + n % 26)}{n}", hired.strftime(form), left.strftime(form)])
    rows.append(["E900", "Zed Last", dt.date(2021, 6, 15).strftime(form), dt.date(2021, 4, 9).strftime(form)])
    cleaned = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    asked = {one.column: one.candidates for one in cleaned.doubts}
    assert asked == {"Exit Date": candidates, "Hire Date": ()}


def test_a_sign_behind_a_serial_number_breaks_nothing():
    """Also in a column of moments, whose heading says nothing."""
    cells, result = column("Effective DatA", '45263"', before=PLAIN[:9])
    assert cells in (["2023-12-03"], ['45263"'])
    assert cells == ["2023-12-03"] or result.doubts
