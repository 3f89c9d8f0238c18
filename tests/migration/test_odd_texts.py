"""Texts as odd programs write them: each gives the same clean table, or says what cannot be told."""

from __future__ import annotations

import unicodedata

import pytest

from migration.services.cleansing import clean_files
from migration.services.saying import say

HEADINGS = ["No", "Name", "Department", "Pay", "Hired"]
ROWS = [
    [f"E{n:03}", f"Person {chr(64 + n)}x", ("Sales", "IT")[n % 2], str(5000 + n * 7), f"2020-01-{n:02}"]
    for n in range(1, 21)
]
TABLE = [HEADINGS, *ROWS]


def text_of(rows, separator=",", end="\n"):
    return end.join(separator.join(row) for row in rows) + end


def mixed(rows, sign, every):
    return "\n".join((sign if n % every == 3 else ",").join(row) for n, row in enumerate(rows)) + "\n"


def padded(rows, width=14):
    def fill(cell):
        return cell + " " * (width - sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in cell))

    return "".join("".join(map(fill, row)) + "\n" for row in rows)


def pages(*between):
    return text_of([*TABLE[:8], *between, *TABLE[8:15], *between, *TABLE[15:]])


ODD = {
    **{f"separated by {sign!r}": text_of(TABLE, sign) for sign in ["|", "\t", ";", "||", "^", "~", "\x1f", ":", "   "]},
    **{f"sep={sign!r}": f"sep={sign}\n" + text_of(TABLE, sign) for sign in ";,|\t"},
    **{f"lines end with {end!r}": text_of(TABLE, end=end) for end in ["\r", "\r\n", "\r\r\n", "\n\r"]},
    "lines end in three ways": "".join(",".join(row) + ["\n", "\r\n", "\r"][n % 3] for n, row in enumerate(TABLE)),
    "rows of another sign": mixed(TABLE, ";", 7), "a row of tabs": mixed(TABLE, "\t", 19),
    "a mark inside": text_of(TABLE).replace("E011", "\ufeffE011"),
    "two exports": "\ufeff" + text_of(TABLE[:11]) + "\ufeff" + text_of([HEADINGS, *TABLE[11:]]),
    "separators behind": text_of([[*row, ""] for row in TABLE]),
    "separators behind the headings": text_of([[*HEADINGS, "", ""], *ROWS]),
    "blank lines": text_of(TABLE, end="\n\n"), "blank rows": text_of(one for row in TABLE for one in (row, [""] * 5)),
    "blanks around": text_of(TABLE, " , "),
    "title with commas": "Staff list, 2024, Sales\n" + text_of(TABLE),
    "comments": "# exported 2024\n# by HR\n" + text_of(TABLE),
    "logo above": ",,,,\n,LOGO,,,\n,,,,\nACME Ltd.,,,,\n,,,,\nStaff list,,,,\n" + text_of(TABLE),
    "notes with commas": text_of(TABLE) + "\nNote: as of 2024, Sales only, not final, x, y\n",
    "notes right below": text_of(TABLE) + "Source: payroll, 2024\nPrepared by Ann, HR\n",
    "sum below": text_of(TABLE) + "Total,20,,101470,\n", "rows affected": text_of(TABLE) + "\n(20 rows affected)\n",
    "headings on each page": pages(["Page 1 of 3", "", "", "", ""], HEADINGS),
    "title on each page": "Staff list\n" + pages(["Page 1"], ["Staff list"], HEADINGS),
    "empty columns before": text_of([["", "", *row] for row in TABLE]),
    "empty columns between": text_of([[*row[:2], "", "", *row[2:]] for row in TABLE]),
    "quoted": "\n".join(",".join(f'"{cell}"' for cell in row) for row in TABLE) + "\n",
    "single quotes": "\n".join(",".join(f"'{cell}'" for cell in row) for row in TABLE) + "\n",
    "markdown": "".join("| " + " | ".join(row) + " |\n" for row in [HEADINGS, [":---"] * 5, *ROWS]),
    "underlined": text_of([HEADINGS, ["-----", "===", "====", "----", "____"], *ROWS]),
    "units": text_of([HEADINGS, ["", "", "", "(EUR)", "(yyyy-mm-dd)"], *ROWS]),
    "fixed width": padded(TABLE), "end of file sign": text_of(TABLE) + "\x1a",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ODD))
def test_the_table_is_the_same(name):
    (table,) = clean_files([("a.csv", ODD[name].encode())])
    assert [one.name for one in table.cleaned.columns] == HEADINGS
    assert [cells for _number, cells in table.cleaned.rows] == ROWS
    assert not table.doubts


def test_sums_of_departments_are_no_rows():
    found = []
    for unit in ("IT", "Sales"):
        own = [row for row in ROWS if row[2] == unit]
        found += [*own, [f"Subtotal {unit}", "", "", str(sum(int(row[3]) for row in own)), ""]]
    (table,) = clean_files([("a.csv", text_of([HEADINGS, *found]).encode())])
    assert sorted(cells for _number, cells in table.cleaned.rows) == ROWS


@pytest.mark.parametrize("gaps", [[], [3, 4, 9]])
def test_columns_that_blanks_tell_apart_may_have_empty_and_wide_cells(gaps):
    rows = [
        [f"E{n:03}", "王伟李娜张敏刘洋"[n % 8] + "伟", ["销售部", "研发"][n % 2], f"2020-01-{n + 1:02}"]
        for n in range(12)
    ]
    rows = [[*row[:2], "" if n in gaps else row[2], row[3]] for n, row in enumerate(rows)]
    (table,) = clean_files([("a.txt", padded([["工号", "姓名", "部门", "入职日期"], *rows], 12).encode("gb18030"))])
    assert [cells for _number, cells in table.cleaned.rows] == rows
    assert any("blanks" in say(note) for note in table.cleaned.notes)


def test_two_words_of_a_heading_are_one_column_among_blanks():
    rows = [
        ["Employee no", "Performance Score", "Note"],
        *([f"E{n:03}", "Good" if n % 3 else "", "so, so"] for n in range(9)),
    ]
    (table,) = clean_files([("a.csv", padded(rows, 20).encode())])
    assert [one.name for one in table.cleaned.columns] == rows[0]
    assert [cells for _number, cells in table.cleaned.rows] == rows[1:]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Comment", "This  is remark number {} of the survey"), ("Start", "0{}:30:00"), ("Name", "O'Brien Ann{}"),
        ("Note", "a ~ b^{}"),
    ],
)  # fmt: skip
def test_one_column_stays_one(heading, cell):
    lines = [cell.format(n) + " x" * (n % 3) for n in range(9)]
    (table,) = clean_files([("a.csv", "\n".join([heading, *lines, ""]).encode())])
    assert [one.name for one in table.cleaned.columns] == [heading]
    assert len(table.cleaned.rows) == 9
