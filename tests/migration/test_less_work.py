"""What the pages of an import settle by themselves, and the one answer that stands for many."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from migration.models import Term, UploadTable
from migration.services.inspecting import inspect_file
from people.models import Employee
from people.rules import PAYROLL
from tests.migration.files import EMPLOYEE_HEADINGS, csv_file
from tests.migration.test_further_kinds import DATA, brought, choose, main_of
from tests.migration.test_pages import check, only, send, start, step, url
from tests.migration.test_questions import choices_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("heading", "day", "kind"),
    [("Engagement Score", "Survey Date", ""), ("Satisfaction score", "Date", ""), ("Score", "Exam date", "scores")],
)
def test_a_survey_is_taken_for_no_exam(heading, day, kind):
    rows = [["Employee ID", day, heading], *([f"E00{n}", f"2026-02-0{n}", n] for n in range(1, 6))]
    assert inspect_file(name="x.csv", data=csv_file(rows))["tables"][0]["kind"] == kind


def test_one_answer_for_all_words_that_are_left(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "性别"]
    rows = [
        ["N1", "A", "2024-03-01", "Moon", "Wizard", "L1", "x"],
        ["N2", "B", "2024-03-01", "Mars", "Witch", "L1", "F"],
    ]
    page = send(oscar, "staff.csv", csv_file([head, *rows]))
    assert {group["name"] for group in page.context["fields"]} == {"department", "position", "gender"}
    assert "For every word that has no answer below:" in page.content.decode()
    asked = {one.word: name for group in page.context["fields"] for name, one in group["words"]}
    page = oscar.post(url("words", page), {asked["Mars"]: "Sales", "rest": "new"}, follow=True)
    # a gender cannot be made
    (group,) = oscar.get(url("words", page)).context["fields"]
    assert [one.word for _name, one in group["words"]] == ["x"]
    oscar.post(url("words", page), {"rest": "nothing"})
    start(oscar, page)
    placed = {one.employee_no: one.assignments.get() for one in Employee.objects.filter(employee_no__startswith="N")}
    assert {number: one.department.name for number, one in placed.items()} == {"N1": "Moon", "N2": "Sales"}
    assert {number: one.position.name for number, one in placed.items()} == {"N1": "Wizard", "N2": "Witch"}


def test_a_value_for_all_rows_is_asked_for_at_the_top_from_the_words_of_the_suite(world, sign_in):
    oscar = sign_in("oscar")
    rows = [["工号", "姓名", "入职日期", "部门", "岗位"], ["N1", "Ann", "2024-03-01", "SALES", "REP"]]
    page = send(oscar, "staff.csv", csv_file(rows))
    (table,) = page.context["tables"]
    assert [field.label for field in table["asked"]] == ["Level"]
    assert "Level" not in [field.label for field in table["others"]]
    name = table["asked"][0].html_name
    shown = page.content.decode()
    assert shown.count(f'name="{name}"') == 1
    assert 'list="words-level"' in shown
    assert '<datalist id="words-level"><option value="' in shown
    chosen = {field.html_name: field.value() or "" for _column, field in table["form"].rows()}
    refused = oscar.post(url("map", page), {**chosen, name: "Stuff"})
    assert "The suite has no such word. Choose one of the list." in refused.content.decode()
    page = oscar.post(url("map", page), {**chosen, name: "L1"}, follow=True)
    assert step(page) == "check"
    assert check(oscar, page).context["refused"] == 0


def test_all_further_kinds_are_taken_in_at_once(world, sign_in):
    world.users["oscar"].groups.add(Group.objects.get(name=PAYROLL))
    oscar = sign_in("oscar")
    page = send(oscar, "hr.csv", DATA)
    assert "Import all of these too" in page.content.decode()
    page = choose(oscar, page, add=f"{main_of(page).pk}:*")
    assert brought(page) == ["departures", "ratings", "salaries"]
    assert "Import all of these too" not in page.content.decode()


def test_look_counts_doubts_of_columns_that_serve_something(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "Last seen"]
    rows = [[f"N{n}", f"Ann {n}", "2024-03-05", "SALES", "REP", "L1", "3/4/2024"] for n in range(8)]
    page = oscar.get(url("look", send(oscar, "staff.csv", csv_file([head, *rows]))))
    about = page.context["tables"][0][1]
    assert (sum(column["doubts"] or 0 for column in about["columns"]), about["doubtful"]) == (8, 0)


def test_refused_rows_of_a_long_list_are_folded_below_their_reasons(world, sign_in):
    oscar = sign_in("oscar")
    rows = [[f"N{n}", f"Ann {n}", "2024-03-05", "SALES", "REP", "Nowhere"] for n in range(8)]
    for count, is_open in ((8, False), (3, True)):
        page = check(oscar, send(oscar, f"staff-{count}.csv", csv_file([EMPLOYEE_HEADINGS, *rows[:count]])))
        table = only(page)
        assert table["refused"] == count
        assert ("<details open>" in page.content.decode()) == is_open
        # what is folded has its reason above it
        assert [(column, n) for column, _message, n, _width in table["reasons"]] == ([] if is_open else [("职级", 8)])


def test_lost_cells_and_broken_addresses_cannot_stay(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "邮箱"]
    rows = [[f"N{n}", f"Ann {n}", "2024-03-05", "SALES", "REP", "L1", f"ann{n}@example.com"] for n in range(8)]
    rows[2][6], rows[3][6] = "nobody at all", "########"
    page = send(oscar, "staff.csv", csv_file([head, *rows]))
    questions = {one.value: one for group in page.context["groups"] for one in group.questions}
    assert set(questions) == {"nobody at all", "########"}
    for one in questions.values():
        assert "keep" not in choices_in(page, one)
        assert {"empty", "drop"} <= set(choices_in(page, one))


def test_a_group_says_what_its_questions_share(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "离职日期"]
    rows = [[f"N{n}", f"Ann {n}", f"2024-03-0{n}", "SALES", "REP", "L1", ""] for n in range(1, 9)]
    rows[0][6], rows[1][6] = "2023-12-24", "2023-11-24"
    page = send(oscar, "staff.csv", csv_file([head, *rows]))
    left = next(one for one in page.context["groups"] if one.column == "exit_date")
    assert left.reason == "The exit lies before the hire on …."
    assert {one.reason for one in left.questions} == {
        "The exit lies before the hire on 2024-03-01.", "The exit lies before the hire on 2024-03-02.",
    }  # fmt: skip
    assert UploadTable.objects.count() == 1


def test_what_was_said_of_a_word_can_be_taken_back_where_it_is_used(world, sign_in):
    oscar = sign_in("oscar")
    rows = [["N1", "A", "2024-03-01", "Sale", "Wizard", "L1"], ["N2", "B", "2024-03-01", "SALES", "Wizard", "L1"]]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    page = oscar.post(url("words", page), {"all-department": "nothing", "all-position": "new"}, follow=True)
    page = oscar.get(url("words", page))
    assert list(page.context["fields"]) == []
    said = {one.word: one for one, _label in page.context["decided"]}
    assert {word: (one.field, one.meaning, one.is_new, one.rows) for word, one in said.items()} == {
        "Sale": ("department", "", False, 1), "Wizard": ("position", "", True, 2),
    }  # fmt: skip
    assert "Decided before" in page.content.decode()
    for word, others in (("Sale", ["Wizard"]), ("Wizard", [])):
        page = oscar.post(url("words", page), {"again": said[word].key}, follow=True)
        assert [one.word for one, _label in page.context["decided"]] == others
        assert word in {one.word for group in page.context["fields"] for _name, one in group["words"]}
    assert not Term.objects.exists()


def test_two_rows_about_one_person_that_contradict_each_other_cannot_both_stay(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "学历"]
    rows = [[f"N{n}", f"Ann {chr(65 + n)}", f"2024-03-{n:02d}", "SALES", "REP", "L1", "本科"] for n in range(1, 9)]
    page = send(oscar, "staff.csv", csv_file([head, *rows, [*rows[0][:6], "硕士"]]))
    (group,) = page.context["groups"]
    assert (group.rule, group.can_keep) == ("near_duplicates", False)
    assert all("keep" not in choices_in(page, one) for one in group.questions)
    page = oscar.post(url("clean", page), {f"all-{group.key}": "first", "go_on": "1"}, follow=True)
    report = only(check(oscar, page))["report"]
    assert (report.created, report.refused) == (8, 0)
    start(oscar, page)
    assert Employee.objects.get(employee_no="N1").education == "本科"


def test_many_words_of_a_field_are_folded_below_their_one_answer(world, sign_in):
    oscar = sign_in("oscar")
    names = ["Wizard", "Witch", "Pirate", "Ninja", "Juggler", "Clown", "Mime", "Ghost", "Vampire", "Zombie", "Yeti"]
    rows = [[f"N{n}", f"Ann {n}", "2024-03-01", "Moon", name, "L1"] for n, name in enumerate(names)]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    assert {group["name"]: group["is_open"] for group in page.context["fields"]} == {
        "department": True, "position": False,
    }  # fmt: skip
    assert "One by one: 11 words" in page.content.decode()
