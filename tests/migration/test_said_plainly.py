"""What the pages of an import say: in words people use, the most frequent first, and nothing that is not so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from migration.models import ImportBatch, ImportJob
from migration.services.jobs import cancel_import, run_jobs
from migration.services.reasons import reasons_of
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, csv_file
from tests.migration.test_jobs import records, started
from tests.migration.test_pages import check, send, start, url
from tests.migration.test_questions import person

pytestmark = pytest.mark.django_db

NO_DAY = "There is no such day."
BOTH_WAYS = "The column does not show whether the day or the month comes first."


def shown(page):
    return " ".join(page.content.decode().split())


def dated(oscar, *days):
    people = [person(f"N{place}", day, f"Ann {chr(65 + place)}") for place, day in enumerate(days)]
    return send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *people]))


def test_a_group_names_what_most_of_its_cells_are_in_doubt_for(world, sign_in):
    # the day that is none comes most often by itself; the others are many different ones
    page = dated(sign_in("oscar"), "30/2/2024", "30/2/2024", "3/4/2024", "4/5/2024", "5/6/2024")
    (group,) = page.context["groups"]
    assert group.questions[0].value == "30/2/2024"
    assert group.reason == f"{BOTH_WAYS} {NO_DAY}"


def test_days_whose_order_is_asked_again_are_asked_about_and_not_taken_by_another_answer(world, sign_in):
    oscar = sign_in("oscar")
    page = dated(oscar, "30/2/2024", "3/4/2024", "4/5/2024")
    (group,) = page.context["groups"]
    page = oscar.post(url("clean", page), {f"all-{group.key}": "order:dmy"}, follow=True)
    assert "3 questions are answered." in shown(page)
    # the order leaves the day open that is none
    (group,) = page.context["groups"]
    assert (group.cells, group.reason) == (1, NO_DAY)
    page = oscar.post(url("clean", page), {f"all-{group.key}": "empty"}, follow=True)
    assert (page.context["groups"], len(page.context["decided"])) == ([], 1)
    assert "1 question is answered." in shown(page)
    ((key, _heading, _order),) = page.context["orders"]
    page = oscar.post(url("clean", page), {f"back-{key}": "on"}, follow=True)
    assert (page.context["decided"], page.context["groups"][0].cells) == ([], 3)
    assert "answered." not in shown(page)


def test_what_is_decided_is_no_approval(world, sign_in):
    world.users["oscar"].language = "zh-hans"
    world.users["oscar"].save(update_fields=["language"])
    oscar = sign_in("oscar")
    page = dated(oscar, "3/4/2024", "4/5/2024")
    page = oscar.post(url("clean", page), {f"all-{page.context['groups'][0].key}": "order:dmy"}, follow=True)
    assert "已审批" not in shown(page)


def test_a_check_says_codes_in_the_language_of_the_reader(world, sign_in):
    world.users["oscar"].language = "zh-hans"
    world.users["oscar"].save(update_fields=["language"])
    oscar = sign_in("oscar")
    Employee.objects.filter(employee_no="E001").update(gender="male")
    page = send(oscar, "staff.csv", csv_file([["工号", "性别"], ["E001", "F"]]), "employees")
    (table,) = check(oscar, page).context["tables"]
    ((_row, status, cells),) = table["changes"]
    assert (status, cells[-1]) == ("changed", ("男", "女"))


def test_map_names_some_of_the_words_that_a_value_can_be(world, sign_in):
    head, row = EMPLOYEE_HEADINGS[:-1], person("N1", "2024-03-05", "Ann Lee")[:-1]
    page = send(sign_in("oscar"), "staff.csv", csv_file([head, row]), "employees")
    assert 'placeholder="Staff' in shown(page)


def test_a_name_of_two_columns_stands_where_its_first_part_does(world, sign_in):
    oscar = sign_in("oscar")
    head = ["Employee no", "FirstName", "LastName", "Hire date", "Department", "Position", "Level"]
    row = ["N1", "Ann", "Lee", "2024-03-05", "SALES", "REP", "L1"]
    page = send(oscar, "staff.csv", csv_file([head, row]), "employees")
    (table,) = check(oscar, page).context["tables"]
    assert table["headings"][:3] == ["Employee no", "FirstName + LastName", "Hire date"]


def test_a_field_without_a_column_is_called_by_its_name(world, sign_in):
    oscar = sign_in("oscar")
    day = world.year.start_date.isoformat()
    rows = [["Employee no", "Activity", "Date"], ["E001", "Online course", day]]
    page = send(oscar, "old.csv", csv_file(rows), "records")
    (table,) = check(oscar, page).context["tables"]
    (problem,) = table["problems"]
    assert (problem.column, problem.message) == ("Hours", "Online course is measured by duration, and none is given.")


def test_a_stopped_import_of_which_nothing_is_in_says_so_and_shows_no_figures(world, sign_in):
    job = started(world, [("records.csv", records(world))])
    cancel_import(job=job, actor=world.users["oscar"])
    run_jobs()
    job.refresh_from_db()
    assert job.status == ImportJob.Status.CANCELLED
    page = shown(sign_in("oscar").get(reverse("migration:job", args=[job.pk])))
    assert "nothing of it was imported" in page
    assert "Rows of the files" not in page


def test_rows_kept_out_are_counted_by_reason_before_they_are_listed(world, sign_in):
    oscar = sign_in("oscar")
    day = world.year.start_date.isoformat()
    strangers = [[f"X{place}", "Workshop", day] for place in range(7)]
    rows = [["Employee no", "Activity", "Date"], ["E001", "Workshop", day], ["E002", "Workshop", "soon"], *strangers]
    start(oscar, send(oscar, "old.csv", csv_file(rows), "records"), skip_bad="on")
    batch = ImportBatch.objects.get()
    page = oscar.get(reverse("migration:detail", args=[batch.pk]))
    assert [(column, count, width) for column, _message, count, width in page.context["reasons"]] == [
        ("Employee no", 7, 100),
        ("Date", 1, 14),
    ]
    assert "<details><summary" in shown(page)


def test_a_table_that_was_refused_as_a_whole_says_why_by_reason_first(world, sign_in):
    rows = [[f"X{place}", "Workshop", world.year.start_date.isoformat(), "", "", f"S{place}"] for place in range(7)]
    job = started(world, [("records.csv", records(world, ["E001", "Workshop", "soon", "", "", "R3"], *rows))])
    run_jobs()
    page = sign_in("oscar").get(reverse("migration:job", args=[job.pk]))
    (table,) = page.context["report"].tables
    # nobody brought J1 either
    assert {column: count for column, _message, count, _width in table.reasons} == {"Employee no": 8, "Date": 1}
    assert "<details><summary" in shown(page)


def test_the_list_of_imports_has_thousands_marks_and_its_export_has_none(world, sign_in):
    oscar = sign_in("oscar")
    ImportBatch.objects.create(kind="records", file_name="old.csv", created=12_345, refused=1_299)
    page = oscar.get(reverse("migration:imports"))
    assert "12,345" in shown(page)
    assert "1,299" in shown(page)
    rows = b"".join(oscar.get(reverse("migration:imports"), {"export": "csv"})).decode()
    assert "12345" in rows
    assert "1299" in rows


def test_reasons_keep_what_all_their_rows_say_and_leave_out_what_differs():
    said = [("Score", "This is not between 0 and 100, as the others are.")] * 4
    said += [("Date", f"Before the hire date 2026-05-{day}.") for day in (13, 14)]
    assert reasons_of(said) == [
        ("Score", "This is not between 0 and 100, as the others are.", 4, 100),
        ("Date", "Before the hire date …", 2, 50),
    ]
