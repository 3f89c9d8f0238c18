"""Reads tests/training/policy_cases/*.yaml: small policies with people, records, and the numbers worked out by hand.

A case is written short; this makes a whole policy document of it. On top of what docs/policy-format.md says:

* `earn: {course@professional: {basis: per_hour, points: 1}}` declares the activity, its category and one rule for it,
  in force since 2015; a plain number is so many points per time (`n=8` in the record: eight times).
* `attributes: {mode: text, employee.education: text}` declares attributes.
* `target: {...}` is one target named `target` for the period of the case.
* A record is a line: `[E2] 03-01 course n=8 title=Law mode=online`; days without a year are of 2026.
* `expect` is for E1, or `{E1: …, E2: …}`; `needs` lists `[required, counted, met]` per requirement, `~` is anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "policy_cases"
STATED = ("score", "passed", "course", "title", "source")


@dataclass(frozen=True)
class Post:
    start: dt.date
    end: dt.date | None = None
    departments: Sequence[str] = ()
    position: str = ""
    level: str = ""
    band: str = ""


@dataclass(frozen=True)
class Leave:
    start: dt.date
    end: dt.date | None
    kind: str = ""


@dataclass(frozen=True)
class Person:
    employee_no: str
    hire_date: dt.date
    exit_date: dt.date | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    posts: Sequence[Post] = ()
    leaves: Sequence[Leave] = ()


@dataclass(frozen=True)
class Record:
    id: int
    activity: str
    happened_on: dt.date
    minutes: int | None = None
    count: Decimal | None = None
    score: Decimal | None = None
    passed: bool | None = None
    course: str = ""
    title: str = ""
    source: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Adjustment:
    period: str
    category: str
    amount: Decimal


@dataclass(frozen=True)
class Case:
    id: str
    document: dict[str, Any]
    period: str
    as_of: dt.date | None
    people: list[Person]
    records: dict[str, list[Record]]
    adjustments: dict[str, list[Adjustment]]
    expect: dict[str, dict[str, Any]]


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for one in yaml.safe_load(path.read_text()):
            yield _case(f"{path.stem}: {one['name']}", one)


def _case(name: str, said: Mapping[str, Any]) -> Case:
    period = str(said.get("period", "2026"))
    people = [_person(one) for one in said.get("people", [{}])]
    expect = said["expect"]
    if not set(expect) <= {one.employee_no for one in people}:
        expect = {people[0].employee_no: expect}
    document = _document(said.get("policy", {}), period)
    records: dict[str, list[Record]] = {one.employee_no: [] for one in people}
    for number, line in enumerate(said.get("records", []), start=1):
        words = str(line).split()
        employee = words.pop(0) if words[0] in records else people[0].employee_no
        records[employee].append(_record(number, words, document))
    adjustments: dict[str, list[Adjustment]] = {}
    for employee, when, category, amount in said.get("adjustments", []):
        adjustments.setdefault(employee, []).append(Adjustment(str(when), category, Decimal(str(amount))))
    as_of = said.get("as_of")
    return Case(name, document, period, as_of, people, records, adjustments, expect)


def _document(said: Mapping[str, Any], period: str) -> dict[str, Any]:
    document = {"format": 1, "policy": {"code": "p"}, "categories": [], "activities": [], "rules": []} | said
    document["categories"], document["activities"] = list(document["categories"]), list(document["activities"])
    document["rules"] = list(document["rules"])
    if "years" not in document:
        document["years"] = [
            {"name": str(year), "start": dt.date(year, 1, 1), "end": dt.date(year, 12, 31)}
            for year in range(2020, 2029)
        ]
    for words, version in document.pop("earn", {}).items():
        activity, _, category = words.partition("@")
        _declare(document["categories"], {"code": category or "c"})
        _declare(document["activities"], {"code": activity, "category": category or "c"})
        version = version if isinstance(version, dict) else {"basis": "per_time", "points": version}
        versions = [{"from": dt.date(2015, 1, 1)} | version]
        document["rules"].append({"code": activity, "activity": activity, "versions": versions})
    if isinstance(document.get("attributes"), dict):
        document["attributes"] = [
            {"owner": "employee" if "." in name else "record", "code": name.rpartition(".")[2], "type": kind}
            for name, kind in document["attributes"].items()
        ]
    if "target" in document:
        target = document.pop("target")
        document["targets"] = [
            {"name": "target", "year": period} | (target if isinstance(target, dict) else {"total": target})
        ]
    return document


def _declare(known: list[dict[str, Any]], one: dict[str, Any]) -> None:
    if one["code"] not in [other["code"] for other in known]:
        known.append(one)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def _record(number: int, words: list[str], document: Mapping[str, Any]) -> Record:
    day, activity = words.pop(0), words.pop(0)
    stated: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name == "n":
            stated["count"] = Decimal(value)
        elif name == "h":
            stated["minutes"] = int(Decimal(value) * 60)
        elif name == "min":
            stated["minutes"] = int(value)
        elif name == "score":
            stated["score"] = Decimal(value)
        elif name == "passed":
            stated["passed"] = value == "yes"
        elif name in STATED:
            stated[name] = value
        else:
            attributes[name] = {"true": True, "false": False}.get(value, value)
    return Record(number, activity, _day(day), **stated, attributes=attributes)


def _person(said: Mapping[str, Any]) -> Person:
    hired = said.get("hired", dt.date(2015, 1, 1))
    posts = said.get("posts") or [
        {name: said[name] for name in ("departments", "position", "level", "band") if name in said}
    ]
    return Person(
        employee_no=said.get("id", "E1"),
        hire_date=hired,
        exit_date=said.get("left"),
        attributes=said.get("has", {}),
        posts=tuple(Post(**{"start": hired} | post) for post in posts),
        leaves=tuple(Leave(*leave) for leave in said.get("leaves", [])),
    )
