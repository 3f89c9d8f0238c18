"""What stands against taking a batch back: later changes of what it wrote, and later entries that depend on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _
from pghistory.models import Event

from migration.models import ImportBatch, ImportedRow
from migration.rules import source_row
from migration.services.journal import SOURCES, TOUCHED, table_of
from migration.services.undoing.accounts import foreign_lines, undone_batches
from training.models import LearningRecord

#: of each sort; who has that many does not read on
MOST = 200
EVIDENCE = ("training.Correction", "training.TeamRecord", "training.LearningRecord")
PART = "performance.AppraisalPart"
#: what the suite computes for somebody, and when nobody has touched it: it goes with them
DERIVED = {
    "training.Standing": "true",
    "training.PointsWork": "true",
    "performance.Appraisal": """r.status = 'draft' AND r.comment = '' AND NOT EXISTS (
        SELECT 1 FROM performance_appraisalpart AS p JOIN performance_cyclepart AS c ON c.id = p.part_id
        WHERE p.appraisal_id = r.id AND (p.is_locked OR (c.source <> 'training' AND p.state <> 'missing'))
            -- a score that is taken back before is missing by then
            AND NOT EXISTS (
                SELECT 1 FROM migration_importedrow AS s
                WHERE s.batch_id = ANY(%(now)s) AND s.model = 'performance.AppraisalPart' AND s.object_id = p.id
                    AND s.row IS NOT NULL AND (s.action = 'created' OR s.before ->> 'state' = 'missing')
            ))""",
    "performance.TitleCandidate": """EXISTS (
        SELECT 1 FROM performance_title AS x WHERE x.id = r.title_id AND x.confirmed_at IS NULL)""",
    "payroll.RaiseRecommendation": """r.status = 'draft' AND r.salary_id IS NULL AND EXISTS (
        SELECT 1 FROM payroll_compensationreview AS x WHERE x.id = r.review_id AND x.status = 'draft')""",
}

_MOVED = """
SELECT j.row, j.object_id, j.action, j.before, j.after, {data}
FROM migration_importedrow AS j
LEFT JOIN {table} AS t ON t.id = j.object_id
WHERE j.batch_id = %s AND j.model = %s AND (t.id IS NULL OR {data} IS DISTINCT FROM j.after) {more}
    -- what a batch changed that is taken back before this one is as this one left it
    AND NOT EXISTS (
        SELECT 1 FROM migration_importedrow AS later
        WHERE later.batch_id = ANY(%s) AND later.batch_id > j.batch_id AND later.model = j.model
            AND later.object_id = j.object_id
    )
ORDER BY j.row, j.id
"""
_DEPENDENTS = """
SELECT j.row, j.object_id, r.{pk}
FROM migration_importedrow AS j
JOIN {table} AS r ON r.{column} = j.object_id
WHERE j.batch_id = %(batch)s AND j.model = %(model)s AND j.action = 'created' AND NOT ({derived})
    AND NOT EXISTS (
        SELECT 1 FROM migration_importedrow AS own
        WHERE own.batch_id = ANY(%(together)s) AND own.model = %(other)s AND own.action = 'created'
            AND own.object_id = r.{pk}
    )
ORDER BY j.row, j.id LIMIT {most}
"""
_CLOSED = """
SELECT j.row, j.object_id, y.name
FROM migration_importedrow AS j
JOIN {table} AS t ON t.id = j.object_id
JOIN training_pointsyear AS y ON t.happened_on BETWEEN y.start_date AND y.end_date AND y.status = 'closed'
WHERE j.batch_id = %s AND j.model = %s AND t.status = 'active' ORDER BY j.row LIMIT {most}
"""
_DECIDED = """
SELECT j.row, j.object_id
FROM migration_importedrow AS j JOIN training_correction AS t ON t.id = j.object_id
WHERE j.batch_id = %s AND j.model = 'training.Correction' AND t.state <> 'pending' ORDER BY j.row LIMIT {most}
"""
_SIGNED = """
SELECT j.row, j.object_id
FROM migration_importedrow AS j
JOIN performance_appraisalpart AS t ON t.id = j.object_id
JOIN performance_appraisal AS a ON a.id = t.appraisal_id
JOIN performance_appraisalcycle AS c ON c.id = a.cycle_id
WHERE j.batch_id = %s AND j.model = 'performance.AppraisalPart' AND j.row IS NOT NULL
    AND (a.status = 'signed' OR c.status = 'final') ORDER BY j.row LIMIT {most}
"""


@dataclass(frozen=True)
class Obstacle:
    """``row`` of the file (None where no row names it), what of the batch, and what came later.

    ``later``: the number of the import that brought it, where one did."""

    row: int | None
    what: str
    message: str
    later: int | None = None


def obstacles_of(batch: ImportBatch, together: Sequence[int] = ()) -> list[Obstacle]:
    """``together``: later batches that are taken back before this one."""
    batches = [batch.pk, *together]
    # what an import left behind that was taken back before goes with its people
    own = [*batches, *undone_batches()]
    found: list[Obstacle] = []
    made = set(batch.journal.filter(action="created").values_list("model", flat=True))
    for model in TOUCHED[batch.kind]:
        if model in EVIDENCE:
            found += _evidence(batch, model)
        else:
            found += _moved(batch, model, batches)
        if model in made and model != PART:
            found += _dependents(batch, model, own, batches)
    signed = _rows(_SIGNED.format(most=MOST), [batch.pk])
    found += _listed(PART, [(row, pk, _("This appraisal is signed, or its cycle is final.")) for row, pk in signed])
    return found


def relations_to(model: str) -> Iterator[tuple[str, str, str]]:
    """(model, column, primary key) of every table that refers to this one, the histories left out."""
    for relation in apps.get_model(model)._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        other: Any = relation.related_model
        if issubclass(other, Event) or not other._meta.managed or other._meta.app_label == "pghistory":
            continue
        yield other._meta.label, relation.field.column, other._meta.pk.column


def _rows(query: str, params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


#: how people find entries of tables that know others by their ids alone
_TOLD = {
    "people.Assignment": ("employee__employee_no", "start_date", "end_date"),
    "people.Leave": ("employee__employee_no", "start_date", "end_date"),
    "payroll.Salary": ("employee__employee_no", "start_date"),
    "payroll.RaiseRecommendation": ("employee__employee_no", "review__name"),
    "performance.Appraisal": ("employee__employee_no", "cycle__name"),
    "performance.AppraisalPart": ("appraisal__employee__employee_no", "appraisal__cycle__name", "part__name"),
    "performance.Rating": ("employee__employee_no", "period", "grade"),
    "performance.TitleCandidate": ("employee__employee_no", "title__name"),
    "recruitment.Application": ("candidate__name", "job_title", "applied_on"),
}


def _called(model: str, pks: Iterable[int]) -> dict[int, str]:
    """Id -> how people know it."""
    wanted = set(pks)
    entity: Any = apps.get_model(model)
    known = entity._base_manager.in_bulk(wanted) if model not in _TOLD else {}
    if entity is LearningRecord:
        # the identifier of an old system tells nobody which one it is
        records = LearningRecord.objects.filter(pk__in=wanted).select_related("employee", "activity", "course")
        known = {one.pk: _record(one) for one in records}
    elif paths := _TOLD.get(model):
        rows = entity._base_manager.filter(pk__in=wanted).values_list("pk", *paths)
        known = {pk: " · ".join(str(one) for one in cells if one) for pk, *cells in rows}
    return {pk: f"{entity._meta.verbose_name} {known.get(pk, pk)}" for pk in wanted}


def _record(one: LearningRecord) -> str:
    what = one.course.name if one.course else one.activity.name
    return f"{one.employee.employee_no} · {one.happened_on} · {what}"


def _later_imports(batch: ImportBatch, model: str, pks: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Id -> the later import that made it: its number, and how people find it."""
    rows = ImportedRow.objects.filter(
        batch_id__gt=batch.pk, batch__undone_at=None, model=model, action="created", object_id__in=list(pks)
    )
    told = rows.values_list("object_id", "batch__file_name", "batch")
    return {pk: (number, f"{name} ({number})") for pk, name, number in told}


def _later_changes(batch: ImportBatch, model: str, differing: Mapping[int, Sequence[str]]) -> dict[int, int]:
    """Id -> the newest later import that changed one of the columns that differ now."""
    rows = ImportedRow.objects.filter(
        batch_id__gt=batch.pk, batch__undone_at=None, model=model, action="changed", object_id__in=list(differing)
    )
    return {
        pk: number
        for pk, number, before, after in rows.order_by("batch_id").values_list("object_id", "batch", "before", "after")
        if before and after and any(before.get(name) != after.get(name) for name in differing[pk])
    }


def _in_file(row: int | None) -> int | None:
    return None if row is None else source_row(row)


def _listed(
    model: str, found: Sequence[tuple[int | None, int, str]], later: Mapping[int, int] | None = None
) -> list[Obstacle]:
    """(row, id, message) of rows of ``model`` as obstacles. ``later``: id -> the import that brought it."""
    names = _called(model, (pk for _row, pk, _message in found))
    return [Obstacle(_in_file(row), names[pk], message, (later or {}).get(pk)) for row, pk, message in found]


def _moved(batch: ImportBatch, model: str, together: Sequence[int]) -> list[Obstacle]:
    """Rows that do not hold any more what the batch wrote."""
    query = _MOVED.format(
        data=SOURCES[model][1], table=table_of(model), more="AND j.row IS NOT NULL" if model == PART else ""
    )
    found: list[tuple[int | None, int, str]] = []
    differing: dict[int, list[str]] = {}
    for row, pk, action, *states in _rows(query, [batch.pk, model, list(together)]):
        before, after, now = (json.loads(one) if isinstance(one, str) else one for one in states)
        if now is None or now.get("id") is None:
            found.append((row, pk, _("It was deleted since.")))
        elif names := _differing(action, before, after, now):
            differing[pk] = names
            found.append((row, pk, _("Changed since: %(what)s.") % {"what": _said(model, names, after, now)}))
        if len(found) >= MOST:
            break
    return _listed(model, found, _later_changes(batch, model, differing))


def _differing(action: str, before: Any, after: Any, now: Any) -> list[str]:
    """What the batch wrote and is something else now."""
    wrote = after if action == "created" else [name for name in after if before.get(name) != after[name]]
    return [name for name in wrote if now.get(name) != after[name]]


def _said(model: str, names: list[str], after: Any, now: Any) -> str:
    called = {field.column: str(field.verbose_name) for field in apps.get_model(model)._meta.concrete_fields}
    return ", ".join(
        _("%(name)s is %(now)s, the import wrote %(wrote)s")
        % {"name": called.get(name, name), "now": _plain(now.get(name)), "wrote": _plain(after[name])}
        for name in names
    )


def _plain(value: Any) -> str:
    return "–" if value in (None, "") else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _dependents(batch: ImportBatch, model: str, together: Sequence[int], now: Sequence[int]) -> Iterator[Obstacle]:
    """``now``: of ``together``, those that this undo takes back."""
    for other, column, pk in relations_to(model):
        if other == "training.LedgerEntry":
            # booked records are voided, not removed; accounts go with their people where nothing else is in them
            if model == "people.Employee":
                yield from _listed(model, foreign_lines(batch, together, MOST))
            continue
        if other == "training.Standing" and model == "people.Department":
            continue
        derived = DERIVED.get(other, "false")
        query = _DEPENDENTS.format(pk=pk, table=table_of(other), column=column, derived=derived, most=MOST)
        found = _rows(
            query, {"batch": batch.pk, "model": model, "other": other, "together": list(together), "now": list(now)}
        )
        entries = _called(other, (one for _row, _own, one in found))
        imports = _later_imports(batch, other, entries)
        names = _called(model, (own for _row, own, _one in found))
        for row, own, one in found:
            number, later = imports.get(one, (None, ""))
            yield Obstacle(_in_file(row), names[own], _leans(entries[one], later), number)


def _leans(entry: str, later: str) -> str:
    if later:
        return _("%(entry)s of the import %(file)s depends on it.") % {"entry": entry, "file": later}
    return _("%(entry)s depends on it.") % {"entry": entry}


def _evidence(batch: ImportBatch, model: str) -> list[Obstacle]:
    if model == "training.Correction":
        decided = _rows(_DECIDED.format(most=MOST), [batch.pk])
        return _listed(model, [(row, pk, _("It was decided since.")) for row, pk in decided])
    closed = _rows(_CLOSED.format(table=table_of(model), most=MOST), [batch.pk, model])
    return _listed(
        model, [(row, pk, _("Points year %(year)s is closed.") % {"year": year}) for row, pk, year in closed]
    )
