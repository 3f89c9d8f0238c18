"""What one policy file cannot show: several policies in force, departments of their own, chains of periods."""

from __future__ import annotations

import datetime as dt
from typing import Any

from training.rules import engine
from training.rules.engine import Person, Plan, Post, Record
from training.selectors.policy_document import as_one

START = dt.date(2010, 1, 1)
ERIN = Person("E1", START, posts=(Post(START, None, ("LAB",)),))


def policy(code: str, activity: str, **version: Any) -> dict[str, Any]:
    """A policy whose only rule is called like that of every other one: ten points an event."""
    said = {"from": START, "points": 10, "basis": "per_event", **version}
    return {
        "policy": {"code": code},
        "years": [{"name": str(year), "start": f"{year}-01-01", "end": f"{year}-12-31"} for year in range(2010, 2027)],
        "categories": [{"code": "all"}],
        "activities": [{"code": activity, "category": "all"}],
        "rules": [{"code": "rule", "activity": activity, "versions": [said]}],
    }


def record(number: int, activity: str, day: str, **said: Any) -> Record:
    return Record(number, activity, dt.date.fromisoformat(day), **said)


def test_a_limit_of_a_rule_does_not_reach_the_rule_of_that_code_in_another_policy():
    plan = Plan.compile(as_one([policy("a", "talk", limits=[{"at_most": 20}]), policy("b", "book")]))
    learned = [record(1, "book", "2026-01-05"), record(2, "book", "2026-01-06"), record(3, "talk", "2026-02-01")]

    account = engine.evaluate(plan, period="2026", person=ERIN, records=learned)

    assert [line.counted for line in account.lines] == [10, 10, 10]


def total(documents: list[dict[str, Any]], *learned: str) -> Any:
    """Of Erin, with these activities on the first days of 2026."""
    records = [record(number, activity, f"2026-01-{number:02}") for number, activity in enumerate(learned, 1)]
    return engine.evaluate(Plan.compile(as_one(documents)), period="2026", person=ERIN, records=records).total


def test_a_code_of_a_rule_means_the_rule_of_the_same_policy_only():
    limited = policy("a", "talk") | {"limits": [{"rule": "rule", "at_most": 5, "per": "record"}]}
    asked = policy("a", "talk") | {"limits": [{"when": {"rule": "rule"}, "at_most": 5, "per": "record"}]}
    compared = policy("a", "talk") | {
        "limits": [{"activity": "book", "ratio_to": {"when": {"rule": {"not": "rule"}}, "at_most": 1}}]
    }

    for first in (limited, asked):
        assert total([first, policy("b", "book")], "talk", "book") == 15
        assert total([policy("b", "book"), first], "talk", "book") == 15
    # points of rules that are not called so, seen from the policy that says it
    assert total([compared, policy("b", "book")], "talk", "book") == 20


def test_multipliers_and_rounding_of_records_are_for_the_rules_of_their_policy():
    half = policy("a", "talk") | {"multipliers": [{"times": 0.25}]}
    steps = policy("b", "book", points=7)
    steps["policy"]["rounding"] = {"step": 5, "mode": "down"}

    for both in ([half, steps], [steps, half]):
        assert total(both, "talk", "book") == 7.5  # 2.5 + 5
    own = policy("c", "walk", points=3, rounding={"step": 2, "mode": "up"})
    own["policy"]["rounding"] = {"of": "total", "step": 1, "mode": "down"}
    assert total([half, own, steps], "talk", "book", "walk") == 11  # 2.5 + 5 + 4, down


def test_what_a_target_asks_of_a_rule_is_of_its_own_policy():
    asking = policy("a", "talk")
    need = {"when": {"rule": "rule"}, "minimum": 20}
    asking["targets"] = [{"name": "t", "year": "2026", "total": 0, "requirements": [need]}]
    plan = Plan.compile(as_one([asking, policy("b", "book")]))
    learned = [record(1, "talk", "2026-01-05"), record(2, "book", "2026-01-06")]

    [found] = engine.evaluate(plan, period="2026", person=ERIN, records=learned).requirements

    assert (found.counted, found.met) == (10, False)


def test_every_second_time_is_counted_for_each_policy_by_itself():
    every = {"times": 2, "within": "period"}
    plan = Plan.compile(as_one([policy("a", "talk", every=every), policy("b", "book", every=every)]))
    learned = [record(1, "book", "2026-01-05"), record(2, "talk", "2026-02-01")]

    assert engine.evaluate(plan, period="2026", person=ERIN, records=learned).total == 0


def test_the_account_of_a_department_has_the_limits_of_each_version_and_year():
    document = policy("a", "prize", max_per_year=15)
    rule = document["rules"][0]
    rule["team"] = {"share": "none"}
    rule["versions"].append({"from": "2026-07-01", "points": 10, "basis": "per_event", "limits": [{"at_most": 12}]})
    won = [record(-n, "prize", day, team=("LAB", 0)) for n, day in enumerate(["2026-02-01", "2026-03-01"], 1)]

    own = engine.evaluate_team(Plan.compile(document), period="2026", department="LAB", above=(), records=won)

    # the limit of the later version cuts none of the earlier ones, their own maximum does
    assert [line.counted for line in own.lines] == [10, 5]


def test_periods_before_are_worked_out_once(monkeypatch):
    document = policy("a", "talk")
    document["carry_over"] = [{"of": "total", "into": "all"}, {"of": "all", "above": "cap"}]
    needs = [{"category": "all", "cap": 9}, {"minimum": 1, "window": {"years": 2}}]
    document["targets"] = [
        {"name": "all", "year": str(year), "total": 5, "pro_rata": "none", "requirements": needs}
        for year in range(2010, 2027)
    ]
    asked: list[str] = []
    goal_of = engine.evaluate.__globals__["goal_of"]
    monkeypatch.setitem(engine.evaluate.__globals__, "goal_of", lambda *said: asked.append(said[2]) or goal_of(*said))

    engine.evaluate(Plan.compile(document), period="2026", person=ERIN, records=[record(1, "talk", "2025-05-05")])

    assert sorted(asked) == [str(year) for year in range(2010, 2027)]
