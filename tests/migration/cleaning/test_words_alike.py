"""One way to write a word: the case of its column, one pair of words for the genders, one alphabet."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column

SMALL = ["unhappy", "hours", "career change", "return to school"] * 15


def test_capitals_that_come_more_often_give_way_to_the_case_of_the_column():
    cells, result = column("Termination reason", *["MORE MONEY"] * 17, *["more money"] * 8, before=SMALL)
    assert cells == ["more money"] * 25
    assert not result.doubts


def test_a_word_in_capitals_among_others_that_are_not_is_asked_about():
    """It can be an abbreviation, and those in mixed case the slips."""
    usual = ["Sales", "Production", "Software Engineering", "Admin Offices"] * 15
    cells, result = column("Department", *["HIPAA"] * 7, *["Hipaa"] * 4, before=usual)
    assert cells == ["HIPAA"] * 7 + ["Hipaa"] * 4
    assert {one.value: {*one.candidates} for one in result.doubts} == {
        "HIPAA": {"HIPAA", "Hipaa"}, "Hipaa": {"HIPAA", "Hipaa"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("usual", "rare"), [("Another position", "another position"), ("HR", "hr"), ("FINRA", "Finra"), ("IT", "It")]
)
def test_a_few_slips_change_no_word_that_is_written_in_a_case_of_its_own(usual, rare):
    cells, result = column("Termination reason", *[usual] * 14, *[rare] * 2, before=SMALL)
    assert cells == [usual] * 16
    assert not result.doubts


@pytest.mark.parametrize(
    ("cells", "male", "female"),
    [
        (["M", "male", "male", "f", "f", "Female", "女", "m", "male"], "male", "female"),
        (["M", "M", "F", "Female", "Female", "Female", "Male", "Male"], "Male", "Female"),
        (["男", "男", "女", "女性", "女性", "男", "女"], "男", "女"),
    ],
)
def test_a_column_says_both_genders_in_one_way(cells, male, female):
    first = {"m": male, "男": male, "f": female, "女": female}
    after, result = column("Gender", *cells * 3)
    assert after == [first[one[:1].lower()] for one in cells * 3]
    assert not result.doubts


@pytest.mark.parametrize(
    ("heading", "written", "meant"),
    [
        ("Name", "Wright, Kenneth Р", "Wright, Kenneth P"),
        ("Name", "О'Neill, Ann", "O'Neill, Ann"),
        ("Name", "Мüller, Käthe", "Müller, Käthe"),
        ("Termination date reason", "N/А-StillEmployed", ""),
        ("Grade", "В+", "B+"),
        ("Level", "Р2", "P2"),
    ],
)
def test_single_letters_of_other_alphabets_among_latin_ones(heading, written, meant):
    usual = {"Grade": ["A", "B+", "C-"], "Level": ["P1", "P2", "P3"]}.get(
        heading, ["Hill, Ann", "Wolf, Dee", "Lee, Ed"]
    )
    cells, result = column(heading, written, before=usual * 8)
    assert cells == [meant]
    assert not result.doubts


@pytest.mark.parametrize("written", ["Вера", "Москва", "Sales в Москве", "Ж"])
def test_words_of_other_alphabets_stay(written):
    cells, _result = column("Name", written, before=["Hill, Ann", "Wolf, Dee", "Lee, Ed"] * 8)
    assert cells == [written]


def test_grades_that_are_all_of_another_alphabet_stay():
    cells, result = column("Grade", *["А", "В", "С"] * 8)
    assert cells == ["А", "В", "С"] * 8
    assert not asked(result)
