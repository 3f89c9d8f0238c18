"""What a workbook keeps in the number formats of its cells alone: 5000 that is shown as 5.000,00 €, 18 as 000018,
a score of 0.6 as 60 %."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from defusedxml import ElementTree
from openpyxl.utils import column_index_from_string

from migration.cleaning.currencies import currency_in
from migration.cleaning.meanings import meaning_of
from migration.cleaning.numbers import plain_text
from migration.cleaning.text import tidy
from migration.services.new_books import sheets_in
from migration.services.reading import BROKEN_ZIP

_STYLES = "xl/styles.xml"
#: bytes of the styles, and of a sheet, that are looked at
_MOST_STYLES, _MOST = 1 << 22, 1 << 25
#: formats of shares that every workbook knows by number, and others
_BUILT_IN_SHARES, _SHARE = ("9", "10"), re.compile(r"^[^\"]*0\s*%")
#: zeros, and signs or words in quotation marks
_DIGITS = re.compile(r"""(?:0|[- /()]|"[^"0#?]*"|\\[^0#?])*0(?:0|[- /()]|"[^"0#?]*"|\\[^0#?])*""")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
#: zeros from which a format is one of identifiers, and numbers that have all their digits
_LEAST_ZEROS, _MOST_NUMBER = 3, 10**15
_SIGN = re.compile(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]|\"([^\"]+)\"|\\(\$)|(?<![\[\\])([$€£])")


def show_formats(data: bytes, sheets: dict[str, list[list[Any]]]) -> None:
    """Write what is shown into the numbers of ``sheets`` (title -> rows of cells): zeros in front and signs between the
    digits of identifiers, the sign of scores in percent, and the currency: into all of a column with several, into the
    first of one with a single one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            styles = _styles(archive)
            if not styles:
                return
            for title, part in sheets_in(archive)[0]:
                if title in sheets and part in archive.NameToInfo:
                    _write(sheets[title], _formatted(archive, part, styles))
    except (*BROKEN_ZIP, ValueError, ElementTree.ParseError):
        return


def show_old_formats(
    sheets: dict[str, list[list[Any]]], formats: Mapping[str, Mapping[int, Mapping[int, str]]]
) -> None:
    """The same by formats that are read already: title -> column -> row -> format, from 0."""
    for title, columns in formats.items():
        known = {
            column: {row: code for row, written in by_row.items() if (code := _code_of(written))}
            for column, by_row in columns.items()
        }
        if title in sheets:
            _write(sheets[title], known)


def _code_of(written: str) -> str:
    """The currency that a format shows, its digits, or that it shows percents."""
    return currency_of(written) or digits_of(written) or "%" * bool(_SHARE.search(written))


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Number of a style -> the currency that it shows, or its format of digits."""
    part = archive.NameToInfo.get(_STYLES)
    if part is None or part.file_size > _MOST_STYLES:
        return {}
    codes = dict.fromkeys(_BUILT_IN_SHARES, "%")
    found: dict[str, str] = {}
    root = ElementTree.fromstring(archive.read(part))
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        written = one.get("formatCode", "")
        if code := _code_of(written):
            codes[one.get("numFmtId", "")] = code
    for place, one in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        if (number_format := one.get("numFmtId", "")) in codes:
            found[str(place)] = codes[number_format]
    return found


def digits_of(number_format: str) -> str:
    """``E0000`` of ``"E"0000``: a format of nothing but zeros, and signs before and between them; else empty."""
    first = number_format.partition(";")[0]
    if not _DIGITS.fullmatch(first):
        return ""
    plain = _LITERAL.sub(lambda match: (match[1] or match[2] or "").replace("0", "\x00"), first)
    return plain if plain.count("0") >= _LEAST_ZEROS else ""


def in_digits(number: int, digits: str) -> str:
    """A number as a format shows it: 18 as 000018. Digits that are more go in front."""
    rest = str(number)
    shown = []
    left = digits.count("0")
    for sign in reversed(digits):
        if sign != "0":
            shown.append(sign.replace("\x00", "0"))
            continue
        left -= 1
        taken, rest = (rest, "") if not left else (rest[-1:], rest[:-1])
        shown.append(taken or "0")
    return "".join(reversed(shown))


def currency_of(number_format: str) -> str:
    """The code of the currency in ``[$€-407]#,##0.00``; empty where there is none."""
    for match in _SIGN.finditer(number_format.partition(";")[0]):
        if code := currency_in("".join(one for one in match.groups() if one).strip()):
            return code
    return ""


def _formatted(archive: zipfile.ZipFile, part: str, styles: dict[str, str]) -> dict[int, dict[int, str]]:
    """Column -> row -> currency or digits, from 0, of the cells that are shown so."""
    ids = "|".join(styles).encode()
    cell = re.compile(
        rb"<(?:\w+:)?c\s(?=[^<>]*\bs=[\"'](" + ids + rb")[\"'])[^<>]*\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']",
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    with archive.open(part) as stream:
        for match in cell.finditer(stream.read(_MOST)):
            column = column_index_from_string(match[2].decode()) - 1
            found[column][int(match[3]) - 1] = styles[match[1].decode()]
    return found


def _write(rows: list[list[Any]], formats: dict[int, dict[int, str]]) -> None:
    for column, by_row in formats.items():
        places = [
            row for row in sorted(by_row)
            if row < len(rows) and column < len(rows[row]) and _is_number(rows[row][column])
        ]  # fmt: skip
        priced = []
        is_score = _is_score(rows[: places[0]], column) if places else False
        for row in places:
            cell = rows[row][column]
            if by_row[row] == "%":
                if not is_score:
                    # what the cell holds: a rate of 0.15
                    continue
                rows[row][column] = f"{plain_text(Decimal(f'{cell * 100:.12g}'))}%"
            elif "0" not in by_row[row]:
                priced.append(row)
            elif cell == int(cell) and 0 <= cell < _MOST_NUMBER:
                rows[row][column] = in_digits(int(cell), by_row[row])
        several = len({by_row[row] for row in priced}) > 1
        for row in priced if several else priced[:1]:
            rows[row][column] = f"{by_row[row]} {plain_text(Decimal(str(rows[row][column])))}"


def _is_score(above: list[list[Any]], column: int) -> bool:
    """Whether a heading above speaks of scores: 60 % of them is 60."""
    headings = [cells[column] for cells in above if column < len(cells) and isinstance(cells[column], str)]
    return any(meaning_of(tidy(heading)) == "score" for heading in headings)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
