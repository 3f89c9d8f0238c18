"""What others do while an import runs is theirs, and stays theirs when it is taken back."""

from __future__ import annotations

import io
import json
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from migration.models import ImportBatch, ImportedRow
from migration.services import import_file, importing
from migration.services.mapping import Mapping
from migration.services.undoing import undo_import
from people.models import Department, Employee, Leave
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file
from tests.test_races import together
from training.models import Activity, Course, LearningRecord
from training.services.courses import change_course, create_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meanwhile(monkeypatch):
    """``meanwhile(work)``: somebody else does ``work``, and commits it, before the import saves its rows."""

    save = importing.save_good

    def begin(work):
        def later(*args, **kwargs):
            def run():
                try:
                    work()
                finally:
                    connection.close()

            other = threading.Thread(target=run)
            other.start()
            other.join()
            return save(*args, **kwargs)

        monkeypatch.setattr(importing, "save_good", later)

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
    meanwhile(
        lambda: Leave.objects.create(employee=alice, kind="parental", start_date="2026-05-01", end_date="2026-06-01")
    )
    rows = [["Employee no", "Kind", "From", "To"], ["E001", "sick", "2026-01-05", "2026-02-20"]]
    report = import_file(name="leaves.csv", data=csv_file(rows), kind="leaves", actor=None)
    assert (report.status, report.created) == ("imported", 1)
    taken_back(report)
    assert list(Leave.objects.values_list("kind", flat=True)) == ["parental"]


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
