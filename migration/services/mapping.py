"""How the columns of a file become fields: a YAML file written once per source (docs/import-mapping.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.cleaning import BadAnswerError, Hints
from migration.cleaning.decisions import hints_of
from migration.cleaning.plain_yaml import load_texts, where_of
from migration.rules import folded, is_format, text_of

_PLACE = re.compile(r"\{([^{}]+)\}")
KEYS = frozenset(
    {
        "kind", "sheet", "table", "turned", "encoding", "heading_row", "columns", "values", "constants", "dates",
        "units", "empty", "skip", "compact", "create", "bands", "attributes", "clean",
    }
)  # fmt: skip
CREATABLE = frozenset({"departments", "positions", "levels", "courses", "ratings"})


@dataclass(frozen=True)
class Condition:
    """Rows whose ``column`` holds one of ``values`` (or none of them: ``is_in`` False) are passed over."""

    column: str
    values: frozenset[str]
    is_in: bool

    def holds(self, cell: object) -> bool:
        return (folded(text_of(cell)) in self.values) is self.is_in


@dataclass(frozen=True)
class Mapping:
    """An empty one relies on the usual headings alone."""

    kind: str = ""
    sheet: str = ""
    #: which table of the sheet, counted from 1
    table: int = 0
    #: yes or no: whether the table lies on its side; empty where it shows
    turned: str = ""
    encoding: str = ""
    heading_row: int = 0
    #: field -> heading, or a template of headings such as ``{First} {Last}``
    columns: AnyMapping[str, str] = field(default_factory=dict)
    #: field -> folded cell -> the suite's word
    values: AnyMapping[str, AnyMapping[str, str]] = field(default_factory=dict)
    constants: AnyMapping[str, str] = field(default_factory=dict)
    dates: AnyMapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: field -> what its number is multiplied with
    units: AnyMapping[str, Decimal] = field(default_factory=dict)
    #: folded cells that mean nothing
    empty: frozenset[str] = frozenset()
    skip: tuple[Condition, ...] = ()
    #: fields whose cells lose the blanks inside
    compact: frozenset[str] = frozenset()
    create: frozenset[str] = frozenset()
    bands: AnyMapping[str, str] = field(default_factory=dict)
    #: name of a custom attribute -> heading
    attributes: AnyMapping[str, str] = field(default_factory=dict)
    #: what else the cleaning is told (docs/cleaning.md): rules, columns, empty, kept
    hints: Hints = field(default_factory=Hints)
    #: fields without which a row says nothing of this kind: such rows are passed over
    needs: tuple[str, ...] = ()
    #: headings of columns that the same table serves other kinds with
    elsewhere: frozenset[str] = frozenset()
    #: whether somebody looked at every column: no other one is matched by its heading
    is_complete: bool = False


def is_template(text: str) -> bool:
    return bool(_PLACE.search(text))


def template_columns(text: str) -> list[str]:
    return _PLACE.findall(text)


def fill(template: str, cells: AnyMapping[str, object]) -> str:
    """The template with the cells of its headings (folded) put in; blanks are squeezed."""
    return " ".join(_PLACE.sub(lambda match: text_of(cells.get(folded(match[1]))), template).split())


def read_mapping(text: str) -> Mapping:
    """A mapping from its YAML text. Raises BadInput for anything that is not understood."""
    try:
        raw = load_texts(text) or {}
    except yaml.YAMLError as error:
        said = {"error": where_of(error)}
        raise _bad("mapping", "", _("The mapping is no valid YAML: %(error)s.") % said) from error
    if not isinstance(raw, dict):
        raise _bad("mapping", "", _("The mapping must be keys with values, such as kind: employees."))
    if unknown := sorted(str(key) for key in set(raw) - KEYS):
        known = ", ".join(sorted(KEYS))
        raise _bad("mapping", ", ".join(unknown), _("Unknown key. Known keys: %(known)s.") % {"known": known})
    create = frozenset(_list(raw, "create"))
    if create - CREATABLE:
        raise _bad(
            "create", ", ".join(sorted(create - CREATABLE)), _("Use departments, positions, levels, courses, ratings.")
        )
    return Mapping(
        kind=str(raw.get("kind") or ""),
        sheet=str(raw.get("sheet") or ""),
        table=_whole(raw, "table"),
        turned=_yes_or_no(raw, "turned"),
        encoding=str(raw.get("encoding") or ""),
        heading_row=_whole(raw, "heading_row"),
        columns=_texts(raw, "columns"),
        values={
            name: {folded(str(old)): _text(str(old), new) for old, new in _dict({name: terms}, name).items()}
            for name, terms in _dict(raw, "values").items()
        },
        constants=_texts(raw, "constants"),
        dates={name: _formats(name, given) for name, given in _dict(raw, "dates").items()},
        units={name: _number(name, given) for name, given in _dict(raw, "units").items()},
        empty=frozenset(folded(str(one)) for one in _list(raw, "empty")),
        skip=tuple(_condition(one) for one in raw.get("skip") or ()),
        compact=frozenset(_list(raw, "compact")),
        create=create,
        bands=_texts(raw, "bands"),
        attributes=_texts(raw, "attributes"),
        hints=_hints(raw),
    )


def _bad(key: str, value: object, message: str) -> BadInput:
    return BadInput(key, value, message, _("Mend the mapping file: docs/import-mapping.md shows every key."))


def _hints(raw: AnyMapping[str, Any]) -> Hints:
    try:
        return hints_of(_dict(raw, "clean"))
    except BadAnswerError as error:
        raise _bad(error.where, "", _(error.say.text) % error.say.values) from error


def _dict(raw: AnyMapping[str, Any], key: str) -> dict[str, Any]:
    given = raw.get(key) or {}
    if not isinstance(given, dict):
        raise _bad(key, given, _("This must be keys with values."))
    return {str(name): value for name, value in given.items()}


def _texts(raw: AnyMapping[str, Any], key: str) -> dict[str, str]:
    return {name: _text(name, value) for name, value in _dict(raw, key).items()}


def _text(key: str, given: object) -> str:
    if isinstance(given, list | dict):
        raise _bad(key, given, _("Only one value can stand here."))
    return text_of(given)


def _list(raw: AnyMapping[str, Any], key: str) -> list[str]:
    given = raw.get(key) or []
    if not isinstance(given, list):
        raise _bad(key, given, _("This must be a list."))
    return [str(one) for one in given]


def _whole(raw: AnyMapping[str, Any], key: str) -> int:
    given = raw.get(key) or "0"
    if not isinstance(given, str) or not given.isdecimal():
        raise _bad(key, given, _("This must be a whole number."))
    return int(given)


def _yes_or_no(raw: AnyMapping[str, Any], key: str) -> str:
    given = str(raw.get(key) or "").lower()
    if given not in ("", "yes", "no", "true", "false"):
        raise _bad(key, given, _("Write yes or no."))
    return {"true": "yes", "false": "no"}.get(given, given)


def _number(key: str, given: object) -> Decimal:
    try:
        number = Decimal(str(given))
    except InvalidOperation as error:
        raise _bad(key, given, _("This must be a number.")) from error
    if not number.is_finite() or number <= 0:
        raise _bad(key, given, _("This must be more than 0."))
    return number


def _formats(key: str, given: object) -> tuple[str, ...]:
    found = (given,) if isinstance(given, str) else tuple(_list({key: given}, key))
    for one in found:
        if not is_format(one):
            raise _bad(key, one, _("This is no format of dates, such as %(example)s.") % {"example": "%d/%m/%Y"})
    return found


def _condition(given: object) -> Condition:
    if not isinstance(given, dict) or "column" not in given or ("in" in given) == ("not_in" in given):
        raise _bad("skip", given, _("A condition names a column and either in or not_in with a list."))
    word = "in" if "in" in given else "not_in"
    return Condition(str(given["column"]), frozenset(folded(one) for one in _list(given, word)), word == "in")
