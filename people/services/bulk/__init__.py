"""Employees and assignments saved in bulk: all or nothing, every problem at once, nothing twice."""

from people.services.bulk.assignments import (
    AssignmentRow,
    Said,
    overtaken_note,
    ready_places,
    save_assignments,
)
from people.services.bulk.employees import EmployeeRow, save_employees
from people.services.bulk.places import UNSTATED, Missing, create_places, is_first_load

__all__ = [
    "UNSTATED",
    "AssignmentRow",
    "EmployeeRow",
    "Missing",
    "Said",
    "create_places",
    "is_first_load",
    "overtaken_note",
    "ready_places",
    "save_assignments",
    "save_employees",
]
