"""YAML to plain values with line numbers: every problem says where it stands, and all of them are collected."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, RowProblem
from training.services.policy_file.grammar import GROUPS, Field

EMPTY = {"", "null", "~"}
MAX_BYTES = 5_000_000
#: what others call the bounds of a condition
OTHER_WORDS = {
    **dict.fromkeys((">=", "gte", "ge", "min", "minimum", "at_least", "since"), "from"),
    **dict.fromkeys((">", "gt", "more_than", "over", "after"), "above"),
    **dict.fromkeys(("<=", "lte", "le", "max", "maximum", "at_most", "until"), "to"),
    **dict.fromkeys(("<", "lt", "less_than", "under", "before"), "below"),
    **dict.fromkeys(("!=", "ne", "is_not", "not_in"), "not"),
}
MAX_DEPTH = 40
BOUNDS = ("from", "above", "to", "below")
JOINS = ("all", "any", "not")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FRACTION = re.compile(r"\d+/\d+")
DAY_SHAPE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Mention:
    """A name that the file uses: ``about`` says what it must be; ``value`` is what a condition compares it with."""

    path: str
    about: str
    name: str
    value: Any = None


def nearest(word: str, known: Collection[str]) -> str:
    """The known word that was probably meant, or nothing."""
    found = difflib.get_close_matches(word, [str(one) for one in known], 1, 0.6)
    return found[0] if found else ""


def plain_number(number: Decimal) -> int | Decimal:
    """Without idle zeros: 40, 7.5."""
    return int(number) if number == number.to_integral_value() else Decimal(f"{number:f}".rstrip("0"))


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in EMPTY


class Reader:
    """Reads nodes by the grammar. A field that is refused is left out; the rest goes on."""

    def __init__(self, problems: list[RowProblem]) -> None:
        self.problems = problems
        self.lines: dict[str, int] = {}
        self.mentions: list[Mention] = []

    # --- problems ---------------------------------------------------------------------------------
    def refuse(self, path: str, value: Any, message: str, mend: str = "", *, line: int | None = None) -> None:
        """Note a problem at a path, or at the nearest one above that has a line; once per path."""
        row = line or self.line_of(path)
        if not any((problem.row, problem.column) == (row, path) for problem in self.problems):
            self.problems.append(RowProblem(row, path, value, message, mend))

    def line_of(self, path: str) -> int:
        while path and path not in self.lines:
            path = path.rpartition(".")[0] if not path.endswith("]") else path.rpartition("[")[0]
        return self.lines.get(path, 1)

    # --- mappings and lists -----------------------------------------------------------------------
    def group(self, node: yaml.Node, path: str, name: str) -> dict[str, Any]:
        """A mapping of the group ``name``, its fields in documented order."""
        fields = GROUPS[name]
        if not isinstance(node, yaml.MappingNode):
            if not _is_empty(node):
                value = node.value if isinstance(node, yaml.ScalarNode) else ""
                self.refuse(path, value, _("Fields are expected here."), _("Write “field: value” lines below it."))
            return {}
        self.lines.setdefault(path, node.start_mark.line + 1)
        found: dict[str, Any] = {}
        seen: set[str] = set()
        for key, value_node in node.value:
            word = str(key.value)
            at = f"{path}.{word}" if path else word
            line = key.start_mark.line + 1
            if word in seen:
                self.refuse(at, word, _("This field stands here twice."), _("Keep one of them."), line=line)
            elif word not in fields:
                self._unknown_field(at, word, fields, line)
            else:
                self.lines[at] = line
                value = None if _is_empty(value_node) else self.value(value_node, at, fields[word])
                if value is not None and value not in ("", [], {}):
                    found[word] = value
            seen.add(word)
        for word, field in fields.items():
            # a required field that was refused is told already
            if field.required and (word not in seen or (word not in found and not self._told(f"{path}.{word}"))):
                at = f"{path}.{word}" if path else word
                self.refuse(at, "", _("This field is missing."), _("Add “%(field)s: …”.") % {"field": word})
        return {word: found[word] for word in fields if word in found}

    def _told(self, path: str) -> bool:
        path = path.lstrip(".")
        return any(problem.column.startswith(path) for problem in self.problems)

    def _unknown_field(self, path: str, word: str, known: Collection[str], line: int) -> None:
        meant = OTHER_WORDS.get(word.lower())
        meant = meant if meant in known and "above" in known else nearest(word, known)
        listed = _("Known fields here: %(fields)s.") % {"fields": ", ".join(known)}
        mend = (_("Did you mean “%(word)s”?") % {"word": meant} + " " + listed) if meant else listed
        self.refuse(path, word, _("Unknown field."), mend, line=line)

    def value(self, node: yaml.Node, path: str, field: Field) -> Any:
        """A field's value, None where it is refused."""
        if field.kind == "either":
            is_scalar = isinstance(node, yaml.ScalarNode)
            for option in field.options:
                if is_scalar is (option.kind not in ("group", "list")):
                    return self.value(node, path, option)
        if field.kind == "group":
            if field.group == "window" and isinstance(node, yaml.MappingNode) and not node.value:
                mend = _("Write “years” or “months”, or “from” and “until”, or leave it out for the period.")
                self.refuse(path, "", _("This window says no days."), mend)
            return self.group(node, path, field.group)
        if field.kind == "list":
            return self._list(node, path, field.group)
        if field.kind == "condition":
            return self.condition(node, path, field.about)
        if field.kind in ("codes", "texts"):
            return self._codes(node, path, field)
        return self._scalar(node, path, field)

    def _list(self, node: yaml.Node, path: str, group: str) -> list[dict[str, Any]]:
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(path, "", _("A list is expected here."), _("Begin every item with “- ”."))
            return []
        items = []
        for number, item in enumerate(node.value):
            at = f"{path}[{number}]"
            self.lines[at] = item.start_mark.line + 1
            items.append(self.group(item, at, group))
        return items

    # --- single values ----------------------------------------------------------------------------
    def _codes(self, node: yaml.Node, path: str, field: Field) -> Any:
        if isinstance(node, yaml.SequenceNode):
            values = [self._scalar(item, path, Field("text", about=field.about)) for item in node.value]
            return [value for value in values if value]
        value = self._scalar(node, path, Field("text", about=field.about))
        return [value] if value and field.kind == "texts" else value

    def _scalar(self, node: yaml.Node, path: str, field: Field) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            name = path.rpartition(".")[2]
            self.refuse(path, "", _("A single value is expected here."), _("Write “%(field)s: …”.") % {"field": name})
            return None
        text = node.value.strip()
        if field.kind == "scalar":
            return self.plain(node, path)
        if field.kind in ("number", "whole"):
            return self._number(text, path, field)
        if field.kind == "day":
            return self._day(text, path)
        if field.kind == "step_day" and DAY_SHAPE.fullmatch(text):
            return self._day(text, path)
        if field.kind in ("month_day", "step_day"):
            return self._month_day(text, path)
        if field.kind == "boolean":
            return self._boolean(text, path)
        if field.kind == "choice" and text not in field.choices:
            meant = nearest(text, field.choices)
            listed = _("Use one of: %(values)s.") % {"values": ", ".join(field.choices)}
            mend = (_("Did you mean “%(word)s”?") % {"word": meant} + " " + listed) if meant else listed
            self.refuse(path, text, _("Unknown value."), mend)
            return None
        if field.about:
            self.mentions.append(Mention(path, field.about, text))
        return text

    def _number(self, text: str, path: str, field: Field) -> Any:
        try:
            above, stroke, below = (
                text.partition("/") if field.fraction and FRACTION.fullmatch(text) else (text, "", "1")
            )
            number = Decimal(above) / Decimal(below)
        except ArithmeticError:
            number, stroke = Decimal("NaN"), ""
        if not number.is_finite() or abs(number) > 2_000_000_000:
            self.refuse(path, text, _("This is not a number."), _("Write digits, such as 12 or 7.5."))
        elif field.kind == "whole" and number != number.to_integral_value():
            self.refuse(path, text, _("This is not a whole number."), _("Write digits only."))
        elif field.least is not None and number < field.least:
            self.refuse(path, text, _("This is too small."), _("Use %(least)s or more.") % {"least": field.least})
        elif field.above is not None and number <= field.above:
            self.refuse(path, text, _("This is too small."), _("Use more than %(above)s.") % {"above": field.above})
        elif field.most is not None and number > field.most:
            self.refuse(path, text, _("This is too large."), _("Use %(most)s or less.") % {"most": field.most})
        else:
            return text if stroke else plain_number(number)
        return None

    def _day(self, text: str, path: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.refuse(path, text, _("This is not a date."), _("Write year-month-day, such as 2026-01-31."))
            return None

    def _month_day(self, text: str, path: str) -> str | None:
        try:
            dt.date.fromisoformat(f"2024-{text}")
        except ValueError:
            self.refuse(path, text, _("This is no day of a year."), _("Write month-day, such as 04-01."))
            return None
        return text

    def _boolean(self, text: str, path: str) -> bool | None:
        if text.lower() in ("true", "yes", "on"):
            return True
        if text.lower() in ("false", "no", "off"):
            return False
        self.refuse(path, text, _("This is neither true nor false."), _("Write true or false."))
        return None

    def plain(self, node: yaml.ScalarNode, path: str) -> Any:
        """What a value of free type is: number, truth value, day (as text) or text."""
        kind, text = node.tag.rpartition(":")[2], node.value
        if kind == "bool":
            return self._boolean(text, path)
        if kind in ("int", "float"):
            try:
                number = Decimal(text)
            except InvalidOperation:
                return text
            return plain_number(number) if number.is_finite() else text
        return text

    # --- conditions -------------------------------------------------------------------------------
    def condition(self, node: yaml.Node, path: str, about: str, depth: int = 0) -> Any:
        """A condition in the spelling of the file, in the order in which it is written."""
        if depth > MAX_DEPTH:
            self.refuse(path, "", _("This is nested too deeply."), _("Write it with fewer levels."))
            return {}
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self.refuse(path, "", _("A condition is expected here."), _("Write “name: value”, such as “mode: online”."))
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            at = f"{path}.{name}"
            self.lines[at] = key.start_mark.line + 1
            if name in found:
                self.refuse(at, name, _("This field stands here twice."), _("Put the conditions into “all: […]”."))
            elif name in JOINS:
                found[name] = self._joined(value, at, about, depth, is_list=name != "not")
            else:
                found[name] = self._test(value, at, name)
                self.mentions.append(Mention(at, about, name, found[name]))
        return found

    def _joined(self, node: yaml.Node, path: str, about: str, depth: int, *, is_list: bool) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [
                self.condition(item, f"{path}[{number}]", about, depth + 1) for number, item in enumerate(node.value)
            ]
        if is_list:
            self.refuse(path, "", _("A list is expected here."), _("Begin every item with “- ”."))
            return []
        return self.condition(node, path, about, depth + 1)

    def _test(self, node: yaml.Node, path: str, name: str) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._operators(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, path) for item in node.value if isinstance(item, yaml.ScalarNode)]
        if _is_empty(node):
            self.refuse(path, "", _("A value is missing."), _("For “not stated”, write “%s: {known: false}”.") % name)
            return ""
        return self.plain(node, path) if isinstance(node, yaml.ScalarNode) else ""

    def _operators(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known = (*BOUNDS, "not", "known")
        for key, value in node.value:
            word, at = str(key.value), f"{path}.{key.value}"
            self.lines[at] = key.start_mark.line + 1
            if word not in known:
                self._unknown_field(at, word, known, key.start_mark.line + 1)
            elif word == "known":
                found[word] = self._scalar(value, at, Field("boolean"))
            elif word == "not" and isinstance(value, yaml.SequenceNode):
                found[word] = [self.plain(item, at) for item in value.value if isinstance(item, yaml.ScalarNode)]
            elif isinstance(value, yaml.ScalarNode) and not _is_empty(value):
                found[word] = self.plain(value, at)
            elif word == "not" and isinstance(value, yaml.MappingNode):
                mend = _("Put it around the whole: “not: {%(name)s: {…}}”.") % {"name": path.rpartition(".")[2]}
                self.refuse(at, "", _("A single value is expected here."), mend)
            else:
                self.refuse(at, "", _("A single value is expected here."), _("Write “%(f)s: …”.") % {"f": word})
        self._check_bounds(found, path)
        return found

    def _check_bounds(self, found: dict[str, Any], path: str) -> None:
        for pair in (("from", "above"), ("to", "below")):
            if all(word in found for word in pair):
                self.refuse(path, "", _("“%s” and “%s” say the same bound twice.") % pair, _("Keep one of them."))
        for word in BOUNDS:
            value = found.get(word)
            is_day = isinstance(value, str) and DAY_SHAPE.fullmatch(value)
            if word in found and (isinstance(value, bool) or (isinstance(value, str) and not is_day)):
                self.refuse(f"{path}.{word}", value, _("A bound is a number or a date."), _("Write digits, or a day."))
                return
        low, high = found.get("from", found.get("above")), found.get("to", found.get("below"))
        if low is None or high is None or isinstance(low, str) is not isinstance(high, str):
            return
        is_open = "above" in found or "below" in found
        if low > high or (low == high and is_open):
            message = _("Nothing lies between %(low)s and %(high)s.") % {"low": low, "high": high}
            self.refuse(path, "", message, _("Correct one of the bounds."))


def _with_controls(root: yaml.Node | None) -> yaml.ScalarNode | None:
    """The first value with a control character (written as an escape, such as ``"\\0"``)."""
    waiting, seen = [root] if root else [], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode) and CONTROL.search(node.value):
            return node
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in reversed(node.value) for part in reversed(pair)]
    return None


def _place_of(error: yaml.YAMLError) -> yaml.Mark | None:
    """Where the slip is: what is never closed, and a name without its colon, is noticed on a later line only."""
    began = str(getattr(error, "context", "") or "")
    if any(word in began for word in ("simple key", "flow", "quoted scalar")):
        return getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
    return getattr(error, "problem_mark", None)


def read(text: str, reader: Reader) -> dict[str, Any]:
    """The file's outermost mapping. What is no YAML at all is refused at once."""
    if len(text.encode()) > MAX_BYTES:
        raise BadRows([RowProblem(1, "", "", _("The file is too large."), _("A policy file has 5 MB at most."))])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if (bad := _with_controls(node)) is not None:
            line, what = bad.start_mark.line + 1, CONTROL.sub("␀", bad.value)
            message, mend = _("A control character stands here."), _("Take it out: text and numbers need none.")
            raise BadRows([RowProblem(line, "", what, message, mend)])
        if isinstance(node, yaml.MappingNode):
            return reader.group(node, "", "file")
    except yaml.YAMLError as error:
        mark = _place_of(error)
        what = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else 1
        raise BadRows(
            [RowProblem(line, "", what, _("This is not valid YAML."), _("Look at the indentation, colons and quotes."))]
        ) from error
    except RecursionError as error:
        raise BadRows([RowProblem(1, "", "", _("This is not valid YAML."), _("It is nested too deeply."))]) from error
    raise BadRows(
        [RowProblem(1, "", "", _("This is not a policy file."), _("Begin with “policy:” and its code and name."))]
    )
