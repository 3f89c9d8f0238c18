"""Every table in a file: the sheets of a workbook, a text, and the files of a zip, with what the readers leave out."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import pyzipper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl.utils import get_column_letter

from hrsuite.lib.errors import BadInput
from migration.cleaning.layout import Layout, Merged, Row, is_filled
from migration.cleaning.work import Say
from migration.services import new_books, old_books
from migration.services.content import LONG, Content, is_long_text, look_through
from migration.services.decoding import Encoding, ambiguous, encoding_of
from migration.services.joining import in_place
from migration.services.mixtures import as_western
from migration.services.number_formats import show_formats, show_old_formats
from migration.services.reading import (
    BROKEN_ZIP,
    MOST_UNPACKED,
    check_file,
    check_size,
    is_new_book,
    main_first,
    read_sheets,
)
from migration.services.records import is_prose, read_lines, read_records, separator_of, without_zeros

MOST_FILES = 200
#: hidden rows that a note names
_NAMED = 10
_HIDDEN_SHEETS = gettext_noop("Hidden sheets were not read: %(sheets)s. A mapping that names one reads it.")
_HIDDEN_ROWS = gettext_noop("Rows that the sheet hides were read, too: %(count)s (%(rows)s).")
_NO_TABLES = gettext_noop("Passed over, as they hold no table: %(files)s.")
_OTHER_SHEETS = gettext_noop("Only sheet %(sheet)s was read, not: %(others)s.")
#: how texts are called that explain what comes along
_EXPLAINING = ("readme", "read_me", "read me", "licen", "liesmich", "说明", "自述")
_HIDDEN_COLUMNS = gettext_noop("Columns that the sheet hides were read, too: %(columns)s.")


@dataclass(frozen=True)
class Source:
    """A table as it stands in a file; ``rows`` hold (number, cells), empty ones left out."""

    file: str
    sheet: str
    rows: list[Row]
    merged: list[Merged] = field(default_factory=list)
    encoding: str = ""
    separator: str = ""
    from_1904: bool = False
    #: the last row of a text that does not end with a line break
    open_end: int = 0
    #: how many rows there are, where ``rows`` are only the beginning
    total: int = 0
    #: what is to be said of how it was read
    notes: list[Say] = field(default_factory=list)
    #: (row number, cell) -> what another encoding, as likely, makes of the cell
    unsure: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    found: Encoding | None = None
    #: row number -> why its cells may be others
    broken: dict[int, Say] = field(default_factory=dict)
    #: which table of the sheet, counted from 1
    table: int = 1
    #: the sheets that are read as this one table
    sheets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.file} · {self.title}" if self.title else self.file

    @property
    def title(self) -> str:
        """The sheet, and which of its tables, where it is not the first."""
        return self.sheet if self.table < 2 else f"{self.sheet} ({self.table})".strip()

    @property
    def cells(self) -> int:
        return sum(sum(map(is_filled, cells)) for _number, cells in self.rows)


#: tables of more rows are looked at by their beginning alone, where somebody waits; and how long that is
LARGE, BEGINNING = 30_000, 10_000
#: bytes of a text that are surely enough for it
_TEXT_BEGINNING = LONG
#: different cells that a person may be asked about before the encoding itself is the question
_MOST_UNSURE = 30


def read_beginnings(
    *, name: str, content: Content, encoding: str = "", encodings: Mapping[str, str] | None = None
) -> list[Source]:
    """As :func:`read_sources`; of large tables the beginning, with ``total`` saying how many rows there are. Raises
    BadInput as it does."""
    text = look_through(name, content, encoding) if is_long_text(name, content.size) else None
    if text is None or text.lines <= 2 * LARGE:
        read = read_sources(name=name, data=content.read(), encoding=encoding, encodings=encodings)
        return [_beginning(one, 0) for one in read]
    check_size(name, content.size)
    if text.encoding.readings:
        raise ambiguous(name, text.encoding)
    data = content.head(_TEXT_BEGINNING)
    lines = data.splitlines(keepends=True)[: BEGINNING + BEGINNING // 10]
    # what is UTF-8 all through may look otherwise by its beginning, and the other way round
    sources = [_text_source(name, b"".join(lines), text.encoding)]
    return [_beginning(source, text.lines) for source in sources]


def _beginning(source: Source, whole: int) -> Source:
    total = max(len(source.rows), whole)
    return replace(source, rows=source.rows[:BEGINNING], total=total, open_end=0) if total > LARGE else source


def member_of(name: str, data: bytes, member: str) -> bytes:
    """The content of the file itself, or of the one inside a zip. Raises BadInput."""
    if PurePath(name).suffix.lower() != ".zip":
        return data
    # a table keeps the end of a long name
    return next(content for title, content in _members(name, data) if title[-255:] == member)


def read_sources(
    *, name: str, data: bytes, sheet: str = "", encoding: str = "", encodings: Mapping[str, str] | None = None
) -> list[Source]:
    """All tables of a file, empty sheets too. ``encodings``: of texts inside a zip, by their names, where they have
    others than ``encoding``. Raises BadInput for what cannot be used."""
    if PurePath(name).suffix.lower() == ".zip":
        passed: list[str] = []
        found = [
            one
            for member, content in tables_among(_members(name, data, passed=passed), passed)
            for one in read_sources(
                name=member, data=content, encoding=(encodings or {}).get(member[-255:]) or encoding
            )
        ]
        # of the first file any sheet may be the one that is read
        first = found[0].file if passed else ""
        return [replace(one, notes=[*one.notes, passed_over(passed)]) if one.file == first else one for one in found]
    if not check_file(name, data):
        return [_text_source(name, data, encoding_of(name, lambda: iter([data]), encoding))]
    if is_new_book(data):
        seen, from_1904 = new_books.look_through(name, data)
    else:
        left_out, from_1904 = old_books.left_out(data)
        hidden_at = old_books.hidden_in(data)
        seen = {title: new_books.Seen(cells, *hidden_at.get(title, ())) for title, cells in left_out.items()}
    found_sheets = []
    sheets, hidden = read_sheets(name, data, sheet)
    if is_new_book(data):
        show_formats(data, {title: cells for title, cells, _merged in sheets})
    else:
        show_old_formats({title: cells for title, cells, _merged in sheets}, old_books.formats_in(data))
    notes = [Say(_HIDDEN_SHEETS, {"sheets": ", ".join(hidden)})] if hidden and not sheet else []
    for title, cells, merged in sheets:
        own = seen.get(title, new_books.Seen())
        for (row, column), text in own.cells.items():
            if row < len(cells) and column < len(cells[row]) and not is_filled(cells[row][column]):
                cells[row][column] = text
        rows = [(number, row) for number, row in enumerate(cells, 1) if any(map(is_filled, row))]
        said = [*notes, *_hidden_in(own, rows)] if rows else []
        found_sheets.append(Source(name, title, rows, merged, from_1904=from_1904, notes=said))
    return found_sheets


def _hidden_in(seen: new_books.Seen, rows: list[Row]) -> list[Say]:
    """What is to be said of rows and columns that nobody sees in the spreadsheet program: they are read."""
    if not (seen.rows or seen.columns):
        return []
    hidden = [number for number, _cells in rows if number in seen.rows]
    width = max(len(cells) for _number, cells in rows)
    letters = [get_column_letter(number) for number in sorted(seen.columns) if number <= width]
    notes = []
    if hidden:
        shown = ", ".join(map(str, hidden[:_NAMED])) + (" …" if len(hidden) > _NAMED else "")
        notes.append(Say(_HIDDEN_ROWS, {"count": len(hidden), "rows": shown}))
    if letters:
        notes.append(Say(_HIDDEN_COLUMNS, {"columns": ", ".join(letters)}))
    return notes


def _text_source(name: str, data: bytes, found: Encoding) -> Source:
    text, notes = without_zeros(name, found.text(data))
    separator = separator_of(text)
    read = read_records(name, text, separator)
    rows = read.rows
    return Source(
        name, "", rows, encoding=found.codec, separator=separator, found=found,
        open_end=0 if text.endswith(("\n", "\r")) else rows[-1][0], notes=[*found.notes(), *notes, *read.notes],
        unsure=_unsure(name, data, found, separator, rows), broken=read.broken,
    )  # fmt: skip


def _unsure(
    name: str, data: bytes, found: Encoding, separator: str, rows: list[Row]
) -> dict[tuple[int, str], tuple[str, ...]]:
    """The cells that encodings which are as likely read otherwise. Raises BadInput where these are too many."""
    unsure: dict[tuple[int, str], tuple[str, ...]] = {}
    if found.readings[1:] and len(rows) > LARGE:
        raise ambiguous(name, found)
    for again in found.otherwise(data):
        text, _notes = without_zeros(name, again)
        other = read_lines(name, text, separator)
        if [len(cells) for _n, cells in other] != [len(cells) for _n, cells in rows]:
            if found.mixture:
                continue
            raise ambiguous(name, found)
        for (number, cells), (_number, others) in zip(rows, other, strict=True):
            for cell, one in zip(cells, others, strict=True):
                if cell != one and one not in (known := unsure.get((number, cell), ())):
                    unsure[number, cell] = (*known, one)
    for number, cells in rows if found.is_plain else ():
        for cell in cells:
            if not cell.isascii() and (western := as_western(cell, found.codec)):
                unsure[number, cell] = (western,)
    if found.readings and len({cell for _number, cell in unsure}) > _MOST_UNSURE:
        raise ambiguous(name, found)
    return unsure


def check_headings(source: Source, layout: Layout) -> None:
    """Refuse headings that can be read in several ways. Raises BadInput."""
    rows = range(layout.start, layout.start + layout.heading_rows)
    if source.found and any(number in rows for number, _cell in source.unsure):
        raise ambiguous(source.name, source.found)


def read_source(
    *, name: str, data: bytes, sheet: str = "", encoding: str = "", heading_row: int = 0, is_alone: bool = False
) -> tuple[Source, list[str]]:
    """The table of a file that an import reads, and what to tell of it; ``is_alone``: without other sheets that have
    its headings. Raises BadInput."""
    filled = [one for one in read_sources(name=name, data=data, sheet=sheet, encoding=encoding) if one.rows]
    filled = filled if is_alone else in_place(filled, heading_row)
    if not filled:
        raise _bad(name, _("The file has no rows."), _("Choose the file that has the rows."))
    filled = main_first(filled, lambda one: len(one.rows))
    notes = [_(one.text) % one.values for one in filled[0].notes]
    if len(filled) > 1:
        others = ", ".join(one.sheet for one in filled[1:])
        notes.append(_(_OTHER_SHEETS) % {"sheet": filled[0].sheet, "others": others})
    return filled[0], notes


def others_left(source: Source, sources: Sequence[Source]) -> list[Say]:
    """What is to be said of sheets of the same file that were not read beside ``source``."""
    own = {source.sheet, *source.sheets}
    others = [one.sheet for one in sources if one.file == source.file and one.sheet not in own and one.rows]
    return [Say(_OTHER_SHEETS, {"sheet": source.sheet, "others": ", ".join(others)})] if others else []


def members_of(
    name: str, data: bytes, *, password: str = "", passed: list[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """The file itself, or the tables inside a zip, which ``password`` opens where it is protected. What is no table
    goes into ``passed``."""
    if PurePath(name).suffix.lower() == ".zip":
        yield from _members(name, data, password, passed)
    else:
        yield name, data


def tables_among(members: Iterable[tuple[str, bytes]], passed: list[str]) -> Iterator[tuple[str, bytes]]:
    """The members that hold tables; texts that were written to be read go into ``passed``. All, where none does."""
    texts = []
    found = False
    for title, content in members:
        if _is_explanation(title, content):
            passed.append(title)
            texts.append((title, content))
        else:
            found = True
            yield title, content
    if not found:
        passed[:] = [title for title in passed if title not in dict(texts)]
        yield from texts


def passed_over(titles: Sequence[str]) -> Say:
    return Say(_NO_TABLES, {"files": ", ".join(titles)})


def _is_explanation(title: str, data: bytes) -> bool:
    path = PurePath(title)
    if path.suffix.lower() != ".txt":
        return False
    try:
        text = encoding_of(title, lambda: iter([data])).text(data)
    except BadInput:
        return False
    return path.stem.casefold().startswith(_EXPLAINING) or is_prose(text)


def _members(
    name: str, data: bytes, password: str = "", passed: list[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """The tables inside a zip, unfolded one by one, never more than is allowed in all."""
    left = MOST_UNPACKED
    try:
        # the standard library opens no AES
        with (pyzipper.AESZipFile if password else zipfile.ZipFile)(io.BytesIO(data)) as archive:
            parts = [one for one in archive.infolist() if not one.is_dir() and not _is_clutter(one.filename)]
            if len(parts) > MOST_FILES or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise _bad(name, _("The archive unfolds to too much."), _("Send the files one by one."))
            found = 0
            for part, title in zip(parts, _titles(parts), strict=True):
                if PurePath(title).suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt"):
                    if passed is not None:
                        passed.append(title)
                    continue
                if part.flag_bits & 1 and not password:
                    raise _bad(
                        title, _("The file is protected with a password."), _("Remove the password and save it again.")
                    )
                with archive.open(part, pwd=password.encode() or None) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise _bad(name, _("The archive unfolds to too much."), _("Send the files one by one."))
                found += 1
                yield title, content
            if not found:
                raise _bad(name, _("The archive holds no table."), _("Put xlsx or csv files into it."))
    except (*BROKEN_ZIP, pyzipper.BadZipFile) as error:
        if password:
            raise BadInput("password", name, *wrong_password()) from error
        raise _bad(name, _("The file is damaged or was cut off."), _("Send it again, or save it anew.")) from error


def wrong_password() -> tuple[str, str]:
    return _("The file does not open with this password."), _("Type it again, or ask its owner.")


def _is_clutter(title: str) -> bool:
    return title.startswith("__MACOSX/") or PurePath(title).name.startswith((".", "~$"))


def _titles(parts: list[zipfile.ZipInfo]) -> list[str]:
    """What each file is called: with its folder where another has its name, with a number where that is not enough."""
    paths = [PurePath(_title(part)) for part in parts]
    names = Counter(path.name for path in paths)
    titles: list[str] = []
    for path in paths:
        title, number = path.name if names[path.name] == 1 else str(path), 1
        while title in titles:
            number += 1
            title = str(path.with_stem(f"{path.stem} {number}"))
        titles.append(title)
    return titles


def _title(part: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 come from Chinese systems more often than from American ones of 1981."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _bad(name: str, message: str, mend: str) -> BadInput:
    return BadInput("file", name, message, mend)
