"""Learning paths: entered, changed, ended; and the one call that makes a course mandatory."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from people.selectors import today
from training.models import Activity, Category, Course, LearningPath, PathItem
from training.services.scopes import Whom, check_fields

MOST_DAYS = 3660
MOST_TIMES = 1000
#: days that people have where a course becomes mandatory in one step
DAYS_TO_COMPLETE = 30


@dataclass(frozen=True)
class Item:
    """At least ``minimum`` records of one of the four; see models.PathItem."""

    course: Course | None = None
    activity: Activity | None = None
    category: Category | None = None
    skill: str = ""
    minimum: int = 1
    period: str = PathItem.Period.ONCE
    valid_for_months: int | None = None

    @property
    def what(self) -> tuple[Any, ...]:
        return (self.course, self.activity, self.category, self.skill.strip().casefold(), str(self.period))


@dataclass(frozen=True)
class PathTerms:
    """What a path says, apart from whom it is for and what it asks."""

    name: str
    start_date: dt.date
    reason: str = ""
    origin: str = ""
    end_date: dt.date | None = None
    due_days: int | None = None
    due_date: dt.date | None = None
    is_active: bool = True


@transaction.atomic
def create_path(*, code: str, terms: PathTerms, whom: Whom, items: Sequence[Item], actor: User | None) -> LearningPath:
    """A path for the people of ``whom``; what they have done already counts."""
    if LearningPath.objects.filter(code=code).exists():
        raise BadInput("code", code, _("There is a learning path of this code."), _("Choose another code."))
    path = LearningPath(code=code)
    _write(path, terms, whom, items)
    return path


@transaction.atomic
def change_path(
    *, path: LearningPath, terms: PathTerms, whom: Whom, items: Sequence[Item], actor: User | None
) -> LearningPath:
    """Bring a path to what is given; its items are replaced."""
    path = LearningPath.objects.select_for_update().get(pk=path.pk)
    _write(path, terms, whom, items)
    return path


def save_path(
    *,
    code: str,
    name: str,
    whom: Whom,
    items: Sequence[Item],
    actor: User | None,
    start_date: dt.date | None = None,
    **terms: Any,
) -> LearningPath:
    """The path of this code, new or brought to what is given (``terms``: see PathTerms). Twice is once.

    Without a ``start_date`` a saved path keeps its own, and a new one begins today.
    """
    with transaction.atomic():
        path = LearningPath.objects.select_for_update().filter(code=code).first()
        start = start_date or (path.start_date if path else today())
        said = PathTerms(name=name, start_date=start, **terms)
        if path is None:
            return create_path(code=code, terms=said, whom=whom, items=items, actor=actor)
        return change_path(path=path, terms=said, whom=whom, items=items, actor=actor)


@transaction.atomic
def end_path(*, path: LearningPath, end_date: dt.date, actor: User | None) -> LearningPath:
    """Nothing is asked by it after ``end_date``."""
    path = LearningPath.objects.select_for_update().get(pk=path.pk)
    if end_date < path.start_date:
        raise BadInput(
            "end_date",
            end_date,
            _("The last day is before the first day %(start)s.") % {"start": path.start_date},
            _("Choose a later last day."),
        )
    path.end_date = end_date
    path.save(update_fields=["end_date"])
    return path


@transaction.atomic
def make_course_mandatory(
    *, course: Course, scope: Whom, reason: str, actor: User | None, due_days: int = DAYS_TO_COMPLETE
) -> LearningPath:
    """A path of this one course, such as a finding asks for. Asked again for the same people: the one that is."""
    # one after another: two findings at once make one path
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    origin = _("Made mandatory by a finding")
    same = LearningPath.objects.filter(
        items__course=course, is_active=True, end_date__isnull=True, **scope.as_fields()
    ).exclude(origin="")
    found = same.first()
    if found:
        return found
    return create_path(
        code=free_code(course.code),
        terms=PathTerms(name=course.name[:120], start_date=today(), reason=reason, origin=origin, due_days=due_days),
        whom=scope,
        items=[Item(course=course)],
        actor=actor,
    )


def free_code(course_code: str) -> str:
    """A code for the path that makes this course mandatory, not taken yet."""
    stem = f"must-{re.sub(r'[^0-9A-Za-z]+', '-', course_code).strip('-').lower()}"[:34]
    taken = set(LearningPath.objects.filter(code__startswith=stem).values_list("code", flat=True))
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


# --- checks and writing -----------------------------------------------------------------------------------------------
def _write(path: LearningPath, terms: PathTerms, whom: Whom, items: Sequence[Item]) -> None:
    whom.check()
    for name in PathTerms.__dataclass_fields__:
        value = getattr(terms, name)
        setattr(path, name, value.strip() if isinstance(value, str) else value)
    for name, value in whom.as_fields().items():
        setattr(path, name, value)
    _check_terms(path)
    _check_items(items)
    check_fields(path)
    path.save()
    _write_items(path, items)


def _check_terms(path: LearningPath) -> None:
    if path.end_date and path.end_date < path.start_date:
        raise BadInput(
            "end_date",
            path.end_date,
            _("The last day is before the first day %(start)s.") % {"start": path.start_date},
            _("Choose a later last day."),
        )
    if path.due_date and path.due_date < path.start_date:
        raise BadInput(
            "due_date", path.due_date, _("It would be due before it begins."), _("Choose a later day, or leave it out.")
        )
    if path.due_days is not None and not 0 <= path.due_days <= MOST_DAYS:
        raise BadInput("due_days", path.due_days, _("This is no number of days."), _("State days from 0 to 3660."))


def _check_items(items: Sequence[Item]) -> None:
    if not items:
        raise BadInput("items", "", _("The path asks for nothing."), _("Add a course, or a number of a kind."))
    seen = set()
    for item in items:
        if sum(bool(one) for one in (item.course, item.activity, item.category, item.skill.strip())) != 1:
            raise BadInput(
                "items", "", _("An item asks for one thing."), _("Choose a course, an activity, a category or a skill.")
            )
        name = str(item.course or item.activity or item.category or item.skill)
        if item.what in seen:
            raise BadInput("items", name, _("%(name)s is named twice.") % {"name": name}, _("Keep one line of it."))
        seen.add(item.what)
        if not 1 <= item.minimum <= MOST_TIMES:
            raise BadInput("items", item.minimum, _("At least once is the least."), _("State a whole number from 1."))
        if item.valid_for_months is not None and not 1 <= item.valid_for_months <= 600:
            raise BadInput(
                "items", item.valid_for_months, _("This is no number of months."),
                _("State months from 1 to 600, or leave it empty: valid for ever."),
            )  # fmt: skip
        if item.skill.strip() and not Course.objects.filter(skill__iexact=item.skill.strip()).exists():
            raise BadInput("items", item.skill, _("No course has this skill."), _("Give it to a course first."))


def _write_items(path: LearningPath, items: Sequence[Item]) -> None:
    """Save what differs; lines that ask for the same thing stay the rows they are."""
    had = {Item(**{name: getattr(row, name) for name in _ITEM}).what: row for row in path.items.all()}
    for item in items:
        row = had.pop(item.what, None)
        if row and (row.minimum, row.valid_for_months) == (item.minimum, item.valid_for_months):
            continue
        row = row or PathItem(path=path)
        for name in _ITEM:
            setattr(row, name, getattr(item, name))
        row.skill = row.skill.strip()
        check_fields(row)
        row.save()
    for gone in had.values():
        gone.delete()


_ITEM = tuple(Item.__dataclass_fields__)
