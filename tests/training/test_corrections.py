"""Late records: kept for a decision whatever way they come, decided once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from hrsuite.lib.errors import BadInput, BadRows
from hrsuite.pipeline import run_pipeline
from people.selectors import today
from training.models import Correction, LearningRecord, PointsYear, Standing
from training.services.closing import close_year, start_closing
from training.services.corrections import accept_correction, adjust_for_correction, refuse_correction
from training.services.records import RecordRow, check_records, save_records
from training.services.records.late import keep_late


@pytest.fixture
def closed(world) -> PointsYear:
    """Last year, closed."""
    start = world.year.start_date.replace(year=world.year.start_date.year - 1)
    year = PointsYear.objects.create(name=str(start.year), start_date=start, end_date=dt.date(start.year, 12, 31))
    close_year(year=year, reason="Over", actor=world.users["helen"])
    year.refresh_from_db()
    return year


def late_row(year: PointsYear, source_id: str = "1", **content) -> RecordRow:
    return RecordRow(
        row=1,
        employee_no="E001",
        activity="workshop",
        happened_on=year.start_date + dt.timedelta(days=40),
        source="lms",
        source_id=source_id,
        **content,
    )


def arrive(world, year, **content) -> Correction:
    save_records(rows=[late_row(year, **content)], actor=None, cause="Import of x.csv")
    return Correction.objects.latest("pk")


def test_a_late_row_is_kept_once_and_the_others_are_saved(world, closed):
    good = RecordRow(2, "E001", "workshop", world.year.start_date, source="lms", source_id="2")
    outcome = save_records(rows=[late_row(closed), good], actor=world.users["helen"], cause="Import of x.csv")
    assert (outcome.created, outcome.kept, outcome.unchanged) == (1, 1, 0)
    one = Correction.objects.get()
    assert (one.state, one.employee, one.year, one.cause) == (
        "pending",
        world.people["alice"],
        closed,
        "Import of x.csv",
    )
    assert "is closed" in one.why_late
    again = save_records(rows=[late_row(closed), good], actor=None, cause="Import of x.csv")
    assert (again.created, again.kept, again.unchanged) == (0, 0, 2)
    assert Correction.objects.count() == 1
    with pytest.raises(BadRows, match="other content"):
        save_records(rows=[late_row(closed, title="Other")], actor=None, cause="x")


def test_who_keeps_a_row_second_keeps_nothing_new(world, closed):
    """Two imports of the same file at once: both looked before either kept anything."""
    rows = [late_row(closed), late_row(closed, "2")]
    looked = check_records(rows)
    late = [(rows[at], looked.facts[at]) for at in looked.late]
    assert keep_late(late[:1], looked.refs, actor=None, cause="first") == 1
    assert keep_late(late, looked.refs, actor=None, cause="second") == 1
    assert list(Correction.objects.order_by("source_id").values_list("cause", flat=True)) == ["first", "second"]
    other = [(late_row(closed, title="Other"), late[0][1])]
    with pytest.raises(BadRows, match="other content"):
        keep_late(other, looked.refs, actor=None, cause="third")


def test_the_window_takes_records_until_its_last_day(world):
    start_closing(year=world.year, until=today(), actor=None)
    assert save_records(rows=[late_row(world.year)], actor=None, cause="x").created == 1
    PointsYear.objects.filter(pk=world.year.pk).update(closing_until=today() - dt.timedelta(days=1))
    assert save_records(rows=[late_row(world.year, "2")], actor=None, cause="x").kept == 1
    assert "were taken until" in Correction.objects.get().why_late
    # the year is not closed: accepted is saved
    done = accept_correction(correction=Correction.objects.get(), reason="Proved", actor=world.users["helen"])
    assert (done.state, done.record.source_id) == ("saved", "2")
    assert LearningRecord.objects.count() == 2


def test_the_form_and_the_sheet_say_that_it_waits(world, closed, sign_in):
    client = sign_in("helen")
    day = (closed.start_date + dt.timedelta(days=9)).isoformat()
    page = client.get(reverse("training:add_record"))
    form_id = page.context["form"]["form_id"].value()
    data = {
        "employee": "E001",
        "activity": world.activities["workshop"].pk,
        "happened_on": day,
        "count": 1,
        "form_id": form_id,
    }
    response = client.post(reverse("training:add_record"), data, follow=True)
    assert f"Kept for a decision: {closed.name} is closed." in response.text
    data = {"activity": world.activities["workshop"].pk, "happened_on": day, "attendees": "E001\nE003", "enter": "1"}
    response = client.post(reverse("training:sheet"), data, follow=True)
    assert "2 attendees are kept for a decision" in response.text
    assert Correction.objects.count() == 3
    assert not LearningRecord.objects.exists()


def test_an_adjustment_of_the_open_year(world, closed, sign_in):
    correction = arrive(world, closed)
    url = reverse("training:decide_correction", args=[correction.pk])
    data = {"decision": "adjust", "reason": "Certificate came late", "amount": "5", "category": "", "year": ""}
    client = sign_in("helen")
    assert "Choose a points year." in client.post(url, data).text
    data |= {"category": world.categories["workshop"].pk, "year": world.year.pk}
    assert client.post(url, data).status_code == 302
    correction.refresh_from_db()
    assert (correction.state, correction.entry.amount, correction.entry.year) == ("adjusted", 5, world.year)
    run_pipeline()
    assert Standing.objects.get(employee=world.people["alice"], year=world.year).total == 5
    # decided once
    with pytest.raises(BadInput, match="decided already"):
        refuse_correction(correction=correction, reason="No", actor=world.users["helen"])
    with pytest.raises(BadInput, match="is closed"):
        adjust_for_correction(
            correction=arrive(world, closed, source_id="2"), year=closed, category=world.categories["workshop"],
            amount=Decimal(5), reason="x", actor=world.users["helen"],
        )  # fmt: skip


def test_refused_stays_refused_when_it_comes_again(world, closed, sign_in):
    correction = arrive(world, closed)
    url = reverse("training:decide_correction", args=[correction.pk])
    assert sign_in("audrey").post(url, {"decision": "refuse", "reason": "No"}).status_code == 403
    assert "This field is required" in sign_in("helen").post(url, {"decision": "refuse", "reason": " "}).text
    assert sign_in("helen").post(url, {"decision": "refuse", "reason": "No proof"}).status_code == 302
    assert save_records(rows=[late_row(closed)], actor=None, cause="x").unchanged == 1
    correction.refresh_from_db()
    assert (correction.state, correction.answer) == ("refused", "No proof")
    assert correction.decided_by == world.users["helen"]


def test_the_list_is_searched_filtered_and_exported(world, closed, sign_in):
    arrive(world, closed)
    client = sign_in("audrey")
    url = reverse("training:corrections")
    assert "Alice" in client.get(url, {"q": "alice"}).text
    assert "E001" not in client.get(url, {"state": "refused"}).text
    assert b"Workshop" in b"".join(client.get(url, {"export": "csv"}).streaming_content)


def test_the_home_page_names_late_records_that_wait(world, closed, sign_in):
    arrive(world, closed)
    assert "Decide on 1 late record" in [step.text for step in sign_in("helen").get("/").context["home"].steps]
    assert not any("late record" in step.text for step in sign_in("audrey").get("/").context["home"].steps)
