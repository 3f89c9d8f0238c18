"""The points page: what it shows, to whom, and why a line is in the ledger."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from people.models import Assignment, Employee
from training.models import Course, LedgerEntry, Rule, RuleVersion, Target
from training.rules import Offer, Place, decided_by, misfit, strength, winner, worth
from training.services.booking import book
from training.services.records import adjust_points, correct_record, enter_record, void_record

MINE = reverse("training:my_points")


def enter(world, name, activity, **content):
    content.setdefault("happened_on", world.year.start_date)
    return enter_record(
        employee=world.people[name], activity=world.activities[activity], actor=world.users["helen"], **content
    )


def book_all(world):
    ids = [employee.pk for employee in world.people.values()]
    book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None)


def page(client, url=MINE, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response


def points_url(world, name):
    return reverse("training:points_of", kwargs={"pk": world.people[name].pk})


def why_url(world, name, **lookup):
    line = LedgerEntry.objects.filter(employee=world.people[name], **lookup).latest("pk")
    return reverse("training:entry", kwargs={"pk": line.pk})


# --- the page ---------------------------------------------------------------------------------------------------------
def test_the_days_that_count_are_said_where_they_are_not_those_of_the_year(world, sign_in):
    enter(world, "dave", "online", minutes=180)
    book_all(world)
    assert "count." not in page(sign_in("dave")).content.decode()

    Target.objects.filter(pk=world.target.pk).update(terms={"window": {"from": "2025-01-01", "until": "2026-12-31"}})

    assert "Points from 2025-01-01 to 2026-12-31 count." in page(sign_in("dave")).content.decode()


def test_total_target_bars_and_what_is_missing(world, sign_in):
    """Dave: 3 h online = 6, 2 workshops = 10, an exam = 10, a lecture = 15, an R&D project = 30: 71 of 100."""
    enter(world, "dave", "online", minutes=180)
    enter(world, "dave", "workshop")
    enter(world, "dave", "workshop")
    enter(world, "dave", "exam", score=Decimal(90))
    enter(world, "dave", "lecture")
    enter(world, "dave", "project")
    book_all(world)
    points = page(sign_in("dave")).context["points"]
    assert (points.total, points.required, points.missing) == (71, 100, 29)
    bars = {bar.category.code: (bar.counted, bar.minimum, bar.missing) for bar in points.bars}
    assert bars == {"course": (6, 40, 34), "workshop": (10, 30, 20), "exam": (10, 20, 10), "sharing": (45, 10, 0)}


def test_courses_that_fill_the_gaps_are_worth_what_the_rule_of_this_person_says(world, sign_in):
    make = Course.objects.create
    short = make(code="A", name="Short one", activity=world.activities["online"], minutes=600)
    right = make(code="B", name="The right one", activity=world.activities["online"], minutes=1200)
    make(code="C", name="Taken already", activity=world.activities["online"], minutes=60)
    make(code="D", name="Far too long", activity=world.activities["online"], minutes=6000)
    make(code="E", name="Gone", activity=world.activities["online"], minutes=1200, is_active=False)
    enter(world, "bob", "online", minutes=60, course=Course.objects.get(code="C"))
    # for sales only: 3 an hour instead of 2, so 38 missing points are 12 h 40 min
    own = Rule.objects.create(
        policy=world.policy, activity=world.activities["online"], code="sales", department=world.departments["SALES"]
    )
    RuleVersion.objects.create(rule=own, number=1, basis="per_hour", rate=3, start_date=world.year.start_date)
    book_all(world)
    gaps = {gap.name: gap for gap in page(sign_in("bob")).context["gaps"]}
    assert gaps["Courses"].missing == 37
    assert [(option.course, option.points) for option in gaps["Courses"].options[:1]] == [(right, Decimal(60))]
    assert short not in [option.course for option in gaps["Courses"].options]
    # no workshop in the catalogue: six of them, at 5 points each
    workshop = gaps["Workshops"].options[0]
    assert (workshop.course, workshop.points, workshop.times) == (None, 5, 6)
    # a project would earn sales nothing
    assert {option.activity.code for option in gaps["Sharing"].options} == {"mentoring", "lecture"}


def test_without_a_target_it_says_so(world, sign_in):
    enter(world, "alice", "workshop")
    book_all(world)
    response = page(sign_in("alice"))
    assert response.context["points"].total == 5
    assert response.context["gaps"] == []
    assert "There is no target for you" in response.text


def test_waiting_points_are_said(world, sign_in):
    enter(world, "alice", "workshop")
    assert "being booked" in page(sign_in("alice")).text
    book_all(world)
    from training.models import PointsWork

    PointsWork.objects.all().delete()
    assert "being booked" not in page(sign_in("alice")).text


def test_a_reduced_target_shows_its_sum(world, sign_in):
    """Came to middle management in August: 5 of 12 months, 100 x 5/12 = 41.67."""
    Target.objects.filter(pk=world.target.pk).update(pro_rata="months")
    start = dt.date(world.year.start_date.year, 8, 1)
    Assignment.objects.filter(employee=world.people["alice"]).update(end_date=start - dt.timedelta(days=1))
    Assignment.objects.create(
        employee=world.people["alice"], department=world.departments["SALES"], position=world.positions["REP"],
        level=world.levels["L3"], start_date=start,
    )  # fmt: skip
    book_all(world)
    response = page(sign_in("alice"))
    assert response.context["pro_rata"] == "100 × 5 of 12 months = 41.67"
    assert response.context["pro_rata"] in response.text


@pytest.mark.parametrize(("rounding", "minimum"), [(None, "16.67"), ({"step": 1, "mode": "up"}, "17")])
def test_bars_round_what_is_asked_as_the_policy_does(world, sign_in, rounding, minimum):
    """5 of 12 months of 40: 16.67, or 17 where the policy asks for whole points."""
    terms = {"pro_rata": {"joiners": "months", "rounding": rounding}} if rounding else {}
    Target.objects.filter(pk=world.target.pk).update(pro_rata="months", terms=terms)
    start = dt.date(world.year.start_date.year, 8, 1)
    Employee.objects.filter(pk=world.people["dave"].pk).update(hire_date=start)
    Assignment.objects.filter(employee=world.people["dave"]).update(start_date=start)
    enter(world, "dave", "online", minutes=180, happened_on=start)
    book_all(world)
    bar = next(bar for bar in page(sign_in("dave")).context["points"].bars if bar.category.code == "course")
    assert (bar.counted, bar.minimum, bar.missing) == (6, Decimal(minimum), Decimal(minimum) - 6)


def test_another_year(world, sign_in):
    enter(world, "alice", "workshop")
    book_all(world)
    world.year.pk, world.year.name = None, "before"
    world.year.start_date = world.year.start_date.replace(year=world.year.start_date.year - 1)
    world.year.end_date = world.year.end_date.replace(year=world.year.end_date.year - 1)
    world.year.save()
    response = page(sign_in("alice"), year="before")
    assert response.context["points"].total == 0
    assert len(response.context["list"].table.rows) == 0


def test_no_points_year_at_all(world, sign_in):
    Target.objects.all().delete()
    world.year.delete()
    assert "No points year yet" in page(sign_in("alice")).text


def test_ledger_searches_filters_and_exports(world, sign_in):
    enter(world, "dave", "lecture", title="=1+1")
    enter(world, "dave", "workshop")
    adjust_points(
        employee=world.people["dave"], year=world.year, category=world.categories["exam"], amount=Decimal("-1.5"),
        reason="Late paper", actor=world.users["helen"],
    )  # fmt: skip
    book_all(world)
    client = sign_in("dave")

    def lines(**query):
        return len(page(client, **query).context["list"].table.rows)

    assert (lines(), lines(q="lecture"), lines(kind="adjustment")) == (3, 1, 1)
    assert lines(category=world.categories["workshop"].pk) == 1
    assert lines(q="no such thing") == 0
    exported = b"".join(page(client, export="csv").streaming_content).decode()
    assert "Late paper" in exported
    assert "-1.50" in exported


def test_bad_queries_do_no_harm(world, sign_in):
    client = sign_in("dave")
    for query in ({"year": "nope"}, {"category": "x"}, {"kind": "x"}, {"sort": "evil"}, {"page": "-1"}, {"q": "\x00"}):
        assert client.get(MINE, query).status_code == 200, query


# --- who sees whom ----------------------------------------------------------------------------------------------------
def test_the_same_page_for_those_who_may(world, sign_in):
    enter(world, "alice", "workshop")
    book_all(world)
    line = why_url(world, "alice")
    for name in ("alice", "bob", "helen", "audrey"):
        assert "Workshop" in page(sign_in(name), points_url(world, "alice")).text
        assert page(sign_in(name), line)
    for name in ("carol", "dave", "erin"):
        assert sign_in(name).get(points_url(world, "alice")).status_code == 404
        assert sign_in(name).get(line).status_code == 404
    for name in ("charlie", "paul", "rita"):
        assert sign_in(name).get(points_url(world, "alice")).status_code == 403
    assert sign_in("helen").get(MINE).status_code == 403


def test_payroll_officers_see_their_own_points_only(world, sign_in):
    """They see everyone's pay, so everyone is visible to them: points are not."""
    from django.contrib.auth.models import Group

    world.users["carol"].groups.add(Group.objects.get(name="payroll"))
    assert sign_in("carol").get(points_url(world, "carol")).status_code == 200
    assert sign_in("carol").get(points_url(world, "alice")).status_code == 404


# --- why --------------------------------------------------------------------------------------------------------------
def test_why_names_the_rule_that_won_and_those_that_lost(world, sign_in):
    """The laboratory's rule beats R&D's, R&D's beats everyone's, and the one for managers does not fit."""
    for number, (code, scope) in enumerate(
        [
            ("rd", {"department": world.departments["RD"]}),
            ("lab", {"department": world.departments["RD-LAB"]}),
            ("middle", {"band": "middle"}),
        ],
        6,
    ):
        rule = Rule.objects.create(policy=world.policy, activity=world.activities["workshop"], code=code, **scope)
        RuleVersion.objects.create(
            rule=rule, number=1, basis="per_time", rate=number, max_per_record=4, start_date=world.year.start_date
        )
    enter(world, "erin", "workshop")
    book_all(world)
    response = page(sign_in("erin"), why_url(world, "erin"))
    why = response.context["why"]
    assert [rival.version.rule.code for rival in why.rivals] == ["lab", "rd", "workshop", "middle"]
    assert why.rivals[0].reason == "Won: it is for the department, and the nearest one comes first."
    assert why.rivals[-1].reason == "For another band."
    assert not why.moved_on
    assert why.sum_text == "1 time × 7 = 7"
    assert why.cap_texts == ["At most 4 points per record."]
    assert "Counted: 4 of 7" in response.text


def test_why_of_corrections_voids_and_adjustments(world, sign_in):
    record = enter(world, "alice", "online", minutes=90)
    book_all(world)
    assert page(sign_in("alice"), why_url(world, "alice")).context["why"].sum_text == "1.5 hours × 2 = 3"
    new = correct_record(record=record, reason="Only an hour", minutes=60, actor=world.users["helen"])
    book_all(world)
    text = page(sign_in("alice"), why_url(world, "alice", kind="reversal")).text
    assert "Only an hour" in text
    void_record(record=new, reason="Not there at all", actor=world.users["helen"])
    book_all(world)
    response = page(sign_in("alice"), why_url(world, "alice", kind="reversal"))
    assert "Not there at all" in response.text
    assert response.context["why"].record_total == 0
    assert len(response.context["why"].history) == 4
    adjust_points(
        employee=world.people["alice"], year=world.year, category=world.categories["exam"], amount=Decimal(2),
        reason="Found paper", actor=world.users["helen"],
    )  # fmt: skip
    text = page(sign_in("alice"), why_url(world, "alice", kind="adjustment")).text
    assert "Found paper" in text
    assert "Helen" in text


def test_why_for_htmx_is_the_part_alone(world, sign_in):
    enter(world, "alice", "workshop")
    book_all(world)
    response = sign_in("alice").get(why_url(world, "alice"), headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert "Which rule" in response.text


def test_why_says_when_the_rules_have_moved_on(world, sign_in):
    enter(world, "alice", "workshop")
    book_all(world)
    own = Rule.objects.create(
        policy=world.policy, activity=world.activities["workshop"], code="own", employee=world.people["alice"]
    )
    RuleVersion.objects.create(rule=own, number=1, basis="per_time", rate=9, start_date=world.year.start_date)
    why = page(sign_in("alice"), why_url(world, "alice")).context["why"]
    assert why.moved_on
    assert why.rivals[0].version.rule.code == "workshop"


# --- adjustments ------------------------------------------------------------------------------------------------------
def test_adjust_points_through_the_page(world, sign_in):
    url = reverse("training:adjust", kwargs={"pk": world.people["alice"].pk})
    data = {"year": world.year.pk, "category": world.categories["exam"].pk, "amount": "2.5", "reason": "Old paper"}
    client = sign_in("helen")
    for bad, field in [
        ({"amount": "0"}, "amount"), ({"amount": "x"}, "amount"), ({"amount": "1e99"}, "amount"),
        ({"reason": "  "}, "reason"), ({"category": "999999"}, "category"), ({"amount": "NaN"}, "amount"),
    ]:  # fmt: skip
        response = client.post(url, data | bad)
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert not LedgerEntry.objects.exists()
    response = client.post(url, data)
    assert response["Location"] == points_url(world, "alice")
    line = LedgerEntry.objects.get()
    assert (line.amount, line.reason, line.batch.actor) == (Decimal("2.5"), "Old paper", world.users["helen"])
    assert sign_in("bob").post(url, data).status_code == 403


# --- the pure rules ---------------------------------------------------------------------------------------------------
PLACE = Place(employee_id=1, position_id=2, level_id=3, band="middle", departments={10: 0, 11: 1})
DAY = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("better", "worse", "criterion"),
    [
        ({"employee_id": 1}, {"position_id": 2, "level_id": 3, "priority": 9}, "employee"),
        ({"position_id": 2}, {"department_id": 10, "level_id": 3}, "position"),
        ({"department_id": 10}, {"department_id": 11, "level_id": 3}, "department"),
        ({"department_id": 11}, {"level_id": 3, "band": "middle"}, "department"),
        ({"level_id": 3}, {"band": "middle", "priority": 9}, "level"),
        ({"band": "middle"}, {"priority": 9}, "band"),
        ({"priority": 1}, {}, "priority"),
        ({"start_date": DAY + dt.timedelta(days=1)}, {}, "newest"),
    ],
)
def test_the_most_specific_scope_wins(better, worse, criterion):
    first = Offer(**{"version_id": 1, "start_date": DAY} | better)
    second = Offer(**{"version_id": 2, "start_date": DAY} | worse)
    assert winner([second, first], PLACE) == first
    assert strength(first, PLACE) > strength(second, PLACE)
    assert decided_by(first, second, PLACE) == criterion


@pytest.mark.parametrize(
    ("scope", "outside"),
    [
        ({}, ""), ({"employee_id": 9}, "employee"), ({"position_id": 9}, "position"),
        ({"department_id": 9}, "department"),
        ({"level_id": 9}, "level"), ({"band": "staff"}, "band"), ({"department_id": 11, "band": "middle"}, ""),
    ],
)  # fmt: skip
def test_who_is_outside_a_scope(scope, outside):
    assert misfit(Offer(version_id=1, start_date=DAY, **scope), PLACE) == outside


@pytest.mark.parametrize(
    ("units", "rate", "cap", "rounding", "points"),
    [("1.5", "2", None, "half_up", "3"), ("0.3333", "0.05", None, "half_up", "0.02"),
     ("0.3333", "0.05", None, "down", "0.01"), ("3", "5", "12", "half_up", "12")],
)  # fmt: skip
def test_worth_of_a_record(units, rate, cap, rounding, points):
    cap = Decimal(cap) if cap else None
    assert worth(units=Decimal(units), rate=Decimal(rate), max_per_record=cap, rounding=rounding) == Decimal(points)


def test_of_one_booking_what_happened_last_comes_first(world, sign_in):
    for day in (3, 9, 6):
        enter(world, "bob", "online", minutes=60, happened_on=world.year.start_date + dt.timedelta(days=day))
    book_all(world)
    rows = page(sign_in("bob")).context["list"].table.page.object_list
    shown = [row.record.record.happened_on.day for row in rows]
    assert shown == [10, 7, 4]


def test_the_navigation_marks_my_points_on_my_pages_only(world, sign_in):
    def marked(url):
        sections = page(sign_in("bob"), url).context["navigation"]
        return [link["url"] for _label, links in sections for link in links if link["active"]]

    enter(world, "bob", "workshop")
    book_all(world)
    assert marked(MINE) == [MINE]
    assert marked(why_url(world, "bob")) == [MINE]
    assert marked(points_url(world, "alice")) == []
