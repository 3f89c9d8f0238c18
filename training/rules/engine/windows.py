"""Days that targets and requirements look at in place of the period, and the periods that they touch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from training.rules.engine.inputs import Person
from training.rules.engine.plan import Plan
from training.rules.engine.values import DAY, Span, add_months, day, months_between


def window_of(spec: Any, span: Span, as_of: dt.date | None, person: Person) -> Span:
    """The days that are looked at: the period, the last months or years, somebody's own cycle, or fixed days."""
    if not spec:
        return span
    if "years" in spec or "months" in spec:
        months = 12 * int(spec.get("years") or 0) + int(spec.get("months") or 0)
        end = min(as_of, span.end) if as_of else span.end
        if "since" not in spec:
            return Span(add_months(end + DAY, -months), end)
        said = str(spec["since"])
        since = person.hire_date if said == "hire_date" else day(person.attributes.get(said))
        if since is None or since > end:
            return span
        done = 0
        while add_months(since, (done + 1) * months) <= end:
            done += 1
        return Span(add_months(since, done * months), end)
    return Span(day(spec.get("from")) or span.start, day(spec.get("until")) or span.end)


def whole_of(spec: Any, span: Span, person: Person) -> Span:
    """The days that what is asked is for, of which somebody may have been on staff a part: the period, or a window that
    is longer. Somebody's own cycle is not: it begins with them.
    """
    if not spec or "since" in spec:
        return span
    window = window_of(spec, span, None, person)
    is_theirs = person.hire_date <= window.end and (person.exit_date or dt.date.max) >= window.start
    return window if window.days() > span.days() and is_theirs else span


@dataclass(frozen=True)
class Stretch:
    """A period; one before the first or after the last that the plan knows is as long as the next and has no name."""

    name: str
    days: Span


def stretches(plan: Plan, period: str, window: Span) -> list[Stretch]:
    """The periods that a requirement's own window touches, in their order, ``period`` always among them.

    Each is counted as a period, then what lies within the window is kept.
    """
    found = [Stretch(period, plan.span(period))]
    while found[0].days.start > window.start:
        first = found[0]
        before = plan.before(first.name) if first.name else None
        found.insert(0, Stretch(before, plan.span(before)) if before else Stretch("", _earlier(first.days)))
    while found[-1].days.end < window.end:
        last = found[-1]
        after = next(
            (name for name, days in plan.periods.items() if last.name and days.start == last.days.end + DAY), ""
        )
        found.append(Stretch(after, plan.span(after)) if after else Stretch("", _later(last.days)))
    return [one for one in found if one.name == period or one.days.meet(window)]


def _months(span: Span) -> int | None:
    """How many whole months; None where a span ends within one."""
    months = months_between(span.start, span.end)
    return next((many for many in (months, months - 1) if add_months(span.start, many) == span.end + DAY), None)


def _earlier(span: Span) -> Span:
    months = _months(span)
    first = add_months(span.start, -months) if months else span.start - DAY * span.days()
    return Span(first, span.start - DAY)


def _later(span: Span) -> Span:
    months, first = _months(span), span.end + DAY
    return Span(first, (add_months(first, months) if months else first + DAY * span.days()) - DAY)
