"""Rows about what people learn: courses, records and exam scores, as rows of the training app's bulk services."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from migration.models import Kind
from migration.rules import row_name
from migration.services.mapping import Mapping
from migration.services.naming import AUTOMATIC
from migration.services.pieces import Rows
from migration.services.saving_results import pick
from people.models import User
from training.models import Activity, Course, Measure
from training.services.course_files import CourseRow, save_courses
from training.services.courses import create_course
from training.services.records import RecordRow, TeamRow, save_records, save_team_records
from training.services.records.rows import folded


def may_create_courses(mapping: Mapping) -> bool:
    """Where allowed, or while there are none."""
    return "courses" in mapping.create or not Course.objects.exists()


def create_courses(kind: str, rows: Rows, mapping: Mapping, actor: User | None) -> None:
    """Courses that rows name beside their activity and nobody knows, where they may be created. Scores that name no
    activity are of the only exam there is. Raises BadRows."""
    if not may_create_courses(mapping):
        return
    one_exam = exams() if kind == Kind.SCORES else []
    only = one_exam[0] if len(one_exam) == 1 else ""
    known = {folded(text) for pair in Course.objects.values_list("code", "name") for text in pair}
    activities = {folded(text): one for one in Activity.objects.all() for text in (one.name, one.code)}
    refused: dict[str, BadInput] = {}
    problems = []
    for number, values in rows:
        course, activity = values.get("course", ""), activities.get(folded(values.get("activity", only)))
        key = folded(course)
        if course and activity is not None and key not in known:
            try:
                code = _free_code(course, known)
                create_course(code=code, name=course, activity=activity, actor=actor)
                known |= {key, folded(code)}
            except BadInput as error:
                refused[key] = error
                known.add(key)
        if key in refused:
            problems.append(RowProblem(number, "course", course, refused[key].message, refused[key].mend))
    if problems:
        raise BadRows(problems)


def without_followers(problems: Sequence[RowProblem], mapping: Mapping) -> list[RowProblem]:
    """Without the courses that are missing only because their rows lack an activity: they would be created with it."""
    if not may_create_courses(mapping):
        return list(problems)
    lacking = {one.row for one in problems if one.column == "activity"}
    unknown = _("There is no such course.")
    return [one for one in problems if not (one.column == "course" and one.row in lacking and one.message == unknown)]


def _free_code(name: str, known: Set[str]) -> str:
    """The beginning of a name; with a number where another course has it."""
    code, number = name[:40].strip(), 1
    while folded(code) in known:
        number += 1
        code = f"{name[:36].strip()} {number}"
    return code


def save_record_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
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


def save_exam_scores(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    only = "" if all("activity" in values or "course" in values for _n, values in rows) else only_exam()
    return save_records(rows=_records(rows, only), actor=actor, cause=cause)


def exams() -> list[str]:
    """Codes of the activities that are exams."""
    return list(Activity.objects.filter(measure=Measure.EXAM, is_active=True).values_list("code", flat=True))


def only_exam() -> str:
    """The exam activity that a file without that column means: the only one there is. Raises BadInput
    where there are others."""
    known = exams()
    if len(known) == 1:
        return known[0]
    raise BadInput(
        "activity", ", ".join(known) or "–", _("The file does not say which exam activity its scores are of."),
        _("Add a column for the activity, or give one value for all rows."),
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
        number, "employee_no", values.get("employee_no", ""),
        _("Row %(row)s says exactly the same.") % {"row": row_name(first)},
        _("Remove one of the two, or tell them apart by a column with an id."),
    )  # fmt: skip


def save_course_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    courses = [
        CourseRow(
            row=number,
            minutes=values.get("minutes", values.get("hours")),
            **pick(values, "code", "name", "activity", "skill", "summary", "is_active"),
        )
        for number, values in rows
    ]
    return save_courses(rows=courses, actor=actor)
