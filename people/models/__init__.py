"""Organisation, employees, dated assignments, users, notifications."""

from people.models.accounts import SignInAttempt, User
from people.models.attributes import Attribute
from people.models.employees import Assignment, Employee, Leave
from people.models.messages import MailMessage, Notification
from people.models.organisation import (
    Band,
    Department,
    DepartmentClosure,
    Level,
    Position,
)
from people.models.scope import Scope

__all__ = [
    "Assignment",
    "Attribute",
    "Band",
    "Department",
    "DepartmentClosure",
    "Employee",
    "Leave",
    "Level",
    "MailMessage",
    "Notification",
    "Position",
    "Scope",
    "SignInAttempt",
    "User",
]
