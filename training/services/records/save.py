"""Save many records at once: all or nothing, and nothing twice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from people.models import User
from training.services.records.checks import closed_year_problems, day_problems, read_row
from training.services.records.late import is_late, keep_late, kept_before, other_payload, says_the_same
from training.services.records.rows import FACT_COLUMNS, Facts, RecordRow, References, canonical
from training.services.work import queue_points_for_days

CHUNK = 5000
Key = tuple[str, str]
_columns_of = attrgetter(*FACT_COLUMNS)

_SAVED = f"""
-- a row is a revision of a record that has one of these names, oldest revision first
SELECT r.source, r.source_id, {", ".join(f"r.{column}" for column in FACT_COLUMNS)}
FROM unnest(%s::text[], %s::text[]) AS wanted (source, source_id)
JOIN training_learningrecord AS r ON r.source = wanted.source AND r.source_id = wanted.source_id
ORDER BY r.revision
"""  # noqa: S608 - constant column names

_INSERT = """
-- in order of name, so that two imports of the same file wait for each other instead of deadlocking
INSERT INTO training_learningrecord (
    source, source_id, employee_id, activity_id, course_id, happened_on, minutes, count, score, passed, title,
    attributes, received_at, revision, status, status_reason, created_by_id
)
SELECT
    source, source_id, employee_id, activity_id, course_id, happened_on, minutes, count, score, passed, title,
    attributes, now(), 1, 'active', '', %s
FROM unnest(
    %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::int[], %s::int[],
    %s::numeric[], %s::boolean[], %s::text[], %s::jsonb[]
) WITH ORDINALITY AS given (
    source, source_id, employee_id, activity_id, course_id, happened_on, minutes, count, score, passed, title,
    attributes, place
)
ORDER BY place
ON CONFLICT DO NOTHING
RETURNING source, source_id
"""


@dataclass(frozen=True)
class Checked:
    """What saving some rows would do: positions of the new ones by name, in order, and what stands against it.

    ``late`` are positions of new ones that would go to the list of corrections.
    """

    facts: dict[int, Facts]
    new: dict[Key, int]
    problems: list[RowProblem]
    late: list[int]
    refs: References


def check_records(rows: Sequence[RecordRow], *, decided: bool = False) -> Checked:
    """Look at ``rows`` without saving them. Call it inside a transaction."""
    refs = References(rows)
    problems: list[RowProblem] = []
    facts: dict[int, Facts] = {}
    for position, row in enumerate(rows):
        read, wrong = read_row(row, refs)
        problems += wrong
        if read:
            facts[position] = read
    new, clashes = _new_rows(rows, facts)
    problems += clashes
    for position in new.values():
        problems += day_problems(rows[position], refs)
    late: list[int] = []
    if decided:
        for position in new.values():
            problems += closed_year_problems(rows[position].row, rows[position].happened_on, refs)
    else:
        late, clashes = _set_late_aside(rows, new, refs)
        problems += clashes
    problems.sort(key=lambda problem: problem.row)
    return Checked(facts, dict(sorted(new.items())), problems, late, refs)


def _set_late_aside(
    rows: Sequence[RecordRow], new: dict[Key, int], refs: References
) -> tuple[list[int], list[RowProblem]]:
    """Take what is too late, or is on the list of corrections already, out of ``new``; answer what belongs there."""
    late, problems = [], []
    listed = kept_before(new)
    for key, position in list(new.items()):
        row = rows[position]
        if key in listed:
            # a person decides about it, or has done so
            del new[key]
            if not says_the_same(row, listed[key]):
                problems.append(other_payload(row))
        elif is_late(row, refs):
            del new[key]
            late.append(position)
    return late, problems


def save_records(*, rows: Sequence[RecordRow], actor: User | None, cause: str, decided: bool = False) -> Outcome:
    """Save ``rows`` and queue the points of everybody concerned, or change nothing and raise BadRows.

    A row whose source and source id are known is *unchanged* where it says what any revision of that record said (also
    where it was corrected or voided since: a person decided that), and a problem where it says anything else. Safe to
    run twice at once. One call takes a whole file; calls of one transaction should not share names.

    Rows that come too late for their year are *kept* on the list of corrections; with ``decided`` somebody decided that
    these get in after the late window, and a closed year is a problem.
    """
    with transaction.atomic():
        checked = check_records(rows, decided=decided)
        if checked.problems:
            raise BadRows(checked.problems)
        facts, new = checked.facts, checked.new
        written = _insert([(key, facts[position]) for key, position in new.items()], actor)
        _check_taken([(rows[at], facts[at]) for key, at in new.items() if key not in written])
        kept = keep_late([(rows[at], facts[at]) for at in checked.late], checked.refs, actor=actor, cause=cause)
        pairs = {(facts[new[key]].employee_id, facts[new[key]].happened_on) for key in written}
        queue_points_for_days(pairs=sorted(pairs), cause=cause, actor=actor)
    return Outcome(created=len(written), unchanged=len(rows) - len(written) - kept, kept=kept)


def _new_rows(rows: Sequence[RecordRow], facts: dict[int, Facts]) -> tuple[dict[Key, int], list[RowProblem]]:
    """Name -> position of the rows that are not saved yet, and problems of names with other content."""
    saved = _saved({rows[position].key for position in facts})
    new: dict[Key, int] = {}
    problems = []
    for position, fact in facts.items():
        row = rows[position]
        if row.key in saved:
            if not _says_the_same(row, fact, saved[row.key]):
                problems.append(_other_content(row))
        elif row.key in new:
            first = new[row.key]
            if not _says_the_same(row, fact, [facts[first]]):
                problems.append(_twice_in_file(row, rows[first].row))
        else:
            new[row.key] = position
    return new, problems


def _saved(keys: Iterable[Key]) -> dict[Key, list[Facts]]:
    """The facts of every revision of these names."""
    names = sorted(keys)
    found: dict[Key, list[Facts]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SAVED, [[name[0] for name in names], [name[1] for name in names]])
        for source, source_id, *values, attributes in cursor.fetchall():
            facts = (*values, canonical(json.loads(attributes)))
            found[source, source_id].append(Facts(*facts))
    return found


def _says_the_same(row: RecordRow, fact: Facts, saved: Iterable[Facts]) -> bool:
    return any(fact.same_as(one, passed_derived=row.passed is None) for one in saved)


def _other_content(row: RecordRow) -> RowProblem:
    return RowProblem(
        row.row, "source_id", row.source_id,
        _("A record with this source id is saved already, with other content."),
        _("Correct that record, or give this one another source id."),
    )  # fmt: skip


def _twice_in_file(row: RecordRow, first: int) -> RowProblem:
    return RowProblem(
        row.row, "source_id", row.source_id,
        _("Row %(row)s has the same source id and other content.") % {"row": first},
        _("Give one of them another source id, or remove it."),
    )  # fmt: skip


def _insert(named: Sequence[tuple[Key, Facts]], actor: User | None) -> set[Key]:
    """Insert what nobody else has inserted meanwhile; answers the names that were."""
    written: set[Key] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(named), CHUNK):
            chunk = [(*key, *_columns_of(fact)) for key, fact in named[start : start + CHUNK]]
            columns: list[Any] = [list(column) for column in zip(*chunk, strict=True)]
            cursor.execute(_INSERT, [actor.pk if actor else None, *columns])
            written.update(cursor.fetchall())
    return written


def _check_taken(taken: Sequence[tuple[RecordRow, Facts]]) -> None:
    """Another process saved these names between our look and our insert: fine where it says the same."""
    if not taken:
        return
    saved = _saved(row.key for row, _fact in taken)
    problems = [_other_content(row) for row, fact in taken if not _says_the_same(row, fact, saved.get(row.key, []))]
    if problems:
        raise BadRows(problems)
