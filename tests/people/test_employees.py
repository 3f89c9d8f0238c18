"""People come, change, move and go."""

from __future__ import annotations

import datetime as dt

import pytest

from hrsuite.lib.errors import BadInput
from people.models import Assignment, Employee
from people.selectors import today
from people.services import changes
from people.services.employees import (
    Place,
    change_employee,
    create_employee,
    record_departure,
    transfer_employee,
    undo_departure,
)
from training.models import PointsWork


@pytest.fixture
def heard(monkeypatch):
    """(ids, cause) of every call that listeners got."""
    calls: list[tuple[list[int], str]] = []
    monkeypatch.setattr(
        changes, "_listeners", [lambda *, employee_ids, actor, cause: calls.append((employee_ids, cause))]
    )
    return calls


def place(world, department="SALES", position="REP", level="L1", is_head=False) -> Place:
    return Place(world.departments[department], world.positions[position], world.levels[level], is_head)


def spans(employee: Employee) -> list[tuple]:
    return list(employee.assignments.order_by("start_date").values_list("department__code", "start_date", "end_date"))


def test_training_hears_of_changed_people(world):
    transfer_employee(
        employee=world.people["alice"], place=place(world, "RD"), start_date=today(), actor=world.users["helen"]
    )
    assert set(PointsWork.objects.values_list("employee_id", flat=True)) == {world.people["alice"].pk}


def test_a_listener_that_fails_undoes_the_change(world, monkeypatch):
    def fail(**_change):
        raise RuntimeError

    monkeypatch.setattr(changes, "_listeners", [fail])
    with pytest.raises(RuntimeError):
        transfer_employee(
            employee=world.people["alice"], place=place(world, "RD"), start_date=today(), actor=world.users["helen"]
        )
    assert len(spans(world.people["alice"])) == 1


def test_transfer_ends_the_old_assignment_the_day_before(world, heard):
    alice = world.people["alice"]
    day = today() - dt.timedelta(days=10)
    transfer_employee(employee=alice, place=place(world, "RD"), start_date=day, actor=world.users["helen"])
    assert spans(alice) == [("SALES", alice.hire_date, day - dt.timedelta(days=1)), ("RD", day, None)]
    # the same day again: corrected, not doubled
    transfer_employee(employee=alice, place=place(world, "RD-LAB"), start_date=day, actor=world.users["helen"])
    assert spans(alice)[1:] == [("RD-LAB", day, None)]
    assert [ids for ids, _cause in heard] == [[alice.pk]] * 2


@pytest.mark.parametrize(
    ("days_after_hire", "field", "words"),
    [(-1, "start_date", "before the hire date"), (30, "start_date", "would overlap")],
)
def test_transfers_that_do_not_fit(world, heard, days_after_hire, field, words):
    alice, helen = world.people["alice"], world.users["helen"]
    transfer_employee(employee=alice, place=place(world, "RD"), start_date=today(), actor=helen)
    before = spans(alice)
    with pytest.raises(BadInput, match=words) as refused:
        transfer_employee(
            employee=alice,
            place=place(world, "HQ"),
            start_date=alice.hire_date + dt.timedelta(days=days_after_hire),
            actor=helen,
        )
    assert refused.value.field == field
    assert refused.value.mend
    assert spans(alice) == before
    assert len(heard) == 1


def test_transfer_to_the_same_place_is_refused(world, heard):
    with pytest.raises(BadInput, match="exactly this assignment"):
        transfer_employee(
            employee=world.people["alice"], place=place(world), start_date=today(), actor=world.users["helen"]
        )
    assert not heard


def test_departure_ends_everything_and_can_be_undone(world, heard):
    alice, helen = world.people["alice"], world.users["helen"]
    yesterday = today() - dt.timedelta(days=1)
    record_departure(employee=alice, last_day=yesterday, reason="Moved away", actor=helen)
    alice.refresh_from_db()
    world.users["alice"].refresh_from_db()
    assert (alice.exit_date, alice.attributes["exit_reason"]) == (yesterday, "Moved away")
    assert spans(alice)[-1][2] == yesterday
    assert not world.users["alice"].is_active
    with pytest.raises(BadInput, match="recorded already"):
        record_departure(employee=alice, last_day=today(), reason="x", actor=helen)
    undo_departure(employee=alice, actor=helen)
    alice.refresh_from_db()
    assert (alice.exit_date, "exit_reason" in alice.attributes) == (None, False)
    assert spans(alice)[-1][2] is None
    assert len(heard) == 2


def test_departure_before_a_planned_transfer_is_refused(world):
    alice, helen = world.people["alice"], world.users["helen"]
    transfer_employee(employee=alice, place=place(world, "RD"), start_date=today() + dt.timedelta(days=30), actor=helen)
    with pytest.raises(BadInput, match="begins on"):
        record_departure(employee=alice, last_day=today(), reason="x", actor=helen)
    with pytest.raises(BadInput, match="before the hire date"):
        record_departure(employee=alice, last_day=alice.hire_date - dt.timedelta(days=1), reason="x", actor=helen)


def test_new_employee_through_the_page(world, sign_in, heard):
    client = sign_in("helen")
    form = {
        "employee_no": "E900",
        "name": "Grace",
        "hire_date": today().isoformat(),
        "department": world.departments["RD"].pk,
        "position": world.positions["ENGINEER"].pk,
        "level": world.levels["L1"].pk,
    }
    assert (
        "Another employee has this number"
        in client.post("/people/new/", {**form, "employee_no": "E001"}).content.decode()
    )
    assert not heard
    response = client.post("/people/new/", form)
    grace = Employee.objects.get(employee_no="E900")
    assert response.url == f"/people/{grace.pk}/"
    assert spans(grace) == [("RD", today(), None)]
    assert heard == [([grace.pk], "New employee E900")]


def test_only_declared_fields_can_be_posted(world, sign_in):
    alice = world.people["alice"]
    form = {
        "employee_no": alice.employee_no,
        "name": "Alice B.",
        "hire_date": alice.hire_date.isoformat(),
        "exit_date": "2020-01-01",
        "user": world.users["helen"].pk,
        "is_superuser": "1",
    }
    assert sign_in("helen").post(f"/people/{alice.pk}/edit/", form).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.exit_date, alice.user) == ("Alice B.", None, world.users["alice"])


def test_a_new_hire_date_moves_the_first_assignment(world, heard):
    alice = world.people["alice"]
    later = alice.hire_date + dt.timedelta(days=20)
    assert change_employee(employee=alice, hire_date=later, actor=world.users["helen"])
    assert spans(alice)[0][1] == later
    assert len(heard) == 1
    assert not change_employee(employee=alice, hire_date=later, actor=world.users["helen"])


def test_hire_date_far_away_is_refused(world):
    with pytest.raises(BadInput, match="cannot be right"):
        create_employee(
            employee_no="X", name="X", hire_date=dt.date(2222, 1, 1), place=place(world), actor=world.users["helen"]
        )
    assert not Employee.objects.filter(employee_no="X").exists()


def test_list_shows_own_subtree_and_filters(world, sign_in):
    helen = sign_in("helen")
    assert "Erin" not in sign_in("bob").get("/people/").content.decode()
    department = world.departments["RD"].pk
    page = helen.get(f"/people/?department={department}").content.decode()
    assert "Erin" in page
    assert "Dave" in page
    assert "Alice" not in page
    assert "Frank" in helen.get("/people/?q=fran+E00").content.decode()
    record_departure(
        employee=world.people["erin"],
        last_day=today() - dt.timedelta(days=1),
        reason="x",
        actor=world.users["helen"],
    )
    assert "Erin" not in helen.get("/people/").content.decode()
    assert "Erin" in helen.get(f"/people/?status=gone&department={department}").content.decode()


def test_a_sort_key_that_is_no_column_is_ignored(world, sign_in):
    assert sign_in("helen").get("/people/?sort=user__password").status_code == 200


def test_profile_hides_personal_fields_from_managers(world, sign_in):
    alice = world.people["alice"]
    change_employee(employee=alice, birth_date=dt.date(1991, 2, 3), actor=world.users["helen"])
    url = f"/people/{alice.pk}/"
    assert "Birth date" not in sign_in("bob").get(url).content.decode()
    assert "1991" in sign_in("alice").get(url).content.decode()
    assert "1991" in sign_in("helen").get(url).content.decode()


def test_transfer_page_shows_the_refusal_at_its_field(world, sign_in):
    alice = world.people["alice"]
    assignment = Assignment.objects.get(employee=alice)
    page = sign_in("helen").post(
        f"/people/{alice.pk}/transfer/",
        {
            "start_date": "1999-01-01",
            "department": assignment.department_id,
            "position": assignment.position_id,
            "level": assignment.level_id,
        },
    )
    assert page.context["form"].errors["start_date"][0].startswith("This is before the hire date.")


def test_history_says_who_changed_what(world, sign_in):
    alice = world.people["alice"]
    form = {"employee_no": alice.employee_no, "name": "Alice B.", "hire_date": alice.hire_date.isoformat()}
    form["gender"] = "female"
    sign_in("helen").post(f"/people/{alice.pk}/edit/", form)
    sign_in("helen").post(
        f"/people/{alice.pk}/transfer/",
        {
            "start_date": today().isoformat(),
            "department": world.departments["RD"].pk,
            "position": world.positions["REP"].pk,
            "level": world.levels["L1"].pk,
        },
    )
    changes = sign_in("audrey").get(f"/people/{alice.pk}/history/").context["changes"]
    # a test is one transaction, so all of it happened at one moment
    assert sorted((one.subject, one.actor, one.is_new) for one in changes) == [
        ("Assignment", "", True),
        ("Assignment", "Helen", False),
        ("Assignment", "Helen", True),
        ("Person", "", True),
        ("Person", "Helen", False),
    ]
    fields = [field for one in changes for field in one.fields]
    assert ("name", "Alice", "Alice B.") in fields
    assert ("gender", "Not stated", "Female") in fields
    assert ("department", None, world.departments["RD"]) in fields
