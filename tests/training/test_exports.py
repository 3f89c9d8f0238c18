"""What the files of lists hold: the reader's words, numbers as numbers, days as days, and no live formulas."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from hrsuite.pipeline import run_pipeline
from people.models import User
from training.services.closing import close_year
from training.services.records import RecordRow, TeamRow, save_records, save_team_records

pytestmark = pytest.mark.django_db

CHINESE = "zh-hans"


@pytest.fixture
def booked(world: Any) -> Any:
    """A lecture whose title looks like a formula, and an exam; the points are booked."""
    day = world.year.start_date
    save_records(
        rows=[
            RecordRow(2, "E002", "online", day, minutes=90, title="=1+1", source="test", source_id="1"),
            RecordRow(3, "E002", "exam", day, score=Decimal(81), title="-5 @home", source="test", source_id="2"),
        ],
        actor=None,
        cause="test",
    )
    save_team_records(
        rows=[TeamRow(4, "SALES", "online", day, minutes=30, title="+fair", source="test", source_id="3")],
        actor=None,
        cause="test",
    )
    run_pipeline()
    return world


def sheet(client: Any, address: str) -> tuple[list[Any], list[dict[str, Any]]]:
    """Heading and rows; a row is its cells by their heading."""
    answer = client.get(address, {"export": "xlsx"})
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows())
    heading = [cell.value for cell in rows[0]]
    return heading, [dict(zip(heading, row, strict=True)) for row in rows[1:]]


def test_records_have_a_number_for_each_evidence_and_a_day_as_a_day(booked, sign_in):
    _heading, rows = sheet(sign_in("helen"), "/training/records/")
    by_title = {row["Course or title"].value: row for row in rows}

    lecture, exam = by_title["=1+1"], by_title["-5 @home"]
    assert lecture["Course or title"].data_type == exam["Course or title"].data_type == "s"
    assert (lecture["Minutes"].value, lecture["Score"].value) == (90, None)
    assert (exam["Minutes"].value, exam["Score"].value, exam["Score"].data_type) == (None, 81, "n")
    assert lecture["Date"].is_date
    assert lecture["Date"].value.date() == booked.year.start_date

    _heading, rows = sheet(sign_in("helen"), "/training/records/teams/")
    assert [(row["Title"].value, row["Title"].data_type, row["Minutes"].value) for row in rows] == [("+fair", "s", 30)]


def test_moments_are_local_and_shares_are_percent(booked, sign_in):
    _heading, rows = sheet(sign_in("bob"), "/training/points/")
    assert all(row["Booked"].is_date for row in rows)
    assert isinstance(rows[0]["Booked"].value, dt.datetime)

    heading, rows = sheet(sign_in("helen"), "/training/completion/")
    shares = [row["Progress"] for row in rows if row["Progress"].value is not None]
    assert shares
    assert {(cell.data_type, cell.number_format) for cell in shares} == {("n", "0%")}
    assert len(heading) == len(set(heading))


def test_csv_speaks_the_readers_language_to_its_last_row(booked, sign_in):
    User.objects.filter(username="helen").update(language=CHINESE)

    text = b"".join(sign_in("helen").get("/training/records/", {"export": "csv"}).streaming_content).decode("utf-8-sig")

    lines = text.splitlines()
    assert lines[0].startswith("员工,工号,日期")
    assert "'=1+1" in text
    assert "Counts" not in text
    assert lines[-1].count("有效") == 1


def test_a_snapshot_says_yes_and_no_in_words(booked, sign_in):
    snapshot = close_year(year=booked.year, actor=booked.users["helen"], reason="All in")

    _heading, rows = sheet(sign_in("helen"), f"/training/years/snapshots/{snapshot.pk}/")

    assert {row["Target met"].value for row in rows} <= {"yes", "no", None}
    assert {row["Target met"].value for row in rows} != {None}
