"""Attributes and leaves in the pages: declared, asked for in forms, shown, filtered and exported."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from people.models import Attribute, Employee, Leave
from training.models import LearningRecord, PointsWork

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(world):
    for owner, code, name, type_, choices in [
        ("employee", "site", "Site", "choice", ["north", "south"]),
        ("employee", "coach", "Is a coach", "boolean", []),
        ("employee", "licence", "Licence until", "date", []),
        ("record", "credits", "Credits", "number", []),
        ("record", "mode", "Mode", "choice", ["online", "in person"]),
    ]:
        Attribute.objects.create(owner=owner, code=code, name=name, type=type_, choices=choices)
    return world


def text(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8-sig")


def test_hr_declares_changes_and_retires(world, sign_in):
    helen = sign_in("helen")
    said = {"owner": "record", "code": "mode", "name": "Mode", "type": "choice", "choices": "online\nin person"}
    answer = helen.post(reverse("people:declare_attribute"), said)
    assert answer.status_code == 302
    row = Attribute.objects.get()
    assert row.choices == ["online", "in person"]
    answer = helen.post(reverse("people:declare_attribute"), {**said, "code": "score"})
    assert "Conditions know this name already" in text(answer)
    helen.post(reverse("people:change_attribute", args=[row.pk]), {"name": "Way", "type": "text", "choices": ""})
    row.refresh_from_db()
    assert (row.name, row.type) == ("Way", "text")
    helen.post(reverse("people:retire_attribute", args=[row.pk]), {"x": ""})
    assert "Retired" in text(helen.get(reverse("people:attributes")))


def test_attributes_are_asked_for_shown_filtered_and_exported(declared, sign_in):
    helen, alice = sign_in("helen"), declared.people["alice"]
    url = reverse("people:change_employee", args=[alice.pk])
    fields = {"employee_no": "E001", "name": "Alice", "hire_date": alice.hire_date.isoformat(), "gender": ""}
    said = {"attribute_site": "south", "attribute_coach": "true", "attribute_licence": "2027-01-31"}
    assert helen.post(url, {**fields, **said, "attribute_site": "west"}).status_code == 200
    assert helen.post(url, fields | said).status_code == 302
    assert Employee.objects.get(pk=alice.pk).attributes == {"site": "south", "coach": True, "licence": "2027-01-31"}
    assert PointsWork.objects.filter(employee=alice).exists()
    profile = text(helen.get(reverse("people:profile", args=[alice.pk])))
    assert "Is a coach" in profile
    assert "south" in profile
    people = reverse("people:people")
    assert "Bob" not in text(helen.get(people, {"attribute_site": "south"}))
    assert "Alice" in text(helen.get(people, {"attribute_site": "south", "attribute_coach": "true"}))
    assert "Alice" not in text(helen.get(people, {"attribute_coach": "false"}))
    exported = text(helen.get(people, {"export": "csv", "attribute_site": "south"})).splitlines()
    assert "Site" in exported[0]
    assert "south" in exported[1]
    # an empty field takes the value away
    assert helen.post(url, fields | {"attribute_site": "south"}).status_code == 302
    assert Employee.objects.get(pk=alice.pk).attributes == {"site": "south"}


def test_others_do_not_see_attributes_and_leaves_of_a_person(declared, sign_in):
    alice = declared.people["alice"]
    Employee.objects.filter(pk=alice.pk).update(attributes={"site": "south"})
    Leave.objects.create(employee=alice, kind="sabbatical", start_date=alice.hire_date, end_date=alice.hire_date)
    url = reverse("people:profile", args=[alice.pk])
    for name, sees in [("alice", True), ("helen", True), ("bob", False)]:
        shown = text(sign_in(name).get(url))
        assert ("south" in shown, "sabbatical" in shown) == (sees, sees), name


def test_a_new_employee_and_a_record_with_attributes(declared, sign_in):
    helen, world = sign_in("helen"), declared
    answer = helen.post(
        reverse("people:add_employee"),
        {
            "employee_no": "E100", "name": "New", "hire_date": "2024-01-01", "gender": "", "attribute_site": "north",
            "department": world.departments["SALES"].pk, "position": world.positions["REP"].pk,
            "level": world.levels["L1"].pk,
        },
    )  # fmt: skip
    assert answer.status_code == 302
    assert Employee.objects.get(employee_no="E100").attributes == {"site": "north"}
    day = dt.date(world.year.start_date.year, 3, 1).isoformat()
    said = {
        "employee": "E001", "activity": world.activities["workshop"].pk, "happened_on": day, "form_id": "f1",
        "attribute_credits": "2.50", "attribute_mode": "online",
    }  # fmt: skip
    assert helen.post(reverse("training:add_record"), said).status_code == 302
    record = LearningRecord.objects.get()
    assert record.attributes == {"credits": "2.5", "mode": "online"}
    shown = text(helen.get(reverse("training:record", args=[record.pk])))
    assert "Credits" in shown
    correct = reverse("training:correct_record", args=[record.pk])
    assert 'value="2.5"' in text(helen.get(correct))
    said = {**said, "attribute_credits": "3", "attribute_mode": "", "reason": "Typing error"}
    assert helen.post(correct, said).status_code == 302
    assert LearningRecord.objects.get(status="active").attributes == {"credits": "3"}
    exported = text(helen.get(reverse("training:records"), {"export": "csv"})).splitlines()
    assert exported[0].endswith("Credits,Mode")
    assert "3," in exported[1]


def test_a_leave_is_entered_ended_and_taken_back(world, sign_in):
    helen, alice = sign_in("helen"), world.people["alice"]
    start = alice.hire_date + dt.timedelta(days=40)
    said = {"kind": "parental", "start_date": start.isoformat(), "end_date": "", "reason": ""}
    add = reverse("people:add_leave", args=[alice.pk])
    assert helen.post(add, said).status_code == 302
    assert "Overlaps" in text(helen.post(add, said))
    leave = Leave.objects.get()
    end = (start + dt.timedelta(days=90)).isoformat()
    assert helen.post(reverse("people:change_leave", args=[leave.pk]), said | {"end_date": end}).status_code == 302
    leave.refresh_from_db()
    assert leave.end_date.isoformat() == end
    helen.post(reverse("people:delete_leave", args=[leave.pk]), {"x": ""})
    assert not Leave.objects.exists()
