"""Which rule wins, in plain Python: the explanation of what the booking's SQL decides. No Django in here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

#: what is compared, in this order; the first difference decides
CRITERIA = ("employee", "position", "department", "level", "band", "condition", "priority", "newest", "newest")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Place:
    """Where somebody works on a day. ``departments`` maps their own department and all above it to the distance."""

    employee_id: int
    position_id: int | None = None
    level_id: int | None = None
    band: str = ""
    departments: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """The scope of a rule, and the version of it that is in force. Empty parts of a scope fit everyone."""

    version_id: int
    start_date: dt.date
    priority: int = 0
    employee_id: int | None = None
    department_id: int | None = None
    position_id: int | None = None
    level_id: int | None = None
    band: str = ""
    has_when: bool = False


def misfit(offer: Offer, place: Place) -> str:
    """The first part of the scope that ``place`` is outside of; empty where it fits."""
    if offer.employee_id and offer.employee_id != place.employee_id:
        return "employee"
    if offer.position_id and offer.position_id != place.position_id:
        return "position"
    if offer.department_id and offer.department_id not in place.departments:
        return "department"
    if offer.level_id and offer.level_id != place.level_id:
        return "level"
    if offer.band and offer.band != place.band:
        return "band"
    return ""


def strength(offer: Offer, place: Place) -> tuple[int, ...]:
    """Compared part by part as CRITERIA name them; the greater one wins. Only for offers that fit."""
    distance = place.departments.get(offer.department_id or 0)
    return (
        int(bool(offer.employee_id)),
        int(bool(offer.position_id)),
        # the nearest department wins, any department beats none
        -(distance + 1) if distance is not None and offer.department_id else -1_000_000,
        int(bool(offer.level_id)),
        int(bool(offer.band)),
        int(offer.has_when),
        offer.priority,
        offer.start_date.toordinal(),
        offer.version_id,
    )


def winner(offers: Sequence[Offer], place: Place) -> Offer | None:
    """The offer that counts at ``place``, if any fits."""
    fitting = [offer for offer in offers if not misfit(offer, place)]
    return max(fitting, key=lambda offer: strength(offer, place), default=None)


def decided_by(better: Offer, worse: Offer, place: Place) -> str:
    """The criterion by which ``better`` beats ``worse``."""
    pairs = zip(CRITERIA, strength(better, place), strength(worse, place), strict=True)
    return next((name for name, ours, theirs in pairs if ours != theirs), "newest")


def worth(*, units: Decimal, rate: Decimal, max_per_record: Decimal | None, rounding: str = "half_up") -> Decimal:
    """Points of a single record before the caps of a year: units x rate, rounded once, cut at the record's cap."""
    full = (units * rate).quantize(CENT, ROUND_DOWN if rounding == "down" else ROUND_HALF_UP)
    return full if max_per_record is None else min(full, max_per_record)
