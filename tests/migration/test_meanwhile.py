"""What others do while an import runs is theirs, and stays theirs when it is taken back."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportedRow
from migration.services import import_file, importing
from migration.services.holding import events_table
from migration.services.journal import TOUCHED
from migration.services.mapping import Mapping
from migration.services.undoing import undo_import
from people.models import Department, Employee, Leave, Level, Position
from people.services.employees import Place, change_employee, create_employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file
from tests.test_races import together
from training.models import Activity, Course, LearningRecord
from training.services.courses import change_course, create_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meanwhile(monkeypatch):
    """``meanwhile(work)``: somebody else does ``work`` once, before the import saves its rows, or, where the import
    holds what they want, as soon as it has ended: call what it answers to wait for them."""

    save = importing.save_good

    def begin(work):
        others = []

        def later(*args, **kwargs):
            def run():
                try:
                    work()
                finally:
                    connection.close()

            if not others:
                others.append(threading.Thread(target=run))
                others[0].start()
                others[0].join(2)
            return save(*args, **kwargs)

        monkeypatch.setattr(importing, "save_good", later)
        return lambda: others[0].join(20)

    return begin


def journal(report):
    return set(ImportedRow.objects.filter(batch=report.batch).values_list("model", "object_id", "action"))


def taken_back(report):
    undo_import(batch=ImportBatch.objects.get(pk=report.batch), reason="wrong file", actor=None)


def test_courses_of_somebody_else_are_not_the_imports(world, meanwhile):
    online = Activity.objects.get(code="online")
    known = create_course(code="OLD", name="Known before", activity=online, actor=None)

    def work():
        create_course(code="HR-1", name="Made by HR", activity=online, actor=None)
        change_course(course=known, actor=None, name="Renamed by HR")

    meanwhile(work)
    rows = [[*RECORD_HEADINGS, "Course"], ["E001", "Workshop", world.year.start_date, "", "", "R1", "Brand new"]]
    report = import_file(
        name="r.csv", data=csv_file(rows), kind="records", actor=None, mapping=Mapping(create=frozenset({"courses"}))
    )
    made = Course.objects.filter(name="Brand new")
    record = LearningRecord.objects.get(source_id="R1")
    assert journal(report) == {
        ("training.LearningRecord", record.pk, "created"),
        *(("training.Course", one.pk, "created") for one in made),
    }
    taken_back(report)
    assert set(Course.objects.values_list("code", "name")) == {("OLD", "Renamed by HR"), ("HR-1", "Made by HR")}


def test_a_department_and_a_leave_of_somebody_else_survive_the_undo(world, meanwhile):
    def work():
        Department.objects.create(code="NEW", name="Made by HR")

    meanwhile(work)
    report = import_file(name="staff.csv", data=csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]), kind="employees", actor=None)
    assert {model for model, _pk, _action in journal(report)} == {"people.Employee", "people.Assignment"}
    taken_back(report)
    assert Department.objects.filter(code="NEW").exists()
    assert not Employee.objects.filter(employee_no="N1").exists()

    alice = Employee.objects.get(employee_no="E001")
    they_end = meanwhile(
        lambda: Leave.objects.create(employee=alice, kind="parental", start_date="2026-05-01", end_date="2026-06-01")
    )
    rows = [["Employee no", "Kind", "From", "To"], ["E001", "sick", "2026-01-05", "2026-02-20"]]
    report = import_file(name="leaves.csv", data=csv_file(rows), kind="leaves", actor=None)
    assert (report.status, report.created) == ("imported", 1)
    they_end()
    taken_back(report)
    assert list(Leave.objects.values_list("kind", flat=True)) == ["parental"]


STAFF = ["Employee no", "Name", "Hire date", "E-mail", "Education"]


def test_what_hr_changed_meanwhile_outlives_the_undo(world, meanwhile):
    """The journal keeps what stood there when the import wrote, not what it saw when it began to check."""
    helen, alice = world.users["helen"], Employee.objects.get(employee_no="E001")
    told = alice.name

    def work():
        change_employee(employee=alice, actor=helen, name="Alice Renamed by HR")

    they_end = meanwhile(work)
    rows = [STAFF[:1] + STAFF[4:], ["E001", "Master"]]
    report = import_file(name="staff.csv", data=csv_file(rows), kind="employees", actor=None)
    they_end()
    alice.refresh_from_db()
    assert (alice.name, alice.education) == ("Alice Renamed by HR", "Master")
    (row,) = ImportedRow.objects.filter(batch=report.batch)
    assert {name for name in row.after if row.before[name] != row.after[name]} == {"education"}
    taken_back(report)
    alice.refresh_from_db()
    assert (alice.name, alice.education) == ("Alice Renamed by HR", "")
    assert told != alice.name


def test_a_person_whom_hr_entered_meanwhile_is_changed_and_not_removed(world, meanwhile):
    helen = world.users["helen"]

    def work():
        create_employee(
            employee_no="N7", name="Made by HR", hire_date=dt.date(2024, 3, 1), actor=helen, education="Bachelor",
            place=Place(Department.objects.get(code="SALES"), Position.objects.first(), Level.objects.first()),
        )  # fmt: skip

    meanwhile(work)
    rows = [STAFF, ["N7", "In the file", "2024-03-01", "n7@example.com", "Master"]]
    report = import_file(name="staff.csv", data=csv_file(rows), kind="employees", actor=None)
    assert (report.status, report.created, report.changed) == ("imported", 0, 1)
    assert {action for _model, _pk, action in journal(report)} == {"changed"}
    taken_back(report)
    person = Employee.objects.get(employee_no="N7")
    assert (person.name, person.email, person.education) == ("Made by HR", "", "Bachelor")


def test_a_course_that_hr_entered_meanwhile_is_changed_and_not_removed(world, meanwhile):
    online = Activity.objects.get(code="online")
    meanwhile(lambda: create_course(code="C7", name="Made by HR", activity=online, actor=None))
    rows = [["Code", "Name", "Activity"], ["C7", "In the file", "online"]]
    report = import_file(name="courses.csv", data=csv_file(rows), kind="courses", actor=None)
    assert (report.status, report.created, report.changed) == ("imported", 0, 1)
    taken_back(report)
    assert Course.objects.get(code="C7").name == "Made by HR"


def test_who_is_overtaken_again_and_again_hears_it(world, monkeypatch):
    """Somebody who enters the people of the file each time it is looked at: nothing is written, and it is said."""
    save, turns = importing.save_good, []

    def enter():
        Employee.objects.create(employee_no=f"N{len(turns)}", name="Made by HR", hire_date="2024-03-01")

    def later(*args, **kwargs):
        turns.append(1)
        together(enter)
        return save(*args, **kwargs)

    monkeypatch.setattr(importing, "save_good", later)
    rows = [STAFF, *([f"N{n}", "In the file", "2024-03-01", "", ""] for n in range(1, 9))]
    with pytest.raises(BadInput, match="while it was imported"):
        import_file(name="staff.csv", data=csv_file(rows), kind="employees", actor=None)
    assert set(Employee.objects.filter(employee_no__startswith="N").values_list("name", flat=True)) == {"Made by HR"}
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("kind", list(TOUCHED))
def test_what_is_held_and_what_has_a_history_is_known_of_every_kind(kind):
    """Of what an import may create, somebody else's is told by the history of its table, or never changed."""
    never_changed = {
        "training.Correction", "training.TeamRecord", "training.LearningRecord", "people.Level", "people.Position",
        "people.User", "training.Course", "performance.AppraisalPart",
    }  # fmt: skip
    assert {model for model in TOUCHED[kind] if not events_table(model)} <= never_changed


def test_two_commands_with_the_same_people_end_well(world, tmp_path):
    path = tmp_path / "staff.csv"
    path.write_bytes(
        csv_file([EMPLOYEE_HEADINGS, *([f"N{n}", f"王伟{n}", "2024-03-01", "SALES", "REP", "L1"] for n in range(200))])
    )

    def command():
        out = io.StringIO()
        call_command("import_file", str(path), "--as", "employees", "--json", stdout=out)
        report = json.loads(out.getvalue())
        return report["created"], report["unchanged"]

    assert sorted(together(command, command)) == [(0, 200), (200, 0)]
    assert Employee.objects.filter(employee_no__startswith="N").count() == 200
