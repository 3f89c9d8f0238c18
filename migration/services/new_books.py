"""Workbooks of today (xlsx), unfolded once, piece by piece, before anything keeps them in memory: what is hostile or
reaches far beyond any table is refused, and what their reader leaves out is kept: errors, and formulas that nobody
calculated, which would pass for empty cells."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from defusedxml import ElementTree
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.services.reach import Near, Reach
from migration.services.reading import BROKEN_ZIP, MOST_UNPACKED, damaged, unusable
from migration.services.records import MOST_COLUMNS, unquoted

Cells = dict[tuple[int, int], str]
MOST_PARTS = 2000
CHUNK = 1 << 20
#: bytes of a cell, or of a text between two tags, that are looked at together
_LONGEST = 1 << 18
#: columns of a sheet: what is hidden up to the last one is nothing
_MOST_COLUMNS = 16_384
#: tags behind the start of the last cell of a piece
_TAGS = 60
#: the name of a tag may have a prefix
_PREFIX = rb"(?:[^\s<>/:\"'=]+:)?"
_CELL_START = re.compile(rb"<" + _PREFIX + rb"c(?=[\s/>])")
#: behind its start
_CELL = re.compile(rb"([^>]*?)(?:/>|>(.*?)</" + _PREFIX + rb"c>)", re.DOTALL)
_SHEET = re.compile(rb"<" + _PREFIX + rb"worksheet\b")
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d+)["']""")
_VALUE = re.compile(rb"<" + _PREFIX + rb"v>([^<]+)</")
_FORMULA = re.compile(rb"<" + _PREFIX + rb"f\b[^<>]*?(?:/>|>([^<]*)<)")
_HIDDEN = re.compile(rb"<" + _PREFIX + rb"""(row|col)\b([^<>]*\bhidden\s*=\s*["'](?:1|true)["'][^<>]*)""")
_SPAN = re.compile(rb"""\b(r|min|max)\s*=\s*["'](\d{1,7})["']""")
_STRINGS, _STRINGS_END = "sharedStrings.xml", re.compile(rb"</" + _PREFIX + rb"sst\s*>\s*$|/>\s*$")
_HIDDEN_POSITION = re.compile(rb"""[\s<]r\s*=\s*["'][^"'>]{0,20}&""")


@dataclass
class Seen:
    """Of a sheet: cells that its reader leaves out, by (row, column) from 0; rows and columns, from 1, it hides."""

    cells: Cells = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    #: whether it has texts of the table that all sheets share
    shares: bool = False


def look_through(name: str, data: bytes) -> tuple[dict[str, Seen], bool]:
    """What each sheet holds beside what is read, and whether days count from 1904.

    Raises BadInput for what is hostile, broken, or too large to be kept.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _too_large(name)
            if "[Content_Types].xml" not in archive.NameToInfo:
                raise unusable(name, _("This is no workbook."), _("Save it as xlsx or csv."))
            unpacked, seen = 0, {}
            for part in parts:
                size, seen[part.filename] = _look(name, archive, part, Near())
                unpacked += size
                if unpacked > MOST_UNPACKED:
                    raise _too_large(name)
            if any(one.shares for one in seen.values()) and not any(one.endswith(_STRINGS) for one in seen):
                raise damaged(name)
            sheets, from_1904 = sheets_in(archive)
    except (*BROKEN_ZIP, ValueError) as error:
        raise damaged(name) from error
    return {title: seen.get(part, Seen()) for title, part in sheets}, from_1904


def _look(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, reach: Reach) -> tuple[int, Seen]:
    """Bytes of the part, and what it holds beside what is read."""
    seen, piece = Seen(), b""
    unpacked, is_sheet = 0, False
    with archive.open(part) as stream:
        for piece in _pieces(stream):
            if not unpacked:
                if not part.filename.endswith((".xml", ".rels")) and b"\x00" in piece[:200]:
                    return len(piece) + sum(iter(lambda: len(stream.read(CHUNK)), 0)), seen
                is_sheet = _SHEET.search(piece) is not None
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise _too_large(name)
            if _declares(piece):
                raise unusable(
                    name, _("The workbook holds declarations that a table never needs."), _("Save it again as xlsx.")
                )
            if b"&" in piece and _HIDDEN_POSITION.search(piece):
                raise damaged(name)
            if not reach.sees(piece):
                if reach.is_exact:
                    raise _too_wide(name, reach.rows, reach.columns)
                return _look(name, archive, part, Reach())
            if is_sheet:
                seen.cells.update(_left_out(piece))
                seen.shares = seen.shares or b't="s"' in piece
                if b"hidden" in piece:
                    _see_hidden(piece, seen)
    if part.filename.endswith(_STRINGS) and not _STRINGS_END.search(piece):
        raise damaged(name)
    return unpacked, seen


def _see_hidden(xml: bytes, seen: Seen) -> None:
    for kind, attributes in _HIDDEN.findall(xml):
        span = {name: int(number) for name, number in _SPAN.findall(attributes)}
        if kind == b"row" and b"r" in span:
            seen.rows.add(span[b"r"])
        elif kind == b"col" and span.get(b"max", _MOST_COLUMNS) < _MOST_COLUMNS:
            # no table is wider: what else is hidden is nothing
            seen.columns.update(range(span.get(b"min", 1), min(span[b"max"], MOST_COLUMNS) + 1))


def _declares(piece: bytes) -> bool:
    if piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return b"!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that end before a cell or a tag that may not be whole."""
    rest = b""
    while read := stream.read(CHUNK):
        piece = rest + read
        at = _last_start(piece)
        rest = piece[at:]
        if at:
            yield piece[:at]
    if rest:
        yield rest


def _last_start(piece: bytes) -> int:
    """Where the last cell begins, or else the last tag."""
    at = last = piece.rfind(b"<")
    for _tag in range(_TAGS):
        if at <= 0 or len(piece) - at > _LONGEST:
            break
        if _CELL_START.match(piece, at):
            return at
        at = piece.rfind(b"<", 0, at)
    return last if len(piece) - last <= _LONGEST else len(piece)


def _left_out(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if not (b'"e"' in xml or b"<f" in xml or (b"'" in xml and b"'e'" in xml) or (b":" in xml and b":f" in xml)):
        return
    # each cell for itself: one that has no end is not looked for in all that follow
    for part in _CELL_START.split(xml)[1:]:
        cell = _CELL.match(part)
        if cell is None:
            continue
        attributes, inside = cell[1], cell[2] or b""
        is_error = _IS_ERROR.search(attributes) is not None
        formula = _FORMULA.search(inside)
        if not is_error and formula is None:
            continue
        place, value = _PLACE.search(attributes), _VALUE.search(inside)
        if place is None or (value and not is_error):
            continue
        text = value[1] if value else b"=" + ((formula and formula[1]) or b"?")
        yield (int(place[2]) - 1, _column(place[1])), unquoted(html.unescape(text.decode("utf-8", "replace")))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def sheets_in(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """(title, part) of the sheets, and whether days count from 1904."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (LookupError, ElementTree.ParseError):
        # a part that is missing, or an encoding that nobody knows
        return [], False
    targets = {one.get("Id"): one.get("Target", "").lstrip("/") for one in relations}
    found, from_1904 = [], False
    # the strict format has the same names in another space
    for one in book.iter():
        name = str(one.tag).rpartition("}")[2]
        if name == "workbookPr":
            from_1904 = one.get("date1904") in ("1", "true")
        elif name == "sheet":
            relation = next((value for key, value in one.items() if key.endswith("}id")), "")
            target = targets.get(relation) or ""
            found.append((one.get("name", ""), target if target.startswith("xl/") else f"xl/{target}"))
    return found, from_1904


def _too_large(name: str) -> BadInput:
    most = MOST_UNPACKED // (1024 * 1024)
    return unusable(
        name,
        _("The workbook unfolds to more than %(most)s MB.") % {"most": most},
        _("Save the sheet as csv, or split it."),
    )


def _too_wide(name: str, rows: int, columns: int) -> BadInput:
    return unusable(
        name,
        _("The sheet reaches to row %(rows)s and column %(columns)s, far beyond any table.")
        % {"rows": rows, "columns": columns},
        _("Delete stray cells at its end, or copy the table to a new sheet."),
    )
