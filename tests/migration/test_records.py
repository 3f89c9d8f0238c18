"""Texts whose rows are broken: by line breaks, quotation marks, and ends that were cut off."""

from __future__ import annotations

import time

import pytest

from hrsuite.lib.errors import BadInput
from migration.services.cleansing import clean_files
from migration.services.content import Content
from migration.services.saying import say
from migration.services.sources import read_sources
from migration.services.streaming import NotPlainError
from migration.services.streaming.stream import stream_of
from tests.migration.files import csv_file

HEADINGS = "No,Name,Department,Pay,Hired"
ROWS = [f"E{n:03},Person {chr(65 + n)}x,{('Sales', 'IT')[n % 2]},{5000 + n * 7},2020-01-{n:02}" for n in range(1, 21)]
WHOLE = ["E011", "Ann Lee", "Sales", "5077", "2020-01-12"]


def table_of(*lines, end="\n"):
    (table,) = clean_files([("a.csv", ("\n".join([HEADINGS, *lines]) + end).encode())])
    return table


def with_row(text):
    """The table with another row 12, and what it is once it is clean; every other row must stay."""
    table = table_of(*ROWS[:10], text, *ROWS[11:])
    rows = [cells for _number, cells in table.cleaned.rows]
    assert [rows[n] for n in range(10)] == [one.split(",") for one in ROWS[:10]]
    assert rows[-9:] == [one.split(",") for one in ROWS[11:]]
    return table, rows[10:-9]


@pytest.mark.parametrize(
    "torn",
    [
        "E011,Ann\nLee,Sales,5077,2020-01-12", "E011,Ann Lee,\nSales,5077,2020-01-12",
        "E011,Ann Lee,Sales\n,5077,2020-01-12",
        "E011,Ann Lee,Sa\nles,5077,2020-01-12", "E011,Ann\n\nLee,Sales,5077,2020-01-12",
        "E011,Ann\nLee,Sa\nles,5077,2020-01-12",
        "E011,Ann\r\nLee,Sales,5077,2020-01-12", "E011,Ann Lee,Sales,50\n77,2020-01-12",
    ],
)  # fmt: skip
def test_a_row_torn_apart_by_a_line_break_is_put_together_and_said(torn):
    table, found = with_row(torn)
    assert found == [WHOLE]
    assert not table.doubts
    assert any("put together: 12" in say(note) for note in table.cleaned.notes)


def test_two_rows_that_lack_their_end_stay_two():
    table, found = with_row("E011,Ann Lee\nE099,Bob Fox,IT,5000")
    assert found == [["E011", "Ann Lee", "", "", ""], ["E099", "Bob Fox", "IT", "5000", ""]]
    assert not table.doubts


def test_short_rows_that_may_be_one_are_asked_about():
    """Names alone do not show where a row begins."""
    names = [f"{a}{b},{b}{a},{a}{a}{b}".replace("1", "") for a in "abcdefg" for b in "hijk"]
    (table,) = clean_files(
        [("a.csv", "\n".join(["One,Two,Three", *names[:9], "xx,yy", "zz,ww", *names[9:], ""]).encode())]
    )
    assert {one.row for one in table.doubts if one.rule == "shifted_rows" and not one.column} == {11, 12}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('E011,"Ann "Annie" Lee",Sales,5077,2020-01-12', 'Ann "Annie" Lee'),
        ('E011,"Ann \\"Annie\\" Lee",Sales,5077,2020-01-12', 'Ann "Annie" Lee'),
        ('E011,"Ann Lee,Sales,5077,2020-01-12', "Ann Lee"),
        ('E011,"Ann Lee" ,Sales,5077,2020-01-12', "Ann Lee"),
        ('"E011","Ann, "A" Lee","Sales","5077","2020-01-12"', 'Ann, "A" Lee'),
    ],
)
def test_quotation_marks_that_do_not_fit_spoil_no_other_row(text, name):
    table, found = with_row(text)
    assert found == [["E011", name, *WHOLE[2:]]]
    assert not table.doubts
    assert any("rows: 12" in say(note) for note in table.cleaned.notes)


def test_a_row_whose_marks_do_not_tell_its_cells_is_asked_about():
    table, found = with_row('E011,"Lee, "Ann", x,Sales,5077,2020-01-12')
    assert len(found) == 1
    moved = (
        'Name=Lee, "Ann, x; Department=Sales; Pay=5077; Hired=2020-01-12',
        "Department=Sales; Pay=5077; Hired=2020-01-12",
    )
    assert [(one.row, one.candidates) for one in table.doubts if not one.column] == [(12, (*moved, "keep", "drop"))]


def test_rows_between_two_stray_marks_are_not_swallowed():
    lines = list(ROWS)
    lines[4], lines[9] = lines[4].replace("Person", '"Person'), lines[9].replace("x,", 'x",')
    table = table_of(*lines)
    assert [cells[0] for _number, cells in table.cleaned.rows] == [one[:4] for one in ROWS]


@pytest.mark.parametrize("every", [False, True])
def test_a_cell_may_hold_lines_with_separators(every):
    """Lists in cells, some with as many commas as a row has."""
    lists = ["a, b, c\nd, e, f\ng, h, i", "x,1,2,3\ny,4,5,6"]
    rows = [
        [f"E{n:02}", f"Person {chr(65 + n)}x", lists[n % 2] if every or n == 4 else "ok", "Rome"] for n in range(20)
    ]
    data = csv_file([["No", "Name", "Skills", "Site"], *rows])
    (table,) = clean_files([("a.csv", data)])
    assert rows_of(table) == [[cell.replace("\n", " ") for cell in row] for row in rows]


def test_marks_at_the_start_of_a_name_stay_where_they_close():
    lines = ["No\tName\tSize", *(f"E{n}\tPerson {chr(65 + n)}\t{n}" for n in range(9)), 'E9\t"Bob" Fox\t9', ""]
    (table,) = clean_files([("a.tsv", "\n".join(lines).encode())])
    assert rows_of(table)[-1] == ["E9", '"Bob" Fox', "9"]


def test_a_cell_of_several_lines_is_one():
    table, found = with_row('E011,"Ann\nLee",Sales,5077,2020-01-12')
    assert found == [WHOLE]
    assert not table.cleaned.notes


@pytest.mark.parametrize("wrapped", [{10}, set(range(20))])
def test_rows_in_quotation_marks_as_a_whole_are_taken_apart(wrapped):
    lines = [f'"{one}"' if n in wrapped else one for n, one in enumerate(ROWS)]
    heading = f'"{HEADINGS}"' if len(wrapped) > 1 else HEADINGS
    (table,) = clean_files([("a.csv", "\n".join([heading, *lines, ""]).encode())])
    assert [cells for _number, cells in table.cleaned.rows] == [one.split(",") for one in ROWS]
    assert not table.doubts


@pytest.mark.parametrize(
    "last",
    ["E021,Ann", 'E021,"Ann Le', "E021,Ann Lee,",
     'E021,Ann Lee,Sales,"50', "E021,Ann Lee,Sales,5077", "E021,Ann Lee,Sales,5077,2020"],
)  # fmt: skip
def test_a_last_row_that_was_cut_is_asked_about(last):
    table = table_of(*ROWS, last, end="")
    assert [cells for _number, cells in table.cleaned.rows[:20]] == [one.split(",") for one in ROWS]
    assert any(one.row == 22 and not one.column for one in table.doubts)


def test_a_file_may_end_without_a_line_break():
    assert not table_of(*ROWS, end="").doubts


def test_a_few_rows_with_an_open_mark_are_refused():
    with pytest.raises(BadInput, match="never closed"):
        read_sources(name="a.csv", data=b'a,b\nE1,x\nE2,"Bo\nE3,y\n')


def test_torn_rows_of_large_texts_are_put_together_too(monkeypatch):
    """Those are read piece by piece, unless a piece shows that this will not do."""
    monkeypatch.setattr("migration.services.streaming.stream.FROM_BYTES", 100)
    plain = Content.of("\n".join([HEADINGS, *ROWS, ""]).encode())
    assert sum(len(piece) for piece in stream_of(name="a.csv", content=plain).pieces()) == 21
    torn = Content.of("\n".join([HEADINGS, *ROWS, "E021,Ann", "Lee,Sales,5077,2020-01-12", ""]).encode())
    assert stream_of(name="a.csv", content=torn) is None
    # what stands behind the beginning shows later
    monkeypatch.setattr("migration.services.streaming.stream._SAMPLE", 300)
    with pytest.raises(NotPlainError):
        stream_of(name="a.csv", content=torn)


@pytest.mark.parametrize("torn", ["In\nReview", "In Re\nview", "In Review"])
def test_a_last_cell_that_went_on_in_a_line_of_its_own(torn):
    heads, rows = (
        "No,Name,Pay,Status",
        [f"E{n},Person {chr(65 + n)}x,{5000 + n},{('In Review', 'Open')[n % 2]}" for n in range(20)],
    )
    lines = [heads, *rows, f"E20,Ann Lee,5077,{torn}", "E21,Bo Fox,5078,Open", ""]
    (table,) = clean_files([("a.csv", "\n".join(lines).encode())])
    assert [cells for _number, cells in table.cleaned.rows][-2:] == [
        ["E20", "Ann Lee", "5077", "In Review"],
        ["E21", "Bo Fox", "5078", "Open"],
    ]
    assert not table.doubts


def test_a_title_of_rows_is_no_end_of_the_row_above():
    rows = [f"E{n},Person {chr(65 + n)}x,{5000 + n},{('In Review', 'Open')[n % 2]}" for n in range(20)]
    (table,) = clean_files(
        [("a.csv", "\n".join(["No,Name,Pay,Status", *rows[:9], "Headquarters", *rows[9:], ""]).encode())]
    )
    assert len(table.cleaned.rows) == 21
    assert [one.row for one in table.doubts if not one.column] == [11]


def test_a_new_word_in_a_wide_row_keeps_no_parts_from_each_other():
    heads = "No,Name,Pay,Status,Grade,Site,Hired"
    rows = [
        f"E{n:02},Person {chr(65 + n)}x,{5000 + n},Open,G{n % 3},{('Rome', 'Bonn')[n % 2]},2020-01-{n + 1:02}"
        for n in range(20)
    ]
    for text in ("E30,Ann\nLee,5077,Open,G1,New Site,2020-03-01", "E30;Ann Lee;5077;Open;G1;New Site;2020-03-01"):
        (table,) = clean_files([("a.csv", "\n".join([heads, *rows, text, *rows[:0], ""]).encode())])
        assert table.cleaned.rows[-1][1] == ["E30", "Ann Lee", "5077", "Open", "G1", "New Site", "2020-03-01"]
        assert not [one for one in table.doubts if not one.column]


def test_a_comma_in_a_cell_of_a_row_that_another_sign_separates():
    _table, found = with_row("E011;Lee, Ann;Sales;5077;2020-01-12")
    assert found == [["E011", "Lee, Ann", *WHOLE[2:]]]


# --- one cell more than headings --------------------------------------------------------------------------------------
def rows_of(table):
    return [cells for _number, cells in table.cleaned.rows]


@pytest.mark.parametrize(("pay", "plain"), [("{0},50", "{0}.50"), ("1,{0}", "1{0}"), ("${0},00", "{0}")])
def test_numbers_that_a_comma_split_are_put_together(pay, plain):
    rows = [f"E{n:03},Person {chr(65 + n)}x,Sales,{pay.format(500 + n)},2020-01-{n + 1:02}" for n in range(9)]
    table = table_of(*rows)
    assert [one.name for one in table.cleaned.columns] == HEADINGS.split(",")
    assert [cells[3:] for cells in rows_of(table)] == [[plain.format(500 + n), f"2020-01-{n + 1:02}"] for n in range(9)]
    assert any("Commas inside numbers" in say(note) for note in table.cleaned.notes)


def test_row_numbers_without_a_heading_move_no_column():
    table = table_of(*(f"{n},{row}" for n, row in enumerate(ROWS, 1)))
    assert [one.name for one in table.cleaned.columns][1:] == HEADINGS.split(",")
    assert [cells[1:] for cells in rows_of(table)] == [row.split(",") for row in ROWS]


def test_a_last_column_may_have_no_heading():
    table = table_of(*(f"{row},remark {n}" for n, row in enumerate(ROWS)))
    assert [cells[:5] for cells in rows_of(table)] == [row.split(",") for row in ROWS]
    assert not table.cleaned.notes


def test_numbers_beside_each_other_are_no_halves():
    """Floor and room have two digits each, and a last column lacks its heading."""
    rows = [f"E{n:03},Person {chr(65 + n)}x,{10 + n},{20 + n},2020-01-{n + 1:02},x" for n in range(9)]
    (table,) = clean_files([("a.csv", "\n".join(["No,Name,Floor,Room,Hired", *rows, ""]).encode())])
    assert [cells[2:5] for cells in rows_of(table)] == [
        [str(10 + n), str(20 + n), f"2020-01-{n + 1:02}"] for n in range(9)
    ]


@pytest.mark.parametrize(
    "data",
    [b"<html><table><tr><td>1</td></tr></table></html>", b'[{"No": "E1", "Name": "Ann"}]', b'{"No": 1}\n{"No": 2}\n'],
)
def test_what_is_no_text_of_rows_is_refused(data):
    with pytest.raises(BadInput, match="no table of text"):
        read_sources(name="a.csv", data=data)


def test_a_break_within_a_cell_is_a_blank():
    assert with_row("E011,Ann\x0bLee,Sales,5077,2020-01-12")[1] == [WHOLE]


def test_large_texts_with_split_numbers_are_read_as_a_whole(monkeypatch):
    monkeypatch.setattr("migration.services.streaming.stream.FROM_BYTES", 100)
    rows = [f"E{n:03},Person {chr(65 + n)}x,Sales,{500 + n},50,2020-01-{n + 1:02}" for n in range(9)]
    assert stream_of(name="a.csv", content=Content.of("\n".join([HEADINGS, *rows, ""]).encode())) is None


def test_a_line_break_at_the_end_of_a_cell_is_no_broken_row():
    table, found = with_row('E011,"Ann Lee\n",Sales,5077,2020-01-12')
    assert found == [WHOLE]
    assert not table.doubts


@pytest.mark.parametrize("heading", ["Percent salary hike", "Hike %", "Name", "Remark"])
def test_row_numbers_without_a_heading_move_no_column_whatever_the_others_hold(heading):
    """Every row has one cell more than there are headings."""
    rows = [[str(n), f"E{n:02}", f"{30 + n}", str(n % 20 + 5)] for n in range(20)]
    text = f"Employee ID,Age,{heading}\n" + "".join(",".join(row) + "\n" for row in rows)
    (table,) = clean_files([("a.csv", text.encode())])
    found = {column.name: [cells[place] for _number, cells in table.cleaned.rows]
             for place, column in enumerate(table.cleaned.columns)}  # fmt: skip
    assert found["Employee ID"] == [row[1] for row in rows]
    assert found["Age"] == [row[2] for row in rows]


def test_an_empty_cell_before_a_quoted_one_stays_where_tabs_separate():
    lines = [HEADINGS, *ROWS[:10], 'E011,,"Sa"les",5077,2020-01-12', *ROWS[11:]]
    text = "\n".join(lines).replace(",", "\t") + "\n"
    (source,) = read_sources(name="a.tsv", data=text.encode())
    assert source.rows[11] == (12, ["E011", "", 'Sa"les', "5077", "2020-01-12"])


def test_marks_that_nothing_closes_are_not_looked_for_from_every_cell():
    start = time.process_time()
    with pytest.raises(BadInput, match="far beyond any table"):
        read_sources(name="a.csv", data="\n".join([HEADINGS, *ROWS, '"a,' * 60_000, ""]).encode())
    assert time.process_time() - start < 10
