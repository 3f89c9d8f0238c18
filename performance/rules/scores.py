"""Scores, grades and top shares as pure functions. The SQL beside the services does the same; a test compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
CENT = Decimal("0.01")

SCORED = "scored"
NOT_APPLICABLE = "not_applicable"
MISSING = "missing"

_ROUNDING = {"half_up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


@dataclass(frozen=True)
class Part:
    """A part of an appraisal: its weight in percent, its state, and its score of 0 to 100 when scored."""

    weight: Decimal
    state: str
    score: Decimal | None = None


def training_score(points: Decimal, required: Decimal | None) -> Decimal | None:
    """``min(100, points / required x 100)``, two places; None (not applicable) without a target."""
    if required is None or required <= 0:
        return None
    return min(HUNDRED, max(Decimal(0), points) * 100 / required).quantize(CENT, ROUND_HALF_UP)


def final_score(parts: Iterable[Part]) -> Decimal | None:
    """Weighted mean of the scored parts, two places; a part that is not applicable hands its weight to the others.

    None while a part is missing, and where nothing is scored: never 0 by accident.
    """
    parts = list(parts)
    scored = [part for part in parts if part.state == SCORED and part.score is not None]
    if not scored or any(part.state == MISSING for part in parts):
        return None
    total = sum((part.weight * (part.score or 0) for part in scored), Decimal(0))
    return (total / sum(part.weight for part in scored)).quantize(CENT, ROUND_HALF_UP)


def effective_weights(parts: Sequence[Part]) -> list[Decimal]:
    """Each part's share of the final score in percent, two places, after redistribution."""
    counted = sum((part.weight for part in parts if part.state != NOT_APPLICABLE), Decimal(0))
    return [
        Decimal(0)
        if part.state == NOT_APPLICABLE or not counted
        else (part.weight * 100 / counted).quantize(CENT, ROUND_HALF_UP)
        for part in parts
    ]


def grade_of(
    score: Decimal | None, bands: Mapping[str, Decimal], *, target_met: bool | None, best_if_missed: str = ""
) -> str:
    """Grade of the highest band that ``score`` reaches; at best ``best_if_missed`` where the target is missed.

    ``bands`` maps grade to its lowest score. Empty without a score, or below the lowest band.
    """
    reached = [grade for grade, lowest in bands.items() if score is not None and score >= lowest]
    if not reached:
        return ""
    grade = max(reached, key=lambda name: bands[name])
    if target_met is False and best_if_missed in bands and bands[best_if_missed] < bands[grade]:
        return best_if_missed
    return grade


def head_count(share: Decimal, population: int, rounding: str) -> int:
    """``share`` percent of ``population`` as a whole number: 10 % of 80 is 8."""
    return int((share * population / HUNDRED).quantize(Decimal(1), _ROUNDING[rounding]))


def top(points: Mapping[int, Decimal], places: int, ties: str) -> set[int]:
    """Who is among the first ``places`` by points. People who tie across the line are all in, or all out."""
    chosen = set()
    for key, value in points.items():
        ahead = sum(1 for other in points.values() if other > value)
        level = sum(1 for other in points.values() if other == value)
        if ahead < places if ties == "include" else ahead + level <= places:
            chosen.add(key)
    return chosen
