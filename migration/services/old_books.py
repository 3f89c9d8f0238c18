"""What the reader of workbooks leaves out of an old xls: errors, which would pass for empty cells, and the year that
days count from. The format: [MS-XLS], records BOUNDSHEET8, DATEMODE, BOOLERR and FORMULA."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

Cells = dict[tuple[int, int], str]
_SHEET, _BEGIN, _END, _FROM_1904, _BOOL_OR_ERROR, _FORMULA = 0x85, 0x809, 0x0A, 0x22, 0x205, 0x06
#: of the format since 1997; older ones are read without their errors
_VERSION = 0x600
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def left_out(data: bytes) -> tuple[dict[str, Cells], bool]:
    """Errors by sheet and (row, column) from 0, and whether days count from 1904. Nothing of a broken file."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            stream = file.openstream("Workbook").read() if file.exists("Workbook") else b""
        return _look(stream)
    # olefile counts sizes of its own in a broken one, whatever they are
    except (OSError, ValueError, struct.error, IndexError):
        return {}, False


def _look(stream: bytes) -> tuple[dict[str, Cells], bool]:
    if len(stream) < 8 or struct.unpack_from("<H", stream, 4)[0] != _VERSION:
        return {}, False
    sheets: list[tuple[int, str]] = []
    from_1904 = False
    for kind, body in _records(stream, 0):
        if kind == _SHEET:
            if len(body) < 8:
                continue
            size, is_wide = body[6], body[7] & 1
            encoded, codec = (body[8 : 8 + size * 2], "utf-16-le") if is_wide else (body[8 : 8 + size], "latin-1")
            sheets.append((struct.unpack_from("<I", body)[0], encoded.decode(codec, "replace")))
        elif kind == _FROM_1904:
            from_1904 = body[:1] == b"\x01"
    return {name: dict(_errors(stream, start)) for start, name in sheets}, from_1904


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(kind, content) up to the end of the part that begins at ``at``; parts inside it, such as charts, passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, body in _records(stream, start):
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
