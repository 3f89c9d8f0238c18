"""What conditions may ask about people beside attributes of their own."""

from __future__ import annotations

import datetime as dt

from people.models import Employee
from training.selectors.evidence import evidence_by_id


def test_columns_of_an_employee_can_be_asked_for_like_attributes(world):
    Employee.objects.filter(employee_no="E001").update(birth_date=dt.date(1970, 5, 1), education="master")
    pk = Employee.objects.get(employee_no="E001").pk

    [(_pk, (person, _records, _adjustments))] = evidence_by_id([pk])

    assert person.attributes["birth_date"] == "1970-05-01"
    assert person.attributes["education"] == "master"
