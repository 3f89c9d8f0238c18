"""Records: saved in bulk, entered, corrected, voided, restored; through the services and through the pages."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connections
from django.urls import reverse

from hrsuite.lib.errors import BadInput, BadRows
from people.models import Employee
from people.selectors import today
from training.models import Course, LearningRecord, LedgerEntry, PointsWork, RecordStatus
from training.services.booking import book
from training.services.records import (
    RecordRow,
    adjust_points,
    correct_record,
    enter_record,
    restore_record,
    save_records,
    void_record,
)


def day(world, month: int = 3, number: int = 2) -> dt.date:
    """A day of the points year that is over whenever the tests run."""
    return dt.date(world.year.start_date.year - 1, month, number)


def row(world, **changes) -> RecordRow:
    base = RecordRow(
        row=2,
        employee_no=world.people["alice"].employee_no,
        activity="online",
        happened_on=day(world),
        minutes=90,
        source="lms",
        source_id="1",
    )
    return replace(base, **changes)


def problems(world, *rows: RecordRow) -> list[tuple[int, str, object]]:
    """(row, column, value) of everything that is refused; proves that nothing was written and that a mend is named."""
    before = LearningRecord.objects.count(), PointsWork.objects.count()
    with pytest.raises(BadRows) as refused:
        save_records(rows=rows, actor=world.users["helen"], cause="test")
    assert (LearningRecord.objects.count(), PointsWork.objects.count()) == before
    assert all(problem.message and problem.mend for problem in refused.value.problems)
    return [(problem.row, problem.column, problem.value) for problem in refused.value.problems]


def save(world, *rows: RecordRow):
    return save_records(rows=rows, actor=world.users["helen"], cause="test")


def test_rows_are_saved_once_and_queue_points(world, nudges, django_capture_on_commit_callbacks):
    Course.objects.create(code="PY", name="Python basics", activity=world.activities["online"])
    rows = [
        row(world, course="python BASICS", activity=""),
        row(world, row=3, source_id="2", activity="Workshop", minutes=None, title=" Selling "),
        row(world, row=4, source_id="3", activity="EXAM", minutes=None, score=Decimal("60")),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        outcome = save(world, *rows)
    assert (outcome.created, outcome.unchanged) == (3, 0)
    assert nudges == ["hrsuite.tasks.run_pipeline"]
    saved = {record.source_id: record for record in LearningRecord.objects.all()}
    assert saved["1"].course.code == "PY"
    assert saved["1"].activity.code == "online"
    assert (saved["2"].count, saved["2"].title) == (1, "Selling")
    assert saved["3"].passed is True
    assert saved["1"].created_by == world.users["helen"]

    again = save(world, *rows, replace(rows[0], row=9))
    assert (again.created, again.unchanged) == (0, 4)
    assert LearningRecord.objects.count() == 3


def test_every_problem_is_named_and_nothing_is_written(world):
    exam, bob = {"activity": "exam", "minutes": None}, world.people["bob"]
    Employee.objects.filter(pk=bob.pk).update(exit_date=day(world, 5, 1))
    hired = world.people["alice"].hire_date
    tomorrow = today() + dt.timedelta(days=1)
    found = problems(
        world,
        row(world, row=2, employee_no="E999", activity="yoga"),
        row(world, row=3, source_id="3", course="nope"),
        row(world, row=4, source_id="4", happened_on=hired - dt.timedelta(days=1)),
        row(world, row=5, source_id="5", employee_no=bob.employee_no, happened_on=day(world, 5, 2)),
        row(world, row=6, source_id="6", happened_on=tomorrow),
        row(world, row=7, source_id="7", minutes=None),
        row(world, row=8, source_id="8", **exam),
        row(world, row=9, source_id="9", score=Decimal("-1"), **exam),
        row(world, row=10, source_id="10", minutes=0),
        row(world, row=11, source_id="11", count=0),
        row(world, row=12, source_id=""),
        row(world, row=13, source_id="13", title="x" * 201),
        row(world, row=14, source_id="14", title="a\x00b"),
        row(world, row=15, source_id="15", employee_no="E\x00"),
        row(world, row=16, source_id="16", attributes={"a": float("nan")}),
        row(world, row=17, source_id="17", employee_no=" ", activity=" "),
        row(world, row=18, source_id="18", minutes=2**40),
    )
    assert [(number, column) for number, column, _value in found] == [
        (2, "employee_no"), (2, "activity"), (3, "course"), (4, "happened_on"), (5, "happened_on"), (6, "happened_on"),
        (7, "minutes"), (8, "score"), (9, "score"), (10, "minutes"), (11, "count"), (12, "source_id"), (13, "title"),
        (14, "title"), (15, "employee_no"), (16, "attributes"), (17, "employee_no"), (17, "activity"), (18, "minutes"),
    ]  # fmt: skip
    assert found[0][2] == "E999"


def test_same_source_id_with_other_content(world):
    save(world, row(world))
    assert problems(world, row(world, minutes=60)) == [(2, "source_id", "1")]
    assert problems(world, row(world, source_id="2"), row(world, row=3, source_id="2", minutes=5)) == [
        (3, "source_id", "2")
    ]
    assert save(world, row(world, source="other", minutes=60)).created == 1


def test_file_read_again_after_a_correction_or_a_void_changes_nothing(world):
    save(world, row(world), row(world, source_id="2"))
    first, second = LearningRecord.objects.order_by("source_id")
    correct_record(record=first, reason="Half of it was missed", minutes=45, actor=world.users["helen"])
    void_record(record=second, reason="Was not there", actor=world.users["helen"])
    outcome = save(world, row(world), row(world, source_id="2"))
    assert (outcome.created, outcome.unchanged) == (0, 2)
    assert LearningRecord.objects.get(source_id="2").status == RecordStatus.VOIDED


def test_a_pass_mark_that_moved_does_not_make_old_rows_differ(world):
    exam = row(world, activity="exam", minutes=None, score=Decimal("70"))
    save(world, exam)
    world.activities["exam"].pass_mark = 80
    world.activities["exam"].save()
    assert save(world, exam).unchanged == 1
    save(world, replace(exam, source_id="2"))
    assert LearningRecord.objects.get(source_id="2").passed is False
    world.activities["exam"].pass_mark = None
    world.activities["exam"].save()
    assert problems(world, replace(exam, source_id="3")) == [(2, "passed", "")]


def test_closed_year_takes_no_records(world):
    world.year.status = "closed"
    world.year.save()
    assert save(world, row(world, happened_on=world.year.start_date)).kept == 1
    assert not LearningRecord.objects.exists()


def test_a_saved_row_of_a_closed_year_is_still_unchanged(world):
    inside = row(world, happened_on=world.year.start_date)
    save(world, inside)
    world.year.status = "closed"
    world.year.save()
    assert save(world, inside).unchanged == 1
    for change in (correct_record, void_record):
        with pytest.raises(BadInput):
            change(record=LearningRecord.objects.get(), reason="no", actor=None)


def test_many_rows_take_a_constant_number_of_queries(world, django_assert_max_num_queries):
    numbers = [employee.employee_no for employee in world.people.values()]
    rows = [row(world, row=n, source_id=str(n), employee_no=numbers[n % 6], title="培训 🎓") for n in range(3000)]
    with django_assert_max_num_queries(12):
        assert save(world, *rows).created == 3000
    assert PointsWork.objects.count() == 0  # last year has no points year here


@pytest.mark.django_db(transaction=True)
def test_two_processes_saving_the_same_file_at_once():
    from tests.world import build_world

    world = build_world()
    rows = [row(world, row=n, source_id=str(n)) for n in range(200)]
    barrier, outcomes = threading.Barrier(2, timeout=20), []

    def run(some):
        try:
            barrier.wait()
            outcomes.append(save(world, *some))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[some]) for some in (rows, rows[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(outcome.created for outcome in outcomes) == 200
    assert sum(outcome.unchanged for outcome in outcomes) == 200


@pytest.mark.django_db(transaction=True)
def test_somebody_else_saves_other_content_while_we_look():
    """The name is taken between the look and the insert: a problem that can be read, not a server error."""
    from tests.world import build_world
    from training.services.records import save as module

    world = build_world()
    real = module._insert

    def late(named, actor):
        thread = threading.Thread(target=lambda: (save_elsewhere(), connections.close_all()))
        thread.start()
        thread.join(20)
        return real(named, actor)

    def save_elsewhere():
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(module, "_insert", real)
            save(world, row(world, minutes=5), row(world, source_id="2"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_insert", late)
        assert problems_of(world, row(world), row(world, row=3, source_id="2")) == [(2, "source_id")]
    assert LearningRecord.objects.count() == 2


def problems_of(world, *rows):
    with pytest.raises(BadRows) as refused:
        save(world, *rows)
    return [(problem.row, problem.column) for problem in refused.value.problems]


# --- one at a time ----------------------------------------------------------------------------------------------------
def points_of(world, name: str) -> Decimal:
    employee = world.people[name]
    book(employee_ids=[employee.pk], year_id=world.year.pk, cause="test", actor_id=None)
    return sum((entry.amount for entry in LedgerEntry.objects.filter(employee=employee)), Decimal(0))


def enter(world, name: str = "alice", activity: str = "workshop", **content) -> LearningRecord:
    content.setdefault("happened_on", world.year.start_date)
    return enter_record(
        employee=world.people[name], activity=world.activities[activity], actor=world.users["helen"], **content
    )


def test_the_case_company_by_hand(world):
    """online 3 h x 2 = 6, workshop 5, exam 10, lecture 15, mentoring 20, R&D middle project 30."""
    enter(world, "dave", "online", minutes=180)
    enter(world, "dave", "workshop")
    enter(world, "dave", "exam", score=Decimal(60))
    enter(world, "dave", "exam", score=Decimal("59.99"))
    enter(world, "dave", "lecture")
    enter(world, "dave", "mentoring")
    enter(world, "dave", "project")
    assert points_of(world, "dave") == Decimal(86)
    # a project of sales earns nothing
    enter(world, "bob", "project")
    assert points_of(world, "bob") == 0


def test_a_correction_supersedes_and_points_follow(world):
    record = enter(world, activity="online", minutes=120)
    assert points_of(world, "alice") == 4
    PointsWork.objects.all().delete()
    new = correct_record(record=record, reason="Clock was wrong", minutes=90, actor=world.users["helen"])
    record.refresh_from_db()
    assert (record.status, record.status_reason) == (RecordStatus.SUPERSEDED, "Clock was wrong")
    assert (new.source, new.source_id, new.revision, new.supersedes) == (record.source, record.source_id, 2, record)
    assert PointsWork.objects.get().employee == world.people["alice"]
    assert points_of(world, "alice") == 3
    assert correct_record(record=new, reason="same", minutes=90, actor=None) == new


def test_a_correction_to_another_person_moves_the_points(world):
    record = enter(world)
    assert points_of(world, "alice") == 5
    correct_record(record=record, reason="Mixed up", employee=world.people["carol"], actor=world.users["helen"])
    assert (points_of(world, "alice"), points_of(world, "carol")) == (0, 5)


def test_a_corrected_score_is_compared_with_the_pass_mark_again(world):
    record = enter(world, activity="exam", score=Decimal(80))
    new = correct_record(record=record, reason="Typo", score=Decimal(40), actor=None)
    assert new.passed is False
    assert points_of(world, "alice") == 0


def test_void_and_restore(world):
    record = enter(world)
    with pytest.raises(BadInput) as refused:
        void_record(record=record, reason=" ", actor=None)
    assert refused.value.field == "reason"
    void_record(record=record, reason="Was ill", actor=world.users["helen"])
    assert points_of(world, "alice") == 0
    with pytest.raises(BadInput):
        void_record(record=record, reason="again", actor=None)
    with pytest.raises(BadInput):
        correct_record(record=record, reason="too late", minutes=5, actor=None)
    new = restore_record(record=record, reason="Was there after all", actor=world.users["helen"])
    assert (new.revision, new.status) == (2, RecordStatus.ACTIVE)
    assert points_of(world, "alice") == 5
    with pytest.raises(BadInput):
        restore_record(record=record, reason="twice", actor=None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_on": dt.date(2001, 1, 1)}, "happened_on"),
        ({"happened_on": dt.date(2999, 1, 1)}, "happened_on"),
        ({"minutes": -5}, "minutes"),
    ],
)
def test_a_bad_correction_changes_nothing(world, changes, field):
    record = enter(world)
    with pytest.raises(BadInput) as refused:
        correct_record(record=record, reason="x", actor=None, **changes)
    assert (refused.value.field, bool(refused.value.mend)) == (field, True)
    assert LearningRecord.objects.get() == record


def test_adjustments_are_entries_with_reason_and_actor(world):
    alice = {"employee": world.people["alice"], "year": world.year, "category": world.categories["sharing"]}
    entry = adjust_points(**alice, amount=Decimal("-2.50"), reason="Late paper", actor=world.users["helen"])
    assert (entry.kind, entry.amount, entry.reason) == ("adjustment", Decimal("-2.50"), "Late paper")
    assert (entry.batch.actor, entry.batch.entries) == (world.users["helen"], 1)
    assert PointsWork.objects.get().employee == world.people["alice"]
    assert points_of(world, "alice") == Decimal("-2.50")
    for bad, field in [
        ({"amount": Decimal(0)}, "amount"), ({"amount": Decimal("1.005")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"), ({"reason": ""}, "reason"),
    ]:  # fmt: skip
        with pytest.raises(BadInput) as refused:
            adjust_points(**alice | {"amount": Decimal(1), "reason": "ok"} | bad, actor=None)
        assert refused.value.field == field
    with pytest.raises(BadInput, match="your own points"):
        adjust_points(**alice, amount=Decimal(1), reason="ok", actor=world.users["alice"])
    world.year.status = "closed"
    world.year.save()
    with pytest.raises(BadInput) as refused:
        adjust_points(**alice, amount=Decimal(1), reason="ok", actor=None)
    assert refused.value.field == "year"
    assert LedgerEntry.objects.count() == 1


# --- the pages --------------------------------------------------------------------------------------------------------
ADD, LIST = reverse("training:add_record"), reverse("training:records")


def typed(world, **changes) -> dict:
    return {
        "employee": "E001",
        "activity": world.activities["workshop"].pk,
        "happened_on": world.year.start_date.isoformat(),
        "form_id": "form-1",
        **changes,
    }


def test_a_record_is_entered_once_however_often_the_form_is_sent(world, sign_in):
    client = sign_in("helen")
    first, second = client.post(ADD, typed(world)), client.post(ADD, typed(world))
    record = LearningRecord.objects.get()
    assert first["Location"] == second["Location"] == reverse("training:record", kwargs={"pk": record.pk})
    assert (record.source, record.employee, record.created_by) == (
        "manual", world.people["alice"], world.users["helen"],
    )  # fmt: skip
    page = client.get(first["Location"])
    assert "Nothing is booked for this record" in page.text


def test_bad_input_names_the_field_and_changes_nothing(world, sign_in):
    Employee.objects.filter(pk=world.people["carol"].pk).update(exit_date=world.year.start_date)
    client = sign_in("helen")
    exam, online = world.activities["exam"].pk, world.activities["online"].pk
    late = (world.year.start_date + dt.timedelta(days=1)).isoformat()
    for changes, field in [
        ({"employee": "E999"}, "employee"), ({"employee": "Nobody Such"}, "employee"),
        ({"employee": "\x00"}, "employee"),
        ({"employee": "E003", "happened_on": late}, "happened_on"), ({"happened_on": "1999-01-01"}, "happened_on"),
        ({"happened_on": "31.31.2026"}, "happened_on"), ({"happened_on": "2999-01-01"}, "happened_on"),
        ({"activity": "999999"}, "activity"), ({"activity": online}, "minutes"),
        ({"activity": online, "minutes": "abc"}, "minutes"),
        ({"activity": exam}, "score"), ({"activity": exam, "score": "-5"}, "score"),
        ({"activity": exam, "score": "1.234"}, "score"),
        ({"count": "0"}, "count"), ({"course": "999999"}, "course"), ({"title": "x" * 201}, "title"),
    ]:  # fmt: skip
        response = client.post(ADD, typed(world, **changes))
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field]), changes
    assert not LearningRecord.objects.exists()
    client.post(ADD, typed(world))
    response = client.post(ADD, typed(world, count="7"))
    assert "other content" in response.text
    assert LearningRecord.objects.count() == 1


def test_correct_void_and_restore_through_the_pages(world, sign_in):
    client = sign_in("helen")
    client.post(ADD, typed(world))
    record = LearningRecord.objects.get()

    def url(name, pk):
        return reverse(f"training:{name}", kwargs={"pk": pk})

    form = client.get(url("correct_record", record.pk)).context["form"]
    assert form.initial["employee"] == "E001"
    change = typed(world, employee="Bob", reason="Mixed up")
    assert client.post(url("correct_record", record.pk), change | {"reason": ""}).status_code == 200
    assert client.post(url("correct_record", record.pk), change | {"happened_on": "2999-01-01"}).status_code == 200
    response = client.post(url("correct_record", record.pk), change)
    new = LearningRecord.objects.get(revision=2)
    assert response["Location"] == url("record", new.pk)
    assert (new.employee, new.supersedes) == (world.people["bob"], record)
    # a page that was open meanwhile
    response = client.post(url("void_record", record.pk), {"reason": "late"})
    assert "Somebody else has changed this record" in response.text
    client.post(url("void_record", new.pk), {"reason": "Was ill"})
    assert "Was ill" in client.get(url("record", new.pk)).text
    client.post(url("restore_record", new.pk), {"reason": "Was there"})
    assert list(LearningRecord.objects.order_by("revision").values_list("status", flat=True)) == [
        "superseded", "voided", "active",
    ]  # fmt: skip
    assert "This is an older revision" in client.get(url("record", record.pk)).text


def test_the_list_searches_filters_and_exports(world, sign_in):
    enter(world, "alice", title="Knots")
    void_record(record=enter(world, "bob"), reason="x", actor=None)
    record = enter(world, "erin", "online", minutes=60)
    correct_record(record=record, reason="x", minutes=30, actor=None)
    client = sign_in("helen")

    def found(**query):
        return sorted(row.record.employee.name for row in client.get(LIST, query).context["list"].table.rows)

    assert found() == ["Alice", "Bob", "Erin"]
    assert found(q="knots") == found(q="e001") == ["Alice"]
    assert found(status="superseded") == ["Erin"]
    assert found(status="voided") == ["Bob"]
    assert found(activity=world.activities["online"].pk) == ["Erin"]
    assert found(department=world.departments["RD"].pk) == ["Erin"]
    assert found(since=(world.year.start_date + dt.timedelta(days=1)).isoformat()) == []
    assert found(until=world.year.start_date.isoformat()) == ["Alice", "Bob", "Erin"]
    assert client.get(LIST, {"since": "nonsense", "department": "x", "q": "\x00"}).status_code == 200
    exported = b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode()
    assert "Knots" in exported
    # a manager sees the own people only
    rows = sign_in("bob").get(LIST).context["list"].table.rows
    assert sorted(row.record.employee.name for row in rows) == ["Alice", "Bob"]


def test_the_history_of_a_record_moved_to_a_stranger_stays_hidden(world, sign_in):
    record = enter(world, "alice")
    new = correct_record(record=record, reason="Mixed up", employee=world.people["erin"], actor=None)
    assert sign_in("bob").get(reverse("training:record", kwargs={"pk": new.pk})).status_code == 404
    page = sign_in("bob").get(reverse("training:record", kwargs={"pk": record.pk}))
    assert "Erin" not in page.text


def test_people_read_where_a_record_came_from(world, sign_in):
    saved = enter_record(
        employee=world.people["alice"], activity=world.activities["workshop"], happened_on=world.year.start_date,
        actor=world.users["helen"],
    )  # fmt: skip
    client = sign_in("helen")
    page = client.get(reverse("training:record", kwargs={"pk": saved.pk})).text
    listed = b"".join(client.get(reverse("training:records"), {"export": "csv"}).streaming_content).decode()
    for text in (page, listed, client.get(reverse("training:records")).text):
        assert "Entered by hand" in text
        assert saved.source_id not in text
    LearningRecord.objects.filter(pk=saved.pk).update(source="lms", source_id="4711")
    assert "lms: 4711" in client.get(reverse("training:record", kwargs={"pk": saved.pk})).text
