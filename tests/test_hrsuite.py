"""The home page of each role, and error pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import date_format

from hrsuite.pipeline import run_pipeline
from hrsuite.templatetags.suite import percent
from migration.models import ImportBatch
from people.selectors import today
from people.services.notifications import notify
from training.models import Course, LearningRecord
from training.services.paths import Item, save_path
from training.services.records import enter_record
from training.services.scopes import Whom
from training.services.work import queue_points_for_all


@pytest.fixture
def booked(world):
    """Bob has 10 of 100 points; Dave none."""
    LearningRecord.objects.create(
        employee=world.people["bob"],
        activity=world.activities["online"],
        happened_on=max(world.year.start_date, today() - dt.timedelta(days=3)),
        minutes=300,
        source="test",
        source_id="1",
    )
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    return world


def home(client):
    response = client.get("/")
    assert response.status_code == 200
    return response


def test_employee_sees_the_own_points_only(booked, sign_in):
    page = home(sign_in("alice"))
    assert page.context["home"].own.points.required is None
    assert page.context["home"].completion is None
    assert "No target is set" in page.content.decode()


def test_manager_sees_own_ring_and_what_is_missing(booked, sign_in):
    page = home(sign_in("bob"))
    own = page.context["home"].own
    assert own.points.total == Decimal(10)
    assert own.ring["series"][0]["data"] == [{"value": 10}]
    assert "10 of 100 points" in page.content.decode()
    assert sorted(gap.missing for gap in own.gaps) == [10, 20, 30, 30]


def test_hr_sees_everybody_and_who_is_behind(booked, sign_in):
    view = home(sign_in("helen")).context["home"]
    assert view.completion.tree.whole.with_target == 2
    assert [one.employee.name for one in view.completion.behind] == ["Dave", "Bob"]
    assert [step.text for step in view.steps] == ["Remind 2 people who are behind"]


def test_manager_is_not_in_the_own_list_of_people_behind(booked, sign_in):
    view = home(sign_in("bob")).context["home"]
    assert view.completion.behind == []


def test_payroll_operations_and_recruiter_see_no_points(booked, sign_in):
    for name in ("paul", "oscar", "rita"):
        view = home(sign_in(name)).context["home"]
        assert view.own is None
        assert view.completion is None


def test_without_a_role_the_page_says_what_to_do(booked, sign_in):
    assert "Ask your HR admin" in home(sign_in("charlie")).content.decode()


def test_unread_notifications_are_the_first_step(world, sign_in):
    notify(user=world.users["alice"], text="Hello")
    assert home(sign_in("alice")).context["home"].steps[0].text == "Read 1 notification"


def test_what_is_mandatory_waits_until_it_is_done(world, sign_in):
    course = Course.objects.create(code="SEC", name="Security", activity=world.activities["online"], minutes=60)
    save_path(
        code="sec", name="Security", whom=Whom(), items=[Item(course=course)], actor=None,
        start_date=today(), due_days=30,
    )  # fmt: skip
    due = date_format(today() + dt.timedelta(days=30))
    assert [step.text for step in home(sign_in("alice")).context["home"].steps] == [
        f"1 mandatory item is open, the first due on {due}"
    ]
    enter_record(
        employee=world.people["alice"], activity=course.activity, course=course, happened_on=today(), minutes=60,
        actor=None,
    )  # fmt: skip
    assert "Nothing waits for you." in home(sign_in("alice")).text


def test_operations_see_what_their_files_left_out(world, sign_in):
    ImportBatch.objects.create(
        kind="employees", file_name="people.xlsx", sha256="0" * 64, actor=world.users["oscar"], rows=9, refused=2
    )
    view = home(sign_in("oscar")).context["home"]
    assert [tile.sub for tile in view.tiles if tile.label == "Imported files"] == ["2 rows refused in 30 days"]
    assert [step.text for step in view.steps] == ["Mend 2 rows of people.xlsx"]


def test_without_a_year_nothing_breaks(world, sign_in):
    world.target.delete()
    world.year.delete()
    for name in ("alice", "bob", "helen", "audrey"):
        home(sign_in(name))


def test_error_pages_speak_the_language_and_say_what_next(world, sign_in, client):
    client.raise_request_exception = False
    missing = sign_in("alice").get("/nowhere/")
    assert missing.status_code == 404
    assert "no such page" in missing.content.decode()
    refused = sign_in("alice").get("/people/new/")
    assert refused.status_code == 403
    assert "HR admin" in refused.content.decode()
    world.users["alice"].language = "zh-hans"
    world.users["alice"].save()
    assert sign_in("alice").get("/nowhere/").headers["Content-Language"] == "zh-hans"


def test_a_failure_shows_the_page_without_the_database(world, sign_in, monkeypatch):
    def fail(_request):
        raise RuntimeError("broken")

    monkeypatch.setattr("hrsuite.views.home_of", fail)
    client = sign_in("alice")
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()
    assert "broken" not in response.content.decode()


@pytest.mark.parametrize(
    ("share", "places", "english", "chinese"),
    [
        (Decimal("0.5652"), 0, "57 %", "57%"),
        (Decimal("0.565"), 0, "57 %", "57%"),
        (Decimal("0.5182"), 0, "52 %", "52%"),
        (Decimal("0.005"), 1, "0.5 %", "0.5%"),
        (1, 0, "100 %", "100%"),
        (None, 0, "–", "–"),
    ],
)
def test_percentages_are_rounded_and_set_as_the_language_does(share, places, english, chinese):
    with translation.override("en"):
        assert percent(share, places) == english
    with translation.override("zh-hans"):
        assert percent(share, places) == chinese
