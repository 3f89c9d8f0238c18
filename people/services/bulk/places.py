"""Departments, positions and levels by the code or name that a file gives, created only where asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from hrsuite.lib.errors import RowProblem
from people.models import Assignment, Band, Department, Level, Position

#: code of the department, position and level of whom nothing else is known
UNSTATED = "none"


def is_first_load() -> bool:
    """Nobody works anywhere yet: what files name is new, not misspelt."""
    return not Assignment.objects.exists()


def create_places(
    *,
    departments: Iterable[str] = (),
    positions: Iterable[str] = (),
    levels: Iterable[str] = (),
    bands: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Create those that nobody knows, by code; (kind, code) of the new ones."""
    places = Places()
    found = []
    named = ((places.department, departments), (places.position, positions), (places.level, levels))
    for directory, names in named:
        new = sorted(name for name in set(names) if name.strip() and directory.find(name) is None)
        directory.create(new, bands={name: band for name, band in (bands or {}).items() if band in Band.values})
        found += [(directory.column, name) for name in new]
    return found


@dataclass(frozen=True)
class Missing:
    """What may be created when a file names it and nobody knows it.

    ``bands``: level name -> band, for levels to create; others become staff levels. Where a row says nothing, and
    nothing is known, the entry of :data:`UNSTATED` stands in, and is created with the first such row.
    """

    departments: bool = False
    positions: bool = False
    levels: bool = False
    bands: Mapping[str, str] = field(default_factory=dict)


def folded(text: str) -> str:
    """Codes and names are found whatever their case and the blanks around them."""
    return " ".join(text.split()).casefold()


def storable(text: str) -> bool:
    """PostgreSQL can keep it: no NUL characters, no halves of surrogate pairs."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class Directory:
    """Everything of one kind (departments, positions or levels), found by code or name."""

    def __init__(self, column: str, model: type[Department | Position | Level]) -> None:
        self.column = column
        self.model = model
        self._codes: dict[str, int] = {}
        self._names: dict[str, set[int]] = {}
        self._shown: dict[int, str] = {}
        for pk, code, name in model._default_manager.values_list("pk", "code", "name"):
            self._add(pk, code, name)

    def _add(self, pk: int, code: str, name: str) -> None:
        self._codes[folded(code)] = pk
        self._shown[pk] = name
        self._names.setdefault(folded(name), set()).add(pk)

    def find(self, text: str) -> int | None:
        """The id; a code beats a name, and a name that two share names none of them."""
        key = folded(text)
        if key in self._codes:
            return self._codes[key]
        named = self._names.get(key, set())
        return next(iter(named)) if len(named) == 1 else None

    def name_of(self, pk: int) -> str:
        return self._shown.get(pk, "")

    def unstated(self, *, may_create: bool) -> int | None:
        """What stands for nothing stated."""
        if UNSTATED not in self._codes and may_create:
            details: dict[str, Any] = {"code": UNSTATED, "name": _("Not stated")}
            if self.model is Level:
                details |= {"band": Band.STAFF, "rank": 0}
            one = self.model._default_manager.create(**details)
            self._add(one.pk, one.code, one.name)
        return self._codes.get(UNSTATED)

    def problem(self, row: int, text: str, *, column: str = "") -> RowProblem:
        column = column or self.column
        if not text.strip():
            return RowProblem(row, column, text, _("This cell is empty."), _("Enter a code or a name."))
        if len(self._names.get(folded(text), ())) > 1:
            return RowProblem(
                row, column, text, _("Several entries have this name."), _("Use the code instead of the name.")
            )
        known = ", ".join(sorted(self._codes)[:8]).upper()
        mend = _("Correct it, create it first, or import with --create-missing. Known codes: %(codes)s …") % {
            "codes": known or "–"
        }
        return RowProblem(row, column, text, self._unknown(), mend)

    def _unknown(self) -> str:
        return {
            "department": _("There is no such department."),
            "position": _("There is no such position."),
            "level": _("There is no such level."),
        }[self.column]

    def create(self, names: Iterable[str], *, bands: Mapping[str, str] | None = None) -> int:
        """Create those of ``names`` that cannot be found; the number of new ones."""
        wanted: dict[str, str] = {}
        for name in names:
            clean = " ".join(name.split())
            fits = clean and len(clean) <= 120 and storable(clean) and folded(clean) not in self._names
            if fits and self.find(clean) is None:
                wanted.setdefault(folded(clean), clean)
        if not wanted:
            return 0
        rank = (Level.objects.aggregate(top=Max("rank"))["top"] or 0) if self.model is Level else 0
        given = {folded(name): band for name, band in (bands or {}).items()}
        for place, (key, name) in enumerate(sorted(wanted.items()), 1):
            details: dict[str, Any] = {"code": self._free_code(name), "name": name}
            if self.model is Level:
                details |= {"band": given.get(key, Band.STAFF), "rank": rank + place}
            one = self.model._default_manager.create(**details)
            self._add(one.pk, one.code, one.name)
        return len(wanted)

    def _free_code(self, name: str) -> str:
        code, number = name[:40].strip(), 1
        while folded(code) in self._codes:
            number += 1
            code = f"{name[:36].strip()} {number}"
        return code


class Places:
    """The three dimensions of scope, as a file may name them."""

    def __init__(self) -> None:
        self.department = Directory("department", Department)
        self.position = Directory("position", Position)
        self.level = Directory("level", Level)
        self._parents: dict[int, int | None] | None = None
        self._bands: dict[int, str] | None = None

    def create_missing(self, rows: Iterable[Any], missing: Missing) -> None:
        """Create what ``rows`` name and ``missing`` allows."""
        rows = list(rows)
        if missing.departments:
            self._create_departments(rows)
        if missing.positions:
            self.position.create(row.position for row in rows)
        if missing.levels:
            self.level.create((row.level for row in rows), bands=missing.bands)
            # levels that a policy named first have no band of their own yet
            used = Assignment.objects.values("level")
            for name, band in missing.bands.items():
                unused = Level.objects.filter(pk=self.level.find(name) or 0).exclude(pk__in=used)
                unused.exclude(band=band).update(band=band)

    def _create_departments(self, rows: list[Any]) -> None:
        """Departments and those they belong to; where people work already, only new ones are hung below another."""
        known = Department.objects.filter(parent__isnull=False) if is_first_load() else Department.objects.all()
        before = set(known.values_list("pk", flat=True))
        self.department.create(name for row in rows for name in (row.department, row.parent))
        below: dict[int, int] = {}
        for row in rows:
            own, above = self.department.find(row.department), self.department.find(row.parent)
            if row.parent.strip() and own and above and own not in before:
                below.setdefault(own, above)
        for own in list(below):
            # two that belong to each other belong to nobody: the check of the rows says so
            if own not in _above(below, own):
                Department.objects.filter(pk=own).update(parent=below[own])

    def parent_problem(self, row: int, name: str, parent: str) -> RowProblem | None:
        """A department that the file hangs below another one than it is."""
        own, above = self.department.find(name), self.department.find(parent)
        if not parent.strip() or own is None:
            return None
        if above is None:
            return self.department.problem(row, parent, column="parent_department")
        if self._parents is None:
            self._parents = dict(Department.objects.values_list("pk", "parent_id"))
        if self._parents.get(own) == above:
            return None
        return RowProblem(
            row, "parent_department", parent, _("The department does not belong to this one."),
            _("Correct the cell, leave it empty, or move the department first."),
        )  # fmt: skip

    def band_problem(self, row: int, level: int, band: str) -> RowProblem | None:
        """A level that is in another band than the file says."""
        if not band:
            return None
        if self._bands is None:
            self._bands = dict(Level.objects.values_list("pk", "band"))
        if self._bands.get(level) == band:
            return None
        return RowProblem(
            row, "band", band, _("The level is in another band."), _("Correct the band or the level in the file.")
        )


def _above(below: Mapping[int, int], start: int) -> set[int]:
    """Everything that ``start`` would belong to."""
    seen: set[int] = set()
    at = below.get(start)
    while at is not None and at not in seen:
        seen.add(at)
        at = below.get(at)
    return seen
