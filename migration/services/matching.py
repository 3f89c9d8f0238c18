"""Which column of a table is which field: by its heading, else by what it is about and holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migration.cleaning.meanings import bare_heading
from migration.models import Kind
from migration.rules import NO, YES, folded, text_of
from migration.services.fields import FIELDS, Field, Type

#: field -> meanings of columns that can be it (migration/cleaning/meanings.py), by kind where kinds differ
_MEANINGS: dict[str, tuple[str, ...]] = {
    "employee_no": ("employee_no",), "name": ("name",), "hire_date": ("hire_date",), "exit_date": ("exit_date",),
    "gender": ("gender",), "birth_date": ("birth_date",), "email": ("email",), "education": ("education",),
    "department": ("department",), "position": ("position",), "level": ("level",), "happened_on": ("happened_on",),
    "course": ("course",), "score": ("score",), "amount": ("salary",), "currency": ("currency",),
    "assignment_start": ("assignment_start",), "start_date": ("assignment_start",), "end_date": ("end_date",),
    "phone": ("phone",), "job_title": ("position",), "applied_on": ("applied_on",),
}  # fmt: skip
#: where a kind means something else by the same name: what a course is called is no person's name
_OWN_MEANINGS: dict[tuple[str, str], tuple[str, ...]] = {(Kind.COURSES, "name"): ("course",)}
#: type of a field -> types of columns that can be it
_TYPES: dict[Type, frozenset[str]] = {
    Type.DATE: frozenset({"date"}),
    Type.NUMBER: frozenset({"number"}),
    Type.WHOLE: frozenset({"number", "id"}),
    Type.HOURS: frozenset({"number"}),
    Type.MINUTES: frozenset({"number"}),
    Type.GENDER: frozenset({"gender", "category"}),
}
#: type of a field -> type that its column is cleaned as; others keep what their cells say
COLUMN_TYPES: dict[Type, str] = {
    Type.DATE: "date", Type.NUMBER: "number", Type.WHOLE: "number", Type.GENDER: "gender", Type.TRUTH: "truth",
}  # fmt: skip


#: a table is of this kind only with one of these headings: what else it has others have, too
_TELLING: dict[str, frozenset[str]] = {
    Kind.CANDIDATES: frozenset(
        folded(heading)
        for one in FIELDS[Kind.CANDIDATES]
        if one.name in ("candidate_no", "applied_on", "name")
        for heading in one.headings
        if heading not in ("name", "Name", "Full name", "姓名")
    )
}


#: what people think is measured in points, too, and no result of theirs
_SURVEY = re.compile(r"survey|engagement|satisfaction|调查|满意度|敬业度", re.IGNORECASE)
#: headings of who passed, where no other words than of that stand below: courses are also completed, or not
_OUTCOMES = frozenset(map(folded, ("Training outcome", "Training result", "Exam outcome", "Course result", "培训结果")))
#: what a record of training happened on, where days stand below: the first that the table has
_COURSE_DAYS = ("completed", "finished", "passed", "enrolled", "started")
_TOLD, _NEARLY = frozenset(map(folded, YES | NO)), 0.9
_MEASURED = frozenset({Kind.RECORDS, Kind.SCORES, Kind.KPI})


#: words of headings that tell nothing by themselves
_COMMON = frozenset({
    "code", "current", "date", "day", "days", "emp", "employee", "first", "id", "kind", "last", "name", "no", "number",
    "of", "on", "staff", "sum", "the", "time", "times", "title", "total", "type", "year",
})  # fmt: skip
#: headings of what is written beside a row: they name a field only where nothing else does
_ASIDE = frozenset({"remark", "note", "备注", "内容"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
#: type of a field -> types of columns that hold nothing of the sort
_NOT = frozenset({"name", "email", "phone", "idnumber"})
_NEVER: dict[Type, frozenset[str]] = {one: _NOT for one in Type if one is not Type.TEXT}


@dataclass(frozen=True)
class Seen:
    """A column of a table: what inventory and suggestions look at."""

    name: str
    type: str
    meaning: str
    #: whether its words are those of yes and no, passed and failed
    is_told: bool = False

    @property
    def key(self) -> str:
        """The heading as headings are compared."""
        return folded(bare_heading(self.name))


def suggest(kind: str, columns: Sequence[Seen], *, by_heading_alone: bool = False) -> dict[str, str]:
    """field -> heading (or a template of two). Each column serves one field, each field has one column.

    ``by_heading_alone``: a column that is called by a usual heading serves the field at last whatever it holds: its
    cells are doubts then, and not what nobody looks at.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    fields, lower = FIELDS[kind], _lower_headings(columns)
    for field in fields:
        named = [one for one in columns if one.name not in taken and is_named(field, one)]
        if named and not (_ASIDE.issuperset(one.key for one in named) and _is_named_below(field, columns, lower)):
            # the most usual heading: 工号 before 编号, which may only count the rows
            order = [folded(heading) for heading in field.headings]
            found[field.name] = min(named, key=lambda one: order.index(one.key)).name
            taken.add(found[field.name])
    for field in fields if lower else ():
        names = {folded(heading) for heading in field.headings}
        column = next(
            (one for one in columns if one.name not in taken and lower.get(one.name) in names and _fits(field, one)),
            None,
        )
        if field.name not in found and column is not None:
            found[field.name] = column.name
            taken.add(column.name)
    for field in fields:
        if field.name in found:
            continue
        column = next((one for one in columns if one.name not in taken and _is_about(kind, field, one)), None)
        if column is not None:
            found[field.name] = column.name
            taken.add(column.name)
    if kind in (Kind.RECORDS, Kind.SCORES) and "happened_on" not in found:
        days = [one for one in columns if one.type == "date" and one.name not in taken]
        column = next((one for name in _COURSE_DAYS for one in days if one.key == name), None)
        if column is not None:
            found["happened_on"] = column.name
            taken.add(column.name)
    for field in fields if by_heading_alone else ():
        names = {folded(heading) for heading in field.headings}
        column = next((one for one in columns if one.name not in taken and one.key in names), None)
        if field.name not in found and column is not None:
            found[field.name] = column.name
            taken.add(column.name)
    if "name" not in found and any(field.name == "name" for field in fields):
        parts = [next((one.name for one in columns if one.meaning == part), "") for part in ("first_name", "last_name")]
        if all(parts):
            found["name"] = " ".join(f"{{{part}}}" for part in parts)
    return found


def _lower_headings(columns: Sequence[Seen]) -> dict[str, str]:
    """Column -> what the second of two heading rows calls it, where a first one stands over several columns
    (``Training/Hours`` beside ``Training/Date``) and no other column is called so below."""
    parts = {one.name: one.name.rpartition("/") for one in columns if "/" in one.name}
    groups = Counter(group for group, _sign, _below in parts.values())
    below = Counter(folded(bare_heading(one.name).rpartition("/")[2]) for one in columns)
    return {
        name: folded(bare_heading(lower))
        for name, (group, _sign, lower) in parts.items()
        if groups[group] > 1 and below[folded(lower)] == 1
    }


def _is_named_below(field: Field, columns: Sequence[Seen], lower: Mapping[str, str]) -> bool:
    names = {folded(heading) for heading in field.headings} - _ASIDE
    return any(lower.get(one.name) in names and _fits(field, one) for one in columns)


def is_named(field: Field, column: Seen) -> bool:
    """Whether the column is called by a usual heading of the field, and holds such values."""
    return column.key in {folded(heading) for heading in field.headings} and _fits(field, column)


def _is_about(kind: str, field: Field, column: Seen) -> bool:
    meanings = _OWN_MEANINGS.get((kind, field.name), _MEANINGS.get(field.name, ()))
    if field.name == "passed" and column.is_told and column.key in _OUTCOMES:
        return True
    return column.meaning in meanings and _fits(field, column)


def are_told(cells: Iterable[object]) -> bool:
    """Whether nearly all cells that say something say yes or no, passed or failed."""
    words = [folded(text) for cell in cells if (text := text_of(cell))]
    return bool(words) and sum(word in _TOLD for word in words) >= _NEARLY * len(words)


def resembling(fields: Sequence[Field], column: Seen) -> Field | None:
    """The field that has a usual heading with all telling words of which the column's heading has more: Training
    Outcome may be an Outcome."""
    words = _telling(column.name)
    for field in fields:
        if column.type in _NEVER.get(field.type, frozenset()):
            continue
        for heading in field.headings:
            own = _telling(heading)
            if own <= words if own else len(heading) > 1 and not heading.isascii() and heading in column.name:
                return field
    return None


def _telling(heading: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(heading)} - _COMMON


def _fits(field: Field, column: Seen) -> bool:
    return field.type not in _TYPES or column.type in _TYPES[field.type]


def kind_of(columns: Sequence[Seen]) -> str:
    """The kind of file whose fields the table has most of, all needed ones among them; empty where none fits."""
    best, merit = "", 1.0
    for kind, fields in FIELDS.items():
        found = suggest(kind, columns)
        if any(field.required and field.name not in found for field in fields):
            continue
        if found.keys() == {"employee_no"}:
            # whose rows they are tells nothing of what they are
            continue
        if kind in _TELLING and not any(column.key in _TELLING[kind] for column in columns):
            continue
        # a specific kind has few fields; what it needs is called so, not only like it
        named = sum(field.required and any(is_named(field, column) for column in columns) for field in fields)
        score = len(found) + len(found) / len(fields) + named / 5
        if score > merit:
            best, merit = kind, score
    return "" if best in _MEASURED and _is_survey(suggest(best, columns)) else best


def _is_survey(found: dict[str, str]) -> bool:
    return any(_SURVEY.search(found.get(name, "")) for name in ("score", "happened_on"))
