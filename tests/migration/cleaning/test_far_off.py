"""Numbers on another scale than their column, and days far from all others, are asked about with what they can be."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column

SCORES = [str(60 + number * 7 % 41) for number in range(30)]
DAYS = [f"20{20 + number % 4}-{number % 12 + 1:02d}-{number + 1:02d}" for number in range(28)]


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [
        ("8.5/10", ("85", "8.5")), ("4/5", ("80", "4")), ("0.85", ("85", "0.85")), ("850", ("85",)),
        ("950", ("95",)), ("101", ()), ("8 5", ("85", "8.5")), ("-85", ("-85", "85")),
    ],
)  # fmt: skip
def test_scores_that_are_none_of_a_hundred(cell, candidates):
    result = column("Score", cell, before=SCORES)[1]
    assert [(one.value, one.candidates) for one in result.doubts] == [(cell, candidates)]


def test_several_kinds_of_odd_scores_in_one_column():
    result = column("Score", "101", "-5", "850", "0.85", "8.5/10", before=SCORES)[1]
    assert [value for _row, _name, value in asked(result)] == ["101", "-5", "850", "0.85", "8.5/10"]


def test_scores_in_the_scale_of_the_column_are_plain():
    assert column("Score", "85%", "72/100", before=SCORES)[0] == ["85", "72"]
    assert not column("Score", "0", "5", "7.5", before=SCORES)[1].doubts
    # all on one scale, and small numbers are how this one is written
    assert column("Rating", "4/5", before=["3", "4", "5", "2"] * 5)[0] == ["4"]
    assert not column("Satisfaction score", "0.85", before=["0.7", "0.33", "0.9"] * 5)[1].doubts
    result = column("Rating", "8/10", "80%", before=["3", "4", "5", "2"] * 5)[1]
    assert [one.candidates for one in result.doubts] == [("4", "8"), ("4", "80")]


def test_many_scores_a_little_above_a_hundred_are_a_longer_scale():
    assert not column("KPI", "101", "104", "110", "118", before=SCORES)[1].doubts


def test_days_among_hours_and_numbers_with_letters():
    usual = ["1", "2", "3", "4"] * 12
    result = column("Training hours", "0.5d", "200", "半天", before=usual)[1]
    assert {one.value: one.candidates for one in result.doubts} == {
        "0.5d": ("4", "0.5"), "半天": ("4", "0.5"), "200": ("2",),
    }  # fmt: skip


def test_a_day_decades_before_all_others_is_asked():
    result = column("Completed on", "1949-05-05", before=DAYS)[1]
    assert [(one.value, one.rule) for one in result.doubts] == [("1949-05-05", "out_of_range")]
    result = column("Completed on", "1922-05-05", before=DAYS)[1]
    assert result.doubts[0].candidates == ("2022-05-05", "1922-05-05")
    short = [f"{one[5:7]}/{one[8:]}/{one[2:4]}" for one in DAYS]
    assert asked(column("Completed on", "05/05/49", before=short)[1]) == [(30, "Completed on", "1949-05-05")]


def test_days_that_are_spread_over_decades_are_plain():
    hires = [f"{1975 + number}-03-{number % 28 + 1:02d}" for number in range(50)]
    assert not column("Hire date", "1961-05-05", before=hires)[1].doubts
    assert not column("Birth date", "1949-05-05", before=[f"{1995 + n % 9}-04-0{n % 9 + 1}" for n in range(27)])[
        1
    ].doubts


def test_days_a_century_away_are_asked_however_they_are_called_and_however_many():
    result = column("发放日期", "2123-03-10", "1923-02-10", before=DAYS)[1]
    assert {one.value: one.candidates for one in result.doubts} == {
        "2123-03-10": ("2023-03-10", "2123-03-10"), "1923-02-10": ("2023-02-10", "1923-02-10"),
    }  # fmt: skip
    several = [f"2{century}2{number}-05-05" for number in range(4) for century in "1"]
    assert [value for _row, _name, value in asked(column("Review date", *several, before=DAYS)[1])] == several


def test_days_still_to_come_are_asked_where_all_others_are_past():
    result = column("completed_on", "2032-01-01", before=DAYS)[1]
    assert [(one.value, one.candidates) for one in result.doubts] == [("2032-01-01", ("2022-01-01", "2032-01-01"))]
    # what ends, and what is planned, may lie ahead
    for heading in ("Contract end", "Valid until", "到期日期", "Next review"):
        assert not column(heading, "2032-01-01", "2035-01-01", before=DAYS)[1].doubts
    # months ahead, and many
    assert not column("Course date", "2026-12-20", before=DAYS)[1].doubts
    assert not column("Course date", *[f"2028-{month:02d}-10" for month in range(1, 9)], before=DAYS)[1].doubts


def values_asked(heading, *cells):
    return [value for _row, _column, value in asked(column(heading, *cells)[1], "out_of_range")]


@pytest.mark.parametrize(("heading", "usual", "wrong"), [
    ("StockOptionLevel", [0, 1, 2, 3] * 30, ["20", "30"]),
    ("EducationLevel", [1, 2, 3, 4] * 30, ["40"]),
    ("JobLevel", [1] * 110 + [2] * 107 + [3] * 44 + [4] * 21 + [5] * 14, ["0", "6", "10", "55"]),
    ("PerfScoreID", [3] * 80 + [1, 2, 4] * 10, ["10", "30", "999"]),
    ("satisfaction_level", [f"0.{n}" for n in range(11, 99)] * 2, ["8.7", "2.1", "1000"]),
    ("Chemistry", [*range(40, 101)] * 3, ["790", "890", "1000", "450", "-88"]),
    ("ssc_p", [f"{n}.{n % 9}" for n in range(40, 100)] * 2, ["-64.19"]),
    ("Hourly rate", [f"{n}.{n % 9}5" for n in range(11, 48)] * 3, ["81006", "94764", "66348"]),
])  # fmt: skip
def test_a_few_numbers_that_nothing_joins_to_the_others_are_asked_about(heading, usual, wrong):
    assert values_asked(heading, *usual, *wrong) == wrong


@pytest.mark.parametrize(("heading", "usual"), [
    ("Absence", [8] * 40 + [2, 3, 1, 4, 16, 24, 40, 64, 80, 112, 120] * 5),
    ("SpecialProjects", [0] * 200 + [5, 6, 7, 8] * 12),
    ("Companies", [0] * 120 + [1] * 60 + [2] * 40 + [3] * 20 + [4] * 11 + [5] * 6 + [6] * 2 + [7, 9]),
    ("Grade", [1, 2, 3, 4] * 30 + [5, 6]),
    ("Education", [1] * 36 + [2] * 57 + [3] * 117 + [4] * 81 + [5] * 5),
    ("Dependents", [0, 1, 2, 3] * 30 + [4, 5, 6, 7, 8]),
    ("ratio", [f"0.{n}" for n in range(11, 99)] * 2 + ["1.1", "1.25", "1.9"]),
    ("change", [f"-{n}.5" for n in range(40)] + [f"{n}.5" for n in range(60)]),
    ("Base pay", [f"{n}.{n % 9}5" for n in range(15, 48)] * 3 + [str(n) for n in range(40000, 99000, 1700)]),
])  # fmt: skip
def test_numbers_that_others_lead_up_to_are_not_asked_about(heading, usual):
    assert not values_asked(heading, *usual)
