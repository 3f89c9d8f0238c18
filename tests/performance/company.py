"""Eighty middle managers with points set by hand, for rankings that can be checked on paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from people.models import Assignment, Employee
from tests.world import World
from training.models import Standing


def stand(world: World, employee: Employee, points: str | int, *, required: str | int | None = 100) -> Standing:
    """Write a standing as a booking would: with a target of ``required`` points, or without one."""
    total = Decimal(points)
    return Standing.objects.update_or_create(
        employee=employee,
        year=world.year,
        defaults={
            "total": total,
            "full_total": total,
            "target": world.target if required is not None else None,
            "required": None if required is None else Decimal(required),
            "met": None if required is None else total >= Decimal(required),
            "booked_at": timezone.now(),
        },
    )[0]


def hire(world: World, number: int, *, department: str = "HQ", level: str = "L3") -> Employee:
    """One more person, a middle manager unless said otherwise, on staff since three years."""
    hired = dt.date(world.year.start_date.year - 3, 3, 1)
    employee = Employee.objects.create(employee_no=f"M{number:03}", name=f"Manager {number:03}", hire_date=hired)
    Assignment.objects.create(
        employee=employee,
        department=world.departments[department],
        position=world.positions["SALES-MGR"],
        level=world.levels[level],
        start_date=hired,
    )
    return employee


def eighty_managers(world: World) -> list[Employee]:
    """Bob, Dave and 78 more: manager i (0 to 79) has 280 - 2i points, so all but those below 100 met the target."""
    managers = [world.people["bob"], world.people["dave"], *(hire(world, number) for number in range(78))]
    for place, employee in enumerate(managers):
        stand(world, employee, 280 - 2 * place)
    return managers
