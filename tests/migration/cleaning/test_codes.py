"""Identifiers in another way than the others of their column, also where one of ten is so."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import column

NUMBERS = [str(70_000 + 37 * n) for n in range(45)]
CODES = [f"E{50_000 + 37 * n}" for n in range(45)]
CARDS = [f"622{2_104_014_178_475_000 + 7919 * n}" for n in range(45)]
MOBILES = [f"138{14_935_000 + 7919 * n:08d}" for n in range(45)]


def mixed(usual, write):
    """Every ninth written otherwise."""
    return [write(one) if place % 9 == 4 else one for place, one in enumerate(usual)]


@pytest.mark.parametrize(
    ("heading", "usual", "write"),
    [
        ("Badge ID", NUMBERS, lambda one: f"{one[:3]} {one[3:]}"),
        ("Badge ID", NUMBERS, lambda one: f"#{one}"),
        ("Applicant ID", NUMBERS, lambda one: f"No. {one}"),
        ("EEID", CODES, lambda one: f"{one[0]}-{one[1:]}"),
        ("EEID", CODES, lambda one: f"ID: {one}"),
        ("银行卡号", CARDS, lambda one: f"{one[:4]} {one[4:8]} {one[8:12]} {one[12:16]} {one[16:]}"),
        ("银行卡号", CARDS, lambda one: f"{one[:3]}-{one[3:7]}-{one[7:]}"),
        ("手机号码", MOBILES, lambda one: f"Tel: {one}"),
    ],
)
def test_blanks_hyphens_and_words_go(heading, usual, write):
    rows = mixed(usual, write)
    cells, result = column(heading, *rows)
    assert cells == usual
    assert not result.doubts
    assert {one.rule for one in result.changes} == {"code_form"}


@pytest.mark.parametrize(
    ("heading", "usual", "write"),
    [
        ("Badge ID", NUMBERS, lambda one: f"EMP{one}"),
        ("Badge ID", NUMBERS, lambda one: one.replace("0", "O")),
        ("EEID", CODES, lambda one: one.lower()),
    ],
)
def test_what_may_be_another_identifier_is_asked_about_and_stays(heading, usual, write):
    rows = mixed(usual, write)
    cells, result = column(heading, *rows)
    assert cells == rows
    asked = {one.value: one.candidates for one in result.doubts}
    odd = {write(one): one for one in usual[4::9] if write(one) != one}
    assert {value: candidates[0] for value, candidates in asked.items()} == odd


def test_two_phone_numbers_in_a_cell_are_asked_about():
    cells, result = column("手机号码", f"{MOBILES[0]}/{MOBILES[1]}", before=MOBILES)
    assert cells == [f"{MOBILES[0]}/{MOBILES[1]}"]
    assert [one.candidates for one in result.doubts] == [(MOBILES[0], MOBILES[1])]


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        # postal codes of two lengths, numbers of contractors, and of two systems
        ("Zip", [f"0{2100 + n}" if n % 9 else f"0{2100 + n}-4301" for n in range(45)]),
        ("Badge ID", [one if n % 9 else f"A{one}" for n, one in enumerate(NUMBERS)]),
        ("Ticket ID", [f"{n}-{n * 7 % 90 + 10}" for n in range(1, 46)]),
    ],
)
def test_what_belongs_to_identifiers_stays(heading, rows):
    cells, result = column(heading, *rows)
    assert cells == rows
    assert not result.doubts


def test_words_written_together_become_the_others_and_not_these():
    words = ["Active", "Voluntarily Terminated", "Leave of Absence"] * 9
    cells, _result = column("Status", *["Terminated for Cause"] * 3, *["TerminatedforCause"] * 4, before=words)
    assert set(cells) == {"Terminated for Cause"}
    written = ["TravelRarely", "TravelFrequently", "NonTravel"] * 9
    assert column("Travel", "Travel Rarely", before=written)[0] == ["TravelRarely"]


def test_slips_in_genders_and_numbers_among_names_are_asked_about_however_many():
    _cells, result = column("Gender", *["Femlae", "Mael"] * 5, before=["Female", "Male"] * 20)
    assert {one.value: one.candidates[0] for one in result.doubts} == {"Femlae": "Female", "Mael": "Male"}
    names = [f"Ann {chr(65 + n % 26)}{chr(97 + n % 20)}th" for n in range(40)]
    _cells, result = column("Employee name", "9676", "7333", "1204", "5566", before=names)
    assert [one.value for one in result.doubts] == ["9676", "7333", "1204", "5566"]


def test_a_letter_in_a_number_is_no_word_of_its_column():
    _cells, result = column("Regular Hours", *["l820.5"] * 4, before=[str(1500 + n) for n in range(30)])
    assert {one.value for one in result.doubts} == {"l820.5"}


def test_places_in_capitals_among_others_are_asked_about():
    places = [f"Port {chr(65 + n % 26)}{'aeiou'[n % 5]}lgreg{'abc'[n % 3]}" for n in range(40)]
    _cells, result = column("Location", "PORT GREGO", "SWISU", before=places)
    assert [(one.value, one.candidates[0]) for one in result.doubts] == [("PORT GREGO", "Port Grego")]
