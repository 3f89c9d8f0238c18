"""From an empty database to an answer, with documented commands only."""

from __future__ import annotations

import io
import json
import shutil

import pytest
from django.conf import settings
from django.core.management import call_command

from people.models import Assignment, Attribute, Department, Employee, Leave, Level
from tests.migration.files import csv_file, digest
from tests.migration.test_import_file import run  # noqa: F401 - a fixture
from training.models import Course, LearningRecord

pytestmark = pytest.mark.django_db
NEWCOMER = settings.BASE_DIR / "examples" / "newcomer"
POLICIES = sorted(path.parent for path in (settings.BASE_DIR / "examples" / "policies").glob("*/expected.json"))


def call(*args) -> str:
    out = io.StringIO()
    call_command(*map(str, args), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def bring_in(folder) -> None:
    call("attribute", "import", folder / "policy.yaml")
    call("import_file", folder / "employees.csv", "--as", "employees")
    if (folder / "leaves.csv").exists():
        call("import_file", folder / "leaves.csv", "--as", "leaves")
    call("policy", "import", folder / "policy.yaml", "--activate", "--create-missing")
    call("import_file", folder / "records.csv", "--as", "records")


def test_the_newcomers_example_gives_what_its_readme_works_out():
    bring_in(NEWCOMER)
    found = json.loads(call("points", "--policy", "newcomer", "--period", "2026", "--json"))
    expected = json.loads((NEWCOMER / "expected.json").read_text("utf-8"))
    for said, wanted in zip(found["employees"], expected["employees"], strict=True):
        # nothing is said by an empty text as by none
        assert {name: said[name] or None for name in wanted} == {name: value or None for name, value in wanted.items()}
    assert found["summary"] == expected["summary"]
    assert Department.objects.get(code="ENG-QA").parent.parent.code == "HQ"
    assert Level.objects.get(code="L3").band == "middle"
    assert str(Assignment.objects.get(employee__employee_no="N3").start_date) == "2026-02-01"
    assert Employee.objects.get(employee_no="N3").attributes == {"site": "south"}
    assert Leave.objects.get().kind == "parental"
    assert Course.objects.filter(code="Selling").count() == 1
    before = digest()
    bring_in(NEWCOMER)
    assert digest() == before


@pytest.mark.parametrize("folder", POLICIES, ids=lambda folder: folder.name)
def test_the_invented_schemes_give_what_was_worked_out_by_hand(folder):
    bring_in(folder)
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    said = json.loads(call("points", "--policy", folder.name, "--period", expected["period"], "--json"))
    found = {row["employee_no"]: row for row in said["employees"]}
    for number, wanted in expected["employees"].items():
        row = found[number] | {"outcomes": sorted(one["name"] for one in found[number]["outcomes"])}
        assert {name: row[name] for name in wanted} == wanted | {"outcomes": sorted(wanted["outcomes"])}


def test_a_policy_alone_may_come_first(tmp_path):
    """Without people it names, the order does not matter."""
    shutil.copytree(NEWCOMER, tmp_path / "n")
    folder = tmp_path / "n"
    call("policy", "import", folder / "policy.yaml", "--activate")
    call("import_file", folder / "employees.csv", "--as", "employees")
    assert Department.objects.get(code="ENG").parent.code == "HQ"
    call("import_file", folder / "records.csv", "--as", "records")
    found = json.loads(call("points", "--policy", "newcomer", "--period", "2026", "--json"))
    assert [row["total"] for row in found["employees"]] == [51, 23, 22, 29, 3]


def test_later_files_create_places_only_where_asked_for(world, run):  # noqa: F811
    data = csv_file([["employee_no", "name", "hire_date", "department"], ["N1", "A", "2024-01-01", "MOON"]])
    status, report = run("staff.csv", data, "employees")
    assert status == 1
    assert "--create-missing" in report["problems"][0]["mend"]
    assert run("staff.csv", data, "employees", "--create-missing")[0] == 0
    held = Assignment.objects.get(employee__employee_no="N1")
    # what the file does not say is not made up
    assert (held.department.code, held.position.code, held.level.code) == ("MOON", "none", "none")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (["SALES", "RD", "L1", ""], "parent_department"),
        (["SALES", "NOWHERE", "L1", ""], "parent_department"),
        (["SALES", "", "L1", "senior"], "band"),
        (["SALES", "", "L1", "king"], "band"),
    ],
)
def test_parents_and_bands_must_agree_with_what_is_known(world, run, cells, column):  # noqa: F811
    heading = ["employee_no", "name", "hire_date", "department", "parent_department", "level", "band", "position"]
    before = digest()
    status, report = run("staff.csv", csv_file([heading, ["N1", "A", "2024-01-01", *cells, "REP"]]), "employees")
    assert (status, report["problems"][0]["column"]) == (1, column)
    assert digest() == before


def test_attribute_columns_are_found_by_code_or_name_and_checked(world, run):  # noqa: F811
    for owner, code, name, type_ in [
        ("employee", "ward", "Ward no", "number"), ("record", "mode", "Mode of learning", "choice"),
        ("record", "duration", "Planned", "boolean"),
    ]:  # fmt: skip
        choices = ["--choices", "online,in person"] if type_ == "choice" else []
        call("attribute", "declare", owner, code, "--type", type_, "--name", name, *choices)
    bad = csv_file([["employee_no", "Ward no"], ["E001", "x"], ["E002", "3"]])
    status, report = run("staff.csv", bad, "employees")
    assert (status, report["problems"][0]["row"], report["problems"][0]["column"]) == (1, 2, "Ward no")
    good = csv_file([["employee_no", "ward"], ["E001", "1,234.50"]])
    assert run("staff.csv", good, "employees")[1]["changed"] == 1
    assert run("staff.csv", good, "employees")[1]["unchanged"] == 1
    assert Employee.objects.get(employee_no="E001").attributes == {"ward": "1234.5"}
    day = f"{world.year.start_date.year}-03-01"
    heading = ["employee_no", "activity", "happened_on", "hours", "Mode of learning", "duration", "source_id"]
    rows = [["E001", "online", day, "1", "Online", "yes", "R1"]]
    assert run("records.csv", csv_file([heading, *rows]), "records")[1]["created"] == 1
    assert LearningRecord.objects.get().attributes == {"mode": "online", "duration": True}
    rows = [["E001", "online", day, "1", "by post", "yes", "R2"]]
    status, report = run("records.csv", csv_file([heading, *rows]), "records")
    assert (status, report["problems"][0]["column"], report["problems"][0]["value"]) == (
        1,
        "Mode of learning",
        "by post",
    )
    assert Attribute.objects.count() == 3


def test_records_without_an_id_are_told_apart_by_what_they_say(world, run):  # noqa: F811
    day = f"{world.year.start_date.year}-03-01"
    heading = ["employee_no", "activity", "happened_on", "hours"]
    first, second = ["E001", "online", day, "1"], ["E001", "online", day, "2"]
    assert run("a.csv", csv_file([heading, first, second]), "records")[1]["created"] == 2
    for rows in ([first, second], [second, first], [second], [first]):
        assert run("b.csv", csv_file([heading, *rows]), "records")[1]["unchanged"] == len(rows)
    # the same twice is a doubt, and so is a changed amount: nothing is guessed
    assert run("c.csv", csv_file([heading, first, first]), "records")[0] == 1
    assert run("d.csv", csv_file([heading, ["E001", "online", day, "3"]]), "records")[0] == 1
    assert LearningRecord.objects.count() == 2
