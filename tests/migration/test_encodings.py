"""Texts of old systems: read in their own encoding, or asked about; never letters that nobody wrote."""

from __future__ import annotations

import pytest

from hrsuite.lib.errors import BadInput
from migration.services.cleansing import clean_files
from migration.services.content import Content, look_through
from migration.services.mapping import read_mapping
from migration.services.saying import say
from migration.services.sources import read_beginnings, read_sources

PLAIN = ["Ann Lee", "Bob Fox", "Cy Hill", "Dee Wood"]


def file_of(names, encoding, department="Sales"):
    rows = [f"E{number:03},{name},{department},2020-01-13" for number, name in enumerate(names, 1)]
    return "\r\n".join(["Employee no,Name,Department,Hire date", *rows, ""]).encode(encoding)


def names_in(data):
    (source,) = read_sources(name="a.csv", data=data)
    assert not source.unsure
    return [cells[1] for _number, cells in source.rows[1:]]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["José", "Müller"]),
        ("cp1252", ["JOSÉ", "MÜLLER"]),
        ("cp1252", ["Søren Ægidius", "Åse"]),
        ("cp1252", ["The “best” — Zoë’s"]),
        ("cp1250", ["Łukasz Wiśniewski"]),
        ("cp1250", ["Zbyněk Dvořák"]),
        ("cp1250", ["ŁUKASZ WIŚNIEWSKI"]),
        ("iso8859-2", ["Małgorzata", "Świątek"]),
        ("cp852", ["Małgorzata", "Świątek", "Łukasz", "Wiśniewski", "Kowalczyk-Dąbrowska"]),
        ("mac_roman", ["Jürgen Müller", "José Peña", "François Lefèvre"]),
        ("cp850", ["Jürgen Müller", "Björn Größler", "Käthe Schröder"]),
        ("cp1254", ["Şükrü Yıldız", "Ayşe Doğan"]),
        ("cp1251", ["Иван Петров", "Анна Смирнова"]),
        ("koi8-r", ["Иван Петров", "Анна Смирнова"]),
        ("cp866", ["Иван Петров", "Анна Смирнова"]),
        ("cp1253", ["Δημήτρης Παπαδόπουλος"]),
        ("cp737", ["Δημήτρης Παπαδόπουλος", "Μαρία"]),
        ("cp1255", ["דוד כהן", "שרה לוי", "משה מזרחי"]),
        ("cp862", ["דוד כהן", "שרה לוי", "משה מזרחי", "יוסף פרץ"]),
        ("cp1256", ["محمد أحمد"]),
        ("cp1256", ["پريسا گلزار", "عبد الله حسن"]),
        ("iso8859-6", ["محمد أحمد", "فاطمة علي"]),
        ("cp874", ["สมชาย ใจดี"]),
        ("cp1257", ["Jānis Bērziņš", "Žydrūnas Šimkus"]),
        ("cp857", ["Şükrü Yıldız", "Ayşe Doğan", "Çağlar Öztürk"]),
        ("koi8-u", ["Володимир Шевченко", "Олена Їжакевич"]),
        ("iso8859-5", ["Иван Петров", "Анна Смирнова"]),
        ("mac_cyrillic", ["Иван Петров", "Анна Смирнова"]),
        ("iso2022_jp", ["田中 太郎", "鈴木 さくら"]),
        ("utf-32", ["王芳", "Müller", "😀"]),
        ("gb18030", ["王芳"]),
        ("gb18030", ["王喆", "李堃", "张垚", "陈䶮"]),
        ("gb18030", ["王芳", "李娜", "Müller", "Łukasz", "Núñez"]),
        ("big5", ["李小龍", "陳大文"]),
        ("cp932", ["田中 太郎", "鈴木 さくら"]),
        ("cp949", ["김민준", "이서연", "박지훈", "최예지"]),
        ("utf-16-le", ["王芳", "Müller", "Иван"]),
        ("utf-16-be", ["王芳", "Müller", "Иван"]),
    ],
)
def test_a_few_names_show_the_encoding(encoding, names):
    assert names_in(file_of([*PLAIN, *names], encoding)) == [*PLAIN, *names]


def test_vietnamese_accents_are_put_on_their_letters():
    """Windows keeps them apart: ễ is ê and a tilde."""
    apart = "Nguyê\u0303n Va\u0306n An".replace("a\u0306", "ă")
    (table,) = clean_files([("a.csv", file_of([*PLAIN, apart, "Trâ\u0300n Thi\u0323 Bi\u0300nh"], "cp1258"))])
    assert [cells[1] for _number, cells in table.cleaned.rows[-2:]] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert any("cp1258" in say(note) for note in table.cleaned.notes)
    assert not table.doubts


def test_accents_behind_their_letter_are_the_same_word():
    rows = "ID,Name\n1,Jose\u0301\n2,José\n".encode()
    (table,) = clean_files([("a.csv", rows)])
    assert [cells[1] for _number, cells in table.cleaned.rows] == ["José", "José"]


@pytest.mark.parametrize(("encoding", "word"), [("cp1255", "דוד כהן"), ("cp1253", "ΓΕΩΡΓΙΟΣ")])
def test_one_word_that_other_scripts_have_too_is_asked_about(encoding, word):
    (table,) = clean_files([("a.csv", file_of([*PLAIN, word], encoding))])
    (doubt,) = table.doubts
    assert word in doubt.candidates


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_needs_no_latin_letters(encoding):
    text = "Имя,Отдел\r\n" + "Иван Петров,Отдел продаж\r\n" * 5
    (source,) = read_sources(name="a.csv", data=text.encode(encoding))
    assert source.rows[1][1] == ["Иван Петров", "Отдел продаж"]


def test_money_is_no_letter():
    for encoding, pay in (("cp1252", "€1200"), ("cp1252", "£1200"), ("cp1252", "1\xa0200")):
        (source,) = read_sources(name="a.csv", data=file_of([*PLAIN, "José"], encoding, pay))
        assert (source.rows[1][1][2], source.unsure) == (pay, {}), encoding


def test_letters_with_two_readings_are_asked_about():
    """Kovač in cp1250 has the bytes of Kovaè in cp1252."""
    (table,) = clean_files([("a.csv", file_of([*PLAIN, "Kovač"], "cp1250"))], kind="employees")
    (doubt,) = table.doubts
    assert (doubt.row, doubt.column, doubt.rule) == (6, "name", "encoding")
    assert {"Kovač", "Kovaè"} <= set(doubt.candidates)


@pytest.mark.parametrize(("encoding", "name"), [("cp1250", "Kovač"), ("cp1252", "Kovaè")])
def test_who_states_the_encoding_is_not_asked(encoding, name):
    mapping = read_mapping(f"encoding: {encoding}")
    (table,) = clean_files([("a.csv", file_of([*PLAIN, "Kovač"], "cp1250"))], mapping=mapping)
    assert not table.doubts
    assert table.cleaned.rows[-1][1][1] == name


def test_headings_with_two_readings_refuse_the_file():
    data = "Kovač,Name,Age\r\nx,Ann,30\r\ny,Bob,40\r\n".encode("cp1250")
    with pytest.raises(BadInput, match=r"cp1250.*cp1252|cp1252.*cp1250"):
        clean_files([("a.csv", data)])


def test_broken_letters_are_doubts_and_the_others_are_read():
    data = file_of([*PLAIN, "José", "王芳", "Łukasz", "Zoë", "Müller"], "utf-8")
    for broken in (
        data.replace("王芳".encode(), "王芳".encode()[:-1]),
        data.replace("Müller".encode(), "Müller".encode("cp1252")),
    ):
        (table,) = clean_files([("a.csv", broken)])
        (doubt,) = table.doubts
        assert "\ufffd" in doubt.value
        assert "José" in [cells[1] for _number, cells in table.cleaned.rows]


def test_words_of_windows_among_utf8_are_read_and_said():
    """Two exports put together; and names that were turned into UTF-8 once too often."""
    names = ["Jürgen Müller", "Günther Groß", "Änne Öhler", "Jörg Schäfer", "Käthe Weiß"]
    lines = [f"{n},{names[n % 5]}".encode("utf-8" if n < 30 else "cp1252") for n in range(60)]
    lines += [b"90," + "Björn Jäger".encode().decode("cp1252").encode()]
    found = clean_files([("a.csv", b"\n".join([b"No,Name", *lines]))])[0]
    assert [row[1] for _number, row in found.cleaned.rows] == [*(names[n % 5] for n in range(60)), "Björn Jäger"]
    assert any("cp1252" in say(note) for note in found.cleaned.notes)
    # a first byte of two alone is a letter that was cut
    cut = b"\n".join([b"No,Name", *(f"{n},Ren".encode() + b"\xc3\n" for n in range(3)), "9,José".encode()])
    assert clean_files([("a.csv", cut)])[0].doubts


def test_zero_bytes_are_taken_out_of_a_text_and_said():
    (table,) = clean_files([("a.csv", b"Employee no,Name\r\nE001,Ann\x00\x00\x00\r\nE002,Bob\x00\r\n")])
    assert [cells for _number, cells in table.cleaned.rows] == [["E001", "Ann"], ["E002", "Bob"]]
    assert [str(note) for note in table.cleaned.notes] == ["Zero bytes were taken out: 4."]


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"a,b\x00\x01\x02\x03\x04,c\n" * 50])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(BadInput):
        read_sources(name="a.csv", data=data)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", ["Łukasz Wiśniewski"]), ("big5", ["李小龍", "陳大文"]),
        ("mac_roman", ["José Peña", "Jürgen Müller"]),
        ("gb18030", ["王芳", "Müller"]), ("utf-8", ["王芳"]), ("cp1251", ["Иван Петров"]),
    ],
)  # fmt: skip
def test_long_texts_are_decoded_as_short_ones(monkeypatch, encoding, names):
    """Piece by piece, cut in the middle of letters and lines, the names near the end."""
    data = file_of([*PLAIN * 200, *names], encoding)
    pieces = [data[start : start + 97] for start in range(0, len(data), 97)]
    content = Content(len(data), "", lambda: iter(pieces))
    text = look_through("a.csv", content)
    assert text.encoding.text(data) == data.decode(encoding)
    monkeypatch.setattr("migration.services.sources.is_long_text", lambda name, size: True)
    monkeypatch.setattr("migration.services.sources.LARGE", 200)
    monkeypatch.setattr("migration.services.sources.BEGINNING", 100)
    (beginning,) = read_beginnings(name="a.csv", content=content)
    assert (beginning.encoding, beginning.total) == (text.encoding.codec, len(data.splitlines()))
