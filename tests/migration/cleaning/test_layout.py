"""Where the table is: titles, merged and two-row headings, notes, forms, tables side by side."""

# ruff: noqa: E501 - tables read as rows

from __future__ import annotations

from migration.cleaning import find_table

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
    assert [cells[1] for _number, cells in layout.body] == ["王", "李", "赵", None] or len(layout.body) == 4


def test_another_table_beside_is_named_and_not_mixed_in():
    rows = [[*row, "", *(["X", "1"] if number == 0 else ["", ""])] for number, row in enumerate(ROWS)]
    layout = find_table(numbered(["ID", "Name", "A", "B", "", "Code", "Count"], *rows))
    assert layout.headings == ["ID", "Name", "A", "B"]
    assert layout.beside == ["Code", "Count"]


def test_headings_without_a_name_and_twice():
    layout = find_table(numbered(["", "Name", "Name"], ["0", "Ann", "Lee"], ["1", "Bo", "Fox"]))
    assert layout.headings == ["Column 1", "Name", "Name (2)"]


def test_nothing_is_no_table():
    assert find_table([]) is None
    assert find_table(numbered(["", None], [" "])) is None
