"""What the policy language means: worked examples, through the reference evaluator and through the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.training import policy_reference
from tests.training.policy_case import Adjustment, Case, Person, Record, cases
from tests.training.policy_strategies import random_cases

CASES = list(cases())


def by_reference(case: Case) -> dict[str, Any]:
    accounts = [
        policy_reference.evaluate(
            case.document,
            case.period,
            person,
            case.records[person.employee_no],
            case.adjustments.get(person.employee_no, []),
            case.as_of,
        )
        for person in case.people
    ]
    return {one.employee_no: one for one in policy_reference.finish(case.document, accounts)}


def by_engine(case: Case) -> dict[str, Any]:
    # inside, so that the reference's half runs without it
    from training.rules import engine

    plan = engine.Plan.compile(case.document)
    accounts = [
        engine.evaluate(
            plan,
            period=case.period,
            person=_person(person),
            records=[_record(one) for one in case.records[person.employee_no]],
            adjustments=[_adjustment(one) for one in case.adjustments.get(person.employee_no, [])],
            as_of=case.as_of,
        )
        for person in case.people
    ]
    finished: Sequence[Any] = engine.finish(plan, period=case.period, accounts=accounts) or accounts
    return {one.employee_no: one for one in finished}


def _person(one: Person) -> Any:
    from training.rules import engine

    return engine.Person(
        employee_no=one.employee_no,
        hire_date=one.hire_date,
        exit_date=one.exit_date,
        attributes=dict(one.attributes),
        posts=tuple(engine.Post(**vars(post)) for post in one.posts),
        leaves=tuple(engine.Leave(**vars(leave)) for leave in one.leaves),
    )


def _record(one: Record) -> Any:
    from training.rules import engine

    return engine.Record(**vars(one))


def _adjustment(one: Adjustment) -> Any:
    from training.rules import engine

    return engine.Adjustment(**vars(one))


def plain(value: Any) -> Any:
    return None if value is None else str(Decimal(str(value)).normalize() + 0) if not isinstance(value, bool) else value


def shown(account: Any, expect: dict[str, Any]) -> dict[str, Any]:
    """The account as a case spells it: only what the case looks at."""
    found: dict[str, Any] = {}
    for name, wanted in expect.items():
        if name == "categories":
            sums = {code: account.categories.get(code, (0, 0)) for code in wanted}
            found[name] = {code: [plain(one) for one in pair] for code, pair in sums.items()}
        elif name == "needs":
            found[name] = [
                [None if want is None else has for has, want in zip(need, wants, strict=True)]
                for need, wants in zip(needs_of(account), wanted, strict=False)
            ]
        elif name == "parts":
            found[name] = [[plain(part.counted), part.met] for need in account.requirements for part in need.parts]
        elif name == "outcomes":
            found[name] = [outcome_of(one) for one in account.outcomes]
        elif name in ("status", "target", "met", "exempt", "voided", "rank"):
            found[name] = getattr(account, name)
        else:
            found[name] = plain(getattr(account, {"raw": "raw_total"}.get(name, name)))
    return found


def outcome_of(one: Any) -> list[Any]:
    name, value, amount = one if isinstance(one, tuple) else (one.name, one.value, one.amount)
    return [name, value, plain(amount)]


def needs_of(account: Any) -> list[list[Any]]:
    return [[plain(one.required), plain(one.counted), one.met] for one in account.requirements]


def expected(expect: dict[str, Any]) -> dict[str, Any]:
    def spell(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: spell(one) for name, one in value.items()}
        if isinstance(value, list):
            return [spell(one) for one in value]
        return value if isinstance(value, str) else plain(value)

    found = {name: spell(value) for name, value in expect.items()}
    for name in ("rank", "status"):
        if name in expect:
            found[name] = expect[name]
    if "outcomes" in expect:
        found["outcomes"] = [[name, value, plain(amount)] for name, value, amount in expect["outcomes"]]
    return found


@pytest.mark.parametrize("by", [by_reference, by_engine], ids=["reference", "engine"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_gives_the_numbers_worked_out_by_hand(case: Case, by: Any) -> None:
    accounts = by(case)

    found = {employee: shown(accounts[employee], expect) for employee, expect in case.expect.items()}

    assert found == {employee: expected(expect) for employee, expect in case.expect.items()}


def test_cases_have_names_of_their_own() -> None:
    names = [case.id for case in CASES]

    assert len(names) == len(set(names))
    assert all(isinstance(day, dt.date) for case in CASES for day in [person.hire_date for person in case.people])


def whole(account: Any) -> dict[str, Any]:
    """Everything that both must say alike; categories without points left out."""
    names = ("total", "raw_total", "required", "missing")
    others = ("target", "met", "exempt", "status", "rank", "voided")
    found = {name: plain(getattr(account, name)) for name in names} | {name: getattr(account, name) for name in others}
    found["categories"] = {
        code: [plain(one) for one in sums] for code, sums in sorted(account.categories.items()) if any(sums)
    }
    found["needs"] = [tree(one) for one in account.requirements]
    found["outcomes"] = [outcome_of(one) for one in account.outcomes]
    return found


def tree(need: Any) -> list[Any]:
    """Of alternatives only whether they are met: there is no one number to show."""
    numbers = [plain(one) for one in (need.required, need.counted, need.missing)]
    return [*(numbers if not need.parts else []), need.met, [tree(part) for part in need.parts]]


# shrinking such policies takes longer than a test may: the first difference found is printed, as it is
@given(case=random_cases())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    report_multiple_bugs=False,
    print_blob=True,
)
def test_policy_engine_agrees(case: Case) -> None:
    reference, engine = by_reference(case), by_engine(case)

    for person in case.people:
        assert whole(engine[person.employee_no]) == whole(reference[person.employee_no])
