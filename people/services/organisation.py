"""The department tree, positions and levels."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Assignment, Department, DepartmentClosure, Level, Position, User
from people.services.changes import people_changed

# two moves at once could tie the tree into a ring, so they queue up
_TREE_LOCK = 7_301_001


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


def _check_code(model: type[Department | Position | Level], code: str, pk: int | None = None) -> None:
    taken = model._default_manager.filter(code=code)
    if (taken.exclude(pk=pk) if pk else taken).exists():
        raise BadInput("code", code, _("This code is in use."), _("Enter another code, or open the existing entry."))


def create_department(*, code: str, name: str, parent: Department | None, actor: User) -> Department:
    """A new department below ``parent`` (None: at the top). Nobody works there yet."""
    with transaction.atomic():
        _lock_tree()
        _check_code(Department, code)
        return Department.objects.create(code=code, name=name, parent=parent)


def change_department(*, department: Department, code: str, name: str, actor: User) -> None:
    with transaction.atomic():
        _check_code(Department, code, department.pk)
        department.code, department.name = code, name
        department.save(update_fields=["code", "name"])


def move_department(*, department: Department, parent: Department | None, actor: User) -> bool:
    """Hang the department with everything below it under ``parent``. Returns whether it moved.

    Rules are scoped by subtree, so the points of everybody in it are booked again.
    """
    with transaction.atomic():
        _lock_tree()
        department = Department.objects.select_for_update().get(pk=department.pk)
        if department.parent_id == (parent.pk if parent else None):
            return False
        below = list(DepartmentClosure.objects.filter(ancestor=department).values_list("descendant_id", flat=True))
        if parent and parent.pk in below:
            raise BadInput(
                "parent",
                parent.name,
                _("A department cannot be moved below itself."),
                _("Choose a department outside of it."),
            )
        department.parent = parent
        department.save(update_fields=["parent"])
        people = Assignment.objects.filter(department__in=below).values_list("employee_id", flat=True)
        people_changed(employee_ids=people, actor=actor, cause=_("Department %s moved") % department.code)
    return True


def delete_department(*, department: Department, actor: User) -> None:
    """Remove a department that nothing refers to."""
    try:
        with transaction.atomic():
            _lock_tree()
            department.delete()
    except ProtectedError as error:
        raise BadInput(
            "department",
            department.name,
            _("People, departments or rules still belong to it."),
            _("Move them elsewhere first; the past keeps its departments."),
        ) from error


def save_position(*, position: Position | None, code: str, name: str, actor: User) -> Position:
    """Create (None) or change a position."""
    with transaction.atomic():
        _check_code(Position, code, position.pk if position else None)
        position = position or Position()
        position.code, position.name = code, name
        position.save()
    return position


def save_level(*, level: Level | None, code: str, name: str, band: str, rank: int, actor: User) -> Level:
    """Create (None) or change a level. A new band changes who the rules are for, so its holders are booked again."""
    with transaction.atomic():
        _check_code(Level, code, level.pk if level else None)
        band_changed = level is not None and level.band != band
        level = level or Level()
        level.code, level.name, level.band, level.rank = code, name, band, rank
        level.save()
        if band_changed:
            holders = Assignment.objects.filter(level=level).values_list("employee_id", flat=True)
            people_changed(employee_ids=holders, actor=actor, cause=_("Band of level %s changed") % code)
    return level
