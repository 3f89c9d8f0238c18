"""Random companies: the SQL and the slow reference must say the same, whatever happens between two bookings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Assignment, Department, Employee, Level, Position
from tests.training.reference import actual, expect
from training.models import (
    Activity,
    Basis,
    BookingBatch,
    Category,
    LearningRecord,
    LedgerEntry,
    PointsYear,
    Policy,
    Rule,
    RuleVersion,
    Target,
    TargetRequirement,
)
from training.services import booking

pytestmark = pytest.mark.django_db

YEAR = 2025
FIRST = dt.date(YEAR, 1, 1)
PEOPLE = 4
DEPARTMENTS, POSITIONS, LEVELS, CATEGORIES, ACTIVITIES = 5, 2, 3, 4, 3

# --- what is drawn ------------------------------------------------------------------------------------
# drawn so that things meet: most days lie in the year, most rules start early and are for few kinds of people
days = st.integers(0, 364) | st.integers(0, 364) | st.integers(-30, 400)
months = st.sampled_from([1, 1, 1, 3, 6, 7, 10])
points = st.sampled_from([Decimal(text) for text in ("0", "0.01", "1", "2.5", "3.33", "7", "10", "30")])
caps = st.none() | st.sampled_from([Decimal(text) for text in ("0", "4", "5.55", "12", "20")])


def maybe(upper: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, upper - 1)


any_scope = st.fixed_dictionaries(
    {
        "department": maybe(DEPARTMENTS),
        "position": maybe(POSITIONS),
        "level": maybe(LEVELS),
        "band": st.sampled_from(["", "", "staff", "middle"]),
        "employee": st.none() | st.none() | st.integers(0, PEOPLE - 1),
    }
)
NO_SCOPE: dict[str, Any] = {"department": None, "position": None, "level": None, "band": "", "employee": None}
one_dimension = st.one_of(
    st.builds(lambda value: NO_SCOPE | {"department": value}, st.integers(0, DEPARTMENTS - 1)),
    st.builds(lambda value: NO_SCOPE | {"position": value}, st.integers(0, POSITIONS - 1)),
    st.builds(lambda value: NO_SCOPE | {"level": value}, st.integers(0, LEVELS - 1)),
    st.builds(lambda value: NO_SCOPE | {"band": value}, st.sampled_from(["staff", "middle"])),
    st.builds(lambda value: NO_SCOPE | {"employee": value}, st.integers(0, PEOPLE - 1)),
)
scopes = st.just(NO_SCOPE) | one_dimension | one_dimension | any_scope
versions = st.fixed_dictionaries(
    {
        "basis": st.sampled_from([Basis.PER_HOUR, Basis.PER_TIME, Basis.PER_PASS]),
        "rate": points,
        "max_per_record": caps,
        "max_per_year": caps,
        # where the version starts; it ends where the next one starts, or leaves a gap of a month
        "month": months,
        "gap": st.booleans(),
    }
)
rules = st.fixed_dictionaries(
    {
        "activity": st.sampled_from([0, 0, 0, 1, 2]),
        "scope": scopes,
        "priority": st.integers(0, 1),
        "versions": st.lists(versions, min_size=1, max_size=3, unique_by=lambda one: one["month"]),
    }
)
targets = st.fixed_dictionaries(
    {
        "scope": scopes,
        "priority": st.integers(0, 1),
        "total": st.sampled_from([Decimal(10), Decimal("33.33"), Decimal(100)]),
        "pro_rata": st.sampled_from(["none", "months", "days"]),
        "requirements": st.dictionaries(
            st.integers(0, CATEGORIES - 1), st.tuples(st.sampled_from([0, 3, 10]), caps), max_size=4
        ),
    }
)
records = st.fixed_dictionaries(
    {
        "employee": st.integers(0, PEOPLE - 1),
        "activity": st.sampled_from([0, 0, 1, 2]),
        "day": days,
        "minutes": st.none() | st.integers(0, 600),
        "count": st.none() | st.integers(0, 3),
        "passed": st.none() | st.booleans(),
    }
)
#: hire day, exit day, and the days on which a new assignment starts (none: no assignment at all)
careers = st.fixed_dictionaries(
    {
        "hired": st.sampled_from([-60, -20, 0, 14, 100, 200]),
        "leaves": st.none() | st.sampled_from([0, 30, 70, 250]),
        "moves": st.lists(
            st.tuples(
                st.integers(-60, 380),
                st.integers(0, DEPARTMENTS - 1),
                st.integers(0, POSITIONS - 1),
                st.integers(0, LEVELS - 1),
                st.booleans(),
            ),
            max_size=3,
            unique_by=lambda one: one[0],
        ),
    }
)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("void"), st.integers(0, 30)),
        st.tuples(st.just("supersede"), st.integers(0, 30), records),
        st.tuples(st.just("late"), records),
        st.tuples(st.just("rate"), st.integers(0, 30), points),
        st.tuples(st.just("cap"), st.integers(0, 30), caps),
        st.tuples(st.just("close_version"), st.integers(0, 30), months),
        st.tuples(st.just("requirement"), st.integers(0, 30), caps),
        st.tuples(st.just("rule"), rules),
        st.tuples(st.just("leave"), st.integers(0, PEOPLE - 1), days),
        st.tuples(st.just("move_activity"), st.integers(0, ACTIVITIES - 1), st.integers(0, CATEGORIES - 1)),
        st.tuples(st.just("move_department"), st.integers(1, DEPARTMENTS - 1)),
        st.tuples(st.just("adjust"), st.integers(0, PEOPLE - 1), st.integers(0, CATEGORIES - 1), st.integers(-50, 50)),
        st.tuples(st.just("switch_off")),
    ),
    max_size=5,
)


# --- how it is built ----------------------------------------------------------------------------------
@dataclass
class Company:
    departments: list[Department]
    positions: list[Position]
    levels: list[Level]
    categories: list[Category]
    activities: list[Activity]
    year: PointsYear
    policy: Policy
    people: list[Employee] = field(default_factory=list)
    numbers: int = 0

    def scope(self, drawn: dict[str, Any]) -> dict[str, Any]:
        pick = {
            "department": self.departments,
            "position": self.positions,
            "level": self.levels,
            "employee": self.people,
        }
        return {
            "band": drawn["band"],
            **{name: None if drawn[name] is None else rows[drawn[name]] for name, rows in pick.items()},
        }

    def add_rule(self, drawn: dict[str, Any]) -> None:
        self.numbers += 1
        rule = Rule.objects.create(
            policy=self.policy,
            code=f"R{self.numbers}",
            activity=self.activities[drawn["activity"]],
            priority=drawn["priority"],
            **self.scope(drawn["scope"]),
        )
        ordered = sorted(drawn["versions"], key=lambda one: one["month"])
        for number, one in enumerate(ordered):
            end = None
            if number + 1 < len(ordered):
                end = dt.date(YEAR, ordered[number + 1]["month"], 1) - dt.timedelta(days=1)
            start = dt.date(YEAR, one["month"], 1)
            if one["gap"]:
                start += dt.timedelta(days=20)
            values = {name: one[name] for name in ("basis", "rate", "max_per_record", "max_per_year")}
            RuleVersion.objects.create(rule=rule, number=number + 1, start_date=start, end_date=end, **values)

    def add_target(self, drawn: dict[str, Any]) -> None:
        self.numbers += 1
        target = Target.objects.create(
            policy=self.policy,
            year=self.year,
            name=f"T{self.numbers}",
            **{name: drawn[name] for name in ("priority", "total", "pro_rata")},
            **self.scope(drawn["scope"]),
        )
        TargetRequirement.objects.bulk_create(
            TargetRequirement(
                target=target,
                category=self.categories[category],
                minimum=min(Decimal(minimum), cap) if cap is not None else Decimal(minimum),
                cap=cap,
            )
            for category, (minimum, cap) in drawn["requirements"].items()
        )

    def add_employee(self, drawn: dict[str, Any]) -> None:
        self.numbers += 1
        hired = FIRST + dt.timedelta(days=drawn["hired"])
        employee = Employee.objects.create(
            employee_no=f"E{self.numbers}",
            name="N",
            hire_date=hired,
            exit_date=None if drawn["leaves"] is None else hired + dt.timedelta(days=drawn["leaves"]),
        )
        self.people.append(employee)
        moves = sorted(drawn["moves"])
        Assignment.objects.bulk_create(
            Assignment(
                employee=employee,
                department=self.departments[department],
                position=self.positions[position],
                level=self.levels[level],
                start_date=FIRST + dt.timedelta(days=day),
                # some end with a gap before the next one, or for good
                end_date=FIRST + dt.timedelta(days=max(day, following - (5 if is_short else 1)))
                if (following := moves[number + 1][0] if number + 1 < len(moves) else day + 300 if is_short else None)
                is not None
                else None,
            )
            for number, (day, department, position, level, is_short) in enumerate(moves)
        )

    def record(self, drawn: dict[str, Any], **more: Any) -> LearningRecord:
        self.numbers += 1
        values: dict[str, Any] = {"source": "test", "source_id": str(self.numbers)} | more
        return LearningRecord(
            employee=self.people[drawn["employee"]],
            activity=self.activities[drawn["activity"]],
            happened_on=FIRST + dt.timedelta(days=drawn["day"]),
            **{name: drawn[name] for name in ("minutes", "count", "passed")},
            **values,
        )


@pytest.fixture
def company(db) -> Company:
    """The fixed part: a department tree three deep, categories that nest, no people yet."""
    departments: list[Department] = []
    for code, parent in (("A", None), ("AA", 0), ("AAA", 1), ("AB", 0), ("B", None)):
        parent_row = None if parent is None else departments[parent]
        departments.append(Department.objects.create(code=code, name=code, parent=parent_row))
    categories: list[Category] = []
    for code, parent in (("all", None), ("learn", 0), ("exam", 1), ("other", None)):
        parent_row = None if parent is None else categories[parent]
        categories.append(Category.objects.create(code=code, name=code, parent=parent_row))
    return Company(
        departments=departments,
        positions=[Position.objects.create(code=code, name=code) for code in ("P", "Q")],
        levels=[
            Level.objects.create(code=code, name=code, band=band, rank=1)
            for code, band in (("L1", "staff"), ("L2", "staff"), ("L3", "middle"))
        ],
        categories=categories,
        activities=[
            Activity.objects.create(code=code, name=code, category=categories[category])
            for code, category in (("x", 1), ("y", 2), ("z", 3))
        ],
        year=PointsYear.objects.create(name="Y", start_date=FIRST, end_date=dt.date(YEAR, 12, 31)),
        policy=Policy.objects.create(code="p", name="p", is_active=True),
    )


def change(company: Company, kind: str, *values: Any) -> None:
    """Something happens between two bookings."""
    active = list(LearningRecord.objects.filter(status="active").order_by("id"))
    version_rows = list(RuleVersion.objects.order_by("id"))
    if kind in {"void", "supersede"} and active:
        old = active[values[0] % len(active)]
        LearningRecord.objects.filter(pk=old.pk).update(status="voided" if kind == "void" else "superseded")
        if kind == "supersede":
            more = {"source_id": old.source_id, "revision": old.revision + 1, "supersedes": old}
            company.record(values[1], **more).save()
    elif kind == "late":
        company.record(values[0]).save()
    elif kind == "rule":
        company.add_rule(values[0])
    elif kind in {"rate", "cap", "close_version"} and version_rows:
        version = version_rows[values[0] % len(version_rows)]
        if kind == "rate":
            version.rate = values[1]
        elif kind == "cap":
            version.max_per_year = values[1]
        else:
            end = dt.date(YEAR, values[1], 15)
            version.end_date = end if version.start_date <= end <= (version.end_date or end) else version.end_date
        version.save()
    elif kind == "requirement" and (rows := list(TargetRequirement.objects.order_by("id"))):
        row = rows[values[0] % len(rows)]
        row.cap, row.minimum = values[1], min(row.minimum, values[1]) if values[1] is not None else row.minimum
        row.save()
    elif kind == "leave":
        employee = company.people[values[0]]
        employee.exit_date = max(employee.hire_date, FIRST + dt.timedelta(days=values[1]))
        employee.save()
    elif kind == "move_activity":
        activity = company.activities[values[0]]
        activity.category = company.categories[values[1]]
        activity.save()
    elif kind == "move_department":
        department = company.departments[values[0]]
        department.parent = None if department.parent_id else company.departments[0]
        department.save()
    elif kind == "adjust":
        adjust(company, *values)
    elif kind == "switch_off":
        Policy.objects.update(is_active=False)


def adjust(company: Company, who: int, category: int, amount: int) -> None:
    LedgerEntry.objects.create(
        employee=company.people[who],
        year=company.year,
        category=company.categories[category],
        batch=BookingBatch.objects.create(cause="by hand"),
        kind="adjustment",
        amount=amount,
        full_amount=amount,
        reason="by hand",
    )


def book(company: Company, *, one_by_one: bool) -> int:
    ids = [person.pk for person in company.people]
    entries = 0
    for part in [[pk] for pk in ids] if one_by_one else [ids]:
        entries += booking.book(employee_ids=part, year_id=company.year.pk, cause="test", actor_id=None).entries
    return entries


def agree(company: Company) -> None:
    wanted, found = expect(company.year), actual(company.year)
    assert found.ledger == wanted.ledger
    assert found.standings == wanted.standings


# --- what must hold -----------------------------------------------------------------------------------
@pytest.mark.parametrize("by_engine", [False, True], ids=["sql", "engine"])
def test_a_post_before_the_hire_tells_from_when_a_target_was_theirs(company, by_engine):
    """Of a first stay, as people who come again have it: nine months since the hire, not four of the last post."""
    PointsYear.objects.update(by_engine=by_engine)
    company.people.clear()
    with transaction.atomic():
        moves = [(0, 0, 0, 0, False), (53, 0, 1, 0, False), (250, 0, 0, 0, False)]
        company.add_employee({"hired": 100, "leaves": None, "moves": moves})
        target = {"priority": 0, "total": Decimal(10), "requirements": {}}
        company.add_target(target | {"scope": NO_SCOPE, "pro_rata": "none"})
        company.add_target(target | {"scope": NO_SCOPE | {"position": 0}, "pro_rata": "months"})
        book(company, one_by_one=False)
        agree(company)
        assert [one.required for one in actual(company.year).standings.values()] == [Decimal("7.5")]
        transaction.set_rollback(True)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    people=st.lists(careers, min_size=PEOPLE, max_size=PEOPLE),
    rules=st.lists(rules, min_size=1, max_size=6),
    targets=st.lists(targets, max_size=4),
    records=st.lists(records, min_size=1, max_size=16),
    changes=changes,
    rounding=st.sampled_from(["half_up", "down"]),
    one_by_one=st.booleans(),
)
@pytest.mark.parametrize("by_engine", [False, True], ids=["sql", "engine"])
def test_a_booking_agrees_with_the_reference_whatever_happens(
    company, settings, monkeypatch, by_engine, people, rules, targets, records, changes, rounding, one_by_one
):
    settings.POINTS_ROUNDING = rounding
    PointsYear.objects.update(by_engine=by_engine)
    # the settings of large slices, too
    monkeypatch.setattr(booking, "MANY", 1 if one_by_one else 100)
    company.people.clear()
    with transaction.atomic():
        for drawn in people:
            company.add_employee(drawn)
        for drawn in rules:
            company.add_rule(drawn)
        for drawn in targets:
            company.add_target(drawn)
        LearningRecord.objects.bulk_create([company.record(drawn) for drawn in records])
        book(company, one_by_one=one_by_one)
        agree(company)
        assert book(company, one_by_one=not one_by_one) == 0, "a second booking must write nothing"
        for kind, *values in changes:
            change(company, kind, *values)
            book(company, one_by_one=one_by_one)
            agree(company)
            assert book(company, one_by_one=False) == 0
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    for row in (*company.departments, *company.activities):
        row.refresh_from_db()
