"""Learning paths: who is asked, what counts, when it is due; every expected table is worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Assignment, Employee, Notification
from people.selectors import today
from training.models import Activity, Category, Course, LearningPath, PointsYear
from training.selectors.paths import my_gaps, open_items, people_behind
from training.services.booking import book
from training.services.paths import Item, end_path, make_course_mandatory, save_path
from training.services.records import enter_record, void_record
from training.services.scopes import Whom

DAY = dt.timedelta(days=1)


@pytest.fixture
def course(world):
    return Course.objects.create(
        code="SEC", name="Security", activity=world.activities["online"], minutes=60, skill="IT"
    )


def take(world, name, activity="online", *, course=None, on=None, **content):
    if activity == "online":
        content.setdefault("minutes", 60)
    return enter_record(
        employee=world.people[name], activity=world.activities[activity], course=course,
        happened_on=on or world.year.start_date, actor=None, **content,
    )  # fmt: skip


def path(world, *items, code="p", whom=None, **terms):
    terms = {"start_date": world.year.start_date, "name": code.title()} | terms
    return save_path(code=code, whom=whom or Whom(), items=items, actor=None, **terms)


def table(world, **wanted):
    """(name, item, have of minimum, due, overdue) of everybody's open items."""
    names = {employee.pk: name for name, employee in world.people.items()}
    return sorted(
        (names[gap.employee_id], str(gap.item), f"{gap.have}/{gap.minimum}", gap.due_on, gap.overdue)
        for gap in open_items(Employee.objects.all(), world.year, **wanted)
    )


def who(world):
    return sorted({row[0] for row in table(world)})


# --- who is asked -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, ["alice", "bob", "carol", "dave", "erin", "frank"]),
        ({"department": "SALES"}, ["alice", "bob", "carol"]),
        ({"department": "RD"}, ["dave", "erin", "frank"]),
        ({"department": "RD", "band": "staff"}, ["erin"]),
        ({"level": "L2"}, ["frank"]),
        ({"position": "REP"}, ["alice", "carol"]),
        ({"employee": "dave"}, ["dave"]),
    ],
)
def test_scopes(world, course, scope, expected):
    kinds = {"department": world.departments, "level": world.levels, "position": world.positions,
             "employee": world.people}  # fmt: skip
    whom = Whom(**{name: kinds[name][value] if name in kinds else value for name, value in scope.items()})
    path(world, Item(course=course), whom=whom)
    assert who(world) == expected


def test_leavers_joiners_and_paths_not_in_force_are_left_out(world, course):
    Employee.objects.filter(name="Carol").update(exit_date=today() - DAY)
    Employee.objects.filter(name="Erin").update(hire_date=today() + DAY)
    made = path(world, Item(course=course))
    assert who(world) == ["alice", "bob", "dave", "frank"]
    end_path(path=made, end_date=today(), actor=None)
    assert len(who(world)) == 4
    end_path(path=made, end_date=today() - DAY, actor=None)
    assert who(world) == []
    path(world, Item(course=course), is_active=False)
    assert who(world) == []
    path(world, Item(course=course), start_date=today() + DAY)
    assert who(world) == []


# --- what counts ------------------------------------------------------------------------------------------------------
def test_what_counts_for_which_item(world, course):
    """Alice has the course and an exam not passed; Bob a lecture and mentoring; Carol two online courses, one void."""
    other = Course.objects.create(code="X", name="Other", activity=world.activities["workshop"], skill="it")
    take(world, "alice", course=course)
    take(world, "alice", "exam", score=Decimal(10))
    take(world, "bob", "lecture")
    take(world, "bob", "mentoring")
    take(world, "carol")
    void_record(record=take(world, "carol", on=world.year.start_date + DAY), reason="Wrong", actor=None)
    take(world, "carol", "workshop", course=other)
    exam, online = world.activities["exam"], world.activities["online"]
    path(
        world,
        Item(course=course),
        Item(activity=online, minimum=2, period="year"),
        Item(activity=exam),
        Item(category=world.categories["sharing"], minimum=2),
        Item(skill="IT"),
        whom=Whom(department=world.departments["SALES"]),
    )
    end = world.year.end_date
    assert table(world) == [
        ("alice", "Exam passed", "0/1", None, False),
        ("alice", "Online course", "1/2", end, False),
        ("alice", "Sharing", "0/2", None, False),
        ("bob", "Exam passed", "0/1", None, False),
        ("bob", "IT", "0/1", None, False),
        ("bob", "Online course", "0/2", end, False),
        ("bob", "Security", "0/1", None, False),
        ("carol", "Exam passed", "0/1", None, False),
        ("carol", "Online course", "1/2", end, False),
        ("carol", "Security", "0/1", None, False),
        ("carol", "Sharing", "0/2", None, False),
    ]


def test_a_category_includes_what_is_below_it(world):
    below = Category.objects.create(code="deep", name="Deep", parent=world.categories["course"])
    world.activities["deep"] = Activity.objects.create(code="deep", name="Deep", category=below)
    take(world, "alice", "deep")
    path(world, Item(category=world.categories["course"]), whom=Whom(employee=world.people["alice"]))
    assert table(world) == []


def test_every_year_counts_within_the_year_and_once_for_ever(world, course):
    take(world, "alice", course=course, on=world.year.start_date - DAY)
    path(world, Item(course=course, period="year"), code="yearly", whom=Whom(employee=world.people["alice"]))
    path(world, Item(course=course), code="once", whom=Whom(employee=world.people["alice"]))
    assert table(world) == [("alice", "Security", "0/1", world.year.end_date, False)]
    take(world, "alice", course=course, on=world.year.start_date)
    assert table(world) == []


# --- when it is due ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("terms", "period", "due", "overdue"),
    [
        ({}, "once", None, False),
        ({"due_days": 10}, "once", 10, None),
        ({"due_days": 10}, "year", 10, None),
        ({"due_date": 400}, "once", 400, False),
        ({"due_date": 5, "due_days": 90}, "once", 5, True),
    ],
)
def test_due_days_count_from_the_path_or_from_joining(world, course, terms, period, due, overdue):
    """Alice has been there for years: the path's first day counts."""
    first = world.year.start_date
    days = {name: first + dt.timedelta(days=value) if name == "due_date" else value for name, value in terms.items()}
    path(world, Item(course=course, period=period), whom=Whom(employee=world.people["alice"]), **days)
    day = first + dt.timedelta(days=due) if due is not None else None
    overdue = (day is not None and day < today()) if overdue is None else overdue
    assert table(world) == [("alice", "Security", "0/1", day, overdue)]


def test_a_transfer_into_the_scope_starts_the_days(world, course):
    """Alice moved to R&D ten days ago, and from one R&D job to the next three days ago: ten days count."""
    moved, changed = today() - 10 * DAY, today() - 3 * DAY
    Assignment.objects.filter(employee=world.people["alice"]).update(end_date=moved - DAY)
    for start, end, department in [(moved, changed - DAY, "RD"), (changed, None, "RD-LAB")]:
        Assignment.objects.create(
            employee=world.people["alice"], department=world.departments[department], start_date=start, end_date=end,
            position=world.positions["ENGINEER"], level=world.levels["L1"],
        )  # fmt: skip
    whom = Whom(department=world.departments["RD"], band="staff")
    start = world.year.start_date - 400 * DAY
    path(world, Item(course=course), whom=whom, start_date=start, due_days=30, due_date=start + 60 * DAY)
    take(world, "erin", course=course)
    assert table(world) == [("alice", "Security", "0/1", moved + 30 * DAY, False)]


def test_a_certificate_expires(world, course):
    """Valid for 12 months: Alice's of 13 months ago is over, Bob's of 11 months ago holds."""
    month = today().year * 12 + today().month - 1
    for name, back in [("alice", 13), ("bob", 11)]:
        take(world, name, course=course, on=dt.date((month - back) // 12, (month - back) % 12 + 1, 15))
    path(world, Item(course=course, valid_for_months=12), whom=Whom(department=world.departments["SALES"]))
    gaps = {gap.employee_id: gap for gap in open_items(Employee.objects.all(), world.year)}
    assert set(gaps) == {world.people["alice"].pk, world.people["carol"].pk}
    expired = dt.date((month - 1) // 12, (month - 1) % 12 + 1, 15)
    assert gaps[world.people["alice"].pk].expired_on == expired
    assert (gaps[world.people["alice"].pk].due_on, gaps[world.people["alice"].pk].overdue) == (expired, True)


def test_a_year_that_is_over_is_asked_about_on_its_last_day(world, course):
    last = PointsYear.objects.create(
        name="last", start_date=world.year.start_date.replace(year=world.year.start_date.year - 1),
        end_date=world.year.start_date - DAY,
    )  # fmt: skip
    path(world, Item(course=course, period="year"), start_date=last.start_date,
         whom=Whom(employee=world.people["alice"]))  # fmt: skip
    take(world, "alice", course=course, on=world.year.start_date)
    assert table(world) == []
    assert [gap.due_on for gap in open_items(Employee.objects.all(), last)] == [last.end_date]


# --- services ---------------------------------------------------------------------------------------------------------
def test_saving_twice_is_once(world, course):
    first = path(world, Item(course=course), Item(skill="IT", minimum=2))
    rows = set(first.items.values_list("pk", flat=True))
    second = save_path(
        code="p", name="P", whom=Whom(), items=[Item(course=course), Item(skill="it", minimum=3)], actor=None
    )
    assert (first, first.start_date) == (second, second.start_date)
    assert set(second.items.values_list("pk", flat=True)) == rows
    assert sorted(second.items.values_list("minimum", flat=True)) == [1, 3]


def test_a_finding_makes_a_course_mandatory_once(world, course):
    whom = Whom(department=world.departments["RD"])
    made = make_course_mandatory(course=course, scope=whom, reason="Audit 7", actor=world.users["helen"])
    assert (made.code, made.due_days, made.reason) == ("must-sec", 30, "Audit 7")
    assert made.origin
    assert make_course_mandatory(course=course, scope=whom, reason="Audit 8", actor=None) == made
    other = make_course_mandatory(course=course, scope=Whom(), reason="Audit 9", actor=None)
    assert other.code == "must-sec-2"
    assert [gap.due_on for gap in my_gaps(world.users["dave"])] == [today() + 30 * DAY] * 2


# --- pages ------------------------------------------------------------------------------------------------------------
def form(course, **changes):
    return {
        "name": "Security for all", "code": "sec", "reason": "Audit", "start_date": "2026-01-01", "is_active": "on",
        "due_days": "30", "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0",
        "items-0-what": f"course:{course.pk}", "items-0-minimum": "1", "items-0-period": "once",
        "items-1-what": "", "items-1-minimum": "1", "items-1-period": "once", **changes,
    }  # fmt: skip


def test_a_path_is_entered_changed_and_ended(world, course, sign_in):
    client, new = sign_in("helen"), reverse("training:add_path")
    for bad, says in [
        ({"items-0-what": ""}, "The path asks for nothing."),
        ({"items-0-what": "course:0"}, "Select a valid choice"),
        ({"end_date": "2025-01-01"}, "before the first day"),
        ({"due_date": "2025-01-01"}, "due before it begins"),
        ({"items-1-what": f"course:{course.pk}"}, "is named twice"),
        ({"band": "staff", "level": world.levels["L3"].pk}, "would be for nobody"),
        ({"items-0-minimum": "0"}, "greater than or equal to 1"),
    ]:
        assert says in client.post(new, form(course, **bad)).text
    assert not LearningPath.objects.exists()
    response = client.post(new, form(course, department=world.departments["SALES"].pk))
    made = LearningPath.objects.get()
    assert response["Location"] == reverse("training:path", args=[made.pk])
    assert "There is a learning path of this code" in client.post(new, form(course)).text
    edit = reverse("training:edit_path", args=[made.pk])
    assert client.get(edit).context["items"].initial[0]["what"] == f"course:{course.pk}"
    lines = {"items-INITIAL_FORMS": "1", "items-0-DELETE": "on", "items-1-what": "skill:IT", "items-1-minimum": "2"}
    client.post(edit, form(course, **lines))
    made.refresh_from_db()
    assert [(item.skill, item.minimum) for item in made.items.all()] == [("IT", 2)]
    client.post(reverse("training:end_path", args=[made.pk]), {"end_date": today().isoformat()})
    made.refresh_from_db()
    assert (made.end_date, made.department, made.is_active) == (today(), None, True)
    assert "items-7-what" in client.get(reverse("training:path_line"), {"items-TOTAL_FORMS": "7"}).text


def test_a_path_out_of_force_claims_nothing_of_anybody(world, course, sign_in):
    made = path(world, Item(course=course), is_active=False)
    text = sign_in("helen").get(reverse("training:path", args=[made.pk])).text
    assert "nobody is asked for anything by it" in text
    assert "Everybody in the scope whom you may see has done it" not in text
    assert "Who is behind" not in text


def test_my_points_show_what_is_mandatory(world, course, sign_in):
    path(world, Item(course=course), name="Basics", due_days=10, reason="Finding 12")
    client = sign_in("alice")
    text = client.get(reverse("training:my_points")).text
    assert "Mandatory for you" in text
    assert "Finding 12" in text
    assert "overdue" in text
    assert "Mandatory for Alice" in sign_in("bob").get(
        reverse("training:points_of", args=[world.people["alice"].pk])
    ).text  # fmt: skip
    take(world, "alice", course=course)
    assert "Mandatory for you" not in client.get(reverse("training:my_points")).text


def test_progress_and_who_is_behind_stay_within_what_one_sees(world, course, sign_in):
    made = path(world, Item(course=course), due_days=10)
    take(world, "alice", course=course)
    take(world, "erin", course=course)

    def seen(name):
        page = sign_in(name).get(reverse("training:path", args=[made.pk]))
        found = page.context["path"]
        rows = [row.record.name for row in page.context["list"].table.page.object_list]
        return found.people, found.done, found.late, rows

    assert seen("helen") == (6, 2, 4, ["Bob", "Carol", "Dave", "Frank"])
    assert seen("bob") == (3, 1, 2, ["Bob", "Carol"])
    listed = sign_in("bob").get(reverse("training:paths")).context["list"].table.page.object_list
    assert [(row.record.people, row.record.done, round(row.record.share, 2)) for row in listed] == [(3, 1, 0.33)]
    url = reverse("training:path", args=[made.pk])
    text = b"".join(sign_in("helen").get(url, {"export": "csv", "q": "carol"}).streaming_content).decode()
    assert "Carol,E003,Sales,Security (overdue)" in text
    text = b"".join(sign_in("helen").get(reverse("training:paths"), {"export": "csv"}).streaming_content).decode()
    assert "Security,Everyone,6,33 %,4" in text


def test_completion_shows_filters_and_reminds(world, course, sign_in):
    path(world, Item(course=course), due_days=3000, whom=Whom(department=world.departments["SALES"]))
    take(world, "carol", course=course)
    book(employee_ids=[one.pk for one in world.people.values()], year_id=world.year.pk, cause="t", actor_id=None)
    client, url = sign_in("bob"), reverse("training:completion")

    def names(**query):
        return {row.record.employee.name for row in client.get(url, query).context["list"].table.page.object_list}

    assert names(status="open") == {"Alice", "Bob"}
    assert names(status="overdue") == set()
    text = b"".join(client.get(url, {"status": "all", "export": "csv"}).streaming_content).decode()
    assert [line.rstrip().split(",")[-1] for line in text.splitlines() if "Alice" in line] == ["Security"]
    # Alice has no target: the items alone are a reason
    assert "Remind" in client.get(url, {"status": "open"}).text
    client.post(reverse("training:remind"), {"employee": world.people["alice"].pk, "year": world.year.name})
    assert Notification.objects.get().text == "Mandatory training is still open: Security. See until when."
    client.post(reverse("training:remind"), {"year": world.year.name})
    note = Notification.objects.get(user=world.users["bob"])
    assert "Mandatory and still open: Security." in note.text


# --- queries ----------------------------------------------------------------------------------------------------------
def test_constant_queries(world, course):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            open_items(Employee.objects.all(), world.year)
        return len(captured)

    path(world, Item(course=course))
    few = count()
    for number in range(8):
        path(world, Item(skill="IT"), Item(activity=world.activities["exam"]), code=f"more-{number}")
    Employee.objects.bulk_create(
        Employee(employee_no=f"N{number}", name=f"N{number}", hire_date=today()) for number in range(80)
    )
    assert count() == few == 3
    assert len(people_behind(Employee.objects.all(), world.year)) == 86
