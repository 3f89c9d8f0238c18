"""Sign-in sheets: one event, one day, many attendees, entered in one go."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Employee, User
from training.models import Activity, Course, LearningRecord, Measure, RecordStatus
from training.selectors.records import SHEET
from training.services.records import (
    RecordRow,
    check_records,
    restore_record,
    save_records,
    void_records,
)

MOST_ATTENDEES = 5000


@dataclass(frozen=True)
class Event:
    """What the sheet is of. Two sheets of the same event and day are one sheet.

    ``attributes`` (by code) are stated of everybody; what is stated of one attendee alone goes before them.
    """

    activity: Activity
    happened_on: dt.date
    course: Course | None = None
    title: str = ""
    minutes: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names the sheet; the same event always has the same one."""
        parts = [self.activity.code, self.course.code if self.course else "", self.title.strip().casefold()]
        digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
        return f"{self.happened_on:%Y%m%d}-{digest}"


@dataclass(frozen=True)
class SheetOutcome:
    """``restored`` attendees had been voided before; those ``kept`` came too late and wait for a decision."""

    key: str
    created: int = 0
    restored: int = 0
    unchanged: int = 0
    kept: int = 0


@dataclass(frozen=True)
class SheetCheck:
    """What it would do: employee id -> ``new``, ``again`` (voided before), ``late``, ``known``, or a problem."""

    states: dict[int, str]
    problems: dict[int, str]


#: employee id -> what is stated of this attendee alone, by code of the attribute
Own = Mapping[int, Mapping[str, Any]]


def _rows(event: Event, employees: Sequence[Employee], own: Own | None) -> list[RecordRow]:
    return [
        RecordRow(
            row=number,
            employee_no=employee.employee_no,
            activity=event.activity.code,
            happened_on=event.happened_on,
            minutes=event.minutes,
            course=event.course.code if event.course else "",
            title=event.title,
            source=SHEET,
            # numbers of employees can change, their keys cannot
            source_id=f"{event.key}:{employee.pk}",
            attributes={**event.attributes, **(own or {}).get(employee.pk, {})},
        )
        for number, employee in enumerate(employees, 1)
    ]


def _check_event(event: Event, employees: Sequence[Employee]) -> None:
    if event.activity.measure == Measure.EXAM:
        raise BadInput(
            "activity",
            event.activity.name,
            _("An exam needs a result for each person."),
            _("Import the scores from a file, or enter a record each."),
        )
    if not 0 < len(employees) <= MOST_ATTENDEES:
        raise BadInput(
            "attendees",
            len(employees),
            _("A sheet has from 1 to %(most)s attendees.") % {"most": MOST_ATTENDEES},
            _("Add somebody, or split the list."),
        )


def _voided(rows: Sequence[RecordRow]) -> dict[str, LearningRecord]:
    """Source id -> the newest revision, where that one is voided."""
    names = [row.source_id for row in rows]
    newest: dict[str, LearningRecord] = {}
    for record in LearningRecord.objects.filter(source=SHEET, source_id__in=names).order_by("revision"):
        newest[record.source_id] = record
    return {name: record for name, record in newest.items() if record.status == RecordStatus.VOIDED}


@transaction.atomic
def check_sheet(*, event: Event, employees: Sequence[Employee], own: Own | None = None) -> SheetCheck:
    """Everything that :func:`enter_sign_in_sheet` would say, changing nothing."""
    _check_event(event, employees)
    rows = _rows(event, employees, own)
    checked = check_records(rows)
    new, late, voided = set(checked.new.values()), set(checked.late), _voided(rows)
    states = {}
    for position, (row, employee) in enumerate(zip(rows, employees, strict=True)):
        state = "again" if row.source_id in voided else "known"
        states[employee.pk] = "new" if position in new else "late" if position in late else state
    problems = {
        employees[problem.row - 1].pk: f"{problem.message} {problem.mend}" for problem in reversed(checked.problems)
    }
    return SheetCheck(states, problems)


@transaction.atomic
def enter_sign_in_sheet(
    *, event: Event, employees: Sequence[Employee], actor: User | None, own: Own | None = None
) -> SheetOutcome:
    """A record for each attendee. The same sheet again changes nothing; more names on it are added.

    Attendees whose record was voided count again. Raises BadInput for the event, BadRows for attendees (``row`` is the
    place in ``employees``, from 1).
    """
    unique = list({employee.pk: employee for employee in employees}.values())
    _check_event(event, unique)
    rows = _rows(event, unique, own)
    voided = _voided(rows)
    outcome = save_records(rows=rows, actor=actor, cause=_("Sign-in sheet entered"))
    for record in voided.values():
        restore_record(record=record, reason=_("Entered again on the sign-in sheet"), actor=actor)
    return SheetOutcome(
        key=event.key,
        created=outcome.created,
        restored=len(voided),
        unchanged=outcome.unchanged - len(voided),
        kept=outcome.kept,
    )


@transaction.atomic
def undo_sheet(*, key: str, reason: str, actor: User | None) -> int:
    """Void every record of a sheet that still counts. Answers how many."""
    records = list(LearningRecord.objects.filter(source=SHEET, source_id__startswith=f"{key}:", status="active"))
    void_records(records=records, reason=reason, actor=actor)
    return len(records)
