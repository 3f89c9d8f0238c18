"""What goes from one period into the next: surplus and debts (docs/policy-format.md, carry_over and debts)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from training.rules.engine.account import CARRY, CONVERSION, DEBT, FLOOR, ROUNDED, Account, Line
from training.rules.engine.plan import Plan, Spec
from training.rules.engine.values import ONE, ZERO, Rounding, Span, add_months, cents, fraction, number, sure_number


def carried_in(plan: Plan, prior: Account, span: Span, account: Account) -> list[Line]:
    """Lines that the account of the period before leaves."""
    lines: list[Line] = []
    if prior.required is None or prior.exempt:
        return lines
    for spec in plan.carry_over:
        if spec.get("only_if_met") and not prior.met:
            continue
        above_cap = spec.get("above") == "cap"
        lots = _above_cap(prior, spec) if above_cap else _surplus(plan, prior, spec, span)
        points = sum((amount for _age, amount in lots), ZERO)
        if points <= 0:
            continue
        line = _line(spec, prior, points)
        account.carried.setdefault(line.category, []).extend(lots)
        lines.append(line)
    for spec in plan.debts:
        missing = _standing(plan, prior, str(spec.get("of", "total")))[2]
        owed = cents(missing * (number(spec.get("factor")) or ONE))
        most = number(spec.get("at_most"))
        owed = owed if most is None else min(owed, most)
        if owed > 0:
            into = str(spec.get("into") or spec["of"])
            lines.append(Line(DEBT, into, -owed, -owed, note=f"from {prior.period}"))
    return lines


def cut_carried_in(plan: Plan, prior: Account) -> list[Line]:
    """Lines of what caps took off in the period before, alone."""
    if prior.required is None or prior.exempt:
        return []
    found = []
    for spec in plan.carry_over:
        if spec.get("above") != "cap" or (spec.get("only_if_met") and not prior.met):
            continue
        points = sum((amount for _age, amount in _above_cap(prior, spec)), ZERO)
        if points > 0:
            found.append(_line(spec, prior, points))
    return found


def _line(spec: Spec, prior: Account, points: Decimal) -> Line:
    into = str(spec.get("into") or spec["of"])
    is_full = spec.get("counts_for") != "total"
    return Line(CARRY, into, points, points, note=f"from {prior.period}", is_full=is_full)


def _standing(plan: Plan, prior: Account, of: str) -> tuple[Decimal, Decimal, Decimal]:
    """Counted, surplus and missing points of the total or a category; nothing where nothing was asked."""
    if of == "total":
        return prior.total, prior.surplus, prior.missing
    need = max((one for one in prior.requirements if one.category == of), key=lambda one: one.required, default=None)
    if need is None:
        return ZERO, ZERO, ZERO
    counted = prior.categories.get(of, (ZERO, ZERO))[0]
    return counted, max(counted - need.required, ZERO), need.missing


def _surplus(plan: Plan, prior: Account, spec: Spec, span: Span) -> list[tuple[int, Decimal]]:
    """(periods ago, points) that may go on; what was carried into the prior period is used up first."""
    of = str(spec.get("of", "total"))
    counted, surplus, _missing = _standing(plan, prior, of)
    if surplus <= 0:
        return []
    life = int(spec.get("expires_after") or 1)
    before = sorted(lot for into, lots in prior.carried.items() if _is_of(plan, into, of) for lot in lots)
    own = counted - sum((amount for _age, amount in before), ZERO)
    fresh = max(min(own, surplus), ZERO)
    # the oldest were used up first
    left = _at_most(before, surplus - fresh)
    lots = [(age + 1, amount) for age, amount in left if age < life]
    months = spec.get("earned_in_last_months")
    if months:
        since = add_months(span.start, -int(months))
        late = sum((line.counted for line in _of(plan, prior.lines, of) if _since(line, since)), ZERO)
        fresh, lots = max(min(fresh, late), ZERO), []
    lots.insert(0, (1, fresh))
    if spec.get("within_total"):
        lots = _at_most(lots, prior.surplus)
    share = fraction(spec.get("share"))
    if share is not None:
        lots = [(age, cents(amount * share)) for age, amount in lots]
    return _at_most(lots, number(spec.get("at_most")))


def _above_cap(prior: Account, spec: Spec) -> list[tuple[int, Decimal]]:
    """What the cap of the category took off; it goes on once."""
    share = fraction(spec.get("share"))
    points = prior.cut.get(str(spec["of"]), ZERO)
    return _at_most([(1, cents(points if share is None else points * share))], number(spec.get("at_most")))


def _since(line: Line, since: dt.date) -> bool:
    return line.record is not None and line.record.happened_on >= since


def _of(plan: Plan, lines: Sequence[Line], of: str) -> list[Line]:
    return [line for line in lines if _is_of(plan, line.category, of)]


def _is_of(plan: Plan, category: str, of: str) -> bool:
    return plan.in_total(category) if of == "total" else of in plan.line_of(category)


def _at_most(lots: Sequence[tuple[int, Decimal]], most: Decimal | None) -> list[tuple[int, Decimal]]:
    """The youngest first."""
    kept: list[tuple[int, Decimal]] = []
    for age, amount in sorted(lots):
        taken = amount if most is None else min(amount, most)
        most = None if most is None else most - taken
        if taken > 0:
            kept.append((age, taken))
    return kept


# --- what is done with the sums of a period ---------------------------------------------------------
def convert(plan: Plan, lines: list[Line]) -> None:
    """Points of one category counted in another; later conversions see what earlier ones made."""
    for spec in plan.conversions:
        source, into = str(spec["from"]), str(spec["into"])
        inside = [line for line in lines if source in plan.line_of(line.category)]
        full, amount = _converted(spec, sum((line.counted for line in inside), ZERO))
        if amount == 0:
            continue
        pieces = _first_come(spec, inside)
        note = f"{source} → {into}"
        lines.append(Line(CONVERSION, into, full, amount, note=note, pieces=pieces))
        if spec.get("moves"):
            rate = sure_number(spec.get("rate", 1))
            gone, days = cents(amount / rate), [(day, -cents(piece / rate)) for day, piece in pieces]
            lines.append(Line(CONVERSION, source, -gone, -gone, note=note, pieces=days))


def _converted(spec: Spec, there: Decimal) -> tuple[Decimal, Decimal]:
    """What so many points are worth elsewhere, before and after ``at_most``."""
    full = max(there, ZERO) * sure_number(spec.get("rate", 1))
    rounding = Rounding.of(spec.get("rounding"))
    full = rounding(full) if rounding else cents(full)
    most = number(spec.get("at_most"))
    return full, full if most is None else min(full, most)


def _first_come(spec: Spec, inside: Sequence[Line]) -> list[tuple[dt.date, Decimal]]:
    """How much of a conversion each day brought."""
    by_day: dict[dt.date, Decimal] = defaultdict(lambda: ZERO)
    for line in inside:
        if line.record:
            by_day[line.record.happened_on] += line.counted
        for day, piece in line.pieces:
            by_day[day] += piece
    found, there, before = [], ZERO, ZERO
    for day in sorted(by_day):
        there += by_day[day]
        amount = _converted(spec, there)[1]
        found.append((day, amount - before))
        before = amount
    return found


def round_sums(plan: Plan, lines: list[Line]) -> None:
    """Rounds the sum of each category, or of the total, by a line of its own."""
    rounding = Rounding.of(plan.sum_rounding)
    if rounding is None:
        return
    if (plan.sum_rounding or {}).get("of") == "category":
        for category in dict.fromkeys(line.category for line in lines):
            exact = _sum(line.counted for line in lines if line.category == category)
            if rounding(exact) != exact:
                lines.append(Line(ROUNDED, category, ZERO, rounding(exact) - exact))
        return
    exact = _sum(line.counted for line in lines if plan.in_total(line.category))
    if rounding(exact) != exact:
        lines.append(Line(ROUNDED, "", ZERO, rounding(exact) - exact))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    """Three thirds are one: what division cut off far behind the point is put back."""
    return sum(amounts, ZERO).quantize(Decimal("1e-9"))


def void(plan: Plan, lines: list[Line], categories: set[str] | None, name: str) -> None:
    """What is above zero in these categories (None: everywhere) counts nothing."""
    for line in lines:
        if line.counted > 0 and (categories is None or categories.intersection(plan.line_of(line.category))):
            line.cut_to(ZERO, f"breach:{name}")


def still_cut(plan: Plan, cut: Mapping[str, Decimal], categories: set[str] | None) -> dict[str, Decimal]:
    """What caps took off categories that are not voided."""
    if categories is None:
        return {}
    return {code: points for code, points in cut.items() if not categories.intersection(plan.line_of(code))}


def floor(plan: Plan, lines: list[Line]) -> None:
    """Categories, the deepest first, and the total never fall below their floors."""
    for node in sorted(plan.categories.values(), key=lambda node: -node.depth):
        if node.floor is not None:
            _lift(lines, [line for line in lines if node.code in plan.line_of(line.category)], node.floor, node.code)
    if plan.floor is not None:
        _lift(lines, [line for line in lines if plan.in_total(line.category)], plan.floor, "")


def _lift(lines: list[Line], inside: Sequence[Line], least: Decimal, category: str) -> None:
    points = sum((line.counted for line in inside), ZERO)
    if points < least:
        lines.append(Line(FLOOR, category, ZERO, least - points))
