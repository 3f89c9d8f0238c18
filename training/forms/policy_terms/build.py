"""What was posted, as the part of the policy document that it says. The parser of files judges it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from training.forms.policy_terms.known import Known
from training.services.policy_file.grammar import GROUPS, Field
from training.services.policy_file.reader import plain_number

#: the choice of a field that is said in detail below it
IN_DETAIL = "…"
INDEX = re.compile(r"\[(\d{1,4})\]")
SEPARATORS = re.compile(r"\s*[;；\n]\s*")
COMMAS = re.compile(r"\s*[,，、]\s*")
BOUNDS = ("from", "above", "to", "below")
MAX_FIELDS = 5000


class Posted:
    """The posted fields. ``keeps_empty`` keeps rows without content, for a page that is shown again."""

    def __init__(self, data: QueryDict, known: Known, *, keeps_empty: bool = False) -> None:
        self.known, self.keeps_empty = known, keeps_empty
        self.data = {name: [value.strip() for value in data.getlist(name)] for name in list(data)[:MAX_FIELDS]}
        self.rows: dict[str, set[int]] = {}
        for name in self.data:
            self._note_rows(name)

    def _note_rows(self, name: str) -> None:
        for match in INDEX.finditer(name):
            self.rows.setdefault(name[: match.start()], set()).add(int(match[1]))

    def value(self, path: str) -> str:
        return self.data.get(path, [""])[-1]

    def values(self, path: str) -> list[str]:
        return [value for value in self.data.get(path, ()) if value]

    def items(self, path: str) -> list[str]:
        """Paths of the rows of a list."""
        return [f"{path}[{number}]" for number in sorted(self.rows.get(path, ()))]

    def add_row(self, path: str, variant: str) -> None:
        name = f"{path}[{max(self.rows.get(path, {-1})) + 1}]"
        self.data[name] = [variant]
        self._note_rows(name)

    def remove(self, path: str) -> None:
        """Without everything that stands at or below a path."""
        gone = [name for name in self.data if name == path or name.startswith((f"{path}.", f"{path}["))]
        for name in gone:
            del self.data[name]
        self.rows = {}
        for name in self.data:
            self._note_rows(name)


def build(field: Field, path: str, posted: Posted) -> Any:
    """A field's value; None or empty where nothing is said."""
    if field.kind == "either":
        simple = posted.value(path)
        if simple and simple != IN_DETAIL:
            return simple
        return next(build(one, path, posted) for one in field.options if one.kind in ("group", "list"))
    if field.kind == "group":
        return build_group(GROUPS[field.group], path, posted)
    if field.kind == "list":
        rows = [_item(field.group, item, posted) for item in posted.items(path)]
        return rows if posted.keeps_empty else [row for row in rows if row]
    if field.kind == "condition":
        return build_condition(path, posted)
    if field.kind in ("codes", "texts"):
        return _codes(field, path, posted)
    return _single(field, posted.value(path))


def build_group(fields: Mapping[str, Field], path: str, posted: Posted, names: Iterable[str] = ()) -> dict[str, Any]:
    """A mapping of the fields that say something; of ``names`` only, where given."""
    found = {}
    for name in names or fields:
        value = build(fields[name], f"{path}.{name}" if path else name, posted)
        if value is not None and value not in ("", [], {}):
            found[name] = value
    return found


def _item(group: str, path: str, posted: Posted) -> dict[str, Any]:
    found = build_group(GROUPS[group], path, posted)
    variant = posted.value(path)
    if posted.keeps_empty and variant in GROUPS[group] and variant not in found:
        found[variant] = []
    return found


def _codes(field: Field, path: str, posted: Posted) -> Any:
    values = posted.values(path)
    if not field.about:
        values = [part for value in values for part in COMMAS.split(value) if part]
    if field.kind == "codes" and len(values) == 1:
        return values[0]
    return values


def _single(field: Field, text: str) -> Any:
    if text and field.kind in ("number", "whole"):
        return _number(text)
    if field.kind == "boolean":
        return {"yes": True, "no": False}.get(text)
    if field.kind == "scalar":
        return _number(text)
    return text


def _number(text: str) -> Any:
    """The number, or the text as it stands: the parser says then what is wrong with it."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return plain_number(number) if number.is_finite() and abs(number) < 10**12 else text


# --- conditions -------------------------------------------------------------------------------------------------------
def build_condition(path: str, posted: Posted) -> dict[str, Any]:
    """Rows of (name, comparison, value) and groups of conditions, as one mapping."""
    found: dict[str, Any] = {}
    spare: list[dict[str, Any]] = []
    for row in posted.items(f"{path}.tests"):
        name = posted.value(f"{row}.name")
        if not name:
            if posted.keeps_empty:
                found[""] = ""
            continue
        test = _test(name, posted.value(f"{row}.is"), posted.value(f"{row}.value"), posted.known)
        if name not in found:
            found[name] = test
        elif isinstance(found[name], dict) and isinstance(test, dict) and not set(found[name]) & set(test):
            found[name] = {**found[name], **test}
        else:
            spare.append({name: test})
    for row in posted.items(f"{path}.groups"):
        join = posted.value(f"{row}.join") or "any"
        parts = [build_condition(part, posted) for part in posted.items(f"{row}.parts")]
        parts = parts if posted.keeps_empty else [part for part in parts if part]
        if not parts and not posted.keeps_empty:
            continue
        value: Any = parts[0] if join == "not" and len(parts) == 1 else parts
        if join in found:
            spare.append({join: value})
        else:
            found[join] = value
    if spare:
        found["all"] = [*found.get("all", ()), *spare]
    return found


def _test(name: str, comparison: str, text: str, known: Known) -> Any:
    if comparison in ("known", "unknown"):
        return {"known": comparison == "known"}
    if comparison in BOUNDS:
        return {comparison: _typed(name, text, known) if text else None}
    parts = [part for part in (SEPARATORS if SEPARATORS.search(text) else COMMAS).split(text) if part]
    values = [_typed(name, part, known) for part in parts]
    # nothing: the parser says that a value is missing
    value: Any = values if len(values) > 1 else (values[0] if values else None)
    return {"not": value} if comparison == "not" else value


def _typed(name: str, text: str, known: Known) -> Any:
    """A value in the type that the name states: a code may be given by what it is called."""
    kind = known.type_of(name)
    if kind == "boolean":
        lower = text.lower()
        if lower in ("yes", "true", "1", _("yes").lower()):
            return True
        if lower in ("no", "false", "0", _("no").lower()):
            return False
        return text
    if kind == "number":
        return _number(text)
    return known.code_of(name, text)
