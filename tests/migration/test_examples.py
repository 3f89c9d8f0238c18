"""The mappings under examples/: the way of docs/real-input.md, on a small file and on the real one."""

# ruff: noqa: E501, SIM905 - rows as the files have them

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from migration.services import import_file, read_mapping
from people.models import Employee
from tests.migration.files import csv_file
from training.models import LearningRecord

EXAMPLES = Path(settings.BASE_DIR) / "examples" / "all_in_one"
REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "all_in_one"
HEADINGS = (
    "EmpID,FirstName,LastName,StartDate,ExitDate,Title,ADEmail,BusinessUnit,EmployeeStatus,EmployeeType,PayZone,"
    "TerminationType,DepartmentType,Division,DOB,GenderCode"
).split(",")
PEOPLE = [
    "1,Ann,Lee,9/20/2019,,CIO,ann m.lee@example.com,NEL,Active,Contract,Zone A,Unk,IT/IS,Field,7/10/1969,Female".split(","),
    "2,Bo,Li,2/11/2023,3-Jul-23,Sales Manager,b@example.com,EW,Active,Full-Time,Zone A,Voluntary,Sales ,Field,8/30/1965,Male".split(","),
]  # fmt: skip
TRAINING = "Employee ID,Training Date,Training Program Name,Training Type,Training Outcome,Location,Trainer,Training Duration(Days),Training Cost"
TRAININGS = [
    ["1", "21-Sep-22", "Customer Service", "Internal", "Completed", "Oslo", "T", "4", "1"],
    ["1", "22-Sep-22", "Technical Skills", "Internal", "Failed", "Oslo", "T", "4", "1"],
    ["2", "4-Jul-23", "Technical Skills", "External", "Passed", "Oslo", "T", "1", "1"],
]
pytestmark = pytest.mark.django_db


def _mapping(name):
    return read_mapping((EXAMPLES / name).read_text(encoding="utf-8"))


def _bring_in(employees: bytes, trainings: bytes):
    people = import_file(name="e.csv", data=employees, kind="employees", mapping=_mapping("employees.yaml"), actor=None)
    call_command("policy", "import", str(EXAMPLES / "policy.yaml"), "--activate", stdout=io.StringIO())
    records = import_file(
        name="t.csv", data=trainings, kind="records", mapping=_mapping("trainings.yaml"), actor=None, skip_bad=True
    )
    call_command("book_points", stdout=io.StringIO())
    return people, records


def test_a_small_file_with_the_same_dirt():
    people, records = _bring_in(csv_file([HEADINGS, *PEOPLE], "utf-8-sig"), csv_file([TRAINING.split(","), *TRAININGS]))
    assert (people.created, people.refused) == (2, 0)
    ann, bo = Employee.objects.order_by("employee_no")
    assert (ann.email, ann.gender, ann.attributes["status"]) == ("annm.lee@example.com", "female", "Active")
    assert (str(bo.hire_date), str(bo.exit_date)) == ("2023-02-11", "2023-07-03")
    assert [(one.level.band, str(one.end_date)) for one in bo.assignments.all()] == [("middle", "2023-07-03")]
    assert (records.created, records.passed_over, records.refused) == (1, 1, 1)
    record = LearningRecord.objects.get()
    assert (record.minutes, record.activity.code, record.course.code) == (4 * 8 * 60, "service", "service")
    out = io.StringIO()
    call_command("points", "--policy", "all-in-one", "--period", "2022", "--met", stdout=out)
    assert "32 points" in out.getvalue()


@pytest.mark.skipif(not REAL.exists(), reason="the public data set is not beside this checkout (../shared/data)")
def test_the_real_files():
    people, records = _bring_in(
        (REAL / "employee_data.csv").read_bytes(), (REAL / "training_and_development_data.csv").read_bytes()
    )
    assert (people.created, people.refused) == (3000, 0)
    with (REAL / "training_and_development_data.csv").open(encoding="utf-8-sig", newline="") as file:
        done = [row for row in csv.DictReader(file) if row["Training Outcome"] in ("Completed", "Passed")]
    assert records.created + records.refused == len(done)
    assert records.created == 873
