"""Values of each kind as rows of the apps' own bulk services. Nothing is written past those services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from migration.models import Kind
from migration.services.cells import Parsed
from migration.services.earlier import places_said
from migration.services.mapping import CREATABLE, Mapping
from migration.services.naming import AUTOMATIC
from migration.services.saving_results import (
    at,
    pick,
    save_candidate_rows,
    save_kpi_rows,
    save_rating_rows,
    save_salary_rows,
)
from people.models import Band, Department, Employee, User
from people.services.bulk import (
    AssignmentRow,
    EmployeeRow,
    Missing,
    is_first_load,
    save_assignments,
    save_employees,
)
from people.services.bulk.places import storable
from people.services.departures import DepartureRow, save_departures
from people.services.leaves import LeaveRow, save_leaves
from training.models import Activity, Course, LearningRecord, Measure, RecordStatus
from training.services.course_files import CourseRow, save_courses
from training.services.courses import create_course
from training.services.records import RecordRow, TeamRow, save_records, save_team_records
from training.services.records.rows import folded

Rows = Sequence[tuple[int, dict[str, Any]]]
PLACE = ("department", "position", "level", "band", "assignment_start")


#: told how many rows are saved so far; may raise whatever ends the import
Heard = Callable[[int], None]
#: rows of one piece
PIECE = 1000


def nobody_hears(done: int) -> None:
    """For whoever does not want to know how far it is."""


def save(
    kind: str, *, rows: Rows, mapping: Mapping, actor: User | None, cause: str, heard: Heard = nobody_hears
) -> Outcome:
    """Write ``rows`` of one kind. Raises BadRows with every problem, having written nothing of them; within a
    transaction of the caller, who takes back what came before."""
    if kind == Kind.EMPLOYEES:
        return _save_employees(rows, mapping, actor, heard)
    if kind not in _BY_PERSON or len(rows) <= PIECE:
        return _SAVERS[kind](rows, mapping, actor, cause)
    outcomes: list[Outcome] = []
    problems: list[RowProblem] = []
    done = 0
    for piece in pieces_of(rows):
        try:
            outcomes.append(_SAVERS[kind](piece, mapping, actor, cause))
        except BadRows as error:
            problems += error.problems
        done += len(piece)
        heard(done)
    if problems:
        raise BadRows(sorted(problems, key=lambda one: one.row))
    return Outcome(
        created=sum(one.created for one in outcomes), changed=sum(one.changed for one in outcomes),
        unchanged=sum(one.unchanged for one in outcomes), kept=sum(one.kept for one in outcomes),
        notes=tuple(dict.fromkeys(note for one in outcomes for note in one.notes)),
    )  # fmt: skip


def pieces_of(rows: Rows) -> Iterator[Rows]:
    """The rows in pieces of about :data:`PIECE`; all rows of a person stand in one, as they are held against each
    other, and people in the order in which everybody locks them."""
    people: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, values in rows:
        people.setdefault(values["employee_no"].strip(), []).append((number, values))
    known = Employee.objects.filter(employee_no__in=[one for one in people if storable(one)])
    place_of = dict(known.values_list("employee_no", "pk"))
    last = max(place_of.values(), default=0) + 1
    piece: list[tuple[int, dict[str, Any]]] = []
    for one in sorted(people, key=lambda one: place_of.get(one, last)):
        piece += people[one]
        if len(piece) >= PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


@dataclass
class Saved:
    """``rows``: those that nothing stands against."""

    outcome: Outcome
    rows: Rows
    problems: list[RowProblem]


def save_good(
    kind: str, *, parsed: Parsed, mapping: Mapping, actor: User | None, cause: str, skip_bad: bool,
    heard: Heard = nobody_hears,
) -> Saved:  # fmt: skip
    """Save the rows of ``parsed``; with ``skip_bad`` those alone that nothing stands against."""
    rows: Rows = list(parsed.rows)
    problems: list[RowProblem] = []
    while rows:
        try:
            with transaction.atomic():
                outcome = save(kind, rows=rows, mapping=mapping, actor=actor, cause=cause, heard=heard)
                return Saved(outcome, rows, problems)
        except BadRows as error:
            problems += [parsed.renamed(problem) for problem in error.problems]
            bad = {problem.row for problem in error.problems}
            # a good row may lean on a bad one, so what is left is tried again
            kept = [one for one in rows if one[0] not in bad]
            if not skip_bad or len(kept) == len(rows):
                break
            rows = kept
        except BadInput as error:
            heading = parsed.heading_of.get(error.field, error.field)
            raise BadInput(heading, error.value, error.message, error.mend) from error
    return Saved(Outcome(), rows, problems)


def first_load(mapping: Mapping) -> Mapping:
    """The mapping for a company that is loaded by commands: what the first files name is new, not misspelt.

    Departments, positions and levels while nobody works anywhere yet, courses while there are no records.
    """
    create = set(mapping.create)
    if is_first_load():
        create |= set(CREATABLE)
    if not LearningRecord.objects.exists():
        create.add("courses")
    return replace(mapping, create=frozenset(create))


def _missing(mapping: Mapping, bands: AnyMapping[str, str]) -> Missing:
    """What the mapping allows to create; while there is no department at all, everything."""
    create = mapping.create if Department.objects.exists() else CREATABLE
    return Missing(
        departments="departments" in create,
        positions="positions" in create,
        levels="levels" in create,
        bands={**bands, **mapping.bands},
    )


def _save_employees(rows: Rows, mapping: Mapping, actor: User | None, heard: Heard) -> Outcome:
    """A row may state the person and, with department, position and level, where they work: two steps."""
    personal = ("employee_no", "name", "hire_date", "exit_date", "gender", "birth_date", "email", "education")
    people = [
        EmployeeRow(row=number, **pick(values, *personal, "attributes"))
        for number, values in rows
    ]  # fmt: skip
    assigned = [(number, values) for number, values in rows if any(name in values for name in PLACE)]
    outcome = save_employees(rows=people, actor=actor)
    heard(len(rows) // 2)
    bands = _bands(assigned)
    try:
        placed = save_assignments(
            rows=[_assignment(number, values, values.get("assignment_start")) for number, values in assigned],
            actor=actor,
            missing=_missing(mapping, bands),
            said=places_said(values["employee_no"] for _number, values in assigned if "assignment_start" not in values),
        )
    except BadRows as error:
        columns = {"start_date": "assignment_start"}
        raise BadRows([at(one, columns.get(one.column, one.column)) for one in error.problems]) from error
    # a row counts once: a person who is only placed anew has changed
    moved = max(0, placed.created + placed.changed - outcome.created - outcome.changed)
    moved = min(moved, outcome.unchanged)
    return Outcome(outcome.created, outcome.changed + moved, outcome.unchanged - moved, notes=placed.notes)


def _assignment(number: int, values: dict[str, Any], start: Any) -> AssignmentRow:
    band = _band(number, values)
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


def _band(number: int, values: dict[str, Any]) -> str:
    said = values.get("band", "")
    if not said:
        return ""
    words = {str(value): str(value) for value in Band.values}
    words |= {str(label).casefold(): str(value) for value, label in Band.choices} | BANDS
    band = words.get(said.strip().casefold())
    if band is None:
        mend = _("Use one of: %s.") % ", ".join(Band.values)
        raise BadRows([RowProblem(number, "band", said, _("There is no such band."), mend)])
    return band


#: words that files use for bands
BANDS = {
    "员工": "staff", "基层": "staff", "employee": "staff", "主管": "supervisor", "基层管理": "supervisor",
    "中层": "middle", "中层管理": "middle", "middle manager": "middle", "manager": "middle", "高层": "senior",
    "高层管理": "senior", "senior manager": "senior", "executive": "senior",
}  # fmt: skip


def _bands(rows: Rows) -> dict[str, str]:
    """Level -> band, as the rows say."""
    found: dict[str, str] = {}
    for number, values in rows:
        if band := _band(number, values):
            found.setdefault(values.get("level", band), band)
    return found


def _save_leaves(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    leaves = [
        LeaveRow(row=number, **pick(values, "employee_no", "kind", "start_date", "end_date", "reason"))
        for number, values in rows
    ]
    return save_leaves(rows=leaves, actor=actor)


def _save_assignments(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    return save_assignments(
        rows=[_assignment(number, values, values.get("start_date")) for number, values in rows],
        actor=actor,
        missing=_missing(mapping, {}),
    )


def may_create_courses(mapping: Mapping) -> bool:
    """Where allowed, or while there are none."""
    return "courses" in mapping.create or not Course.objects.exists()


def create_courses(rows: Rows, mapping: Mapping, actor: User | None) -> None:
    """Courses that rows name beside their activity and nobody knows, where they may be created."""
    if not may_create_courses(mapping):
        return
    known = {folded(text) for pair in Course.objects.values_list("code", "name") for text in pair}
    activities = {folded(text): one for one in Activity.objects.all() for text in (one.name, one.code)}
    for number, values in rows:
        course, activity = values.get("course", ""), activities.get(folded(values.get("activity", "")))
        if not course or activity is None or folded(course) in known:
            continue
        known.add(folded(course))
        try:
            create_course(code=course[:40], name=course, activity=activity, actor=actor)
        except BadInput as error:
            raise BadRows([RowProblem(number, "course", course, error.message, error.mend)]) from error


def _save_records(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    create_courses(rows, mapping, actor)
    # a row that names a team (its department) and nobody is the achievement of that team
    teams = [one for one in rows if one[1].get("team") and not one[1].get("employee_no")]
    mine = [one for one in rows if not (one[1].get("team") and not one[1].get("employee_no"))]
    found = save_records(rows=_records(mine, ""), actor=actor, cause=cause)
    if not teams:
        return found
    ours = save_team_records(rows=[_team(number, values) for number, values in teams], actor=actor, cause=cause)
    return Outcome(found.created + ours.created, found.changed, found.unchanged + ours.unchanged, found.kept)


def _team(number: int, values: dict[str, Any]) -> TeamRow:
    names = ("happened_on", "activity", "count", "score", "passed", "course", "title", "source_id")
    return TeamRow(
        row=number,
        department=values["team"],
        minutes=values.get("minutes", values.get("hours")),
        source=values.get("source", "import"),
        **{"activity": "", **pick(values, *names, "attributes")},
    )


def _save_exam_scores(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    only = "" if all("activity" in values or "course" in values for _n, values in rows) else only_exam()
    return save_records(rows=_records(rows, only), actor=actor, cause=cause)


def only_exam() -> str:
    """The exam activity that a file without that column means: the only one there is."""
    exams = list(Activity.objects.filter(measure=Measure.EXAM, is_active=True).values_list("code", flat=True))
    if len(exams) == 1:
        return exams[0]
    raise BadInput(
        "activity", ", ".join(exams) or "–", _("The file does not say which exam activity its scores are of."),
        _("Add a column for the activity, or name it as a constant."),
    )  # fmt: skip


def _records(rows: Rows, activity: str) -> list[RecordRow]:
    names = ("happened_on", "count", "score", "passed", "course", "title", "source_id", "attributes")
    first: dict[str, int] = {}
    problems = []
    for number, values in rows:
        name = values["source_id"]
        if name.startswith(AUTOMATIC) and name in first:
            problems.append(_same_event(number, values, first[name]))
        first.setdefault(name, number)
    if problems:
        raise BadRows(problems)
    return [
        RecordRow(
            row=number,
            employee_no=values.get("employee_no", ""),
            activity=values.get("activity", "" if values.get("course") else activity),
            minutes=values.get("minutes", values.get("hours")),
            source=values.get("source", "import"),
            **pick(values, *names),
        )
        for number, values in rows
    ]


def _same_event(number: int, values: dict[str, Any], first: int) -> RowProblem:
    return RowProblem(
        number, "employee_no", values["employee_no"],
        _("Row %(row)s says exactly the same.") % {"row": first},
        _("Remove one of the two, or tell them apart by a column with an id."),
    )  # fmt: skip


def _save_courses(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    courses = [
        CourseRow(
            row=number,
            minutes=values.get("minutes", values.get("hours")),
            **pick(values, "code", "name", "activity", "skill", "summary", "is_active"),
        )
        for number, values in rows
    ]
    return save_courses(rows=courses, actor=actor)


def _save_departures(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
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


#: kinds whose rows are held against other rows of the same person alone
_BY_PERSON = frozenset({Kind.LEAVES, Kind.KPI, Kind.SALARIES})
_SAVERS: dict[str, Callable[[Rows, Mapping, User | None, str], Outcome]] = {
    Kind.ASSIGNMENTS: _save_assignments,
    Kind.LEAVES: _save_leaves,
    Kind.RECORDS: _save_records,
    Kind.SCORES: _save_exam_scores,
    Kind.KPI: save_kpi_rows,
    Kind.RATINGS: save_rating_rows,
    Kind.SALARIES: save_salary_rows,
    Kind.CANDIDATES: save_candidate_rows,
    Kind.COURSES: _save_courses,
    Kind.DEPARTURES: _save_departures,
}
