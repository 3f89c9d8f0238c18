"""Where the table is: titles, merged and two-row headings, notes, forms, tables side by side."""

# ruff: noqa: E501 - tables read as rows

from __future__ import annotations

import datetime as dt

import pytest

from migration.cleaning import clean, find_table

ROWS = [["E1", "Ann", "80", "90"], ["E2", "Bo", "70", "60"], ["E3", "Cy", "55", "65"]]


def numbered(*rows):
    return list(enumerate(rows, 1))


def test_titles_above_and_notes_below():
    layout = find_table(numbered(["2025 training scores"], ["", "", "as of May", ""], ["工号", "姓名", "笔试", "实操"], *ROWS, ["", "", "", ""], ["注：缺考记 0 分", "", "", ""], ["制表人：王伟", "", "", ""]))  # fmt: skip
    assert (layout.start, layout.headings, len(layout.body)) == (3, ["工号", "姓名", "笔试", "实操"], 3)
    assert [cells[0] for _number, cells in layout.notes] == ["注：缺考记 0 分", "制表人：王伟"]
    assert layout.titles[0] == "2025 training scores"


def test_headings_in_two_rows():
    rows = numbered(["工号", "姓名", "成绩", ""], ["", "", "笔试", "实操"], *ROWS)
    merged = [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3))]
    layout = find_table(rows, merged)
    assert layout.headings == ["工号", "姓名", "成绩/笔试", "成绩/实操"]
    assert (layout.heading_rows, len(layout.body)) == (2, 3)
    assert find_table(rows).headings == ["工号", "姓名", "成绩/笔试", "成绩/实操"]


def test_a_table_that_does_not_begin_in_the_corner():
    layout = find_table(
        numbered(["", "", "", "", ""], *([["", "", *row] for row in [["ID", "Name", "A score", "B score"], *ROWS]]))
    )
    assert (layout.first_column, layout.headings[0], layout.body[0][1][0]) == (2, "ID", "E1")


def test_merged_cells_of_the_body_share_their_value():
    rows = numbered(["部门", "姓名", "分数"], ["销售", "王", "80"], ["", "李", "90"], ["研发", "赵", "70"])
    layout = find_table(rows, [((1, 0), (2, 0))])
    assert [cells[0] for _number, cells in layout.body] == ["销售", "销售", "研发"]
    assert layout.filled_down == [(3, "部门", "销售")]


def test_two_tables_side_by_side_with_the_same_headings_are_one():
    heading = ["序号", "姓名", "单位/部门"]
    layout = find_table(numbered(heading * 2, ["1", "王", "销售", "3", "赵", "研发"], ["2", "李", "研发", "4", "", ""]))
    assert (layout.tables, layout.headings) == (2, heading)
    assert [cells[1] for _number, cells in layout.body] == ["王", "李", "赵", ""]


def test_another_table_beside_is_named_and_not_mixed_in():
    rows = [[*row, "", *(["X", "1"] if number == 0 else ["", ""])] for number, row in enumerate(ROWS)]
    layout = find_table(numbered(["ID", "Name", "A", "B", "", "Code", "Count"], *rows))
    assert layout.headings == ["ID", "Name", "A", "B"]
    assert [one.headings for one in layout.beside] == [["Code", "Count"]]


def test_headings_without_a_name_and_twice():
    layout = find_table(numbered(["", "Name", "Name"], ["0", "Ann", "Lee"], ["1", "Bo", "Fox"]))
    assert layout.headings == ["Column 1", "Name", "Name (2)"]


def test_nothing_is_no_table():
    assert find_table([]) is None
    assert find_table(numbered(["", None], [" "])) is None


STAFF = ["Employee no", "Name", "Department", "Hire date"]
PEOPLE = [
    ["E001", "Ann Lee", "Sales", "2020-01-15"], ["E002", "Bo Fox", "Finance", "2020-02-15"],
    ["E003", "Cy Hill", "HR", "2020-03-15"], ["E004", "Di Hu", "Sales", "2020-04-15"],
    ["E005", "Ed King", "Finance", "2020-05-15"],
]  # fmt: skip


def cleaned(*blocks):
    """Blocks with a blank row between them."""
    rows = [row for block in blocks for row in [*block, []]]
    return clean(find_table(numbered(*rows)), today=dt.date(2026, 11, 25))


def people_of(result):
    return [cells[0] for _number, cells in result.rows]


COURSES = [["Course code", "Title", "Hours"], ["C1", "Safety", "2"], ["C2", "Excel", "4"], ["C3", "Law", "6"]]
UNITS = [
    ["Department", "Head", "Cost centre", "Floor"],
    ["Sales", "Ann Lee", "100", "2"],
    ["HR", "Cy Hill", "300", "4"],
]


@pytest.mark.parametrize("other", [COURSES, UNITS])
def test_a_table_below_is_left_out_with_one_note(other):
    for blocks, rows in (([[STAFF, *PEOPLE], other], (8, 7 + len(other))), ([[STAFF, *PEOPLE], [["Second"], *other]], (8, 8 + len(other)))):  # fmt: skip
        result = cleaned(*blocks)
        assert people_of(result) == [row[0] for row in PEOPLE]
        assert not result.doubts
        (note,) = result.notes
        assert (note.values["first"], note.values["last"]) == rows
        assert note.values["columns"] == ", ".join(other[0])


def test_a_table_above_is_named_too():
    result = cleaned(COURSES[:3], [STAFF, *PEOPLE])
    assert people_of(result) == [row[0] for row in PEOPLE]
    (note,) = result.notes
    assert note.values["columns"] == "Course code, Title, Hours"


@pytest.mark.parametrize(
    "blocks",
    [
        [[STAFF, *PEOPLE[:2]], PEOPLE[2:]],
        [[STAFF, *PEOPLE[:2]], [STAFF, *PEOPLE[2:]]],
        [[STAFF], PEOPLE[:3], PEOPLE[3:]],
        [[STAFF, *PEOPLE[:2]], [["E003", "Cy Hill", "HR", "n/a"], *PEOPLE[3:]]],
    ],
)
def test_a_table_goes_on_after_blank_rows(blocks):
    result = cleaned(*blocks)
    assert [one for one in people_of(result) if one != "E003"] == ["E001", "E002", "E004", "E005"]
    assert "E003" in people_of(result)
    assert not result.notes


def test_words_go_on_after_blank_rows():
    rows = [["Name", "Team", "Town"], ["Ann Lee", "Red", "Rome"], ["Bo Fox", "Blue", "Bonn"]]
    more = [["Cy Hill", "Red", "Lyon"], ["Di Hu", "Green", "Turin"]]
    assert people_of(cleaned(rows, more)) == ["Ann Lee", "Bo Fox", "Cy Hill", "Di Hu"]


def test_units_below_the_headings_are_no_row():
    result = cleaned([[*STAFF, "Hours"], ["", "", "", "(yyyy-mm-dd)", "(h)"], *([*row, "7.5"] for row in PEOPLE)])
    assert people_of(result) == [row[0] for row in PEOPLE]
    assert (not result.doubts, [one.row for one in result.dropped]) == (True, [2])


def test_numbers_of_pages_are_no_rows():
    pages = [STAFF, *PEOPLE[:2], ["Page 1 of 2"], STAFF, *PEOPLE[2:], ["Page 2 of 2"], ["Printed by Admin"]]
    result = cleaned(pages)
    assert people_of(result) == [row[0] for row in PEOPLE]
    assert sorted(one.row for one in result.dropped) == [4, 5, 9, 10]


def test_a_title_among_the_rows_is_asked_about():
    result = cleaned([STAFF, ["Headquarters"], *PEOPLE, ["E006"]])
    assert [(one.row, one.column, one.candidates) for one in result.doubts if one.rule == "notes"] == [(2, "", ("keep", "drop"))]  # fmt: skip


@pytest.mark.parametrize("more", [["extra"], ["extra", "more"]])
def test_cells_beyond_the_headings_are_named(more):
    result = cleaned([STAFF, PEOPLE[0], [*PEOPLE[1], *more], *PEOPLE[2:]])
    (doubt,) = result.doubts
    assert (doubt.row, doubt.reason.values["cells"]) == (3, ", ".join(more))
    assert not cleaned([STAFF, *([*row, "", ""] for row in PEOPLE)]).doubts


def test_sums_of_departments_are_left_out_or_asked_about():
    rows = [["Department", "Employee no", "Name", "Salary"], ["Sales", "E001", "Ann", "100"], ["Sales", "E002", "Bo", "200"]]  # fmt: skip
    more = [["Subtotal Sales", "2 persons", "", "300"], ["HR", "E003", "Cy", "150"], ["Total: 3", "", "", "450"]]
    result = cleaned([*rows, *more])
    assert [(one.row, one.rule) for one in result.doubts] == [(4, "totals")]
    assert [one.row for one in result.dropped] == [6]


def test_a_table_on_its_side_is_told():
    turned = [list(row) for row in zip(STAFF, *PEOPLE, strict=True)]
    (note,) = cleaned(turned).notes
    assert note.values["columns"] == ", ".join(STAFF)
    assert "turned: yes" in note.text
    assert not cleaned([STAFF, *PEOPLE]).notes


def test_a_row_of_signs_that_nobody_sees_is_no_heading():
    rows = [["\u200b", "\u00ad"], ["Employee ID", "Name"], ["E1", "Ann"], ["E2", "Bo"]]
    assert find_table(list(enumerate(rows, 1))).headings == ["Employee ID", "Name"]


def test_a_table_without_headings_loses_no_row():
    for rows in (PEOPLE, PEOPLE[::-1]):
        result = cleaned(rows)
        assert [one.name for one in result.columns] == [f"Column {n}" for n in range(1, len(STAFF) + 1)]
        assert [cells[0] for _number, cells in result.rows] == [row[0] for row in rows]
        assert any("no headings" in note.text for note in result.notes)


@pytest.mark.parametrize(
    "headings", [["ID", 2022, 2023, 2024], ["ID", "2022-01-01", "2022-02-01", "2022-03-01"], ["E0", "A", "B", "C"]]
)
def test_years_and_days_above_numbers_are_headings(headings):
    result = cleaned([headings, *([f"E{n}", str(50 + n), str(60 + n), str(70 + n)] for n in range(8))])
    assert len(result.rows) == 8


@pytest.mark.parametrize(
    "row", [["1", "2", "3", "4", "5"], ["(1)", "(2)", "(3)", "(4)", "(5)"], ["e.g. E001", "e.g. Ann", "", "", ""]]
)
def test_a_row_that_counts_columns_or_shows_how_to_fill_them_is_no_row(row):
    result = cleaned(
        [
            ["Employee no", "Name", "Department", "Salary", "Hired"],
            row,
            *([f"E{n}", f"Ann {chr(65 + n)}", "IT", str(5000 + n), "2020-01-13"] for n in range(8)),
        ]
    )
    assert [number for number, _cells in result.rows] == list(range(3, 11))
    assert [one.row for one in result.dropped] == [2]


def test_a_list_of_codes_below_is_another_table():
    rows = [
        ["Employee no", "Name", "Department", "Salary", "Hired"],
        *([f"E{n}", f"Ann {chr(65 + n)}", "S", str(5000 + n), "2020-01-13"] for n in range(8)),
    ]
    result = find_table([*enumerate(rows, 1), (12, ["Code", "Meaning"]), (13, ["S", "Sales"]), (14, ["I", "IT"])])
    assert ([one.headings for one in result.others], len(result.body)) == ([["Code", "Meaning"]], 8)
    more = find_table([*enumerate(rows, 1), (12, ["", "Zoe New", "S", "", ""]), (13, ["", "Yan New", "S", "", ""])])
    assert len(more.body) == 10


def test_headings_in_two_languages_are_one_row_of_headings():
    rows = [["工号", "姓名", "部门", "工资", "入职日期"], ["Employee no", "Name", "Department", "Salary", "Hire date"]]
    result = cleaned([*rows, *([f"E{n}", f"Ann {chr(65 + n)}", "IT", str(5000 + n), "2020-01-13"] for n in range(8))])
    assert len(result.rows) == 8
    assert not result.doubts


def test_the_greatest_and_least_beside_a_sum_are_no_rows_but_max_is_a_person():
    rows = [
        ["Name", "Department", "Salary", "Hired", "Site"],
        *([f"Ann {chr(65 + n)}", "IT", str(5000 + n), "2020-01-13", "Rome"] for n in range(8)),
    ]
    figures = [["Average", "", "5004", "", ""], ["Max", "", "5007", "", ""], ["Min", "", "5000", "", ""]]
    assert len(cleaned([*rows, *figures]).rows) == 8
    person = ["Max", "", "5003", "", ""]
    assert "Max" in [cells[0] for _number, cells in cleaned([*rows[:4], person, *rows[4:], figures[0]]).rows]


@pytest.mark.parametrize("lost", ["Name", "#N/A", ""])
def test_headings_that_come_again_with_a_lost_cell_stay_headings(lost):
    head = ["Employee ID", "Name", "Hire date", "DOB", "Department", "Overtime", "Remark"]
    people = [
        [
            f"{10_000 + 7 * n}",
            f"Ann Lee{'abcdefghijklmnopqrst'[n]}",
            f"20{10 + n}-04-17",
            f"19{60 + n}-05-12",
            ["Sales", "Finance"][n % 2],
            "No",
            "came back",
        ]
        for n in range(20)
    ]
    people[1][3] = "########"
    layout = find_table(numbered(head, *people[:8], [head[0], lost, *head[2:]], *people[8:]))
    assert (layout.start, layout.headings) == (1, head)
