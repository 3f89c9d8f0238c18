"""Who is active, and when: days for none, and rows that tell of people at a day of their own."""

from __future__ import annotations

from tests.migration.cleaning.tables import asked, table

HEADS = ["Employee ID", "Name", "Hire date", "Exit date", "Status"]


def staff(count, exit_of, status_of):
    return [
        [f"E{1000 + n}", f"Ann {chr(65 + n % 26)}{n}", f"20{10 + n % 9}-03-{10 + n % 18}", exit_of(n), status_of(n)]
        for n in range(count)
    ]


def test_a_day_for_none_is_no_exit():
    rows = staff(60, lambda n: "1900-01-01" if n % 3 else "2023-05-14", lambda n: "Active" if n % 3 else "Terminated")
    _columns, result = table(HEADS, *rows)
    assert {one.rule for one in result.doubts} == {"placeholders"}
    assert {one.column for one in result.doubts} == {"Exit date"}


def yearly():
    """A row for each person and year up to the one they left in, a few with the exit in all of them."""
    rows = []
    for n in range(40):
        person = [f"E{1000 + n}", f"Ann {chr(65 + n % 26)}{n}", "2005-03-14"]
        if n < 12:
            left = f"2014-06-{10 + n}"
            rows += [[*person, left, "Active", "2013-12-31"], [*person, left, "Terminated", left]]
        else:
            rows += [[*person, "", "Active", f"201{year}-12-31"] for year in range(1, 5)]
    return rows


def test_people_who_had_not_left_at_the_day_of_the_row_are_active():
    rows = yearly()
    _columns, result = table([*HEADS, "Record date"], *rows)
    assert not asked(result, "status")


def test_active_after_the_exit_at_the_day_of_the_row_is_asked_about():
    rows = yearly()
    slip = ["E3000", "Eve Z", "2006-03-14", "2013-04-04", "Active", "2014-12-31"]
    _columns, result = table([*HEADS, "Record date"], *rows, slip)
    assert {row for row, _column, _value in asked(result, "status")} == {len(rows) + 2}
