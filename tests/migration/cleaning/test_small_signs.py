"""Small signs: letters in phone numbers, marks behind words, quotation marks, codes of states, years."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column

PHONES = ["089 995751", "0341 150842", "0221 800273", "089 679929"] * 12


def test_letters_among_the_digits_of_a_phone_number_are_asked_about():
    cells, result = column("Telefon", "O89 995751", before=PHONES)
    assert cells == ["O89 995751"]
    assert [(one.value, one.candidates) for one in result.doubts] == [("O89 995751", ("089 995751",))]
    # an extension is no slip of a digit
    assert not column("Telefon", "089 995751 ext 12", before=PHONES)[1].doubts


@pytest.mark.parametrize("written", ["'13906252221'", '"13906252221"', "'13906252221"])
def test_quotation_marks_around_the_only_texts_among_numbers_go(written):
    cells, result = column("手机", written, before=[13906252000 + n for n in range(20)])
    assert cells == ["13906252221"]
    assert not result.doubts


def test_marks_behind_few_of_many_words_go():
    words = ["Safety", "Generalist", "Top Hand", "Lineman", "Foreman", "Groundman", "Welder", "Engineer", "Driver"]
    dirty = ["Safety;", "Generalist;", "Top Hand:", "Splicer,"]
    cells, result = column("Job function", *dirty, before=words * 12)
    assert cells == ["Safety", "Generalist", "Top Hand", "Splicer"]
    assert column("State", "RI:", before=["MA", "NY", "CT", "NH", "ME"] * 10)[0] == ["RI"]
    assert column("姓名", "黄敏.", before=["王芳", "李娜", "赵磊", "周敏"] * 5)[0] == ["黄敏"]
    assert not result.doubts


def test_codes_of_states_have_capitals():
    states = ["MA", "NY", "CT", "NH", "ME", "VT"] * 10
    assert column("State", "Ri", "ny", before=states)[0] == ["RI", "NY"]


def test_no_year_is_asked_about():
    cells, result = column("Year", "236896.90", before=[2011 + n % 4 for n in range(40)])
    assert cells == ["236896.90"]
    assert asked(result) == [(42, "Year", "236896.90")]
    assert not column("Year", "1987", before=[2011 + n % 4 for n in range(40)])[1].doubts


def test_a_hyphen_of_another_kind_in_an_address_is_a_hyphen():
    cells, _result = column("Email", "peter.le—blanc@corp.example", before=[f"p{n}@corp.example" for n in range(9)])
    assert cells == ["peter.le-blanc@corp.example"]
