"""One account per role, each the account of somebody who works there. For the demo only: the password is public."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction

from people import rules
from people.models import Employee, User

PASSWORD = "training-counts"  # noqa: S105 - printed on the screen, and the demo listens on loopback only


@dataclass(frozen=True)
class Login:
    """``unit``, ``level``: who of the company gets the account (the first such person)."""

    username: str
    english: str
    chinese: str
    role: str
    unit: str
    level: str


LOGINS = (
    Login("employee", "Employee", "员工", rules.EMPLOYEE, "SALES-E", "S2"),
    Login("manager", "Department manager (R&D)", "部门经理（研发）", rules.MANAGER, "RD", "M2"),
    Login("hr", "HR admin", "人事管理员", rules.HR_ADMIN, "HR", "M2"),
    Login("payroll", "Payroll officer", "薪酬专员", rules.PAYROLL, "FIN", "L1"),
    Login("operations", "Operations", "运维人员", rules.OPERATIONS, "IT", "S2"),
    Login("recruiter", "Recruiter", "招聘专员", rules.RECRUITER, "HR", "L1"),
    Login("auditor", "Auditor", "审计员", rules.AUDITOR, "FIN", "S2"),
)


def open_admin_account() -> User:
    """The HR admin who sets everything up; there is nobody yet who could open the account."""
    return _open(next(login for login in LOGINS if login.role == rules.HR_ADMIN), language="")


@transaction.atomic
def open_accounts(*, language: str) -> None:
    """An account for every role, tied to a person."""
    for login in LOGINS:
        user = _open(login, language=language)
        if getattr(user, "employee", None):
            continue
        employee = _person(login)
        user.first_name, user.email, user.language = employee.name, employee.email, language
        user.save(update_fields=["first_name", "email", "language"])
        employee.user = user
        employee.save(update_fields=["user"])


def _open(login: Login, *, language: str) -> User:
    user = User.objects.filter(username=login.username).first()
    if user is None:
        user = User.objects.create_user(login.username, password=PASSWORD, language=language)
    if login.role in rules.GRANTED_ROLES:
        user.groups.add(Group.objects.get_or_create(name=login.role)[0])
    return user


def _person(login: Login) -> Employee:
    """The first of the unit at the level who has been here for years and has no account."""
    return (
        Employee.objects.filter(
            assignments__department__code=login.unit, assignments__level__code=login.level, user__isnull=True
        )
        .order_by("hire_date", "employee_no")
        .first()
    ) or Employee.objects.filter(user__isnull=True).order_by("employee_no")[0]
