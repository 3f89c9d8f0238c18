"""What a ranking needs of an account, as plain values: kept when it is booked, ranked with everybody's later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from training.rules.engine.account import Account, Need
from training.rules.engine.inputs import Person, Post
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
