"""Ratings in bulk: how people were rated in other systems, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from people.models import Employee, User
from people.selectors import employee_of, today
from performance.models import GradeBand, Rating

_CHUNK = 5000


@dataclass(frozen=True)
class RatingRow:
    """``grade`` in the words of the period's cycle, or, where there is no such cycle, of any scale that is known.

    Without a ``period`` it is the year of ``rated_on``. What is empty says nothing: what is known stays.
    """

    row: int
    employee_no: str
    grade: str
    period: str = ""
    rated_on: dt.date | None = None
    comment: str = ""


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@dataclass
class _Known:
    """``scales``: name of a cycle -> folded grade or name of a grade -> the grade; ``words``: those of all scales."""

    scales: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    employees: Mapping[str, Employee] = field(default_factory=dict)
    ratings: dict[tuple[int, str], Rating] = field(default_factory=dict)


def _look_up(rows: Sequence[RatingRow]) -> _Known:
    known = _Known()
    for cycle, grade, name in GradeBand.objects.order_by("pk").values_list("cycle__name", "grade", "name"):
        scale = known.scales.setdefault(folded(cycle), {})
        scale.setdefault(folded(name), grade)
        scale[folded(grade)] = grade
        known.words.setdefault(folded(name), grade)
    known.words |= {
        grade: one for scale in known.scales.values() for grade, one in scale.items() if grade == folded(one)
    }
    known.words |= {folded(one): one for one in Rating.objects.order_by().values_list("grade", flat=True).distinct()}
    numbers = sorted({row.employee_no.strip() for row in rows if "\x00" not in row.employee_no})
    people = [
        one
        for start in range(0, len(numbers), _CHUNK)
        for one in Employee.objects.filter(employee_no__in=numbers[start : start + _CHUNK])
    ]
    known.employees = {one.employee_no: one for one in people}
    for start in range(0, len(people), _CHUNK):
        ids = sorted(one.pk for one in people[start : start + _CHUNK])
        for rating in Rating.objects.filter(employee__in=ids).select_for_update(of=("self",)).order_by("pk"):
            known.ratings[rating.employee_id, folded(rating.period)] = rating
    return known


def save_ratings(*, rows: Sequence[RatingRow], actor: User | None, new_words: bool = False) -> Outcome:
    """Save ratings. Raises BadRows with every problem, having written nothing.

    ``new_words``: words that no scale has are kept as they are; else they are refused while any scale is known. A cycle
    of the suite keeps its own scale in any case.
    """
    with transaction.atomic():
        known = _look_up(rows)
        new_words = new_words or not known.words
        own = employee_of(actor) if actor is not None else None
        problems: list[RowProblem] = []
        said: dict[tuple[int, str], tuple[int, Rating]] = {}
        new: list[Rating] = []
        changed: list[Rating] = []
        unchanged = 0
        for row in rows:
            wanted = _wanted(row, known, own, new_words=new_words)
            if isinstance(wanted, RowProblem):
                problems.append(wanted)
                continue
            key = (wanted.employee_id, folded(wanted.period))
            first = said.setdefault(key, (row.row, wanted))
            if first[0] != row.row:
                if _differs(first[1], wanted):
                    problems.append(_twice(row, first[0]))
                unchanged += 1
                continue
            kept = known.ratings.get(key)
            if kept is None:
                new.append(wanted)
            elif _differs(kept, wanted):
                kept.grade, kept.rated_on = wanted.grade, wanted.rated_on or kept.rated_on
                kept.comment = wanted.comment or kept.comment
                changed.append(kept)
            else:
                unchanged += 1
        if problems:
            raise BadRows(sorted(problems, key=lambda one: one.row))
        Rating.objects.bulk_create(new, batch_size=_CHUNK)
        Rating.objects.bulk_update(changed, ["grade", "rated_on", "comment"], batch_size=_CHUNK)
    return Outcome(created=len(new), changed=len(changed), unchanged=unchanged)


def _differs(kept: Rating, wanted: Rating) -> bool:
    """Whether ``wanted`` says something else; silence does not."""
    if kept.grade != wanted.grade:
        return True
    days = wanted.rated_on is not None and kept.rated_on != wanted.rated_on
    return days or bool(wanted.comment and kept.comment != wanted.comment)


def _twice(row: RatingRow, first: int) -> RowProblem:
    return RowProblem(
        row.row, "rating", row.grade, _("Row %(row)s rates the same person and period otherwise.") % {"row": first},
        _("Keep one of the two rows."),
    )  # fmt: skip


def _wanted(row: RatingRow, known: _Known, own: Employee | None, *, new_words: bool) -> Rating | RowProblem:
    """The rating that a row asks for, or what is wrong with it."""

    def bad(column: str, value: object, message: str, mend: str) -> RowProblem:
        return RowProblem(row.row, column, value, message, mend)

    employee = known.employees.get(row.employee_no.strip())
    if employee is None:
        mend = _("Import the employee first, or mend the number.")
        return bad("employee_no", row.employee_no, _("Nobody has this employee number."), mend)
    if employee == own:
        return bad("employee_no", row.employee_no, _("This is your own rating."), _("Let somebody else enter it."))
    period = row.period.strip() or (str(row.rated_on.year) if row.rated_on else "")
    if not period:
        mend = _("Add a column for the period or the day, or give one period for all rows.")
        return bad("cycle", "", _("The row does not say what period it rates."), mend)
    if row.rated_on and row.rated_on > today():
        return bad("rated_on", row.rated_on, _("This day has not come yet."), _("Correct the day."))
    if row.rated_on and row.rated_on < employee.hire_date:
        message = _("This is before the hire date %(day)s.") % {"day": employee.hire_date}
        return bad("rated_on", row.rated_on, message, _("Enter that day or a later one."))
    for column, text, most in (("cycle", period, 80), ("rating", row.grade.strip(), 60), ("comment", row.comment, 500)):
        if len(text) > most or "\x00" in text:
            return bad(
                column, text[:60], _("Longer than %(longest)s characters.") % {"longest": most}, _("Shorten it.")
            )
    grade = _grade(row, period, known, new_words=new_words)
    if isinstance(grade, RowProblem):
        return grade
    return Rating(employee=employee, period=period, grade=grade, rated_on=row.rated_on, comment=row.comment.strip())


def _grade(row: RatingRow, period: str, known: _Known, *, new_words: bool) -> str | RowProblem:
    said = row.grade.strip()
    scale = known.scales.get(folded(period))
    grade = (known.words if scale is None else scale).get(folded(said))
    if grade:
        return grade
    if said and new_words and scale is None:
        # the next row of the file writes it alike
        return known.words.setdefault(folded(said), said)
    words = _listed(known.words.values() if scale is None else scale.values())
    message = _("No scale has this rating.") if scale is None else _("The scale of this cycle has no such rating.")
    return RowProblem(row.row, "rating", row.grade, message, _("Say what it means; known: %s.") % words)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words)) or "–"
