"""Commands that work a policy out without booking: what the engine says equals what is booked."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from training.models import LearningRecord, Standing
from training.services.booking import book
from training.services.policy_file import export_policy

pytestmark = pytest.mark.django_db


def told(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture
def learned(world: Any) -> Any:
    """Alice: 90 minutes online and an exam; Bob: two workshops."""
    rows = [
        ("alice", "online", {"minutes": 90}),
        ("alice", "exam", {"score": Decimal(80), "passed": True}),
        ("bob", "workshop", {"count": 2}),
    ]
    for number, (name, activity, said) in enumerate(rows):
        LearningRecord.objects.create(
            employee=world.people[name], activity=world.activities[activity], happened_on=world.year.start_date,
            source="test", source_id=str(number), **said,
        )  # fmt: skip
    return world


@pytest.fixture
def exported(learned: Any, tmp_path: Any) -> Any:
    path = tmp_path / "policy.yaml"
    path.write_text(export_policy(learned.policy), encoding="utf-8")
    return path


def test_a_file_gives_what_the_ledger_gives(learned, exported):
    ids = [person.pk for person in learned.people.values()]
    book(employee_ids=ids, year_id=learned.year.pk, cause="test", actor_id=None)

    answer = json.loads(told("points", "--policy", str(exported), "--period", learned.year.name, "--json"))

    booked = {
        standing.employee.employee_no: (standing.total, standing.required, standing.met)
        for standing in Standing.objects.filter(year=learned.year).select_related("employee")
    }
    found = {
        row["employee_no"]: (Decimal(str(row["total"])), row["required"] and Decimal(str(row["required"])), row["met"])
        for row in answer["employees"]
        if row["employee_no"] in booked
    }
    assert found == booked
    assert answer["summary"]["points"] == 3 + 10 + 10


def test_as_of_leaves_out_what_came_later(learned, exported):
    day = learned.year.start_date.replace(year=learned.year.start_date.year - 1)

    answer = json.loads(
        told("points", "--policy", str(exported), "--period", learned.year.name, "--as-of", day.isoformat(), "--json")
    )

    assert answer["summary"]["points"] == 0


def test_simulate_tells_who_gains_and_books_nothing(learned, exported):
    document = yaml.safe_load(exported.read_text(encoding="utf-8"))
    for rule in document["rules"]:
        if rule["activity"] == "workshop":
            rule["versions"][0]["points"] = 8
    exported.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")

    found = json.loads(told("policy", "simulate", str(exported), "--period", learned.year.name, "--json"))

    assert [(row["employee_no"], row["difference"]) for row in found] == [(learned.people["bob"].employee_no, 6)]
    assert not Standing.objects.filter(total__gt=0).exists()


def test_explain_shows_every_line(learned, exported):
    number = learned.people["alice"].employee_no

    text = told("policy", "explain", number, "--policy", str(exported), "--period", learned.year.name)

    assert "1.5 × 2 = 3" in text
    assert "total 13" in text


def test_an_unknown_period_and_a_file_that_is_none_are_refused(learned, exported, tmp_path):
    with pytest.raises(CommandError, match="no points year 1999"):
        told("points", "--policy", str(exported), "--period", "1999")
    other = tmp_path / "other.yaml"
    other.write_text("a: 1", encoding="utf-8")
    with pytest.raises(CommandError, match="no policy file"):
        told("points", "--policy", str(other), "--period", learned.year.name)
