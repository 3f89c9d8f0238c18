"""The periods that a requirement's own window touches: each is counted as a period, then what lies within is kept."""

from __future__ import annotations

from dataclasses import dataclass

from training.rules.engine.plan import Plan
from training.rules.engine.values import DAY, Span, add_months, months_between


@dataclass(frozen=True)
class Stretch:
    """A period; one before the first or after the last that the plan knows is as long as the next and has no name."""

    name: str
    days: Span


def stretches(plan: Plan, period: str, window: Span) -> list[Stretch]:
    """In their order, ``period`` always among them."""
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
