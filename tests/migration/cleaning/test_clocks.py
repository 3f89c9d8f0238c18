"""How long something took, and when it began: in clocks, in cells of a spreadsheet, in parts of a day."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.migration.cleaning.tables import column

CLOCKS = ["1:30", "2:00", "0:45", "1:15", "3:00"]
BEYOND = dt.datetime(1900, 1, 1, 4, 30)  # noqa: DTZ001 - cells have no zone


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("28:30", "28.5"), ("100:00", "100"), ("1:30:00", "1.5"), ("25:00:00", "25"), ("1 day, 4:30:00", "28.5"),
        ("0 days 01:30:00", "1.5"), (dt.time(8, 6), "8.1"), (dt.timedelta(hours=28, minutes=30), "28.5"),
    ],
)  # fmt: skip
def test_clocks_are_hours_or_minutes_as_the_heading_says(cell, hours):
    found, result = column("Hours", cell, before=CLOCKS)
    assert (found, result.doubts) == ([hours], [])
    found, result = column("Minutes", cell, before=["90", "45", "2000"])
    assert found == [str(round(float(hours) * 60))]


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [
        ("8:5", ("8.0833", "8.8333", "8.5")), ("8:7", ("8.1167", "8.7")), ("0:90", ("1.5",)), (":30", ("0.5",)),
        ("0.354166666666667", ("8.5", "0.354166666666667")), (0.0625, ("1.5", "0.0625")),
        ("1900-01-01 04:30:00", ("28.5", "4.5")), (BEYOND, ("28.5", "4.5")),
    ],
)  # fmt: skip
def test_what_can_be_read_in_several_ways_is_asked_about(cell, candidates):
    _found, result = column("Hours", cell, before=CLOCKS)
    (doubt,) = result.doubts
    assert (doubt.candidates, doubt.rule) == (candidates, "clock_times")
    # plain numbers beside stay what they are
    assert column("Hours", "0.25", "0.5", "7.75", before=CLOCKS)[1].doubts == []


def test_parts_of_a_day_among_plain_numbers_need_one_that_shows_it():
    plain = ["1.5", "2", "0.125", "3", "8", "0.0625"]
    found, result = column("Hours", *plain)
    assert (found, result.doubts) == (plain, [])
    doubts = column("Hours", *plain, "0.354166666666667")[1].doubts
    assert {one.value: one.candidates[0] for one in doubts} == {
        "0.125": "3",
        "0.0625": "1.5",
        "0.354166666666667": "8.5",
    }


TIMES = ["08:00", "08:15", "09:00", "17:30", "08:45", "18:00", "09:30", "07:55"]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("8:05", "08:05"), ("8:00 AM", "08:00"), ("5:30 PM", "17:30"), ("12:10 am", "00:10"), ("5:30 p.m.", "17:30"),
        ("08:00:00", "08:00"), ("8h30", "08:30"), ("8点30分", "08:30"), ("下午5:30", "17:30"), ("上午8:05", "08:05"),
        ("0.354166666666667", "08:30"), (0.5, "12:00"), (dt.time(8, 5), "08:05"), ("08：30", "08:30"),
    ],
)  # fmt: skip
def test_times_are_written_as_most_of_the_column(cell, written):
    found, result = column("Check-in", cell, before=TIMES)
    assert (found, result.doubts) == ([written], [])
    assert column("Check-in", *TIMES)[0] == TIMES


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [("8:5", ("08:05", "08:50")), ("28:30", ()), ("8:75", ()), ("1730", ("17:30",)), ("8.30", ("08:30",))],
)  # fmt: skip
def test_what_is_no_time_among_times_is_asked_about(cell, candidates):
    found, result = column("Clock out", cell, before=TIMES)
    assert found == [cell]
    assert [(one.value, one.candidates) for one in result.doubts] == [(cell, candidates)]


def test_times_with_morning_and_afternoon_stay_so():
    times = ["8:00 AM", "8:15 AM", "9:00 AM", "5:30 PM", "12:45 PM", "6:00 PM"]
    found, result = column("Start time", "17:45", "0.354166666666667", "9:10", before=times)
    assert found == ["5:45 PM", "8:30 AM", "9:10"]
    assert [one.candidates for one in result.doubts] == [("9:10 AM", "9:10 PM")]
    assert column("Start time", *times)[0] == times


def test_cells_of_a_workbook_stay_times_and_words_stay_words():
    cells = [dt.time(8, 0), dt.time(8, 15), dt.time(17, 0), dt.time(9, 30)]
    assert column("Shift start", *cells)[0] == ["08:00:00", "08:15:00", "17:00:00", "09:30:00"]
    assert column("Check-in", "sick", before=TIMES)[1].doubts == []


def test_a_column_of_parts_of_days_is_asked_about_where_its_heading_speaks_of_times():
    parts = [0.354166666666667, 0.375, 0.333333333333333, 0.395833333333333]
    doubts = column("Check-in time", *parts)[1].doubts
    assert [one.candidates[0] for one in doubts] == ["08:30", "09:00", "08:00", "09:30"]
    assert column("Share", *parts)[1].doubts == []


def test_what_only_looks_like_a_clock_is_left_alone():
    for cells in (["3:2", "1:0", "2:2", "4:1"], ["A 08:00", "B 09:00", "C 10:00"], ["v1:30", "v2:00", "v3:00"]):
        assert column("Result", *cells)[0] == cells
