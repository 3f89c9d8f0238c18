"""What follows from accounts: ranking, statuses, outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from training.rules.engine.account import Account, Outcome
from training.rules.engine.conditions import Lookup, compile_condition
from training.rules.engine.plan import Plan, Spec
from training.rules.engine.pricing import employee_lookup
from training.rules.engine.values import ONE, ZERO, cents, floor_units, number, sure_number


def account_lookup(plan: Plan, account: Account) -> Lookup:
    """Values that conditions on an account ask for."""
    employee = employee_lookup(account.person, account.day)

    def value(name: str) -> Any:
        if name.startswith("employee."):
            return employee(name[9:])
        if name.startswith("category."):
            return account.categories.get(name[9:], (ZERO, ZERO))[0]
        if name.startswith(("times.", "records.")):
            word, activity = name.split(".", 1)
            return (account.times if word == "times" else account.stated).get(activity, 0)
        if name.startswith("requirement."):
            return next((need.met for need in account.needs() if need.name == name[12:]), None)
        if name == "percent":
            return account.total / account.required * 100 if account.required else None
        if name == "rank_share":
            return Decimal(account.rank) / account.ranked if account.rank and account.ranked else None
        if name in ("surplus", "missing"):
            return getattr(account, name) if account.required is not None else None
        if name in _FIELDS:
            return getattr(account, name)
        return None

    return value


_FIELDS = {
    "total", "raw_total", "required", "met", "exempt", "voided", "rank", "status", "missed_in_a_row", "met_in_a_row",
}  # fmt: skip


def finish(plan: Plan, accounts: Sequence[Account]) -> list[Account]:
    """Rank the accounts of a period, then give each its status and outcomes."""
    _rank(plan, accounts)
    for account in accounts:
        lookup = account_lookup(plan, account)
        account.status = None
        for condition, spec in [*_of_target(plan, account, "statuses"), *plan.statuses]:
            if condition(lookup):
                account.status = str(spec["name"])
                break
        account.outcomes = _outcomes(plan, account, lookup)
    return list(accounts)


def _of_target(plan: Plan, account: Account, name: str) -> list[Any]:
    return plan.outcome_list(account.target_spec.spec.get(name)) if account.target_spec else []


def _outcomes(plan: Plan, account: Account, lookup: Lookup) -> list[Outcome]:
    found: dict[str, Outcome] = {}
    for condition, spec in [*_of_target(plan, account, "outcomes"), *plan.outcomes]:
        name = str(spec["name"])
        if name not in found and condition(lookup):
            found[name] = Outcome(name, spec.get("value"), _reward(spec.get("reward"), lookup))
    return list(found.values())


def _reward(spec: Spec | None, lookup: Lookup) -> Decimal | None:
    if not spec:
        return None
    base = max(number(lookup(str(spec.get("of", "surplus")))) or ZERO, ZERO)
    every = number(spec.get("every"))
    units = floor_units(base, every) if every else base
    amount = cents(units * sure_number(spec.get("amount", ONE)))
    most = number(spec.get("at_most"))
    return amount if most is None else min(amount, most)


def _rank(plan: Plan, accounts: Sequence[Account]) -> None:
    for account in accounts:
        account.rank, account.ranked = None, 0
    if not plan.ranking:
        return
    only = compile_condition(plan.ranking.get("only"))
    groups: dict[object, list[Account]] = defaultdict(list)
    for account in accounts:
        if account.required is not None and not account.exempt and only(account_lookup(plan, account)):
            groups[_group(plan, account)].append(account)
    by = str(plan.ranking.get("by", "total"))
    for members in groups.values():
        figures = {id(member): sure_number(account_lookup(plan, member)(by)) for member in members}
        members.sort(key=lambda member: -figures[id(member)])
        rank = 0
        for index, member in enumerate(members):
            if index == 0 or figures[id(member)] != figures[id(members[index - 1])]:
                rank = index + 1
            member.rank, member.ranked = rank, len(members)


def _group(plan: Plan, account: Account) -> object:
    within = str(plan.ranking.get("within", "policy"))
    if within == "policy":
        return ""
    if within == "target":
        return account.target
    post = account.person.post_on(account.day)
    if post is None:
        return None
    return (post.departments[0] if post.departments else None) if within == "department" else getattr(post, within)
