"""The fields of a policy file, in the order in which they are written. Reading, writing and the JSON Schema use this.

docs/policy-format.md says what they mean. A group is a mapping; a field names the group of its items.
"""

from __future__ import annotations

from dataclasses import dataclass

from people.models import Band
from training.models import Basis, Measure, PointsYear


@dataclass(frozen=True)
class Field:
    """What may stand behind a name.

    ``kind``: text, number, whole, day, month_day, step_day (either of the two), boolean, choice, codes (one or a
    list), texts (a list), scalar, condition, group (a mapping of ``group``), list (of such mappings), either (of
    ``options``). ``about``: what a condition may ask for (record, employee, account), or what kind of name a text is.
    """

    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    group: str = ""
    about: str = ""
    least: int | None = None
    most: int | None = None
    above: int | None = None
    options: tuple[Field, ...] = ()
    #: of a number: may also be written as “1/3”, which no decimals say
    fraction: bool = False


TEXT, NUMBER, BOOLEAN, DAY = Field("text"), Field("number"), Field("boolean"), Field("day")
POSITIVE, WHOLE = Field("number", least=0), Field("whole", least=1)
SHARE = Field("number", least=0, fraction=True)
#: a step of a rounding, and of a reward: of no size at all it would have no end
STEP, YEARS, MONTHS = Field("number", above=0), Field("whole", least=1, most=100), Field("whole", least=1, most=1200)
NAME, MONTH_DAY = TEXT, Field("month_day")
CODE = Field("text", required=True)
WHEN = Field("condition", about="record")
ROUNDING = Field("group", group="rounding")


def _choice(*values: str, required: bool = False) -> Field:
    return Field("choice", choices=values, required=required)


def _ref(about: str, *, required: bool = False) -> Field:
    return Field("text", about=about, required=required)


def _codes(about: str) -> Field:
    return Field("codes", about=about)


def _list(group: str) -> Field:
    return Field("list", group=group)


def _group(group: str) -> Field:
    return Field("group", group=group)


def _either(*options: Field) -> Field:
    return Field("either", options=options)


PERIODS = ("day", "month", "quarter", "half_year", "calendar_year", "period")
PARTS = ("month", "quarter", "half_year", "calendar_year", "year")
SCOPED = {"category": _codes("category"), "activity": _codes("activity")}

GROUPS: dict[str, dict[str, Field]] = {
    "file": {
        "format": _choice("1"),
        "policy": Field("group", group="policy", required=True),
        "attributes": _list("attribute"),
        "years": _list("year"),
        "categories": _list("category"),
        "activities": _list("activity"),
        "courses": _list("course"),
        "rules": _list("rule"),
        "multipliers": _list("multiplier"),
        "limits": _list("limit"),
        "conversions": _list("conversion"),
        "carry_over": _list("carry_over"),
        "debts": _list("debt"),
        "breaches": _list("breach"),
        "ranking": _group("ranking"),
        "statuses": _list("status"),
        "outcomes": _list("outcome"),
        "teams": _group("teams"),
        "targets": _list("target"),
    },
    "policy": {
        "code": CODE,
        "name": NAME,
        "description": TEXT,
        "rounding": _group("policy_rounding"),
        "floor": NUMBER,
    },
    "rounding": {
        "step": STEP,
        "mode": _choice("half_up", "half_even", "down", "up"),
    },
    "policy_rounding": {
        "step": STEP,
        "mode": _choice("half_up", "half_even", "down", "up"),
        "of": _choice("record", "category", "total"),
    },
    "attribute": {
        "owner": _choice("employee", "record", required=True),
        "code": CODE,
        "name": NAME,
        "type": _choice("text", "number", "date", "boolean", "choice", required=True),
        "choices": Field("texts"),
    },
    "year": {
        "name": CODE,
        "start": Field("day", required=True),
        "end": Field("day", required=True),
        "status": _choice(*PointsYear.Status.values),
    },
    "category": {
        "code": CODE,
        "name": NAME,
        "parent": _ref("category"),
        "in_total": BOOLEAN,
        "window": MONTH_DAY,
        "floor": NUMBER,
    },
    "activity": {
        "code": CODE,
        "name": NAME,
        "category": _ref("category", required=True),
        "measure": _choice(*Measure.values),
        "pass_mark": NUMBER,
    },
    "course": {
        "code": CODE,
        "name": NAME,
        "activity": _ref("activity", required=True),
        "minutes": Field("whole", least=0),
        "skill": TEXT,
        "summary": TEXT,
    },
    "scope": {
        "department": _ref("department"),
        "position": _ref("position"),
        "level": _ref("level"),
        "band": _choice(*Band.values),
        "employee": _ref("employee_no"),
    },
    "rule": {
        "code": CODE,
        "activity": _ref("activity", required=True),
        "for": _group("scope"),
        "adds": BOOLEAN,
        "team": _group("team"),
        "priority": Field("whole"),
        "versions": Field("list", group="version", required=True),
    },
    "team": {"share": _choice("none", "each", "equal", required=True)},
    "version": {
        "from": Field("day", required=True),
        "until": DAY,
        "when": WHEN,
        "points": NUMBER,
        "basis": _choice(*Basis.values, required=True),
        "minutes": WHOLE,
        "attribute": _ref("number_attribute"),
        "every": _group("every"),
        "units": ROUNDING,
        "bands": _list("band"),
        "tiers": _list("tier"),
        "multipliers": _list("multiplier"),
        "bonus": _list("band"),
        "rounding": ROUNDING,
        "min_per_record": POSITIVE,
        "max_per_record": POSITIVE,
        "max_per_year": POSITIVE,
        "limits": _list("limit"),
        "category": _ref("category"),
        "reason": TEXT,
    },
    "every": {"times": Field("whole", required=True, least=1), "within": _choice(*PERIODS)},
    "band": {"when": Field("condition", about="record", required=True), "points": Field("number", required=True)},
    "tier": {"up_to": POSITIVE, "points": Field("number", required=True)},
    "multiplier": {"when": WHEN, "times": NUMBER, "attribute": _ref("number_attribute")},
    "limit": {
        "name": NAME,
        **SCOPED,
        "rule": _codes("rule"),
        "when": WHEN,
        "at_most": POSITIVE,
        "times": Field("whole", least=0),
        "deduct_at_most": POSITIVE,
        "share_of_total": SHARE,
        "share_of_required": SHARE,
        "share_of": _group("ratio"),
        "ratio_to": _group("ratio"),
        "per": _choice("record", "day", "week", *PERIODS[1:]),
        "each": _ref("each"),
        "keep": _choice("first", "highest"),
    },
    "ratio": {**SCOPED, "when": WHEN, "at_most": Field("number", required=True, least=0, fraction=True)},
    "conversion": {
        "from": _ref("category", required=True),
        "into": _ref("category", required=True),
        "rate": Field("number", required=True),
        "at_most": POSITIVE,
        "moves": BOOLEAN,
        "rounding": ROUNDING,
    },
    "carry_over": {
        "of": _ref("category_or_total", required=True),
        "above": _choice("minimum", "cap"),
        "into": _ref("category"),
        "at_most": POSITIVE,
        "share": SHARE,
        "counts_for": _choice("everything", "total"),
        "only_if_met": BOOLEAN,
        "within_total": BOOLEAN,
        "earned_in_last_months": MONTHS,
        "expires_after": WHOLE,
    },
    "debt": {
        "of": _ref("category_or_total", required=True),
        "into": _ref("category"),
        "at_most": POSITIVE,
        "factor": POSITIVE,
    },
    "breach": {
        "name": NAME,
        "when": Field("condition", about="record", required=True),
        "voids": Field("codes", about="category_or_period", required=True),
        "after": Field("whole", least=0),
        "periods": WHOLE,
    },
    "ranking": {
        "by": _choice("total", "percent", "surplus"),
        "within": _choice("policy", "target", "department", "level", "band"),
        "only": Field("condition", about="account"),
    },
    "status": {"name": CODE, "when": Field("condition", about="account")},
    "outcome": {
        "name": CODE,
        "when": Field("condition", about="account"),
        "value": Field("scalar"),
        "reward": _group("reward"),
    },
    "reward": {
        "of": _ref("figure", required=True),
        "every": STEP,
        "amount": Field("number", required=True),
        "at_most": POSITIVE,
    },
    "teams": {"from_members": _choice("sum", "average", "none")},
    "target": {
        "name": CODE,
        "year": _ref("year", required=True),
        "for": _group("scope"),
        "when": Field("condition", about="employee"),
        "total": Field("number", required=True, least=0),
        "window": _group("window"),
        "pro_rata": _either(_choice("none", "months", "days"), _group("pro_rata")),
        "priority": Field("whole"),
        "requirements": _list("requirement"),
        "statuses": _list("status"),
        "outcomes": _list("outcome"),
    },
    "window": {"years": YEARS, "months": MONTHS, "since": _ref("employee_date"), "from": DAY, "until": DAY},
    "pro_rata": {
        "joiners": _either(_choice("none", "months", "days", "exempt"), _list("step")),
        "leavers": _choice("none", "months", "days", "exempt"),
        "leave": _choice("none", "months", "days"),
        "leave_kinds": Field("codes"),
        "leave_from_days": Field("whole", least=0),
        "transfers": _choice("last", "weighted"),
        "months": _choice("begun", "full", "half"),
        "exempt_months": Field("whole", least=0, most=1200),
        "since": _ref("employee_date"),
        "attribute": _ref("employee_number"),
        "rounding": ROUNDING,
    },
    "step": {
        "from": Field("step_day", required=True),
        "share": Field("number", required=True, least=0, most=1, fraction=True),
    },
    "requirement": {
        "name": NAME,
        **SCOPED,
        "when": WHEN,
        "total": POSITIVE,
        "minimum": POSITIVE,
        "maximum": POSITIVE,
        "cap": POSITIVE,
        "measure": _ref("measure"),
        "take": _choice("sum", "average"),
        "best": WHOLE,
        "share_of_total": SHARE,
        "share_of_required": SHARE,
        "each": _either(_choice(*PARTS), _group("years")),
        "window": _group("window"),
        "substitutes": _list("substitute"),
        "only_if": Field("condition", about="employee"),
        "fixed": BOOLEAN,
        "requirements": _list("requirement"),
        "any": _list("requirement"),
        "all": _list("requirement"),
    },
    "years": {"years": Field("whole", required=True, least=1)},
    "substitute": {
        "category": _ref("category", required=True),
        "at_most": POSITIVE,
        "rate": POSITIVE,
    },
}
