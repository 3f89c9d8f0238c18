"""What a doubt offers holds the truth; what the column shows is no doubt."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column, table

PERSONS = ["Employee ID", "Name", "Hire date", "Birth date", "E-mail"]


def test_a_short_table_with_a_number_twice_is_asked_about():
    result = table(
        PERSONS,
        ["001", "Ann Lee", "2010-01-02", "1980-01-01", "ann@x.com"],
        ["001", "Ann Lee", "2010-01-02", "1980-01-01", "ann@x.com"],
        ["001", "Ann Lee", "2010-01-03", "1980-01-01", "ann@x.com"],
        ["003", "Bob Roy", "2011-05-05", "1979-05-05", "bob@x.com"],
        ["1", "Ann Leee", "2010-01-02", "1980-01-01", "ann@x.com"],
        ["004", "Cy Dow", "2012-05-05", "1981-05-05", "cy@x.com"],
    )[1]
    assert [one.row for one in result.dropped] == [3]
    assert {(one.row, one.column, one.candidates) for one in result.doubts} == {
        (2, "Hire date", ("2010-01-02", "2010-01-03")), (4, "Hire date", ("2010-01-02", "2010-01-03")),
        (2, "Name", ("Ann Lee", "Ann Leee")), (6, "Name", ("Ann Lee", "Ann Leee")),
    }  # fmt: skip


def test_positions_of_a_person_are_no_contradiction():
    rows = [[f"E{n // 2}", f"Job {n}", f"20{10 + n}-01-01", f"20{11 + n}-01-01"] for n in range(8)]
    assert not table(["Employee ID", "Position", "Start date", "End date"], *rows)[1].doubts


@pytest.mark.parametrize(
    ("words", "offered"), [(("男", "女"), "女"), (("Male", "Female"), "Female"), (("M", "F"), "F")]
)
def test_the_gender_that_the_id_number_says_is_offered_in_the_words_of_the_column(words, offered):
    rows = [[str(1000 + n), "330106199202290087", words[1]] for n in range(3)]
    rows.append(["2000", "330106199202290087", words[0]])
    result = table(["Employee ID", "ID number", "Gender"], *rows)[1]
    told = [one for one in result.doubts if one.column == "Gender"]
    assert [(one.value, one.candidates) for one in told] == [(words[0], (offered, words[0]))]


def test_a_wrong_check_digit_is_offered_mended():
    result = column("ID number", "31010419900307124X", before=["330106199202290087"] * 3)[1]
    # by hand: the weighted sum of 31010419900307124 is 202, 4 more than 18 times 11; its sign is 8
    assert [one.candidates for one in result.doubts] == [("310104199003071248", "31010419900307124X")]


def test_days_that_do_not_exist_are_those_beside():
    usual = ["2020-02-01", "2020-05-05", "2020-07-31"]
    for cell, candidates in {
        "2020-02-30": ("2020-02-29", "2020-03-01", "2020-02-03"),
        "2020-12-32": ("2020-12-31", "2021-01-01", "2020-12-23"),
        "2020-04-31": ("2020-04-30", "2020-05-01", "2020-04-13"),
    }.items():
        assert [one.candidates for one in column("Hire date", cell, before=usual)[1].doubts] == [candidates]


def test_a_date_with_a_short_year_shows_the_order_of_those_with_long_ones():
    cells, result = column("Geburtsdatum", "03.04.1980", "12.11.1985", "31.12.79")
    assert cells == ["1980-04-03", "1985-11-12", "1979-12-31"]
    assert not result.doubts
    assert asked(column("Hire date", "03.04.2010", "12.11.2015", "01.02.19")[1])


def test_the_status_of_others_who_left_is_offered():
    rows = [[f"E{n}", "Active", ""] for n in range(20)]
    rows += [[f"F{n}", "Voluntarily Terminated", "2020-01-01"] for n in range(3)]
    rows += [["G1", "Terminated for Cause", "2020-01-01"], ["H1", "Active", "2019-01-01"]]
    result = table(["Employee ID", "Employment status", "Termination date"], *rows)[1]
    assert [one.candidates for one in result.doubts if one.column == "Employment status"] == [
        ("Voluntarily Terminated", "Terminated for Cause")
    ]


def test_whole_numbers_are_written_as_most_of_the_column():
    assert column("Score", "95.0", before=["88", "77", "95"])[0] == ["95"]
    assert column("Salary", "1300", before=["1250.00", "990.50", "880.00"])[0] == ["1300.00"]
    # all alike
    assert column("Score", "95.0", "88.5", "71.0")[0] == ["95.0", "88.5", "71.0"]


def test_the_same_number_written_in_two_ways_is_no_contradiction():
    headings = ["Employee ID", "Course", "Completed on", "Hours", "Score"]
    rows = [[f"{n:04d}", "Fire", "2023-05-01", "2", "9" + str(n)] for n in range(6)]
    result = table(headings, *rows, ["0003", "Fire", "2023-05-01", "2.0", "93.0"])[1]
    assert [(one.row, one.column, one.rule) for one in result.doubts] == [(8, "", "duplicates")]


def test_ranges_that_became_whole_days_or_their_numbers():
    usual = ["1-2", "3-4", "5-6", "7-8", "9-10"]
    cells, result = column("Band", "2023-03-04", "Jan-02", "44990", before=usual)
    assert cells == ["3-4", "1-2", "44990"]
    assert [(one.value, one.candidates) for one in result.doubts] == [("44990", ("3-5", "5-3", "3/5", "5/3"))]
    # a size that stands beside a range of thousands
    assert not column("Staff", "50000", before=["1-2000", "2001-10000", "10001-49999"])[1].doubts


def test_long_postal_codes_get_their_zero_back_as_short_ones_do():
    assert column("Zip", "2139", "2139-4301", "78207-1234", before=["02134", "01960", "78207"])[0] == [
        "02139", "02139-4301", "78207-1234",
    ]  # fmt: skip
