"""Accounts of a whole company under a policy that need not be in force: nothing is booked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings

from people.models import Department, Employee
from training.models import Policy
from training.rules.engine import Account, Need, Plan, evaluate, evaluate_team, finish
from training.rules.engine.values import cents
from training.selectors.evidence import department_lines, evidence_of, team_records
from training.selectors.policy_document import as_one, documents_in_force


def plan_in_force() -> Plan:
    """The policies in force as one, compiled."""
    return Plan.compile(as_one(documents_in_force()), rounding=settings.POINTS_ROUNDING)


def accounts_under(
    document: dict[str, Any], *, period: str, as_of: dt.date | None = None, employee_no: str = ""
) -> list[Account]:
    """Everybody's account of a period, ranked. UnknownPeriod where the document has no such year.

    With ``employee_no`` that person's alone, so without a meaningful rank.
    """
    plan = Plan.compile(document, rounding=settings.POINTS_ROUNDING)
    # a snapshot has everybody's points under all policies that were in force: it says nothing of one among several
    alone = list(Policy.objects.filter(is_active=True).values_list("code", flat=True)) == [plan.code]
    accounts = [
        evaluate(
            plan,
            period=period,
            person=person if alone else replace(person, settled={}),
            records=records,
            adjustments=adjustments,
            as_of=as_of,
        )
        for person, records, adjustments in evidence_of(span=plan.span(period), employee_no=employee_no)
    ]
    return finish(plan, period=period, accounts=accounts)


def teams_under(document: dict[str, Any], *, period: str, as_of: dt.date | None = None) -> list[dict[str, Any]]:
    """Every department with its own points and, as the policy's ``teams`` says, those of its people.

    ``from_members``: ``sum`` or ``average`` of the totals of those who are there on the last day, or ``none``.
    """
    plan = Plan.compile(document, rounding=settings.POINTS_ROUNDING)
    how = str(plan.teams.get("from_members", "none"))
    inside: dict[str, list[Decimal]] = defaultdict(list)
    for account in accounts_under(document, period=period, as_of=as_of) if how != "none" else ():
        post = account.person.post_on(account.day)
        for code in post.departments if post else ():
            inside[code].append(account.total)
    rows = []
    lines = department_lines()
    for department in Department.objects.order_by("code"):
        records = [one for one in team_records(department.pk) if as_of is None or one.happened_on <= as_of]
        own = evaluate_team(
            plan, period=period, department=department.code, above=lines[department.pk][1:], records=records
        )
        members = sum(inside[department.code], Decimal(0))
        if how == "average" and inside[department.code]:
            members = cents(members / len(inside[department.code]))
        rows.append(
            {
                "department": department.code,
                "name": department.name,
                "own": shown(own.total),
                "categories": {
                    code: {"counted": shown(counted), "raw": shown(raw)}
                    for code, (counted, raw) in own.categories.items()
                },
                "members": shown(members),
                "total": shown(own.total + members),
            }
        )
    return rows


@dataclass(frozen=True)
class Difference:
    """What a policy would change for somebody. Statuses and outcomes as (before, after)."""

    employee_no: str
    before: Decimal
    after: Decimal
    met: tuple[bool | None, bool | None]
    status: tuple[str | None, str | None]
    outcomes: tuple[list[str], list[str]]

    @property
    def points(self) -> Decimal:
        return self.after - self.before

    @property
    def flips(self) -> bool:
        """Whether target, status or an outcome turns."""
        return self.met[0] != self.met[1] or self.status[0] != self.status[1] or self.outcomes[0] != self.outcomes[1]


def compare(before: dict[str, Any], after: dict[str, Any], *, period: str) -> list[Difference]:
    """Everybody for whom ``after`` answers something else than ``before``, the greatest loss first."""
    old = {account.employee_no: account for account in accounts_under(before, period=period)}
    found = []
    for new in accounts_under(after, period=period):
        was = old.get(new.employee_no)
        difference = Difference(
            employee_no=new.employee_no,
            before=was.total if was else Decimal(0),
            after=new.total,
            met=(was.met if was else None, new.met),
            status=(was.status if was else None, new.status),
            outcomes=(sorted(o.name for o in was.outcomes) if was else [], sorted(o.name for o in new.outcomes)),
        )
        if difference.points or difference.flips:
            found.append(difference)
    return sorted(found, key=lambda difference: (difference.points, difference.employee_no))


def employee_names() -> dict[str, str]:
    """Employee number to name, for commands."""
    return dict(Employee.objects.values_list("employee_no", "name"))


def account_as_json(account: Account, *, name: str) -> dict[str, Any]:
    """As docs/policy-format.md shows it."""
    post = account.person.post_on(account.day)
    return {
        "employee_no": account.employee_no,
        "name": name,
        "department": post.departments[0] if post and post.departments else None,
        "target": account.target,
        "total": shown(account.total),
        "raw_total": shown(account.raw_total),
        "categories": {
            code: {"counted": shown(counted), "raw": shown(raw)} for code, (counted, raw) in account.categories.items()
        },
        "required": shown(account.required),
        "formula": account.formula or None,
        "share": shown(account.share.quantize(Decimal("1e-6"))),
        "met": account.met,
        "exempt": account.exempt,
        "missing": shown(account.missing) if account.required is not None else None,
        "missing_by_category": {
            need.category: shown(need.missing)
            for need in account.requirements
            if need.category and not need.met and need.missing > 0
        },
        "requirements": [need_as_json(need) for need in account.requirements],
        "status": account.status,
        "rank": account.rank,
        "outcomes": [
            {"name": outcome.name, "value": shown(outcome.value), "amount": shown(outcome.amount)}
            for outcome in account.outcomes
        ],
        "voided": account.voided,
    }


def shown(value: Any) -> Any:
    """Decimals as JSON numbers, whole ones without a point."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def need_as_json(need: Need, number: Callable[[Any], Any] = shown) -> dict[str, Any]:
    """A requirement with its parts; ``number`` spells its figures."""
    return {
        "name": need.name,
        "required": number(need.required),
        "counted": number(need.counted),
        "missing": number(need.missing),
        "met": need.met,
        **({} if need.most is None else {"maximum": number(need.most)}),
        "parts": [need_as_json(part, number) for part in need.parts],
    }
