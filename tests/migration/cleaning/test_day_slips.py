"""Days of ISO columns that somebody wrote before their month: what tells, and whom it costs a question."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from migration.cleaning.work import Hints
from tests.migration.cleaning.tables import table

START = dt.date(2023, 1, 1)


def turned(day):
    return f"{day.year}-{day.day:02d}-{day.month:02d}"


def days(count, seed=3):
    numbers = random.Random(seed)
    return [START + dt.timedelta(numbers.randrange(700)) for _ in range(count)]


def enrolled(begun, ended=None, *, slips, hints=None, more=None):
    """(the enrolments as they came out, doubts of them by row) where the rows ``slips`` have the day first."""
    rows = [
        [f"E{1000 + place}", turned(day) if place in slips else day.isoformat()]
        + ([ended[place].isoformat()] if ended else [])
        + ([more[place]] if more else [])
        for place, day in enumerate(begun)
    ]
    headings = ["User ID", "Enrolled on", *(["Completed on"] if ended else []), *(["Term"] if more else [])]
    columns, result = table(headings, *rows, hints=hints)
    return columns["Enrolled on"], {one.row - 2: one for one in result.doubts if one.column == "Enrolled on"}, result


def is_open(day):
    return day.day <= 12 and day.day != day.month


def test_a_slip_among_few_leaves_those_that_can_be_read_both_ways_in_doubt():
    rows = [["E1", "4/24/2011"], ["E2", "2019-19-01"], ["E3", "2018-22-03"], ["E4", "2019-03-01"], ["E5", "2014-07-30"]]
    _columns, result = table(["EmpID", "Hire date"], *rows)
    asked = {one.value: one.candidates for one in result.doubts}
    assert set(asked["2019-03-01"]) == {"2019-03-01", "2019-01-03"}
    assert {*asked} == {"2019-19-01", "2018-22-03", "2019-03-01"}


def test_where_one_in_ten_slipped_no_other_is_silently_wrong():
    begun = days(300)
    slips = set(range(0, 300, 10))
    after, asked, _result = enrolled(begun, slips=slips)
    for place, day in enumerate(begun):
        assert after[place] == day.isoformat() or day.isoformat() in asked[place].candidates


def test_few_slips_among_hundreds_ask_only_for_themselves_and_a_note_says_so():
    begun = days(300)
    slips = set([place for place, day in enumerate(begun) if day.day > 12][:3])
    _after, asked, result = enrolled(begun, slips=slips)
    assert set(asked) == slips
    (note,) = [str(one) for one in result.notes]
    assert "3 of the dates" in note
    assert str(sum(map(is_open, begun))) in note


def test_the_row_tells_which_of_few_slipped():
    """Courses take two weeks at most."""
    begun = days(300)
    ended = [day + dt.timedelta(1 + place % 14) for place, day in enumerate(begun)]
    shown = [place for place, day in enumerate(begun) if day.day > 12][:3]
    hidden = [place for place, day in enumerate(begun) if is_open(day) and abs(day.month - day.day) > 1][5]
    _after, asked, _result = enrolled(begun, ended, slips={*shown, hidden})
    assert set(asked) == {*shown, hidden}
    assert asked[hidden].candidates[0] == begun[hidden].isoformat()


def test_rows_in_the_order_of_their_days_tell_it_too():
    begun = [START + dt.timedelta(2 * place) for place in range(300)]
    slips = set(range(7, 300, 10))
    after, asked, _result = enrolled(begun, slips=slips)
    assert set(asked) == {place for place in slips if begun[place].day != begun[place].month}
    assert all(begun[place].isoformat() == asked[place].candidates[0] for place in asked)
    assert all(after[place] == day.isoformat() for place, day in enumerate(begun) if place not in slips)


@pytest.mark.parametrize("word", [lambda day: day.strftime("%B"), lambda day: f"{(day.month + 2) // 3}. Quartal"])
def test_a_column_of_months_or_quarters_tells_it(word):
    begun = days(300)
    shown = [place for place, day in enumerate(begun) if day.day > 12][:3]
    hidden = next(place for place, day in enumerate(begun) if is_open(day) and abs(day.month - day.day) > 3)
    _after, asked, _result = enrolled(begun, slips={*shown, hidden}, more=[word(day) for day in begun])
    assert set(asked) == {*shown, hidden}
    assert asked[hidden].candidates[0] == begun[hidden].isoformat()


def test_who_states_the_order_is_not_asked():
    begun = days(100)
    slips = set([place for place, day in enumerate(begun) if day.day > 12][:20])
    _after, asked, result = enrolled(begun, slips=slips, hints=Hints(orders={"Enrolled on": "ymd"}))
    assert set(asked) == slips
    assert not result.notes


def test_a_column_with_the_day_in_the_middle_is_read_so():
    begun = days(60)
    after, asked, _result = enrolled(begun, slips=set(range(60)))
    assert after == [day.isoformat() for day in begun]
    assert not asked


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("22023-05-24", "2023-05-24"), ("20023-05-24", "2023-05-24"), ("20233-05-24", "2023-05-24"),
        ("198008-14", "1980-08-14"), ("1980-0814", "1980-08-14"), ("1990-09-", "1990-09-01"),
    ],
)  # fmt: skip
def test_a_slip_of_writing_is_offered_as_the_day_that_was_meant(written, day):
    rows = [[f"E{place}", one.isoformat()] for place, one in enumerate(days(30))]
    _columns, result = table(["User ID", "Seen on"], *rows, ["E99", written])
    assert result.doubts[0].candidates[0] == day


def test_the_26th_of_july_is_read():
    columns, result = table(["User ID", "Seen on"], ["E1", "the 26th of July 2023"], ["E2", "The 4th of March 2023"])
    assert (columns["Seen on"], result.doubts) == (["2023-07-26", "2023-03-04"], [])


def test_a_month_of_13_again_and_again_shows_no_order():
    rows = [[f"E{place}", one.strftime("%d-%b-%y")] for place, one in enumerate(days(60))]
    odd = [["E90", "2021-13-05"], ["E91", "2021-13-07"], ["E92", "2022-13-01"]]
    _columns, result = table(["User ID", "Seen on"], *rows, *odd)
    assert {one.row for one in result.doubts} == {62, 63, 64}
