"""Rows about people, where they work, their leaves and departures, as rows of the people app's bulk services."""

from __future__ import annotations

from collections.abc import Callable, Collection
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from migration.models import Kind
from migration.services.bands import bands_of, bands_of_levels
from migration.services.earlier import places_said
from migration.services.mapping import CREATABLE, Mapping
from migration.services.pieces import Heard, Rows, in_pieces
from migration.services.saving_results import at, pick
from people.models import Department, User
from people.services.bulk import (
    AssignmentRow,
    EmployeeRow,
    Missing,
    Said,
    overtaken_note,
    ready_places,
    save_assignments,
    save_employees,
)
from people.services.departures import DepartureRow, save_departures
from people.services.leaves import LeaveRow, save_leaves
from training.models import LearningRecord, RecordStatus

PLACE = ("department", "position", "level", "band", "assignment_start")
_PERSONAL = ("employee_no", "name", "hire_date", "exit_date", "gender", "birth_date", "email", "education")


def _missing(mapping: Mapping, bands: AnyMapping[str, str]) -> Missing:
    """What the mapping allows to create; while there is no department at all, everything."""
    create = mapping.create if Department.objects.exists() else CREATABLE
    return Missing(
        departments="departments" in create,
        positions="positions" in create,
        levels="levels" in create,
        bands={**bands, **mapping.bands},
    )


def save_employee_rows(rows: Rows, mapping: Mapping, actor: User | None, heard: Heard) -> Outcome:
    """A row may state the person and, with department, position and level, where they work: two steps.
    Raises BadRows."""
    half = len(rows) // 2
    assigned = [(number, values) for number, values in rows if any(name in values for name in PLACE)]
    bands = bands_of(assigned)

    def save_people(piece: Rows) -> Outcome:
        people = [EmployeeRow(row=number, **pick(values, *_PERSONAL, "attributes")) for number, values in piece]
        return save_employees(rows=people, actor=actor)

    outcome = in_pieces(Kind.EMPLOYEES, rows, save_people, lambda done: heard(done // 2))
    heard(half)
    said = places_said(values["employee_no"] for _number, values in assigned if "assignment_start" not in values)
    try:
        placed = _place(
            assigned, bands, lambda values: values.get("assignment_start"),
            _missing(mapping, bands_of_levels(assigned, bands)), actor, lambda done: heard(half + done // 2), said,
        )  # fmt: skip
    except BadRows as error:
        columns = {"start_date": "assignment_start"}
        raise BadRows([at(one, columns.get(one.column, one.column)) for one in error.problems]) from error
    # a row counts once: a person who is only placed anew has changed
    moved = len(placed.written - outcome.written)
    return Outcome(outcome.created, outcome.changed + moved, outcome.unchanged - moved, notes=placed.notes)


def save_assignment_rows(rows: Rows, mapping: Mapping, actor: User | None, heard: Heard) -> Outcome:
    return _place(rows, bands_of(rows), lambda values: values.get("start_date"), _missing(mapping, {}), actor, heard)


def _place(
    rows: Rows, bands: AnyMapping[int, str], start_of: Callable[[dict[str, Any]], Any], missing: Missing,
    actor: User | None, heard: Heard, said: Collection[Said] = (),
) -> Outcome:  # fmt: skip
    """Where people work. What is missing is created as all rows say it, before the first piece is saved."""

    def placed(piece: Rows) -> list[AssignmentRow]:
        return [_assignment(number, values, bands[number], start_of(values)) for number, values in piece]

    places = ready_places(rows=placed(rows), missing=missing)

    def save(piece: Rows) -> Outcome:
        return save_assignments(rows=placed(piece), actor=actor, missing=missing, said=said, places=places)

    outcome = in_pieces(Kind.ASSIGNMENTS, rows, save, heard)
    return replace(outcome, notes=overtaken_note(outcome.overtaken))


def _assignment(number: int, values: dict[str, Any], band: str, start: Any) -> AssignmentRow:
    return AssignmentRow(
        row=number,
        employee_no=values["employee_no"],
        department=values.get("department", ""),
        position=values.get("position", ""),
        # who has a band and no level is on the level of that name
        level=values.get("level", band),
        parent=values.get("parent_department", ""),
        band=band,
        start_date=start,
        end_date=values.get("end_date"),
        is_head=values.get("is_head"),
    )


def save_leave_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    leaves = [
        LeaveRow(row=number, **pick(values, "employee_no", "kind", "start_date", "end_date", "reason"))
        for number, values in rows
    ]
    return save_leaves(rows=leaves, actor=actor)


def save_departure_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    leavers = [
        DepartureRow(row=number, **pick(values, "employee_no", "exit_date", "reason")) for number, values in rows
    ]
    outcome = save_departures(rows=leavers, actor=actor)
    # nobody learns after the last working day: one of the two is wrong
    row_of = {one.employee_no.strip(): one for one in leavers}
    later = LearningRecord.objects.filter(
        employee__employee_no__in=row_of, status=RecordStatus.ACTIVE, happened_on__gt=F("employee__exit_date")
    )
    newest = later.values_list("employee__employee_no").annotate(newest=Max("happened_on")).order_by()
    problems = [
        RowProblem(
            row_of[number].row, "exit_date", row_of[number].exit_date,
            _("There is a learning record of %(day)s, after this day.") % {"day": day},
            _("Correct the day, or void the record first."),
        )
        for number, day in newest
    ]  # fmt: skip
    if problems:
        raise BadRows(sorted(problems, key=lambda one: one.row))
    return outcome
