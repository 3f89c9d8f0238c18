"""What a requirement adds up or averages: points, hours, records, scores, or numbers that records state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

from training.rules.engine.account import Line
from training.rules.engine.conditions import compile_condition
from training.rules.engine.inputs import Record
from training.rules.engine.plan import Plan, Spec
from training.rules.engine.pricing import Evidence
from training.rules.engine.shares import codes
from training.rules.engine.values import ONE, ZERO, Span, cents, number


class Measure:
    """``spec`` is the requirement, ``around`` those it stands in; ``period_of`` gives the period of a day."""

    def __init__(
        self,
        plan: Plan,
        evidence: Evidence,
        spec: Spec,
        period_of: Callable[[dt.date], Span],
        around: Sequence[Spec] = (),
    ) -> None:
        self.plan, self.evidence, self.spec, self.period_of = plan, evidence, spec, period_of
        self.around = around
        #: of all points only those that count for the total
        self.is_whole = not any(spec.get(name) for name in ("category", "activity", "when"))

    def of(self, lines: Sequence[Line], span: Span) -> Decimal:
        spec = self.spec
        measure = str(spec.get("measure") or "points")
        if spec.get("take") == "average" or spec.get("best") or measure == "score":
            return _taken(spec, self._figures(measure, lines, span))
        if measure in ("points", "raw"):
            mine = [line for line in lines if not self.is_whole or self.plan.in_total(line.category)]
            return sum((line.raw if measure == "raw" else line.counted for line in mine), ZERO)
        records = _counting(lines)
        if measure == "times":
            return Decimal(len(records))
        if measure == "hours":
            return sum((Decimal(record.minutes or 0) for record in records.values()), ZERO) / 60
        return sum((number(record.attributes.get(measure)) or ZERO for record in records.values()), ZERO)

    def _figures(self, measure: str, lines: Sequence[Line], span: Span) -> list[Decimal]:
        """Of each record that counts; scores are of all that state one, whether they earn or not."""
        if measure == "score":
            return [one.score for one in self._records(span) if one.score is not None]
        records = _counting(lines)
        if measure in ("points", "raw"):
            sums = dict.fromkeys(records, ZERO)
            for line in lines:
                if line.record_id in sums and (not self.is_whole or self.plan.in_total(line.category)):
                    sums[line.record_id] += line.raw if measure == "raw" else line.counted
            return list(sums.values())
        if measure == "times":
            return [ONE for _record in records]
        if measure == "hours":
            return [Decimal(record.minutes) / 60 for record in records.values() if record.minutes is not None]
        stated = [number(record.attributes.get(measure)) for record in records.values()]
        return [figure for figure in stated if figure is not None]

    def _records(self, span: Span) -> list[Record]:
        specs = (*self.around, self.spec)
        return [one for one in self.evidence.within(span) if all(self._fits(spec, one) for spec in specs)]

    def _fits(self, spec: Spec, one: Record) -> bool:
        categories, activities = set(codes(spec.get("category"))), set(codes(spec.get("activity")))
        if categories and not categories.intersection(self.plan.line_of(self.plan.category_of(one.activity))):
            return False
        if activities and one.activity not in activities:
            return False
        return compile_condition(spec.get("when"))(self.evidence.lookup(one, self.period_of(one.happened_on)))


def _counting(lines: Sequence[Line]) -> dict[int, Record]:
    return {line.record.id: line.record for line in lines if line.record and line.is_counted}


def _taken(spec: Spec, figures: Sequence[Decimal]) -> Decimal:
    """The sum or the average of the greatest so many figures, or of all of them."""
    best = spec.get("best")
    taken = sorted(figures, reverse=True)[: int(best) if best else None]
    whole = sum(taken, ZERO)
    if spec.get("take") != "average":
        return whole
    return cents(whole / len(taken)) if taken else ZERO
