"""Dirt of whole rows, persons who are there twice, contradictions, and answers."""

# ruff: noqa: E501 - tables read as rows

from __future__ import annotations

import datetime as dt

import pytest

from migration.cleaning import RULES, Hints, clean, find_table, read_decisions
from migration.cleaning.id_numbers import check_digit
from tests.migration.cleaning.dirt import TODAY
from tests.migration.cleaning.tables import asked, column, table

STAFF = ["Employee ID", "Name", "Hire date", "Department", "Salary"]
PEOPLE = [
    [f"E{1000 + n}", f"{first} {last}", f"20{10 + n % 10}-{1 + n % 12:02d}-{13 + n % 15}", ("Sales", "Finance")[n % 2], str(5000 + n * 37)]
    for n, (first, last) in enumerate((first, last) for first in ("Ann", "Bo", "Cy", "Di") for last in ("Lee", "Fox", "Ray", "Day", "Poe"))
]  # fmt: skip


def test_furniture_is_left_out():
    rows = [
        *PEOPLE[:5],
        STAFF,
        ["", "", "", "", ""],
        *PEOPLE[5:],
        ["Total", "", "", "", "99999"],
        ["小计", "", "", "", "1"],
    ]
    columns, result = table(STAFF, *rows, ["Note: exported by HR", "", "", "", ""])
    assert columns["Employee ID"] == [row[0] for row in PEOPLE]
    assert {one.rule for one in result.dropped} >= {"repeated_headings", "totals", "notes"}


def test_exact_duplicates_are_left_out_and_stated():
    columns, result = table(STAFF, *PEOPLE, PEOPLE[3], [f" {cell}" for cell in PEOPLE[4]])
    assert len(columns["Name"]) == len(PEOPLE)
    assert [(one.row, one.rule, one.reason.values) for one in result.dropped] == [
        (22, "duplicates", {"row": 5}), (23, "duplicates", {"row": 6}),
    ]  # fmt: skip


def test_duplicates_without_a_key_are_asked():
    _columns, result = table(
        ["Course", "Score", "Day"],
        *[["Excel", str(60 + n), f"2023-05-{n + 1:02d}"] for n in range(20)],
        ["Excel", "63", "2023-05-04"],
    )
    assert asked(result, "duplicates") == [(22, "", "22")]
    answered = read_decisions("decisions:\n- {rule: duplicates, answer: drop}")
    _columns, result = table(
        ["Course", "Score"], *[["Excel", str(60 + n)] for n in range(20)], ["Excel", "63"], hints=answered
    )
    assert (len(result.rows), result.doubts) == (20, [])


@pytest.mark.parametrize("place", [1, 2, 3])
def test_rows_that_slipped_to_the_right(place):
    slipped = [*PEOPLE[7][:place], "", *PEOPLE[7][place:]]
    columns, result = table(STAFF, *PEOPLE[:7], slipped, *PEOPLE[8:])
    assert [columns[name][7] for name in STAFF] == PEOPLE[7]
    assert not result.doubts


def test_a_day_that_does_not_exist_makes_no_row_slip():
    heads = ["Employee ID", "Name", "Gender", "Hire date", "E-mail", "Department", "Head"]
    people = [
        [f"E{n}", f"{row[1]} {'I' * (n // 20)}", "FM"[n % 2], dt.date(2015, 1 + n % 12, 13 + n % 15), f"e{n}@a.example", row[3], "no"]
        for n, row in enumerate(PEOPLE * 3)
    ]  # fmt: skip
    _columns, result = table(heads, *people, ["E99", "Kim Nodate", "", "2025-02-30", "", "Sales", "no"])
    assert asked(result) == [(62, "Hire date", "2025-02-30")]


def test_rows_that_slipped_to_the_left_lack_a_value():
    slipped = [PEOPLE[7][0], *PEOPLE[7][2:], ""]
    columns, result = table(STAFF, *PEOPLE[:7], slipped, *PEOPLE[8:])
    assert [columns[name][7] for name in STAFF] == [PEOPLE[7][0], "", *PEOPLE[7][2:]]
    assert asked(result) == [(9, "Name", "")]


def test_a_separator_inside_a_value():
    slipped = [PEOPLE[7][0], "Lee", " Ann", *PEOPLE[7][2:]]
    columns, _result = table(STAFF, *PEOPLE[:7], slipped, *PEOPLE[8:])
    assert columns["Name"][7] == "Lee, Ann"
    assert columns["Salary"][7] == PEOPLE[7][4]


def test_one_key_two_contents():
    other = [PEOPLE[3][0], PEOPLE[3][1], PEOPLE[3][2], PEOPLE[3][3], "1"]
    result = table(STAFF, *PEOPLE, other)[1]
    assert asked(result, "near_duplicates") == [(5, "Salary", PEOPLE[3][4]), (22, "Salary", "1")]
    stranger = [PEOPLE[3][0], "Zed Zeta", "2001-05-25", "Finance", "77"]
    assert asked(table(STAFF, *PEOPLE, stranger)[1], "near_duplicates") == [(22, "Employee ID", PEOPLE[3][0])]


def test_a_person_with_two_numbers():
    headings = ["Employee ID", "Name", "DOB"]
    rows = [[f"E{n}", f"Person {chr(65 + n)}", f"19{70 + n}-05-25"] for n in range(9)]
    result = table(headings, *rows, ["E99", "Person C", "1972-05-25"], ["E98", "Person C", "1981-01-30"])[1]
    assert asked(result, "near_duplicates") == [(11, "", "11")]


def _id_number(birth, sequence):
    body = f"110105{birth:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


def test_id_numbers():
    born = dt.date(1980, 5, 25)
    good = [[_id_number(born, 11), "1980-05-25", "男"], [_id_number(born, 22), "1980-05-25", "女"]] * 3
    rows = [[f"E{n}", *row] for n, row in enumerate(good)]
    odd = [
        ["E90", _id_number(born, 33), "1981-05-25", "男"],
        ["E91", _id_number(born, 44), "1980-05-25", "男"],
        ["E92", _id_number(born, 55)[:17] + ("1" if _id_number(born, 55)[17] != "1" else "2"), "1980-05-25", "男"],
        ["E93", "11010519800", "1980-05-25", "男"],
    ]
    result = table(["工号", "身份证号", "出生日期", "性别"], *rows, *odd)[1]
    assert [(row, name) for row, name, _value in asked(result, "id_numbers")] == [
        (8, "出生日期"), (9, "性别"), (10, "身份证号"), (11, "身份证号"),
    ]  # fmt: skip
    assert result.doubts[0].candidates == ("1980-05-25", "1981-05-25")


def test_days_in_the_wrong_order():
    headings = ["Employee ID", "DOB", "Hire date", "Exit date", "Training date", "Employee status"]
    good = [[f"E{n}", "1980-05-25", "2010-01-20", "", "2015-05-13", "Active"] for n in range(12)]
    odd = [
        ["E90", "1980-05-25", "2010-01-20", "2009-01-20", "2010-05-13", "Terminated"],
        ["E91", "2000-05-25", "2010-01-20", "", "2015-05-13", "Active"],
        ["E92", "1980-05-25", "2010-01-20", "", "2009-05-13", "Active"],
        ["E93", "1980-05-25", "2010-01-20", "2014-01-20", "2015-05-13", "Terminated"],
        ["E94", "1980-05-25", "2010-01-20", "2020-01-20", "2015-05-13", "Active"],
    ]
    result = table(headings, *good, *odd)[1]
    assert [(row, name) for row, name, _v in asked(result)] == [
        (14, "Exit date"), (14, "Hire date"), (15, "Hire date"), (15, "DOB"), (16, "Training date"), (17, "Training date"),
        (18, "Exit date"), (18, "Employee status"),
    ]  # fmt: skip


def test_nobody_is_their_own_manager():
    result = table(["Employee ID", "Manager ID"], *[[f"E{n}", f"E{n + 1}"] for n in range(9)], ["E20", "E20"])[1]
    assert asked(result) == [(11, "Manager ID", "E20")]


def test_every_rule_can_be_switched_off():
    for rule in RULES:
        layout = find_table(
            [
                (1, STAFF),
                *(
                    (n, list(row))
                    for n, row in enumerate([*PEOPLE, PEOPLE[0], ["#####", " x ", "1/2/20", "NA", "1,5"]], 2)
                ),
            ]
        )
        result = clean(layout, today=TODAY, hints=Hints(off=frozenset({rule})))
        assert rule not in {one.rule for one in (*result.changes, *result.doubts, *result.dropped)}


def test_one_answer_serves_all_alike():
    hints = read_decisions("decisions:\n- {rule: dates, column: Hire date, value: 03/04/2023, answer: 2023-04-03}")
    out, result = column("Hire date", "03/04/2023", "03/04/2023", "05/06/2022", hints=hints)
    assert out == ["2023-04-03", "2023-04-03", "05/06/2022"]
    assert len(result.doubts) == 1
    everything = read_decisions("decisions:\n- {rule: dates, answer: first}")
    assert column("Hire date", "03/04/2023", hints=everything)[0] == ["2023-04-03"]


EVENTS = ["Employee ID", "Name", "Activity", "Topic", "Date", "Hours", "Score"]


def events(*more):
    """Trainings of 20 persons, two of whom come twice."""
    days = [f"2024-03-{number + 1:02d}" for number in range(20)]
    rows = [
        [f"E{number:03d}", f"Ann {number}", "Course", "Safety", day, "2", str(60 + number)]
        for number, day in enumerate(days)
    ]
    rows += [
        ["E003", "Ann 3", "Course", "Excel", "2024-03-04", "4", "63"],
        ["E007", "Ann 7", "Webinar", "Safety", "2024-05-08", "2", "67"],
    ]
    return [*rows, *map(list, more)]


def test_a_person_with_several_trainings_is_nobody_twice():
    assert not table(EVENTS, *events())[1].doubts


def test_one_training_told_twice_with_another_score_is_asked():
    result = table(EVENTS, *events(["E005", "Ann 5", "Course", "Safety", "2024-03-06", "2", "99"]))[1]
    assert asked(result) == [(7, "Score", "65"), (24, "Score", "99")]
    assert result.doubts[0].candidates == ("65", "99")


def test_one_person_told_twice_in_a_list_of_staff_is_asked_all_the_same():
    """No column says of what event a row tells."""
    headings = ["Employee ID", "Name", "Department", "Hire date", "Salary", "Exam date"]
    rows = [
        [f"E{n:03d}", f"Ann Lee {n}", "Sales", f"2020-01-{n + 1:02d}", str(3000 + n), "2024-05-05"] for n in range(20)
    ]
    again = [*rows[4][:4], "9000", rows[4][5]]
    result = table(headings[:5], *[row[:5] for row in [*rows, again]])[1]
    assert asked(result, "near_duplicates") == [(6, "Salary", "3004"), (22, "Salary", "9000")]
