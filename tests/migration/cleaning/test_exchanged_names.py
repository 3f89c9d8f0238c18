"""First and last name in each other's column: what other rows, addresses, full names and usual names show."""

from __future__ import annotations

import pytest

from migration.cleaning.work import Hints
from migration.services.cleansing import clean_files
from tests.migration.cleaning.tables import asked, table
from tests.migration.files import csv_file

FIRST = ["Sophie", "Uwe", "Ute", "Lars", "Jonas", "Emma"]
LAST = ["Bauer", "Wolf", "Schmidt", "Koch", "Weber", "Vogel", "Krause"]
PEOPLE = [(FIRST[n % 6], LAST[n % 7]) for n in range(60)]


def names(people, headings=("First name", "Last name"), hints=None):
    return table(["Employee ID", *headings], *[[f"E{n}", *pair] for n, pair in enumerate(people)], hints=hints)


@pytest.mark.parametrize("exchanged", [[7], [7, 49], range(3, 60, 11)])
def test_each_row_is_asked_about_however_often_its_names_come(exchanged):
    people = [pair[::-1] if n in exchanged else pair for n, pair in enumerate(PEOPLE)]
    _columns, result = names(people)
    assert [(one.row, one.candidates[0]) for one in result.doubts] == [
        (n + 2, name) for n in exchanged for name in PEOPLE[n]
    ]


def test_names_that_come_once_are_known_as_first_or_last_names():
    people = [(f"Ar{chr(97 + n)}o", f"Be{chr(97 + n)}e") for n in range(20)]
    _columns, result = names([*people, ("Abbott", "Jason"), ("Robinson", "Mary"), ("Thomas", "Kelly")])
    assert asked(result, "exchanged_names") == [
        (22, "First name", "Abbott"), (22, "Last name", "Jason"),
        (23, "First name", "Robinson"), (23, "Last name", "Mary"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "made"),
    [
        ("Work email", lambda first, last: f"{first}.{last}@example.com".lower()),
        ("Work email", lambda first, last: f"{first[0]}{last}@example.com".lower()),
        ("Full name", lambda first, last: f"{last}, {first}"),
    ],
)
def test_an_address_or_the_full_name_puts_names_back(heading, made):
    people = [(f"Ar{chr(97 + n)}o", f"Be{chr(97 + n)}e") for n in range(24)]
    rows = [[f"E{n}", *(pair[::-1] if n in (5, 17) else pair), made(*pair)] for n, pair in enumerate(people)]
    columns, result = table(["Employee ID", "First name", "Last name", heading], *rows)
    assert [*zip(columns["First name"], columns["Last name"], strict=True)] == people
    assert [one.rule for one in result.changes if one.column == "First name"] == ["exchanged_names"] * 2
    assert not result.doubts


def test_a_name_made_of_both_is_made_anew():
    people = [(f"Ar{chr(97 + n)}o", f"Be{chr(97 + n)}e") for n in range(24)]
    rows = [
        [f"{n:04d}", *(pair[::-1] if n == 5 else pair), f"{pair[0]}.{pair[1]}@example.com".lower()]
        for n, pair in enumerate(people)
    ]
    data = csv_file([["Employee ID", "First name", "Last name", "Email"], *rows])
    (found,) = clean_files([("a.csv", data)], kind="employees")
    place = found.cleaned.headings.index("name")
    assert [cells[place] for _row, cells in found.cleaned.rows] == [f"{first} {last}" for first, last in people]


def test_an_answer_puts_both_back():
    people = [pair[::-1] if n == 7 else pair for n, pair in enumerate(PEOPLE)]
    hints = Hints(answers={("exchanged_names", "*", "*"): "first"})
    columns, result = names(people, hints=hints)
    assert [*zip(columns["First name"], columns["Last name"], strict=True)] == PEOPLE
    assert not result.doubts


def test_addresses_that_say_otherwise_are_believed():
    """Brennan Jefferson, of brennan.jefferson@, is no Jefferson Brennan."""
    people = [(f"Ar{chr(97 + n)}o", f"Be{chr(97 + n)}e") for n in range(24)] + [("Mitchell", "Mary")]
    rows = [[f"E{n}", *pair, f"{pair[0]}.{pair[1]}@example.com".lower()] for n, pair in enumerate(people)]
    columns, result = table(["Employee ID", "First name", "Last name", "Email"], *rows)
    assert columns["First name"][-1] == "Mitchell"
    assert not result.doubts


def test_a_status_that_nobody_keeps_is_a_note():
    rows = [[f"E{n}", "Active", "2020-01-01" if n % 3 == 0 else ""] for n in range(30)]
    rows += [[f"F{n}", "Terminated", "2020-02-01"] for n in range(5)]
    result = table(["Employee ID", "Employment status", "Termination date"], *rows)[1]
    assert not result.doubts
    assert any("10 of 30" in str(note) for note in result.notes)
