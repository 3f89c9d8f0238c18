"""Whose training somebody sees, asked per permission."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from people.models import Employee
from people.selectors import employee_of, people_for, reaches_everyone

OWN = "training.view_own_points"


def people_with(user: Any, permission: str) -> QuerySet[Employee]:
    """The people on whom ``user`` may use the permission, and oneself: whoever has points may see the own ones."""
    if reaches_everyone(user, permission):
        return Employee.objects.all()
    own = employee_of(user) if user.has_perm(OWN) else None
    return Employee.objects.filter(Q(pk__in=people_for(user, permission)) | Q(pk=own.pk if own else None))


def of_people_with(rows: QuerySet[Any], user: Any, permission: str) -> QuerySet[Any]:
    """Those of ``rows`` whose ``employee`` is one of :func:`people_with`; without a join where that is everyone."""
    if reaches_everyone(user, permission):
        return rows
    return rows.filter(employee__in=people_with(user, permission))
