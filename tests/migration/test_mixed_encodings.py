"""Texts whose lines have two encodings, as when exports are put together: each line is read right, or asked about."""

from __future__ import annotations

import time

import pytest

from migration.cleaning import Say
from migration.services.cleansing import clean_files
from migration.services.content import Content, look_through
from migration.services.mixtures import mixture_in
from migration.services.saying import say
from migration.services.streaming.stream import stream_of

WESTERN = ["José García", "Jürgen Müller", "François Lefèvre", "Søren Kjær", "Zoë Núñez", "Åsa Öberg", "Ann Lee"]
CHINESE = ["王伟", "李娜", "张敏", "刘洋", "陈静", "杨勇", "赵军"]
ENGLISH = ["Ann O’Brien", "Bo Fox", "Cy Ray", "Di Day", "Ed Café", "Flo Fay", "Gus Guy"]
CENTRAL = ["Łukasz Żak", "Jiří Dvořák", "Ágnes Szőke", "Petr Šimek", "Ewa Wiśniewska", "Ann Lee"]
RUSSIAN = ["Иван Петров", "Анна Смирнова", "Олег Иванов", "Мария Кузнецова"]


def text(names, encodings):
    """A line for each encoding, numbered from 2."""
    lines = [f"E{1000 + n},{names[n % len(names)]}".encode(one) for n, one in enumerate(encodings)]
    return b"\r\n".join([b"Employee no,Name", *lines, b""])


def cleaned(data):
    (table,) = clean_files([("a.csv", data)])
    return [cells[1] for _number, cells in table.cleaned.rows], table


@pytest.mark.parametrize(
    ("names", "other"),
    [
        (WESTERN, "cp1252"), (WESTERN, "mac_roman"), (CHINESE, "gb18030"), (ENGLISH, "cp1252"), (CENTRAL, "cp1250"),
        (RUSSIAN, "cp1251"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("count", [7, 21, 35])
def test_each_line_is_read_by_its_own_encoding(names, other, count):
    """From one in six lines in the other encoding to most of them."""
    encodings = ["utf-8"] * (42 - count) + [other] * count
    found, table = cleaned(text(names, encodings))
    assert found == [names[n % len(names)] for n in range(42)]
    assert not table.doubts
    assert any(other in say(note) for note in table.cleaned.notes)


def test_the_lines_are_named():
    encodings = ["gb18030" if n in (4, 11) else "utf-8" for n in range(30)]
    _found, table = cleaned(text(CHINESE, encodings))
    (note,) = [one for one in table.cleaned.notes if "lines" in one.values]
    assert (note.values["lines"], note.values["codec"]) == ("6, 13", "gb18030")
    encodings = ["utf-8" if n in (4, 11) else "gb18030" for n in range(30)]
    _found, table = cleaned(text(CHINESE, encodings))
    (note,) = [one for one in table.cleaned.notes if "lines" in one.values]
    assert isinstance(note, Say)
    assert note.values["lines"] == "6, 13"


def test_a_word_that_nothing_shows_is_asked_about_with_what_it_may_be():
    data = text([*WESTERN[:1], *ENGLISH[1:4]], ["utf-8"] * 12) + "E2000,Günther Groß\r\n".encode("cp1252")
    found, table = cleaned(data)
    (doubt,) = table.doubts
    assert doubt.row == 14
    assert "Günther Groß" in doubt.candidates
    assert found[:12] == [[*WESTERN[:1], *ENGLISH[1:4]][n % 4] for n in range(12)]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (CHINESE, "gb18030"), (WESTERN, "cp1252"), (RUSSIAN, "koi8-r"), (CENTRAL, "iso8859-2"),
        (["茅华", "男女", "联通", "王芳"], "gb18030"),
    ],
)  # fmt: skip
def test_a_text_of_one_encoding_is_no_mixture(names, encoding):
    data = text(names, [encoding] * 40)
    assert mixture_in(lambda: iter([data])) is None


def test_letters_of_windows_in_a_chinese_text_are_asked_about():
    lines = [f"E{n},{CHINESE[n % 7]}".encode("gb18030") for n in range(20)]
    lines += [f"E{n},{WESTERN[n % 6]}".encode("cp1252") for n in range(20, 26)]
    found, table = cleaned(b"\n".join([b"No,Name", *lines, b""]))
    assert found[:20] == [CHINESE[n % 7] for n in range(20)]
    said = {one.row: one.candidates for one in table.doubts}
    silent = [name for row, name in enumerate(found[20:], 22) if row not in said and name not in WESTERN]
    assert not silent
    assert "Jürgen Müller" in [one for candidates in said.values() for one in candidates]
    assert not clean_files([("a.csv", "No,Name\n1,web端\n2,Java工程师\n3,王芳\n".encode("gb18030"))])[0].doubts


def test_a_long_text_of_two_encodings_is_read_as_a_whole(monkeypatch):
    data = text(CHINESE, ["utf-8"] * 300 + ["gb18030"] * 30)
    content = Content(len(data), "", lambda: iter([data[start : start + 97] for start in range(0, len(data), 97)]))
    encoding = look_through("a.csv", content).encoding
    assert encoding.text(data).splitlines()[-1] == f"E1329,{CHINESE[329 % 7]}"
    monkeypatch.setattr("migration.services.streaming.stream.is_long_text", lambda name, size: True)
    assert stream_of(name="a.csv", content=content) is None


def test_thousands_of_lines_of_both_encodings_take_no_minutes():
    lines = [f"E{n},{WESTERN[n % 5]} {n}\n".encode() for n in range(20_000)]
    data = b"".join([*lines, *(f"F{n},{WESTERN[n % 5]}\n".encode("cp1252") for n in range(30))])
    start = time.process_time()
    found = mixture_in(lambda: iter([data]))
    assert time.process_time() - start < 5
    assert (found.codec, found.lines[0], found.of_utf8[:3]) == ("cp1252", 20_001, (1, 2, 3))
