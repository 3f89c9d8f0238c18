"""Workbooks are looked through before they are read: nothing far away, nothing left out in silence."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from hrsuite.lib.errors import BadInput
from migration.services.sources import read_source
from tests.migration.files import xlsx_file
from tests.migration.test_reading import SHEET, refused, with_sheet

#: more than two of the pieces that a part is unfolded in
LONG = 25_000
NEAR = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>E{0}</t></is></c><c r="B{0}" s="1"><v>{0}</v></c></row>'
ERROR = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'


def book(*rows: str) -> bytes:
    return with_sheet(SHEET.format(f"<sheetData>{''.join(rows)}</sheetData>"))


def near(first: int, last: int) -> str:
    return "".join(NEAR.format(number) for number in range(first, last + 1))


def cells_of(data: bytes) -> dict[int, list[object]]:
    return dict(read_source(name="a.xlsx", data=data)[0].rows)


@pytest.mark.parametrize(
    "stray",
    [
        '<c r="XFD9"><v>1</v></c>',
        "<c r='XFD9'><v>1</v></c>",
        '<c\n r = "XFD9"><v>1</v></c>',
        '<c t="n" r="XFD9"><v>1</v></c>',
        '<c r="xfd9"><v>1</v></c>',
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="XFD9"><v>1</v></x:c>',
        "<c><v>1</v></c>" * 600,
        '<c r="ZZZZZZ9"><v>1</v></c>',
        '<c r="A99999999999"><v>1</v></c>',
    ],
)
def test_a_stray_cell_far_behind_is_refused(stray):
    row = f'<row r="{LONG + 1}">{stray}</row>'
    assert "far beyond any table" in refused("a.xlsx", book(near(1, LONG), row, near(LONG + 2, 2 * LONG))).message


def test_cells_without_a_position_do_not_hide_a_sparse_sheet():
    data = book('<row r="1">', "<c><v>1</v></c>" * 60, '</row><row r="1048576"><c><v>2</v></c></row>')
    assert "1048576" in refused("a.xlsx", data).message
    rows = "<row></row>" * 300_000 + "<row>" + "<c><v>1</v></c>" * 60 + "</row>"
    assert "300001" in refused("a.xlsx", book(rows)).message


def test_cells_without_a_position_are_read():
    rows = [f"<row><c><v>{number}</v></c><c><v>{number * 2}</v></c></row>" for number in range(1, LONG)]
    assert cells_of(book(*rows))[LONG - 1] == [LONG - 1, 2 * (LONG - 1)]


def test_a_cell_somewhat_aside_is_read():
    aside = f'<row r="{LONG + 1}"><c r="AC{LONG + 1}"><v>7</v></c></row>'
    assert cells_of(book(near(1, LONG), aside))[LONG + 1][28] == 7


def test_every_error_of_a_long_sheet_is_kept():
    rows = cells_of(book(*(ERROR.format(number) for number in range(1, LONG))))
    assert {cells[1] for cells in rows.values()} == {"#DIV/0!"}
    assert len(rows) == LONG - 1


def test_errors_are_kept_however_the_tags_are_named():
    sheet = SHEET.format(f"<sheetData>{ERROR.format(1)}{NEAR.format(2)}</sheetData>").partition("?>")[2]
    named = sheet.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("xmlns=", "xmlns:x=")
    assert cells_of(with_sheet(named)) == {1: [1, "#DIV/0!"], 2: ["E2", 2]}
    quoted = sheet.replace('t="e"', "t='e'").replace('r="B1"', "r='B1'")
    assert cells_of(with_sheet(quoted)) == {1: [1, "#DIV/0!"], 2: ["E2", 2]}


@pytest.mark.parametrize("columns", [27, 191, 192, 300, 494, 500])
def test_wide_sheets_are_read(columns):
    rows = [[f"Question {number}" for number in range(columns)], *[[number] * columns for number in range(5)]]
    assert [len(cells) for cells in cells_of(xlsx_file(rows)).values()] == [columns] * 6


@pytest.mark.parametrize(("encoding", "is_read"), [("no-such-encoding", True), ("utf-7", False), ("big5", False)])
def test_a_part_in_an_odd_encoding_is_no_fault_of_ours(encoding, is_read):
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_file([["No", "Name"], ["E1", "Ann"]]))) as book,
        zipfile.ZipFile(output, "w") as broken,
    ):
        for part in book.namelist():
            content = book.read(part)
            if part == "xl/_rels/workbook.xml.rels":
                content = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + content[content.index(b"<Rel") :]
            broken.writestr(part, content)
    if is_read:
        assert cells_of(output.getvalue())[2] == ["E1", "Ann"]
    else:
        with pytest.raises(BadInput, match="damaged"):
            cells_of(output.getvalue())


@pytest.mark.parametrize("endless", ["<c>", "<c ", "<f ", "<row hidden ", '<col hidden="1" '])
def test_tags_that_nothing_ends_are_not_looked_for_again_and_again(endless):
    start = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1">'
    # as long as this took a minute once; the whole piece half an hour
    refused("a.xlsx", book(start + endless * (200_000 // len(endless))))


def test_what_a_comment_holds_is_no_cell_with_a_format():
    workbook = Workbook()
    workbook.active.append(["Score", "Rate"])
    workbook.active.append([0.6, 0.15])
    for cell in workbook.active[2]:
        cell.number_format = "0%"
    workbook.save(target := io.BytesIO())
    data = io.BytesIO()
    comment = b"<sheetData><!-- " + b'<c r="A1" ' * 60_000 + b"-->"
    with zipfile.ZipFile(target) as made, zipfile.ZipFile(data, "w") as commented:
        for name in made.namelist():
            commented.writestr(name, made.read(name).replace(b"<sheetData>", comment))
    start = time.process_time()
    assert cells_of(data.getvalue())[2] == ["60%", 0.15]
    assert time.process_time() - start < 10


def test_columns_that_are_hidden_beyond_any_table_take_no_time():
    columns = '<col min="1" max="16383" hidden="1"/>' * 100_000
    sheet = SHEET.format(f"<cols>{columns}</cols><sheetData>{near(1, 2)}</sheetData>")
    start = time.process_time()
    source, notes = read_source(name="a.xlsx", data=with_sheet(sheet))
    assert ([number for number, _cells in source.rows], "A, B" in notes[0]) == ([1, 2], True)
    assert time.process_time() - start < 10
