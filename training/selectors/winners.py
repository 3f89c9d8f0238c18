"""Which rules were up for somebody on a day, and which of them counts."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from people.models import Assignment, DepartmentClosure, Employee
from people.selectors import current_assignments
from training.models import RuleVersion
from training.rules import Offer, Place


def assignment_on(employee: Employee, day: dt.date) -> Assignment | None:
    """The assignment that was held on ``day``."""
    return current_assignments(day).filter(employee=employee).first()


def place_on(employee: Employee, assignment: Assignment | None) -> Place:
    """The place that rules are compared with."""
    if assignment is None:
        return Place(employee.pk)
    above = DepartmentClosure.objects.filter(descendant=assignment.department)
    return Place(
        employee_id=employee.pk,
        position_id=assignment.position_id,
        level_id=assignment.level_id,
        band=assignment.level.band,
        departments=dict(above.values_list("ancestor_id", "depth")),
    )


def versions_on(employee: Employee, day: dt.date) -> list[RuleVersion]:
    """Versions in force on ``day`` in active policies, for everybody or for this employee, whatever their scope."""
    in_force = Q(start_date__lte=day) & (Q(end_date__isnull=True) | Q(end_date__gte=day))
    theirs = Q(rule__employee__isnull=True) | Q(rule__employee=employee)
    versions = RuleVersion.objects.filter(in_force, theirs, rule__policy__is_active=True)
    return list(
        versions.select_related(
            "rule__policy", "rule__activity", "rule__department", "rule__position", "rule__level", "rule__employee"
        ).order_by("pk")
    )


def offer(version: RuleVersion) -> Offer:
    """A version and the scope of its rule, as the pure rules know them."""
    rule = version.rule
    return Offer(
        version_id=version.pk,
        start_date=version.start_date,
        priority=rule.priority,
        employee_id=rule.employee_id,
        department_id=rule.department_id,
        position_id=rule.position_id,
        level_id=rule.level_id,
        band=rule.band,
        has_when="when" in version.terms,
    )
