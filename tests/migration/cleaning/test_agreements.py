"""What two columns of a row say of the same thing goes together, or both are asked about."""

from __future__ import annotations

import datetime as dt

import pytest

from migration.cleaning.id_numbers import check_digit, of_today
from tests.migration.cleaning.tables import asked, table

STAFF = ["Employee ID", "Date of birth", "Age", "Team"]
#: day on which the ages below were counted
COUNTED = dt.date(2024, 9, 1)


def _age(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _persons(count=40):
    births = [dt.date(1965, 3, 1) + dt.timedelta(days=311 * number) for number in range(count)]
    return [[f"E{n:03d}", one.isoformat(), str(_age(one, COUNTED)), "Blue"] for n, one in enumerate(births)]


def _doubt(result, row, column):
    return next(one for one in result.doubts if (one.row, one.column) == (row, column))


def test_an_age_that_the_birth_date_contradicts_is_asked_with_both_ways_out():
    rows = _persons()
    was = rows[7][2]
    rows[7][2] = str(int(was) + 11)
    _columns, result = table(STAFF, *rows)
    assert asked(result) == [(9, "Age", rows[7][2]), (9, "Date of birth", rows[7][1])]
    assert _doubt(result, 9, "Age").candidates == (was, rows[7][2])
    earlier = dt.date.fromisoformat(rows[7][1])
    assert _doubt(result, 9, "Date of birth").candidates[0] == earlier.replace(year=earlier.year - 11).isoformat()


def test_ages_may_be_those_of_another_day_or_of_the_year():
    rows = _persons()
    assert not table(STAFF, *rows)[1].doubts
    for row in rows:
        row[2] = str(COUNTED.year - int(row[1][:4]))
    assert not table(STAFF, *rows)[1].doubts
    # counted on the day of each application
    rows = [[*row, (COUNTED - dt.timedelta(days=180 * n)).isoformat()] for n, row in enumerate(rows)]
    for row in rows:
        row[2] = str(_age(dt.date.fromisoformat(row[1]), dt.date.fromisoformat(row[4])))
    assert not table([*STAFF, "Application date"], *rows)[1].doubts
    rows[30][2] = str(int(rows[30][2]) + 9)
    assert (32, "Age", rows[30][2]) in asked(table([*STAFF, "Application date"], *rows)[1])


def test_ages_that_have_nothing_to_do_with_the_births_stay():
    rows = [[*row[:2], str(20 + 17 * n % 43), row[3]] for n, row in enumerate(_persons())]
    assert not table(STAFF, *rows)[1].doubts


COURSES = ["Employee ID", "Course", "Score", "Outcome"]


def _results(passed="Pass", failed="Fail"):
    scores = [40 + 7 * number % 61 for number in range(60)]
    return [[f"E{n:03d}", "Safety", str(one), passed if one >= 60 else failed] for n, one in enumerate(scores)]


@pytest.mark.parametrize("words", [("Pass", "Fail"), ("Passed", "Failed"), ("合格", "不合格"), ("Yes", "No")])
def test_failed_in_spite_of_a_good_score_is_asked(words):
    rows = _results(*words)
    at = next(n for n, row in enumerate(rows) if row[2] == "88")
    rows[at][3] = words[1]
    _columns, result = table(COURSES, *rows)
    assert asked(result, "outcomes") == [(at + 2, "Outcome", words[1]), (at + 2, "Score", "88")]
    assert _doubt(result, at + 2, "Outcome").candidates == words


def test_outcomes_stay_where_a_limit_tells_them_and_where_none_does():
    assert not table(COURSES, *_results())[1].doubts
    rows = [[*row[:3], "Pass" if n % 3 else "Fail"] for n, row in enumerate(_results())]
    assert not table(COURSES, *rows)[1].doubts
    # hardly anybody fails, whatever the score
    rows = [[*row[:3], "Fail" if n in (3, 31) else "Pass"] for n, row in enumerate(_results())]
    assert not table(COURSES, *rows)[1].doubts


LEAVERS = ["员工ID", "员工姓名", "员工状态", "员工入职时间", "员工离职时间"]


def _leavers():
    return [
        [f"{1000 + n}", f"王{'安博成东恩凡刚华建凯'[n % 10]}{'一二三四五六'[n % 6]}", "离职" if n % 4 == 0 else "在职",
         f"2015-0{n % 9 + 1}-11", f"2020-0{n % 9 + 1}-2{n % 8}" if n % 4 == 0 else ""]
        for n in range(60)
    ]  # fmt: skip


def test_who_left_without_an_exit_date_is_asked():
    rows = _leavers()
    assert not table(LEAVERS, *rows)[1].doubts
    rows[8][4] = ""
    _columns, result = table(LEAVERS, *rows)
    assert asked(result) == [(10, "员工离职时间", ""), (10, "员工状态", "离职")]
    assert _doubt(result, 10, "员工状态").candidates == ("离职", "在职")


def test_whose_it_is_may_stand_before_what_it_is():
    rows = _leavers()
    rows[8][2] = "在职"
    rows[12][4] = "2014-02-03"
    found = asked(table(LEAVERS, *rows)[1])
    assert {(10, "员工状态", "在职"), (14, "员工离职时间", "2014-02-03")} <= set(found)


def test_words_of_those_who_stay_need_no_exit_date():
    rows = [["On leave" if n % 5 == 0 else "Active", ""] for n in range(40)]
    rows += [["Terminated", "2020-03-04"], ["Terminated", "2021-05-06"], ["Terminated", "2019-05-06"]]
    headings = ["Employee ID", "Hire date", "Employment status", "Exit date"]
    rows = [[f"E{n}", "2010-01-02", *row] for n, row in enumerate(rows, 100)]
    assert not table(headings, *rows)[1].doubts


def test_an_id_number_as_until_1999_is_asked_with_its_18_digits():
    births = [dt.date(1970, 1, 1) + dt.timedelta(days=97 * n) for n in range(40)]
    numbers = [f"110101{one:%Y%m%d}{n:03d}" for n, one in enumerate(births)]
    rows = [[f"E{n}", f"{one}{check_digit(one)}", "x"] for n, one in enumerate(numbers)]
    assert not table(["工号", "身份证号", "备注"], *rows)[1].doubts
    for at in (3, 17, 25):
        rows[at][1] = numbers[at][:6] + numbers[at][8:]
    _columns, result = table(["工号", "身份证号", "备注"], *rows)
    assert [one.row for one in result.doubts] == [5, 19, 27]
    assert [one.candidates[0] for one in result.doubts] == [
        numbers[at] + check_digit(numbers[at]) for at in (3, 17, 25)
    ]
    assert of_today("110101991301001") == ""


def test_phones_with_a_digit_too_many_are_asked_also_those_that_begin_with_1():
    phones = [[f"E{n}", f"138{n * 7919 % 10**8:08d}"] for n in range(60)]
    phones[20][1] = "177264445511"
    assert asked(table(["工号", "手机号码"], *phones)[1]) == [(22, "手机号码", "177264445511")]


def test_who_was_hired_as_a_child_is_asked_unless_many_were():
    headings = ["id", "first_name", "birthdate", "hire_date"]
    rows = [[f"00-{n:07d}", f"Name{'abcdefgh'[n % 8]}", f"{1970 + n % 20}-02-03", "2012-05-06"] for n in range(60)]
    rows[4][2] = "2004-02-03"
    assert {row for row, _column, _value in asked(table(headings, *rows)[1])} == {6}
    for row in rows[10:20]:
        row[2] = "2003-07-08"
    _columns, result = table(headings, *rows)
    assert not result.doubts
    assert "hire_date" in str(result.notes[0])


def test_active_beside_an_exit_date_in_doubt_is_asked_too():
    rows = _leavers()
    rows[8][2], rows[8][4] = "在职", "########"
    assert {(10, "员工状态"), (10, "员工离职时间")} <= {
        (row, name) for row, name, _value in asked(table(LEAVERS, *rows)[1])
    }


def test_a_birth_that_can_be_read_both_ways_stays_where_the_id_number_says_which():
    births = [dt.date(1970, 1, 3) + dt.timedelta(days=173 * n) for n in range(60)]
    numbers = [f"110101{one:%Y%m%d}{n:03d}" for n, one in enumerate(births)]
    rows = [[f"E{n}", one + check_digit(one), births[n].isoformat()] for n, one in enumerate(numbers)]
    large = [n for n, day in enumerate(births) if day.day > 12][:6]
    small = next(n for n, day in enumerate(births) if day.day <= 12 and day.day != day.month)
    for n in (*large, small):
        rows[n][2] = f"{births[n]:%Y-%d-%m}"
    doubts = table(["工号", "身份证号", "出生日期"], *rows)[1].doubts
    assert sorted({one.row - 2 for one in doubts}) == sorted([*large, small])
    assert all(one.candidates[0] == births[one.row - 2].isoformat() for one in doubts)
