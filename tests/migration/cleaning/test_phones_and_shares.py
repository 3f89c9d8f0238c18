"""Codes of countries among phone numbers, fractions among percentages, none among levels, cases of yes and no."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import column, table

PHONES = [f"138{n:08d}" for n in range(11111111, 11111131)]


@pytest.mark.parametrize("code", ["+86", "+86 ", "(+86)", "+86-", "0086", "86 ", "86-", "86"])
def test_codes_of_china_go_and_no_other_number_gets_zeros(code):
    written = [f"{code}{one}" if place % 5 == 2 else one for place, one in enumerate(PHONES)]
    _columns, result = table(["Name", "手机号码"], *[[f"Ann {chr(65 + n)}", one] for n, one in enumerate(written)])
    assert [cells[1] for _row, cells in result.rows] == PHONES
    assert not result.doubts


def test_a_zero_that_a_spreadsheet_took_from_a_phone_number_comes_back():
    written = ["0612345678", "0612345679", "612345670", "0712345671"]
    _columns, result = table(["Name", "Phone"], *[[f"Ann {chr(65 + n)}", one] for n, one in enumerate(written)])
    assert [cells[1] for _row, cells in result.rows] == ["0612345678", "0612345679", "0612345670", "0712345671"]


def test_a_fraction_among_percentages_is_asked_about_and_changes_no_other():
    shares = [f"{n}%" for n in range(1, 21)]
    _columns, result = table(
        ["Name", "Bonus"], *[[f"Ann {chr(65 + n)}", one] for n, one in enumerate([*shares, "0.05"])]
    )
    assert [cells[1] for _row, cells in result.rows] == [*map(str, range(1, 21)), "0.05"]
    (doubt,) = result.doubts
    assert (doubt.value, doubt.candidates) == ("0.05", ("5", "0.05"))


@pytest.mark.parametrize(
    ("written", "plain"),
    [("61,8982", "61.8982"), ("1,2345,6789", "123456789"), ("12,3456.78", "123456.78"), ("1,23,456", "123456")],
)
def test_commas_before_four_digits_are_of_decimals_unless_they_come_again(written, plain):
    _columns, result = table(["Name", "Grade"], *[[f"Ann {chr(65 + n)}", written] for n in range(12)])
    assert {cells[1] for _row, cells in result.rows} == {plain}
    assert not result.doubts


def test_percentages_among_fractions_become_fractions():
    shares = ["0.05", "0.1", "0.15", "0.2", "25%"]
    _columns, result = table(["Name", "Bonus"], *[[f"Ann {chr(65 + n)}", one] for n, one in enumerate(shares)])
    assert [cells[1] for _row, cells in result.rows] == ["0.05", "0.1", "0.15", "0.2", "0.25"]


def test_one_question_more_is_no_slipped_row():
    """Answers of two questions share a scale: a word of one may stand in the other."""
    rows = []
    for n in range(60):
        first, second = ("agree", "neutral")[n % 2], ("disagree", "agree", "neutral")[n % 3]
        rows.append([f"P{n}", first, second, str(20 + n % 30)])
    rows[7][1] = "disagree"
    _columns, result = table(["Employee ID", "Fair pay", "Good boss", "Age"], *rows)
    assert [cells for _row, cells in result.rows] == rows
    assert not result.doubts


def test_none_that_can_be_a_level_is_asked_about_and_other_words_for_nothing_go():
    levels = ["none", "high school", "college"] * 10
    rows = [[f"P{n}", level] for n, level in enumerate(levels)]
    _columns, result = table(["Employee ID", "Education"], *rows)
    assert [cells[1] for _row, cells in result.rows] == levels
    assert {(one.value, one.candidates) for one in result.doubts} == {("none", ("none", ""))}
    # beside others it says nothing, too
    _columns, result = table(["Employee ID", "Education"], *rows, ["P30", "N/A"])
    assert {cells[1] for _row, cells in result.rows} == {"", "high school", "college"}
    assert not result.doubts


def test_a_slip_in_a_name_lies_in_the_words_that_differ():
    head = ["Employee ID", "Name", "Date of birth"]
    people = [[f"E{n}", f"Ann {chr(65 + n) * 5}", f"19{60 + n}-01-01"] for n in range(20)]
    twice = [["E30", "Edgar Vane", "1973-06-29"], ["E31", "Edgar Sand", "1973-06-29"]]
    assert not table(head, *people, *twice)[1].doubts
    twice[1][1] = "Edgar Vanes"
    assert [one.row for one in table(head, *people, *twice)[1].doubts] == [23]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (["Yes"] * 9 + ["yes"] * 2 + ["no"] * 5 + ["No"] * 4, {"Yes", "No"}),
        (["YES"] * 3 + ["yes"] * 9 + ["no"] * 5 + ["NO"] * 6, {"yes", "no"}),
        # nobody wrote it otherwise
        (["Yes"] * 9 + ["no"] * 5, {"Yes", "no"}),
    ],
)
def test_yes_and_no_are_written_in_the_same_case(written, kept):
    _columns, result = table(["Employee ID", "Over time"], *[[f"P{n}", word] for n, word in enumerate(written)])
    assert {cells[1] for _row, cells in result.rows} == kept


def test_a_salary_below_nothing_is_asked_about_with_and_without_its_sign():
    salaries = [str(4000 + 10 * n) for n in range(20)] + ["(4,478.00)"]
    _columns, result = table(["Employee ID", "Monthly salary"], *[[f"P{n}", one] for n, one in enumerate(salaries)])
    assert [(one.row, one.candidates) for one in result.doubts] == [(22, ("-4478", "4478"))]


def test_letters_among_the_digits_of_phones_and_codes_are_asked_about_however_many():
    phones = [f"1{n:010d}" for n in range(3_800_000_000, 3_800_000_095)]
    slips = [f"13{n}O0000O0{n}" for n in range(10, 15)]
    result = column("Mobile", *phones, *slips)[1]
    assert {(one.value, one.candidates) for one in result.doubts} == {
        (slip, (slip.replace("O", "0"),)) for slip in slips
    }
    codes = [f"C-{n:03d}" for n in range(200, 295)]
    result = column("Code", *codes, *[f"C-O{n}" for n in range(10, 16)])[1]
    assert {(one.value, one.candidates) for one in result.doubts} == {(f"C-O{n}", (f"C-0{n}",)) for n in range(10, 16)}


def test_phones_with_a_digit_too_few_or_too_many_are_asked_about_and_phones_of_houses_are_not():
    phones = [f"(617) 555-{n:04d}" for n in range(56)]
    slips = ["(617) 555-010", "617 555 01", "(617) 555-01011"]
    result = column("Phone", *phones, *slips)[1]
    assert {one.value for one in result.doubts} == set(slips)
    houses = [f"0755-{n:08d}" for n in range(25_000_000, 25_000_012)]
    assert not column("电话", *[f"138{n:08d}" for n in range(60)], *houses, "+86 138 0000 0001")[1].doubts
