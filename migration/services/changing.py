"""What the rows of a file change, as a preview shows it: field by field, old and new."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from migration.selectors import State, subject_of
from migration.services.cells import Parsed


@dataclass(frozen=True)
class Change:
    """A row of the file and what it does: ``new``, ``changed`` or ``unchanged``; field -> (old, new)."""

    row: int
    status: str
    fields: AnyMapping[str, tuple[Any, Any]]


def changes_of(
    kind: str, parsed: Parsed, refused: Collection[int], before: State, after: State, *, is_refused: bool
) -> list[Change]:
    """What each row of ``parsed`` does, but for those ``refused``."""
    changes = []
    for number, values in parsed.rows:
        if number in refused:
            continue
        subject = subject_of(kind, values)
        old, new = before.get(subject), after.get(subject)
        if is_refused or new is None:
            # the stored subject is not known by the row alone; show what the row says
            said = {name: ("", value) for name, value in values.items() if name != "attributes"}
            if "hours" in said:
                said["hours"] = ("", _hours(values["hours"]))
            said |= {name: ("", value) for name, value in values.get("attributes", {}).items()}
            changes.append(Change(number, "new", said))
            continue
        pairs = {name: ((old or {}).get(name), value) for name, value in new.items()}
        if "hours" in parsed.heading_of and "minutes" in pairs:
            pairs["hours"] = (_hours(pairs["minutes"][0]), _hours(pairs.pop("minutes")[1]))
        # what the file speaks of, and what moves with it
        fields = {
            name: pair for name, pair in pairs.items() if name in parsed.heading_of or (old and pair[0] != pair[1])
        }
        # what tells the row from others is no part of the state: who, and which day
        told = {name: ("", value) for name, value in values.items() if name in parsed.heading_of and name not in pairs}
        status = "new" if old is None else "unchanged" if old == new else "changed"
        changes.append(Change(number, status, parsed.in_order({**told, **fields})))
    return changes


def _hours(minutes: Any) -> Any:
    return f"{Decimal(minutes) / 60:.2f}".removesuffix(".00") if isinstance(minutes, int) else minutes
