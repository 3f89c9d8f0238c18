"""What codes are called by people, and how figures and lists are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from people.models import Band, Department, Employee, Level, Position
from training.models import Activity, Category, Course, Rule
from training.selectors.policy_document import declared_attributes

#: what conditions may ask of a record
RECORD = {
    "activity": gettext_lazy("activity"),
    "category": gettext_lazy("category"),
    "course": gettext_lazy("course"),
    "skill": gettext_lazy("skill"),
    "title": gettext_lazy("title"),
    "source": gettext_lazy("source"),
    "happened_on": gettext_lazy("date"),
    "month": gettext_lazy("month"),
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "count": gettext_lazy("count"),
    "score": gettext_lazy("score"),
    "passed": gettext_lazy("passed"),
    "nth": gettext_lazy("how many times so far in the period"),
    "nth_ever": gettext_lazy("how many times so far ever"),
    "rule": gettext_lazy("rule"),
}
EMPLOYEE = {
    "number": gettext_lazy("employee number"),
    "department": gettext_lazy("department"),
    "position": gettext_lazy("position"),
    "level": gettext_lazy("level"),
    "band": gettext_lazy("band"),
    "hire_date": gettext_lazy("hire date"),
    "exit_date": gettext_lazy("last working day"),
    "service_years": gettext_lazy("years of service"),
    "service_months": gettext_lazy("months of service"),
}
ACCOUNT = {
    "total": gettext_lazy("total points"),
    "raw_total": gettext_lazy("points before limits"),
    "required": gettext_lazy("points required"),
    "percent": gettext_lazy("percent of the required points"),
    "surplus": gettext_lazy("surplus"),
    "missing": gettext_lazy("missing points"),
    "met": gettext_lazy("target met"),
    "exempt": gettext_lazy("exempt from the target"),
    "voided": gettext_lazy("voided by a breach"),
    "rank": pgettext_lazy("place among people", "rank"),
    "rank_share": gettext_lazy("rank as a share of all"),
    "status": gettext_lazy("status"),
    "missed_in_a_row": gettext_lazy("periods in a row with the target missed"),
    "met_in_a_row": gettext_lazy("periods in a row with the target met"),
}
MODELS: dict[str, Any] = {
    "category": Category, "activity": Activity, "course": Course, "department": Department, "position": Position,
    "level": Level,
}  # fmt: skip


class Names:
    """Names of everything that a policy may mention; every kind is read once, when it is first asked for."""

    def __init__(self, document: Mapping[str, Any] | None = None) -> None:
        self._tables: dict[str, dict[str, str]] = {}
        self._document = document or {}

    def table(self, kind: str) -> dict[str, str]:
        """Code to name."""
        if kind not in self._tables:
            self._tables[kind] = self._read(kind)
        return self._tables[kind]

    def _read(self, kind: str) -> dict[str, str]:
        if kind == "band":
            return {value: str(label) for value, label in Band.choices}
        if kind == "employee_no":
            return {}
        if kind == "rule":
            code = self._document.get("policy", {}).get("code", "")
            rows = Rule.objects.filter(policy__code=code).values_list("code", "activity__name").order_by("code")
            return dict(rows)
        return dict(MODELS[kind].objects.values_list("code", "name").order_by("code"))

    def of(self, kind: str, code: Any) -> str:
        if not code:
            return "…"
        if kind == "employee_no":
            name = Employee.objects.filter(employee_no=code).values_list("name", flat=True).first()
            return str(name or code)
        return self.table(kind).get(str(code), str(code))

    def all_of(self, kind: str, codes: Any) -> str:
        """One code or several: "Exams, Workshops"."""
        return listed([self.of(kind, code) for code in as_list(codes)])

    @cached_property
    def attributes(self) -> dict[tuple[str, str], dict[str, Any]]:
        rows = [*declared_attributes(), *self._document.get("attributes", ())]
        return {(str(row.get("owner")), str(row.get("code"))): row for row in rows}

    def attribute(self, owner: str, code: str) -> str:
        return str(self.attributes.get((owner, code), {}).get("name", code))

    def asked(self, name: str, *, is_account: bool = False) -> str:
        """What a condition asks for."""
        owner, _dot, code = name.partition(".")
        if owner == "days_until" and code:
            return _("days until %(date)s") % {"date": self.asked(code)}
        if owner == "employee" and code:
            return str(EMPLOYEE[code]) if code in EMPLOYEE else self.attribute("employee", code)
        if is_account and code:
            return self._of_account(owner, code)
        if is_account and name in ACCOUNT:
            return str(ACCOUNT[name])
        return str(RECORD[name]) if name in RECORD else self.attribute("record", name)

    def _of_account(self, tree: str, code: str) -> str:
        patterns = {
            "category": (_("points of %(name)s"), "category"),
            "times": (_("counted records of %(name)s"), "activity"),
            "records": (_("records of %(name)s"), "activity"),
        }
        if tree in patterns:
            pattern, kind = patterns[tree]
            return pattern % {"name": self.of(kind, code)}
        return _("requirement “%(name)s”") % {"name": self.requirement(code)}

    def requirement(self, code: str) -> str:
        """A requirement without a name is called by its category or activity."""
        return self.table("category").get(code) or self.table("activity").get(code) or code

    def value(self, name: str, value: Any) -> str:
        """What a condition compares with."""
        if value is None:
            return "…"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        kind = name.removeprefix("employee.")
        if kind in MODELS or kind in ("band", "rule"):
            return self.of(kind, value)
        return shown(value)


# --- figures ----------------------------------------------------------------------------------------------------------
def number(value: Any) -> str:
    """12.50 as 12.5."""
    try:
        exact = Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value)
    return number_format(exact, decimal_pos=max(0, -int(exact.as_tuple().exponent)), force_grouping=True)


def points(value: Any) -> str:
    # a plural form for figures with decimals: "1.5 points"
    count = 1 if value in (1, -1) else 2
    return ngettext("%(points)s point", "%(points)s points", count) % {"points": number(value)}


def percent(share: Any) -> str:
    try:
        return f"{number(Decimal(str(share)) * 100)} %"
    except InvalidOperation:
        return str(share)


def shown(value: Any) -> str:
    if isinstance(value, (int, Decimal)):
        return number(value)
    day = as_day(value)
    return date_format(day, "DATE_FORMAT") if day else str(value)


def as_day(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def listed(words: Iterable[str]) -> str:
    return pgettext("between words of a list", ", ").join(words)


def either(words: Iterable[str]) -> str:
    return pgettext("between alternatives", " or ").join(words)


def both(words: Iterable[str]) -> str:
    return pgettext("between conditions that all hold", " and ").join(words)
