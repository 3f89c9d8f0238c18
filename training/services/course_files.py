"""Courses of a catalogue in bulk: the rows of a file, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from people.models import User
from training.models import Activity, Course
from training.services.records.rows import folded
from training.services.scopes import check_fields

CHUNK = 2000
_CHANGEABLE = ("name", "activity", "minutes", "skill", "summary", "is_active")


@dataclass(frozen=True)
class CourseRow:
    """A course as a file states it, known by its code, else by its name. None and empty text say nothing.

    A new one needs a name and an activity (code or name); its name is its code where it has none.
    """

    row: int
    code: str = ""
    name: str = ""
    activity: str = ""
    minutes: int | None = None
    skill: str = ""
    summary: str = ""
    is_active: bool | None = None


@dataclass
class _Plan:
    by_code: dict[str, Course]
    by_name: dict[str, Course]
    activities: dict[str, Activity]
    new: list[Course] = field(default_factory=list)
    changed: list[Course] = field(default_factory=list)
    unchanged: int = 0
    #: a course of the file -> its first row
    rows: dict[int, CourseRow] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)


def save_courses(*, rows: Sequence[CourseRow], actor: User | None) -> Outcome:
    """Add and change courses. Raises BadRows with every problem, having written nothing."""
    with transaction.atomic():
        plan = _look_up()
        for row in rows:
            _take(row, plan)
        if plan.problems:
            raise BadRows(plan.problems)
        Course.objects.bulk_create(plan.new, batch_size=CHUNK)
        Course.objects.bulk_update(plan.changed, _CHANGEABLE, batch_size=CHUNK)
    return Outcome(created=len(plan.new), changed=len(plan.changed), unchanged=plan.unchanged)


def _look_up() -> _Plan:
    courses = list(Course.objects.select_for_update(of=("self",)).select_related("activity").order_by("-pk"))
    return _Plan(
        by_code={one.code.casefold(): one for one in courses},
        by_name={folded(one.name): one for one in courses},
        activities={folded(text): one for one in Activity.objects.all() for text in (one.name, one.code)},
    )


def _take(row: CourseRow, plan: _Plan) -> None:
    code, name = row.code.strip(), row.name.strip()
    course = plan.by_code.get(code.casefold()) if code else plan.by_name.get(folded(name))
    activity = plan.activities.get(folded(row.activity)) if row.activity.strip() else None
    if row.activity.strip() and activity is None:
        _refuse(plan, row, "activity", row.activity, _("There is no such activity."), _("Use its code or name."))
        return
    values: dict[str, Any] = {
        "name": name, "activity": activity, "minutes": row.minutes, "skill": row.skill.strip(),
        "summary": row.summary.strip(), "is_active": row.is_active,
    }  # fmt: skip
    values = {key: value for key, value in values.items() if value not in (None, "")}
    if course is not None and id(course) in plan.rows:
        _again(row, course, values, plan)
        return
    if course is None:
        if not name or activity is None:
            column = "activity" if name else "name"
            _refuse(plan, row, column, "", _("A new course needs this."), _("Fill the cell, or correct the code."))
            return
        course = Course(code=code or name[:40], **values)
        if course.code.casefold() in plan.by_code:
            _refuse(plan, row, "code", course.code, _("This code is in use."), _("Choose another code."))
            return
        if _is_fine(row, course, plan):
            plan.new.append(course)
    elif any(getattr(course, key) != value for key, value in values.items()):
        for key, value in values.items():
            setattr(course, key, value)
        if _is_fine(row, course, plan):
            plan.changed.append(course)
    else:
        plan.unchanged += 1
    plan.rows[id(course)] = row
    plan.by_code[course.code.casefold()] = plan.by_name[folded(course.name)] = course


def _again(row: CourseRow, course: Course, values: dict[str, Any], plan: _Plan) -> None:
    if any(getattr(course, key) != value for key, value in values.items()):
        said = _("Row %(row)s names the same course and says something else.") % {"row": plan.rows[id(course)].row}
        _refuse(plan, row, "code" if row.code else "name", course.code, said, _("Remove one of the two rows."))
    else:
        plan.unchanged += 1


def _is_fine(row: CourseRow, course: Course, plan: _Plan) -> bool:
    try:
        check_fields(course)
    except BadInput as error:
        _refuse(plan, row, error.field, error.value, error.message, error.mend or _("Mend the cell."))
        return False
    if course.minutes == 0:
        message = _("A course takes at least a minute.")
        _refuse(plan, row, "minutes", 0, message, _("Leave it empty where it has no length."))
        return False
    return True


def _refuse(plan: _Plan, row: CourseRow, column: str, value: object, message: str, mend: str) -> None:
    plan.problems.append(RowProblem(row.row, column, value, message, mend))
