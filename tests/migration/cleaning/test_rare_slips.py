"""Slips that one cell shows beside many others: names of managers, signs, a digit more, words for numbers."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column, table


def test_a_chinese_trainer_with_one_letter_wrong_is_asked():
    usual = ["张建国", "王丽华", "李志强"] * 20
    cells, result = column("讲师", "李志墙", before=usual)
    assert cells == ["李志墙"]
    assert asked(result) == [(62, "讲师", "李志墙")]
    assert result.doubts[0].candidates == ("李志强", "李志墙")
    # as many lessons of each: two persons
    assert not column("讲师", *["李志刚"] * 20, before=usual)[1].doubts


def test_a_manager_whose_name_is_nearly_one_of_the_staff_is_asked():
    lasts = ("Okafor", "Lindqvist", "Petrov", "Haddad", "Moreau")
    names = [f"{first} {last}" for first in ("Anna", "Boris", "Chandra", "Dilip") for last in lasts]
    rows = [[f"E{n}", name, names[(n + 7) % 20]] for n, name in enumerate(names)]
    headings = ["Employee ID", "Employee name", "Manager"]
    assert not table(headings, *rows)[1].doubts
    rows[5][2] = "Chandra Lindqvits"
    _columns, result = table(headings, *rows)
    assert asked(result) == [(7, "Manager", "Chandra Lindqvits")]
    assert result.doubts[0].candidates == ("Chandra Lindqvist", "Chandra Lindqvits")
    # managers of another company, of whom one is called nearly so
    others = ("Ellen Vogt", "Farid Nassar", "Grace Whitcombe", "Hugo Castellan")
    rows = [[*row[:2], others[n % 4]] for n, row in enumerate(rows)]
    rows[5][2] = "Chandra Lindqvits"
    assert not table(headings, *rows)[1].doubts


@pytest.mark.parametrize(("value", "meant"), [("面议", ""), ("Negotiable", ""), ("应届", "0"), ("Fresh graduate", "0")])
def test_words_in_the_place_of_numbers_are_asked_with_what_they_mean(value, meant):
    _cells, result = column("Years of experience", value, before=[str(n % 12 + 1) for n in range(40)])
    assert asked(result) == [(42, "Years of experience", value)]
    assert result.doubts[0].candidates == (meant,)


def test_a_pay_ten_times_as_high_as_it_should_be_is_asked():
    pays = [str(52000 + 411 * n) for n in range(60)]
    _cells, result = column("Annual salary", "612500", before=pays)
    assert asked(result) == [(62, "Annual salary", "612500")]
    assert result.doubts[0].candidates == ("61250",)
    # somebody at the top may well earn three times as much
    assert not column("Annual salary", "240000", before=pays)[1].doubts


@pytest.mark.parametrize("heading", ["TotalPay", "OvertimePay", "Benefits", "补贴"])
def test_an_amount_below_zero_among_others_is_asked_with_the_same_above(heading):
    amounts = [f"{4000 + 37 * n}.25" for n in range(60)]
    _cells, result = column(heading, "-5110.50", before=amounts)
    assert asked(result) == [(62, heading, "-5110.50")]
    assert result.doubts[0].candidates == ("-5110.50", "5110.50")
    assert not column("Pay adjustment", "-5110.50", before=amounts)[1].doubts


def test_and_may_be_written_as_a_sign():
    cells, result = column("Unit", "R & D", "RandD", "Sales and Service", before=["R&D", "Sales & Service"] * 20)
    assert cells == ["R&D", "R&D", "Sales & Service"]
    assert not result.doubts


def test_an_underscore_of_the_column_is_no_slip_for_a_blank_that_is_rare():
    cells, result = column("Area", "product mng", before=["product_mng", "sales", "hr"] * 10)
    assert cells == ["product_mng"]
    assert not result.doubts


def test_a_misspelt_gender_is_asked_with_the_letter_of_the_column():
    _cells, result = column("Gender", "Femal", before=["m", "f"] * 20)
    assert result.doubts[0].candidates == ("f",)


def test_headings_that_come_again_with_a_broken_cell_are_still_headings():
    headings = ["Employee ID", "Name", "Hire date", "Department", "Salary"]
    rows = [
        [f"E{n}", f"Ann {'abcdefgh'[n % 8]}", f"2020-01-{n % 28 + 1:02d}", "Sales", str(100 * n)] for n in range(60)
    ]
    rows.insert(25, ["Subtotal", "", "", "", ""])
    rows.insert(26, ["Employee ID", "#####", "HIRE DATE", "Department", "Salary"])
    assert table(headings, *rows)[1].headings == headings


def test_a_letter_written_twice_is_a_slip_in_short_words_too():
    _cells, result = column("Satisfaction", "Veryy High", "Veryy High", before=["Very High", "High", "Low"] * 25)
    assert [one.candidates[0] for one in result.doubts] == ["Very High", "Very High"]


def test_amounts_with_decimals_that_lost_their_point_have_the_right_one_as_candidate():
    pays = [f"{52000 + 411 * n}.25" for n in range(60)]
    assert column("Desired salary", "612345.60", before=pays)[1].doubts[0].candidates == ("61234.56",)
