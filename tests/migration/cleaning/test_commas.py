"""A comma before three digits: the cells of a column decide together, and one mistyped cell turns no other."""

from __future__ import annotations

import random

import pytest

from tests.migration.cleaning.tables import asked, column, table

AMOUNTS = [40_000 + 1_037 * n for n in range(30)]
WRITTEN = [f"${one:,}" for one in AMOUNTS]


@pytest.mark.parametrize(
    ("slip", "candidates"),
    [
        ("$7,1500", ("71500", "7150", "7.1500")),
        ("$71,50", ("71500", "7150", "71.50")), ("$71,5", ("71500", "715", "71.5")),
        ("-$7,1500", ("-71500", "-7150", "-7.1500")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("more", [[], ["$71,500.00"], ["$1,071,500"]])
@pytest.mark.parametrize("heading", ["Annual Salary", "Budget"])
def test_one_mistyped_amount_is_asked_about_and_turns_no_other(slip, candidates, more, heading):
    cells, result = column(heading, *more, slip, before=WRITTEN)
    assert cells[-1] == slip
    assert [(one.value, one.candidates) for one in result.doubts if one.rule == "numbers"] == [(slip, candidates)]
    every, _result = column(heading, *WRITTEN, slip)
    assert every[:-1] == [str(one) for one in AMOUNTS]


def test_measures_with_decimal_commas_stay_measures():
    """Zeros at the end are left out: one of ten has fewer than three digits."""
    numbers = [f"{n}.{random.Random(n).randint(1, 999):03d}".rstrip("0") for n in range(1, 200)]
    cells, result = column("Index", *[one.replace(".", ",") for one in numbers])
    assert cells == numbers
    assert not result.doubts


def test_an_amount_with_three_digits_behind_a_decimal_comma_is_asked_about():
    cells, result = column("Bonus", "1,5", "12,34", "300", "1,200")
    assert cells == ["1.5", "12.34", "300", "1,200"]
    (doubt,) = result.doubts
    assert doubt.candidates == ("1200", "1.200")


def test_points_of_thousands_among_amounts_of_ten_thousands_are_asked_about():
    cells, result = column("Salary", "8.500", before=["12,500", "9,800", "12 000", "12,000.00", "11300", "10400"])
    assert cells == ["8.500"]
    assert [one.candidates for one in result.doubts] == [("8500", "8.500")]


def test_other_columns_tell_what_a_comma_is_where_its_own_cannot():
    rows = [[f"P{n}", f"{n},{n % 9 + 1}", f"{150 + n},{(n * 37) % 900 + 100}", str(n)] for n in range(1, 30)]
    columns, result = table(["Employee ID", "Weight", "Length", "Rank"], *rows)
    assert columns["Length"] == [row[2].replace(",", ".") for row in rows]
    assert not result.doubts
    # whichever comes first
    columns, _result = table(["Employee ID", "Length", "Weight"], *[[one[0], one[2], one[1]] for one in rows])
    assert columns["Length"] == [row[2].replace(",", ".") for row in rows]
    # a single slip in another column is no sign
    rows = [[f"P{n}", "71,50" if n == 3 else str(n), f"{150 + n},{(n * 37) % 900 + 100}"] for n in range(1, 30)]
    columns, _result = table(["Employee ID", "Weight", "Length"], *rows)
    assert columns["Length"] == [row[2].replace(",", "") for row in rows]


def test_a_percentage_among_amounts_is_asked_about():
    cells, result = column("Bonus", "10%", before=["1200", "900", "1500", "700", "1100", "800"])
    assert cells == ["10%"]
    assert asked(result, "numbers") == [(8, "Bonus", "10%")]


def test_amounts_as_cheques_write_them():
    cells, result = column("基本工资", "壹万贰仟", "贰拾伍万叁仟", before=["12000", "9800", "15000"])
    assert cells == ["12000", "253000"]
    assert not result.doubts
