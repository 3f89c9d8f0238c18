"""What is wrong with a row of records, said so that it can be mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import RowProblem
from people.selectors import today
from people.services.attributes import merged, read_values
from training.models import Activity, Course, Measure, PointsYear
from training.services.records.rows import Facts, Person, RecordRow, References, canonical, folded, storable

#: a whole year without a pause; whoever states more has mixed up the unit
MOST_MINUTES = 366 * 24 * 60
MOST_TIMES = 1000
TOP_SCORE = Decimal("99999.99")
LENGTHS = {"source": 40, "source_id": 120, "title": 200}


def read_row(row: RecordRow, refs: References) -> tuple[Facts | None, list[RowProblem]]:
    """The facts of a row, or its problems. Days are checked by :func:`date_problems`, once the row proved to be new."""
    row, activity, course, problems = read_content(row, refs)
    person = refs.people.get(row.employee_no.strip())
    if person is None:
        problems.insert(0, _unknown_employee(row))
    if problems or person is None or activity is None:
        return None, problems
    return _facts(row, person, activity, course), []


def read_content(
    row: RecordRow, refs: References
) -> tuple[RecordRow, Activity | None, Course | None, list[RowProblem]]:
    """What a row says, whoever it is of: with its attributes as they are stored, and its problems."""
    values, wrong = read_values(refs.attributes, row.attributes)
    row = replace(row, attributes=merged({}, values)) if row.attributes else row
    problems = [RowProblem(row.row, one.field, one.value, one.message, one.mend) for one in wrong]
    problems += _text_problems(row)
    course = course_of(row, refs)
    if row.course.strip() and course is None:
        problems.append(
            RowProblem(
                row.row, "course", row.course, _("There is no such course."),
                _("Use the code of a course in the catalogue, add it there, or leave the column empty."),
            )
        )  # fmt: skip
    activity = activity_of(row, course, refs)
    if activity is None:
        problems.append(_unknown_activity(row, refs))
    else:
        problems += amount_problems(row, activity)
    return row, activity, course, problems


def course_of(row: RecordRow, refs: References) -> Course | None:
    return refs.courses.get(folded(row.course)) if row.course.strip() else None


def activity_of(row: RecordRow, course: Course | None, refs: References) -> Activity | None:
    if not row.activity.strip():
        return course.activity if course else None
    return refs.activities.get(folded(row.activity))


def _facts(row: RecordRow, person: Person, activity: Activity, course: Course | None) -> Facts:
    return Facts(
        employee_id=person.id,
        activity_id=activity.pk,
        course_id=course.pk if course else None,
        happened_on=row.happened_on,
        minutes=row.minutes,
        count=1 if activity.measure == Measure.TIMES and row.count is None else row.count,
        score=row.score,
        passed=passed_of(row, activity),
        title=row.title.strip(),
        attributes=canonical(row.attributes),
    )


def passed_of(row: RecordRow, activity: Activity) -> bool | None:
    if row.passed is not None or activity.measure != Measure.EXAM or row.score is None or activity.pass_mark is None:
        return row.passed
    return row.score >= activity.pass_mark


def _unknown_employee(row: RecordRow) -> RowProblem:
    if not row.employee_no.strip():
        return RowProblem(
            row.row, "employee_no", "", _("The employee number is missing."), _("Enter whose record this is.")
        )
    return RowProblem(
        row.row, "employee_no", row.employee_no, _("There is no employee with this number."),
        _("Correct the number, or enter the employee first."),
    )  # fmt: skip


def _unknown_activity(row: RecordRow, refs: References) -> RowProblem:
    message = _("There is no such activity.") if row.activity.strip() else _("The activity is missing.")
    mend = _("Use one of: %(codes)s.") % {"codes": ", ".join(refs.activity_codes)}
    if not refs.activity_codes:
        mend = _("No points policy has activities yet: make one under Points policies, or with policy import FILE.")
    return RowProblem(row.row, "activity", row.activity, message, mend)


def _text_problems(row: RecordRow) -> Iterator[RowProblem]:
    for column, longest in LENGTHS.items():
        value: str = getattr(row, column)
        if len(value.strip()) > longest:
            yield RowProblem(
                row.row,
                column,
                value,
                _("Longer than %(longest)s characters.") % {"longest": longest},
                _("Shorten it."),
            )
        elif not storable(value):
            yield _not_storable(row, column, value)
    for column in ("source", "source_id"):
        if not getattr(row, column).strip():
            yield RowProblem(
                row.row, column, "", _("Every record needs a source and an id within it."),
                _("Fill in what names this record in the system that it comes from."),
            )  # fmt: skip
    try:
        text = canonical(row.attributes)
        if "\\u0000" in text or not storable(text):
            yield _not_storable(row, "attributes", row.attributes)
    except (TypeError, ValueError):
        yield _not_storable(row, "attributes", row.attributes)


def _not_storable(row: RecordRow, column: str, value: Any) -> RowProblem:
    return RowProblem(
        row.row, column, value, _("Holds characters that cannot be stored."), _("Remove the control characters.")
    )


def amount_problems(row: RecordRow, activity: Activity) -> Iterator[RowProblem]:
    def problem(column: str, message: str, mend: str) -> RowProblem:
        return RowProblem(row.row, column, getattr(row, column), message, mend)

    if row.minutes is not None and not 0 < row.minutes <= MOST_MINUTES:
        yield problem("minutes", _("The duration is out of range."), _("State minutes: 90 for an hour and a half."))
    elif row.minutes is None and activity.measure == Measure.HOURS:
        yield problem(
            "minutes",
            _("%(activity)s is measured by duration, and none is given.") % {"activity": activity.name},
            _("State the minutes."),
        )
    if row.count is not None and not 0 < row.count <= MOST_TIMES:
        yield problem("count", _("The number of times is out of range."), _("State a whole number from 1."))
    yield from _exam_problems(row, activity)


def _exam_problems(row: RecordRow, activity: Activity) -> Iterator[RowProblem]:
    score = row.score
    if score is not None and not (score.is_finite() and 0 <= score <= TOP_SCORE and round(score, 2) == score):
        yield RowProblem(
            row.row, "score", score, _("This is no score."), _("State a number from 0 with at most two decimal places.")
        )
    elif activity.measure != Measure.EXAM or row.passed is not None:
        return
    elif score is None:
        yield RowProblem(
            row.row, "score", "", _("%(activity)s needs a score or a result.") % {"activity": activity.name},
            _("State the score, or whether it was passed."),
        )  # fmt: skip
    elif activity.pass_mark is None:
        yield RowProblem(
            row.row, "passed", "",
            _("%(activity)s has no pass mark to compare the score with.") % {"activity": activity.name},
            _("State whether it was passed, or give the activity a pass mark."),
        )  # fmt: skip


def date_problems(row: RecordRow, refs: References) -> Iterator[RowProblem]:
    """As :func:`day_problems`, and the day's year must not be closed."""
    yield from day_problems(row, refs)
    yield from closed_year_problems(row.row, row.happened_on, refs)


def day_problems(row: RecordRow, refs: References) -> Iterator[RowProblem]:
    """Problems of the day that it happened on, for a row whose employee is known."""
    day, person = row.happened_on, refs.people[row.employee_no.strip()]

    def problem(message: str, mend: str) -> RowProblem:
        return RowProblem(row.row, "happened_on", day, message, mend)

    if day > today():
        yield problem(_("The date lies in the future."), _("Enter it once it took place, or correct the date."))
    if day < person.hire_date:
        yield problem(
            _("Before the hire date %(day)s.") % {"day": person.hire_date}, _("Correct the date or the hire date.")
        )
    if person.exit_date and day > person.exit_date:
        yield problem(
            _("After the last working day %(day)s.") % {"day": person.exit_date},
            _("Correct the date or the last working day."),
        )


def closed_year_problems(row: int, day: dt.date, refs: References) -> Iterator[RowProblem]:
    year = refs.year_of(day)
    if year and year.status == PointsYear.Status.CLOSED:
        yield RowProblem(
            row, "happened_on", day, _("Points year %(year)s is closed.") % {"year": year.name},
            _("Have the year reopened, or adjust the points of an open year."),
        )  # fmt: skip
