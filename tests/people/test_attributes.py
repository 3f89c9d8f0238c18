"""Custom attributes and long leaves: declared once, checked, and every change books points again."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrsuite.lib.errors import BadInput, BadRows, Outcome
from people.models import Attribute, Employee, Leave
from people.services.attributes import declare_attribute, read_value, retire_attribute
from people.services.bulk import EmployeeRow, save_employees
from people.services.employees import change_employee
from people.services.leaves import LeaveRow, add_leave, change_leave, delete_leave, save_leaves
from training.models import PointsWork

pytestmark = pytest.mark.django_db


def declare(code="ward", type="text", owner="employee", **more) -> Attribute:
    return declare_attribute(owner=owner, code=code, type=type, actor=None, **more)


def run(*args) -> str:
    out = io.StringIO()
    call_command("attribute", *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("type_", "given", "stored"),
    [
        ("number", "12.50", "12.5"), ("number", 3.0, "3"), ("number", "-0", "0"), ("number", "1e2", "100"),
        ("date", "2026-03-31", "2026-03-31"), ("date", dt.date(2026, 3, 31), "2026-03-31"),
        ("date", dt.datetime(2026, 3, 31, 8, tzinfo=dt.UTC), "2026-03-31"),
        ("boolean", "Yes", True), ("boolean", "否", False), ("boolean", False, False), ("boolean", 1, True),
        ("choice", "ONLINE", "online"), ("text", " a b ", "a b"), ("text", 7.0, "7"), ("text", "  ", None),
    ],
)  # fmt: skip
def test_values_are_stored_in_one_way(type_, given, stored):
    attribute = Attribute(code="x", name="X", type=type_, choices=["online", "in person"])
    assert read_value(attribute, given) == stored


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("number", "many"), ("number", "NaN"), ("number", "Infinity"), ("number", "1e30"), ("number", True),
        ("date", "31.3.2026"), ("date", "2026-02-30"), ("boolean", "maybe"), ("choice", "on line"),
        ("text", "x" * 301), ("text", "a\x00b"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_attribute_and_a_mend(type_, given):
    attribute = Attribute(code="x", name="Venue", type=type_, choices=["online"])
    with pytest.raises(BadInput) as error:
        read_value(attribute, given)
    assert error.value.field == "x"
    assert "Venue" in error.value.message
    assert error.value.mend


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("code", {"code": "two words"}), ("code", {"code": ""}), ("code", {"code": "department"}),
        ("code", {"code": "score", "owner": "record"}), ("owner", {"owner": "team"}), ("type", {"type": "colour"}),
        ("choices", {"type": "choice"}), ("choices", {"type": "choice", "choices": ["a", "A"]}),
        ("choices", {"choices": ["a"]}),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused(field, said):
    with pytest.raises(BadInput) as error:
        declare(**said)
    assert error.value.field == field
    assert not Attribute.objects.exists()


def test_a_type_or_choice_in_use_stays(world):
    row = declare(type="choice", choices=["east", "west"])
    change_employee(employee=world.people["alice"], attributes={"ward": "East"}, actor=world.users["helen"])
    with pytest.raises(BadInput, match="type"):
        declare(type="number")
    with pytest.raises(BadInput, match="east"):
        declare(type="choice", choices=["west"])
    declare(type="choice", choices=["east", "north"], name="Ward")
    row.refresh_from_db()
    assert (row.name, row.choices) == ("Ward", ["east", "north"])
    # nothing is lost where a choice becomes free text
    declare(type="text")
    change_employee(employee=world.people["alice"], attributes={"ward": ""}, actor=world.users["helen"])
    declare(type="number")


def test_attributes_of_a_person_are_checked_and_book_points_again(world):
    declare(type="number")
    alice = world.people["alice"]
    with pytest.raises(BadInput):
        change_employee(employee=alice, attributes={"ward": "many"}, actor=world.users["helen"])
    assert not PointsWork.objects.exists()
    assert change_employee(employee=alice, attributes={"ward": "2.0"}, actor=world.users["helen"])
    assert Employee.objects.get(pk=alice.pk).attributes == {"ward": "2"}
    assert PointsWork.objects.filter(employee=alice).exists()
    assert not change_employee(employee=alice, attributes={"ward": "2"}, actor=world.users["helen"])


def test_attributes_in_bulk_name_row_and_value(world):
    declare(type="number")
    rows = [EmployeeRow(2, "E001", attributes={"ward": "3"}), EmployeeRow(3, "E002", attributes={"ward": "x"})]
    with pytest.raises(BadRows) as error:
        save_employees(rows=rows, actor=None)
    assert [(one.row, one.column, one.value) for one in error.value.problems] == [(3, "ward", "x")]
    assert save_employees(rows=rows[:1], actor=None) == Outcome(changed=1)
    assert save_employees(rows=rows[:1], actor=None) == Outcome(unchanged=1)
    assert PointsWork.objects.filter(employee__employee_no="E001").exists()


def test_the_command_declares_lists_retires_and_reads_a_policy(tmp_path):
    run("declare", "record", "mode", "--type", "choice", "--name", "Mode", "--choices", "online, in person")
    assert json.loads(run("list", "--json"))[0]["choices"] == ["online", "in person"]
    run("retire", "record", "mode")
    assert "retired" in run("list")
    with pytest.raises(CommandError):
        run("retire", "employee", "mode")
    file = tmp_path / "policy.yaml"
    file.write_text(
        "attributes:\n- {owner: employee, code: ward, type: text}\n- {owner: record, code: mode, type: text}\n"
    )
    run("import", str(file))
    assert [row["code"] for row in json.loads(run("list", "--json")) if row["is_active"]] == ["ward", "mode"]
    file.write_text("attributes:\n- {owner: employee, code: new, type: text}\n- {owner: record, code: x, type: odd}\n")
    with pytest.raises(CommandError):
        run("import", str(file))
    assert not Attribute.objects.filter(code="new").exists()


def test_a_retired_attribute_is_not_asked_for(world):
    retire_attribute(attribute=declare(type="number"), actor=None)
    # what nobody asks for is not checked either, and what was stated stays
    assert change_employee(employee=world.people["alice"], attributes={"ward": "x"}, actor=world.users["helen"])


# --- long leaves ------------------------------------------------------------------------------------------------------
def day(world, month, number=1) -> dt.date:
    return dt.date(world.year.start_date.year, month, number)


def test_leaves_do_not_overlap_and_book_points_again(world):
    alice, helen = world.people["alice"], world.users["helen"]
    leave = add_leave(employee=alice, kind="parental", start_date=day(world, 2), end_date=None, actor=helen)
    assert PointsWork.objects.filter(employee=alice).exists()
    for start, end in [(day(world, 3), None), (day(world, 1), day(world, 2))]:
        with pytest.raises(BadInput, match="Overlaps"):
            add_leave(employee=alice, kind="sick", start_date=start, end_date=end, actor=helen)
    change_leave(leave=leave, kind="parental", start_date=day(world, 2), end_date=day(world, 2, 20), actor=helen)
    other = add_leave(employee=alice, kind="sick", start_date=day(world, 2, 21), end_date=None, actor=helen)
    with pytest.raises(BadInput, match="Overlaps"):
        change_leave(leave=leave, kind="parental", start_date=day(world, 2), end_date=None, actor=helen)
    delete_leave(leave=other, actor=helen)
    assert list(Leave.objects.values_list("kind", "end_date")) == [("parental", day(world, 2, 20))]


def test_leaves_outside_the_employment_are_refused(world):
    alice, helen = world.people["alice"], world.users["helen"]
    before = alice.hire_date - dt.timedelta(days=1)
    with pytest.raises(BadInput, match="hire date"):
        add_leave(employee=alice, kind="sick", start_date=before, end_date=None, actor=helen)
    with pytest.raises(BadInput, match="first day"):
        add_leave(employee=alice, kind="sick", start_date=day(world, 3), end_date=day(world, 2), actor=helen)
    with pytest.raises(BadInput, match="kind"):
        add_leave(employee=alice, kind=" ", start_date=day(world, 3), end_date=None, actor=helen)


def test_leaves_in_bulk_all_or_nothing_and_twice_is_once(world):
    rows = [
        LeaveRow(2, "E001", "parental", day(world, 2), day(world, 4)),
        LeaveRow(3, "E002", "sick", day(world, 2)),
    ]
    bad = [LeaveRow(4, "E999", "sick", day(world, 1)), LeaveRow(5, "E001", "sick", day(world, 3))]
    with pytest.raises(BadRows) as error:
        save_leaves(rows=[*rows, *bad], actor=None)
    assert [one.row for one in error.value.problems] == [4, 5]
    assert not Leave.objects.exists()
    assert save_leaves(rows=rows, actor=None) == Outcome(created=2)
    assert save_leaves(rows=rows, actor=None) == Outcome(unchanged=2)
    ended = [LeaveRow(2, "E002", "sick", day(world, 2), day(world, 5))]
    assert save_leaves(rows=ended, actor=None) == Outcome(changed=1)


def test_leaves_in_bulk_take_as_many_statements_however_many_they_are(world):
    def statements(*rows: LeaveRow) -> int:
        with CaptureQueriesContext(connection) as queries:
            save_leaves(rows=rows, actor=None)
        return len(queries)

    one = statements(LeaveRow(2, "E001", "sick", day(world, 1), day(world, 1, 2)))
    eleven = [LeaveRow(month, "E002", "sick", day(world, month), day(world, month, 5)) for month in range(2, 13)]
    assert statements(*eleven) == one
    longer = [replace(row, end_date=day(world, row.row, 9)) for row in eleven]
    assert statements(*longer) == statements(LeaveRow(2, "E001", "sick", day(world, 1), day(world, 1, 3)))
    assert {one.end_date.day for one in Leave.objects.filter(employee__employee_no="E002")} == {9}


def test_a_leave_that_ends_makes_room_for_the_next_one_of_the_same_file(world):
    save_leaves(rows=[LeaveRow(2, "E001", "sick", day(world, 2))], actor=None)
    rows = [LeaveRow(2, "E001", "parental", day(world, 4)), LeaveRow(3, "E001", "sick", day(world, 2), day(world, 3))]
    assert save_leaves(rows=rows, actor=None) == Outcome(created=1, changed=1)
