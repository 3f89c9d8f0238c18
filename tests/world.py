"""A small company, the same in all tests.

Headquarters (HQ)
├── Sales: Bob is head (middle), Alice and Carol (staff)
└── R&D (RD): Dave is head (middle); RD-LAB below it: Erin (staff), Frank (supervisor)

Office holders without a place in the tree above: Helen (HR admin), Paul (payroll), Oscar (operations),
Rita (recruiter), Audrey (auditor). Charlie has an account and no role: he must see nothing.

The points year is the calendar year 2026, cut off from the real date: use ``world.year``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group

from people import rules
from people.models import Assignment, Department, Employee, Level, Position, User
from people.selectors import today
from training.models import Activity, Basis, Category, PointsYear, Policy, Rule, RuleVersion, Target, TargetRequirement

#: name -> (department code, position code, level code, is head)
STAFF = {
    "alice": ("SALES", "REP", "L1", False),
    "bob": ("SALES", "SALES-MGR", "L3", True),
    "carol": ("SALES", "REP", "L1", False),
    "dave": ("RD", "RD-MGR", "L3", True),
    "erin": ("RD-LAB", "ENGINEER", "L1", False),
    "frank": ("RD-LAB", "ENGINEER", "L2", False),
}
OFFICES = {
    "helen": rules.HR_ADMIN,
    "paul": rules.PAYROLL,
    "oscar": rules.OPERATIONS,
    "rita": rules.RECRUITER,
    "audrey": rules.AUDITOR,
}
#: code -> (name, category, measure, basis, rate): the case company's rules
ACTIVITIES = {
    "online": ("Online course", "course", "hours", Basis.PER_HOUR, 2),
    "workshop": ("Workshop", "workshop", "times", Basis.PER_TIME, 5),
    "exam": ("Exam passed", "exam", "exam", Basis.PER_PASS, 10),
    "lecture": ("Internal lecture", "sharing", "times", Basis.PER_TIME, 15),
    "mentoring": ("Mentoring", "sharing", "times", Basis.PER_TIME, 20),
    "project": ("Technical project", "sharing", "times", Basis.PER_TIME, 30),
}


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Employee] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    year: PointsYear = None  # type: ignore[assignment]
    policy: Policy = None  # type: ignore[assignment]
    target: Target = None  # type: ignore[assignment]
    #: what the access tables of the apps made for themselves
    extra: dict[str, Any] = field(default_factory=dict)


def build_world(*, hire_date: dt.date | None = None) -> World:
    """The company above with the case company's rules and, for middle managers, its target of 100 points."""
    world = World()
    this_year = today().year
    hired = hire_date or dt.date(this_year - 3, 3, 1)
    _organisation(world)
    for name in (*STAFF, *OFFICES, "charlie"):
        world.users[name] = User.objects.create(username=name, email=f"{name}@example.com", first_name=name.title())
    for name, (department, position, level, is_head) in STAFF.items():
        employee = Employee.objects.create(
            employee_no=f"E{len(world.people) + 1:03}",
            name=name.title(),
            hire_date=hired,
            email=f"{name}@example.com",
            user=world.users[name],
        )
        world.people[name] = employee
        Assignment.objects.create(
            employee=employee,
            department=world.departments[department],
            position=world.positions[position],
            level=world.levels[level],
            is_head=is_head,
            start_date=hired,
        )
    for name, role in OFFICES.items():
        world.users[name].groups.add(Group.objects.get_or_create(name=role)[0])
    _policy(world, this_year)
    return world


def _organisation(world: World) -> None:
    for code, name, parent in [
        ("HQ", "Headquarters", None), ("SALES", "Sales", "HQ"), ("RD", "R&D", "HQ"), ("RD-LAB", "R&D laboratory", "RD"),
    ]:  # fmt: skip
        world.departments[code] = Department.objects.create(
            code=code, name=name, parent=world.departments.get(parent or "")
        )
    for code, name in [
        ("REP", "Sales representative"),
        ("SALES-MGR", "Sales manager"),
        ("ENGINEER", "Engineer"),
        ("RD-MGR", "R&D manager"),
    ]:
        world.positions[code] = Position.objects.create(code=code, name=name)
    for rank, (code, name, band) in enumerate(
        [
            ("L1", "Staff", "staff"),
            ("L2", "Supervisor", "supervisor"),
            ("L3", "Middle", "middle"),
            ("L4", "Senior", "senior"),
        ],
        1,
    ):
        world.levels[code] = Level.objects.create(code=code, name=name, band=band, rank=rank)


def _policy(world: World, this_year: int) -> None:
    world.year = PointsYear.objects.create(
        name=str(this_year), start_date=dt.date(this_year, 1, 1), end_date=dt.date(this_year, 12, 31)
    )
    for code, name in [("course", "Courses"), ("workshop", "Workshops"), ("exam", "Exams"), ("sharing", "Sharing")]:
        world.categories[code] = Category.objects.create(code=code, name=name)
    world.policy = Policy.objects.create(code="case", name="Case company", is_active=True)
    for code, (name, category, measure, basis, rate) in ACTIVITIES.items():
        activity = Activity.objects.create(
            code=code,
            name=name,
            category=world.categories[category],
            measure=measure,
            pass_mark=60 if measure == "exam" else None,
        )
        scope = {"department": world.departments["RD"], "band": "middle"} if code == "project" else {}
        rule = Rule.objects.create(policy=world.policy, activity=activity, code=code, **scope)
        RuleVersion.objects.create(
            rule=rule, number=1, basis=basis, rate=Decimal(rate), start_date=dt.date(this_year - 5, 1, 1)
        )
        world.activities[code], world.rules[code] = activity, rule
    world.target = Target.objects.create(
        policy=world.policy, year=world.year, name="Middle managers", band="middle", total=Decimal(100), pro_rata="none"
    )
    for code, minimum in [("course", 40), ("workshop", 30), ("exam", 20), ("sharing", 10)]:
        TargetRequirement.objects.create(target=world.target, category=world.categories[code], minimum=Decimal(minimum))
