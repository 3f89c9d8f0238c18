"""A file that comes by command is cleaned by the rules across rows, too, as on pages."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from migration.models import ImportBatch, UploadTable
from migration.services import import_file, read_mapping
from migration.services.readying import import_ready, ready_tables
from migration.services.totals import reconciled
from people.models import Employee
from tests.migration.files import csv_file, xlsx_file
from training.models import LearningRecord

pytestmark = pytest.mark.django_db

HEADINGS = ["Employee ID", "Name", "Hire date", "Exit date", "Status", "Department", "Position", "Level"]
PLACE = ["SALES", "REP", "L1"]
NAMES = ["Ann Lee", "Bo Fox", "Cy Roe", "Dora May", "Ed Hill", "Fay Oak", "Gus Elm", "Hal Ash", "Ida Fir", "Jo Yew"]


def people(*more):
    rows = [[f"N{n:02d}", name, f"2020-03-{n + 10}", "", "Active", *PLACE] for n, name in enumerate(NAMES)]
    return [HEADINGS, *rows, *more]


def bring(rows, kind="employees", text="", make=csv_file, **said):
    name = "a.xlsx" if make is xlsx_file else "a.csv"
    return import_file(name=name, data=make(rows), kind=kind, actor=None, mapping=read_mapping(text), **said)


def told(report):
    return {(one.row, one.column) for one in report.problems}


def test_rows_that_repeat_another_are_merged_and_counted_and_the_proof_adds_up(world):
    rows = people(*people()[2:4], ["Total", "12", "", "", "", "", "", ""], ["Printed by HR on 3 May"])
    report = bring(rows)
    assert (report.rows, report.created, report.merged, report.passed_over, report.refused) == (14, 10, 2, 2, 0)
    batch = ImportBatch.objects.get(pk=report.batch)
    assert batch.merged == 2
    assert reconciled(batch)["adds_up"]
    assert Employee.objects.filter(employee_no__startswith="N").count() == 10


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["N20", "Kit Box", "2020-03-01", "2019-01-01", "Left", *PLACE], "Exit date"),
        (["N20", "Kit Box", "2020-03-01", "2020-06-01", "Active", *PLACE], "Exit date"),
        (["N03", "Zoe Sand", "2021-07-09", "", "Active", "RD", "REP", "L2"], "Employee ID"),
        (["N20", "Ann Lee", "2020-03-10", "", "Active", *PLACE], "–"),
    ],
    ids=["exit before hire", "active with an exit", "a number twice", "a person twice"],
)
def test_a_contradiction_in_a_row_or_between_rows_refuses_it_and_changes_nothing(world, row, column):
    before = Employee.objects.count()
    rows = people(row)
    text = "attributes: {state: Status}" if column == "Exit date" else ""
    report = bring(rows, text=text)
    assert (report.status, {number for number, _column in told(report)}) == ("refused", {12})
    assert {column, "Status"} & {name for _row, name in told(report)}
    assert Employee.objects.count() == before
    assert report.refused_rows["rows"] == [[12, *row]]
    good = bring(rows, text=text, skip_bad=True)
    assert (good.created, good.refused) == (10, 1)


def test_a_row_that_slipped_a_column_comes_in_where_it_belongs(world):
    report = bring(people(["N20", "", "Kit Box", "2020-03-25", "", "Active", *PLACE]))
    assert (report.status, report.created) == ("imported", 11)
    kit = Employee.objects.get(employee_no="N20")
    assert (kit.name, str(kit.hire_date)) == ("Kit Box", "2020-03-25")


def test_an_answer_settles_a_row_by_command(world, tmp_path):
    file, answers = tmp_path / "staff.csv", tmp_path / "answers.csv"
    file.write_bytes(csv_file(people(["N20", "Ann Lee", "2020-03-10", "", "Active", *PLACE])))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", str(file), kind="employees", json=True, stdout=out)
    assert ended.value.code == 1
    assert "keep or drop" in json.loads(out.getvalue())["problems"][0]["mend"]
    # the list of doubts, filled in
    doubts = tmp_path / "doubts.csv"
    with pytest.raises(SystemExit):
        call_command("import_file", str(file), kind="employees", doubts=str(doubts), stdout=StringIO())
    with doubts.open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source))
    assert len(lines) == 1
    with answers.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, lines[0])
        writer.writeheader()
        writer.writerow(lines[0] | {"answer": "drop"})
    out = StringIO()
    call_command("import_file", str(file), kind="employees", decide=str(answers), json=True, stdout=out)
    report = json.loads(out.getvalue())
    assert (report["created"], report["passed_over"], report["refused"]) == (10, 1, 0)


def test_a_column_that_serves_nothing_is_not_asked_about(world):
    rows = [[*row, "Remark" if row is HEADINGS else "fine"] for row in people()]
    rows[4][-1] = "#####"
    report = bring([[HEADINGS[0], *rows[0][1:]], *rows[1:]])
    assert (report.status, report.created) == ("imported", 10)


def test_two_rows_of_headings_and_a_title_come_in_as_on_pages(world):
    rows = [
        ["Staff of 2026"],
        ["Employee", "", "Dates", "", "Place", "", ""],
        ["Employee ID", "Name", "Hire date", "Exit date", "Department", "Position", "Level"],
        *([f"N{n:02d}", name, f"2020-03-{n + 10}", "", *PLACE] for n, name in enumerate(NAMES)),
    ]
    report = bring(rows, make=xlsx_file)
    assert (report.created, report.refused, report.problems) == (10, 0, [])
    refused = bring([*rows, ["N99", "Zed", "soon", "", *PLACE]], make=xlsx_file)
    assert [(one.row, one.column) for one in refused.problems] == [(14, "Hire date")]


def test_the_same_file_by_rules_across_rows_and_without_names_its_records_alike(world, monkeypatch):
    """Identifiers made of cells stay those of the file, whichever way it comes in."""
    from migration.services import sources

    day = world.year.start_date.replace(month=3, day=4)
    rows = [["Who", "What", "When", "Hours"], *(["E001", "online", f"{day:%d.%m.%Y}", f"{n},5"] for n in (1, 2))]
    text = """
columns: {employee_no: Who, activity: What, happened_on: When, hours: Hours, source_id: "{Who}/{When}/{Hours}"}
dates: {happened_on: "%d.%m.%Y"}
units: {hours: 2}
"""
    first = bring(rows, "records", text)
    assert (first.status, first.created) == ("imported", 2), first.problems
    assert sorted(LearningRecord.objects.values_list("minutes", flat=True)) == [180, 300]
    assert {one.source_id for one in LearningRecord.objects.all()} == {f"E001/{day}/{n},5" for n in (1, 2)}
    monkeypatch.setattr(sources, "LARGE", 0)
    again = bring(rows, "records", text)
    assert (again.created, again.unchanged) == (0, 2)
    assert Decimal(again.totals[0]["added"] if again.totals else 0) == 0


def test_a_csv_saved_as_a_workbook_names_its_records_alike(world):
    """A spreadsheet makes a date of the text 3/14/2026, and a moment of one with a time."""
    first, second = (world.year.start_date.replace(month=3, day=number) for number in (14, 15))
    head = ["Who", "What", "When", "Hours"]
    texts = [["E001", "online", f"3/14/{first.year}", 2], ["E001", "online", f"3/15/{first.year} 9:30", 3]]
    cells = [
        ["E001", "online", dt.datetime.combine(first, dt.time()), 2],
        ["E001", "online", dt.datetime.combine(second, dt.time(9, 30)), 3],
    ]
    text = """
columns: {employee_no: Who, activity: What, happened_on: When, hours: Hours, source_id: "{Who}/{When}"}
"""
    assert bring([head, *texts], "records", text).created == 2
    report = import_file(
        name="old.xlsx", data=xlsx_file([head, *cells]), kind="records", actor=None, mapping=read_mapping(text)
    )
    assert (report.created, report.unchanged) == (0, 2), report.problems
    assert LearningRecord.objects.filter(source_id=f"E001/{second} 09:30:00").exists()


def test_identifiers_made_of_cells_are_the_same_by_pages_and_by_command(world, sign_in):
    day = f"{world.year.start_date.replace(month=3, day=14):%d.%m.%Y}"
    rows = [["Who", "What", "When", "Hours"], *(["E001", "online", day, hours] for hours in ("1,5", "2,5"))]
    text = """
kind: records
columns: {employee_no: Who, activity: What, happened_on: When, hours: Hours, source_id: "{Who}/{When}/{Hours}"}
"""
    files = {
        "file": SimpleUploadedFile("a.csv", csv_file(rows)),
        "mapping": SimpleUploadedFile("m.yaml", text.encode()),
    }
    assert sign_in("oscar").post(reverse("migration:upload"), files).status_code == 302
    report = import_ready(ready_tables(UploadTable.objects.all())[0], actor=world.users["oscar"])
    assert (report.created, report.refused) == (2, 0), report.problems
    again = bring(rows, "records", text)
    assert (again.created, again.unchanged) == (0, 2)
