"""What is said of cells, rows and lines that are not taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hrsuite.lib.errors import RowProblem
from migration.cleaning import Doubt, Say
from migration.cleaning.headings import Row, line
from migration.rules import DoubtError, text_of
from migration.services.fields import Type

_ABOVE = gettext_noop("Not read, above the headings: %(lines)s.")
#: signs of a line, and lines, that a note shows
_SIGNS, _LINES = 60, 12


def say(one: Say) -> str:
    """The sentence in the reader's language."""
    return _(one.text) % one.values


def above_headings(rows: Sequence[Row]) -> list[Say]:
    """What is to be said of lines that stand above the headings: where each is, and how it begins."""
    lines = [f"{number} “{beginning(text)}”" for number, cells in rows if (text := line(cells))]
    return [Say(_ABOVE, {"lines": shown(lines)})] if lines else []


def shown(lines: Sequence[str]) -> str:
    return "; ".join(lines[:_LINES]) + (" …" if len(lines) > _LINES else "")


def beginning(text: str) -> str:
    return text if len(text) <= _SIGNS else f"{text[:_SIGNS]}…"


def filled(cell: object) -> bool:
    return bool(text_of(cell))


def doubtful(doubt: Doubt) -> RowProblem:
    mend = (
        _("It can be: %(candidates)s.") % {"candidates": ", ".join(one or _("empty") for one in doubt.candidates)}
        if doubt.candidates
        else _("Mend it.")
    )
    return RowProblem(doubt.row, doubt.column, doubt.value, _(doubt.reason.text) % doubt.reason.values, mend)


def too_long(number: int, cells: list[Any], width: int) -> RowProblem:
    extra = next(text_of(cell) for cell in cells[width:] if filled(cell))
    return RowProblem(
        number, "–", extra, _("The row has more cells than there are headings."),
        _("Its cells may be shifted, or a separator lacks quotation marks."),
    )  # fmt: skip


def cut_off(number: int, cells: list[Any]) -> RowProblem:
    return RowProblem(
        number, "–", text_of(cells[-1]), _("The last row is incomplete: the file may have been cut off."),
        _("Send the file again; if it is whole, end the last line with a line break."),
    )  # fmt: skip


def unreadable(row: int, heading: str, cell: object, type_: Type, error: Exception) -> RowProblem:
    """Of a cell that is no value of the type."""
    value = text_of(cell)
    if isinstance(error, DoubtError):
        first, second = error.readings
        message = _("This can be %(first)s or %(second)s.") % {"first": first, "second": second}
        return RowProblem(row, heading, value, message, _("Write it as 2026-03-31, or state the format in a mapping."))
    message, mend = _WRONG[type_]
    return RowProblem(row, heading, value, _(message), _(mend))


def mend_of(type_: Type) -> str:
    """How a cell of the type is to be written."""
    return _(_WRONG[type_][1])


_WRONG = {
    Type.TEXT: (
        gettext_noop("This is an error of the spreadsheet, not a text."),
        gettext_noop("Open the file and mend the formula."),
    ),
    Type.DATE: (gettext_noop("This is no date."), gettext_noop("Write it as 2026-03-31.")),
    Type.NUMBER: (
        gettext_noop("This is no number."),
        gettext_noop("Write digits with a point before the decimals, such as 1250.50."),
    ),
    Type.WHOLE: (gettext_noop("This is no whole number."), gettext_noop("Write digits only.")),
    Type.HOURS: (gettext_noop("This is no number of hours."), gettext_noop("Write 1.5 or 1:30.")),
    Type.MINUTES: (gettext_noop("This is no number of minutes."), gettext_noop("Write 90 or 1:30.")),
    Type.TRUTH: (gettext_noop("This is neither yes nor no."), gettext_noop("Write yes or no.")),
    Type.GENDER: (gettext_noop("Not a known gender."), gettext_noop("Use female, male or other.")),
}
