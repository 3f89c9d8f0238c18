"""Source ids for evidence that has none: they follow from what it says, so that the same file changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from migration.models import Kind
from training.models import LearningRecord, TeamRecord

Rows = Sequence[tuple[int, dict[str, Any]]]
#: how a source id begins that a row did not have itself
AUTOMATIC = "auto-"


def complete(kind: str, rows: Rows) -> list[tuple[int, dict[str, Any]]]:
    """Rows of evidence, those without a source id with one that is the same in every file.

    It tells who, what and when. Of several events that agree in these, the first one has this id and the others one
    that tells the amounts and attributes too; an id that is known already is kept, whatever the order of the rows.
    """
    if kind not in (Kind.RECORDS, Kind.SCORES):
        return list(rows)
    names = {number: name_of(values) for number, values in rows if "source_id" not in values}
    whole = {number: f"{names[number]}-{content_of(values)}" for number, values in rows if number in names}
    known = _known(set(whole.values()))
    given: dict[int, str] = {number: name for number, name in whole.items() if name in known}
    taken: dict[str, str] = {}
    done = []
    for number, values in rows:
        if number in names:
            name = given.get(number)
            if name is None:
                first = taken.setdefault(names[number], whole[number])
                name = names[number] if first == whole[number] else whole[number]
            done.append((number, {**values, "source_id": name}))
        else:
            done.append((number, values))
    return done


def _known(names: set[str]) -> set[str]:
    if not names:
        return set()
    wanted = sorted(names)
    found = set(LearningRecord.objects.filter(source_id__in=wanted).values_list("source_id", flat=True))
    return found | set(TeamRecord.objects.filter(source_id__in=wanted).values_list("source_id", flat=True))


def name_of(values: dict[str, Any]) -> str:
    """Who, what and when."""
    names = ["employee_no", "happened_on", "activity", "course", "title"]
    if not values.get("employee_no"):
        names.insert(0, "team")
    return AUTOMATIC + _digest([str(values.get(name, "")) for name in names], 32)


def content_of(values: dict[str, Any]) -> str:
    """Amounts and attributes."""
    names = ("hours", "minutes", "count", "score", "passed")
    said = [str(values.get(name, "")) for name in names]
    return _digest(said + [f"{code}={value}" for code, value in sorted(values.get("attributes", {}).items())], 16)


def _digest(parts: Sequence[str], length: int) -> str:
    said = "\x1f".join(part.strip().casefold() for part in parts)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:length]
