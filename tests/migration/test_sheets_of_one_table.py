"""Sheets of a workbook with the same headings are one table: a sheet for each month, for each department."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from migration.models import ImportBatch, UploadTable
from migration.rules import SheetRow, as_row, row_json, row_key, row_name, source_row
from migration.services import import_file
from migration.services.undoing import undo_import
from people.models import Assignment
from tests.migration.files import RECORD_HEADINGS
from tests.migration.test_import_file import day
from tests.migration.test_pages import check, only, send, start, step, url
from training.models import LearningRecord


def book(**sheets):
    """A workbook of sheets with their rows."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


HEADINGS = ["Employee no", "Activity", "Date", "Hours", "Title"]


def month(number, *, days, hours=1.5):
    """A title, blank rows, headings, rows of these days, a sum and a note, as people write them."""
    rows = [
        [f"E00{place % 5 + 1}", "online", f"{one:02d}/{number:02d}/2025", hours, f"Course {one}"]
        for place, one in enumerate(days)
    ]
    return [["Training"], [], HEADINGS, *rows, ["Total", None, None, hours * len(rows)], ["Note: by HR"]]


YEAR = {"Jan": month(1, days=range(13, 19)), "Feb": month(2, days=range(3, 9)), "Mar": month(3, days=range(4, 9))}


@pytest.fixture
def clean(tmp_path):
    """``clean(data, options…)`` is (exit status, printed text, rows of the clean table, its doubts)."""

    def call(data, *options):
        (tmp_path / "year.xlsx").write_bytes(data)
        out, err, status = io.StringIO(), io.StringIO(), 0
        written = ["--out", str(tmp_path / "clean.csv"), "--doubts", str(tmp_path / "doubts.csv")]
        try:
            call_command("import_file", str(tmp_path / "year.xlsx"), *written, *options, stdout=out, stderr=err)
        except SystemExit as stop:
            status = stop.code
        tables = [
            list(csv.DictReader((tmp_path / name).open(encoding="utf-8"))) for name in ("clean.csv", "doubts.csv")
        ]
        return status, out.getvalue() + err.getvalue(), *tables

    return call


def test_a_row_of_a_sheet_is_called_by_it():
    row = SheetRow.on(5, 1, "Feb")
    assert (row_name(row), row_json(row), source_row(row), row_key(row), str(row)) == (
        "Feb!5",
        {"row": 5, "sheet": "Feb"},
        5,
        "5/2",
        "5",
    )
    assert row != SheetRow.on(5, 0, "Jan") == 5
    again = as_row(int(row), ("Jan", "Feb"))
    assert (again, row_name(again), row_name(as_row(5, ("Jan", "Feb"))), row_name(5)) == (row, "Feb!5", "Jan!5", "5")


def test_all_sheets_are_written_and_what_one_shows_holds_for_the_others(clean):
    status, text, rows, doubts = clean(book(**YEAR, Summary=[["Month", "Hours"], ["Jan", 9]]), "--as", "records")
    # the days of January show the order of all
    assert (status, doubts) == (0, [])
    assert [(row["Sheet"], row["source_row"], row["happened_on"]) for row in rows] == [
        *(("Jan", str(n - 9), f"2025-01-{n:02d}") for n in range(13, 19)),
        *(("Feb", str(n + 1), f"2025-02-{n:02d}") for n in range(3, 9)),
        *(("Mar", str(n), f"2025-03-{n:02d}") for n in range(4, 9)),
    ]
    assert "Jan, Feb, Mar" in text
    assert "Only sheet Jan + Feb + Mar was read, not: Summary" in text
    assert "20 rows, 17 out" in text


def test_columns_in_another_order_come_under_their_headings(clean):
    turned = [[row[4], *row[:4]] for row in YEAR["Feb"][2:9]]
    assert turned[0][0] == "Title"
    _status, _text, rows, _doubts = clean(book(Jan=YEAR["Jan"], Feb=turned), "--as", "records")
    assert {(row["employee_no"][:2], row["title"][:6]) for row in rows} == {("E0", "Course")}
    assert len(rows) == 12


def test_doubts_name_the_sheet_and_their_answers_come_back(clean, tmp_path):
    bad = {name: [*rows[:4], [*rows[4][:2], "soon", *rows[4][3:]], *rows[5:]] for name, rows in YEAR.items()}
    status, text, _rows, doubts = clean(book(**bad), "--as", "records")
    assert (status, [(one["row"], one["value"], one["file"]) for one in doubts]) == (
        1,
        [("5", "soon", "year.xlsx · Jan"), ("5", "soon", "year.xlsx · Feb [2]"), ("5", "soon", "year.xlsx · Mar [3]")],
    )
    assert "Jan!5, Feb!5, Mar!5" in text
    for one, answer in zip(doubts, ("2025-01-31", "2025-02-28", "2025-03-31"), strict=True):
        one["answer"] = answer
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, doubts[0])
        writer.writeheader()
        writer.writerows(doubts)
    status, _text, rows, _doubts = clean(book(**bad), "--as", "records", "--decide", str(tmp_path / "answers.csv"))
    assert status == 0
    assert [row["happened_on"] for row in rows if row["source_row"] == "5"] == [
        "2025-01-31",
        "2025-02-28",
        "2025-03-31",
    ]
    status, text, _rows, _doubts = clean(book(**bad), "--as", "records", "--json")
    said = json.loads(text)["tables"][0]
    assert [(one["row"], one["sheet"]) for one in said["doubts"]] == [(5, "Jan"), (5, "Feb"), (5, "Mar")]


@pytest.mark.parametrize(("said", "sheets"), [("Feb", set()), ("Jan + Mar", {"Jan", "Mar"})])
def test_a_mapping_names_one_or_some(clean, tmp_path, said, sheets):
    (tmp_path / "m.yaml").write_text(f"sheet: {said}")
    _status, _text, rows, _doubts = clean(book(**YEAR), "--as", "records", "--mapping", str(tmp_path / "m.yaml"))
    assert {row["Sheet"] for row in rows if "Sheet" in row} == sheets
    assert len(rows) == (11 if sheets else 6)


def test_a_copy_of_a_sheet_and_the_same_people_a_month_later_stay_apart(clean):
    rows = YEAR["Jan"]
    status, text, cleaned, _doubts = clean(book(Trainings=rows, Backup=rows), "--as", "records")
    assert len(cleaned) == 6
    assert "Backup" in text
    people = [["Employee no", "Name", "Hire date"], *([f"N{n}", f"Ann {n}", f"2020-01-{n:02d}"] for n in range(1, 9))]
    status, text, cleaned, _doubts = clean(book(Jan=people, Feb=people), "--as", "employees")
    assert (status, len(cleaned)) == (0, 8)
    assert "Only sheet Jan was read, not: Feb" in text
    # what is told of each month may well be the same
    pay = [["Employee no", "Name", "Salary"], *([f"N{n}", f"Ann {n}", 5000 + n] for n in range(1, 9))]
    assert len(clean(book(Jan=pay, Feb=pay))[2]) == 16


def test_lists_of_code_and_name_are_no_sheets_of_one_table(clean):
    lists = {
        name: [["Code", "Name"], *([f"{name[0]}{n}", f"{name} {n}"] for n in range(5))] for name in ("Posts", "Areas")
    }
    assert len(clean(book(**lists))[2]) == 5


def test_a_person_on_two_sheets_is_asked_about_once(clean):
    heads = ["Employee no", "Name", "Hire date"]
    sales = [[f"S{n}", f"Ann Lee{chr(65 + n)}", f"2020-01-{n + 13}"] for n in range(6)]
    others = [[f"R{n}", f"Bo Ray{chr(65 + n)}", f"2021-01-{n + 13}"] for n in range(6)]
    _status, _text, rows, doubts = clean(
        book(Sales=[heads, *sales], Research=[heads, *others, sales[2]]), "--as", "employees"
    )
    assert len(rows) == 13
    assert [(one["row"], one["column"], one["file"]) for one in doubts] == [("8", "", "year.xlsx · Research [2]")]
    assert "Sales!4" in doubts[0]["reason"]


# --- imports ----------------------------------------------------------------------------------------------------------
def lines(world, first, number, *, wrong=None):
    """Records of a month; the third line is of ``wrong``, whom nobody knows."""
    return [
        [
            wrong if wrong and place == 2 else "E001",
            "online",
            str(day(world, number, 1 + place)),
            "1",
            "",
            f"{first}{place}",
        ]
        for place in range(5)
    ]


def months(world, **wrong):
    return book(
        **{
            name: [RECORD_HEADINGS, *lines(world, name[0], place, wrong=wrong.get(name))]
            for place, name in enumerate(("Jan", "Feb"), 1)
        }
    )


def known():
    return set(
        LearningRecord.objects.filter(source_id__regex="^[JF]", status="active").values_list("source_id", flat=True)
    )


@pytest.mark.django_db
def test_an_import_takes_all_sheets_and_takes_them_back(world):
    data = months(world)
    report = import_file(name="year.xlsx", data=data, kind="records", actor=None)
    assert (report.status, report.rows, report.created) == ("imported", 10, 10)
    assert known() == {f"{name}{n}" for name in "JF" for n in range(5)}
    batch = ImportBatch.objects.get()
    assert [line["added"] for line in batch.totals if line["name"] == "records"] == ["10"]
    again = import_file(name="year.xlsx", data=data, kind="records", actor=None)
    assert (again.created, again.unchanged, again.batch) == (0, 10, None)
    undo_import(batch=batch, reason="wrong file", actor=world.users["oscar"])
    assert not known()


@pytest.mark.django_db
def test_refused_rows_of_two_sheets_are_told_apart(world):
    data = months(world, Jan="NOBODY", Feb="GHOST")
    report = import_file(name="year.xlsx", data=data, kind="records", actor=None, skip_bad=True)
    assert (report.rows, report.created, report.refused) == (10, 8, 2)
    assert [(one["row"], one["sheet"], one["value"]) for one in report.as_json()["problems"]] == [
        (4, "Jan", "NOBODY"),
        (4, "Feb", "GHOST"),
    ]
    batch = ImportBatch.objects.get()
    assert [(one["sheet"], one["row"]) for one in batch.problems] == [("Jan", 4), ("Feb", 4)]


@pytest.mark.django_db
def test_pages_show_one_table_and_the_sheets_of_its_rows(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "year.xlsx", months(world, Jan="NOBODY", Feb="GHOST"))
    assert step(page) == "check"
    assert [(one.sheet, one.is_skipped) for one in UploadTable.objects.all()] == [("Jan + Feb", False)]
    page = check(oscar, page)
    table = only(page)
    assert (table["report"].created, table["report"].refused) == (8, 2)
    text = page.content.decode()
    assert "Jan!4" in text
    assert "Feb!4" in text
    assert "have the same headings" in oscar.get(url("look", page)).content.decode()
    start(oscar, page, skip_bad="on")
    assert known() == {f"{name}{n}" for name in "JF" for n in range(5)} - {"J2", "F2"}
    batch = ImportBatch.objects.latest("pk")
    detail = oscar.get(reverse("migration:detail", args=[batch.pk]))
    assert detail.context["proof"]["adds_up"]
    assert "Feb!4" in detail.text
    answer = oscar.get(reverse("migration:refused", args=[batch.pk]))
    headings, *rows = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    said = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(row["Sheet"], row["Employee no"], row["Refused: row"]) for row in said] == [
        ("Jan", "NOBODY", 4),
        ("Feb", "GHOST", 4),
    ]
    assert ["NOBODY" in row["Refused: reason"] for row in said] == [True, False]
    answer = oscar.get(reverse("migration:problems", args=[batch.pk]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Jan!4", "Feb!4"]


@pytest.mark.django_db
def test_doubts_on_pages_name_the_sheet_and_are_answered(world, sign_in):
    oscar = sign_in("oscar")
    rows = {name: [RECORD_HEADINGS, *lines(world, name[0], place)] for place, name in enumerate(("Jan", "Feb"), 1)}
    rows["Feb"][3][2] = "soon"
    page = send(oscar, "year.xlsx", book(**rows))
    page = oscar.get(url("clean", page))
    ((question,),) = [group.questions for group in page.context["groups"]]
    assert question.where() == [("year.xlsx · Jan + Feb", ["Feb!4"], False)]
    page = oscar.post(url("clean", page), {f"own-{question.key}": str(day(world, 2, 28))}, follow=True)
    start(oscar, page)
    assert LearningRecord.objects.get(source_id="F2").happened_on == day(world, 2, 28)


@pytest.mark.django_db
def test_the_sheets_may_be_the_departments(world, sign_in):
    oscar = sign_in("oscar")
    heads = ["工号", "姓名", "入职日期", "岗位", "职级"]
    data = book(
        SALES=[heads, *([f"N{n}", f"王{n}", "2024-03-01", "REP", "L1"] for n in range(3))],
        RD=[heads, *([f"M{n}", f"李{n}", "2024-03-01", "REP", "L1"] for n in range(3))],
    )
    page = oscar.get(url("map", send(oscar, "staff.xlsx", data)))
    (table,) = page.context["tables"]
    chosen = {field.html_name: field.value() or "" for _column, field in table["form"].rows()}
    sheet = next(field.html_name for column, field in table["form"].rows() if column["name"] == "Sheet")
    page = oscar.post(url("map", page), {**chosen, sheet: "department"}, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    held = Assignment.objects.filter(employee__employee_no__in=["N1", "M1"], start_date=dt.date(2024, 3, 1))
    assert {one.employee.employee_no: one.department.code for one in held} == {"N1": "SALES", "M1": "RD"}
