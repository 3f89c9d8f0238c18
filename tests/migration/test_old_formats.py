"""Numbers of an old xls are read as they are shown, as those of an xlsx: 123 as 00123."""

from __future__ import annotations

import struct

from migration.services import old_books
from migration.services.number_formats import show_old_formats


def record(kind, *parts):
    body = b"".join(parts)
    return struct.pack("<HH", kind, len(body)) + body


def text(written):
    return struct.pack("<HB", len(written), 0) + written.encode("latin-1")


BEGIN = record(0x809, struct.pack("<HHHH", 0x600, 5, 0, 0))
END = record(0x0A)
STYLES = [
    record(0x41E, struct.pack("<H", 164), text("00000")),
    record(0x41E, struct.pack("<H", 165), text('"E"0000')),
    *(record(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, 164, 165, 9)),
]


def book(*cells):
    """A sheet of these records behind the part that names it."""
    sheet = record(0x85, struct.pack("<IHBB", 0, 0, 5, 0), b"Staff")
    head = BEGIN + b"".join(STYLES) + sheet + END
    at = struct.pack("<I", len(head))
    head = head.replace(sheet, record(0x85, at + struct.pack("<HBB", 0, 5, 0), b"Staff"))
    return head + BEGIN + b"".join(cells) + END


def test_formats_of_numbers_are_found(monkeypatch):
    kept = b"".join(struct.pack("<HI", one, 0) for one in (2, 0, 3))
    stream = book(
        record(0x203, struct.pack("<HHHd", 1, 0, 1, 123.0)),
        record(0x27E, struct.pack("<HHHI", 2, 0, 1, 0)),
        record(0xBD, struct.pack("<HH", 3, 0), kept, struct.pack("<H", 2)),
    )  # fmt: skip
    monkeypatch.setattr(old_books, "_stream_of", lambda data: stream)
    formats = old_books.formats_in(b"")
    assert formats == {"Staff": {0: {1: "00000", 2: "00000", 3: '"E"0000'}, 2: {3: "0%"}}}
    rows = [["ID", "Name", "Score"], [123.0, "Ann", 1.0], [4567.0, "Bo", 2.0], [17.0, "Cy", 0.85]]
    show_old_formats({"Staff": rows}, formats)
    assert [row[0] for row in rows[1:]] == ["00123", "04567", "E0017"]
    assert rows[3][2] == "85%"


def test_hidden_rows_and_columns_are_found(monkeypatch):
    stream = book(
        record(0x7D, struct.pack("<HHHHH", 2, 3, 2560, 15, 1), bytes(2)),
        record(0x7D, struct.pack("<HHHHH", 9, 255, 2560, 15, 1), bytes(2)),
        record(0x208, struct.pack("<HHHHHHHH", 4, 0, 3, 255, 0, 0, 0x20, 15)),
        record(0x208, struct.pack("<HHHHHHHH", 5, 0, 3, 255, 0, 0, 0, 15)),
    )
    monkeypatch.setattr(old_books, "_stream_of", lambda data: stream)
    assert old_books.hidden_in(b"") == {"Staff": ({5}, {3, 4})}


def test_nothing_is_found_in_what_is_no_workbook():
    assert old_books.formats_in(b"no workbook") == {}
    assert old_books.hidden_in(b"no workbook") == {}
