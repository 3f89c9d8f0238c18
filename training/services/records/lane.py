"""Plain rows of records by the hundred thousand: copied in pieces and inserted set by set while the next are read.

The rows of a piece wait in a temporary table, ``import_lane``. Whatever turns out to be more than new there (a name
that is known, or comes twice) is handed back, and is for :func:`save_records`.
"""

# ruff: noqa: S608 - queries are put together from the constants of this module
from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from django.db import connection

from people.models import User
from training.models import Correction
from training.services.records.rows import FACT_COLUMNS
from training.services.work import queue_points_for_query

#: pieces that wait while one is being inserted
MOST_WAITING = 2
#: of a line, in order; ``whole``: the long form of an automatic name, else NULL
COLUMNS = ("chunk", "row", "source", "source_id", "whole", *FACT_COLUMNS)
_FACTS = ", ".join(FACT_COLUMNS)
_SAME = " AND ".join(f"r.{name} IS NOT DISTINCT FROM l.{name}" for name in FACT_COLUMNS)

_OPEN = """
DROP TABLE IF EXISTS import_lane;
-- a row of the file; fresh: it was inserted, NULL: it says what is saved
CREATE TEMPORARY TABLE import_lane (
    chunk int, row int, source text, source_id text, whole text,
    employee_id bigint, activity_id bigint, course_id bigint, happened_on date, minutes int, count int, score numeric,
    passed boolean, title text, attributes jsonb,
    id bigint DEFAULT nextval(pg_get_serial_sequence('training_learningrecord', 'id')), fresh boolean DEFAULT true
) ON COMMIT DROP;
CREATE INDEX ON import_lane (chunk);
"""
_REFERENCES = """
SELECT string_agg(quote_ident(conname), ', ') FROM pg_constraint
WHERE conrelid = 'training_learningrecord'::regclass AND contype = 'f'
"""
_COPY = f"COPY import_lane ({', '.join(COLUMNS)}) FROM STDIN"
#: what else must not be there: late records of that name, and automatic names in their long form
_NOT_LATE = """AND NOT EXISTS (
    SELECT FROM training_correction AS c WHERE c.source = l.source AND c.source_id = l.source_id
)"""
_NOT_WHOLE = """AND (l.whole IS NULL OR NOT EXISTS (
    SELECT FROM training_learningrecord AS r WHERE r.source = l.source AND r.source_id = l.whole
))"""
_INSERT = f"""
INSERT INTO training_learningrecord (
    id, source, source_id, {_FACTS}, received_at, revision, status, status_reason, created_by_id
)
SELECT l.id, l.source, l.source_id, {", ".join(f"l.{name}" for name in FACT_COLUMNS)}, now(), 1, 'active', '', %s
FROM import_lane AS l
WHERE l.chunk = %s {{besides}}
ORDER BY l.row
ON CONFLICT DO NOTHING
"""
_NOT_INSERTED = """
UPDATE import_lane AS l SET fresh = false
WHERE l.chunk = %s AND NOT EXISTS (SELECT FROM training_learningrecord AS r WHERE r.id = l.id)
"""
_INDEX = "CREATE INDEX ON import_lane (source, source_id); CREATE INDEX ON import_lane (id); ANALYZE import_lane"
#: an automatic name that comes twice in a file is a problem, even where both say the same
_UNCHANGED = f"""
UPDATE import_lane AS l SET fresh = NULL
WHERE NOT l.fresh AND EXISTS (
    SELECT FROM training_learningrecord AS r
    WHERE r.source = l.source AND r.source_id = l.source_id AND {_SAME}
        AND (l.whole IS NULL OR NOT EXISTS (
            SELECT FROM import_lane AS o WHERE o.source = l.source AND o.source_id = l.source_id AND o.row <> l.row
        ))
)
"""
_SHARED = """
-- rows whose name another row has that is not plain: all of one name are judged together
CREATE TEMPORARY TABLE import_shared ON COMMIT DROP AS
SELECT source, source_id FROM import_lane WHERE NOT fresh
UNION
SELECT * FROM unnest(%s::text[], %s::text[]);
UPDATE import_lane AS l SET fresh = false FROM import_shared AS s
WHERE (l.fresh OR (l.fresh IS NULL AND l.whole IS NOT NULL)) AND l.source = s.source AND l.source_id = s.source_id;
DROP TABLE import_shared;
DELETE FROM training_learningrecord AS r USING import_lane AS l WHERE NOT l.fresh AND r.id = l.id;
SELECT row FROM import_lane WHERE NOT fresh ORDER BY row
"""


class Lane:
    """Use it inside a transaction, as a context; ``add`` pieces, then ``settle``, then ``queue``."""

    def __init__(self, *, actor: User | None) -> None:
        self.actor = actor
        self.chunks = 0
        self._clashes = 0
        self._waiting: list[Future[None]] = []
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="lane")

    def __enter__(self) -> Lane:
        with connection.cursor() as cursor:
            cursor.execute(_OPEN)
            # references are checked with each piece, not all at the end
            cursor.execute(_REFERENCES)
            self._references = cursor.fetchone()[0]
            cursor.execute(f"SET CONSTRAINTS {self._references} IMMEDIATE")
        besides = (_NOT_LATE if Correction.objects.exists() else "") + _NOT_WHOLE
        self._insert = _INSERT.format(besides=besides)
        # the wrappers of Django belong to a thread; the session itself does not
        self._session = connection.connection
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
        if error is None:
            with connection.cursor() as cursor:
                cursor.execute(f"SET CONSTRAINTS {self._references} DEFERRED")

    def add(self, lines: Sequence[str]) -> None:
        """Rows in the text format of COPY, see COLUMNS; without the number of their piece."""
        chunk = self.chunks
        self.chunks += 1
        text = "".join([f"{chunk}\t{line}\n" for line in lines])
        while len(self._waiting) >= MOST_WAITING:
            self._waiting.pop(0).result()
        self._waiting.append(self._worker.submit(self._put, chunk, len(lines), text))

    def _put(self, chunk: int, size: int, text: str) -> None:
        with self._session.cursor() as cursor:
            cursor.copy_expert(_COPY, io.StringIO(text), 1 << 17)
            cursor.execute(self._insert, [self.actor.pk if self.actor else None, chunk])
            if cursor.rowcount < size:
                self._clashes += size - cursor.rowcount
                cursor.execute(_NOT_INSERTED, [chunk])

    def wait(self) -> None:
        """Until all pieces are in. Before that nobody else may use the session."""
        while self._waiting:
            self._waiting.pop(0).result()

    def settle(self, names: Sequence[tuple[str, str]]) -> list[int]:
        """Rows that have to be judged with the others, whose ``names`` (source and id) are given: their numbers."""
        self.wait()
        if not self._clashes and not names:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_INDEX)
            cursor.execute(_UNCHANGED)
            cursor.execute(_SHARED, [[name[0] for name in names], [name[1] for name in names]])
            return [row for (row,) in cursor.fetchall()]

    def counts(self) -> tuple[int, int]:
        """New, unchanged."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE fresh IS NULL) FROM import_lane"
            )
            found: tuple[int, int] = cursor.fetchone()
            return found

    def queue(self, *, cause: str) -> None:
        """Book the points of everybody who has a new record."""
        queue_points_for_query(
            "SELECT DISTINCT employee_id, happened_on FROM import_lane WHERE fresh", cause=cause, actor=self.actor
        )
