"""Files as tables: hostile and broken ones are refused early, workbooks read."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from hrsuite.lib.errors import BadInput
from migration.services.joining import several

#: bytes of a workbook or an archive
MOST_OF_BOOK = 100 << 20
#: bytes of a line of a text; lines of one that is held as a whole, and signs in it that may stand between cells
MOST_OF_LINE, MOST_LINES, MOST_CELLS = 16 << 20, 3_000_000, 60_000_000
_BETWEEN = (b",", b";", b"\t", b"|")
#: what an archive may unfold to, in bytes
MOST_UNPACKED = 400 * 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: what zipfile and the decompressors under it raise for broken input; RuntimeError for methods that they do not know
BROKEN_ZIP = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError,
    OSError,
)  # fmt: skip
#: how many times as many rows make another sheet than the first the table
_FULLER = 10
_BOOKS = (".xlsx", ".xlsm", ".xls")
Sheet = TypeVar("Sheet")
_TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Table:
    """``rows`` hold (number as in the file, cells), headings included, empty ones left out; ``notes`` for people."""

    name: str
    rows: list[tuple[int, list[Any]]]
    notes: list[str] = field(default_factory=list)
    #: the last row of a text file that does not end with a line break
    open_end: int = 0


def check_file(name: str, data: bytes) -> bool:
    """Refuse what is empty, protected or no table. True for a workbook, which ``new_books`` looks through before it is
    read; False for a text. Raises BadInput."""
    suffix = PurePath(name).suffix.lower()
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise unusable(name, _("The file is empty."), _("Choose the file that has the rows."))
    check_size(name, len(data), is_book=suffix in _BOOKS)
    if suffix not in _BOOKS + _TEXTS:
        raise unusable(name, _("This kind of file cannot be read."), _("Save it as xlsx or csv."))
    is_zip, is_ole = is_new_book(data), data.startswith(_OLE)
    if is_ole and _ENCRYPTED in data:
        raise unusable(name, _("The file is protected with a password."), _("Remove the password and save it again."))
    if (is_zip or is_ole) != (suffix in _BOOKS):
        raise unusable(
            name,
            _("The content does not fit the ending %(suffix)s.") % {"suffix": suffix},
            _("Open it in a spreadsheet program and save it as xlsx or csv."),
        )
    if suffix in _BOOKS:
        return True
    check_lines(name, [data])
    # old programs end lines with a return alone
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_LINES or any(
        data.count(sign) > MOST_CELLS for sign in _BETWEEN
    ):
        raise endless(name, MOST_LINES)
    return False


def endless(name: str, most: int) -> BadInput:
    said = _("The text has more than %(most)s lines, or cells without end.") % {"most": f"{most:,}"}
    return unusable(name, said, _("Split it."))


def check_lines(name: str, pieces: Iterable[bytes]) -> None:
    """Refuse a text that has no end of a line for long: a line is held in memory, many times over."""
    open_for = 0
    for piece in pieces:
        at = 0
        while at < len(piece):
            end = min(at + MOST_OF_LINE - open_for, len(piece))
            cut = max(piece.rfind(b"\n", at, end), piece.rfind(b"\r", at, end))
            if end == len(piece):
                open_for = end - cut - 1 if cut >= 0 else open_for + end - at
                break
            if cut < 0:
                raise unusable(
                    name, _("A line is longer than %(most)s MB: this is no table.") % {"most": MOST_OF_LINE >> 20},
                    _("Choose the file that has the rows."),
                )  # fmt: skip
            at, open_for = cut + 1, 0


def is_new_book(data: bytes) -> bool:
    """Whether it is a zip, as an xlsx is."""
    return data.startswith(b"PK\x03\x04")


def unusable(name: str, message: str, mend: str) -> BadInput:
    return BadInput("file", name, message, mend)


def check_size(name: str, size: int, *, is_book: bool = False) -> None:
    """Workbooks and archives are held in memory, texts are not. Raises BadInput."""
    limit = min(settings.UPLOAD_MAX_BYTES, MOST_OF_BOOK) if is_book else settings.UPLOAD_MAX_BYTES
    if size > limit:
        most = limit // (1024 * 1024)
        raise unusable(name, _("The file is larger than %(most)s MB.") % {"most": most}, _("Split it."))


# --- workbooks --------------------------------------------------------------------------------------------------------
def damaged(name: str) -> BadInput:
    return unusable(name, _("The file is damaged or was cut off."), _("Send it again, or save it anew."))


@contextmanager
def _book_errors(name: str) -> Iterator[None]:
    """What the reader raises for broken workbooks, as BadInput."""
    try:
        yield
    except BadInput:
        raise
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as error:
        if "password" in str(error).lower():
            raise unusable(
                name, _("The file is protected with a password."), _("Remove the password and save it again.")
            ) from error
        raise damaged(name) from error
    except BaseException as error:
        # the reader is written in Rust, whose panics do not derive from Exception
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(name) from error


SheetRows = tuple[str, list[list[Any]], list[Any]]


def read_sheets(name: str, data: bytes, sheet: str = "") -> tuple[list[SheetRows], list[str]]:
    """(title, rows, merged ranges) of the visible sheets, or of those named; and the titles of those that are hidden
    and not named. Look through the file first. Raises BadInput."""
    with _book_errors(name):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        named = several(sheet, book.sheet_names) or [sheet]
        if sheet and not set(named) <= set(book.sheet_names):
            raise BadInput(
                "sheet", sheet, _("There is no such sheet."),
                _("Sheets of the file: %(sheets)s.") % {"sheets": ", ".join(book.sheet_names)},
            )  # fmt: skip
        hidden = [title for title in book.sheet_names if title not in visible and title not in named]
        if not visible and not sheet:
            raise unusable(
                name, _("All sheets of the file are hidden: %(sheets)s.") % {"sheets": ", ".join(hidden)},
                _("Show the one that has the table, or name it in a mapping."),
            )  # fmt: skip
        found = []
        for title in named if sheet else visible:
            one = book.get_sheet_by_name(title)
            found.append((title, one.to_python(skip_empty_area=False), list(one.merged_cell_ranges or ())))
    return found, hidden


def main_first(filled: list[Sheet], rows_of: Callable[[Sheet], int]) -> list[Sheet]:
    """The sheets, that with the table first: the first one, unless it is but a page of explanations before it."""
    fullest = max(filled, key=rows_of)
    if rows_of(filled[0]) >= rows_of(fullest) / _FULLER:
        return filled
    return sorted(filled, key=lambda one: one is not fullest)
