"""Plain rows of records by the hundred thousand, in pieces, while the next are read.

A piece is copied straight into the records, and only its ids are kept; what it refers to is held and checked for all
pieces together (docs/decisions/references-of-large-imports-are-checked-together.md). From the first name on that is
known already or comes twice, pieces wait in a temporary table, ``import_lane``, and are inserted from there. Whatever
turns out to be more than new is handed back, and is for :func:`save_records`.
"""

# ruff: noqa: S608 - queries are put together from the constants of this module
from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from types import TracebackType
from typing import Any

from django.db import connection
from psycopg2.errors import UniqueViolation

from people.models import User
from training.models import Correction
from training.services.records.rows import FACT_COLUMNS
from training.services.work import queue_points_for_query

#: pieces that wait while one is being inserted
MOST_WAITING = 2
#: lines that are sent together: for each time this thread may have to wait for the one that reads
AT_ONCE = 4000
#: NULL in the text format of COPY
NOTHING = "\\N"
#: of a line, in order
COLUMNS = ("source", "source_id", *FACT_COLUMNS)
_FACTS = ", ".join(FACT_COLUMNS)
_SAME = " AND ".join(f"r.{name} IS NOT DISTINCT FROM l.{name}" for name in FACT_COLUMNS)

_OPEN = """
DROP TABLE IF EXISTS import_lane, import_copied, import_ranges;
-- a row of the file; chunk: its piece, NULL: it was copied straight; fresh: it is in, NULL: it says what is saved
CREATE TEMPORARY TABLE import_lane (
    chunk int, row int, source text, source_id text, whole text,
    employee_id bigint, activity_id bigint, course_id bigint, happened_on date, minutes int, count int, score numeric,
    passed boolean, title text, attributes jsonb,
    id bigint DEFAULT nextval(pg_get_serial_sequence('training_learningrecord', 'id')), fresh boolean DEFAULT true
) ON COMMIT DROP;
CREATE INDEX ON import_lane (chunk) WHERE chunk IS NOT NULL;
-- a piece that was copied straight and is not listed in import_lane: its first id, and the rows of the file
CREATE TEMPORARY TABLE import_copied (first bigint, rows int[]) ON COMMIT DROP;
-- ids of these pieces, where they follow each other in one
CREATE TEMPORARY TABLE import_ranges (first bigint, last bigint) ON COMMIT DROP;
"""
#: A reference is checked by a query for each row, whose plan the session keeps. That of a few hundred courses would be
#: to read them all, as if pages came from a turning disk.
_PLAN_ANEW = "DISCARD PLANS; SELECT set_config('random_page_cost', '1.1', true)"
#: what is new: evidence by its facts, after ``settle``
FRESH = """
SELECT employee_id, happened_on, minutes, count, score FROM import_lane WHERE fresh
UNION ALL
SELECT r.employee_id, r.happened_on, r.minutes, r.count, r.score
FROM import_ranges AS s JOIN training_learningrecord AS r ON r.id BETWEEN s.first AND s.last
"""
#: the same as (id, row of the file)
FRESH_ROWS = """
SELECT id, row FROM import_lane WHERE fresh
UNION ALL
SELECT c.first + n.at - 1, n.row FROM import_copied AS c, unnest(c.rows) WITH ORDINALITY AS n (row, at)
"""
_REFERENCES = """
SELECT string_agg(quote_ident(conname), ', ') FROM pg_constraint
WHERE conrelid = 'training_learningrecord'::regclass AND contype = 'f'
"""
#: whether this role may leave out the check of each row, and nothing but references would be left out with it
_MAY_CHECK_TOGETHER = """
SELECT has_parameter_privilege('session_replication_role', 'SET')
    AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'training_learningrecord'::regclass AND NOT tgisinternal)
    AND NOT EXISTS (
        SELECT FROM pg_constraint
        WHERE conrelid = 'training_learningrecord'::regclass AND condeferrable AND contype <> 'f'
    )
"""
#: what the references do, for all rows that were copied straight: whatever is named is there, and stays there; no sign
#: of a parameter in it, because history adds some of its own
_CHECK_TOGETHER = """
DO $check$
DECLARE reference record; missing bigint;
BEGIN
    FOR reference IN
        SELECT c.conname, c.confrelid::regclass AS target,
            quote_ident(one.attname) AS named, quote_ident(other.attname) AS key
        FROM pg_constraint AS c
        JOIN pg_attribute AS one ON one.attrelid = c.conrelid AND one.attnum = c.conkey[1]
        JOIN pg_attribute AS other ON other.attrelid = c.confrelid AND other.attnum = c.confkey[1]
        WHERE c.conrelid = 'training_learningrecord'::regclass AND c.contype = 'f'
    LOOP
        EXECUTE
            'WITH used AS MATERIALIZED (
                SELECT DISTINCT r.' || reference.named || ' AS id FROM import_ranges AS s
                JOIN training_learningrecord AS r ON r.id BETWEEN s.first AND s.last
                WHERE r.' || reference.named || ' IS NOT NULL
            ), held AS MATERIALIZED (
                SELECT t.' || reference.key || ' AS id FROM ' || reference.target || ' AS t
                JOIN used ON used.id = t.' || reference.key || ' FOR KEY SHARE OF t
            )
            SELECT min(id) FROM used WHERE NOT EXISTS (SELECT FROM held WHERE held.id = used.id)'
        INTO missing;
        IF missing IS NOT NULL THEN
            RAISE foreign_key_violation
                USING MESSAGE = reference.conname || ': there is no ' || missing || ' in ' || reference.target;
        END IF;
    END LOOP;
END
$check$
"""
_COPY = f"COPY import_lane (chunk, row, whole, {', '.join(COLUMNS)}) FROM STDIN"
_COPY_NEW = f"""
COPY training_learningrecord (
    id, {", ".join(COLUMNS)}, received_at, revision, status, status_reason, created_by_id
) FROM STDIN
"""
_SEQUENCE = "SELECT pg_get_serial_sequence('training_learningrecord', 'id')"
_IDS = "SELECT min(id), max(id) FROM (SELECT nextval(%s::regclass) AS id FROM generate_series(1, %s)) AS ids"
#: facts are compared of known names alone
_LIST = """
ANALYZE import_copied;
INSERT INTO import_lane (row, id, source, source_id, employee_id, happened_on, minutes, count, score)
SELECT n.row, r.id, r.source, r.source_id, r.employee_id, r.happened_on, r.minutes, r.count, r.score
FROM import_copied AS c
CROSS JOIN unnest(c.rows) WITH ORDINALITY AS n (row, at)
JOIN training_learningrecord AS r ON r.id = c.first + n.at - 1;
DELETE FROM import_copied;
DELETE FROM import_ranges;
"""
_RANGES = """
INSERT INTO import_ranges SELECT * FROM unnest(%s::bigint[], %s::bigint[]);
ANALYZE import_ranges
"""
_ANY_LATE = """
SELECT EXISTS (
    SELECT FROM training_correction AS c
    WHERE (
        SELECT true FROM training_learningrecord AS r
        WHERE r.source = c.source AND r.source_id = c.source_id AND r.id BETWEEN %s AND %s LIMIT 1
    )
)
"""
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


@dataclass
class Piece:
    """``lines`` in the text format of COPY, see COLUMNS; ``wholes``: row -> the long form of an automatic name.
    ``rows`` are told apart by their numbers, whatever they read as: two sheets have a row 5."""

    rows: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    wholes: dict[int, str] = field(default_factory=dict)


class Lane:
    """Use it inside a transaction, as a context; ``add`` pieces, then ``settle``, then ``queue``."""

    def __init__(self, *, actor: User | None) -> None:
        self.actor = actor
        self._actor_id = actor.pk if actor else None
        self.chunks = 0
        self._clashes = 0
        #: no name was known so far
        self._is_new = True
        #: (first, last) ids of pieces that were copied straight
        self._ranges: list[tuple[int, int]] = []
        self._waiting: list[Future[None]] = []
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="lane")

    def __enter__(self) -> Lane:
        with connection.cursor() as cursor:
            cursor.execute(_OPEN)
            cursor.execute("SELECT current_setting('random_page_cost')")
            self._page_cost = cursor.fetchone()[0]
            cursor.execute(_PLAN_ANEW)
            # references are checked with each piece, not all at the end
            cursor.execute(_REFERENCES)
            self._references = cursor.fetchone()[0]
            cursor.execute(f"SET CONSTRAINTS {self._references} IMMEDIATE")
            cursor.execute(_SEQUENCE)
            self._sequence = cursor.fetchone()[0]
            cursor.execute(_MAY_CHECK_TOGETHER)
            self._checks_together = cursor.fetchone()[0]
        self._has_late = Correction.objects.exists()
        besides = (_NOT_LATE if self._has_late else "") + _NOT_WHOLE
        self._insert = _INSERT.format(besides=besides)
        # the wrappers of Django belong to a thread; the session itself does not
        self._session = connection.connection
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
        if error is None:
            with connection.cursor() as cursor:
                cursor.execute(f"SET CONSTRAINTS {self._references} DEFERRED")
                cursor.execute("SELECT set_config('random_page_cost', %s, true)", [self._page_cost])

    def add(self, piece: Piece) -> None:
        """Rows for the table; they are in after ``wait``."""
        chunk = self.chunks
        self.chunks += 1
        while len(self._waiting) >= MOST_WAITING:
            self._waiting.pop(0).result()
        self._waiting.append(self._worker.submit(self._put, chunk, piece))

    def _put(self, chunk: int, piece: Piece) -> None:
        # the session is not Django's, but its errors are told as others are
        with connection.wrap_database_errors, self._session.cursor() as cursor:
            if self._is_new and not piece.wholes:
                self._is_new = self._copy(cursor, piece)
                if self._is_new:
                    return
            rows = zip(piece.rows, piece.lines, strict=True)
            whole = piece.wholes.get
            _copy(cursor, _COPY, (f"{chunk}\t{row:d}\t{whole(row, NOTHING)}\t{line}\n" for row, line in rows))
            cursor.execute(self._insert, [self._actor_id, chunk])
            if cursor.rowcount < len(piece.rows):
                self._clashes += len(piece.rows) - cursor.rowcount
                cursor.execute(_NOT_INSERTED, [chunk])

    def _copy(self, cursor: Any, piece: Piece) -> bool:
        """False if a name is known, or comes twice: nothing is in."""
        first, last = _ids(cursor, self._sequence, len(piece.rows))
        tail = f"\tnow\t1\tactive\t\t{self._actor_id or NOTHING}\n"
        cursor.execute("SAVEPOINT import_piece")
        if self._checks_together:
            cursor.execute("SET LOCAL session_replication_role = replica")
        try:
            _copy(cursor, _COPY_NEW, (f"{at}\t{line}{tail}" for at, line in enumerate(piece.lines, first)))
            is_known = self._has_late and _is_any_late(cursor, first, last)
        except UniqueViolation:
            is_known = True
        if is_known:
            cursor.execute("ROLLBACK TO SAVEPOINT import_piece")
        else:
            cursor.execute("SET LOCAL session_replication_role = origin")
            # as one text: an array of so many constants takes the server long to read
            cursor.execute(
                "INSERT INTO import_copied VALUES (%s, %s)", [first, f"{{{','.join(map(int.__repr__, piece.rows))}}}"]
            )
            if self._ranges and self._ranges[-1][1] + 1 == first:
                first = self._ranges.pop()[0]
            self._ranges.append((first, last))
        cursor.execute("RELEASE SAVEPOINT import_piece")
        return not is_known

    def wait(self) -> None:
        """Until all pieces are in. Before that nobody else may use the session."""
        while self._waiting:
            self._waiting.pop(0).result()

    def settle(self, names: Sequence[tuple[str, str]]) -> list[int]:
        """Rows that have to be judged with the others, whose ``names`` (source and id) are given: their numbers."""
        self.wait()
        with connection.cursor() as cursor:
            cursor.execute(_RANGES, [[one[0] for one in self._ranges], [one[1] for one in self._ranges]])
            if self._checks_together:
                cursor.execute(_CHECK_TOGETHER)
            if not self._clashes and not names:
                return []
            cursor.execute(_LIST)
            self._ranges = []
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
            created, unchanged = cursor.fetchone()
        return created + sum(last - first + 1 for first, last in self._ranges), unchanged

    def queue(self, *, cause: str) -> None:
        """Book the points of everybody who has a new record."""
        queue_points_for_query(
            f"SELECT DISTINCT employee_id, happened_on FROM ({FRESH}) AS fresh", cause=cause, actor=self.actor
        )


class _Text:
    """A file whose lines are made while the server takes those before them."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, size: int) -> str:
        """The next lines, whatever their size; empty at the end."""
        return "".join(islice(self._lines, AT_ONCE))


def _copy(cursor: Any, statement: str, lines: Iterator[str]) -> None:
    cursor.copy_expert(statement, _Text(lines))


def _ids(cursor: Any, sequence: str, count: int) -> tuple[int, int]:
    """First and last of so many new ids in a row: others may take some in between, then it takes new ones."""
    first = last = 0
    while last - first + 1 != count:
        cursor.execute(_IDS, [sequence, count])
        first, last = cursor.fetchone()
    return first, last


def _is_any_late(cursor: Any, first: int, last: int) -> bool:
    cursor.execute(_ANY_LATE, [first, last])
    return bool(cursor.fetchone()[0])
