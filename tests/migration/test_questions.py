"""One question for all cells that are alike: over tables, over kinds; and no answer that the import refuses."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import ImportBatch
from people.models import Employee
from performance.models import Rating
from tests.migration.files import EMPLOYEE_HEADINGS, RECORD_HEADINGS, csv_file
from tests.migration.test_further_kinds import choose, main_of
from tests.migration.test_pages import check, send, start, step, url
from training.models import LearningRecord

pytestmark = pytest.mark.django_db


def send_all(client, **files):
    """Upload several tables at once: name -> rows. Goes to the page that decides."""
    sent = [SimpleUploadedFile(f"{name}.csv", csv_file(rows)) for name, rows in files.items()]
    page = client.post(reverse("migration:upload"), {"kind": "", "file": sent}, follow=True)
    if step(page) == "look":
        page = choose(client, page)
    return page


def choices_in(page, question):
    """What the page offers for a question."""
    _before, _name, after = page.content.decode().partition(f'name="one-{question.key}"')
    options = after.partition("</select>")[0].split('<option value="')[1:]
    return [one.partition('"')[0] for one in options]


def person(number, day, name):
    return [number, name, day, "SALES", "REP", "L1"]


def test_one_answer_serves_all_tables_of_an_upload(world, sign_in):
    oscar = sign_in("oscar")
    page = send_all(
        oscar,
        north=[EMPLOYEE_HEADINGS, person("N1", "3/4/2024", "Ann Lee"), person("N2", "3/4/2024", "Bo Li")],
        south=[EMPLOYEE_HEADINGS, person("S1", "3/4/2024", "Cai Wu")],
        # another heading, the same field
        west=[["EmpID", "Name", "Date of hire", "Department", "Position", "Level"], person("W1", "3/4/2024", "Di Mo")],
    )
    assert step(page) == "clean"
    (group,) = page.context["groups"]
    (question,) = group.questions
    assert (group.cells, question.cells, question.value) == (4, 4, "3/4/2024")
    assert question.where() == [
        ("north.csv", ["2", "3"], False), ("south.csv", ["2"], False), ("west.csv", ["2"], False),
    ]  # fmt: skip
    shown = " ".join(page.content.decode().split())
    assert "in 3 tables" in shown
    assert "1 answer can settle all that is open." in shown
    page = oscar.post(url("clean", page), {f"one-{question.key}": "=0", "go_on": "1"}, follow=True)
    assert step(page) == "check"
    assert check(oscar, page).context["refused"] == 0
    # said once, and asked again by one tick
    page = oscar.get(url("clean", page))
    (one,) = page.context["decided"]
    assert (one.cells, len(one.cells_in), page.context["done"]) == (4, 3, 4)
    page = oscar.post(url("clean", page), {f"back-{one.key}": "on"}, follow=True)
    assert (page.context["done"], page.context["groups"][0].cells) == (0, 4)
    page = oscar.post(url("clean", page), {f"all-{group.key}": "order:dmy"}, follow=True)
    assert (page.context["groups"], len(page.context["orders"])) == ([], 1)
    start(oscar, page)
    days = Employee.objects.filter(employee_no__in=["N1", "N2", "S1", "W1"]).values_list("hire_date", flat=True)
    assert set(map(str, days)) == {"2024-04-03"}


def test_equal_cells_with_other_candidates_are_other_questions(world, sign_in):
    """Cells that are empty below a word: each block has its own."""
    oscar = sign_in("oscar")
    rows = [person(f"N{n}", "2024-03-05", f"Ann {chr(65 + n)}") for n in range(12)]
    for place, row in enumerate(rows):
        row[3] = {0: "Sales", 6: "R&D"}.get(place, "")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    (group,) = page.context["groups"]
    assert [(one.candidates[0], one.cells) for one in group.questions] == [("Sales", 5), ("R&D", 5)]
    sales = group.questions[0]
    page = oscar.post(url("clean", page), {f"one-{sales.key}": "=0"}, follow=True)
    assert (page.context["done"], page.context["total"]) == (5, 10)
    (one,) = page.context["decided"]
    assert (one.answer, one.cells) == ("Sales", 5)
    (group,) = page.context["groups"]
    page = oscar.post(url("clean", page), {f"one-{group.questions[0].key}": "=0", "go_on": "1"}, follow=True)
    start(oscar, page)
    placed = Employee.objects.filter(employee_no__startswith="N").order_by("pk")
    assert [one.assignments.get().department.name for one in placed] == ["Sales"] * 6 + ["R&D"] * 6


HR = ["EmpID", "Name", "Hire date", "DOB", "Department", "Position", "Level", "Performance rating", "Review date"]
PEOPLE = [
    ["7001", "Ann Lee", "2021-03-05", "1990-01-02", "Sales", "Sales representative", "L1", "Good", "2023-12-01"],
    ["7002", "Bo Li", "2021-03-06", "1991-01-02", "Sales", "Sales representative", "L1", "Fair", "2023-12-01"],
    ["7003", "Cai Wu", "2021-03-07", "1992-01-02", "Sales", "Sales representative", "L1", "Good", "2023-12-01"],
    # repeats the first in every cell
    ["7001", "Ann Lee", "2021-03-05", "1990-01-02", "Sales", "Sales representative", "L1", "Good", "2023-12-01"],
    # and this is somebody twice, by name and birth date
    ["7009", "Bo Li", "2021-03-06", "1991-01-02", "Sales", "Sales representative", "L1", "Fair", "2023-12-01"],
]


def test_a_whole_row_is_asked_about_once_for_all_kinds_of_a_table(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "hr.csv", csv_file([HR, *PEOPLE]))
    page = choose(oscar, page, add=f"{main_of(page).pk}:ratings")
    page = oscar.get(url("clean", page))
    assert len(page.context["tables"]) == 2
    (group,) = page.context["groups"]
    assert (group.column, group.rule) == ("", "near_duplicates")
    (question,) = group.questions
    assert (question.cells, question.value, page.context["total"]) == (1, "6", 1)
    # what nobody decides is refused of both kinds
    assert [one["refused"] for one in check(oscar, page).context["tables"]] == [1, 1]
    page = oscar.post(url("clean", page), {f"one-{question.key}": "drop", "go_on": "1"}, follow=True)
    reports = [one["report"] for one in check(oscar, page).context["tables"]]
    assert [(one.created, one.merged, one.passed_over, one.refused) for one in reports] == [(3, 1, 1, 0)] * 2
    start(oscar, page)
    rated = Rating.objects.filter(employee__employee_no__startswith="70").values_list("employee__employee_no", "grade")
    assert sorted(rated) == [("7001", "Good"), ("7002", "Fair"), ("7003", "Good")]
    assert not Employee.objects.filter(employee_no="7009").exists()


def test_a_person_who_is_kept_is_kept_of_every_kind(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "hr.csv", csv_file([HR, *PEOPLE]))
    page = choose(oscar, page, add=f"{main_of(page).pk}:ratings")
    (group,) = oscar.get(url("clean", page)).context["groups"]
    oscar.post(url("clean", page), {f"all-{group.key}": "keep"})
    start(oscar, page)
    assert Rating.objects.filter(employee__employee_no="7009").exists()


@pytest.mark.parametrize("kind", ["records", "scores"])
def test_a_repeated_event_cannot_be_kept_because_the_import_would_refuse_it(world, sign_in, kind):
    oscar = sign_in("oscar")
    day = world.year.start_date.isoformat()
    head, rest = (RECORD_HEADINGS[:5], ["online", day, 1, "A"]) if kind == "records" else (
        ["Employee no", "Exam date", "Score"], [day, 80]
    )  # fmt: skip
    rows = [["E001", *rest], ["E002", *rest], ["E001", *rest]]
    page = send(oscar, "old.csv", csv_file([head, *rows]), kind)
    (group,) = page.context["groups"]
    (question,) = group.questions
    assert (group.rule, group.column, question.value) == ("duplicates", "", "4")
    assert choices_in(page, question) == ["", "drop"]
    for said in ({f"one-{question.key}": "keep"}, {f"all-{group.key}": "keep"}, {"rest": "keep"}):
        page = oscar.post(url("clean", page), said, follow=True)
        assert page.context["decided"] == []
    page = oscar.post(url("clean", page), {f"all-{group.key}": "drop", "go_on": "1"}, follow=True)
    assert check(oscar, page).context["refused"] == 0
    start(oscar, page)
    assert LearningRecord.objects.filter(employee__employee_no__in=["E001", "E002"]).count() == 2
    assert ImportBatch.objects.get().refused == 0


def test_no_answer_is_offered_that_the_import_refuses(world, sign_in):
    oscar = sign_in("oscar")
    page = send(
        oscar, "staff.csv",
        csv_file([EMPLOYEE_HEADINGS, person("N1", "soon", "Ann Lee"), person("N2", "2024-03-05", "Bo Li")]),
    )  # fmt: skip
    (group,) = page.context["groups"]
    # no day is no day; an empty one may stay empty
    assert choices_in(page, group.questions[0]) == ["", "empty", "drop"]
    assert not group.can_keep


def test_one_answer_for_all_that_is_left(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "出生日期"]
    rows = [[*person("N1", "3/4/2024", "Ann Lee"), "1990-02-03"], [*person("N2", "2024-03-05", "Bo Li"), "soon"]]
    page = send(oscar, "staff.csv", csv_file([head, *rows]))
    assert len(page.context["groups"]) == 2
    assert "Take the first suggestion (1 cell has one)" in " ".join(page.content.decode().split())
    page = oscar.post(url("clean", page), {"rest": "first"}, follow=True)
    # what has no suggestion is still asked about
    (group,) = page.context["groups"]
    assert (group.heading, page.context["done"], page.context["total"]) == ("出生日期", 1, 2)
    page = oscar.post(url("clean", page), {"rest": "drop", "go_on": "1"}, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    assert set(Employee.objects.filter(employee_no__startswith="N").values_list("employee_no", flat=True)) == {"N1"}


def test_long_values_are_cut_and_open_to_whoever_wants_them(world, sign_in):
    oscar = sign_in("oscar")
    long = "soon, as soon as " + "the last of the papers is there, and " * 6
    rows = [person("N1", long, "Ann Lee"), *(person(f"N{n}", "2024-03-05", f"Bo L{n}") for n in range(2, 9))]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    cut = f"<summary>{long[:59]}…</summary>"
    assert cut in page.content.decode()
    question = page.context["groups"][0].questions[0]
    page = oscar.post(url("clean", page), {f"one-{question.key}": "empty"}, follow=True)
    shown = page.content.decode()
    assert (page.context["groups"], cut in shown) == ([], True)
    assert shown.count(question.value) == 1
