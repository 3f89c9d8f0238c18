"""Answers to doubts that cannot be used are refused, and each doubt can be answered by itself."""

from __future__ import annotations

import csv

import pytest

from migration.cleaning import read_decisions
from migration.models import ImportBatch, UploadTable
from migration.services.answers import of_table
from migration.services.choices import choices_of
from people.models import Employee
from tests.migration.cleaning.test_commands import run, table_of  # noqa: F401 - a fixture
from tests.migration.files import csv_file, xlsx_file
from tests.migration.test_pages import send, step, url

HEADINGS = ["Employee no", "Name", "Hire date", "Department"]
STAFF = [
    HEADINGS,
    *([f"E{n:03}", f"Ann {n}", f"2020-03-{n:02}", "Sales"] for n in range(1, 13)),
    ["E020", "Bo Fox", "2020-02-30", "Sales"],
    ["E021", "Cy Ray", "#####", "Sales"],
]
DECIDE = "decisions:\n- {column: %s, value: '%s', answer: '%s'}\n- {rule: spreadsheet_errors, answer: empty}\n"


def write_list(path, lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


@pytest.mark.parametrize("answer", ["not a date", "2020-02-30", "2020-13-01", "20200301", "1.3.2020"])
def test_what_is_no_day_does_not_go_into_a_column_of_days(run, tmp_path, answer):  # noqa: F811
    files = {"s.csv": csv_file(STAFF), "d.yaml": DECIDE % ("hire_date", "#####", answer)}
    status, said = run("import_file", files, "--as", "employees", "--out", "{}/c.csv", "--decide", "{}/d.yaml")
    assert status == 2
    for part in ("s.csv, row 15", "hire_date: ##### →", answer, "2024-03-09"):
        assert part in said
    assert not (tmp_path / "c.csv").exists()


@pytest.mark.django_db
def test_nor_is_it_imported(world, run, tmp_path):  # noqa: F811
    answered = DECIDE % ("hire_date", "2020-02-30", "2020-02-31")
    files = {"s.csv": csv_file(STAFF), "d.yaml": answered}
    status, said = run("import_file", files, "--as", "employees", "--decide", "{}/d.yaml", "--skip-bad")
    assert (status, "row 14" in said, "2020-02-31" in said) == (2, True, True)
    assert not ImportBatch.objects.exists()
    files["d.yaml"] = answered.replace("02-31", "02-28")
    run("import_file", files, "--as", "employees", "--decide", "{}/d.yaml", "--skip-bad", "--create-missing")
    assert str(Employee.objects.get(employee_no="E020").hire_date) == "2020-02-28"


@pytest.mark.parametrize("more", [[], ["--as", "employees"]])
@pytest.mark.parametrize(
    "said", ["decisions: [{column: Hiredate, answer: first}]", "columns: {Hiredate: {order: dmy}}"]
)
def test_a_column_that_no_table_has_is_no_place_for_an_answer(run, tmp_path, said, more):  # noqa: F811
    files = {"s.csv": csv_file(STAFF), "d.yaml": said}
    status, text = run("import_file", files, *more, "--out", "{}/c.csv", "--decide", "{}/d.yaml")
    assert (status, "Hiredate" in text, "Hire date" in text) == (2, True, True)
    assert not (tmp_path / "c.csv").exists()
    # by heading, and where they are known by field
    files["d.yaml"] = said.replace("Hiredate", "Hire date")
    assert run("import_file", files, *more, "--out", "{}/c.csv", "--decide", "{}/d.yaml")[0] == 1


@pytest.mark.django_db
def test_nor_in_an_import(world, run):  # noqa: F811
    files = {"s.csv": csv_file(STAFF), "d.yaml": "decisions: [{column: Hiredate, answer: first}]"}
    status, text = run("import_file", files, "--as", "employees", "--decide", "{}/d.yaml", "--dry-run")
    assert (status, "Hiredate" in text) == (2, True)


def test_a_list_without_its_column_of_answers_is_refused(run, tmp_path):  # noqa: F811
    files = {"s.csv": csv_file(STAFF), "d.csv": "row,column,value,Answer\n14,hire_date,#####,2020-03-01\n"}
    (tmp_path / "d.csv").write_text(files.pop("d.csv"))
    status, text = run("import_file", files, "--as", "employees", "--out", "{}/c.csv", "--decide", "{}/d.csv")
    assert (status, "“answer”" in text) == (2, True)


def test_rows_beside_another_table_are_answered_each_alone(run, tmp_path):  # noqa: F811
    left = [[f"E{n:03}", f"Ann {n}", f"2020-03-{n:02}"] for n in range(1, 13)]
    right = [[f"F{n:03}", f"Bob {n}", f"2020-04-{n:02}"] for n in range(1, 13)]
    left[4][2] = right[4][2] = "#####"
    rows = [[*HEADINGS[:3], None, *HEADINGS[:3]], *([*a, None, *b] for a, b in zip(left, right, strict=True))]
    files = {"two.xlsx": xlsx_file(rows)}
    run("import_file", files, "--as", "employees", "--out", "{}/c.csv", "--doubts", "{}/d.csv")
    lines = [line for line in table_of(tmp_path / "d.csv") if line["value"] == "#####"]
    assert [line["row"] for line in lines] == ["6", "6"]
    assert len({line["file"] for line in lines}) == 2
    lines[0]["answer"], lines[1]["answer"] = "2020-03-05", "2020-04-05"
    write_list(tmp_path / "d.csv", lines)
    status, text = run("import_file", files, "--as", "employees", "--out", "{}/c.csv", "--decide", "{}/d.csv")
    assert status == 0, text
    days = {row["employee_no"]: row["hire_date"] for row in table_of(tmp_path / "c.csv")}
    assert (days["E005"], days["F005"]) == ("2020-03-05", "2020-04-05")


def test_rows_of_several_files_are_answered_each_alone(run, tmp_path):  # noqa: F811
    other = [[f"F{row[0]}", *row[1:]] if row is not HEADINGS else row for row in STAFF]
    files = {"a.csv": csv_file(STAFF), "b.csv": csv_file(other)}
    run("import_file", files, "--as", "employees", "--out", "{}/c.csv", "--doubts", "{}/d.csv")
    lines = table_of(tmp_path / "d.csv")
    lost = {line["file"]: line for line in lines if line["value"] == "#####"}
    assert {line["row"] for line in lost.values()} == {"15"}
    lost["a.csv"]["answer"], lost["b.csv"]["answer"] = "2021-01-01", "2022-02-02"
    write_list(tmp_path / "d.csv", lines)
    run("import_file", files, "--as", "employees", "--out", "{}/c.csv", "--decide", "{}/d.csv")
    days = {row["employee_no"]: row["hire_date"] for name in ("c", "c-2") for row in table_of(tmp_path / f"{name}.csv")}
    assert (days["E021"], days["FE021"]) == ("2021-01-01", "2022-02-02")


def test_a_row_that_is_left_out_of_one_file_stays_in_the_other():
    listed = "row,column,value,rule,answer,file\n3,,3,near_duplicates,%s,a.csv\n3,,3,near_duplicates,,b.csv\n"
    hints = read_decisions(listed % "drop")
    about = ("near_duplicates", "", "3")
    assert (of_table(hints, "a.csv").answers, of_table(hints, "b.csv").answers) == ({about: "drop"}, {})
    # a list about one file serves it under another name, too
    one = read_decisions("".join(line for line in (listed % "drop").splitlines(keepends=True) if "b.csv" not in line))
    assert of_table(one, "renamed.csv").answers == {about: "drop"}


@pytest.mark.django_db
def test_the_page_takes_no_day_that_does_not_exist(world, sign_in):
    oscar = sign_in("oscar")
    rows = [[*row[:3], "SALES" if place else row[3]] for place, row in enumerate(STAFF)]
    page = send(oscar, "s.csv", csv_file(rows), "employees")
    page = oscar.get(url("clean", page), follow=True)
    assert step(page) == "clean"
    (question,) = [one for group in page.context["groups"] for one in group.questions if one.value == "#####"]
    answer = oscar.post(url("clean", page), {f"own-{question.key}": "2020-02-30"}, follow=True)
    text = answer.content.decode()
    assert "##### → 2020-02-30" in text
    assert "The answer is no day that exists" in text
    assert choices_of(UploadTable.objects.get()).answers == []
    oscar.post(url("clean", page), {f"own-{question.key}": "2020-02-28"}, follow=True)
    assert [one.answer for one in choices_of(UploadTable.objects.get()).answers] == ["2020-02-28"]
