"""Marks that are no part of a value, codes of web pages, and what a column shows of its codes and percentages."""

from __future__ import annotations

import pytest

from migration.cleaning import Hints, read_decisions
from migration.cleaning.marks import without_markup
from tests.migration.cleaning.tables import asked, column, table

UNITS = ["Sales", "Finance", "Research & Development", "Human Resources"] * 6
NAMES = [f"{first} {last}" for first in ("Ann", "Bo", "Cy", "Di", "Ed") for last in ("Lee", "Fox", "Ray", "Day")]


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("Research &amp; Development", "Research & Development"), ("<b>Sales</b>", "Sales"), ("Sales<br>", "Sales"),
        ("Human&nbsp;Resources", "Human Resources"), ("<td>Finance</td>", "Finance"),
        ('<a href="x?a>b" class=y>Sales</a>', "Sales"), ("<span style='color: red'>Sales</span>", "Sales"),
        ("Finance&#32;", "Finance"),
        ('"Sales"', "Sales"), ("'Sales'", "Sales"), ("“Sales”", "Sales"), ("`Sales`", "Sales"), ("'Sales", "Sales"),
        ("Sales*", "Sales"), ("Sales †", "Sales"), ("Sales [1]", "Sales"), ("Sales²", "Sales"), ("Sales(1)", "Sales"),
        ("Sales,", "Sales"), ("Finance;", "Finance"), ("Sales..", "Sales"), ("Human\u2010Resources", "Human Resources"),
    ],
)  # fmt: skip
def test_marks_around_a_word_are_taken_off(dirty, plain):
    found, result = column("Department", dirty, before=UNITS)
    assert (found, result.doubts) == ([plain], [])
    assert [one.after for one in result.changes][-1] == plain


@pytest.mark.parametrize("text", ["a <b or c> d", "p <p and q> r", "less <i than> 5", "Ann <a@x.com>"])
def test_what_only_looks_like_a_tag_stays(text):
    assert without_markup(text) == text


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Grade", "A*"), ("City", "'s-Hertogenbosch"), ("Comment", '"We need more time for training."'),
        ("Comment", "Pay is 5 < 10 and A&B; see below:"), ("Last name", "'t Hooft"), ("Company", "Acme Inc."),
        ("Comment", "<1 year"), ("Team", "Team (2)"),
    ],
)  # fmt: skip
def test_marks_that_belong_to_a_value_stay(heading, value):
    usual = {"Grade": ["A", "B", "C"] * 8, "City": ["Delft", "Breda"] * 8, "Team": ["Team (1)", "Team (3)"] * 8}
    assert column(heading, value, before=usual.get(heading, NAMES))[0] == [value]


def test_marks_that_a_column_is_written_with_stay():
    stars = ["Excel*", "Word*", "Safety*", "Fire*", "First aid*"] * 4
    assert column("Course", *stars)[0] == stars
    quoted = ['"Excel"', '"Word"'] * 8
    assert column("Course", *quoted)[0] == ["Excel", "Word"] * 8
    assert column("Remark", *quoted)[0] == quoted


@pytest.mark.parametrize("written", ["1410¹", "1410*", "1410 [1]", "1410<sup>1</sup>", "1410,", '"1410"', "'1410"])
def test_a_footnote_adds_no_digit_to_a_number(written):
    found, result = column("Daily rate", written, before=[str(1100 + n) for n in range(20)])
    assert (found, result.doubts) == (["1410"], [])


def test_with_the_rule_off_a_raised_digit_makes_no_number():
    result = column("Daily rate", "1410¹", before=["1100", "1200", "1300"], hints=Hints(off=frozenset({"stray_marks"})))
    assert asked(result[1]) == [(5, "Daily rate", "1410¹")]


@pytest.mark.parametrize(("wrong", "right"), [("å\xad™çº¢", "孙红"), ("é«˜ä¸\xad", "高中"), ("Oâ€™Hare", "O’Hare")])
def test_letters_read_wrongly_that_look_like_control_characters(wrong, right):
    assert column("Title", wrong, before=["甲乙丙", "Ann Lee"])[0] == [right]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("$(1,234.00)", "-1234"), ("Rs. 45000", "45000"), ("INR 45000", "45000"), ("0.15M", "150000"), ("CHF 90", "90"),
        ("$1.2 million", "1200000"), ("4.5 lakh", "450000"), ("1.2 crore", "12000000"), ("3 LPA", "300000"),
        ("45000 p.a.", "45000"), ("38.5 hr.", "38.5"), ("15 percent", "15"),
    ],
)  # fmt: skip
def test_more_ways_to_write_numbers(written, number):
    assert column("Bonus amount", written, before=["100.5", "200", "350"])[0][0].removesuffix(".00") == number


@pytest.mark.parametrize("written", ["5 pm", "10 m", "4 or 5", "ten-ish 3 to 4"])
def test_these_are_no_numbers(written):
    assert asked(column("Score", written, before=list("1234567890"))[1]) == [(12, "Score", written)]


@pytest.mark.parametrize(
    ("written", "number"), [("ca. 4000", "4000"), ("~4000", "4000"), ("4O00", "4000"), ("4000?", "4000")]
)
def test_a_number_among_words_is_what_is_likely_meant(written, number):
    result = column("Bonus amount", written, before=["1000", "2000", "3500"])[1]
    assert [one.candidates for one in result.doubts] == [(number,)]


def test_a_share_of_one_among_percentages_is_asked_about():
    result = column("FTE %", "0.5", "1", before=["100%", "80%", "60%"] * 4)[1]
    assert [(one.value, one.candidates) for one in result.doubts] == [("0.5", ("50", "0.5")), ("1", ("100", "1"))]
    # where small ones have the sign as well, it is a small one
    assert column("Share", "0.5", before=["0.25%", "1%", "3%"] * 4)[1].doubts == []


def test_thousands_with_two_points_show_what_one_point_is():
    usual = ["1.466.017", "2.905.526", "3.340.715", "905526", "812345"]
    assert column("Basic pay", "190.739", before=usual)[0] == ["190739"]


def test_north_america_among_regions_is_no_missing_value():
    found, result = column("Region", "NA", "NA", "N/A", before=["EMEA", "APAC", "LATAM"] * 5)
    assert (found, result.doubts) == (["NA", "NA", ""], [])


def test_addresses_in_brackets_and_capitals():
    usual = [f"p{n}@x.com" for n in range(12)]
    written = ["<ann@x.com>", "Ann Lee <ann@x.com>", "ANN@X.COM", "ann@x.com;", "'ann@x.com'"]
    assert column("Email ID", *written, before=usual)[0] == ["ann@x.com"] * 5
    mixed = ["Ann.Lee@x.com", "Bo.Fox@x.com", "cy@x.com"]
    assert column("Email", *mixed)[0] == mixed


def test_codes_whose_letters_stand_where_others_have_digits():
    codes = [f"E{2000 + n}" for n in range(80)]
    result = column("Badge", "EO617", "El999", before=codes)[1]
    assert [(one.value, one.candidates) for one in result.doubts] == [("EO617", ("E0617",)), ("El999", ("E1999",))]


def test_points_in_codes_of_digits_are_asked_about():
    codes = [str(10000 + n * 37) for n in range(40)]
    result = column("Location code", "69.189", before=codes)[1]
    assert [(one.value, one.candidates) for one in result.doubts] == [("69.189", ("69189", "69.189"))]


def test_hyphens_of_typesetters_in_codes_and_names():
    codes = [f"00-00{n:05d}" for n in range(30)]
    assert column("id", "00–0090001", "00\u20110090002", before=codes)[0] == ["00-0090001", "00-0090002"]
    assert column("Last name", "Le—Blanc", before=NAMES)[0] == ["Le-Blanc"]
    ranges = ["2019–2020", "2020–2021"] * 6
    assert column("School year", *ranges)[0] == ranges


def test_areas_of_different_length_keep_their_blank():
    usual = [f"089 {400000 + n}" for n in range(20)]
    assert column("Telefon", "0221 54227", before=usual)[0] == ["0221 54227"]


def test_a_word_that_stands_for_the_rows_below_is_offered_for_them():
    cells = ["Sales", "", "", "", "", "Finance", "", "", "", "HR", "", "", "", "", ""]
    found, result = column("Department", *cells)
    assert found == cells
    assert [one.candidates[0] for one in result.doubts] == ["Sales"] * 4 + ["Finance"] * 3 + ["HR"] * 5
    answered = read_decisions("decisions:\n- {rule: merged_cells, column: Department, answer: first}")
    assert column("Department", *cells, hints=answered)[0] == ["Sales"] * 5 + ["Finance"] * 4 + ["HR"] * 6


@pytest.mark.parametrize(
    "cells",
    [
        # nothing above the first
        ["", "Late", "", "", "", "", "Ill", "", "", "", "", ""],
        # a word comes again
        ["Late", "", "", "", "", "", "Late", "", "", "", "", ""],
        # too few below each
        ["Sales", "", "Finance", "", "HR", "", "IT", ""],
    ],
)
def test_cells_that_rightly_lack_are_no_merged_ones(cells):
    assert column("Absence", *cells)[1].doubts == []


def test_thousands_that_were_split_at_their_comma():
    rows = [[f"E{n:03d}", f"${90 + n},{100 + n}", f"{n % 30 + 1}%", ("China", "Brazil")[n % 2], ""] for n in range(40)]
    rows[7] = ["E007", "$97", "107", "8%", "Brazil"]
    found, result = table(["EEID", "Annual salary", "Bonus %", "Country", "Left"], *rows)
    assert [found[name][7] for name in ("Annual salary", "Bonus %", "Country")] == ["97107", "8", "Brazil"]
    assert result.doubts == []


def test_a_yearly_salary_written_in_several_ways_is_one_unit():
    usual = [str(50000 + n * 137) for n in range(20)]
    found, result = column("Salary", "52000/yr", "53000 per year", "54000 p.a.", before=usual)
    assert (found, result.doubts) == (["52000", "53000", "54000"], [])
    # among numbers without a unit nothing says that the others are per month, too
    assert asked(column("Salary", "5200/month", before=usual)[1]) == [(22, "Salary", "5200/month")]


def test_points_and_a_scale_are_one_unit_and_two_scales_are_none():
    usual = ["1", "2", "3", "4", "5"] * 4
    assert column("Rating", "4/5", "3 pts", "5 points", before=usual)[0] == ["4", "3", "5"]
    assert len(column("Rating", "4/5", "8/10", before=usual)[1].doubts) == 2


def test_negative_amounts_make_no_doubt_of_the_others():
    usual = [f"${90 + n},{100 + n}" for n in range(30)]
    found, result = column("Annual salary", "(91,886.00)", "-$5,120.50", before=usual)
    assert found == ["-91886", "-5120.50"]
    assert not [one for one in result.doubts if one.rule == "numbers"]


def test_a_range_with_words_behind_it_is_offered_as_the_column_writes_it():
    usual = ["<1 year", "3-5 years", "6-10 years"] * 4
    result = column("Tenure", "2-Jan", before=usual)[1]
    assert result.doubts[0].candidates[0] == "1-2 years"
    assert column("Tenure", "10-Jun", before=usual)[0] == ["6-10 years"]


def test_the_code_of_a_country_among_numbers_without_one():
    chinese = [f"1380013{n:04d}" for n in range(20)]
    assert column("手机", "+86 138-0013-9999", "0086 13900139000", before=chinese)[0] == ["13800139999", "13900139000"]
    british = [f"020 7035 {1000 + n}" for n in range(20)]
    result = column("Phone", "+44 20 7035 8002", before=british)[1]
    assert [one.candidates for one in result.doubts] == [("020 7035 8002", "+44 20 7035 8002")]
    abroad = [f"+49 221 {24843 + n}" for n in range(10)] + [f"+44 20 {7035800 + n}" for n in range(10)]
    assert column("Phone", *abroad)[1].doubts == []


def test_a_part_of_a_row_that_slipped_goes_back_or_is_asked_about():
    headings = ["Worker ID", "Name", "Department", "Hired", "Salary", "City", "Status"]
    rows = [
        [
            str(1001 + n), NAMES[n % 20], UNITS[n % 4], f"2020-0{1 + n % 9}-1{n % 9}", str(50000 + n * 91),
            ("Bonn", "Ulm", "Kiel")[n % 3], ("Active", "Left")[n % 5 == 0],
        ]
        for n in range(80)
    ]  # fmt: skip
    good = rows[40]
    rows[40] = [good[0], "", *good[1:4], *good[5:]]
    found, result = table(headings, *rows)
    doubted = {one.column: one.candidates for one in result.doubts if one.row == 42}
    for name, truth in zip(headings, good, strict=True):
        assert name in doubted or found[name][40] == truth
    assert set(doubted) == {"Salary"}
    assert {one.row for one in result.doubts} == {42}


def test_names_in_small_letters_where_capitals_and_others_mix():
    result = column("Employee name", "ann lee", before=[*NAMES, *[name.upper() + "X" for name in NAMES]])[1]
    assert [one.candidates for one in result.doubts] == [("Ann Lee", "ANN LEE", "ann lee")]


def test_the_mark_of_text_before_every_cell_goes_before_anybody_asks_what_a_column_is():
    rows = [[f"'{n:06d}", f"'刘{chr(0x5B50 + n)}", "'销售部", f"'{30 + n}", f"'2020-03-{n + 10}"] for n in range(15)]
    _columns, result = table(["工号", "姓名", "部门", "年龄", "入职日期"], *rows)
    assert [cells for _row, cells in result.rows] == [[cell[1:] for cell in row] for row in rows]
    assert not result.doubts
    # names that begin so
    names = ["'t Hooft", "'s Gravesande", "'t Hart", "'t Veld"] * 5
    assert column("Last name", *names)[0] == names
