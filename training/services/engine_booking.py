"""Booking by the policy engine, for policies that say more than the set-based SQL can.

Accounts are worked out one by one in Python and compared with the ledger in one statement: only differences are
appended, and a second booking writes nothing. docs/decisions/two-ways-of-booking.md tells when which way is taken.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from people.models import Department
from training.models import Category, EntryKind, PointsYear, Standing
from training.models.terms import dump_terms
from training.rules.engine import Account, Line, Plan, evaluate, finish, keep, leave, needs_left, restore
from training.rules.engine.account import ADJUSTMENT, ROUNDED, TEAM
from training.rules.engine.values import CENT, ZERO, Span, cents
from training.selectors.accounts import need_as_json, plan_in_force
from training.selectors.evidence import evidence_by_id
from training.selectors.policy_document import beyond_columns, figure
from training.sql import load

REASON_LENGTH = 300
VOID = str(EntryKind.VOID)


def needs_engine(year_id: int) -> bool:
    """Whether the engine books this year: some policy in force needs it, or it has booked the year before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT by_engine FROM training_pointsyear WHERE id = %s", [year_id])
        row = cursor.fetchone()
        if row is None or row[0]:
            return bool(row)
        if not beyond_columns():
            return False
        cursor.execute(
            "UPDATE training_pointsyear SET by_engine = true WHERE id = %s AND NOT by_engine AND status <> 'closed'",
            [year_id],
        )
        return True


@dataclass(frozen=True)
class Codes:
    """Ids by code."""

    categories: dict[str, int]
    departments: dict[str, int]

    @classmethod
    def now(cls) -> Codes:
        return cls(
            dict(Category.objects.values_list("code", "pk")),
            dict(Department.objects.values_list("code", "pk")),
        )


@contextmanager
def _no_collector() -> Iterator[None]:
    """A slice makes a million small objects without cycles: looking for some costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_collector()
def book_accounts(*, ids: Sequence[int], year: PointsYear, batch_id: int) -> tuple[int, Decimal, int]:
    """Book locked employees. Answers entries written, the sum of their points, and standings written."""
    plan, codes = plan_in_force(), Codes.now()
    lines: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for employee_id, account in _accounts(plan, ids, year):
        lines += lines_of(employee_id, account, plan, codes)
        rows.append(_standing(employee_id, account, plan, codes, Span(year.start_date, year.end_date)))
    with connection.cursor() as cursor:
        cursor.execute(
            load("book_lines"),
            {"lines": json.dumps(lines, default=str), "ids": list(ids), "year": year.pk, "batch": batch_id},
        )
        entries, points = cursor.fetchone()
        rows.sort(key=lambda row: row["employee_id"])
        cursor.execute(
            load("stand_accounts"),
            {
                "accounts": dump_terms(rows),
                "year": year.pk,
                "ranked_later": plan.needs_rank,
            },
        )
        return entries, points, cursor.rowcount


def _accounts(plan: Plan, ids: Sequence[int], year: PointsYear) -> Iterator[tuple[int, Account]]:
    for employee_id, (person, records, adjustments) in evidence_by_id(ids):
        account = evaluate(plan, period=year.name, person=person, records=records, adjustments=adjustments)
        if not plan.needs_rank:
            finish(plan, period=year.name, accounts=[account])
        yield employee_id, account


# --- lines ----------------------------------------------------------------------------------------------------------
def lines_of(employee_id: int, account: Account, plan: Plan, codes: Codes) -> list[dict[str, Any]]:
    """Ledger lines of an account: of the same record, category and version (or kind and words) one each."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    lines = [line for line in account.lines if line.kind != ADJUSTMENT]
    # an adjustment stays in the ledger as somebody gave it
    lines += [
        Line(VOID, line.category, ZERO, line.counted - line.raw, note=line.cuts[0].removeprefix("breach:"))
        for line in account.lines
        if line.kind == ADJUSTMENT and line.counted != line.raw
    ]
    if plan.sum_rounding:
        lines = _in_cents(lines, plan)
    for line in lines:
        record_id = None if line.kind == TEAM else line.record_id
        version_id = line.version.id if line.version is not None else None
        kind = "" if record_id else line.kind
        category_id = codes.categories.get(line.category)
        words = _words(line, codes)
        key = record_id, category_id, version_id, kind, "" if record_id else words
        row = found.setdefault(
            key,
            {
                "employee_id": employee_id, "record_id": record_id, "category_id": category_id,
                "version_id": version_id, "kind": kind, "words": words, "amount": ZERO, "full_amount": ZERO,
                "quantity": None if line.quantity is None else round(line.quantity, 4),
            },
        )  # fmt: skip
        row["amount"] += cents(line.counted)
        row["full_amount"] += cents(line.raw)
    return [row for row in found.values() if row["amount"] or row["full_amount"]]


def _words(line: Line, codes: Codes) -> str:
    """What cut a record, or what another line is of; names keep their spaces as no-break spaces."""
    if line.record is None:
        return line.note[:REASON_LENGTH]
    if line.kind == TEAM:
        return f"{line.record.title or line.record.activity} #{-line.record.id}"[:REASON_LENGTH]
    words = []
    for cut in line.cuts:
        kind, _colon, name = cut.partition(":")
        if kind == "category" and name in codes.categories:
            cut = f"category:{codes.categories[name]}"
        words.append(cut.replace(" ", "\xa0"))
    return " ".join(words)[:REASON_LENGTH]


def _in_cents(lines: Sequence[Line], plan: Plan) -> list[Line]:
    """Exact lines in whole cents; what that loses is put into the rounding line of the category (or of the total)."""
    whole = (plan.sum_rounding or {}).get("of") == "total"
    exact: dict[str, Decimal] = {}
    shown_so_far: dict[str, Decimal] = {}
    found = []
    for line in lines:
        # a bucket of its own has no part in the total
        key = "" if whole and plan.in_total(line.category) else line.category
        exact[key] = exact.get(key, ZERO) + line.counted
        if line.kind != ROUNDED:
            shown_so_far[key] = shown_so_far.get(key, ZERO) + cents(line.counted)
            found.append(line)
    for key, amount in exact.items():
        lost = amount.quantize(CENT) - shown_so_far.get(key, ZERO)
        if lost:
            found.append(Line(ROUNDED, key, ZERO, lost))
    return found


# --- standings ------------------------------------------------------------------------------------------------------
def _standing(employee_id: int, account: Account, plan: Plan, codes: Codes, span: Span) -> dict[str, Any]:
    ids = codes.categories
    detail: dict[str, Any] = {}
    if account.required is not None:
        detail = {
            "formula": account.formula,
            "requirements": [need_as_json(need, exact) for need in account.requirements],
        }
        detail |= {name: True for name in ("exempt", "voided") if getattr(account, name)}
        if plan.looks_back:
            detail["left"] = leave(plan, account)
        else:
            # what a policy that carries something later asks of a year that is closed by then
            detail["needs"] = needs_left(account)
    if plan.needs_rank:
        detail["kept"] = keep(account)
    return {
        "employee_id": employee_id,
        "target_id": account.target_spec.spec.get("id") if account.target_spec else None,
        "department_id": _department(account, span, codes),
        "total": account.total,
        "full_total": account.raw_total,
        "required": account.required,
        "share": None if account.required is None else round(account.share, 6),
        "met": account.met,
        "categories": {ids[code]: sums for code, sums in account.categories.items() if code in ids and any(sums)},
        "missing": {
            ids[need.category]: need.missing
            for need in account.requirements
            if need.category in ids and not need.met and need.missing > 0
        },
        "status": account.status or "",
        "outcomes": outcomes_as_json(account),
        "detail": detail,
    }


def exact(value: Any) -> Any:
    """Decimals as they are, without idle zeros: the database keeps them digit by digit."""
    return figure(value) if isinstance(value, Decimal) else value


def outcomes_as_json(account: Account) -> dict[str, Any]:
    """Name to value and amount."""
    return {one.name: {"value": exact(one.value), "amount": exact(one.amount)} for one in account.outcomes}


def _department(account: Account, span: Span, codes: Codes) -> int | None:
    person = account.person
    first = max(person.hire_date, span.start)
    last = min(person.exit_date or span.end, span.end)
    if first > last:
        return None
    held = [post for post in person.posts if post.start <= last and (post.end is None or post.end >= span.start)]
    return codes.departments.get(held[-1].departments[0]) if held and held[-1].departments else None


# --- what needs everybody -------------------------------------------------------------------------------------------
def refresh_outcomes(*, year_id: int) -> int:
    """Rank the year's accounts, and rewrite statuses and outcomes that differ. Returns how many did."""
    # a shared lock: nobody closes the year between the ranking and our commit
    found = PointsYear.objects.raw("SELECT * FROM training_pointsyear WHERE id = %s FOR SHARE", [year_id])
    year = next(iter(found), None)
    if year is None or not year.by_engine or year.is_closed:
        return 0
    plan = plan_in_force()
    if not plan.needs_rank:
        return 0
    rows = (
        Standing.objects.filter(year=year, detail__has_key="kept")
        .order_by("employee_id")
        .select_for_update(of=("self",))
        .values_list("employee_id", "employee__employee_no", "detail__kept")
    )
    ids: dict[str, int] = {}
    accounts = []
    for employee_id, number, kept in rows:
        ids[number] = employee_id
        accounts.append(restore(plan, year.name, number, kept))
    fresh = [
        {
            "employee_id": ids[account.employee_no],
            "status": account.status or "",
            "outcomes": outcomes_as_json(account),
            "place": {"rank": account.rank, "ranked": account.ranked} if account.rank else {},
        }
        for account in finish(plan, period=year.name, accounts=accounts)
    ]
    with connection.cursor() as cursor:
        cursor.execute(load("judge_accounts"), {"accounts": dump_terms(fresh), "year": year_id})
        return cursor.rowcount
