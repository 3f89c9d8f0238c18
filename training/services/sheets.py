"""Sign-in sheets: one event, one day, many attendees, entered in one go."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.models import Employee, User
from training.models import Activity, Course, LearningRecord, Measure, RecordStatus
from training.selectors.records import SHEET
from training.services.records import (
    RecordRow,
    check_records,
    check_restated,
    restate_records,
    save_records,
    void_records,
)
from training.services.records.rows import Facts

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
    """What it would do: employee id -> state, or a problem.

    States: ``new``, ``again`` (voided before), ``late``, ``known``, ``corrected`` (known, says something else since).
    """

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


@dataclass(frozen=True)
class _Sorted:
    """Rows that are entered, those stated again because their records are voided, and what is saved by source id."""

    entered: list[RecordRow]
    again: list[tuple[LearningRecord, RecordRow]]
    newest: dict[str, LearningRecord]

    @classmethod
    def of(cls, rows: Sequence[RecordRow]) -> _Sorted:
        names = [row.source_id for row in rows]
        saved = LearningRecord.objects.filter(source=SHEET, source_id__in=names).order_by("revision")
        newest = {record.source_id: record for record in saved}
        voided = {name for name, record in newest.items() if record.status == RecordStatus.VOIDED}
        entered = [row for row in rows if row.source_id not in voided]
        again = [(newest[row.source_id], row) for row in rows if row.source_id in voided]
        return cls(entered, again, newest)


def _told(problems: Sequence[RowProblem], rows: Sequence[RecordRow], saved: Mapping[str, Any]) -> list[RowProblem]:
    """Nobody gave a sheet its source ids, so they are no help where the content is another one."""
    told = []
    for problem in problems:
        record = saved.get(rows[problem.row - 1].source_id)
        if problem.column == "source_id" and record:
            minutes = "–" if record.minutes is None else record.minutes
            message = _("Entered for this event before, with other content (minutes: %(minutes)s).")
            mend = _("Correct that record, undo that sheet before you enter this one, or give the event another title.")
            problem = replace(problem, message=message % {"minutes": minutes}, mend=mend)
        told.append(problem)
    return told


@transaction.atomic
def check_sheet(*, event: Event, employees: Sequence[Employee], own: Own | None = None) -> SheetCheck:
    """Everything that :func:`enter_sign_in_sheet` would say, changing nothing."""
    _check_event(event, employees)
    rows = _rows(event, employees, own)
    found = _Sorted.of(rows)
    checked = check_records(found.entered)
    states = {row.row: "again" for _record, row in found.again}
    new, late = set(checked.new.values()), set(checked.late)
    for position, row in enumerate(found.entered):
        record, facts = found.newest.get(row.source_id), checked.facts.get(position)
        corrected = record and facts and not facts.same_as(Facts.of(record), passed_derived=True)
        known = "corrected" if corrected else "known"
        states[row.row] = "new" if position in new else "late" if position in late else known
    problems = _told([*checked.problems, *check_restated([row for _record, row in found.again])], rows, found.newest)
    return SheetCheck(
        {employee.pk: states[number] for number, employee in enumerate(employees, 1)},
        {employees[one.row - 1].pk: f"{one.message} {one.mend}".strip() for one in reversed(problems)},
    )


@transaction.atomic
def enter_sign_in_sheet(
    *, event: Event, employees: Sequence[Employee], actor: User | None, own: Own | None = None
) -> SheetOutcome:
    """A record for each attendee. The same sheet again changes nothing; more names on it are added.

    Attendees whose record was voided count again, with what the sheet says now. Whoever counts with other content is a
    problem, unless the sheet said so before and a person corrected it. Raises BadInput for the event, BadRows for
    attendees (``row`` is the place in ``employees``, from 1).
    """
    unique = list({employee.pk: employee for employee in employees}.values())
    _check_event(event, unique)
    rows = _rows(event, unique, own)
    found = _Sorted.of(rows)
    try:
        outcome = save_records(rows=found.entered, actor=actor, cause=_("Sign-in sheet entered"))
        reason = _("Entered again on the sign-in sheet")
        restored = restate_records(stated_again=found.again, reason=reason, actor=actor)
    except BadRows as error:
        raise BadRows(_told(error.problems, rows, found.newest)) from error
    return SheetOutcome(
        key=event.key,
        created=outcome.created,
        restored=len(restored),
        unchanged=outcome.unchanged,
        kept=outcome.kept,
    )


@transaction.atomic
def undo_sheet(*, key: str, reason: str, actor: User | None) -> int:
    """Void every record of a sheet that still counts. Answers how many."""
    records = list(LearningRecord.objects.filter(source=SHEET, source_id__startswith=f"{key}:", status="active"))
    void_records(records=records, reason=reason, actor=actor)
    return len(records)
