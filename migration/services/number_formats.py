"""Currencies that a workbook keeps in the number formats of its cells alone: 5000 that is shown as 5.000,00 €."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from decimal import Decimal
from typing import Any

from defusedxml import ElementTree
from openpyxl.utils import column_index_from_string

from migration.cleaning.currencies import currency_in
from migration.cleaning.numbers import plain_text
from migration.services.new_books import sheets_in
from migration.services.reading import BROKEN_ZIP

_STYLES = "xl/styles.xml"
#: bytes of the styles, and of a sheet, that are looked at
_MOST_STYLES, _MOST = 1 << 22, 1 << 25
_SIGN = re.compile(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]|\"([^\"]+)\"|\\(\$)|(?<![\[\\])([$€£])")


def show_currencies(data: bytes, sheets: dict[str, list[list[Any]]]) -> None:
    """Write the currency into the numbers of ``sheets`` (title -> rows of cells) that are shown with one: into all of a
    column with several, into the first of one with a single one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            styles = _currency_styles(archive)
            if not styles:
                return
            for title, part in sheets_in(archive)[0]:
                if title in sheets and part in archive.NameToInfo:
                    _write(sheets[title], _currencies(archive, part, styles))
    except (*BROKEN_ZIP, ValueError, ElementTree.ParseError):
        return


def _currency_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Number of a style -> the currency that it shows."""
    part = archive.NameToInfo.get(_STYLES)
    if part is None or part.file_size > _MOST_STYLES:
        return {}
    codes: dict[str, str] = {}
    found: dict[str, str] = {}
    root = ElementTree.fromstring(archive.read(part))
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        if code := currency_of(one.get("formatCode", "")):
            codes[one.get("numFmtId", "")] = code
    for place, one in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        if (number_format := one.get("numFmtId", "")) in codes:
            found[str(place)] = codes[number_format]
    return found


def currency_of(number_format: str) -> str:
    """The code of the currency in ``[$€-407]#,##0.00``; empty where there is none."""
    for match in _SIGN.finditer(number_format.partition(";")[0]):
        if code := currency_in("".join(one for one in match.groups() if one).strip()):
            return code
    return ""


def _currencies(archive: zipfile.ZipFile, part: str, styles: dict[str, str]) -> dict[int, dict[int, str]]:
    """Column -> row -> currency, from 0, of the cells that are shown with one."""
    ids = "|".join(styles).encode()
    cell = re.compile(
        rb"<(?:\w+:)?c\s(?=[^>]*\bs=[\"'](" + ids + rb")[\"'])[^>]*\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']",
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    with archive.open(part) as stream:
        for match in cell.finditer(stream.read(_MOST)):
            column = column_index_from_string(match[2].decode()) - 1
            found[column][int(match[3]) - 1] = styles[match[1].decode()]
    return found


def _write(rows: list[list[Any]], currencies: dict[int, dict[int, str]]) -> None:
    for column, by_row in currencies.items():
        places = [
            row for row in sorted(by_row)
            if row < len(rows) and column < len(rows[row]) and _is_number(rows[row][column])
        ]  # fmt: skip
        several = len({by_row[row] for row in places}) > 1
        for row in places if several else places[:1]:
            rows[row][column] = f"{by_row[row]} {plain_text(Decimal(str(rows[row][column])))}"


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
