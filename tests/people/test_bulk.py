"""Employees and assignments in bulk: created, changed field by field, refused with every problem, nothing twice."""

from __future__ import annotations

import datetime as dt

import pytest

from hrsuite.lib.errors import BadRows, Outcome
from people.models import Assignment, Department, Employee, Level
from people.services.bulk import AssignmentRow, EmployeeRow, Missing, save_assignments, save_employees
from training.models import PointsWork

HIRED = dt.date(2024, 3, 1)
pytestmark = pytest.mark.django_db


def person(row=2, employee_no="N1", **fields):
    return EmployeeRow(row=row, employee_no=employee_no, **{"name": "Nina", "hire_date": HIRED, **fields})


def place(row=2, employee_no="N1", **fields):
    stated = {"department": "Sales", "position": "REP", "level": "L1", "start_date": HIRED, **fields}
    return AssignmentRow(row=row, employee_no=employee_no, **stated)


def refused(save, rows, **more):
    """The problems, with proof that nothing was written."""
    before = list(Employee.objects.values()), list(Assignment.objects.values()), PointsWork.objects.count()
    with pytest.raises(BadRows) as caught:
        save(rows=rows, actor=None, **more)
    assert before == (list(Employee.objects.values()), list(Assignment.objects.values()), PointsWork.objects.count())
    return [(problem.row, problem.column, problem.value) for problem in caught.value.problems]


def test_a_person_is_created_then_unchanged_then_changed(world):
    assert save_employees(rows=[person(email="n@example.com")], actor=None) == Outcome(created=1)
    assert save_employees(rows=[person(email="n@example.com")], actor=None) == Outcome(unchanged=1)
    # an empty cell says nothing
    assert save_employees(rows=[person(email="", name="Nina B")], actor=None) == Outcome(changed=1)
    assert Employee.objects.values_list("name", "email").get(employee_no="N1") == ("Nina B", "n@example.com")


def test_an_exit_date_ends_the_assignment_and_switches_the_account_off(world):
    alice = world.people["alice"]
    day = dt.date(world.year.start_date.year, 1, 31)
    save_employees(rows=[EmployeeRow(2, "E001", exit_date=day)], actor=world.users["helen"])
    assert Assignment.objects.get(employee=alice).end_date == day
    assert PointsWork.objects.filter(employee=alice).exists()
    world.users["alice"].refresh_from_db()
    assert not world.users["alice"].is_active


def test_every_problem_of_employees_is_reported_and_nothing_written(world):
    rows = [
        person(2, "N1", exit_date=dt.date(2024, 2, 1)),
        person(3, "N2", name=""),
        person(4, ""),
        person(5, "N3", email="no address"),
        person(6, "N4", gender="lady"),
        person(7, "N5"),
        person(8, "N5", name="Somebody else"),
        person(9, "N6", hire_date=dt.date(1890, 1, 1)),
        person(10, "N7", birth_date=dt.date(2025, 1, 1)),
        person(11, "N" * 41),
        person(12, "N8", name="Nul\x00l"),
    ]
    assert refused(save_employees, rows) == [
        (2, "exit_date", dt.date(2024, 2, 1)),
        (3, "name", ""),
        (4, "employee_no", ""),
        (5, "email", "no address"),
        (6, "gender", "lady"),
        (8, "employee_no", "N5"),
        (9, "hire_date", dt.date(1890, 1, 1)),
        (10, "birth_date", dt.date(2025, 1, 1)),
        (11, "employee_no", "N" * 41),
        (12, "name", repr("Nul\x00l")),
    ]


def test_a_new_hire_date_moves_the_first_assignment(world):
    new = dt.date(world.year.start_date.year - 2, 1, 1)
    save_employees(rows=[EmployeeRow(2, "E001", hire_date=new)], actor=None)
    assert Assignment.objects.get(employee=world.people["alice"]).start_date == new


def test_a_later_row_is_a_transfer_and_the_same_rows_again_change_nothing(world):
    save_employees(rows=[person()], actor=None)
    rows = [place(3, department="RD-LAB", position="engineer", start_date=dt.date(2025, 1, 1)), place(2)]
    assert save_assignments(rows=rows, actor=None) == Outcome(created=2)
    assert save_assignments(rows=rows, actor=None) == Outcome(unchanged=2)
    held = Assignment.objects.filter(employee__employee_no="N1").order_by("start_date")
    assert [(one.department.code, one.start_date, one.end_date) for one in held] == [
        ("SALES", HIRED, dt.date(2024, 12, 31)),
        ("RD-LAB", dt.date(2025, 1, 1), None),
    ]


def test_a_row_of_the_same_day_corrects(world):
    alice = world.people["alice"]
    row = place(2, "E001", level="L2", start_date=alice.hire_date)
    assert save_assignments(rows=[row], actor=None) == Outcome(changed=1)
    assert Assignment.objects.get(employee=alice).level.code == "L2"


def test_every_problem_of_assignments_is_reported_and_nothing_written(world):
    gone = dt.date(2025, 6, 30)
    save_employees(rows=[person(), person(3, "N2", exit_date=gone), person(4, "N3")], actor=None)
    save_assignments(
        rows=[place(2, "N3", end_date=dt.date(2024, 12, 31)), place(3, "N3", start_date=dt.date(2025, 1, 1))],
        actor=None,
    )
    rows = [
        place(2, "NOBODY"),
        place(3, department="Moon"),
        place(4, position="", level="L9"),
        place(5, start_date=dt.date(2024, 2, 1)),
        place(6, "N2", start_date=dt.date(2025, 7, 1)),
        place(7, "N2", end_date=dt.date(2025, 7, 1)),
        place(8, end_date=dt.date(2024, 2, 1)),
        place(9, "N3", start_date=dt.date(2024, 6, 1)),
        place(10, "N3", department="RD", start_date=None),
        place(11),
        place(12, level="L2"),
    ]
    assert refused(save_assignments, rows) == [
        (2, "employee_no", "NOBODY"),
        (3, "department", "Moon"),
        (4, "position", ""),
        (4, "level", "L9"),
        (5, "start_date", dt.date(2024, 2, 1)),
        (6, "start_date", dt.date(2025, 7, 1)),
        (7, "end_date", dt.date(2025, 7, 1)),
        (8, "end_date", dt.date(2024, 2, 1)),
        (9, "start_date", dt.date(2024, 6, 1)),
        (10, "department", "RD"),
        (12, "start_date", HIRED),
    ]


def test_missing_places_are_created_only_where_asked_for(world):
    save_employees(rows=[person()], actor=None)
    row = place(department=" Moon  base ", level="Wizard")
    assert len(refused(save_assignments, [row])) == 2
    missing = Missing(departments=True, levels=True, bands={"Wizard": "senior"})
    assert save_assignments(rows=[row], actor=None, missing=missing) == Outcome(created=1)
    assert Department.objects.get(name="Moon base")
    assert Level.objects.get(name="Wizard").band == "senior"


def test_a_shared_name_needs_the_code(world):
    Department.objects.create(code="RD-2", name="R&D")
    save_employees(rows=[person()], actor=None)
    assert refused(save_assignments, [place(department="R&D")]) == [(2, "department", "R&D")]
    assert save_assignments(rows=[place(department="rd")], actor=None) == Outcome(created=1)


def test_thousands_take_a_handful_of_queries(world, django_assert_max_num_queries):
    rows = [person(number, f"M{number}") for number in range(3000)]
    with django_assert_max_num_queries(15):
        save_employees(rows=rows, actor=None)
    with django_assert_max_num_queries(20):
        save_assignments(rows=[place(one.row, one.employee_no) for one in rows], actor=None)
