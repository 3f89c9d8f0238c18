"""Cells that stand out from their column are asked about; what a column is made of is not."""

from __future__ import annotations

from tests.migration.cleaning.tables import asked, column, table

STAFF = [f"E{number:05d}" for number in range(100, 140)]


def test_an_identifier_cut_short_is_asked():
    assert asked(table(["Staff ID", "Hobby"], *[[one, "x"] for one in [*STAFF, "E0012"]])[1]) == [
        (42, "Staff ID", "E0012")
    ]
    phones = [f"138{number:08d}" for number in range(40)]
    assert asked(column("手机", "1380000123", before=phones)[1]) == [(42, "手机", "1380000123")]


def test_numbers_that_grow_by_a_digit_are_no_cut_ones():
    for numbers in (range(9995, 10400), range(1, 300)):
        assert not table(["Staff ID", "Hobby"], *[[str(one), "x"] for one in numbers])[1].doubts


def test_numbers_among_words_and_words_among_numbers_are_asked():
    assert asked(column("Department", "500", before=["Sales", "Finance"] * 30)[1]) == [(62, "Department", "500")]
    assert asked(column("Name", "0.5", before=["Ann Lee", "Bo Fox"] * 30)[1]) == [(62, "Name", "0.5")]
    assert asked(column("Education", "abc", before=["1", "2", "3"] * 30)[1]) == [(92, "Education", "abc")]
    # both are what the column is written with
    assert not column("Grade", "1", "2", "3", before=["A", "B", "4"] * 10)[1].doubts


def test_answers_far_off_their_scale_are_asked_whatever_the_heading_is():
    usual = [str(number % 5 + 1) for number in range(60)]
    assert asked(column("Q3. I have the tools I need", "150", before=usual)[1]) == [
        (62, "Q3. I have the tools I need", "150")
    ]
    assert not column("Children", "11", before=usual)[1].doubts


def test_spellings_of_managers_and_towns():
    usual = ["Peter Monroe", "Amy Dunn"] * 30
    cells, result = column("Manager name", "peter monroe", "Peter_Monroe", "Peter Monore", before=usual)
    assert cells == ["Peter Monroe", "Peter Monroe", "Peter Monore"]
    assert asked(result) == [(64, "Manager name", "Peter Monore")]
    # other people's names resemble each other
    assert not column("Name", "Jon Fox", "John Fox", before=["Ann Lee", "Bo Fox"] * 30)[1].doubts
    assert column("Country", "PERU", before=["Peru", "Chad", "Mali"] * 3)[0] == ["Peru"]


def test_points_that_are_too_large_among_decimal_commas_are_asked():
    usual = ["13,94", "20,50", "17,25", "33,10", "25,00"]
    result = column("Hourly rate", "13.940", before=usual)[1]
    assert asked(result) == [(7, "Hourly rate", "13.940")]
    assert result.doubts[0].candidates == ("13940", "13.940")


def test_one_appraisal_told_twice_is_asked_whatever_day_it_was():
    headings = ["Employee ID", "Cycle", "KPI", "Rating", "Reviewed on"]
    rows = [[f"E{n:03d}", "2024", str(60 + n), "B", f"2024-12-{n + 1:02d}"] for n in range(20)]
    rows.append(["E004", "2024", "64", "A", "2025-01-05"])
    result = table(headings, *rows)[1]
    assert [(one.row, one.column) for one in result.doubts] == [
        (6, "Rating"), (6, "Reviewed on"), (22, "Rating"), (22, "Reviewed on"),
    ]  # fmt: skip
    rows[-1][1] = "2025"
    assert not table(headings, *rows)[1].doubts


def test_decimal_commas_that_begin_with_a_zero():
    assert column("City development index", "0,848", "0,92", before=["0,776", "0,5"])[0] == ["0.848", "0.92"]
