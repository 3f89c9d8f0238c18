"""The whole policy language as a file: in and out again, and what is refused, with line and mend."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as st

from hrsuite.lib.errors import BadRows
from people.models import Department, Employee, Level, Position
from training.models import Policy, TargetRequirement
from training.models.terms import dump_terms, load_terms
from training.selectors.policy_document import beyond_columns, policy_document
from training.services.policy_file import attributes, export_policy, import_policy, names, parse, policy_schema
from training.services.policy_file.grammar import GROUPS, Field
from training.services.policy_file.write import dump

EXAMPLES = sorted((settings.BASE_DIR / "examples" / "policies").glob("*/policy.yaml"))
CASE = settings.BASE_DIR / "examples" / "case_company" / "policy.yaml"


@pytest.fixture
def company(db) -> None:
    """What the examples name of the organisation."""
    Department.objects.create(code="RD", name="RD")
    Position.objects.create(code="ENG", name="ENG")
    Level.objects.create(code="M1", name="M1", band="middle", rank=1)
    Employee.objects.create(employee_no="M3", name="M3", hire_date="2020-01-01")


def body(path: Path) -> str:
    return "".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if not line.startswith("#"))


# --- in and out -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples_come_out_as_they_went_in(company, path):
    import_policy(file=parse(path.read_text("utf-8")), actor=None)
    policy = Policy.objects.get()
    assert export_policy(policy).splitlines() == body(path).splitlines()
    again = import_policy(file=parse(export_policy(policy)), actor=None)
    assert (again.created, again.changed, again.left) == ([], [], [])
    assert beyond_columns(policy)


def test_a_simple_policy_needs_no_terms(company):
    import_policy(file=parse(CASE.read_text("utf-8")), actor=None)
    assert not beyond_columns(Policy.objects.get())
    assert TargetRequirement.objects.count() == 10


def test_the_document_is_what_export_writes(company):
    import_policy(file=parse(EXAMPLES[0].read_text("utf-8")), actor=None)
    assert dump(policy_document(Policy.objects.get())) == body(EXAMPLES[0])


@given(st.recursive(
    st.one_of(st.integers(-(10**9), 10**9), st.booleans(), st.text(max_size=9),
              st.decimals(-10**6, 10**6, allow_nan=False, places=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
))  # fmt: skip
def test_terms_keep_every_value_and_order(value):
    kept = load_terms(dump_terms({"terms": value}))["terms"]
    assert kept == value
    assert dump_terms(kept) == dump_terms(value)


# --- generated documents ----------------------------------------------------------------------------------------------
SCALARS = st.one_of(st.integers(0, 99), st.booleans(), st.sampled_from(["x", "a b", "中文", "no", "7", "2026-01-31"]))
FIGURES = st.one_of(st.integers(0, 500), st.sampled_from([Decimal("0.5"), Decimal("0.1"), Decimal("12.25")]))
BOUNDS = {"from": 1, "below": 50}


def conditions(about: str) -> st.SearchStrategy[dict[str, Any]]:
    name = {"record": "score", "employee": "employee.service_years", "account": "total"}[about]
    tests = st.one_of(SCALARS, st.just(BOUNDS), st.just({"known": True}), st.just({"not": ["x", 5]}))
    base = tests.map(lambda test: {name: test})
    return st.recursive(
        base,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=3,
    )


def values(field: Field, depth: int) -> st.SearchStrategy[Any]:
    if field.kind == "either":
        return st.one_of(*(values(option, depth) for option in field.options))
    if field.kind == "group":
        return groups(field.group, depth + 1)
    if field.kind == "list":
        return st.lists(groups(field.group, depth + 1), min_size=1, max_size=1)
    kinds: dict[str, Any] = {
        "number": FIGURES.filter(lambda figure: (field.above is None or figure > field.above)
                                 and (field.most is None or figure <= field.most)),
        "step_day": st.one_of(st.just("07-01"), st.dates().filter(lambda day: day.year > 1900)),
        "whole": st.integers(1, 9), "boolean": st.just(True), "month_day": st.just("04-01"),
        "text": st.sampled_from(["c", "中文", "7", "no"]), "codes": st.sampled_from(["c", ["c", "d"]]),
        "texts": st.just(["x", "y"]), "scalar": SCALARS,
    }  # fmt: skip
    if field.fraction:
        return st.one_of(kinds["number"], st.sampled_from(["1/3", "2/3"]))
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    if field.kind == "day":
        return st.dates().filter(lambda day: day.year > 1900)
    return conditions(field.about) if field.kind == "condition" else kinds[field.kind]


def groups(name: str, depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    fields = {key: field for key, field in GROUPS[name].items() if depth < 4 or field.kind not in ("list", "either")}
    strategy = st.fixed_dictionaries(
        {key: values(field, depth) for key, field in fields.items() if field.required},
        optional={key: values(field, depth) for key, field in fields.items() if not field.required},
    )
    return strategy.filter(bool).map(lambda found: {key: found[key] for key in GROUPS[name] if key in found})


@pace(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(groups("file"))
def test_what_is_written_reads_the_same(document):
    from training.services.policy_file.reader import Reader, read

    reader = Reader([])
    text = dump(document)
    assert dump(read(text, reader)) == text, reader.problems


# --- the schema -------------------------------------------------------------------------------------------------------
def test_the_schema_is_current():
    stored = json.loads((settings.BASE_DIR / "docs" / "policy-format.schema.json").read_text("utf-8"))
    assert stored == policy_schema(), "manage.py policy schema > docs/policy-format.schema.json"


def test_the_contract_names_every_field():
    text = (settings.BASE_DIR / "docs" / "policy-format.md").read_text("utf-8")
    missing = {
        f"{group}.{name}" for group, fields in GROUPS.items() for name in fields
        if f"`{name}`" not in text and f"{name}:" not in text
    }  # fmt: skip
    assert not missing


def used_fields(table: Any, group: str) -> set[str]:
    found = set()
    for name, value in table.items():
        found.add(f"{group}.{name}")
        field = GROUPS[group][name]
        for option in field.options or (field,):
            if option.kind == "group" and isinstance(value, dict):
                found |= used_fields(value, option.group)
            elif option.kind == "list" and isinstance(value, list):
                found |= set().union(*(used_fields(item, option.group) for item in value))
    return found


def test_the_examples_use_every_field():
    used = set().union(*(used_fields(parse(path.read_text("utf-8")).document, "file") for path in EXAMPLES))
    assert {f"{group}.{name}" for group, fields in GROUPS.items() for name in fields} - used == set()


# --- refused ----------------------------------------------------------------------------------------------------------
BASE = """\
policy: {code: p}
attributes:
  - {owner: record, code: mode, type: choice, choices: [online, room]}
  - {owner: employee, code: education, type: text}
years:
  - {name: '2026', start: 2026-01-01, end: 2026-12-31}
categories:
  - {code: a}
  - {code: b}
activities:
  - {code: talk, category: a}
rules:
  - code: talk
    activity: talk
    versions:
      - {from: 2026-01-01, points: 1, basis: per_time}
targets:
  - {name: All, year: '2026', total: 10}
"""


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("points: 1,", "points: 1, when: {mod: online},", "rules[0].versions[0].when.mod", "Did you mean “mode”"),
        ("points: 1,", "points: 1, when: {mode: onlin},", "rules[0].versions[0].when.mode", "Did you mean “online”"),
        ("points: 1,", "points: 1, when: {education: x},", "rules[0].versions[0].when.education", "employee.education"),
        ("points: 1,", "points: 1, when: {score: {from: 5, above: 6}},", "rules[0].versions[0].when.score", "twice"),
        ("points: 1,", "points: 1, when: {score: {from: 9, to: 6}},", "rules[0].versions[0].when.score", "Nothing"),
        ("points: 1,", "points: 1, when: {score: {gte: 6}},", "rules[0].versions[0].when.score.gte", "mean “from”"),
        ("points: 1,", "points: 1, when: {score: '>= 60'},", "rules[0].versions[0].when.score", "bounds such as"),
        ("points: 1,", "points: 1, when: {score: {not: {above: 3}}},", "rules[0].versions[0].when.score.not",
         "“not: {score: {…}}”"),
        ("points: 1,", "points: 1, when: {passed: maybe},", "rules[0].versions[0].when.passed", "true or false"),
        ("points: 1,", "", "rules[0].versions[0].points", "missing"),
        ("per_time", "per_minutes", "rules[0].versions[0].minutes", "needs"),
        ("per_time}", "per_attribute, attribute: mode}", "rules[0].versions[0].attribute", "type number"),
        ("per_time}", "per_time, category: c}", "rules[0].versions[0].category", "There is no"),
        ("per_time}", "per_time, limits: [{times: 1, at_mst: 2}]}", "rules[0].versions[0].limits[0].at_mst", "at_most"),
        ("targets:", "limits:\n  - {category: a}\ntargets:", "limits[0]", "needs a figure"),
        ("targets:", "limits:\n  - {rule: tlk, at_most: 1}\ntargets:", "limits[0].rule", "Did you mean “talk”"),
        ("targets:", "conversions:\n  - {from: a, into: b, rate: 1}\n  - {from: b, into: a, rate: 1}\ntargets:",
         "conversions[0].into", "circle"),
        ("targets:", "carry_over:\n  - {of: total}\ntargets:", "carry_over[0].into", "needs a category"),
        ("targets:", "outcomes:\n  - {name: x, when: {totl: 4}}\ntargets:", "outcomes[0].when.totl", "“total”"),
        ("total: 10", "total: 10, when: {level: x}", "targets[0].when.level", "employee.level"),
        ("total: 10", "total: 10, pro_rata: {leave: weeks}", "targets[0].pro_rata.leave", "none, months, days"),
        ("total: 10", "total: 10, requirements: [{any: [{category: a, minimum: 3, cap: 2}]}]",
         "targets[0].requirements[0].any[0].cap", "Raise the cap"),
        ("total: 10", "total: 10, window: {years: 3, months: 1}", "targets[0].window", "rolling or fixed"),
        ("total: 10", "total: 10, window: {years: 3, since: education}", "targets[0].window.since", "type date"),
        ("total: 10", "total: 10, pro_rata: {attribute: education}", "targets[0].pro_rata.attribute", "type number"),
        ("total: 10", "total: 10, requirements: [{minimum: 3, maximum: 2}]", "targets[0].requirements[0].maximum",
         "No more than 2"),
        ("total: 10", "total: 10, requirements: [{minimum: 3, requirements: [{minimum: 1, window: {years: 2}}]}]",
         "targets[0].requirements[0].requirements[0].window", "same days"),
        ("targets:", "limits:\n  - {category: a, at_most: 1, keep: highest}\ntargets:", "limits[0].keep", "times"),
        ("total: 10", "total: 10, window: {years: 999999}", "targets[0].window.years", "100 or less"),
        ("total: 10", "total: 10, pro_rata: {exempt_months: 99999}", "targets[0].pro_rata.exempt_months", "too large"),
        ("total: 10", "total: 10, pro_rata: {joiners: [{from: 04-01, share: 2}]}",
         "targets[0].pro_rata.joiners[0].share", "1 or less"),
        ("total: 10", "total: 10, pro_rata: {joiners: [{from: 2026-13-01, share: 1}]}",
         "targets[0].pro_rata.joiners[0].from", "not a date"),
        ("per_time}", "per_time, units: {step: 0}}", "rules[0].versions[0].units.step", "more than 0"),
        ("targets:", "outcomes:\n  - {name: x, when: {met: true}, reward: {every: 0, amount: 5}}\ntargets:",
         "outcomes[0].reward.every", "more than 0"),
        ("{code: a}", '{code: a, name: "a\\0b"}', "", "control character"),
        ("total: 10", "total: 10, requirements: [{category: a, minimum: 12, fixed: true}]",
         "targets[0].requirements", "Lower a minimum"),
    ],
)  # fmt: skip
def test_refused_with_place_and_mend(db, old, new, path, words):
    text = BASE.replace(old, new, 1)
    with pytest.raises(BadRows) as refusal:
        import_policy(file=parse(text), actor=None)
    told = {problem.column: f"{problem.message} {problem.mend}" for problem in refusal.value.problems}
    assert words in told.get(path, ""), told
    assert all(text.splitlines()[problem.row - 1].strip() for problem in refusal.value.problems)
    assert not Policy.objects.exists()


def test_all_problems_at_once(db):
    text = BASE.replace("points: 1,", "pints: 1,").replace("total: 10", "total: many").replace("category: a", "x: a")
    with pytest.raises(BadRows) as refusal:
        parse(text)
    columns = [problem.column for problem in refusal.value.problems]
    assert {"rules[0].versions[0].pints", "targets[0].total", "activities[0].x", "activities[0].category"} <= set(
        columns
    )


@pytest.fixture(autouse=True)
def remembered(monkeypatch):
    """Attributes in memory, until people can record them."""
    from django.apps import apps

    if "attribute" in apps.all_models["people"]:
        return
    from training.selectors import policy_document as selector

    rows: dict[tuple[str, str], dict[str, Any]] = {}

    def declare(item, *, actor):
        had = rows.get((item["owner"], item["code"]))
        rows[item["owner"], item["code"]] = row = {"name": item["code"], **item}
        fields = GROUPS["attribute"]
        rows[item["owner"], item["code"]] = {name: row[name] for name in fields if name in row}
        return "" if had == rows[item["owner"], item["code"]] else "created"

    from training.services.policy_file import shared

    monkeypatch.setattr(shared, "declare", declare)
    for module in (selector, names, attributes):
        monkeypatch.setattr(module, "declared_attributes", lambda: [rows[key] for key in sorted(rows)])


def test_steps_of_joiners_may_be_days_of_a_long_cycle(db):
    said = "pro_rata: {joiners: [{from: 07-01, share: 0.75}, {from: 2027-01-01, share: 0.5}]}"
    text = BASE.replace("end: 2026-12-31", "end: 2027-12-31").replace("total: 10", f"total: 10, {said}")
    import_policy(file=parse(text), actor=None)
    written = export_policy(Policy.objects.get())
    assert "from: 07-01" in written
    assert "from: 2027-01-01" in written
    assert export_policy(import_policy(file=parse(written), actor=None).policy) == written
