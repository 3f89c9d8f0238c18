"""YAML with line numbers: every problem says where it stands, and all of them are collected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, RowProblem

EMPTY = {"", "null", "~"}
MAX_BYTES = 5_000_000


class Table:
    """A mapping of the file. Its ``take_*`` read a field and note a problem instead of raising; None then."""

    def __init__(self, node: yaml.MappingNode | None, path: str, problems: list[RowProblem], line: int = 1) -> None:
        self.path, self.problems = path, problems
        self.line = node.start_mark.line + 1 if node is not None else line
        self._fields: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        for key, value in node.value if node is not None else []:
            name = str(key.value)
            if name in self._fields:
                self._note(key, name, name, _("This field stands here twice."), _("Keep one of them."))
            self._fields[name], self._keys[name] = value, key

    # --- problems ---------------------------------------------------------------------------------
    def _note(self, node: yaml.Node | None, name: str, value: Any, message: str, mend: str) -> None:
        line = node.start_mark.line + 1 if node is not None else self.line
        column = f"{self.path}.{name}" if self.path and name else (name or self.path)
        self.problems.append(RowProblem(line, column, value, message, mend))

    def refuse(self, name: str, value: Any, message: str, mend: str = "") -> None:
        """Note a problem at the field ``name``, or at the mapping where it has no such field."""
        self._note(self._keys.get(name), name, value, message, mend)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def done(self, allowed: Collection[str]) -> None:
        """Refuse fields that nobody knows."""
        for name, node in self._fields.items():
            if name not in allowed:
                known = ", ".join(allowed)
                self._note(
                    node, name, name, _("Unknown field."), _("Known fields here: %(fields)s.") % {"fields": known}
                )

    # --- fields -----------------------------------------------------------------------------------
    def text(self, name: str, *, required: bool = False, default: str = "") -> str:
        node = self._fields.get(name)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.style is None and node.value in EMPTY):
            if required:
                self.refuse(name, "", _("This field is missing."), _("Add “%(field)s: …”.") % {"field": name})
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.refuse(name, "", _("A single value is expected here."), _("Write “%(field)s: …”.") % {"field": name})
            return default
        return node.value.strip()

    def choice(self, name: str, choices: Collection[str], *, default: str = "", required: bool = False) -> str:
        value = self.text(name, required=required, default=default)
        if value and value not in choices:
            self.refuse(name, value, _("Unknown value."), _("Use one of: %(values)s.") % {"values": ", ".join(choices)})
            return default
        return value

    def number(self, name: str, *, required: bool = False) -> Decimal | None:
        value = self.text(name, required=required)
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.refuse(name, value, _("This is not a number."), _("Write digits, such as 12 or 7.5."))
            return None
        return number

    def whole(self, name: str, *, default: int | None = None) -> int | None:
        number = self.number(name)
        if number is None:
            return default
        if number != number.to_integral_value() or abs(number) > 2_000_000_000:
            self.refuse(name, number, _("This is not a whole number."), _("Write digits only."))
            return default
        return int(number)

    def day(self, name: str, *, required: bool = False) -> dt.date | None:
        value = self.text(name, required=required)
        if not value:
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.refuse(name, value, _("This is not a date."), _("Write year-month-day, such as 2026-01-31."))
            return None

    def table(self, name: str) -> Table:
        """A mapping below this one; an empty one where it is missing or something else."""
        node = self._fields.get(name)
        path = f"{self.path}.{name}" if self.path else name
        if node is not None and not isinstance(node, yaml.MappingNode):
            if not (isinstance(node, yaml.ScalarNode) and node.value in EMPTY):
                self.refuse(name, "", _("Fields are expected here."), _("Write “field: value” lines below it."))
            node = None
        return Table(node, path, self.problems, self.line)

    def tables(self, name: str) -> Iterator[Table]:
        """The mappings of a list below this one."""
        node = self._fields.get(name)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value in EMPTY):
            return
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(name, "", _("A list is expected here."), _("Begin every item with “- ”."))
            return
        for number, item in enumerate(node.value):
            path = f"{self.path}.{name}[{number}]" if self.path else f"{name}[{number}]"
            if isinstance(item, yaml.MappingNode):
                yield Table(item, path, self.problems)
            else:
                value = getattr(item, "value", "")
                self.problems.append(
                    RowProblem(
                        item.start_mark.line + 1,
                        path,
                        value if isinstance(value, str) else "",
                        _("Fields are expected here."),
                        _("Write “field: value” lines in this item."),
                    )
                )


def read(text: str, problems: list[RowProblem]) -> Table:
    """The file's outermost mapping. What is no YAML at all is refused at once."""
    if len(text.encode()) > MAX_BYTES:
        raise BadRows([RowProblem(1, "", "", _("The file is too large."), _("A policy file has 5 MB at most."))])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else 1
        raise BadRows(
            [RowProblem(line, "", what, _("This is not valid YAML."), _("Look at the indentation, colons and quotes."))]
        ) from error
    except RecursionError as error:
        raise BadRows([RowProblem(1, "", "", _("This is not valid YAML."), _("It is nested too deeply."))]) from error
    if not isinstance(node, yaml.MappingNode):
        raise BadRows(
            [RowProblem(1, "", "", _("This is not a policy file."), _("Begin with “policy:” and its code and name."))]
        )
    return Table(node, "", problems)
