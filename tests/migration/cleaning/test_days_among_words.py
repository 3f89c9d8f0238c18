"""Days in columns of words, as a shifted cell or a slip of pasting leaves them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.migration.cleaning.tables import column

WORDS = {
    "Training Outcome": ["Completed", "Passed", "Failed"],
    "课程名称": ["消防安全", "信息安全", "职业道德"],
    "Street": [f"{number} Elm Street" for number in range(100)],
    "Team motto": [f"Together we reach goal {chr(65 + number % 26)}{chr(97 + number // 26)}" for number in range(100)],
}
FORMS = ["%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%y"]


def cells_of(words, form, share, rows=100):
    """Words with a day in the first ``share`` of the rows; where ``form`` is empty, as a workbook holds it."""
    days = [dt.date(2023, 1, 1) + dt.timedelta(3 * number) for number in range(int(rows * share))]
    made = [day.strftime(form) if form else dt.datetime.combine(day, dt.time()) for day in days]
    return [*made, *(words[number % len(words)] for number in range(rows - len(made)))]


@pytest.mark.parametrize("heading", ["Training Outcome", "课程名称", "Street", "Team motto"])
@pytest.mark.parametrize("share", [0.03, 0.1, 0.15, 0.25])
@pytest.mark.parametrize("form", [*FORMS, ""])
def test_days_are_asked_about_however_many_up_to_a_quarter(heading, share, form):
    cells = cells_of(WORDS[heading], form, share)
    _after, result = column(heading, *cells)
    assert {one.row for one in result.doubts} == set(range(2, 2 + int(100 * share)))


def test_a_column_of_days_and_words_keeps_both():
    cells = cells_of(["Never", "Pending", "Waived"], "%Y-%m-%d", 0.4)
    after, result = column("Outcome", *cells)
    assert (after, result.doubts) == (cells, [])


@pytest.mark.parametrize("heading", ["Remarks", "Manager notes", "备注"])
def test_a_remark_may_name_a_day(heading):
    cells = cells_of([f"Spoke with {chr(65 + number % 26)}. about leave" for number in range(30)], "%Y-%m-%d", 0.1)
    after, result = column(heading, *cells)
    assert (after, result.doubts) == (cells, [])


def test_years_seasons_and_ranges_of_years_are_words():
    words = ["Spring 2023", "Autumn 2023", "2022/23", "Q1 2024"]
    assert not column("Intake", *words * 20)[1].doubts
