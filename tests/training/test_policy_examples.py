"""The example policies give what their README works out by hand."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from training.rules.engine import Person, Plan, Post, Record, evaluate, finish
from training.services.policy_file import parse

FOLDERS = sorted(path.parent for path in (settings.BASE_DIR / "examples" / "policies").glob("*/expected.json"))
PERSON = {"employee_no", "name", "hire_date", "exit_date", "department", "position", "level", "band"}
RECORD = {"employee_no", "activity", "happened_on", "hours", "score", "course", "title", "source_id", "count"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: text for name, text in row.items() if text} for row in csv.DictReader(file)]


def person(row: dict[str, str]) -> Person:
    post = Post(dt.date.min, band=row.get("band", ""))
    own = {name: text for name, text in row.items() if name not in PERSON}
    return Person(row["employee_no"], dt.date.fromisoformat(row["hire_date"]), attributes=own, posts=(post,))


def record(number: int, row: dict[str, str], marks: dict[str, Any]) -> Record:
    score, mark = row.get("score"), marks.get(row["activity"])
    return Record(
        number,
        row["activity"],
        dt.date.fromisoformat(row["happened_on"]),
        minutes=int(Decimal(row["hours"]) * 60) if "hours" in row else None,
        score=Decimal(score) if score else None,
        passed=Decimal(score) >= mark if score and mark is not None else None,
        course=row.get("course", ""),
        title=row.get("title", ""),
        attributes={name: text for name, text in row.items() if name not in RECORD},
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_worked_out_by_hand(folder):
    document = parse((folder / "policy.yaml").read_text("utf-8")).document
    marks = {row["code"]: row.get("pass_mark") for row in document["activities"]}
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    plan, period = Plan.compile(document), expected["period"]
    evidence: dict[str, list[Record]] = {}
    for number, row in enumerate(rows(folder / "records.csv"), start=1):
        evidence.setdefault(row["employee_no"], []).append(record(number, row, marks))
    accounts = [
        evaluate(plan, period=period, person=one, records=evidence.get(one.employee_no, []))
        for one in map(person, rows(folder / "employees.csv"))
    ]
    found = {}
    for account in finish(plan, period=period, accounts=accounts):
        wanted = expected["employees"][account.employee_no]
        said = {name: getattr(account, name) for name in wanted if name != "outcomes"}
        said["status"] = account.status or None
        found[account.employee_no] = said | {"outcomes": sorted(outcome.name for outcome in account.outcomes)}
    assert found == {name: {**row, "outcomes": sorted(row["outcomes"])} for name, row in expected["employees"].items()}
