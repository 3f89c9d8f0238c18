"""The records of a text: rows between line breaks and cells between separators, also where quotation marks or line
breaks do not fit; what was put together is said, what cannot be told is asked."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hrsuite.lib.errors import BadInput
from hrsuite.lib.export import FORMULA_STARTS
from migration.cleaning.work import Say
from migration.services.literal import literally
from migration.services.misfits import aligned
from migration.services.spacing import columns_of
from migration.services.tearing import CELLS_PER_RARE, Columns, put_together

Records = list[tuple[int, list[Any]]]
SEPARATORS = ",\t;|"
#: share of the lines of the best separator from which another may be it
_CLOSE = 0.75
#: where none of these makes columns; and the share of lines in which it must
_RARE, _ALL = "^~\x1f\xa6:", 0.95
MOST_COLUMNS = 500
#: control characters that no text has, and the share of them that is none
_BINARY = re.compile("[\x01-\x08\x0e-\x19\x1c-\x1f]")
_MOST_BINARY = 0.001
#: signs of a text whose lines are told apart together
_TOGETHER = 1 << 18
#: different cells of a text that are looked for again
MOST_KNOWN = 50_000
_BREAK = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
#: records that show how many cells one has; the share that may be broken; and lines that a cell has at most
_SHOWING, _MOST_BROKEN, _MOST_LINES = 5, 0.1, 50
#: signs that show whether blanks stand between the cells
_BEGINNING = 20_000
#: cells of a row from which a cell with as many separators is no address
_NARROWEST = 4
#: rows that a note names
_NAMED = 10
_AS_LETTERS = gettext_noop("Quotation marks that do not fit were taken as letters, in rows: %(rows)s.")
_UNWRAPPED = gettext_noop("Rows that stood in quotation marks as a whole were taken apart: %(rows)s.")
_OTHER_SIGN = gettext_noop("Rows whose cells another sign separates were taken apart: %(rows)s.")
_BLANKS_BETWEEN = gettext_noop("The columns were told apart by the blanks between them.")
_ALIGNED = {
    "joined": gettext_noop("Commas inside numbers had split them in two cells: they were put together."),
    "numbered": gettext_noop("The first column, of row numbers, has no heading: the headings belong to the others."),
}
_DOUBTFUL = Say(gettext_noop("The quotation marks of this row do not fit: its cells may be others."))
_CUT_OFF = Say(gettext_noop("The last row is incomplete: the file may have been cut off."))
_CONSTANT = re.compile(r'="((?:[^"]|"")*)"')
_JSON = re.compile(r"\[?\s*\{\s*\"[^\"]*\"\s*:")
_WEB_CODE = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});")


@dataclass
class Read:
    """``rows``: (number, cells), empty ones left out. ``broken``: number -> why the row must be asked about."""

    rows: Records
    notes: list[Say] = field(default_factory=list)
    broken: dict[int, Say] = field(default_factory=dict)


def without_zeros(name: str, text: str) -> tuple[str, list[Say]]:
    """Zero bytes, as old systems fill fields with, are taken out of what is a text otherwise. Raises BadInput."""
    if not (count := text.count("\x00")):
        return text, []
    if len(_BINARY.findall(text)) > _MOST_BINARY * len(text):
        raise _unusable(name, _("This is no text file."), _("Save the table as xlsx or csv."))
    return text.replace("\x00", ""), [Say(gettext_noop("Zero bytes were taken out: %(count)s."), {"count": count})]


def read_lines(name: str, text: str, separator: str) -> Records:
    """Rows of a text with their numbers, empty ones left out. Raises BadInput."""
    return read_records(name, text, separator).rows


def read_records(name: str, text: str, separator: str) -> Read:
    """Raises BadInput where there are none, or none that one can tell."""
    csv.field_size_limit(1 << 20)
    _check_table(name, text)
    read: Read | None = None
    problem: csv.Error | None = None
    quote = _quote_of(text, separator)
    reader = csv.reader(lines_of(text), delimiter=separator, quotechar=quote, strict=True)
    try:
        read = Read(list(_filled(enumerate(reader, 1))))
    except csv.Error as error:
        problem = error
    if read is None:
        read = _line_by_line(text, separator)
    elif reader.line_num > len(read.rows) and (swallowing := _swallow_rows(read.rows, separator)):
        apart = _line_by_line(text, separator)
        if apart and not apart.broken:
            read = apart
        elif len(swallowing) <= _MOST_BROKEN * len(read.rows):
            read.broken = dict.fromkeys(swallowing, _DOUBTFUL)
    if read is None:
        if _is_vast(text, line := _line_left_open(text, separator)):
            raise _unusable(
                name,
                _("A cell of line %(line)s is longer than %(most)s characters.")
                % {"line": line, "most": f"{csv.field_size_limit():,}"},
                _("Shorten it, or choose the file that has the rows."),
            ) from problem
        raise _unusable(
            name,
            _("A quotation mark is opened and never closed: %(error)s.") % {"error": problem},
            _("Close it in line %(line)s, or save the table as xlsx.") % {"line": line},
        ) from problem
    if not read.rows:
        raise _unusable(name, _("The file has no rows."), _("Choose the file that has the rows."))
    _split_at_blanks(read, text)
    _unwrap(read, separator)
    widest = max(len(row) for _number, row in read.rows)
    if widest > MOST_COLUMNS:
        raise _unusable(
            name,
            _("The sheet reaches to row %(rows)s and column %(columns)s, far beyond any table.")
            % {"rows": len(read.rows), "columns": widest},
            _("Delete stray cells at its end, or copy the table to a new sheet."),
        )
    read.rows, how = aligned(read.rows, separator)
    read.notes += [Say(_ALIGNED[how])] if how else []
    torn = put_together(read.rows)
    read.rows, read.broken = torn.rows, {**torn.broken, **read.broken}
    read.notes += torn.notes
    return read


def _check_table(name: str, text: str) -> None:
    """Refuse what has tables, but is none of lines and separators. Raises BadInput."""
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html", "<table", "<?xml")):
        raise _unusable(
            name, _("This is a web page, no table of text."), _("Open it in a spreadsheet program and save it as xlsx.")
        )
    if head.startswith(("{", "[")) and _JSON.match(head):
        raise _unusable(name, _("This is JSON, no table of text."), _("Save the table as xlsx or csv."))


def _quote_of(text: str, separator: str) -> str:
    """The mark that stands around every cell of the first lines."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()][:-1]
    between = f"'{separator}'"
    every = all(line[:1] == "'" == line[-1:] and line.count(between) == line.count(separator) > 0 for line in lines)
    return "'" if len(lines) > 1 and every else '"'


def is_plain(text: str, separator: str) -> bool:
    """Whether a text is what it seems: each record one between line breaks, with nothing to be mended."""
    try:
        bare = list(_filled(enumerate(csv.reader(lines_of(text), delimiter=separator, strict=True), 1)))
        return read_records("", text, separator).rows == bare
    except (csv.Error, BadInput):
        return False


def _unusable(name: str, message: str, mend: str) -> BadInput:
    return BadInput("file", name, message, mend)


def _filled(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[Any]]]:
    """Columns repeat their words: equal cells are one object, as far as that needs no memory of its own."""
    known: dict[str, str] = {}
    for number, row in lines:
        if not any(map(str.strip, row)):
            continue
        if len(known) < MOST_KNOWN:
            yield number, [known.setdefault(cell, cell) for cell in map(unquoted, row)]
        else:
            yield number, [known.get(cell, cell) for cell in map(unquoted, row)]


def lines_of(text: str) -> Iterator[str]:
    """Its lines as a file has them, by and by: StringIO keeps four bytes of each sign."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _TOGETHER) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


def _line_left_open(text: str, separator: str) -> int:
    """The line that the broken row begins in."""
    rows = csv.reader(lines_of(text), delimiter=separator, strict=True)
    line = 0
    with suppress(csv.Error):
        for _row in rows:
            line = rows.line_num
    return line + 1


def _is_vast(text: str, line: int) -> bool:
    """Whether a line is too long in itself: nothing is opened in it."""
    found = next(islice(lines_of(text), line - 1, None), "")
    return '"' not in found and len(found) > csv.field_size_limit()


def is_prose(text: str) -> bool:
    """Whether a text is written to be read: its lines have no cells in common."""
    lines = [line for line in text[:_BEGINNING].splitlines() if line.strip()][:30]
    counts = [_merit(lines, sign) for sign in SEPARATORS + _RARE]
    return not columns_of(lines) and not any(width > 1 and 2 * count > len(lines) for count, width in counts)


def unquoted(cell: str) -> str:
    """Our own exports put a quotation mark before text that a spreadsheet would run as a formula; others write
    ``="00012"`` for text that it would take for a number."""
    if cell.startswith('="') and (kept := _CONSTANT.fullmatch(cell)):
        return kept[1].replace('""', '"')
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _say_rows(text: str, numbers: list[int]) -> Say:
    shown = ", ".join(map(str, numbers[:_NAMED])) + (" …" if len(numbers) > _NAMED else "")
    return Say(text, {"rows": shown})


def _swallow_rows(rows: Records, separator: str) -> list[int]:
    """Rows with a cell that seems to hold others, between a mark that opens nothing and one that closes nothing."""
    width = Counter(len(cells) for _number, cells in rows[:1000]).most_common(1)[0][0] if rows else 0
    return [number for number, cells in rows if _swallows(cells, separator, width)]


def _swallows(cells: list[str], separator: str, width: int) -> bool:
    return width >= _NARROWEST and any(
        "\n" in cell and 0 < cell.count(separator) == (width - 1) * len(cell.splitlines()[1:]) for cell in cells
    )


# --- quotation marks that do not fit ----------------------------------------------------------------------------------
def _line_by_line(text: str, separator: str) -> Read | None:
    """Each record for itself, so that a mark which is never closed spoils no other; None where too many are broken."""
    lines = [line for line in _BREAK.split(text) if line]
    plain = Counter(len(cells) for line in lines[:1000] if len(cells := _strictly([line], separator)) > 1)
    if not plain or plain.most_common(1)[0][1] < _SHOWING:
        return None
    width = plain.most_common(1)[0][0]
    records: list[list[str]] = []
    literal: list[int] = []
    read = Read([])
    at = 0
    while at < len(lines):
        cells, taken = _record(lines, at, separator, width)
        at += taken
        if not cells and lines[at - taken].strip():
            line = lines[at - taken].rstrip("\r\n")
            cells = literally(line, separator)
            if at == len(lines) and line == lines[-1]:
                cells = next(csv.reader([line], delimiter=separator))
                read.broken[len(records) + 1] = _CUT_OFF
            elif len(cells) == width:
                literal.append(len(records) + 1)
            else:
                read.broken[len(records) + 1] = _DOUBTFUL
        records.append(cells)
    if len(read.broken) > max(1, _MOST_BROKEN * len(records)):
        return None
    read.rows = list(_filled(enumerate(records, 1)))
    if literal:
        read.notes.append(_say_rows(_AS_LETTERS, literal))
    return read


def _record(lines: list[str], at: int, separator: str, width: int) -> tuple[list[str], int]:
    """The cells of the record that begins in a line, and its lines; without cells where its marks do not fit."""
    cells = _strictly([lines[at]], separator)
    if cells or '"' not in lines[at]:
        return cells, 1
    for size in range(2, min(_MOST_LINES, len(lines) - at) + 1):
        if '"' in lines[at + size - 1]:
            cells = _strictly(lines[at : at + size], separator)
            if len(cells) == width and not _swallows(cells, separator, width):
                return cells, size
    return [], 1


def _strictly(lines: list[str], separator: str) -> list[str]:
    try:
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def _unwrap(read: Read, separator: str) -> None:
    """Rows that are one cell which holds all the others: a program quoted what was quoted, or separated by another
    sign."""
    usual = Counter(len(cells) for _number, cells in read.rows).most_common(1)[0][0]
    # a cell among those that another sign separates may have this one
    single = [
        place for place, (_number, cells) in enumerate(read.rows) if _is_single(cells) or 1 < len(cells) <= usual // 2
    ]
    width = usual if len(single) < len(read.rows) else _width_inside(read, separator)
    if width < _NARROWEST - 1 or not single:
        return
    columns = Columns(read.rows, width) if len(single) < len(read.rows) else None
    wrapped: list[int] = []
    other: list[int] = []
    for place in single:
        number, own = read.rows[place]
        text = own[0] if _is_single(own) else separator.join(own)
        for sign in (separator, *(SEPARATORS.replace(separator, "") if columns else "")):
            cells = _strictly([text], sign) if sign in text else []
            if len(cells) == width and (
                columns is None or sign == separator or columns.fit(cells, slack=width // CELLS_PER_RARE)
            ):
                read.rows[place] = (number, cells)
                (wrapped if sign == separator else other).append(number)
                break
    read.notes += [_say_rows(said, rows) for said, rows in ((_UNWRAPPED, wrapped), (_OTHER_SIGN, other)) if rows]


def _is_single(cells: list[Any]) -> bool:
    return bool(cells) and not any(cells[1:]) and any(sign in cells[0] for sign in SEPARATORS)


def _width_inside(read: Read, separator: str) -> int:
    """How many cells the only cell of each row holds."""
    inner = Counter(len(_strictly([cells[0]], separator)) for _number, cells in read.rows)
    return inner.most_common(1)[0][0]


def _split_at_blanks(read: Read, text: str) -> None:
    """Where the headings have no separator, and most lines hardly one: by the blanks."""
    widths = Counter(len(cells) for _number, cells in read.rows)
    if len(read.rows[0][1]) > 1 or widths.most_common(1)[0][0] > 2 or "  " not in text[:_BEGINNING]:
        return
    lines = {number: line for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    if found := columns_of(list(lines.values())):
        read.rows = list(_filled(zip(lines, found, strict=True)))
        read.notes, read.broken = [Say(_BLANKS_BETWEEN)], {}


# --- separators -------------------------------------------------------------------------------------------------------
def separator_of(text: str) -> str:
    """The separator that gives the first lines the most equal columns."""
    # the semicolons of web codes (&amp;) separate nothing
    sample = _WEB_CODE.sub(lambda code: "" if html.unescape(code[0]) != code[0] else code[0], text[:20_000])
    lines = sample.splitlines(keepends=True)[:30]
    if len(text) > len(sample) and len(lines) > 1 and len(lines) < 30:
        lines = lines[:-1]

    merits = {sign: _merit(lines, sign) for sign in SEPARATORS}
    least = _CLOSE * max(count for count, _width in merits.values())
    close = [sign for sign, (count, _width) in merits.items() if count >= least]
    # some lines have a cell more: the headings say which sign separates, and which one only marks decimals
    best = max(close, key=lambda sign: (_fits_first(lines, sign, merits[sign][1]), merits[sign]))
    if merits[best][1] < 2:
        for sign in _RARE:
            count, width = _merit(lines, sign)
            if width > 2 and count >= _ALL * sum(bool(line.strip()) for line in lines) > 2:
                return sign
    return best


def _fits_first(lines: list[str], separator: str, width: int) -> bool:
    """Whether the first line has ``width`` cells, as most."""
    first = next((line for line in lines if line.strip()), "")
    return width > 1 and _merit([first], separator)[1] == width


def _merit(lines: list[str], separator: str) -> tuple[int, int]:
    """(lines of the usual number of cells, that number)."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return (0, 0)
    common = max(set(widths), key=widths.count) if widths else 1
    return (widths.count(common) * (common > 1), common)
