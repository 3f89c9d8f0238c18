"""What the reader of workbooks leaves out of an old xls: errors, which would pass for empty cells, the year that days
count from, the formats of numbers, and which rows and columns are hidden. The format: [MS-XLS], records BOUNDSHEET8,
DATEMODE, BOOLERR, FORMULA, FORMAT, XF, NUMBER, RK, MULRK, ROW and COLINFO."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

Cells = dict[tuple[int, int], str]
#: column -> row -> format, from 0
Formats = dict[int, dict[int, str]]
_FORMAT, _XF, _NUMBER, _RK, _RKS, _ROW, _COLUMNS = 0x41E, 0xE0, 0x203, 0x27E, 0xBD, 0x208, 0x7D
#: columns of such a sheet: what is hidden up to the last one is nothing
_MOST_COLUMNS = 256
#: formats that every workbook knows by number
_BUILT_IN = {9: "0%", 10: "0.00%"}
_SHEET, _BEGIN, _END, _FROM_1904, _BOOL_OR_ERROR, _FORMULA = 0x85, 0x809, 0x0A, 0x22, 0x205, 0x06
#: of the format since 1997; older ones are read without their errors
_VERSION = 0x600
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def left_out(data: bytes) -> tuple[dict[str, Cells], bool]:
    """Errors by sheet and (row, column) from 0, and whether days count from 1904. Nothing of a broken file."""
    try:
        return _look(_stream_of(data))
    # olefile counts sizes of its own in a broken one, whatever they are
    except (OSError, ValueError, struct.error, IndexError):
        return {}, False


def formats_in(data: bytes) -> dict[str, Formats]:
    """How numbers are shown, by sheet. Nothing of a broken file."""
    try:
        stream = _stream_of(data)
        sheets, _from_1904 = _globals(stream)
        styles = _styles(stream)
        return {name: _formats(part, styles) for name, part in sheets}
    except (OSError, ValueError, struct.error, IndexError):
        return {}


def hidden_in(data: bytes) -> dict[str, tuple[set[int], set[int]]]:
    """Rows and columns, from 1, that sheets hide. Nothing of a broken file."""
    try:
        stream = _stream_of(data)
        return {name: _hidden(part) for name, part in _globals(stream)[0]}
    except (OSError, ValueError, struct.error, IndexError):
        return {}


def _hidden(sheet: bytes) -> tuple[set[int], set[int]]:
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, body in _records(sheet):
        if kind == _ROW and len(body) >= 14 and body[12] & 0x20:
            rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMNS and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            columns.update(range(first + 1, last + 2) if last < _MOST_COLUMNS - 1 else ())
    return rows, columns


def _stream_of(data: bytes) -> bytes:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        return bytes(file.openstream("Workbook").read()) if file.exists("Workbook") else b""


def _styles(stream: bytes) -> dict[int, str]:
    """Number of a style -> format, of those that have one of their own."""
    codes, found, count = dict(_BUILT_IN), {}, 0
    for kind, body in _records(stream):
        if kind == _FORMAT and len(body) > 5:
            number, size, is_wide = struct.unpack_from("<HHB", body)
            end = 5 + size * (2 if is_wide & 1 else 1)
            codes[number] = body[5:end].decode("utf-16-le" if is_wide & 1 else "latin-1", "replace")
        elif kind == _XF and len(body) >= 4:
            if (code := codes.get(struct.unpack_from("<H", body, 2)[0])) is not None:
                found[count] = code
            count += 1
    return found


def _formats(sheet: bytes, styles: dict[int, str]) -> Formats:
    found: Formats = {}
    for kind, body in _records(sheet):
        if kind in (_NUMBER, _RK, _FORMULA) and len(body) >= 6:
            row, first, *marks = struct.unpack_from("<HHH", body)
        elif kind == _RKS and len(body) >= 12:
            row, first = struct.unpack_from("<HH", body)
            marks = [struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 6, 6)]
        else:
            continue
        for column, mark in enumerate(marks, first):
            if mark in styles:
                found.setdefault(column, {})[row] = styles[mark]
    return found


def _look(stream: bytes) -> tuple[dict[str, Cells], bool]:
    sheets, from_1904 = _globals(stream)
    return {name: dict(_errors(part)) for name, part in sheets}, from_1904


def _globals(stream: bytes) -> tuple[list[tuple[str, bytes]], bool]:
    """(name, its part) of the sheets, and whether days count from 1904. A part ends where another one begins: no record
    is read for several sheets."""
    if len(stream) < 8 or struct.unpack_from("<H", stream, 4)[0] != _VERSION:
        return [], False
    sheets: dict[int, str] = {}
    from_1904 = False
    for kind, body in _records(stream):
        if kind == _SHEET:
            if len(body) < 8:
                continue
            size, is_wide = body[6], body[7] & 1
            encoded, codec = (body[8 : 8 + size * 2], "utf-16-le") if is_wide else (body[8 : 8 + size], "latin-1")
            sheets.setdefault(struct.unpack_from("<I", body)[0], encoded.decode(codec, "replace"))
        elif kind == _FROM_1904:
            from_1904 = body[:1] == b"\x01"
    starts = sorted(sheets)
    return [(sheets[at], stream[at:end]) for at, end in zip(starts, [*starts[1:], None], strict=True)], from_1904


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, content) up to the end of the part that it begins with; parts inside it, such as charts, passed over."""
    at = depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _errors(sheet: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, body in _records(sheet):
        if kind not in (_BOOL_OR_ERROR, _FORMULA) or len(body) < 4:
            continue
        if len(body) < (14 if kind == _FORMULA else 8):
            # a broken record says where it stands, and no more
            code = 0x2A
        elif kind == _BOOL_OR_ERROR and body[7]:
            code = body[6]
        elif kind == _FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff":
            code = body[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        yield (row, column), _ERRORS.get(code, "#N/A")
