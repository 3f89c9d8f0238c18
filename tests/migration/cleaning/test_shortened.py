"""Words cut short and abbreviations are asked about with the whole word; misspelt ones with no other slip."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import column

ENGLISH = [
    *["Production"] * 25, *["Software Engineering"] * 34, *["Admin Offices"] * 27, *["Sales"] * 24,
    *["Human Resources"] * 20, *["Accountant I"] * 20,
]  # fmt: skip
CHINESE = [*["研发中心"] * 40, *["财务部"] * 37, *["人力资源部"] * 36, *["销售一部"] * 20, *["销售二部"] * 20]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Prod", "Production"), ("Admin", "Admin Offices"), ("Production Dept", "Production"),
        ("Softw. Engineering", "Software Engineering"), ("Software Eng", "Software Engineering"),
        ("HR", "Human Resources"), ("研发", "研发中心"), ("财务", "财务部"), ("人力", "人力资源部"),
    ],
)  # fmt: skip
def test_the_whole_word_comes_first(written, meant):
    cells, result = column("Department", written, before=ENGLISH if written.isascii() else CHINESE)
    assert cells == [written]
    assert [(one.value, one.candidates) for one in result.doubts] == [(written, (meant, written))]


def test_two_spellings_of_an_abbreviation_have_the_whole_word_as_candidate():
    _cells, result = column("Department", "Software Eng.", "Software Eng", before=ENGLISH)
    assert [(one.value, one.candidates[0]) for one in result.doubts] == [
        ("Software Eng.", "Software Engineering"), ("Software Eng", "Software Engineering"),
    ]  # fmt: skip


@pytest.mark.parametrize("own", ["Accountant", "SE II", "Executive Office", "销售", "总经理", "IT", "Engineering"])
def test_words_of_their_own_are_not_asked_about(own):
    _cells, result = column("Department", own, before=ENGLISH if own.isascii() else CHINESE)
    assert not result.doubts


def test_a_misspelt_word_is_no_candidate_for_another():
    _cells, result = column("Department", "Prodution", "Producton", "Produktion", before=ENGLISH)
    assert [one.candidates for one in result.doubts] == [
        ("Production", "Prodution"), ("Production", "Producton"), ("Production", "Produktion"),
    ]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), [("P", "Pass"), ("F", "Fail")])
def test_a_letter_stands_for_the_only_word_that_begins_with_it(written, meant):
    _cells, result = column("Outcome", written, before=["Pass", "Fail", "Pass"] * 10)
    assert [(one.value, one.candidates) for one in result.doubts] == [(written, (meant, written))]


def test_letters_of_a_department_stand_for_it():
    usual = [*["销售管理部"] * 30, *["研发中心"] * 30]
    _cells, result = column("部门", "销管部", "销售部", "采购部", before=usual)
    assert [(one.value, one.candidates[0]) for one in result.doubts] == [
        ("销管部", "销售管理部"),
        ("销售部", "销售管理部"),
    ]
