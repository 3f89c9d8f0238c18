"""Blanks that were lost or written as other signs, codes in another case or without a zero, an x that may tick."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column

TOWNS = [f"{first} {second}" for first in ("Port", "Lake", "New", "South") for second in
         ("Nina", "Andrea", "Wayne", "Jacob", "Ryan", "Greg")]  # fmt: skip


@pytest.mark.parametrize("heading", ["City", "Location"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [("PortMichelle", "Port Michelle"), ("Lake_Ronnie", "Lake Ronnie"), ("McAllen", "McAllen"), ("LaSalle", "LaSalle")],
)
def test_names_of_places_get_the_blank_back_that_others_show(heading, written, meant):
    cells, result = column(heading, written, before=TOWNS)
    assert cells == [meant]
    assert not result.doubts


def test_a_hyphen_between_the_words_of_a_place_is_asked_about():
    cells, result = column("City", "Lake-Abigail", "Winston-Salem", before=TOWNS)
    assert cells == ["Lake-Abigail", "Winston-Salem"]
    assert [(one.value, one.candidates) for one in result.doubts] == [
        ("Lake-Abigail", ("Lake Abigail", "Lake-Abigail"))
    ]


@pytest.mark.parametrize(
    ("often", "seldom"),
    [
        ("HumanResources", "Human Resources"),
        ("Human_Resources", "Human Resources"),
        ("Between1and4", "Between 1 and 4"),
    ],
)
def test_the_spelling_with_blanks_is_right_even_where_it_is_rare(often, seldom):
    others = ["Sales", "Production", "IT/IS"] * 10 if "Human" in often else ["Between 5 and 9", "Above 100"] * 15
    cells, result = column("Department", *[often] * 9, *[seldom] * (4 if often[0] == "B" else 2), before=others)
    if "_" in often:
        assert {one.value for one in result.doubts} == {often, seldom}
    else:
        assert cells == [seldom] * len(cells)
        assert not result.doubts


@pytest.mark.parametrize(
    ("one", "other"), [("P1-1", "P11"), ("2000 1", "20001"), ("P-1", "P1"), ("A-", "A"), ("C++", "C")]
)
def test_signs_that_make_another_word_stay(one, other):
    cells, result = column("Level", *[one] * 4, *[other] * 6, before=["X", "Y", "Z"] * 8)
    assert cells == [one] * 4 + [other] * 6
    assert not result.doubts


def test_codes_of_states_in_small_letters_are_those_in_capitals():
    cells, result = column("State", *["or"] * 4, "OR", *["ok"] * 3, before=["MA", "CT", "TX", "VT", "NY", "CA"] * 10)
    assert cells == ["OR"] * 5 + ["OK"] * 3
    assert not result.doubts


@pytest.mark.parametrize("heading", ["Course code", "Course"])
def test_codes_that_come_again_show_how_they_are_written(heading):
    usual = ["C00", "C01", "C02", "C05", "C12"] * 10
    cells, result = column(heading, "c05", "C1", "C13", before=usual)
    assert cells == ["C05", "C1", "C13"]
    assert [(one.value, one.candidates) for one in result.doubts] == [("C1", ("C01", "C1"))]


def test_signs_before_codes_of_several_parts_go():
    usual = [f"PX2023-{number:03}" for number in range(40)]
    cells, result = column("Record no", "#PX2023-041", "ID PX2023-042", "No. PX2023-043", before=usual)
    assert cells == ["PX2023-041", "PX2023-042", "PX2023-043"]
    assert not result.doubts


def test_an_x_among_yes_and_no_is_asked_about():
    cells, result = column("Overtime", "x", before=["Yes", "No", "No"] * 10)
    assert cells == ["x"]
    assert [(one.value, one.candidates) for one in result.doubts] == [("x", ("Yes", "No"))]


def test_an_x_beside_yes_alone_says_no():
    cells, result = column("Overtime", *["Yes", "x", "x"] * 6)
    assert cells == ["Yes", "No", "No"] * 6
    assert not result.doubts


def test_an_x_beside_ticks_says_no():
    cells, result = column("Passed", "x", before=["√", "√", "×"] * 10)
    assert cells == ["×"]
    assert not asked(result)


def test_quotation_marks_around_every_word_go():
    for quotes in ('"%s"', "'%s'"):
        cells, result = column("Education", *[quotes % word for word in ["大专", "本科", "硕士", "大专"] * 8])
        assert cells == ["大专", "本科", "硕士", "大专"] * 8
        assert not result.doubts


def test_names_in_capitals_are_asked_about_though_they_are_many():
    usual = [f"Ar{chr(97 + n)}o Be{chr(97 + n)}e" for n in range(20)]
    cells, result = column(
        "Name", "ANN MCDONALD", *[f"CI{chr(65 + n)}O DU{chr(65 + n)}E" for n in range(5)], before=usual
    )
    assert cells[0] == "ANN MCDONALD"
    assert len(result.doubts) == 6
    assert result.doubts[1].candidates[0] == "Ciao Duae"


def test_an_answer_that_comes_again_and_again_is_one_of_its_own():
    cells, result = column("Recommends", *["Maybe"] * 4, "Yse", before=["Yes", "No", "No"] * 20)
    assert cells == ["Maybe"] * 4 + ["Yse"]
    assert asked(result) == [(66, "Recommends", "Yse")]


def test_what_people_remark_is_written_as_they_like():
    usual = ["good", "Good", "Good", "ok", "could be better"] * 12
    cells, result = column("Comment", *usual)
    assert cells == usual
    assert not result.doubts


def test_points_and_commas_behind_codes_and_words_go():
    codes = [f"{number:05}" for number in range(2100, 2140)]
    assert column("Zip", "02409.", before=codes)[0] == ["02409"]
    assert column("Remark", "试用期,", before=["试用期", "转正", "无异议"] * 10)[0] == ["试用期"]


def test_a_form_of_a_word_of_the_column_has_that_as_candidate():
    _cells, result = column("Outcome", "passed", before=["Pass", "Fail", "Pass"] * 12)
    assert [one.candidates[0] for one in result.doubts] == ["Pass"]


@pytest.mark.parametrize("rare", ["2000 1", "2000_1"])
def test_terms_have_the_sign_of_the_others(rare):
    cells, result = column("Semester", rare, rare, before=["2000-2", "2000-3", "2001-1", "2001-2"] * 8)
    assert cells == ["2000-1"] * 2
    assert not result.doubts


@pytest.mark.parametrize(("often", "seldom", "right"), [("Hr", "HR", "HR"), ("It", "IT", "IT"), ("Mr", "MR", "Mr")])
def test_abbreviations_of_two_letters_are_in_capitals(often, seldom, right):
    usual = ["Sales & Marketing", "Operations", "Legal", "Finance"] * 8
    cells, _result = column("Department", *[often] * 9, *[seldom] * 2, before=usual)
    assert cells == [right] * 11
