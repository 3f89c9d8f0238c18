"""What a column of dates shows of its cells: which part comes first, which calendar its years are of."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from tests.migration.cleaning.tables import column, table


def days(count, *, first=dt.date(2000, 1, 1), last=dt.date(2024, 12, 31), seed=7):
    numbers = random.Random(seed)
    return [first + dt.timedelta(numbers.randrange((last - first).days)) for _ in range(count)]


MINGUO = [f"{day.year - 1911}/{day.month:02d}/{day.day:02d}" for day in days(60)]
ISO = [day.isoformat() for day in days(60)]


def test_one_day_first_among_hundreds_of_month_first_is_one_doubt():
    some = days(398)
    cells, result = column("Hire date", *[f"{day.month}/{day.day}/{day.year}" for day in some], "25/12/2022")
    assert cells[:-1] == [day.isoformat() for day in some]
    assert [(one.value, one.candidates) for one in result.doubts] == [("25/12/2022", ("2022-12-25",))]


def test_a_column_with_many_of_both_orders_is_asked_about():
    some = days(200)
    mixed = [f"{day.day}/{day.month}/{day.year}" for day in some[:20]]
    mixed += [f"{day.month}/{day.day}/{day.year}" for day in some[20:]]
    cells, result = column("Hire date", *mixed)
    asked = {one.value: one.candidates for one in result.doubts}
    for before, after, day in zip(mixed, cells, some, strict=True):
        assert after == day.isoformat() or day.isoformat() in asked[before]


@pytest.mark.parametrize("heading", ["到職日", "入职日期", "民國日期"])
def test_years_of_the_republic_of_china_are_read_in_a_chinese_table(heading):
    columns, result = table(["工號", "姓名", heading], *[[f"E{n:03d}", f"王{n}", one] for n, one in enumerate(MINGUO)])
    assert columns[heading] == ISO
    assert not result.doubts


@pytest.mark.parametrize("form", ["{year}年{month}月{day}日", "{year:03d}{month:02d}{day:02d}", "{year}.{month}.{day}"])
def test_so_are_they_in_other_forms(form):
    cells = [form.format(year=day.year - 1911, month=day.month, day=day.day) for day in days(60)]
    assert column("到職日", *cells)[0] == ISO
    if cells[0].isdigit():
        assert column("到職日", *map(int, cells))[0] == ISO


def test_births_before_the_hundredth_year_are_told_by_the_column_beside():
    born = days(60, first=dt.date(1960, 1, 1), last=dt.date(1979, 12, 31))
    rows = [
        [f"E{n:03d}", f"{day.year - 1911}/{day.month:02d}/{day.day:02d}", hired]
        for n, (day, hired) in enumerate(zip(born, MINGUO, strict=True))
    ]
    columns, result = table(["工號", "出生日期", "到職日"], *rows)
    assert columns["出生日期"] == [day.isoformat() for day in born]
    assert not result.doubts


def test_elsewhere_they_are_asked_about_with_one_answer_for_all():
    cells, result = column("Hire date", *MINGUO)
    assert cells == MINGUO
    assert [one.candidates[0] for one in result.doubts] == ISO
    assert {one.rule for one in result.doubts} == {"dates"}


def test_years_of_two_digits_alone_are_of_the_usual_calendar():
    cells = column("入职日期", "92年5月3日", "23年12月5日", "05年1月31日")[0]
    assert cells == ["1992-05-03", "2023-12-05", "2005-01-31"]


def test_a_day_that_does_not_exist_shows_no_order():
    some = [f"{day.day:02d}/{day.month:02d}/{day:%y}" for day in days(60)]
    cells, result = column("Exit date", *some, "31/06/23")
    assert cells[:-1] == ISO
    assert [(one.value, "2023-06-30" in one.candidates) for one in result.doubts] == [("31/06/23", True)]


HIRES = days(80, seed=11)


@pytest.mark.parametrize(
    "form",
    [
        "%y%m%d", "%d%m%y", "%d%m%Y", "%m%d%Y", "%Y%m%d", "%d %m %Y", "%d/%m/'%y", "%d %b '%y", "%Y-%d-%m", "%Y-%j",
        "%b %d,%Y", "%Y_%m_%d", "%Y–%m–%d", "%Y|%m|%d", "%Y. %m. %d.", "'%Y-%m-%d", "(%Y-%m-%d)",
        "%d-%b-%y 12.00.00.000000000 AM", "%d%b%Y:00:00:00", "%Y%m%dT000000Z", "%Y%m%d000000",
        "%a %b %d 00:00:00 UTC %Y", "%a %b %d %Y 00:00:00 GMT+0800 (China Standard Time)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_number", [False, True])
def test_a_whole_column_of_a_form_is_read(form, as_number):
    cells = [day.strftime(form) for day in HIRES]
    if as_number and cells[0].isdigit():
        # a spreadsheet takes the zeros in front
        cells = [int(one) for one in cells]
    after, result = column("Hire date", *cells)
    assert after == [day.isoformat() for day in HIRES]
    assert not result.doubts


@pytest.mark.parametrize("unit", [1, 1000])
def test_moments_are_days_where_all_are_midnight(unit):
    born = days(80, first=dt.date(1955, 1, 1), last=dt.date(2000, 12, 31))
    moments = [(day - dt.date(1970, 1, 1)).days * 86_400 * unit for day in born]
    assert column("Birth date", *moments)[0] == [day.isoformat() for day in born]
    # midnight in Shanghai
    cells, result = column("Birth date", *[one - 8 * 3600 * unit for one in moments])
    assert [one.candidates[0] for one in result.doubts] == [day.isoformat() for day in born]
    assert len(cells) == 80


def test_numbers_of_six_digits_are_dates_by_their_heading_alone():
    cells = [day.strftime("%y%m%d") for day in HIRES]
    assert column("Badge", *cells)[0] == cells


def test_a_lone_date_of_digits_is_asked_about():
    cells, result = column("Hire date", "230503", before=ISO)
    assert cells == ["230503"]
    assert "2023-05-03" in result.doubts[0].candidates


def test_days_exchanged_in_a_part_of_the_column_are_asked_about():
    cells = [day.strftime("%Y-%d-%m") if place % 10 == 0 else day.isoformat() for place, day in enumerate(HIRES)]
    after, result = column("Hire date", *cells)
    asked = {one.value: one.candidates for one in result.doubts}
    for before, now, day in zip(cells, after, HIRES, strict=True):
        assert now == day.isoformat() or day.isoformat() in asked[before]


@pytest.mark.parametrize(
    ("cell", "after"),
    [
        ("3/25/2023 12:00:00 AM", "2023-03-25"),
        ("2023-03-25T00:00:00+08:00", "2023-03-25"),
        ("Mar 25 2023 12:00AM", "2023-03-25"),
        ("2023-03-25 2:30 PM", "2023-03-25 14:30"),
        ("2023年3月25日 下午2时30分", "2023-03-25 14:30"),
        ("2023-03-25 12:15 am", "2023-03-25 00:15"),
        ("45010.75", "2023-03-25 18:00:00"),
    ],
)
def test_times_are_of_24_hours_and_midnight_is_none(cell, after):
    assert column("Review date", cell, before=ISO)[0] == [after]


def test_midnight_is_a_time_where_the_column_has_times():
    usual = [f"2024-01-{n % 28 + 1:02d} {7 + n % 11:02d}:{n:02d}" for n in range(40)]
    written, result = column("Checked in", *usual, "2024-01-14 00:00", "2024-01-15")
    assert written == [*usual, "2024-01-14 00:00", "2024-01-15"]
    assert not result.doubts


@pytest.mark.parametrize("serials", [2, 5, 7])
def test_days_and_serial_numbers_are_days_whatever_the_heading(serials):
    days = [dt.date(2024, 1, 5) + dt.timedelta(days=11 * n) for n in range(50)]
    written = [
        str((day - dt.date(1899, 12, 30)).days) if n % 10 < serials else f"{day:%d-%b-%y}" for n, day in enumerate(days)
    ]
    cells, result = column("Certificate valid", *written)
    assert cells == [day.isoformat() for day in days]
    assert not result.doubts
