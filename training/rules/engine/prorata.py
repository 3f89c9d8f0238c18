"""How much of a target is asked: joiners, leavers, long leave, transfers (docs/policy-format.md, pro_rata)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from training.rules.engine.inputs import Leave, Person
from training.rules.engine.values import (
    ONE,
    ZERO,
    Span,
    add_months,
    day,
    fraction,
    month_day,
    number,
    plain,
    stated_day,
)

HALF_MONTH = 15


@dataclass(frozen=True)
class ProRata:
    """The setting of a target."""

    joiners: Any = "months"
    leavers: str = "months"
    leave: str = "none"
    leave_kinds: tuple[str, ...] = ()
    leave_from_days: int = 0
    transfers: str = "last"
    months: str = "begun"
    exempt_months: int = 0
    #: an employee attribute that takes the place of the hire date
    since: str = ""
    #: an employee's own factor, such as part-time
    attribute: str = ""
    rounding: Any = None

    @classmethod
    def of(cls, spec: Any) -> ProRata:
        if not isinstance(spec, Mapping):
            word = str(spec or "months")
            return cls(joiners=word, leavers=word)
        known = {name: spec[name] for name in cls.__dataclass_fields__ if name in spec}
        if "leave_kinds" in known:
            kinds = known["leave_kinds"]
            known["leave_kinds"] = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        return cls(**known)

    @property
    def unit(self) -> str:
        """In which unit parts of a period are counted: ``days``, or else ``months``."""
        return "days" if "days" in (self.joiners, self.leavers) else "months"

    def size(self, span: Span | None, unit: str) -> Decimal:
        """Months (those that count) or days of a stretch."""
        if span is None:
            return ZERO
        if unit == "days":
            return Decimal(span.days())
        return Decimal(sum(1 for month in span.months() if self.counts(month, span)))

    def counts(self, month: Span, span: Span) -> bool:
        inside = month.meet(span)
        if inside is None or self.months == "begun":
            return inside is not None
        return inside.days() >= (HALF_MONTH if self.months == "half" else month.days())


@dataclass(frozen=True)
class Asked:
    """The part of a target that is asked. ``fraction``: how it came about, empty for the whole."""

    share: Decimal
    fraction: str = ""
    exempt: bool = False


def asked(rule: ProRata, *, person: Person, period: Span, whole: Span, stay: Span, since: dt.date) -> Asked:
    """For somebody on staff during ``stay`` of ``whole`` whose target became theirs on ``since``.

    ``whole``: the days that the amount is for, the period or a longer window. Months and days are parts of it; who
    joined or left in the period, and steps, are of the period.
    """
    first = first_day(rule, person)
    since = max(since, first)
    joined = first > period.start and first in period
    left = person.exit_date is not None and period.start <= person.exit_date < period.end
    if rule.exempt_months and add_months(first, int(rule.exempt_months)) > period.end:
        return Asked(ZERO, f"hired less than {rule.exempt_months} months before {period.end}", exempt=True)
    if (joined and rule.joiners == "exempt") or (left and rule.leavers == "exempt"):
        return Asked(ZERO, "joined or left within the period", exempt=True)
    if first > period.end:
        return Asked(ZERO, f"from {first} on", exempt=True)
    lost: list[tuple[Decimal, str, str]] = []
    kept = Span(max(since, whole.start), stay.end if rule.leavers == rule.joiners else whole.end)
    if rule.joiners in ("months", "days"):
        lost.append(_lost(rule, whole, kept, str(rule.joiners)))
    elif joined and not isinstance(rule.joiners, str):
        share = _step(rule.joiners, first, period)
        lost.append((ONE - share, "steps", plain(share)))
    if rule.leavers in ("months", "days") and rule.leavers != rule.joiners:
        lost.append(_lost(rule, whole, Span(whole.start, stay.end), rule.leavers))
    if rule.leave in ("months", "days"):
        inside = Span(max(since, stay.start), stay.end)
        lost.append(_lost_on_leave(rule, person, whole, inside))
    share = max(ONE - sum((part for part, _, _ in lost), ZERO), ZERO)
    factor = own_factor(rule, person)
    if share * factor <= 0:
        return Asked(ZERO, "0", exempt=True)
    own = "" if factor == ONE else plain(factor)
    return Asked(share * factor, " × ".join(part for part in (own, _fraction(rule, lost, whole, share)) if part))


def first_day(rule: ProRata, person: Person) -> dt.date:
    """The day of joining: hired, or what the employee attribute states, such as admitted."""
    stated = day(person.attributes.get(rule.since)) if rule.since else None
    return stated or person.hire_date


def own_factor(rule: ProRata, person: Person) -> Decimal:
    """What the employee attribute states; the whole where nothing is stated."""
    stated = number(person.attributes.get(rule.attribute)) if rule.attribute else None
    return ONE if stated is None else stated


def _lost(rule: ProRata, period: Span, kept: Span, unit: str) -> tuple[Decimal, str, str]:
    whole = rule.size(period, unit)
    gone = whole - rule.size(kept if kept.start <= kept.end else None, unit)
    return (gone / whole if whole else ZERO), unit, plain(gone)


def _lost_on_leave(rule: ProRata, person: Person, period: Span, inside: Span) -> tuple[Decimal, str, str]:
    away = _away(rule, person, period, inside)
    if rule.leave == "days":
        gone = Decimal(sum(days.days() for days in away))
    else:
        full = [within for month in inside.months() if (within := month.meet(period)) and _covered(within, away)]
        gone = Decimal(len(full))
    whole = rule.size(period, rule.leave)
    return (gone / whole if whole else ZERO), rule.leave, plain(gone)


def _away(rule: ProRata, person: Person, period: Span, inside: Span) -> list[Span]:
    """The stretches on leave; leaves that follow each other or overlap are one."""
    found: list[Span] = []
    for leave in sorted(person.leaves, key=lambda one: one.start):
        days = inside.meet(Span(leave.start, leave.end or dt.date.max))
        if days is None or not _leave_counts(rule, leave, period):
            continue
        if found and days.start <= found[-1].end + dt.timedelta(days=1):
            found[-1] = Span(found[-1].start, max(found[-1].end, days.end))
        else:
            found.append(days)
    return found


def _covered(span: Span, away: list[Span]) -> bool:
    return any(days.start <= span.start and days.end >= span.end for days in away)


def _leave_counts(rule: ProRata, leave: Leave, period: Span) -> bool:
    if rule.leave_kinds and leave.kind not in rule.leave_kinds:
        return False
    return Span(leave.start, leave.end or period.end).days() >= int(rule.leave_from_days)


def _step(steps: Any, joined: dt.date, period: Span) -> Decimal:
    share = ONE
    for step in sorted(steps, key=lambda item: _step_day(item["from"], period)):
        if _step_day(step["from"], period) <= joined:
            share = fraction(step.get("share")) or ZERO
    return share


def _step_day(said: Any, period: Span) -> dt.date:
    """A day, or a day of the year in which the period begins."""
    stated = stated_day(said)
    return month_day(said, period.start) if stated is None else stated


def _fraction(rule: ProRata, lost: list[tuple[Decimal, str, str]], period: Span, share: Decimal) -> str:
    if share == ONE:
        return ""
    units = {unit for part, unit, _ in lost if part}
    if len(units) == 1 and units <= {"months", "days"}:
        whole = rule.size(period, units.pop())
        return f"{plain((share * whole).quantize(ONE))}/{plain(whole)}"
    return plain(share.quantize(Decimal("0.0001")))
