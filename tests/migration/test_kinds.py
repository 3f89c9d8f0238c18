"""Courses and departures as files: new, changed, refused, unchanged the second time, undone exactly."""

from __future__ import annotations

import datetime as dt

import pytest

from migration.services.inspecting import inspect_file
from migration.services.totals import reconciled
from people.models import Assignment, Employee
from tests.migration.files import RECORD_HEADINGS, csv_file
from tests.migration.test_batches import bring, day
from tests.migration.test_undo import assert_same, dump, undo
from training.models import Course

pytestmark = pytest.mark.django_db

COURSES = [
    ["课程编码", "课程名称", "课程类型", "课时", "是否开放"],
    ["C1", "Safety", "Online course", 1.5, "是"],
    ["C2", "Selling", "workshop", "", "否"],
]
LEAVERS = ["工号", "离职日期", "离职原因"]


def counts(batch):
    return batch.created, batch.changed, batch.unchanged, batch.refused


def test_courses_come_in_change_and_are_taken_back(world):
    before = dump()
    batch = bring("courses", COURSES)
    assert counts(batch) == (2, 0, 0, 0)
    assert reconciled(batch)["adds_up"]
    safety = Course.objects.get(code="C1")
    assert (safety.name, safety.activity.code, safety.minutes, safety.is_active) == ("Safety", "online", 90, True)
    assert not Course.objects.get(code="C2").is_active
    # by name where there is no code; silence changes nothing
    changed = bring("courses", [["课程名称", "课程类型", "课时"], ["safety", "", 2], ["Selling", "", ""]])
    assert counts(changed) == (0, 1, 1, 0)
    safety.refresh_from_db()
    assert (safety.minutes, safety.activity.code) == (120, "online")
    assert undo(changed)[0] == 0
    assert undo(batch)[0] == 0
    assert_same(before)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["C9", "", "online", "", ""], "课程名称"), (["C9", "New", "", "", ""], "课程类型"),
        (["C9", "New", "juggling", "", ""], "课程类型"), (["C1", "Other", "online", "", ""], "课程编码"),
        (["C9", "x" * 201, "online", "", ""], "课程名称"),
    ],
)  # fmt: skip
def test_courses_that_cannot_be_taken_are_named_and_the_others_too(world, row, column):
    batch = bring("courses", [*COURSES, row])
    assert counts(batch) == (2, 0, 0, 1)
    assert [(one["row"], one["column"]) for one in batch.problems] == [(4, column)]


def test_departures_end_assignments_and_are_taken_back(world):
    person = world.people["alice"]
    last = dt.date(world.year.start_date.year, 1, 31)
    before = dump()
    batch = bring("departures", [LEAVERS, ["E001", last, "moved away"]])
    assert counts(batch) == (1, 0, 0, 0)
    assert reconciled(batch)["adds_up"]
    person.refresh_from_db()
    assert (person.exit_date, person.attributes["exit_reason"]) == (last, "moved away")
    assert Assignment.objects.get(employee=person).end_date == last
    # what was done after the last day stays refused, what was done before does not
    rows = [
        RECORD_HEADINGS,
        ["E001", "Workshop", day(world, 1), "", "", "A"],
        ["E001", "Workshop", day(world, 3), "", "", "B"],
    ]
    records = bring("records", rows)
    assert counts(records) == (1, 0, 0, 1)
    assert undo(records)[0] == 0
    assert undo(batch)[0] == 0
    closed = {"people_user": dump()["people_user"]}
    assert_same({**before, **closed})


@pytest.mark.parametrize(
    ("number", "last", "column"),
    [("NOBODY", dt.date(2024, 5, 1), "工号"), ("E001", dt.date(2001, 5, 1), "离职日期"), ("E001", "", "离职日期")],
)
def test_departures_that_cannot_be_are_refused(world, number, last, column):
    left = dt.date(world.year.start_date.year, 1, 31)
    batch = bring("departures", [LEAVERS, ["E002", left, "x"], [number, last, ""]])
    assert counts(batch) == (1, 0, 0, 1)
    assert [(one["row"], one["column"]) for one in batch.problems] == [(3, column)]
    assert Employee.objects.filter(exit_date__isnull=False).count() == 1


def test_nobody_leaves_before_the_last_record(world):
    assert bring("records", [RECORD_HEADINGS, ["E001", "Workshop", day(world, 3), "", "", "A"]]).created == 1
    last = dt.date(world.year.start_date.year, 1, 31)
    batch = bring("departures", [LEAVERS, ["E001", last, ""], ["E003", last, ""]])
    assert counts(batch) == (1, 0, 0, 1)
    assert "learning record" in batch.problems[0]["message"]
    world.people["alice"].refresh_from_db()
    assert world.people["alice"].exit_date is None


def test_such_files_are_recognised(world):
    for kind, rows in [("courses", COURSES), ("departures", [LEAVERS, ["E001", "2026-01-31", "x"]])]:
        assert inspect_file(name="x.csv", data=csv_file(rows))["tables"][0]["kind"] == kind
