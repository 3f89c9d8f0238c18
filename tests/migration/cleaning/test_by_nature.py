"""What a table is by nature is not asked about: scales of several columns, pupils, rows that are alike."""

from __future__ import annotations

import random

import pytest

from tests.migration.cleaning.tables import asked, column, table


def test_letters_without_a_yes_stay_as_they_are():
    cells, result = column("ses", *["N", "F"] * 30)
    assert cells == ["N", "F"] * 30
    assert not result.changes


def test_yes_and_no_are_still_written_alike():
    assert column("Union member", *["Yes", "No"] * 10, "Y", "no")[0][-2:] == ["Yes", "No"]


@pytest.mark.parametrize("young", [[10, 11, 12, 13, 13, 12], [13, 12, 11]])
def test_pupils_beside_adults_are_no_slips(young):
    assert not asked(column("Age", *young, *range(14, 60))[1])


def test_ages_far_from_all_others_are_asked_about_also_where_many_are():
    ages = [*range(20, 60), *[250, 340, -31, 3, 480, 270, 5, 330]]
    assert [value for _row, _column, value in asked(column("Age", *ages)[1])] == [str(age) for age in ages[40:]]


def test_a_column_of_decades_is_none_of_ages():
    assert not asked(column("age", *[number / 10 for number in range(20, 62)])[1])


def test_a_few_amounts_among_zeros_are_no_slips():
    assert not asked(column("Fees", *[0] * 100, 45.12, 19.92)[1])


def test_999_within_reach_of_the_others_is_asked_about_where_it_comes_again():
    hours = [*range(10, 336, 5), 999, 999, 999]
    assert [value for _row, _column, value in asked(column("Points", *hours)[1], "out_of_range")] == ["999"] * 3


def test_rows_of_little_content_repeat_by_nature():
    rows = [[number % 7, number % 5, "mf"[number % 2]] for number in range(60)]
    _columns, result = table(["wage", "edu", "group"], *rows, *rows[:9:3])
    assert not result.doubts
    assert not result.dropped


def test_rows_of_much_content_that_repeat_are_asked_about_however_many():
    rows = [[1000 + 37 * number, f"{number}.{number % 10}", f"word {number * 7 % 61}"] for number in range(40)]
    _columns, result = table(["Score", "Weight", "Remark"], *rows, *rows[:5])
    assert len([one for one in result.doubts if one.rule == "duplicates"]) == 5


def test_words_of_a_sibling_scale_and_open_ends_are_no_slip():
    words = ["level1", "level2", "apprentice"]
    rows = [
        [
            f"S{number}",
            words[number % 3],
            words[number % 2] if number % 9 else "",
            "<1" if number % 8 == 0 else number % 8,
        ]
        for number in range(80)
    ]
    rows[40][1:3] = ["", "apprentice"]
    _columns, result = table(["Teacher", "ladder1", "ladder2", "hours"], *rows)
    assert not asked(result, "shifted_rows")


def test_words_that_never_follow_themselves_stand_for_the_rows_below():
    words = ["Sales", "Production", "Finance"]
    rows = [
        [f"E{1000 + 3 * number + later}", "" if later else words[number % 3]]
        for number in range(30)
        for later in range(3)
    ]
    _columns, result = table(["Employee ID", "Department"], *rows)
    assert len(asked(result, "merged_cells")) == 60
    assert result.doubts[0].candidates == ("Sales", "")


def test_a_column_of_few_cells_in_any_order_has_no_merged_ones():
    words = ["Sales", "Sales", "Production", "Finance"]
    rows = [[f"E{1000 + number}", "" if number % 3 else words[number // 3 % 4]] for number in range(90)]
    assert not asked(table(["Employee ID", "Department"], *rows)[1])


def test_rows_of_a_few_words_that_nearly_all_repeat_are_no_doubts():
    rows = [["child" if number % 3 else "adult", "yes" if number % 2 else "no", number % 5] for number in range(200)]
    assert not table(["Class", "Survived", "Deck"], *rows)[1].doubts


def test_copies_of_a_fifth_of_the_rows_are_asked_about_and_rows_of_few_words_are_not():
    draw = random.Random(4)
    paid = [
        ["2026-05", f"{draw.randint(4000, 9000)}.{draw.randint(10, 99)}", draw.choice("ABC")] for _row in range(200)
    ]
    copies = [list(row) for row in draw.sample(paid, 60)]
    result = table(["Month", "Net pay", "Unit"], *paid, *copies)[1]
    assert [one.row for one in result.doubts if one.rule == "duplicates"] == list(range(202, 262))
    few = [[draw.choice("MF"), draw.choice("ABCD"), str(draw.randint(1, 30))] for _row in range(300)]
    assert not table(["Gender", "Unit", "Days"], *few)[1].doubts
