"""Workbooks of before 2007: errors are no empty cells, and days may count from 1904."""

from __future__ import annotations

import base64
import datetime as dt
import struct
import time
import zlib

from hrsuite.lib.errors import BadInput
from migration.services.cleansing import clean_files
from migration.services.content import Content
from migration.services.old_books import _look
from migration.services.sources import read_sources
from migration.services.streaming import stream

#: made by xlwt 1.3: a sheet of errors, truths and days that count from 1904, and a hidden sheet
OLD = zlib.decompress(
    base64.b85decode(
        "c-rk)O-NKx6h8OPdvAX7XU4S9z(mN(bP;XZ=roerrpanyL{Q_rw-"
        "B9~cv@sonKr8kf*>f|2)1ZrMbHlw*e)nAY7qp1)~;4TK@0VD&UtqxH3J7qn0ViC&%Ni|bM86s-"
        "gEDL^IlI!X2$Q;%)&CXf)5s)AQ+2e0!uK*gaP{<hnl%MfW`4pR0sxeAq^d#l)m!Q8q#{tf`q%;bEE(tu^fYw5YMEox-"
        "~=_$B+;dLyOQb_auyADT8W`tAc5g>3XJjSobN@JuJDxv;}o%#8H@z#v6C5JU$}pu}|P=L?5!vd)D3wRq%rH_`+4;>go`)dlUUd)="
        "{gKzy#ouc3Nr6CcYeQK?q<7(VR*(o8}Bu;&M;Gcc%{ETW()Z)p_!@l?y=mkEL?|ALIdC#O3m9QUe$U=Y*hS&f*b$Kyz~;mc<PJY*"
        "5pHeZ8h>rRSg<)?p_V%=dT(RpW`2g-"
        "WsHVDD*52h_AJ6YImtjBQ~Gb!6<+ss4lypxw5S#?oo@ba~+Z2<F@wv>dRKwlx@{>w%Ax@RH-Cls8!kQWMI#9pSAO#;2LP{q@cMp0"
        "4O|mJIV1;$Adc=&8Vgi)4YuW!&RqN<%lY#SW$;JnANH*D$TbeSmdCSCwjXjIz!p?rlInyBKeyTNkyrVLSWf;G^2?r|5QUPj=3pt("
        "<%p9fx|HRTJ&$HwsOnN!+|acpS~uLLEsTm{$LGJOyM}#qOxvv>fJXLn0zfU5;i)<T<J4%H@2>`SP5GoR;Tw<n%meAZIAAVwu<TGQ"
        "=`hgY*S^rCHTwfR9>=;Tb-WKz|j`dYvRM&yi09HuEVHQETC-frGGDfHqYtL3anC5E=yqAXf-LasVL}fSVKn6@cUbK<QBcZDUgP&_"
        "nx$YePW<^ETvfqiB^C@PG!#JKz`AA~i*x7HevX6;qRHo>f?BRy}y|;K73j55))J{tw`nIgMW<-"
        "8Un@`mQsNWx@MQ^55bRWbikLe<|A`jkOI!1?A5M&_!-6u}YiV_d-"
        "H9dbgnudN_{0g7X*OY{lZ|S+!yK?`@$%{Vx;}=RfxU6R|!U+y"
    )
)


def test_errors_truths_and_days_of_an_old_workbook():
    (source,) = read_sources(name="a.xls", data=OLD)
    assert source.from_1904
    assert source.rows[1][1] == [1, "Ann", True, dt.date(2020, 1, 15), 80.5, "", "#N/A"]
    assert source.rows[2][1] == [2, "王芳", False, dt.date(2021, 2, 3), "#DIV/0!", "x", "#REF!"]


def test_errors_of_an_old_workbook_are_doubts():
    (table,) = clean_files([("a.xls", OLD)])
    assert {(one.row, one.value) for one in table.doubts if one.rule == "spreadsheet_errors"} == {
        (2, "#N/A"), (3, "#DIV/0!"), (3, "#REF!"),
    }  # fmt: skip


def test_a_broken_old_workbook_is_read_or_refused():
    outcomes = set()
    for cut in range(0, len(OLD), 97):
        data = OLD[:cut] + b"\xff" * 8 + OLD[cut + 8 :]
        try:
            read_sources(name="a.xls", data=data)
            outcomes.add("read")
        except BadInput:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_errors_of_large_workbooks_are_kept(monkeypatch):
    monkeypatch.setattr(stream, "FROM_BYTES", 0)
    monkeypatch.setattr(stream, "FROM_ROWS", 0)
    rows = stream.stream_of(name="a.xls", content=Content.of(OLD)).head.rows
    assert rows[2][1][4] == "#DIV/0!"


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def test_a_broken_record_hides_no_other_error():
    """[MS-XLS] 2.4.24: a BOOLERR has 8 bytes; the first one ends behind the cell's place, and a FORMULA before."""
    begin, end = record(0x809, struct.pack("<HH", 0x600, 5)), record(0x0A)
    about = struct.pack("<BB", 0, 0) + b"\x01\x00S"
    start = len(begin) + 4 + 4 + len(about) + len(end)
    book = begin + record(0x85, struct.pack("<I", start) + about) + end
    sheet = begin + record(0x205, struct.pack("<HH", 1, 2)) + record(0x06, b"\x01")
    sheet += record(0x205, struct.pack("<HHHBB", 3, 4, 0, 0x07, 1)) + end
    assert _look(book + sheet) == ({"S": {(1, 2): "#N/A", (3, 4): "#DIV/0!"}}, False)


def test_sheets_that_claim_the_same_part_read_it_once():
    begin, end = record(0x809, struct.pack("<HH", 0x600, 5)), record(0x0A)
    claims, size = 1000, len(record(0x85, bytes(6) + b"\x01\x00S"))
    first = len(begin) + claims * size + len(end)
    sheets = [
        record(0x85, struct.pack("<I", first + n * len(begin)) + b"\x00\x00\x01\x00S") for n in range(claims)
    ]  # fmt: skip
    book = begin + b"".join(sheets) + end + begin * claims + record(0x205, bytes(8)) * 50_000
    start = time.process_time()
    _look(book)
    assert time.process_time() - start < 5
