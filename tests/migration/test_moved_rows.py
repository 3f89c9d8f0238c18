"""A row that slipped, as a question of the pages: what it may have been can be chosen, for one row and for all."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.migration.files import csv_file
from tests.migration.test_pages import check, send, start, step, url
from tests.migration.test_questions import choices_in
from training.models import LearningRecord

pytestmark = pytest.mark.django_db

HEADINGS = ["Employee no", "Activity", "Date", "Title", "Hours", "Score", "Points"]


def rows_of(world):
    first = world.year.start_date
    return [
        [
            "E001", "online", (first + dt.timedelta(days=n)).isoformat(), f"Lesson {chr(65 + n % 26)}{n // 26}",
            str((1, 2, 4, 8)[n % 4]), str(55 + n * 7 % 45), str(1 + n * 3 % 10),
        ]
        for n in range(40)
    ]  # fmt: skip


def slipped(world, *places):
    rows = rows_of(world)
    for place in places:
        rows[place] = [*rows[place][:5], rows[place][6], ""]
    return csv_file([HEADINGS, *rows])


def test_what_a_row_was_can_be_chosen(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "r.csv", slipped(world, 20), "records")
    assert step(page) == "clean"
    (group,) = page.context["groups"]
    (question,) = group.questions
    assert (group.column, group.rule, question.value) == ("", "shifted_rows", "22")
    moved = f"Score=; Points={rows_of(world)[20][6]}"
    assert moved in question.candidates
    assert {"keep", "drop"} < set(choices_in(page, question))
    assert moved in page.content.decode()
    choice = f"={question.candidates.index(moved)}"
    page = oscar.post(url("clean", page), {f"one-{question.key}": choice, "go_on": "1"}, follow=True)
    assert check(oscar, page).context["refused"] == 0
    start(oscar, page)
    found = LearningRecord.objects.get(happened_on=rows_of(world)[20][2], title=rows_of(world)[20][3])
    assert found.score is None


def test_one_answer_moves_all_rows(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "r.csv", slipped(world, 10, 20), "records")
    (group,) = page.context["groups"]
    assert len(group.questions) == 2
    page = oscar.post(url("clean", page), {f"all-{group.key}": "first", "go_on": "1"}, follow=True)
    assert step(page) == "check"
    assert not oscar.get(url("clean", page)).context["groups"]
