"""The catalogue of courses."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from hrsuite.lib.retry import is_taken
from people.models import User
from training.models import Activity, Course
from training.services.scopes import check_fields

#: what ``change_course`` may set
CHANGEABLE = frozenset({"name", "activity", "minutes", "skill", "summary", "is_active"})


def create_course(*, code: str, name: str, activity: Activity, actor: User | None, **details: Any) -> Course:
    """Add a course. ``details``: see CHANGEABLE."""
    course = Course(code=code.strip(), name=name.strip(), activity=activity)
    _set(course, details)
    # records name courses whatever the case of the code
    if Course.objects.filter(code__iexact=course.code).exists():
        raise _code_taken(course.code)
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError as error:
        if not is_taken(error):
            raise
        raise _code_taken(course.code) from error
    return course


@transaction.atomic
def change_course(*, course: Course, actor: User | None, **changes: Any) -> Course:
    """Change what stands in the catalogue; records that name the course keep their own activity and minutes."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    _set(course, changes)
    course.save(update_fields=sorted(changes))
    return course


def _set(course: Course, values: dict[str, Any]) -> None:
    if unknown := set(values) - CHANGEABLE:
        raise TypeError(f"a course cannot be given {sorted(unknown)}")
    for name, value in values.items():
        setattr(course, name, value.strip() if isinstance(value, str) else value)
    check_fields(course)
    if course.minutes == 0:
        raise BadInput(
            "minutes", 0, _("A course takes at least a minute."), _("Leave it empty where it has no length.")
        )


def _code_taken(code: str) -> BadInput:
    return BadInput("code", code, _("This code is in use."), _("Choose another code."))
