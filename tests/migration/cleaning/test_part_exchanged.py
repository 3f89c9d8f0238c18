"""A part of a column went through a spreadsheet that expects the other order: its mixture shows it."""

from __future__ import annotations

import datetime as dt

from tests.migration.cleaning.tables import asked, column, table

DAYS = [dt.date(2015, 1, 3) + dt.timedelta(days=37 * n) for n in range(80)]


def test_dates_with_days_up_to_12_alone_among_texts_are_asked_about():
    texts = [f"{day:%d/%m/%Y}" for day in DAYS]
    small = [n for n, day in enumerate(DAYS) if day.day <= 12 and day.day != day.month][:8]
    for n in small:
        texts[n] = DAYS[n].replace(month=DAYS[n].day, day=DAYS[n].month).isoformat()
    cells, result = column("Hire date", *texts)
    assert [one.row - 2 for one in result.doubts] == small
    assert [one.candidates[0] for one in result.doubts] == [DAYS[n].isoformat() for n in small]
    assert [cell for n, cell in enumerate(cells) if n not in small] == [
        day.isoformat() for n, day in enumerate(DAYS) if n not in small
    ]


def test_dates_of_any_day_among_texts_stay():
    texts = [f"{day:%d/%m/%Y}" if n % 7 else day.isoformat() for n, day in enumerate(DAYS)]
    cells, result = column("Hire date", *texts)
    assert not result.doubts
    assert cells == [day.isoformat() for day in DAYS]
    # everybody is hired on the first
    firsts = [dt.date(2015 + n // 12, n % 12 + 1, 1) for n in range(40)]
    texts = [f"{day:%d/%m/%Y}" if n % 4 else day.isoformat() for n, day in enumerate(firsts)]
    assert not [one for one in column("Hire date", *texts, "25/12/2014")[1].doubts if one.rule == "swapped_dates"]


def test_an_interview_before_the_application_is_asked_about():
    headings = ["Candidate ID", "Candidate name", "Application date", "Interview date"]
    rows = [
        [f"C{n}", f"Ann {'abcdefgh'[n % 8]}", day.isoformat(), (day + dt.timedelta(days=n % 9)).isoformat()]
        for n, day in enumerate(DAYS)
    ]
    assert not table(headings, *rows)[1].doubts
    rows[20][3] = "2014-11-20"
    assert (22, "Interview date", "2014-11-20") in asked(table(headings, *rows)[1])
