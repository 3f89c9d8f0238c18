"""Records that arrive too late for their year: kept as corrections, to be decided by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, RowProblem
from people.models import User
from people.selectors import today
from training.models import Correction, PointsYear
from training.services.records.rows import Facts, RecordRow, References, canonical

Key = tuple[str, str]


def is_late(row: RecordRow, refs: References) -> bool:
    year = refs.year_of(row.happened_on)
    return year is not None and not year.takes_records(today())


def why_late(year: PointsYear) -> str:
    if year.is_closed or year.closing_until is None:
        return _("%(year)s is closed") % {"year": year.name}
    params = {"year": year.name, "day": date_format(year.closing_until)}
    return _("late records of %(year)s were taken until %(day)s") % params


def payload_of(row: RecordRow) -> dict[str, Any]:
    """What the row says, as JSON has it."""
    return {
        "employee_no": row.employee_no.strip(),
        "activity": row.activity.strip(),
        "happened_on": row.happened_on.isoformat(),
        "minutes": row.minutes,
        "count": row.count,
        "score": None if row.score is None else str(row.score.normalize()),
        "passed": row.passed,
        "course": row.course.strip(),
        "title": row.title.strip(),
        "attributes": dict(row.attributes),
    }


def kept_before(keys: Iterable[Key]) -> dict[Key, Mapping[str, Any]]:
    """What was said by those of these names that are on the list already, whatever was decided."""
    names = sorted(keys)
    if not names or not Correction.objects.exists():
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.id FROM unnest(%s::text[], %s::text[]) AS wanted (source, source_id)
               JOIN training_correction AS c ON c.source = wanted.source AND c.source_id = wanted.source_id""",
            [[name[0] for name in names], [name[1] for name in names]],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return {(one.source, one.source_id): one.payload for one in Correction.objects.filter(pk__in=ids)}


def says_the_same(row: RecordRow, payload: Mapping[str, Any]) -> bool:
    return canonical(payload_of(row)) == canonical(payload)


def other_payload(row: RecordRow) -> RowProblem:
    return RowProblem(
        row.row, "source_id", row.source_id,
        _("A late record with this source id is on the list of corrections, with other content."),
        _("Decide that one, or give this one another source id."),
    )  # fmt: skip


def keep_late(late: Sequence[tuple[RecordRow, Facts]], refs: References, *, actor: User | None, cause: str) -> int:
    """Put rows on the list of corrections. Answers how many are new there.

    Somebody else may keep the same rows at the same time: they are there once, and count for whoever was first.
    """
    if not late:
        return 0
    ids = _new_ids(len(late))
    names = {activity.pk: activity.name for activity in refs.activities.values()}
    rows = []
    for pk, (row, facts) in zip(ids, late, strict=True):
        year = refs.year_of(row.happened_on)
        assert year is not None
        rows.append(
            Correction(
                pk=pk,
                year=year,
                employee_id=facts.employee_id,
                activity=names.get(facts.activity_id, row.activity),
                happened_on=row.happened_on,
                payload=payload_of(row),
                source=row.key[0],
                source_id=row.key[1],
                cause=cause[:200],
                why_late=why_late(year)[:200],
                created_by=actor,
            )
        )
    Correction.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    kept = set(Correction.objects.filter(pk__in=ids).values_list("pk", flat=True))
    others = [row for pk, (row, _facts) in zip(ids, late, strict=True) if pk not in kept]
    said = kept_before(row.key for row in others)
    problems = [other_payload(row) for row in others if not says_the_same(row, said.get(row.key, {}))]
    if problems:
        raise BadRows(problems)
    return len(kept)


def _new_ids(number: int) -> list[int]:
    """Ids to come, so that it can be told whose rows were taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('training_correction', 'id')) FROM generate_series(1, %s)", [number]
        )
        return [row[0] for row in cursor.fetchall()]
