"""The ways of booking on the same people and records, in one run: plain SQL, the statement, the policy engine.

Three policies, each a little more than the one before: that of the company, the same with caps inside caps, and the
same with a limit that columns cannot say, which the engine has to book. Nobody reaches that limit, so the last two
policies give the same points, and the run fails where they do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.measure import Measured, measured
from benchmarks.points import book_everybody, plain_first, plain_second, summary
from benchmarks.scratch import add_nested_caps, empty_ledgers, has_nested_caps, vacuum

#: of rate times hours nobody has so much in a month
NEVER_REACHED = {"limits": [{"activity": "online", "at_most": 100_000, "per": "month"}]}


def compare(*, year: int, rounds: int, postmaster: int | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Figures by policy: ``simple``, ``caps_in_caps`` and ``engine``; plain SQL is measured again beside each."""
    if has_nested_caps():
        raise SystemExit("The ways are compared from a simple company on: leave out --keep and --nested-caps.")
    found: dict[str, Any] = {}
    found["simple"] = _way("simple policy, statement", year, rounds, postmaster, say)
    add_nested_caps()
    vacuum()
    found["caps_in_caps"] = _way("caps in caps, statement", year, rounds, postmaster, say)
    sums = _sums()
    _ask_for_the_engine()
    found["engine"] = _way("caps in caps, engine", year, rounds, postmaster, say)
    _check_engine()
    if sums != _sums():
        raise AssertionError(f"the engine booked {_sums()} where the statement booked {sums}")
    return found


def _way(name: str, year: int, rounds: int, postmaster: int | None, say: Callable[[str], None]) -> dict[str, Any]:
    first: dict[str, list[Measured]] = {"plain": [], "product": []}
    second: dict[str, list[Measured]] = {"plain": [], "product": []}
    for _ in range(rounds):
        for side, work in (("plain", plain_first(year)), ("product", book_everybody)):
            empty_ledgers()
            first[side].append(measured(work, postmaster=postmaster))
        vacuum()
        for side, work in (("product", book_everybody), ("plain", plain_second(year))):
            done = measured(work, postmaster=postmaster)
            second[side].append(done)
            if done.result:
                raise AssertionError(f"{name}: {side} found {done.result} differences where there are none")
    figures = {"first_booking": summary(first), "second_booking": summary(second)}
    for what, part in figures.items():
        say(
            f"{name}, {what.replace('_', ' ')}: {part['product_seconds']:.1f} s, plain {part['plain_seconds']:.1f} s "
            f"({part['ratio']} x); cpu {part['product_cpu_seconds']:.1f} s, plain {part['plain_cpu_seconds']:.1f} s "
            f"({part['cpu_ratio']} x)"
        )
    return figures


def _sums() -> dict[str, Any]:
    from django.db.models import Count, Sum

    from training.models import LedgerEntry

    return LedgerEntry.objects.aggregate(Count("id"), Sum("amount"), Sum("full_amount"))


def _ask_for_the_engine() -> None:
    from training.models import Policy

    Policy.objects.update(terms=NEVER_REACHED)


def _check_engine() -> None:
    from training.models import PointsYear

    if not PointsYear.objects.get().by_engine:
        raise AssertionError("the engine did not book the year")
