"""Tables as csv and xlsx files. Text that looks like a formula stays text."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice, zip_longest
from typing import Any
from unicodedata import east_asian_width

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_ROWS = 1_048_575
#: rows that decide how wide the columns of a sheet are, and how wide they may be
LOOKED_AT = 200
NARROW, WIDE = 8, 48
#: characters that XML does not know, and how long a text in a cell may be
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767


#: what calls functions, programs or other sheets
_CALLS = re.compile(r"[(!|]")
_PHONE, _PHONE_DIGITS = re.compile(r"\+\d[\d\s().\-/]*"), 7
_SIGNED = r"(?:[+\-]\s*)"
_CELL = r"\$?[A-Za-z]{1,3}\$?\d{1,7}"
_OPERAND = rf"(?:{_CELL}|\d[\d.,]*(?:[eE][+\-]?\d+)?%?|\.\d+)"
#: a sign before a cell, two signs before a number, or what is between operators
_SUM = re.compile(
    rf"\s*(?:{_SIGNED}+{_CELL}|{_SIGNED}{{2,}}{_OPERAND}"
    rf"|{_SIGNED}+{_OPERAND}(?:\s*(?:<>|[<>]=|[-+*/^&<>=:])\s*{_SIGNED}*{_OPERAND})+)\s*"
)


@dataclass(frozen=True)
class Figure:
    """A number that a sheet shows in its own way, such as a share as percent; csv has the words."""

    number: Decimal
    words: str
    number_format: str = "0%"


class _Echo:
    """A file that hands back what is written, for csv.writer."""

    def write(self, value: str) -> str:
        return value


def safe(text: str) -> str:
    """Text that stays text when a spreadsheet opens it: what it would calculate, or call programs with, gets a
    quotation mark in front. Numbers with a sign, phone numbers and words behind a sign are left as they are."""
    if not text.startswith(FORMULA_STARTS) or (text[0] in "+-" and not _is_calculated(text)):
        return text
    return f"'{text}"


def _is_calculated(text: str) -> bool:
    """Of a text that begins with + or -."""
    if _PHONE.fullmatch(text) and sum(map(str.isdigit, text)) >= _PHONE_DIGITS:
        return False
    return bool(_CALLS.search(text) or _SUM.fullmatch(text))


def csv_cell(value: Any) -> Any:
    """A value as csv shows it; text that a spreadsheet would run is made safe."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Figure):
        return value.words
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else value
    return "" if value is None else value


def csv_response(rows: Iterable[Sequence[Any]], name: str) -> HttpResponseBase:
    """Stream ``rows`` (the first one is the heading) as UTF-8 csv with a byte order mark, as Excel likes it."""
    writer = csv.writer(_Echo())
    # the rows are made after the request, when its language is gone
    language = get_language()

    def lines() -> Iterator[str]:
        with override(language):
            yield "\ufeff"
            for row in rows:
                yield writer.writerow([csv_cell(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    # codes may hold quotation marks or Chinese letters
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    return response


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, Decimal, dt.date, dt.time, dt.timedelta)):
        if isinstance(value, dt.datetime) and timezone.is_aware(value):
            return timezone.make_naive(value)
        return value
    if isinstance(value, Figure):
        cell = WriteOnlyCell(sheet, value=value.number)
        cell.number_format = value.number_format
        return cell
    return text_cell(sheet, str(value))


def text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    """Text as text, also where it begins like a formula; without what no sheet can hold, or nothing would open it."""
    cell = WriteOnlyCell(sheet, value=None)
    # set past the type guess, or "=1+1" becomes a live formula
    cell._value, cell.data_type = _NOT_IN_XML.sub("", text)[:_LONGEST], "s"
    return cell


def _width(value: Any) -> int:
    """Letters of a cell; Chinese ones are as wide as two."""
    if isinstance(value, dt.datetime):
        return 17
    text = value.words if isinstance(value, Figure) else "" if value is None else str(value)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def write_xlsx(rows: Iterable[Sequence[Any]], target: Any, *, title: str = "Sheet1") -> None:
    """Write ``rows`` (the first one is the heading) to the file or path ``target`` with flat memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    rows = iter(rows)
    first = list(islice(rows, LOOKED_AT))
    for place, column in enumerate(zip_longest(*first, fillvalue=""), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(max(NARROW, *map(_width, column)) + 2, WIDE)
    for number, row in enumerate(chain(first, rows)):
        if number > XLSX_ROWS:
            raise ValueError("An xlsx sheet has 1,048,576 rows at most: export csv instead.")
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    book.save(target)


def xlsx_response(rows: Iterable[Sequence[Any]], name: str, *, title: str = "Sheet1") -> HttpResponseBase:
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(rows, target, title=title)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
