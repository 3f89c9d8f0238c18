"""Rows that sum others up, wherever their word stands, and people who are called like one."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, table

STAFF = ["Employee ID", "Name", "Department", "Base salary", "Days worked", "Effective date"]
PEOPLE = [
    [f"E{100 + n}", f"Ann {chr(65 + n)}oe", ("Sales", "Finance", "HR")[n // 4], str(5000 + 10 * n), "21", "2024-01-01"]
    for n in range(12)
]
ALL = str(sum(5000 + 10 * n for n in range(12)))


def _names(columns):
    return columns["Name"]


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "", "", ALL, "252", ""],
        ["", "Grand Total:", "", ALL, "252", ""],
        ["", "", "Subtotal", ALL, "252", ""],
        ["合计", "", "", ALL, "252", ""],
        ["", "合 计：", "", ALL, "252", ""],
        ["", "本部门小计", "", ALL, "252", ""],
        ["平均", "-", "-", "5055", "21", "-"],
        ["Average", "#DIV/0!", "", "5055", "21", ""],
        ["合计（12人）", "", "", ALL, "252", ""],
        ["", "", "", ALL, "252", ""],
    ],
)
def test_a_sum_below_the_rows_is_left_out_by_its_rule(row):
    columns, result = table(STAFF, *PEOPLE, row)
    assert _names(columns) == [one[1] for one in PEOPLE]
    assert [(one.row, one.rule) for one in result.dropped] == [(14, "totals")]
    assert not result.doubts


@pytest.mark.parametrize(
    "words",
    [
        [["Subtotal", "", ""]] * 3,
        [["", "小计", ""]] * 3,
        [["", "", "Sales Total"], ["", "", "Finance Total"], ["", "", "HR Total"]],
        [["Total Sales", "", ""], ["Total Finance", "", ""], ["Total HR", "", ""]],
        [["Subtotal", "", "Sales"], ["Subtotal", "", "Finance"], ["Subtotal", "", "HR"]],
    ],
)
def test_sums_after_every_department_spoil_no_column(words):
    rows = []
    for number, word in enumerate(words):
        rows += [*PEOPLE[4 * number : 4 * number + 4], [*word, "20260", "84", ""]]
    columns, result = table(STAFF, *rows, ["Grand Total", "", "", ALL, "252", ""])
    assert columns["Base salary"] == [one[3] for one in PEOPLE]
    assert [one.row for one in result.dropped] == [6, 11, 16, 17]
    assert not result.doubts


@pytest.mark.parametrize("name", ["Total", "Maria Total", "Sum", "平均", "Summer Average"])
def test_a_person_called_like_a_sum_stays(name):
    person = ["E150", name, "Sales", "5100", "20", "2024-01-01"]
    columns, result = table(STAFF, *PEOPLE[:5], person, *PEOPLE[5:])
    assert name in _names(columns)
    assert not [one for one in result.doubts if one.rule == "totals"]
    assert not result.dropped


def test_a_level_called_average_stays():
    columns, result = table(["Level", "Points"], ["Poor", "1"], ["Average", "2"], ["Good", "4"], ["Best", "5"])
    assert columns["Level"] == ["Poor", "Average", "Good", "Best"]
    assert not result.doubts


def test_a_sum_that_names_somebody_is_asked():
    result = table(STAFF, *PEOPLE, ["E113", "Total", "", ALL, "", ""])[1]
    assert asked(result, "totals") == [(14, "", "14")]


def test_a_last_row_that_lacks_its_person_and_sums_nothing_stays():
    _columns, result = table(STAFF, *PEOPLE, ["", "", "", "5000", "21", ""])
    assert not result.dropped
