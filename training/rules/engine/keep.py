"""Accounts as plain values: what a ranking needs of them, and what the period after does.

The first is kept when an account is booked and ranked with everybody's later; the second goes into the snapshot of a
closed year, so that whatever changes afterwards does not move what was carried out of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from training.rules.engine.account import AWARD, Account, Line, Need
from training.rules.engine.inputs import Person, Post, Record
from training.rules.engine.plan import Plan
from training.rules.engine.values import ZERO


def keep(account: Account) -> dict[str, Any]:
    """Lists, mappings, texts, numbers and truth values only; points as texts."""
    person = account.person
    post = person.post_on(account.day)
    return {
        "person": {
            "hire_date": person.hire_date.isoformat(),
            "exit_date": person.exit_date and person.exit_date.isoformat(),
            "attributes": dict(person.attributes),
            "post": post and [list(post.departments), post.position, post.level, post.band],
        },
        "day": account.day.isoformat(),
        "total": str(account.total),
        "raw_total": str(account.raw_total),
        "required": None if account.required is None else str(account.required),
        "met": account.met,
        "exempt": account.exempt,
        "voided": account.voided,
        "in_a_row": [account.missed_in_a_row, account.met_in_a_row],
        "categories": {code: [str(counted), str(raw)] for code, (counted, raw) in account.categories.items()},
        "needs": [[need.name, need.met] for need in account.needs()],
        "stated": account.stated,
        "times": account.times,
        "target": account.target,
    }


def restore(plan: Plan, period: str, employee_no: str, kept: Mapping[str, Any]) -> Account:
    """An account that ``finish`` can rank and judge; its lines are not there."""
    said, day = kept["person"], dt.date.fromisoformat(kept["day"])
    post = said["post"]
    person = Person(
        employee_no=employee_no,
        hire_date=dt.date.fromisoformat(said["hire_date"]),
        exit_date=dt.date.fromisoformat(said["exit_date"]) if said["exit_date"] else None,
        attributes=said["attributes"],
        posts=(Post(day, None, tuple(post[0]), *post[1:]),) if post else (),
    )
    return Account(
        employee_no=employee_no,
        period=period,
        person=person,
        total=Decimal(kept["total"]),
        raw_total=Decimal(kept["raw_total"]),
        categories={code: (Decimal(pair[0]), Decimal(pair[1])) for code, pair in kept["categories"].items()},
        target=kept["target"],
        target_spec=next((one for one in plan.targets if one.year == period and one.name == kept["target"]), None),
        required=None if kept["required"] is None else Decimal(kept["required"]),
        met=kept["met"],
        exempt=kept["exempt"],
        voided=kept["voided"],
        missed_in_a_row=kept.get("in_a_row", (0, 0))[0],
        met_in_a_row=kept.get("in_a_row", (0, 0))[1],
        requirements=[Need(name, ZERO, ZERO, met) for name, met in kept["needs"]],
        day=day,
        stated=kept["stated"],
        times=kept["times"],
    )


def leave(plan: Plan, account: Account) -> dict[str, Any]:
    """What carry-over, debts and periods in a row of the next period ask of this one; points as texts."""
    found: dict[str, Any] = {
        "total": str(account.total),
        "required": str(account.required),
        "met": account.met,
        "exempt": account.exempt,
        "categories": {code: str(counted) for code, (counted, _raw) in account.categories.items()},
        "needs": needs_left(account),
        "carried": {of: [[age, str(points)] for age, points in lots] for of, lots in account.carried.items()},
        "in_a_row": [account.missed_in_a_row, account.met_in_a_row],
    }
    if any(spec.get("above") == "cap" for spec in plan.carry_over):
        found["cut"] = {code: str(points) for code, points in account.cut.items()}
    if any(spec.get("earned_in_last_months") for spec in plan.carry_over):
        earned: dict[tuple[str, dt.date], Decimal] = {}
        for line in account.lines:
            if line.record:
                key = line.category, line.record.happened_on
                earned[key] = earned.get(key, ZERO) + line.counted
        found["earned"] = [[code, day.isoformat(), str(points)] for (code, day), points in sorted(earned.items())]
    return found


def needs_left(account: Account) -> list[list[str]]:
    """Category, required and counted points of each plain minimum, whatever its name."""
    return [[one.category, str(one.required), str(one.counted)] for one in account.requirements if one.category]


def settle(period: str, person: Person, left: Mapping[str, Any]) -> Account:
    """The account of a period as its snapshot has it, for the period after it."""
    account = Account(person.employee_no, period, person)
    if left.get("required") is None:
        return account
    account.total, account.required = Decimal(left["total"]), Decimal(left["required"])
    account.met, account.exempt = left["met"], left["exempt"]
    account.categories = {code: (Decimal(counted), ZERO) for code, counted in left["categories"].items()}
    for category, required, counted in left["needs"]:
        asked, there = Decimal(required), Decimal(counted)
        account.requirements.append(Need(category, asked, there, there >= asked, category=category))
    account.carried = {
        of: [(age, Decimal(points)) for age, points in lots] for of, lots in left.get("carried", {}).items()
    }
    account.cut = {code: Decimal(points) for code, points in left.get("cut", {}).items()}
    account.missed_in_a_row, account.met_in_a_row = left.get("in_a_row", (0, 0))
    for number, (category, day, points) in enumerate(left.get("earned", ()), 1):
        record = Record(-number, "", dt.date.fromisoformat(day))
        account.lines.append(Line(AWARD, category, Decimal(points), Decimal(points), record))
    return account
