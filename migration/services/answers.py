"""Whether what people answered can be used: it names columns that are there, days that exist and numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.cleaning import Hints
from migration.cleaning.decisions import of_place
from migration.cleaning.run import Cleaned
from migration.cleaning.work import DROP, EMPTY, FIRST, KEEP, WHOLE_ROW, Column
from migration.rules import folded, row_name
from migration.services.fields import FIELDS

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
#: columns named in a message
_SHOWN = 40
#: how much two names are alike where one is the other, mistyped
_NEAR = 0.88


def of_table(hints: Hints, names: Collection[str]) -> Hints:
    """The hints without answers that are meant for rows of other files than those of ``names``."""
    answers = {}
    for (rule, column, value), answer in hints.answers.items():
        own = of_place(value, names)
        if own is not None:
            answers[rule, column, own] = answer
    return replace(hints, answers=answers)


def check_columns(hints: Hints, known: Iterable[str]) -> None:
    """Raises BadInput where an answer is about a column that no table has: it would serve nothing."""
    names = {*known, "*", WHOLE_ROW}
    said = [column for _rule, column, _value in hints.answers]
    said += [*hints.orders, *hints.types, *hints.formats, *hints.widths, *hints.ranges]
    for one in said:
        if one not in names:
            shown = sorted(names - {"*", WHOLE_ROW})[:_SHOWN]
            raise BadInput(
                "--decide", one, _("No table has this column, so the answer would serve nothing."),
                _("Write one of: %s.") % ", ".join(shown),
            )  # fmt: skip


def check_terms(hints: Hints, known: Iterable[str]) -> None:
    """Raises BadInput where words are said for what is nearly a column or field: they would serve nothing. Other names
    are those of other files, which the same words serve. ``known``: columns of the tables."""
    fields = {one.name for own in FIELDS.values() for one in own}
    headings = {heading for own in FIELDS.values() for one in own for heading in one.headings}
    names = {folded(one) for one in {*known, *fields, *headings, "*"}}
    for one in hints.terms:
        if folded(one) in names or any(sign.isdigit() for sign in one):
            continue
        if near := get_close_matches(one, {*known, *fields}, n=1, cutoff=_NEAR):
            raise BadInput(
                "--terms", one, _("No table has this column, so its words would serve nothing."),
                _("Is %(field)s meant?") % {"field": near[0]},
            )  # fmt: skip


def names_of(columns: Iterable[Column]) -> set[str]:
    return {name for one in columns for name in (one.title, one.name, one.field) if name}


def check_decided(cleaned: Cleaned, hints: Hints, name: str) -> None:
    """Raises BadInput where an answer that is no day went into a column of days, or no number into one of numbers."""
    columns, said = {one.title: one for one in cleaned.columns}, set(hints.answers.values())
    for change in cleaned.changes:
        if change.rule == "decided" and change.after in said and change.after != change.before:
            _check(columns[change.column], change.before, change.after, f"{name}, {_rows(change.rows)}")


def _rows(rows: Sequence[int]) -> str:
    return _("row %(row)s") % {"row": row_name(rows[0])} if len(rows) == 1 else _("rows %(rows)s") % {
        "rows": ", ".join(map(row_name, rows[:5])) + (" …" if len(rows) > 5 else "")
    }  # fmt: skip


def _check(column: Column, before: str, after: str, place: str) -> None:
    if mend := misfit(column, after):
        raise BadInput("--decide", f"{place}, {column.title}: {before} → {after}", *mend)


def misfit(column: Column, answer: str) -> tuple[str, str] | None:
    """What is wrong with a value that somebody gives for a cell of ``column``, and how to mend it."""
    if answer in (KEEP, EMPTY, DROP, FIRST, ""):
        return None
    if column.type == "date" and not _is_day(answer):
        return (
            _("The answer is no day that exists, and this is a column of days."),
            _("Write it as 2024-03-09, or answer keep, empty or drop."),
        )
    if column.type == "number" and column.field and not _NUMBER.fullmatch(answer):
        return (
            _("The answer is no number, and this is a column of numbers."),
            _("Write it as 1234.5, or answer keep, empty or drop."),
        )
    return None


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return len(text) >= len("2024-03-09") and text[4] == "-" and bool(dt.datetime.fromisoformat(text))
    return False
