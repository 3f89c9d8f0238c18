"""Records of teams: saved all or nothing, nothing twice; voided with a reason. Everybody who shares is booked anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from people.models import Department, User
from people.selectors import today
from training.models import Activity, RecordStatus, TeamRecord
from training.services.records.change import MANUAL, as_bad_input, stated
from training.services.records.checks import closed_year_problems, read_content
from training.services.records.rows import RecordRow, References, canonical, folded
from training.services.work import queue_points_for_days

_MEMBERS = """
-- who was assigned to the department of a team record, or below it, on its day
SELECT DISTINCT a.employee_id, t.happened_on
FROM training_teamrecord AS t
JOIN people_departmentclosure AS below ON below.ancestor_id = t.department_id
JOIN people_assignment AS a
    ON a.department_id = below.descendant_id AND a.start_date <= t.happened_on
    AND coalesce(a.end_date, 'infinity') >= t.happened_on
WHERE t.id = ANY(%s)
"""
CONTENT = (
    "department_id", "activity_id", "course_id", "happened_on", "minutes", "count", "score", "passed", "title",
)  # fmt: skip


@dataclass(frozen=True)
class TeamRow:
    """A row to save. References are by code or name; ``source`` and ``source_id`` name the achievement for good.

    ``activity`` may be empty where ``course`` is given.
    """

    row: int
    department: str
    activity: str
    happened_on: dt.date
    minutes: int | None = None
    count: int | None = None
    score: Decimal | None = None
    passed: bool | None = None
    course: str = ""
    title: str = ""
    source: str = ""
    source_id: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> RecordRow:
        """What it says, as a record of nobody."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "department"}
        return RecordRow(employee_no="", **said)


def save_team_records(*, rows: Sequence[TeamRow], actor: User | None, cause: str) -> Outcome:
    """Save ``rows`` and queue the points of all members, or change nothing and raise BadRows.

    A row that says what is saved under its source id is *unchanged*; one that says anything else is a problem.
    """
    with transaction.atomic():
        # the years are locked for reading: nobody closes one before our commit
        refs = References([row.content for row in rows])
        places = _departments()
        problems: list[RowProblem] = []
        wanted: list[tuple[TeamRow, TeamRecord]] = []
        for row in rows:
            record, wrong = _read(row, refs, places, actor)
            problems += wrong
            if record:
                wanted.append((row, record))
        new, clashes = _new(wanted)
        problems += clashes
        if problems:
            raise BadRows(sorted(problems, key=lambda problem: problem.row))
        saved = TeamRecord.objects.bulk_create(new)
        _queue(saved, cause=cause, actor=actor)
    return Outcome(created=len(saved), unchanged=len(rows) - len(saved))


def enter_team_record(
    *,
    department: Department,
    activity: Activity,
    happened_on: dt.date,
    actor: User | None,
    source_id: str,
    **content: Any,
) -> TeamRecord:
    """One typed in by a person. The same ``source_id`` again changes nothing."""
    row = TeamRow(
        row=0, department=department.code, activity=activity.code, happened_on=happened_on, source=MANUAL,
        source_id=source_id, **content,
    )  # fmt: skip
    try:
        save_team_records(rows=[row], actor=actor, cause=_("Team record entered"))
    except BadRows as error:
        raise as_bad_input(error.problems[0]) from error
    return TeamRecord.objects.get(source=MANUAL, source_id=source_id)


def void_team_record(*, record: TeamRecord, reason: str, actor: User | None) -> TeamRecord:
    """It does not count any more; shares are taken back. It stays in the table with the ``reason``."""
    reason = stated(reason)
    with transaction.atomic():
        record = TeamRecord.objects.select_for_update().get(pk=record.pk)
        if record.status != RecordStatus.ACTIVE:
            raise BadInput("record", record.pk, _("This record does not count any more."), _("Look at it again."))
        for problem in closed_year_problems(0, record.happened_on, References([])):
            raise as_bad_input(problem)
        record.status, record.status_reason = RecordStatus.VOIDED, reason
        record.save(update_fields=["status", "status_reason"])
        _queue([record], cause=_("Team record voided"), actor=actor)
    return record


def _queue(records: Sequence[TeamRecord], *, cause: str, actor: User | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [[record.pk for record in records]])
        queue_points_for_days(pairs=cursor.fetchall(), cause=cause, actor=actor)


def _departments() -> dict[str, Department]:
    found = list(Department.objects.all())
    return {folded(one.name): one for one in found} | {folded(one.code): one for one in found}


def _read(
    row: TeamRow, refs: References, places: Mapping[str, Department], actor: User | None
) -> tuple[TeamRecord | None, list[RowProblem]]:
    department = places.get(folded(row.department))
    said, activity, course, problems = read_content(row.content, refs)
    problems += _problems(row, refs, department)
    if problems or department is None or activity is None:
        return None, problems
    return TeamRecord(
        department=department, activity=activity, course=course, happened_on=said.happened_on, minutes=said.minutes,
        count=said.count, score=said.score, passed=said.passed, title=said.title.strip(), source=said.source.strip(),
        source_id=said.source_id.strip(), attributes=dict(said.attributes), created_by=actor,
    ), []  # fmt: skip


def _problems(row: TeamRow, refs: References, department: Department | None) -> Iterator[RowProblem]:
    if department is None:
        yield RowProblem(
            row.row, "department", row.department, _("There is no such department."),
            _("Use the code or name of a department, or name an employee instead."),
        )  # fmt: skip
    if row.happened_on > today():
        yield RowProblem(
            row.row, "happened_on", row.happened_on, _("The date lies in the future."),
            _("Enter it once it took place, or correct the date."),
        )  # fmt: skip
    year = refs.year_of(row.happened_on)
    if year and year.closing_until and not year.takes_records(today()):
        yield RowProblem(
            row.row, "happened_on", row.happened_on,
            _("Late records of %(year)s were taken until %(day)s.")
            % {"year": year.name, "day": date_format(year.closing_until)},
            _("Give the year a longer late window, or adjust the points of its people."),
        )  # fmt: skip
    yield from closed_year_problems(row.row, row.happened_on, refs)


def _new(wanted: Sequence[tuple[TeamRow, TeamRecord]]) -> tuple[list[TeamRecord], list[RowProblem]]:
    saved = {
        (one.source, one.source_id): one
        for one in TeamRecord.objects.filter(source_id__in=[record.source_id for _row, record in wanted])
    }
    new: list[TeamRecord] = []
    problems = []
    for row, record in wanted:
        known = saved.get((record.source, record.source_id))
        if known is None:
            saved[record.source, record.source_id] = record
            new.append(record)
        elif not _same(known, record):
            problems.append(
                RowProblem(
                    row.row, "source_id", row.source_id,
                    _("A record with this source id is saved already, with other content."),
                    _("Void that record and give this one another source id."),
                )
            )  # fmt: skip
    return new, problems


def _same(known: TeamRecord, record: TeamRecord) -> bool:
    return all(getattr(known, name) == getattr(record, name) for name in CONTENT) and canonical(
        known.attributes
    ) == canonical(record.attributes)
