"""What every policy shares, as a file says it: attributes, years, categories, activities and courses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, RowProblem
from people.models import Department, Employee, Level, Position, User
from training.models import Activity, Category, Course, Measure, PointsYear, Policy
from training.models.terms import dump_terms, load_terms
from training.selectors.policy_document import kept
from training.services.activities import change_activity, change_category, create_activity, create_category
from training.services.policy_file.attributes import declare
from training.services.policy_file.parse import At, Document, PolicyFile
from training.services.scopes import Whom, check_fields
from training.services.years import change_year, create_year, set_year_status

#: field of a service -> field of the file
FILE_FIELDS = {
    "start_date": "from",
    "end_date": "until",
    "rate": "points",
    "scope": "for",
    "parent_id": "parent",
}
SCOPE_MODELS: dict[str, tuple[type[models.Model], str]] = {
    "department": (Department, "code"),
    "position": (Position, "code"),
    "level": (Level, "code"),
    "employee": (Employee, "employee_no"),
}


@dataclass
class Imported:
    """What an import did: (kind, code) pairs; ``left`` are rules and targets that the file does not name."""

    policy: Policy | None = None
    created: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    activated: bool = False


class SharedImporter:
    def __init__(self, file: PolicyFile, actor: User | None) -> None:
        self.file, self.actor = file, actor
        self.problems: list[RowProblem] = file.problems
        self.done = Imported()

    # --- how every item is treated ----------------------------------------------------------------
    @contextmanager
    def _at(self, table: At) -> Iterator[None]:
        """A refusal inside becomes a problem of the table; its writes are undone and the rest goes on."""
        try:
            with transaction.atomic():
                yield
        except BadInput as error:
            name = FILE_FIELDS.get(error.field, error.field)
            table.refuse(name if name in table else error.field, error.value, error.message, error.mend)

    def _note(self, kind: str, code: str, *, created: bool = False, changed: bool = False) -> None:
        if created:
            self.done.created.append((kind, code))
        elif changed:
            self.done.changed.append((kind, code))
        else:
            self.done.unchanged += 1

    def _find(self, model: type[Any], table: At, name: str, value: str, key: str = "code") -> Any:
        found = model.objects.filter(**{key: value}).first()
        if found is None:
            raise BadInput(
                name,
                value,
                _("There is no %(kind)s “%(value)s”.") % {"kind": model._meta.verbose_name, "value": value},
                _("Correct it, or add the %(kind)s first.") % {"kind": model._meta.verbose_name},
            )
        return found

    def _whom(self, scope: dict[str, str], table: At) -> Whom:
        fields: dict[str, Any] = {}
        for name, value in scope.items():
            if name == "band":
                fields[name] = value
                continue
            model, key = SCOPE_MODELS[name]
            with self._at(table):
                fields[name] = self._find(model, table, name, value, key)
        return Whom(**fields)

    # --- what every policy shares -----------------------------------------------------------------
    def _attributes(self) -> None:
        for item, at in self.file.items("attributes"):
            with self._at(at):
                what = declare(item, actor=self.actor)
                code = f"{item['owner']}.{item['code']}"
                self._note("attribute", code, created=what == "created", changed=what == "changed")

    def _years(self) -> None:
        for item, at in self.file.items("years"):
            with self._at(at):
                name, start, end = item["name"], item["start"], item["end"]
                year = PointsYear.objects.filter(name=name).first()
                was_there = year is not None
                if year is None:
                    year = create_year(name=name, start_date=start, end_date=end, actor=self.actor)
                before = (year.start_date, year.end_date, year.status)
                year = change_year(year=year, start_date=start, end_date=end, actor=self.actor)
                closes = item.get("status") == PointsYear.Status.CLOSED != year.status
                if "status" in item and not closes:
                    year = set_year_status(year=year, status=item["status"], actor=self.actor)
                changed = closes or before != (year.start_date, year.end_date, year.status)
                self._note("year", name, created=not was_there, changed=changed)

    def _close_years(self) -> None:
        """Last of all, so that the snapshots hold what the file's own rules and targets book."""
        for item, at in self.file.items("years"):
            if item.get("status") == PointsYear.Status.CLOSED:
                with self._at(at):
                    year = PointsYear.objects.get(name=item["name"])
                    set_year_status(year=year, status=item["status"], reason=_("Policy file"), actor=self.actor)

    def _categories(self) -> None:
        """Parents first; circles are refused before."""
        waiting = list(self.file.items("categories"))
        while waiting:
            open_codes = {item["code"] for item, _at in waiting}
            ready = [pair for pair in waiting if pair[0].get("parent") not in open_codes] or waiting
            waiting = [pair for pair in waiting if pair not in ready]
            for item, at in ready:
                with self._at(at):
                    self._category(item, at)

    def _category(self, item: Document, at: At) -> None:
        code: str = item["code"]
        name: str = item.get("name", code)
        parent = self._find(Category, at, "parent", item["parent"]) if "parent" in item else None
        terms = stored(item, "in_total", "window", "floor")
        if terms.get("in_total") is True:
            del terms["in_total"]
        category = Category.objects.filter(code=code).first()
        if category is None:
            create_category(code=code, name=name, parent=parent, terms=terms, actor=self.actor)
            self._note("category", code, created=True)
            return
        had = (category.name, category.parent_id, category.terms)
        differs = had != (name, parent.pk if parent else None, terms)
        if differs:
            change_category(category=category, name=name, parent=parent, terms=terms, actor=self.actor)
        self._note("category", code, changed=differs)

    def _activities(self) -> None:
        for item, at in self.file.items("activities"):
            with self._at(at):
                said = {
                    "name": item.get("name", item["code"]),
                    "category": self._find(Category, at, "category", item["category"]),
                    "measure": item.get("measure", Measure.TIMES),
                    "pass_mark": decimal(item.get("pass_mark")),
                }
                self._upsert(Activity, "activity", item["code"], said, create_activity, change_activity)

    def _courses(self) -> None:
        for item, at in self.file.items("courses"):
            with self._at(at):
                said = {
                    "name": item.get("name", item["code"]),
                    "activity": self._find(Activity, at, "activity", item["activity"]),
                    "minutes": item.get("minutes"),
                    "skill": item.get("skill", ""),
                    "summary": item.get("summary", ""),
                }
                self._upsert(Course, "course", item["code"], said, _create_course, _change_course)

    def _upsert(
        self,
        model: type[Any],
        kind: str,
        code: str,
        said: dict[str, Any],
        create: Callable[..., Any],
        change: Callable[..., Any],
    ) -> None:
        row = model.objects.filter(code=code).first()
        if row is None:
            create(code=code, actor=self.actor, **said)
            self._note(kind, code, created=True)
            return
        differs = any(getattr(row, name) != value for name, value in said.items())
        if differs:
            change(**{kind: row}, actor=self.actor, **said)
        self._note(kind, code, changed=differs)


def stored(item: Document, *names: str) -> dict[str, Any]:
    """These fields as they come back from the database."""
    return load_terms(dump_terms(kept(**{name: item.get(name) for name in names})))


def decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _create_course(*, actor: User | None, **fields: Any) -> None:
    course = Course(**fields)
    check_fields(course)
    course.save()


def _change_course(*, course: Course, actor: User | None, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(course, name, value)
    check_fields(course)
    course.save()
