"""Saving in pieces: what they say together is what all rows at once say; progress and Stop are heard between them."""

from __future__ import annotations

import io
import threading
import time

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from migration.models import ImportBatch, ImportJob
from migration.services import import_file, pieces
from migration.services.jobs import run_jobs
from migration.services.mapping import CREATABLE, Mapping
from migration.services.watching import Watch
from people.models import Assignment, Department, Employee
from people.rules import RECRUITER
from performance.models import Rating
from recruitment.models import Application, Candidate
from tests.migration.files import csv_file
from tests.migration.test_pages import send, start, upload_of
from training.models import Activity, Course, LearningRecord

ALL = ["E001", "E002", "E003", "E004", "E005", "E006"]

RATINGS = [
    ["Employee no", "Rating", "Year"],
    *([one, word, "2023"] for one, word in zip(ALL, ["Good", "Fair", "Good", "Poor", "Great", "Good"], strict=True)),
    # the same again, something else, nobody
    ["E001", "Good", "2023"], ["E002", "Good", "2023"], ["NOBODY", "Good", "2023"],
]  # fmt: skip
SCORES = [
    ["Employee no", "Exam date", "Score", "Course", "Exam ID"],
    *([one, "2026-02-03", 60 + n, f"Course {n % 2}", f"X{n}"] for n, one in enumerate(ALL)),
    # a name that somebody else has already
    ["E006", "2026-02-04", 70, "Course 0", "X0"],
]  # fmt: skip
COURSES = [
    ["课程编码", "课程名称", "课程类型", "课时"],
    ["C1", "Safety", "online", 1], ["C2", "Selling", "online", 2], ["C3", "Fire", "online", 3],
    ["C4", "First aid", "online", 4], ["", "Safety", "", 1], ["", "Selling", "", 9], ["C3", "Fire", "online", 3],
    ["SELF", "Other", "online", 1], ["", "Self", "online", 1],
]  # fmt: skip
CANDIDATES = [
    ["Applicant ID", "Name", "Email", "Phone", "Applied for", "Application date"],
    *([f"{n}", f"Ann {n}", f"ann{n}@example.com", f"1{n}", "Clerk", "2026-01-01"] for n in range(6)),
    # the same people by mail and by phone, and one who is told otherwise
    ["", "Ann 1", "ann1@example.com", "", "Cook", "2026-01-02"], ["", "Ann 2", "", "12", "Cook", "2026-01-02"],
    ["3", "Cai Wu", "ann3@example.com", "13", "Clerk", "2026-01-01"],
    ["", "Old", "old@example.com", "", "Cook", "2026-01-02"],
    ["77", "Old", "new@example.com", "5", "Cook", "2026-01-03"],
]  # fmt: skip
ASSIGNMENTS = [
    ["Employee no", "Department", "Position", "Level", "Start date"],
    *([one, f"New {n % 3}", "REP", "L1", "2026-03-01"] for n, one in enumerate(ALL)),
    ["E001", "New 1", "REP", "L1", "2026-04-01"], ["E002", "SALES", "REP", "L1", "2026-03-01"],
    ["E003", "New 9", "REP", "L1", "1999-01-01"],
]  # fmt: skip
DEPARTURES = [
    ["工号", "离职日期", "离职原因"],
    *([one, "2026-05-31", "moved"] for one in ALL),
    ["E001", "2026-05-31", "moved"], ["E002", "2026-06-30", "moved"], ["NOBODY", "2026-05-31", ""],
]  # fmt: skip
FILES = {
    "ratings": RATINGS, "scores": SCORES, "courses": COURSES, "candidates": CANDIDATES, "assignments": ASSIGNMENTS,
    "departures": DEPARTURES,
}  # fmt: skip


def state():
    """What these files write, without numbers of rows."""
    return [
        sorted(map(repr, found))
        for found in (
            Rating.objects.values_list("employee__employee_no", "period", "grade"),
            LearningRecord.objects.values_list("employee__employee_no", "source_id", "score", "course__name"),
            Course.objects.values_list("code", "name", "activity__code", "minutes"),
            Candidate.objects.values_list("number", "name", "email", "phone"),
            Application.objects.values_list("candidate__name", "job_title", "applied_on"),
            Assignment.objects.values_list("employee__employee_no", "department__name", "start_date", "end_date"),
            Department.objects.values_list("name", "parent__name"),
            Employee.objects.values_list("employee_no", "exit_date"),
        )
    ]


def said(report):
    counts = report.status, report.created, report.changed, report.unchanged, report.refused
    return counts, [(one.row, one.column, one.message) for one in report.problems]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FILES)
def test_pieces_say_what_all_rows_at_once_say(world, monkeypatch, kind):
    # somebody with a number and a mail that the file has no more
    Candidate.objects.create(number="77", name="Old", email="old@example.com")
    found = []
    for size in (1000, 2):
        monkeypatch.setattr(pieces, "PIECE", size)
        told = []
        with transaction.atomic():
            report = import_file(
                name="a.csv", data=csv_file(FILES[kind]), kind=kind, actor=None, skip_bad=True,
                mapping=Mapping(create=CREATABLE), progress=lambda *now, told=told: told.append(now),
            )  # fmt: skip
            found.append((said(report), state()))
            transaction.set_rollback(True)
        steps = {done for phase, done, _total in told if phase == "saving"}
        # nothing is told of a single piece but its beginning
        assert (len(steps) > 3) == (size == 2)
    assert found[0] == found[1]
    assert found[0][0][0][0] == "imported"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FILES)
def test_the_bar_of_a_job_moves_within_saving(world, sign_in, monkeypatch, kind):
    monkeypatch.setattr(pieces, "PIECE", 2)
    world.users["oscar"].groups.add(Group.objects.get(name=RECRUITER))
    told = []
    monkeypatch.setattr(Watch, "progress", lambda self, *now: told.append(now))
    oscar = sign_in("oscar")
    Course.objects.create(code="Course 0", name="Course 0", activity=Activity.objects.get(code="exam"))
    Course.objects.create(code="Course 1", name="Course 1", activity=Activity.objects.get(code="exam"))
    rows = [[*row] for row in FILES[kind][: 5 if kind == "courses" else 7]]
    for row in rows[1:]:
        # places that are known
        row[:] = ["SALES" if cell.startswith("New ") else cell for cell in map(str, row)]
    start(oscar, send(oscar, "a.csv", csv_file(rows), kind))
    job = ImportJob.objects.get()
    assert job.status == "done", job.tables.get().problems
    steps = [done for phase, done, _total in told if phase == "saving"]
    assert steps == sorted(steps)
    assert len(set(steps)) > 2
    assert steps[-1] == len(rows) - 1


@pytest.mark.django_db(transaction=True)
def test_stop_is_heard_between_two_pieces_and_nothing_stays(world, sign_in, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 2)
    oscar = sign_in("oscar")
    page = send(oscar, "ratings.csv", csv_file(RATINGS[:7]), "ratings")
    oscar.post(reverse("migration:start", kwargs={"pk": upload_of(page).pk}), {"import": "1"})
    job = ImportJob.objects.get()
    original, at = Watch.progress, []

    def press_stop():
        oscar.post(reverse("migration:cancel_job", args=[job.pk]), {"cancel": "1"})
        connection.close()

    def progress(self, phase, done, total):
        if phase == "saving" and done and not at:
            at.append(done)
            thread = threading.Thread(target=press_stop)
            thread.start()
            thread.join()
            for _turn in range(100):
                if self.is_cancelled:
                    break
                time.sleep(0.1)
        original(self, phase, done, total)

    monkeypatch.setattr(Watch, "progress", progress)
    run_jobs()
    job.refresh_from_db()
    assert (job.status, at) == ("cancelled", [2])
    assert "Somebody stopped this import" in oscar.get(reverse("migration:job", args=[job.pk])).content.decode()
    assert not Rating.objects.exists()
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("says_activity", [True, False])
def test_scores_bring_their_courses_where_these_may_be_created(world, sign_in, tmp_path, says_activity):
    """By command with --create-missing, by pages as a word that is new."""
    Course.objects.create(code="OLD", name="Old", activity=Activity.objects.get(code="exam"))
    head = ["Employee no", "Exam date", "Score", "Course", *(["Activity"] if says_activity else [])]
    rows = [head, ["E001", "2026-02-03", "80", "Fire safety", *(["exam"] if says_activity else [])]]
    oscar = sign_in("oscar")
    page = send(oscar, "scores.csv", csv_file(rows), "scores")
    (group,) = page.context["fields"]
    assert (group["name"], [one.word for _name, one in group["words"]]) == ("course", ["Fire safety"])
    page = oscar.post(reverse("migration:words", kwargs={"pk": upload_of(page).pk}), {"all-course": "new"}, follow=True)
    start(oscar, page)
    record = LearningRecord.objects.get()
    assert (record.course.name, record.course.activity.code, record.activity.code) == ("Fire safety", "exam", "exam")
    # a command refuses the next one until it is told so
    rows[1][1:4] = ["2026-02-04", "80", "First aid"]
    (tmp_path / "more.csv").write_bytes(csv_file(rows))
    with pytest.raises(SystemExit):
        call_command("import_file", str(tmp_path / "more.csv"), "--as", "scores", stdout=io.StringIO())
    call_command("import_file", str(tmp_path / "more.csv"), "--as", "scores", "--create-missing", stdout=io.StringIO())
    assert LearningRecord.objects.get(course__name="First aid").activity.code == "exam"
