"""Ratings of other systems are words. Their order is that of numbers, of a scale of the suite, or well known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal, InvalidOperation

#: from the worst to the best; what means the same stands together
WELL_KNOWN: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("pip", "performance improvement plan", "unsatisfactory", "unacceptable"),
        ("needs improvement", "below expectations", "partially meets", "partially meets expectations"),
        ("fully meets", "meets", "meets expectations", "meets requirements"),
        ("exceeds", "exceeds expectations", "above expectations"),
        ("outstanding", "exceptional", "far exceeds", "far exceeds expectations"),
    ),
    (("poor", "very poor"), ("below average", "fair"), ("average",), ("good", "above average"), ("excellent",)),
    (("low",), ("medium",), ("high",)),
    (("e",), ("d",), ("c",), ("b",), ("a",), ("s",)),
    (
        ("不合格", "不称职"),
        ("待改进", "需改进", "基本合格", "基本称职"),
        ("合格", "称职"),
        ("良好", "良"),
        ("优秀", "优"),
    ),
)


def folded(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()


def ranks(grades: Collection[str], scales: Iterable[Sequence[str]] = ()) -> dict[str, Decimal]:
    """A number for each of ``grades``, the better the higher, or nothing where their order is not known.

    Numbers are themselves. Else the first of ``scales`` (grades from the worst to the best) that has them all counts
    1, 2, 3 …, else a scale that is well known.
    """
    numbers = {grade: number for grade in grades if (number := _number(grade)) is not None}
    if len(numbers) == len(grades):
        return numbers
    known = [[(folded(step),) for step in scale] for scale in scales]
    for scale in [*known, *WELL_KNOWN]:
        steps = {word: Decimal(place) for place, words in enumerate(scale, 1) for word in words}
        found = {grade: steps[folded(grade)] for grade in grades if folded(grade) in steps}
        if len(found) == len(grades):
            return found
    return {}


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
