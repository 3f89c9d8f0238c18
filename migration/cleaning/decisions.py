"""Answers of people: a YAML file, or the list of doubts with its last column filled (docs/cleaning.md)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import yaml

from migration.cleaning.plain_yaml import load_texts, where_of
from migration.cleaning.readings import ORDERS
from migration.cleaning.registry import RULES, gettext_noop
from migration.cleaning.work import ROW, WHOLE_ROW, Hints, Say
from migration.rules import folded, is_format

KEYS = {"decisions", "columns", "rules", "empty", "kept", "terms", "epoch"}
COLUMN_KEYS = {"order", "type", "width", "range", "formats"}
TYPES = {"text", "name", "category", "id", "idnumber", "email", "phone", "date", "number", "truth", "gender"}


class BadAnswerError(ValueError):
    """``where`` in the file, and what is wrong."""

    def __init__(self, where: str, say: Say) -> None:
        super().__init__(f"{where}: {say}")
        self.where, self.say = where, say


def read_decisions(text: str, hints: Hints | None = None) -> Hints:
    """``hints`` with the answers of a file added. Raises BadAnswerError."""
    hints = hints or Hints()
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    if first.lower().startswith("row,column,value"):
        return replace(hints, answers={**hints.answers, **_from_list(text)})
    return hints_of(_load(text), hints)


def hints_of(raw: Mapping[str, Any], hints: Hints | None = None) -> Hints:
    """``hints`` with what a loaded file says added. Raises BadAnswerError."""
    hints = hints or Hints()
    if unknown := set(raw) - KEYS:
        raise BadAnswerError(
            ", ".join(sorted(unknown)),
            Say(gettext_noop("Unknown key. Known: %(keys)s."), {"keys": ", ".join(sorted(KEYS))}),
        )
    answers = dict(hints.answers)
    for number, one in enumerate(_list(raw, "decisions"), 1):
        if not isinstance(one, dict) or "answer" not in one:
            raise BadAnswerError(f"decisions[{number}]", Say(gettext_noop("A decision needs an answer.")))
        if (rule := str(one.get("rule", "*"))) not in {*RULES, "*"}:
            raise BadAnswerError(
                rule, Say(gettext_noop("There is no such rule. Known: %(rules)s."), {"rules": ", ".join(RULES)})
            )
        answers[rule, str(one.get("column", "*")), str(one.get("value", "*"))] = str(one["answer"])
    columns = _columns(raw)
    off = {str(one) for one in _list(_dict(raw, "rules"), "off")}
    if unknown := off - set(RULES):
        raise BadAnswerError(
            ", ".join(sorted(unknown)),
            Say(gettext_noop("There is no such rule. Known: %(rules)s."), {"rules": ", ".join(RULES)}),
        )
    return replace(
        hints,
        answers=answers,
        off=hints.off | off,
        types={**hints.types, **{name: one["type"] for name, one in columns.items() if "type" in one}},
        orders={**hints.orders, **{name: one["order"] for name, one in columns.items() if "order" in one}},
        formats={**hints.formats, **{name: one["formats"] for name, one in columns.items() if "formats" in one}},
        widths={**hints.widths, **{name: one["width"] for name, one in columns.items() if "width" in one}},
        ranges={**hints.ranges, **{name: one["range"] for name, one in columns.items() if "range" in one}},
        empty=hints.empty | {folded(str(one)) for one in _list(raw, "empty")},
        kept=hints.kept | {folded(str(one)) for one in _list(raw, "kept")},
        terms={**hints.terms, **terms_of(_dict(raw, "terms"))},
        from_1904=hints.from_1904 or str(raw.get("epoch", "")) == "1904",
    )


def read_terms(text: str) -> dict[str, dict[str, str]]:
    """A dictionary of words: column (or field, or ``*``) -> the file's word -> the suite's. Raises BadAnswerError."""
    return terms_of(_load(text))


def terms_of(raw: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for column, words in raw.items():
        if not isinstance(words, dict):
            raise BadAnswerError(
                str(column), Say(gettext_noop("Here words must stand with their meaning, such as M: male."))
            )
        for old, new in words.items():
            if isinstance(new, list | dict):
                raise BadAnswerError(f"{column}: {old}", Say(gettext_noop("A word has one meaning, such as M: male.")))
        found[str(column)] = {folded(str(old)): "" if new is None else str(new) for old, new in words.items()}
    return found


def _load(text: str) -> dict[str, Any]:
    try:
        raw = load_texts(text) or {}
    except yaml.YAMLError as error:
        raise BadAnswerError(
            "yaml", Say(gettext_noop("This is no valid YAML: %(error)s."), {"error": where_of(error)})
        ) from error
    if not isinstance(raw, dict):
        raise BadAnswerError("yaml", Say(gettext_noop("The file must hold keys with values.")))
    return raw


def _dict(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    given = raw.get(key) or {}
    if not isinstance(given, dict):
        raise BadAnswerError(key, Say(gettext_noop("This must be keys with values.")))
    return given


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    given = raw.get(key) or []
    if not isinstance(given, list):
        raise BadAnswerError(key, Say(gettext_noop("This must be a list.")))
    return given


def _columns(raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, given in _dict(raw, "columns").items():
        if not isinstance(given, dict) or set(given) - COLUMN_KEYS:
            raise BadAnswerError(
                name, Say(gettext_noop("Known keys of a column: %(keys)s."), {"keys": ", ".join(sorted(COLUMN_KEYS))})
            )
        one: dict[str, Any] = dict(given)
        if not isinstance(one.get("order", ""), str) or not isinstance(one.get("type", ""), str):
            raise BadAnswerError(name, Say(gettext_noop("A column has one order and one type.")))
        if "order" in one and one["order"] not in ORDERS:
            raise BadAnswerError(f"{name}.order", Say(gettext_noop("Use dmy, mdy or ymd.")))
        if "type" in one and one["type"] not in TYPES:
            raise BadAnswerError(
                f"{name}.type", Say(gettext_noop("Known types: %(types)s."), {"types": ", ".join(sorted(TYPES))})
            )
        try:
            if "width" in one:
                one["width"] = int(one["width"])
            if "range" in one:
                least, most = one["range"]
                one["range"] = (float(least), float(most))
        except (TypeError, ValueError) as error:
            raise BadAnswerError(name, Say(gettext_noop("Write a width as 5 and a range as [1, 5]."))) from error
        if isinstance(one.get("formats"), str):
            one["formats"] = [one["formats"]]
        if "formats" in one and not (isinstance(one["formats"], list) and all(map(is_format, one["formats"]))):
            raise BadAnswerError(f"{name}.formats", Say(gettext_noop("This is no format of dates.")))
        found[str(name)] = one
    return found


def _from_list(text: str) -> dict[tuple[str, str, str], str]:
    """The answers written into a list of doubts. One answer serves every cell of the same column, rule and value; where
    the list gives such cells different ones, each is of its row. Raises BadAnswerError for a list without answers."""
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    if "answer" not in (lines.fieldnames or ()):
        raise BadAnswerError("answer", Say(gettext_noop("The list has no column “answer”.")))
    said: dict[tuple[str, str, str], dict[tuple[str, str], str]] = {}
    files = set()
    for line in lines:
        row, file = _place(line)
        files.add(file)
        answer = (line.get("answer") or "").strip()
        if answer:
            key = line.get("rule") or "*", _unquoted(line.get("column") or ""), _unquoted(line.get("value") or "")
            said.setdefault(key, {})[row, file] = _unquoted(answer)
    answers: dict[tuple[str, str, str], str] = {}
    for (rule, column, value), places in said.items():
        if len(set(places.values())) == 1 and (column != WHOLE_ROW or len(files) == 1):
            answers[rule, column, value] = next(iter(places.values()))
            continue
        for (row, file), one in places.items():
            # a whole row is called by its number already
            own = "" if column == WHOLE_ROW else row
            if row:
                answers[rule, column, _at(value, own, file if len(files) > 1 else "")] = one
    return answers


#: of the second table beside another in a file: ``staff.xlsx [2]``
BESIDE = re.compile(r"(.*) \[(\d+)\]", re.DOTALL)


def _place(line: Mapping[str, str | None]) -> tuple[str, str]:
    """(what answers call the row, the file)"""
    row, file = line.get("row") or "", _unquoted(line.get("file") or "")
    if not row.isdecimal():
        return "", file
    if found := BESIDE.fullmatch(file):
        return f"{row}/{found[2]}", found[1]
    return row, file


def _at(value: str, row: str, file: str) -> str:
    if file:
        return f"{value}{ROW}{row}{ROW}{file}"
    return f"{value}{ROW}{row}" if row else value


def of_place(value: str, files: Collection[str]) -> str | None:
    """A value of answers as :class:`Work` looks for it in a table that ``files`` call so; None where it is meant for
    another."""
    if value.count(ROW) < 2:
        return value
    own, row, of = value.rsplit(ROW, 2)
    if of and of not in files:
        return None
    return f"{own}{ROW}{row}" if row else own


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:2] in "=+-@\t\r" else cell
