"""Random policies over the whole language, with random people and records, for hypothesis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.training.policy_case import Adjustment, Case, Leave, Person, Post, Record

CATEGORIES = ["x", "x1", "x2", "y", "z"]
ACTIVITIES = {"a": "x1", "b": "x2", "d": "y", "e": "z", "f": "x"}
DEPARTMENTS = {"RD-1": ("RD-1", "RD", "HQ"), "RD": ("RD", "HQ"), "QA": ("QA", "HQ"), "HQ": ("HQ",)}
CALENDAR = {
    "calendar": [(str(year), dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2024, 2025, 2026)],
    "fiscal": [(f"FY{year}", dt.date(year, 4, 1), dt.date(year + 1, 3, 31)) for year in (2023, 2024, 2025)],
    "quarters": [
        ("Q2", dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
        ("Q3", dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        ("Q4", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
    ],
    "cycle": [("cycle", dt.date(2024, 1, 1), dt.date(2026, 12, 31))],
}
ROUNDING = st.builds(
    lambda step, mode: {"step": step, "mode": mode},
    st.sampled_from([1, 0.5, 0.25, 2]),
    st.sampled_from(["half_up", "half_even", "down", "up"]),
)
FACTOR = st.sampled_from([0.5, 0.75, 1.2, 2, 0, 1.3333])
POINTS = st.sampled_from([1, 2, 0.5, 3.25, 0.3333, -1, -0.5, 10])


def numbers(*values: float) -> st.SearchStrategy[float]:
    return st.sampled_from(values)


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Each part or not."""
    return st.fixed_dictionaries({}, optional=parts)


def exactly(**parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in parts.items()})


def bounds(*values: float) -> st.SearchStrategy[dict[str, float]]:
    return st.one_of(*[exactly(**{word: numbers(*values)}) for word in ("from", "above", "to", "below")])


def conditions(*, nth: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    leaf = st.one_of(
        exactly(
            mode=st.sampled_from(
                ["online", "room", ["online", "room"], {"not": "online"}, {"known": True}, {"known": False}]
            )
        ),
        exactly(score=bounds(50, 60, 80, 90)),
        exactly(credits=bounds(1, 2.5, 10)),
        exactly(hours=bounds(1, 2)),
        exactly(month=st.sampled_from([3, [1, 2, 3, 4, 5], {"from": 7}])),
        exactly(passed=st.booleans()),
        exactly(paid=st.booleans()),
        exactly(signed=st.sampled_from([{"from": dt.date(2026, 3, 1)}, {"below": "2026-06-01"}, {"known": True}])),
        exactly(**{"days_until.signed": bounds(0, 30)}),
        exactly(**{"days_until.employee.hire_date": bounds(-400, -100)}),
        exactly(course=st.sampled_from(["law", ["law", "tax"], {"not": "law"}])),
        exactly(skill=st.just("compliance")),
        exactly(category=st.sampled_from(["x", "y", ["x1", "z"]])),
        exactly(activity=st.sampled_from(["a", ["b", "d"]])),
        employee_conditions(),
        *([exactly(nth=st.sampled_from([1, {"from": 2}])), exactly(nth_ever=bounds(2))] if nth else []),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            exactly(any=st.lists(inner, min_size=1, max_size=2)),
            exactly(all=st.lists(inner, min_size=1, max_size=2)),
            exactly(**{"not": inner}),
        ),
        max_leaves=3,
    )


def employee_conditions() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        exactly(**{"employee.department": st.sampled_from(["RD", ["QA", "RD-1"], {"not": "RD"}])}),
        exactly(**{"employee.level": st.sampled_from(["L1", {"not": "L1"}, {"known": True}])}),
        exactly(**{"employee.grade": bounds(2, 3)}),
        exactly(**{"employee.service_years": bounds(1, 3)}),
        exactly(**{"employee.service_months": bounds(6, 13)}),
        exactly(**{"employee.hire_date": st.just({"below": dt.date(2025, 6, 1)})}),
    )


def scopes() -> st.SearchStrategy[dict[str, Any]]:
    return some(
        department=st.sampled_from(["RD", "QA", "HQ"]),
        position=st.just("chief"),
        level=st.sampled_from(["L1", "L2"]),
        band=st.just("senior"),
    )


@st.composite
def versions(draw: Any, start: dt.date) -> dict[str, Any]:
    version: dict[str, Any] = {"from": start}
    basis = draw(st.sampled_from(["per_hour", "per_minutes", "per_time", "per_event", "per_pass", "per_attribute"]))
    version["basis"] = basis
    if basis == "per_minutes":
        version["minutes"] = draw(st.sampled_from([45, 50, 60]))
    if basis == "per_attribute":
        version["attribute"] = "credits"
    how = draw(st.sampled_from(["points", "points", "bands", "bands", "tiers"]))
    if how == "tiers":
        version["tiers"] = draw(
            st.sampled_from(
                [
                    [{"up_to": 2, "points": 2}, {"points": 0.5}],
                    [{"up_to": 1, "points": 1}, {"up_to": 4, "points": 0.25}],
                ]
            )
        )
    elif how == "bands":
        version["bands"] = draw(st.lists(exactly(when=conditions(), points=POINTS), min_size=1, max_size=2))
    if how == "points" or (how == "bands" and draw(st.booleans())):
        version["points"] = draw(POINTS)
    version |= draw(
        some(
            every=exactly(
                times=st.sampled_from([2, 3]), within=st.sampled_from(["month", "quarter", "period", "half_year"])
            ),
            units=ROUNDING,
            rounding=ROUNDING,
            multipliers=st.lists(
                st.one_of(exactly(when=conditions(), times=FACTOR), exactly(attribute="coefficient")),
                min_size=1,
                max_size=2,
            ),
            bonus=st.lists(exactly(when=conditions(), points=POINTS), min_size=1, max_size=2),
            min_per_record=numbers(1, 2),
            max_per_record=numbers(3, 8),
            max_per_year=numbers(5, 12),
            category=st.sampled_from(CATEGORIES),
            limits=st.lists(limits(own=True), min_size=1, max_size=1),
            when=conditions(),
        )
    )
    return version


def limits(*, own: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    what = some(when=conditions()) if own else some(
        category=st.sampled_from(["x", "y", "x1", ["x2", "z"]]),
        activity=st.sampled_from(["a", ["a", "d", "e"]]),
        rule=st.sampled_from(["r0", ["r1", "r2"]]),
        when=conditions(),
    )  # fmt: skip
    time = some(
        per=st.sampled_from(["record", "day", "week", "month", "quarter", "half_year", "calendar_year", "period"]),
        each=st.sampled_from(["course", "title", "activity", "category", "source", "mode"]),
    )
    first = st.one_of(
        exactly(at_most=numbers(2, 5, 10.5)),
        exactly(times=st.sampled_from([1, 2])),
        exactly(times=st.sampled_from([1, 2]), keep=st.just("highest")),
        exactly(at_most=numbers(4), times=st.just(2)),
        exactly(deduct_at_most=numbers(1, 2.5)),
    )
    sums = st.one_of(
        exactly(share_of_total=numbers(0.5, 0.3, 0.25)),
        exactly(share_of_required=numbers(0.5, 0.3)),
        exactly(ratio_to=exactly(category=st.sampled_from(["y", "x1", ["y", "x1"]]), at_most=numbers(2, 0.5))),
        exactly(ratio_to=exactly(when=conditions(), at_most=numbers(2, 0.5))),
        exactly(share_of=exactly(category=st.sampled_from(["x", "y"]), at_most=numbers(0.5, 0.25))),
    )
    plain = st.builds(lambda a, b, c: a | b | c, what, first, time)
    if own:
        return st.one_of(plain, sums)
    capping = exactly(category=st.sampled_from(["x", "y"]), at_most=numbers(2, 5))
    narrow = exactly(category=st.sampled_from(["x2", "z"]))
    by_time = some(per=st.sampled_from(["month", "quarter", "period"]))
    return st.one_of(plain, capping, st.builds(lambda a, b, c: a | b | c, narrow, sums, by_time))


@st.composite
def requirements(draw: Any, depth: int = 0) -> dict[str, Any]:
    if depth < 2 and draw(st.integers(0, 5)) == 5:
        word = draw(st.sampled_from(["any", "all"]))
        return {word: draw(st.lists(requirements(depth=depth + 1), min_size=1, max_size=2))}
    if depth == 1 and draw(st.integers(0, 4)) == 4:
        return {"total": draw(numbers(5, 20))}
    one: dict[str, Any] = draw(
        some(category=st.sampled_from(CATEGORIES), activity=st.sampled_from(["a", ["b", "d"]]), when=conditions())
    )
    amount = draw(st.sampled_from(["minimum", "minimum", "minimum", "share_of_total", "share_of_required"]))
    one[amount] = draw(numbers(2, 5.5, 8)) if amount == "minimum" else draw(numbers(0.25, 0.5))
    if amount == "minimum":
        one |= draw(
            some(
                measure=st.sampled_from(["raw", "hours", "times", "credits", "score"]),
                take=st.sampled_from(["average", "sum"]),
                best=st.sampled_from([1, 2]),
                fixed=st.just(True),
                maximum=numbers(9, 12),
            )
        )
        if draw(st.integers(0, 4)) == 4:
            one["each"] = draw(
                st.sampled_from(["month", "quarter", "half_year", "calendar_year", "year", {"years": 2}])
            )
    if set(one) <= {"category", "minimum"} and "category" in one and depth == 0:
        extra = some(
            cap=numbers(8, 12),
            substitutes=st.lists(
                exactly(category=st.sampled_from(["y", "z"]), at_most=numbers(2, 3), rate=numbers(1, 0.5)),
                min_size=1,
                max_size=1,
            ),
        )
        one |= draw(extra)
        if one.get("substitutes") and one["substitutes"][0]["category"] == one["category"]:
            del one["substitutes"]
    if "substitutes" not in one and depth == 0 and draw(st.integers(0, 3)) == 3:
        one["requirements"] = [draw(exactly(when=conditions(), minimum=numbers(1, 2)))]
    if depth == 0:
        one |= draw(some(window=st.sampled_from(REQUIREMENT_WINDOWS)))
    one |= draw(some(only_if=employee_conditions()))
    return one


REQUIREMENT_WINDOWS = [
    {"years": 1}, {"years": 2}, {"months": 6}, {"months": 15}, {"years": 2, "since": "hire_date"},
    {"from": dt.date(2025, 6, 1), "until": dt.date(2026, 3, 31)},
]  # fmt: skip
STEPS = [{"from": "05-01", "share": 0.75}, {"from": "09-01", "share": 0.5}]
BREACHES: list[list[dict[str, Any]]] = [
    [{"when": {"activity": "f", "mode": "online"}, "voids": "period"}],
    [{"when": {"activity": "f"}, "voids": ["x1", "y"]}],
    [{"when": {"activity": "f"}, "voids": "period", "after": 1}],
    [{"when": {"activity": "f"}, "voids": ["x", "y"], "periods": 2}],
]


def pro_rata() -> st.SearchStrategy[Any]:
    long = some(
        joiners=st.sampled_from(["none", "months", "days", "exempt", STEPS]),
        leavers=st.sampled_from(["none", "months", "days", "exempt"]),
        leave=st.sampled_from(["none", "months", "days"]),
        leave_kinds=st.just(["parental"]),
        leave_from_days=st.sampled_from([10, 40]),
        transfers=st.sampled_from(["last", "weighted"]),
        months=st.sampled_from(["begun", "full", "half"]),
        exempt_months=st.sampled_from([3, 6]),
        attribute=st.just("grade"),
        since=st.just("admitted"),
        rounding=ROUNDING,
    )  # fmt: skip
    return st.one_of(st.sampled_from(["months", "days", "none"]), long, long)


def account_conditions() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        exactly(total=bounds(0, 5, 10)),
        exactly(raw_total=bounds(5)),
        exactly(percent=bounds(50, 100)),
        exactly(surplus=bounds(0, 3)),
        exactly(missing=bounds(0, 3)),
        exactly(missed_in_a_row=bounds(1, 2)),
        exactly(met_in_a_row=bounds(1, 2)),
        exactly(met=st.booleans()),
        exactly(exempt=st.booleans()),
        exactly(voided=st.booleans()),
        exactly(rank=st.sampled_from([1, {"to": 2}])),
        exactly(rank_share=bounds(0.5)),
        exactly(**{"category.x": bounds(2, 5)}),
        exactly(**{"times.a": bounds(1, 2)}),
        employee_conditions(),
    )


@st.composite
def documents(draw: Any) -> tuple[dict[str, Any], str]:
    years = CALENDAR[draw(st.sampled_from(["calendar", "calendar", "fiscal", "quarters", "cycle"]))]
    period = years[-1][0]
    parents = {"x1": "x", "x2": "x"}
    categories: list[dict[str, Any]] = [
        {"code": code} | ({"parent": parents[code]} if code in parents else {}) for code in CATEGORIES
    ]
    for category in categories:
        if draw(st.integers(0, 5)) == 5:
            category["floor"] = draw(numbers(0, -1))
    categories[-1] |= draw(some(in_total=st.just(False)))
    document: dict[str, Any] = {
        "format": 1,
        "policy": {"code": "p"} | draw(some(floor=numbers(0, -2), rounding=policy_rounding())),
        "attributes": [
            {"owner": owner, "code": code, "type": kind}
            for owner, code, kind in (
                ("record", "mode", "text"), ("record", "credits", "number"), ("record", "coefficient", "number"),
                ("record", "paid", "boolean"), ("record", "signed", "date"), ("employee", "grade", "number"),
                ("employee", "admitted", "date"),
            )
        ],
        "years": [{"name": name, "start": start, "end": end} for name, start, end in years],
        "categories": categories,
        "activities": [{"code": code, "category": category} for code, category in ACTIVITIES.items()],
        "courses": [{"code": "law", "activity": "a", "skill": "compliance"}, {"code": "tax", "activity": "b"}],
        "rules": draw(rules()),
    }  # fmt: skip
    document["activities"][3] |= {"measure": "exam", "pass_mark": 60}
    document |= draw(
        some(
            multipliers=st.lists(exactly(when=conditions(), times=FACTOR), min_size=1, max_size=1),
            limits=st.lists(limits(), min_size=1, max_size=3),
            conversions=st.lists(conversions(), min_size=1, max_size=2),
            carry_over=st.lists(carry_overs(), min_size=1, max_size=1),
            debts=st.lists(debts(), min_size=1, max_size=1),
            breaches=st.sampled_from(BREACHES),
            ranking=some(
                by=st.sampled_from(["total", "percent", "surplus"]),
                within=st.sampled_from(["policy", "target", "department", "level", "band"]),
                only=st.just({"met": True}),
            ),
            statuses=st.lists(
                exactly(name=st.sampled_from(["gold", "pass"]), when=account_conditions()), min_size=1, max_size=2
            ),
            outcomes=st.lists(outcomes(), min_size=1, max_size=3),
        )
    )
    document["targets"] = draw(targets([name for name, _, _ in years]))
    return document, period


def policy_rounding() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda one, of: one | {"of": of}, ROUNDING, st.sampled_from(["record", "category", "total"]))


@st.composite
def rules(draw: Any) -> list[dict[str, Any]]:
    found = []
    for place in range(draw(st.integers(1, 5))):
        rule = {"code": f"r{place}", "activity": draw(st.sampled_from(list(ACTIVITIES))), "priority": place}
        rule |= draw(some(**{"for": scopes(), "adds": st.just(True)}))
        rule["versions"] = [draw(versions(dt.date(2015, 1, 1)))]
        if draw(st.integers(0, 3)) == 3:
            rule["versions"][0] |= draw(some(until=st.just(dt.date(2026, 5, 15))))
            rule["versions"].append(draw(versions(dt.date(2026, 7, 1))))
        found.append(rule)
    return found


def conversions() -> st.SearchStrategy[dict[str, Any]]:
    base = exactly(**{"from": st.sampled_from(["z", "x2"]), "into": st.just("y"), "rate": numbers(0.5, 1, 2)})
    more = st.one_of(some(at_most=numbers(2, 5), rounding=ROUNDING), exactly(moves=st.just(True)))
    return st.builds(lambda a, b: a | b, base, more)


def carry_overs() -> st.SearchStrategy[dict[str, Any]]:
    more = some(
        within_total=st.just(True), share=numbers(0.5), at_most=numbers(2, 5),
        counts_for=st.sampled_from(["everything", "total"]),
        only_if_met=st.just(True), earned_in_last_months=st.sampled_from([1, 6]),
    )  # fmt: skip
    which = st.one_of(exactly(of="total", into=st.sampled_from(["x1", "y"])), exactly(of="x"))
    older = st.sampled_from([{}, {"expires_after": 2}])
    capped = exactly(of=st.sampled_from(["x", "y"]), above=st.just("cap"), into=st.sampled_from(["x1", "y"]))
    plain = some(share=numbers(0.5), at_most=numbers(2, 5), only_if_met=st.just(True))
    return st.one_of(
        st.builds(lambda a, b: a | b, which, more),
        st.builds(lambda a, b: a | b, which, older),
        st.builds(lambda a, b: a | b, capped, plain),
    )


def debts() -> st.SearchStrategy[dict[str, Any]]:
    which = st.one_of(exactly(of="total", into=st.sampled_from(["x1", "y"])), exactly(of="x"))
    return st.builds(lambda a, b: a | b, which, some(at_most=numbers(2, 5), factor=numbers(0.5, 1.5)))


def outcomes() -> st.SearchStrategy[dict[str, Any]]:
    reward = st.builds(
        lambda a, b: a | b,
        exactly(of=st.sampled_from(["surplus", "total", "category.x"]), amount=numbers(2, 0.5)),
        some(every=numbers(2, 3), at_most=numbers(4)),
    )
    return st.builds(
        lambda a, b: a | b,
        exactly(name=st.sampled_from(["raise", "award"]), when=account_conditions()),
        some(value=st.sampled_from(["A", 1.5]), reward=reward),
    )


@st.composite
def targets(draw: Any, years: list[str]) -> list[dict[str, Any]]:
    found = []
    for year in years:
        for place in range(draw(st.integers(0, 2))):
            target = {
                "name": f"{year}-{place}",
                "year": year,
                "total": draw(numbers(0, 5, 10, 33.5)),
                "priority": place,
            }
            target |= draw(
                some(
                    **{"for": scopes(), "when": employee_conditions(), "pro_rata": pro_rata()},
                    requirements=st.lists(requirements(), min_size=1, max_size=3),
                    window=st.sampled_from(
                        [
                            {"years": 1},
                            {"years": 2},
                            {"months": 4},
                            {"years": 1, "since": "hire_date"},
                            {"from": dt.date(2025, 10, 1), "until": dt.date(2026, 9, 30)},
                        ]
                    ),
                    statuses=st.just([{"name": "star", "when": {"total": {"from": 8}}}]),
                    outcomes=st.just([{"name": "award", "when": {"met": True}, "value": "own"}]),
                )
            )
            found.append(target)
    return found


@st.composite
def people(draw: Any, employee: str) -> Person:
    hired = draw(st.dates(dt.date(2022, 1, 1), dt.date(2026, 11, 1)))
    left = draw(st.none() | st.dates(hired, dt.date(2027, 1, 31)))
    cuts = sorted(draw(st.sets(st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 1)), max_size=2)))
    starts = [hired, *[day for day in cuts if hired < day <= (left or day)]]
    posts = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        end = after - dt.timedelta(days=1) if after else None
        department = draw(st.sampled_from(list(DEPARTMENTS)))
        place = [
            draw(st.sampled_from(values)) for values in (["chief", "clerk"], ["L1", "L2", ""], ["senior", "staff"])
        ]
        posts.append(Post(start, end, DEPARTMENTS[department], *place))
    leaves = []
    if draw(st.booleans()):
        begin = draw(st.dates(dt.date(2025, 12, 1), dt.date(2026, 10, 1)))
        long = draw(st.integers(5, 150))
        leaves.append(Leave(begin, begin + dt.timedelta(days=long), draw(st.sampled_from(["parental", "sick"]))))
    admitted = st.sampled_from(["2024-08-10", "2026-05-15", "2027-03-01"])
    has = draw(some(grade=st.sampled_from(["1", "2.0", "3"]), admitted=admitted))
    return Person(employee, hired, left, has, tuple(posts), tuple(leaves))


@st.composite
def records(draw: Any, person: Person, first: dt.date, last: dt.date) -> list[Record]:
    found = []
    first, last = max(first, person.hire_date), min(last, person.exit_date or last)
    if first > last:
        return []
    for number in range(draw(st.integers(0, 9))):
        stated = draw(
            some(
                minutes=st.sampled_from([20, 45, 50, 90, 100, 240]),
                count=st.sampled_from([Decimal(1), Decimal(2), Decimal(5)]),
                score=st.sampled_from([Decimal(50), Decimal(60), Decimal("79.5"), Decimal(90)]),
                passed=st.booleans(),
                course=st.sampled_from(["law", "tax"]),
                title=st.sampled_from(["t", "u"]),
                source=st.sampled_from(["lms", "csv"]),
            )
        )
        attributes = draw(
            some(
                mode=st.sampled_from(["online", "room", "abroad"]), credits=st.sampled_from(["1", "2.5", "10.0"]),
                coefficient=st.sampled_from(["0.8", "1.5"]), paid=st.booleans(),
                signed=st.sampled_from(["2026-03-01", "2026-05-31", "2026-06-01"]),
            )
        )  # fmt: skip
        activity, day = draw(st.sampled_from(list(ACTIVITIES))), draw(st.dates(first, last))
        found.append(Record(number + 1, activity, day, **stated, attributes=attributes))
    return found


@st.composite
def random_cases(draw: Any) -> Case:
    document, period = draw(documents())
    first = min(one["start"] for one in document["years"]) - dt.timedelta(days=20)
    last = max(one["end"] for one in document["years"]) + dt.timedelta(days=20)
    who = [draw(people(f"E{number}")) for number in range(1, draw(st.integers(1, 3)) + 1)]
    taken = {one.employee_no: draw(records(one, first, last)) for one in who}
    adjustments = {
        one.employee_no: [
            Adjustment(
                draw(
                    st.sampled_from(
                        sorted(
                            {
                                period,
                                document["years"][-2 % len(document["years"])]["name"],
                                document["years"][0]["name"],
                            }
                        )
                    )
                ),
                draw(st.sampled_from(["x1", "y"])),
                Decimal(draw(st.sampled_from(["1.5", "-2"]))),
            )
        ]
        for one in who
        if draw(st.integers(0, 4)) == 4
    }
    as_of = draw(st.none() | st.dates(last - dt.timedelta(days=60), last))
    return Case("random", document, period, as_of, who, taken, adjustments, {})
