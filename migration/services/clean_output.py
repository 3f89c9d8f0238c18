"""What cleaning leaves behind: the clean table and the list of doubts as csv, everything as a workbook."""

# ruff: noqa: E501 - rows of sheets are read as one line
from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from hrsuite.lib.export import safe, text_cell
from hrsuite.lib.targets import numbered, write_whole
from migration.cleaning import RULES
from migration.rules import row_key, row_name, row_shown, sheet_of, source_row, text_of
from migration.services.cleansing import CleanTable
from migration.services.saying import say

ROW = "source_row"
DOUBT_HEADINGS = ("row", "column", "value", "candidates", "reason", "rule", "answer", "file")
_MOST_ROWS = 1_000_000


def write_clean(path: Path, tables: Sequence[CleanTable]) -> list[Path]:
    """One csv per table: the first under ``path``, others with a number before the ending."""
    written = []
    for number, table in enumerate(tables, 1):
        target = numbered(path, number)
        rows = ([source_row(row), *map(safe, cells)] for row, cells in table.cleaned.rows)
        _write_csv(target, [_row_heading(table), *map(safe, table.cleaned.headings)], rows)
        written.append(target)
    return written


def _row_heading(table: CleanTable) -> str:
    name = ROW
    while name in table.cleaned.headings:
        name += "_"
    return name


def write_doubts(path: Path, tables: Sequence[CleanTable]) -> None:
    """A line per doubt; an answer in the column ``answer`` serves all alike when the file comes back with --decide."""
    rows = (
        [
            one.row,
            safe(one.column),
            safe(one.value),
            _candidates(one.candidates),
            say(one.reason),
            one.rule,
            "",
            safe(_file_of(table, one.row)),
        ]
        for table in tables
        for one in table.doubts
    )
    _write_csv(path, DOUBT_HEADINGS, rows)


def _file_of(table: CleanTable, row: int) -> str:
    """Rows of tables side by side, and of several sheets, have one number: the second table is named as such."""
    _row, _separator, beside = row_key(row).partition("/")
    name = f"{table.source.file} · {sheet_of(row)}" if sheet_of(row) else table.source.name
    return f"{name} [{beside}]" if beside else name


def _candidates(words: Sequence[str]) -> str:
    """Each safe for itself; the signs between them call nothing, unless a word brings what would be called."""
    text = " | ".join(map(safe, words))
    return f"'{text}" if text[:1] in ("+", "-") and any(sign in text for sign in "(!") else text


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    def write(target: BinaryIO) -> None:
        with TextIOWrapper(target, encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows(rows)

    write_whole(path, write)


#: title, headings and rows of a sheet
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


def write_report(
    path: Path,
    tables: Sequence[CleanTable],
    problems: Sequence[tuple[int, str, str, str]] | None = None,
    more: Sequence[Sheet] = (),
) -> None:
    """A workbook: counts, what each rule changed, doubts, rows left out, and the refused rows as they came, with the
    reason in the first column, so that they can be mended and sent again alone. ``problems``: (row, column, value, why) of an import; without them the rows in doubt are the refused ones. ``more``: what an import says besides."""
    write_whole(path, lambda file: _book(tables, problems, more).save(file))


def _book(
    tables: Sequence[CleanTable], problems: Sequence[tuple[int, str, str, str]] | None, more: Sequence[Sheet]
) -> Workbook:
    book = Workbook(write_only=True)
    _sheet(book, _("Summary"), [_("Table"), _("Rows"), _("Rows out"), _("Changed cells"), _("Doubts"), _("Left out")], (
        [
            table.source.name, table.cleaned.total, len(table.cleaned.rows),
            sum(len(one.rows) for one in table.cleaned.changes), len(table.doubts), len(table.cleaned.dropped),
        ]
        for table in tables
    ))  # fmt: skip
    for title, headings, rows in more:
        _sheet(book, title, headings, rows)
    _sheet(book, _("Changes"), [_("Rule"), _("Column"), _("Before"), _("After"), _("Cells"), _("Rows"), _("What it does")], (
        [one.rule, one.column, one.before, one.after, len(one.rows), ", ".join(map(row_name, one.rows[:20])), _describe(one.rule)]
        for table in tables
        for one in table.cleaned.changes
    ))  # fmt: skip
    _sheet(book, _("Doubts"), [_("Row"), _("Column"), _("Value"), _("Candidates"), _("Reason"), _("Rule")], (
        [row_shown(one.row), one.column, one.value, " | ".join(one.candidates), say(one.reason), one.rule]
        for table in tables
        for one in table.doubts
    ))  # fmt: skip
    _sheet(book, _("Left out"), [_("Row"), _("Rule"), _("Reason")], (
        [row_shown(one.row), one.rule, say(one.reason)] for table in tables for one in table.cleaned.dropped
    ))  # fmt: skip
    for number, table in enumerate(tables, 1):
        title = _("Refused rows") + (f" {number}" if number > 1 else "")
        _sheet(
            book,
            title,
            [_("Reason"), *table.layout.headings],
            _refused(table, problems if number == 1 or problems is None else ()),
        )
    return book


def _describe(rule: str) -> str:
    return _(RULES[rule].description) if rule in RULES else ""


def _refused(table: CleanTable, problems: Sequence[tuple[int, str, str, str]] | None) -> Iterable[list[Any]]:
    reasons: dict[int, list[str]] = {}
    for one in table.doubts if problems is None else ():
        reasons.setdefault(one.row, []).append(
            f"{one.column} “{one.value}”: {say(one.reason)}" if one.column else say(one.reason)
        )
    for row, column, value, why in problems or ():
        reasons.setdefault(row, []).append(f"{column} “{value}”: {why}")
    for row in sorted(reasons):
        yield ["; ".join(dict.fromkeys(reasons[row])), *table.raw.get(row, [])]


def _sheet(book: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title[:31])
    # headings of files may begin like formulas, too
    sheet.append([_cell(sheet, heading) for heading in headings])
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """Text as text, also where it begins like a formula."""
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    return text_cell(sheet, text_of(value))
