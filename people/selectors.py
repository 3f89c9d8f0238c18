"""Every read of people starts here and fails to nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from hrsuite.lib.history import Change, events_of, told_changes
from people import rules
from people.models import (
    Assignment,
    Attribute,
    Department,
    DepartmentClosure,
    Employee,
    Leave,
    Level,
    Notification,
    Position,
)

if TYPE_CHECKING:
    from people.models import User


_TAKEN: ContextVar[dt.date | None] = ContextVar("taken_as_today", default=None)


def today() -> dt.date:
    """The local calendar day, or the one that is taken for it."""
    return _TAKEN.get() or timezone.localdate()


@contextmanager
def taken_as_today(day: dt.date | None) -> Iterator[None]:
    """Work on another day: worked examples of a policy run to the end of a year that is not over yet."""
    token = _TAKEN.set(day)
    try:
        yield
    finally:
        _TAKEN.reset(token)


def employee_of(user: Any) -> Employee | None:
    """The personnel record of a signed-in user, if there is one."""
    if not getattr(user, "is_authenticated", False):
        return None
    if not hasattr(user, "_employee_cache_suite"):
        user._employee_cache_suite = Employee.objects.filter(user=user).first()
    return user._employee_cache_suite


def _current(day: dt.date) -> Q:
    return Q(start_date__lte=day) & (Q(end_date__isnull=True) | Q(end_date__gte=day))


def current_assignments(day: dt.date | None = None) -> QuerySet[Assignment]:
    """Assignments that hold on ``day`` (default today), with their department, position and level."""
    return Assignment.objects.filter(_current(day or today())).select_related("department", "position", "level")


def roles_of(user: Any) -> set[str]:
    """Granted roles, plus employee and manager as the personnel record says today. Empty for strangers."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return set()
    if not hasattr(user, "_roles_cache"):
        roles = set(user.groups.filter(name__in=rules.GRANTED_ROLES).values_list("name", flat=True))
        employee = employee_of(user)
        day = today()
        if employee and (employee.exit_date is None or employee.exit_date >= day):
            roles.add(rules.EMPLOYEE)
            if Assignment.objects.filter(_current(day), employee=employee, is_head=True).exists():
                roles.add(rules.MANAGER)
        user._roles_cache = roles
    return user._roles_cache


def has_left(user: Any) -> bool:
    """The last working day of this account's employee is over."""
    employee = employee_of(user)
    return bool(employee and employee.exit_date and employee.exit_date < today())


def headed_departments(user: Any) -> QuerySet[Department]:
    """Departments that the user heads today, without those below them."""
    employee = employee_of(user)
    if employee is None or rules.MANAGER not in roles_of(user):
        return Department.objects.none()
    heads = Assignment.objects.filter(_current(today()), employee=employee, is_head=True)
    return Department.objects.filter(id__in=heads.values("department_id"))


def visible_departments(user: Any) -> QuerySet[Department]:
    """All departments for those who see everyone; the headed subtrees for managers; else none."""
    roles = roles_of(user)
    if roles & rules.SEES_EVERYONE:
        return Department.objects.all()
    if rules.MANAGER in roles:
        below = DepartmentClosure.objects.filter(ancestor__in=headed_departments(user)).values("descendant_id")
        return Department.objects.filter(id__in=below)
    return Department.objects.none()


def visible_employees(user: Any) -> QuerySet[Employee]:
    """The people whose records ``user`` may see: everyone, the own subtree today, oneself, or nobody."""
    roles = roles_of(user)
    if roles & rules.SEES_EVERYONE:
        return Employee.objects.all()
    own = Q(pk=getattr(employee_of(user), "pk", None)) if rules.EMPLOYEE in roles else Q(pk=None)
    if rules.MANAGER in roles:
        below = DepartmentClosure.objects.filter(ancestor__in=headed_departments(user)).values("descendant_id")
        held = Assignment.objects.filter(_current(today()), employee=OuterRef("pk"), department__in=below)
        return Employee.objects.filter(own | Q(Exists(held)))
    if rules.EMPLOYEE in roles:
        return Employee.objects.filter(own)
    return Employee.objects.none()


def people_for(user: Any, permission: str) -> QuerySet[Employee]:
    """The people on whom ``user`` may use ``permission``, without oneself unless it is one for everyone.

    Asked per permission: a payroll officer who also heads a department sees everyone's pay, but only the own
    department's appraisals.
    """
    if reaches_everyone(user, permission):
        return Employee.objects.all()
    if permission in rules.ROLE_PERMISSIONS[rules.MANAGER]:
        return people_below(user)
    return Employee.objects.none()


def of_people_for(rows: QuerySet[Any], user: Any, permission: str) -> QuerySet[Any]:
    """Those of ``rows`` whose ``employee`` is one of :func:`people_for`; without a join where that is everyone."""
    if reaches_everyone(user, permission):
        return rows
    return rows.filter(employee__in=people_for(user, permission))


def reaches_everyone(user: Any, permission: str) -> bool:
    """A role that sees everyone grants ``user`` this very permission."""
    return any(permission in rules.ROLE_PERMISSIONS[role] for role in roles_of(user) & rules.SEES_EVERYONE)


def people_below(user: Any) -> QuerySet[Employee]:
    """Who works in the departments that ``user`` heads today, or below them; never oneself."""
    if rules.MANAGER not in roles_of(user):
        return Employee.objects.none()
    below = DepartmentClosure.objects.filter(ancestor__in=headed_departments(user)).values("descendant_id")
    held = Assignment.objects.filter(_current(today()), employee=OuterRef("pk"), department__in=below)
    return Employee.objects.filter(Exists(held)).exclude(pk=employee_of(user).pk)  # type: ignore[union-attr]


def unread_notifications(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, read_at__isnull=True)


def notifications_of(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user)


def all_departments() -> QuerySet[Department]:
    """The organisation is no secret inside the company."""
    return Department.objects.select_related("parent")


def all_positions() -> QuerySet[Position]:
    return Position.objects.all()


def all_levels() -> QuerySet[Level]:
    return Level.objects.all()


def _latest_assignment() -> QuerySet[Assignment]:
    """Inside an employee query: the assignment that holds today, or the last one of a leaver."""
    return Assignment.objects.filter(employee=OuterRef("pk"), start_date__lte=today()).order_by("-start_date")


def people_list(user: Any) -> QuerySet[Employee]:
    """Visible employees with ``department_name``, ``position_name`` and ``level_name`` of today (leavers: the last)."""
    latest = _latest_assignment()
    return visible_employees(user).annotate(
        department_name=Subquery(latest.values("department__name")[:1]),
        position_name=Subquery(latest.values("position__name")[:1]),
        level_name=Subquery(latest.values("level__name")[:1]),
        level_rank=Subquery(latest.values("level__rank")[:1]),
    )


def in_department(people: QuerySet[Employee], department: Department) -> QuerySet[Employee]:
    """Those of ``people`` who work in the department or below it today (leavers: worked there last)."""
    below = DepartmentClosure.objects.filter(ancestor=department).values("descendant_id")
    return people.filter(Exists(_held_lately().filter(department__in=below)))


def of_department(rows: QuerySet[Any], department: Department) -> QuerySet[Any]:
    """Those of ``rows`` whose ``employee`` works in the department or below it today (leavers: worked there last)."""
    return rows.filter(employee__in=in_department(Employee.objects.all(), department))


def in_position(people: QuerySet[Employee], position: Position) -> QuerySet[Employee]:
    return people.filter(Exists(_held_lately().filter(position=position)))


def in_level(people: QuerySet[Employee], level: Level) -> QuerySet[Employee]:
    return people.filter(Exists(_held_lately().filter(level=level)))


def _held_lately() -> QuerySet[Assignment]:
    """Inside an employee query: what holds today, and for leavers what held on the last day."""
    day = today()
    return Assignment.objects.filter(employee=OuterRef("pk"), start_date__lte=day).filter(
        Q(end_date__isnull=True) | Q(end_date__gte=day) | Q(end_date=OuterRef("exit_date"))
    )


def on_staff(people: QuerySet[Employee]) -> QuerySet[Employee]:
    """Those who are employed today."""
    day = today()
    return people.filter(Q(exit_date__isnull=True) | Q(exit_date__gte=day), hire_date__lte=day)


def gone(people: QuerySet[Employee]) -> QuerySet[Employee]:
    """Those whose last working day is over."""
    return people.filter(exit_date__lt=today())


def joining(people: QuerySet[Employee]) -> QuerySet[Employee]:
    """Those who have not begun yet."""
    return people.filter(hire_date__gt=today())


def assignments_of(employee: Employee) -> QuerySet[Assignment]:
    """The whole history, newest first. Ask only for an employee that came from :func:`visible_employees`."""
    return (
        Assignment.objects.filter(employee=employee)
        .select_related("department", "position", "level")
        .order_by("-start_date")
    )


def leaves_of(employee: Employee) -> QuerySet[Leave]:
    """Long leaves, newest first. Ask only for an employee that came from :func:`visible_employees`."""
    return Leave.objects.filter(employee=employee).order_by("-start_date")


def visible_leaves(user: Any) -> QuerySet[Leave]:
    return Leave.objects.filter(employee__in=visible_employees(user)).select_related("employee")


def all_attributes() -> QuerySet[Attribute]:
    """Everything that was declared, retired ones too: what is recorded is no secret, its values are."""
    return Attribute.objects.all()


def attributes_of(owner: str) -> dict[str, Attribute]:
    """Code -> attribute of employees or records that is in use, by name."""
    return {one.code: one for one in Attribute.objects.filter(owner=owner, is_active=True).order_by("name", "code")}


def head_counts() -> dict[int, int]:
    """Department id -> people who work in that very department today."""
    counted = Assignment.objects.filter(_current(today())).values("department").annotate(people=Count("employee"))
    return {row["department"]: row["people"] for row in counted.order_by()}


def heads_today() -> QuerySet[Assignment]:
    """Who heads which department today."""
    return Assignment.objects.filter(_current(today()), is_head=True).select_related("employee")


def account_roles(user: Any) -> list[str]:
    """Roles given by hand."""
    return list(user.groups.filter(name__in=rules.GRANTED_ROLES).order_by("name").values_list("name", flat=True))


def history_of(employee: Employee) -> list[Change]:
    """Everything that changed, newest first. Ask only for an employee that came from :func:`visible_employees`."""
    places = events_of(Assignment).filter(employee_id=employee.pk).select_related("department", "position", "level")
    return told_changes(
        [*events_of(Employee).filter(pgh_obj_id=employee.pk), *places],
        lambda event: gettext("Person") if event._meta.model_name == "employeeevent" else gettext("Assignment"),
        untold=frozenset({"id", "created_at", "user", "employee"}),
    )


def people_of_role(role: str) -> QuerySet[Any]:
    """Accounts that hold a granted role, for messages of the system."""
    return get_user_model().objects.filter(groups__name=role, is_active=True)
