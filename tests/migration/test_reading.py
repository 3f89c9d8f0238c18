"""Hostile, broken and odd files: a clear message, little memory, nothing half-written."""

# ruff: noqa: E501 - full-width letters are counted double

from __future__ import annotations

import datetime as dt
import io
import resource
import subprocess
import sys
import time
import zipfile
from random import Random

import pytest

from hrsuite.lib.errors import BadInput
from migration.rules import DoubtError, date_of, day_first_in, minutes_of, number_of, text_of, truth_of
from migration.services.reading import Table
from migration.services.sources import read_source, read_sources
from tests.migration.files import csv_file, xlsx_file

ROWS = [["工号", "姓名"], ["E001", "王伟"]]
LATEST = dt.date(2026, 11, 25)
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)


def with_sheet(xml: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A good workbook with another first sheet."""
    source, target = zipfile.ZipFile(io.BytesIO(xlsx_file(ROWS))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name in source.namelist():
            book.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
        for name, content in (extra or {}).items():
            book.writestr(name, content)
    return target.getvalue()


def table_of(*, name: str, data: bytes) -> Table:
    """As an import takes it."""
    source, notes = read_source(name=name, data=data)
    return Table(name, source.rows, notes, source.open_end)


def refused(name: str, data: bytes) -> BadInput:
    start = time.monotonic()
    with pytest.raises(BadInput) as caught:
        table_of(name=name, data=data)
    assert time.monotonic() - start < 10
    assert caught.value.message
    assert caught.value.mend
    return caught.value


def test_a_sparse_sheet_is_refused():
    cells = '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert "1048576" in refused("a.xlsx", with_sheet(SHEET.format(cells))).message


def test_a_bomb_is_refused_with_little_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = with_sheet(SHEET.format("<sheetData/>"), {"xl/media/zeros.bin": b"\0" * (410 * 1024 * 1024)})
    built = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused("bomb.xlsx", bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(before, built) < 100 * 1024


def test_a_lying_archive_is_refused():
    data = bytearray(with_sheet(SHEET.format("<sheetData>" + " " * 3_000_000 + "</sheetData>")))
    # the directory says 1 byte for every part
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 24 : start + 28] = (1).to_bytes(4, "little")
        start += 4
    refused("lie.xlsx", bytes(data))


def test_entities_are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET.format("<sheetData/>")[21:]
    refused("xxe.xlsx", with_sheet(bomb))


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(cut):
    data = xlsx_file([ROWS[0], *[[f"E{number}", "Name"] for number in range(500)]])
    refused("cut.xlsx", data[: int(len(data) * cut)])


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx"])
def test_a_compression_that_nobody_knows_is_refused(name):
    """Method 97 in both headers of each member, as a newer program may write."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a,b\n1,2\n" * 50)
    data = bytearray(made.getvalue() if name == "a.zip" else xlsx_file(ROWS))
    for sign, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = data.find(sign)
        while place >= 0:
            data[place + at : place + at + 2] = (97).to_bytes(2, "little")
            place = data.find(sign, place + 1)
    with pytest.raises(BadInput) as caught:
        read_sources(name=name, data=bytes(data))
    assert caught.value.mend == "Send it again, or save it anew."


def test_flipped_bytes_are_read_or_refused_but_never_crash():
    good, random = xlsx_file([ROWS[0], *[[f"E{number}", number / 7] for number in range(60)]]), Random(20261125)
    outcomes = set()
    for _attempt in range(300):
        data = bytearray(good)
        for _flip in range(random.randint(1, 6)):
            data[random.randrange(len(data))] = random.randrange(256)
        try:
            table_of(name="a.xlsx", data=bytes(data))
            outcomes.add("read")
        except BadInput:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_a_protected_workbook_says_so():
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert "password" in refused("secret.xlsx", head).message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\xef\xbb\xbf \r\n\r\n"),
        ("empty.xlsx", b""),
        ("no-rows.xlsx", xlsx_file([])),
        ("program.xlsx", b"MZ\x90\x00" + b"\0" * 100),
        ("page.csv", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4),
        ("table.csv", xlsx_file(ROWS)),
        ("table.xlsx", csv_file(ROWS)),
        ("table.pdf", b"%PDF-1.4"),
        ("archive.xlsx", b"PK\x03\x04rest"),
        ("open.csv", b'a,b\n"1,2\n3,4\n'),
        ("cut.csv", "工号,姓名\nE1,王".encode()[:-1]),
        ("wide.csv", b",".join(b"a" for _ in range(600))),
    ],
)
def test_unusable_files_are_refused(name, data):
    refused(name, data)


@pytest.mark.parametrize("row", ['E2,"Bo', 'E2,"Bo" Fox,3'])
def test_a_quotation_mark_left_open_is_named_by_its_line(row):
    assert "line 3" in refused("open.csv", f"a,b\nE1,x\n{row}\nE3,y\n".encode()).mend


def test_a_file_that_is_too_large_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1024
    refused("large.csv", b"a,b\n" * 1000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_text_is_decoded(encoding):
    assert table_of(name="a.csv", data=csv_file(ROWS, encoding)).rows == [(1, ROWS[0]), (2, ROWS[1])]


def test_row_numbers_are_those_of_the_file():
    table = table_of(name="a.csv", data=b'a,b\n\n"1\n1",2\n\n3,4\n')
    assert [number for number, _cells in table.rows] == [1, 3, 5]
    table = table_of(name="a.xlsx", data=xlsx_file([["a", "b"], [], [1, 2]]))
    assert [number for number, _cells in table.rows] == [1, 3]


def test_other_sheets_are_mentioned():
    assert "Sheet1" in table_of(name="a.xlsx", data=xlsx_file(ROWS, ROWS)).notes[0]


def test_the_reader_of_xml_is_the_safe_one():
    openpyxl = subprocess.run(
        [sys.executable, "-c", "import openpyxl.xml; print(openpyxl.xml.DEFUSEDXML)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert openpyxl.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-31", "2026-03-31"), ("2026/3/31", "2026-03-31"), ("2026.3.31", "2026-03-31"), ("20260331", "2026-03-31"),
        ("2026年3月31日", "2026-03-31"), ("２０２６－０３－３１", "2026-03-31"), ("31-Mar-26", "2026-03-31"),
        ("31 March 2026", "2026-03-31"), ("Mar 31, 2026", "2026-03-31"), ("3/31/2026", "2026-03-31"),
        ("31/3/2026", "2026-03-31"), ("31.03.26", "2026-03-31"), ("2026-03-31 00:00:00", "2026-03-31"),
        ("2026-03-31T08:30", "2026-03-31"), (46112.0, "2026-03-31"), ("46112", "2026-03-31"), (20260331.0, "2026-03-31"),
        ("5/5/2026", "2026-05-05"), ("1-Jan-69", "1969-01-01"), ("1-Jan-27", "1927-01-01"),
    ],
)  # fmt: skip
def test_usual_dates_are_read(cell, day):
    assert date_of(cell, latest=LATEST).isoformat() == day


@pytest.mark.parametrize("cell", ["", "soon", "2026-02-30", "31-Foo-26", "2026", "12", 3.0, "#####", "2026-3", True])
def test_no_dates_are_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        date_of(cell, latest=LATEST)


def test_days_and_months_are_never_guessed():
    with pytest.raises(DoubtError):
        date_of("3/4/2026", latest=LATEST)
    assert day_first_in(["3/4/2026", "31/3/2026"]) is True
    assert day_first_in(["3/4/2026", "3/31/2026"]) is False
    assert day_first_in(["3/4/2026"]) is None
    assert day_first_in(["31/3/2026", "3/31/2026"]) is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12,500.50", "12500.50"),
        ("￥12500", "12500"),
        ("12500 元", "12500"),
        ("１２", "12"),
        (0.1, "0.1"),
        ("-3", "-3"),
        (7, "7"),
    ],
)
def test_numbers_are_exact(cell, number):
    assert str(number_of(cell)) == number


@pytest.mark.parametrize(
    "cell", ["", "x", "1,2", "1.234,5", "1e5", "nan", "inf", float("nan"), float("inf"), True, "1 2", "--1"]
)
def test_no_numbers_are_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        number_of(cell)


def test_other_cells():
    assert [text_of(cell) for cell in (" a\u3000", 7.0, 1.5, None, True, "\u200bx\xa0")] == [
        "a",
        "7",
        "1.5",
        "",
        "TRUE",
        "x",
    ]
    assert [truth_of(cell) for cell in ("是", "No", 1.0, "合格", False)] == [True, False, True, True, False]
    assert [minutes_of(cell, number_of(60)) for cell in ("1:30", "1.5", 2, dt.time(0, 45))] == [90, 90, 120, 45]


@pytest.mark.parametrize("read", [number_of, lambda cell: date_of(cell, latest=dt.date(2026, 1, 1))])
def test_a_cell_longer_than_any_number_or_day_is_none(read):
    for cell in ("5" + " " * 100_000 + "x", "1" * 5000, "2023-05-03" + " " * 100_000 + "10:00x"):
        with pytest.raises(ValueError, match=r"^(5|1|2023)") as told:
            read(cell)
        assert len(str(told.value)) <= 200
