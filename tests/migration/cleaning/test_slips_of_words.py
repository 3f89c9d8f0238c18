"""Words of which a sign is another one, lacks or is too many, where their column shows what is meant."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column

SECTIONS = ["生产部"] * 20 + ["仓储部"] * 20 + ["财务部"] * 20


def offered(result):
    return [(one.value, *one.candidates) for one in result.doubts]


@pytest.mark.parametrize(("slip", "meant"), [("生工部", "生产部"), ("仁储部", "仓储部"), ("财务人", "财务部")])
def test_a_chinese_word_with_another_character_is_asked_about(slip, meant):
    cells, result = column("部门", *SECTIONS, slip)
    assert cells[-1] == slip
    assert offered(result) == [(slip, meant, slip)]


def test_chinese_words_that_are_rare_by_nature_are_not_asked_about():
    others = ["法务部", "采购部", "质检部", "工会", "董事会办公室"]
    assert not asked(column("部门", *SECTIONS, *others)[1])


@pytest.mark.parametrize("other", ["生产一部", "生产三部"])
def test_numbered_departments_are_no_slips(other):
    assert not asked(column("部门", *["生产二部"] * 20, *["仓储部"] * 20, other)[1])


def test_a_character_for_the_digit_of_a_class_is_asked_about():
    _cells, result = column("班级", *["高一1班"] * 20, *["高一2班"] * 20, "高一工班", "高一3班")
    assert offered(result) == [("高一工班", "高一1班", "高一2班", "高一工班")]


@pytest.mark.parametrize("slip", ["5-99", "100-i00", "1000r+", "50-909"])
def test_a_band_that_is_nearly_a_usual_one_is_asked_about(slip):
    _cells, result = column("company size", *["50-99"] * 30, *["100-500"] * 30, *["10000+"] * 20, *["1000+"] * 20, slip)
    assert [value for _row, _column, value in asked(result)] == [slip]


def test_bands_that_are_nobody_elses_stay():
    assert not asked(column("Tenure", *["1-2 years"] * 30, *["3-5 years"] * 30, "6-10 years", "10+ years")[1])


@pytest.mark.parametrize("slip", ["Not Aplicable", "Not Applicabel", "Not-Applicable."])
def test_a_misspelt_word_for_nothing_is_asked_about(slip):
    cells, result = column("Reason", *["Not Applicable"] * 20, *["Layoff"] * 6, slip)
    assert cells[:20] == [""] * 20
    assert [cells[-1]] == [""] or offered(result) == [(slip, "", slip)]


@pytest.mark.parametrize(("written", "meant"), [
    ("3 5 years", "3-5 years"), ("Research-& Development", "Research & Development"), ("city_7.", "city_7"),
])  # fmt: skip
def test_signs_between_the_same_words_and_numbers_make_no_other_word(written, meant):
    cells, result = column("Group", *["3-5 years", "Research & Development", "city_7"] * 9, written)
    assert cells[-1] == meant
    assert not result.doubts


def test_numbers_are_not_put_together():
    assert column("Group", *["2000 1"] * 5, *["20001"] * 9)[0] == ["2000 1"] * 5 + ["20001"] * 9


def test_a_star_behind_a_letter_is_asked_about():
    _cells, result = column("Size", *["M", "L", "S"] * 9, "M*")
    assert offered(result) == [("M*", "M", "M*")]


def test_grades_with_a_star_are_none_of_those_without():
    assert not asked(column("Grade", *["A", "B", "A*"] * 9)[1])


@pytest.mark.parametrize(("written", "meant"), [
    ("'O'Neill, Debra'", "O'Neill, Debra"), ("“McDonald, Steven M.”", "McDonald, Steven M."),
])  # fmt: skip
def test_marks_around_a_name_go_that_has_some_inside(written, meant):
    names = [f"Doe, Ann {chr(65 + n)}." for n in range(20)]
    assert column("Name", *names, written)[0][-1] == meant


@pytest.mark.parametrize(("written", "meant"), [
    ("b@example.con", "b@example.com"), ("c@gmail.cmo", "c@gmail.com"), ("d@firm.con.cn", "d@firm.com.cn"),
])  # fmt: skip
def test_an_address_that_ends_with_a_slip_is_asked_about(written, meant):
    _cells, result = column("Email", *(f"a{n}@example.com" for n in range(9)), *[written] * 3)
    assert offered(result) == [(written, meant, written)] * 3


def test_a_month_that_is_none_among_months_is_asked_about():
    cells, result = column("月份", *["2023-01"] * 20, *["2023-02"] * 20, "2023-20", "20233-02", "2023年1月")
    assert cells[-1] == "2023-01"
    assert offered(result) == [("2023-20", "2023-02"), ("20233-02", "2023-02")]


def test_what_is_not_decided_can_be_a_result():
    _cells, result = column("面试结果", *["通过", "淘汰"] * 20, *["待定"] * 5)
    assert offered(result) == [("待定", "待定", "")] * 5
    assert column("备注", *["通过", "淘汰"] * 20, *["待定"] * 5)[0][-1] == ""
