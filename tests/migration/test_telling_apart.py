"""What looks alike and is not the same: words of one letter and a sign, and files with a column more."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from migration.models import Term, UploadTable
from migration.rules import folded
from migration.services import import_file
from migration.services.mapping import read_mapping
from migration.services.readying import ready_tables
from migration.services.steps import decide_words
from migration.services.templates import save_template, template_for
from migration.services.terms import decide_terms
from migration.services.uploads import add_upload
from people.models import Assignment, Employee, Level, Position
from performance.models import Rating
from tests.migration.files import csv_file

pytestmark = pytest.mark.django_db

PLACED = ["Employee no", "Name", "Hire date", "Department", "Position", "Level"]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("P1-1", "P11", False), ("1.1", "11", False), ("A-", "A", False), ("C#", "C", False), ("-1", "1", False),
        ("12:30", "1230", False), ("A -", "A-", True), ("Employee No.", "employee_no", True), ("Emp #", "EMP", True),
        ("R&D - Lab", "r&d lab", True), ("N/A", "na", True), ("（备注）", "备注", True),
        ("Full-time", "full time", True),
    ],
)  # fmt: skip
def test_signs_that_make_another_word(one, other, is_same):
    assert (folded(one) == folded(other)) is is_same


def test_a_word_is_not_taken_for_one_that_a_sign_tells_apart(world):
    Position.objects.create(code="CDEV", name="C developer")
    Level.objects.create(code="P1-1", name="P1-1", rank=50, band="staff")
    rows = [
        ["S1", "Ann", "2024-03-01", "SALES", "C# developer", "P1-1"],
        ["S2", "Bo", "2024-03-01", "SALES", "c  Developer", "P11"],
        ["S3", "Cleo", "2024-03-01", "SALES", "C-Developer", "p1-1"],
    ]
    report = import_file(name="a.csv", data=csv_file([PLACED, *rows]), kind="employees", actor=None, skip_bad=True)
    assert [(one.row, one.column, one.value) for one in report.problems] == [
        (2, "Position", "C# developer"), (3, "Level", "P11"),
    ]  # fmt: skip
    placed = Assignment.objects.get(employee__employee_no="S3")
    assert (placed.position.code, placed.level.code) == ("CDEV", "P1-1")


def test_grades_with_a_minus_are_grades_of_their_own(world):
    rows = [["Employee no", "Rating", "Year"], ["E001", "B-", "2025"], ["E002", "B", "2025"], ["E003", "A-", "2025"]]
    data = csv_file(rows)
    report = import_file(name="a.csv", data=data, kind="ratings", actor=None, mapping=read_mapping("create: [ratings]"))
    assert (report.status, report.problems) == ("imported", [])
    assert set(Rating.objects.values_list("grade", flat=True)) == {"B-", "B", "A-"}
    # two words, two meanings
    decide_terms(decided=[("rating", "M-", "B-"), ("rating", "M", "B")], actor=None)
    rows = [["Employee no", "Rating", "Year"], ["E001", "M", "2024"], ["E002", "M-", "2024"]]
    import_file(name="b.csv", data=csv_file(rows), kind="ratings", actor=None)
    assert dict(Rating.objects.filter(period="2024").values_list("employee__employee_no", "grade")) == {
        "E001": "B", "E002": "B-",
    }  # fmt: skip


def test_the_chosen_word_is_meant_and_not_another_that_folds_alike(world):
    for name in ("Data  analyst", "Data analyst"):
        Position.objects.create(code=name.replace(" ", "_"), name=name)
    rows = [PLACED, ["S1", "Ann", "2024-03-01", "SALES", "Number cruncher", "L1"]]
    add_upload(files=[("a.csv", csv_file(rows))], actor=world.users["oscar"], kind="employees")
    readies = ready_tables(list(UploadTable.objects.all()))
    decide_words(readies=readies, said={("position", "Number cruncher"): "Data  analyst"}, actor=world.users["oscar"])
    assert Term.objects.get().meaning == "Data  analyst"


def test_terms_that_were_kept_before_are_told_apart_from_now_on(world):
    Term.objects.create(field="level", word="P1-1", folded="p11", meaning="L1")
    kept = Term.objects.create(field="level", word="Staff - 1", folded="staff1", meaning="L1")
    import_module("migration.migrations.0013_signs_of_terms").fold_anew(apps, None)
    assert Term.objects.get(word="P1-1").folded == "p1-1"
    assert Term.objects.get(pk=kept.pk).folded == "staff1"


def test_a_template_of_fewer_columns_says_nothing_of_a_file_with_more(world):
    save_template(
        name="Without days", kind="employees", headings=["Employee no", "Name"], actor=None,
        mapping={"columns": {"employee_no": "Employee no", "name": "Name"}, "constants": {"hire_date": "2020-01-01"}},
    )  # fmt: skip
    rows = [PLACED, ["S1", "Ann", "2024-03-01", "SALES", "REP", "L1"]]
    import_file(name="a.csv", data=csv_file(rows), kind="employees", actor=None)
    assert str(Employee.objects.get(employee_no="S1").hire_date) == "2024-03-01"
    # the workbook of refused rows is the same file, whoever reads which language
    for added in (["Refused: row", "Refused: reason", "Refused: mend"], ["Reason"]):
        assert template_for(["NAME", *added, "employee-no"], ["employees"]) is not None
    assert template_for(["Employee no", "Name"], ["employees"]) is not None
    assert template_for(["Employee no", "Name", "Hire date"], ["employees"]) is None
