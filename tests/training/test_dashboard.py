"""The HR dashboard: its figures, its links, work that is stuck, and large ledgers that are summed by beat."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from training.models import BookingBatch, LearningRecord, PointsWork, PointsYear, YearFigures
from training.selectors import dashboard as selectors
from training.services.booking import book
from training.services.figures import refresh_figures

URL = "training:dashboard"


@pytest.fixture
def booked(world):
    for number, (name, activity, month) in enumerate(
        [("alice", "lecture", 1), ("alice", "workshop", 3), ("bob", "lecture", 3)]
    ):
        LearningRecord.objects.create(
            employee=world.people[name], activity=world.activities[activity],
            happened_on=world.year.start_date.replace(month=month), source="test", source_id=str(number),
        )  # fmt: skip
    ids = [person.pk for person in world.people.values()]
    book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None)
    return world


def test_figures(booked, sign_in):
    response = sign_in("audrey").get(reverse(URL))
    context = response.context
    whole, year = context["whole"], booked.year.start_date.year
    assert (whole.people, whole.active, whole.with_target, whole.met, whole.points) == (6, 2, 2, 0, 35)
    assert context["months"]["xAxis"]["data"] == [f"{year}-01", f"{year}-03"]
    assert {series["name"]: series["data"] for series in context["months"]["series"]} == {
        "Sharing": [15, 15],
        "Workshops": [0, 5],
    }
    assert context["categories"]["yAxis"]["data"] == ["Workshops", "Sharing"]
    links = context["departments"]["option"]["suite"]["links"]
    assert links
    assert all(sign_in("helen").get(link).status_code == 200 for link in links)
    assert len(context["newest"]) == 3


def test_nothing_yet(world, sign_in):
    client = sign_in("helen")
    assert "No learning record yet" in client.get(reverse(URL)).content.decode()
    world.target.delete()
    PointsYear.objects.all().delete()
    assert "No points year yet" in client.get(reverse(URL)).content.decode()


def test_stuck_work_is_shown_and_tried_again(booked, sign_in):
    later = timezone.now() + dt.timedelta(hours=1)
    stuck = PointsWork.objects.create(
        employee=booked.people["alice"], year=booked.year, cause="test", attempts=6, error="DataError: too large"
    )
    PointsWork.objects.filter(pk=stuck.pk).update(next_try_at=later)
    text = sign_in("audrey").get(reverse(URL)).content.decode()
    assert "DataError: too large" in text
    assert "Try again now" not in text, "an auditor changes nothing"
    client = sign_in("helen")
    assert "Try again now" in client.get(reverse(URL)).content.decode()
    client.post(reverse("training:retry_work"))
    stuck.refresh_from_db()
    assert stuck.next_try_at <= timezone.now()


def test_a_large_ledger_is_summed_by_beat(booked, sign_in, monkeypatch):
    monkeypatch.setattr(selectors, "LIVE_BYTES", 0)
    client = sign_in("helen")
    assert "being summed up" in client.get(reverse(URL)).content.decode()
    assert refresh_figures() == 1
    response = client.get(reverse(URL))
    assert "as of" in response.content.decode()
    assert response.context["categories"]["yAxis"]["data"] == ["Workshops", "Sharing"]
    assert refresh_figures() == 0, "nothing was booked since"
    YearFigures.objects.update(computed_at=timezone.now() - dt.timedelta(hours=1), seconds=1)
    BookingBatch.objects.create(cause="later")
    assert refresh_figures() == 1
