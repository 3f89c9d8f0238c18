"""What the rows of a file change, for previews and dry runs: field by field, old and new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from migration.rules import row_json, row_shown
from migration.selectors import State, subject_of
from migration.services.cells import Parsed


@dataclass(frozen=True)
class Change:
    """A row of the file and what it does: ``new``, ``changed`` or ``unchanged``; field -> (old, new).

    ``who`` are those of the fields that tell the row from others: they never change."""

    row: int
    status: str
    fields: Mapping[str, tuple[Any, Any]]
    who: frozenset[str] = field(default_factory=frozenset)

    def differing(self) -> dict[str, tuple[Any, Any]]:
        """The fields that are not as before."""
        return {name: pair for name, pair in self.fields.items() if name not in self.who and pair[0] != pair[1]}

    def subject(self) -> dict[str, Any]:
        return {name: pair[1] for name, pair in self.fields.items() if name in self.who}


def changes_of(
    kind: str, parsed: Parsed, refused: Collection[int], before: State, after: State, *, is_refused: bool,
    unseen: str = "new",
) -> list[Change]:  # fmt: skip
    """What each row of ``parsed`` does, but for those ``refused``. ``unseen``: what rows are that say too little to be
    found among what is stored."""
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
            changes.append(Change(number, unseen, said, frozenset(said) & {"employee_no"}))
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
        changes.append(Change(number, status, parsed.in_order({**told, **fields}), frozenset(told)))
    return changes


def _hours(minutes: Any) -> Any:
    return f"{Decimal(minutes) / 60:.2f}".removesuffix(".00") if isinstance(minutes, int) else minutes


def change_json(change: Change) -> dict[str, Any]:
    """As JSON says it; of a changed row only what differs."""
    return {
        **row_json(change.row),
        "status": change.status,
        "who": {name: _plain(value) for name, value in change.subject().items()},
        "fields": {
            name: {"old": _plain(old) if change.status == "changed" else None, "new": _plain(new)}
            for name, (old, new) in change.differing().items()
        },
    }


def _plain(value: Any) -> Any:
    """A number of money keeps its digits as a text."""
    if isinstance(value, (str, int, type(None))):
        return value
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else as_text(value)


def as_text(value: Any) -> str:
    """A stored value for people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def lines_of_changes(changes: Iterable[Change], heading_of: Mapping[str, str]) -> Iterator[list[Any]]:
    """For a sheet: row, what becomes of it, who, column, before and after; a line for every field."""
    for change in changes:
        if change.status == "unchanged":
            continue
        said = _("New") if change.status == "new" else _("Changed")
        who = ", ".join(as_text(value) for value in change.subject().values())
        for name, (old, new) in change.differing().items():
            was = as_text(old) if change.status == "changed" else ""
            yield [row_shown(change.row), said, who, heading_of.get(name, name), was, as_text(new)]
