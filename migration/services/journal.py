"""What a batch did, row by row: tables are looked at before and after, in the import's own transaction.

So it holds side effects too, such as the assignment that a transfer ended, without the services knowing of it.
"""

# ruff: noqa: S608 - queries are put together from the constants of this module
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import connection

from migration.models import ImportBatch, Kind
from migration.services.holding import check_own, hold

Rows = Sequence[tuple[int, dict[str, Any]]]
CHUNK = 20_000

_FORGET = """
DROP TABLE IF EXISTS import_given, import_before, import_lane, import_copied, import_ranges, import_people,
    import_added, import_concerned
"""
_PREPARE = f"""
{_FORGET};
-- a row of the file: whom it is about, and what tells it from other rows about them
CREATE TEMPORARY TABLE import_given (
    row int, number text, day date, source text, source_id text, amount numeric, times numeric, score numeric
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_before (model text, id bigint, data jsonb) ON COMMIT DROP;
"""
_FILL = """
INSERT INTO import_given
SELECT * FROM unnest(
    %s::int[], %s::text[], %s::date[], %s::text[], %s::text[], %s::numeric[], %s::numeric[], %s::numeric[]
)
"""
_INDEX = """
CREATE INDEX IF NOT EXISTS import_given_number ON import_given (number);
CREATE INDEX IF NOT EXISTS import_given_name ON import_given (source, source_id);
CREATE INDEX IF NOT EXISTS import_given_row ON import_given (row);
ANALYZE import_given;
"""
_PEOPLE = "SELECT id FROM people_employee WHERE employee_no IN (SELECT number FROM import_given)"
_NAMED = "(t.source, t.source_id) IN (SELECT source, source_id FROM import_given)"
_OF_PEOPLE = f"t.employee_id IN ({_PEOPLE})"
#: of the rows about a person the one with this day, else the first
_BY_DAY = """(
    SELECT coalesce(min(g.row) FILTER (WHERE g.day = t.start_date), min(g.row))
    FROM people_employee AS e JOIN import_given AS g ON g.number = e.employee_no WHERE e.id = t.employee_id
)"""
_BY_NAME = "(SELECT min(g.row) FROM import_given AS g WHERE (g.source, g.source_id) = (t.source, t.source_id))"
_BY_PART = """(
    SELECT min(g.row)
    FROM performance_appraisal AS a
    JOIN people_employee AS e ON e.id = a.employee_id
    JOIN performance_appraisalcycle AS c ON c.id = a.cycle_id
    JOIN performance_cyclepart AS p ON p.id = t.part_id
    JOIN import_given AS g ON g.number = e.employee_no AND g.source IN ('', c.name)
        AND lower(g.source_id) IN ('', lower(p.code), lower(p.name))
    WHERE a.id = t.appraisal_id
)"""
_BY_RATING = """(
    SELECT coalesce(min(g.row) FILTER (WHERE lower(g.source) = lower(t.period)), min(g.row))
    FROM people_employee AS e JOIN import_given AS g ON g.number = e.employee_no WHERE e.id = t.employee_id
)"""
_BY_PERSON = "(SELECT min(g.row) FROM import_given AS g WHERE g.number = t.employee_no)"
#: a candidate is told by the number, else by the e-mail, else by the phone
CANDIDATES = """(
    number IN (SELECT number FROM import_given WHERE number <> '')
    OR lower(email) IN (SELECT source FROM import_given WHERE number = '' AND source <> '')
    OR phone IN (SELECT source FROM import_given WHERE number = '' AND source <> '')
)"""
_BY_CANDIDATE = """coalesce(
    (SELECT min(g.row) FROM import_given AS g WHERE g.number = {c}.number),
    (SELECT min(g.row) FROM import_given AS g WHERE g.source = lower({c}.email) AND g.number = '' AND {c}.email <> ''),
    (SELECT min(g.row) FROM import_given AS g WHERE g.source = {c}.phone AND g.number = '' AND {c}.phone <> '')
)"""
_BY_APPLICATION = f"""(
    SELECT coalesce((
        SELECT min(g.row) FROM import_given AS g
        WHERE g.source_id = lower(t.job_title) AND g.day IS NOT DISTINCT FROM t.applied_on
            AND (g.number = c.number OR (g.number = '' AND g.source IN (lower(c.email), c.phone)))
    ), {_BY_CANDIDATE.format(c="c")})
    FROM recruitment_candidate AS c WHERE c.id = t.candidate_id
)"""
_ALL = "to_jsonb(t)"
#: evidence is never edited: that it is there says everything
_EXISTS = "NULL::jsonb"
_NO_ROW = "NULL::int"
#: model -> (which rows of the table, what of them, row of the file); deleting goes in this order
SOURCES: dict[str, tuple[str, str, str]] = {
    "training.Correction": (_NAMED, _EXISTS, _BY_NAME),
    "training.TeamRecord": (_NAMED, _EXISTS, _BY_NAME),
    "training.LearningRecord": (_NAMED, _EXISTS, _BY_NAME),
    "training.Course": ("true", _ALL, _NO_ROW),
    "payroll.Salary": (_OF_PEOPLE, _ALL, _BY_DAY),
    "performance.AppraisalPart": (
        f"t.appraisal_id IN (SELECT id FROM performance_appraisal WHERE employee_id IN ({_PEOPLE}))",
        "to_jsonb(t) - 'updated_at' - 'pulled_score'", _BY_PART,
    ),
    "performance.Rating": (_OF_PEOPLE, _ALL, _BY_RATING),
    "recruitment.Application": (
        f"t.candidate_id IN (SELECT id FROM recruitment_candidate WHERE {CANDIDATES})", _ALL, _BY_APPLICATION,
    ),
    "recruitment.Candidate": (CANDIDATES, _ALL, _BY_CANDIDATE.format(c="t")),
    "people.Leave": (_OF_PEOPLE, _ALL, _BY_DAY),
    "people.Assignment": (_OF_PEOPLE, _ALL, _BY_DAY),
    "people.User": (
        f"t.id IN (SELECT user_id FROM people_employee WHERE id IN ({_PEOPLE}))",
        "jsonb_build_object('id', t.id, 'is_active', t.is_active)", _NO_ROW,
    ),
    "people.Employee": ("t.employee_no IN (SELECT number FROM import_given)", _ALL, _BY_PERSON),
    "people.Level": ("true", _ALL, _NO_ROW),
    "people.Position": ("true", _ALL, _NO_ROW),
    "people.Department": ("true", _ALL, _NO_ROW),
}  # fmt: skip
_WHERE = {model: where for model, (where, _data, _row) in SOURCES.items()}
_PLACES = ("people.Level", "people.Position", "people.Department")
#: kind -> models that such a file may touch
TOUCHED: dict[str, tuple[str, ...]] = {
    Kind.EMPLOYEES: ("people.Assignment", "people.User", "people.Employee", *_PLACES),
    Kind.ASSIGNMENTS: ("people.Assignment", *_PLACES),
    Kind.LEAVES: ("people.Leave",),
    Kind.RECORDS: ("training.Correction", "training.TeamRecord", "training.LearningRecord", "training.Course"),
    Kind.SCORES: ("training.Correction", "training.TeamRecord", "training.LearningRecord", "training.Course"),
    Kind.KPI: ("performance.AppraisalPart",),
    Kind.RATINGS: ("performance.Rating",),
    Kind.SALARIES: ("payroll.Salary",),
    Kind.CANDIDATES: ("recruitment.Application", "recruitment.Candidate"),
    Kind.COURSES: ("training.Course",),
    Kind.DEPARTURES: ("people.Assignment", "people.User", "people.Employee"),
}

_REMEMBER = "INSERT INTO import_before SELECT %s, t.id, {data} FROM {table} AS t WHERE {where}"
#: Whether this very transaction wrote the row, itself or in a savepoint: what others committed meanwhile is not the
#: import's. Numbers of transactions in rows are cut to 32 bits; those of savepoints follow that of the transaction.
_AHEAD = "mod(mod(t.xmin::text::bigint - %(top)s, 4294967296) + 4294967296, 4294967296)"
_OURS = f"""
    CASE WHEN {_AHEAD} < 2147483648 THEN pg_xact_status((%(top)s + {_AHEAD})::text::xid8) = 'in progress' ELSE false END
"""
_WRITE = f"""
INSERT INTO migration_importedrow (batch_id, model, object_id, row, action, before, after)
SELECT
    %(batch)s, %(model)s, t.id, {{row}}, CASE WHEN b.id IS NULL THEN 'created' ELSE 'changed' END, b.data, {{data}}
FROM {{table}} AS t
LEFT JOIN import_before AS b ON b.model = %(model)s AND b.id = t.id
WHERE {{where}} AND CASE WHEN b.id IS NULL OR b.data IS DISTINCT FROM {{data}} THEN {_OURS} ELSE false END
"""


def remember(kind: str, rows: Rows) -> None:
    """Hold what the rows may touch and look at it, before they do. Call it in the import's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE)
    _remember(kind, rows, TOUCHED[kind])


def remember_more(kind: str, rows: Rows) -> None:
    """As :func:`remember`, where that saw no rows: these are the ones. Tables that no row names are not seen again."""
    _remember(kind, rows, [model for model in TOUCHED[kind] if SOURCES[model][0] != "true"])


def _remember(kind: str, rows: Rows, models: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            given = [_given(kind, number, values) for number, values in rows[start : start + CHUNK]]
            cursor.execute(_FILL, [list(column) for column in zip(*given, strict=True)])
        cursor.execute(_INDEX)
    # a statement after the locks sees what others committed before them
    leavers = {values["employee_no"].strip() for _number, values in rows if values.get("exit_date")}
    hold(kind, _WHERE, sorted(one for one in leavers if "\x00" not in one))
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(_query(_REMEMBER, model), [model])
        cursor.execute("ANALYZE import_before")


def write_journal(batch: ImportBatch) -> None:
    """Compare with what :func:`remember` saw and keep the difference. Raises OvertakenError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        top = cursor.fetchone()[0]
        for model in TOUCHED[batch.kind]:
            cursor.execute(_query(_WRITE, model), {"batch": batch.pk, "top": top, "model": model})
    check_own(batch, TOUCHED[batch.kind], _OURS, top)


def forget() -> None:
    """Nobody asks any more what was there before."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)


def table_of(model: str) -> str:
    return apps.get_model(model)._meta.db_table


def _query(text: str, model: str) -> str:
    where, data, row = SOURCES[model]
    return text.format(table=table_of(model), where=where, data=data, row=row)


def _given(kind: str, number: int, values: dict[str, Any]) -> tuple[Any, ...]:
    """A row for import_given."""
    day, source, source_id = values.get("start_date"), "", ""
    amount = values.get("amount")
    if kind == Kind.EMPLOYEES:
        day = values.get("assignment_start")
    elif kind == Kind.KPI:
        source, source_id = values.get("cycle", ""), values.get("part", "")
    elif kind == Kind.RATINGS:
        rated_on = values.get("rated_on")
        source = values.get("cycle", "") or (str(rated_on.year) if rated_on else "")
    elif kind == Kind.CANDIDATES:
        return _given_candidate(number, values)
    elif kind in (Kind.RECORDS, Kind.SCORES):
        day = values.get("happened_on")
        source, source_id = values.get("source", "import"), values.get("source_id", "")
        amount = values.get("minutes", values.get("hours"))
    texts = (one.strip().replace("\x00", "") for one in (source, source_id))
    number_text = values.get("employee_no", "").strip().replace("\x00", "")
    return (number, number_text, day, *texts, amount, values.get("count"), values.get("score"))


def _given_candidate(number: int, values: dict[str, Any]) -> tuple[Any, ...]:
    known_as, email, phone, title = (
        values.get(name, "").strip().replace("\x00", "") for name in ("candidate_no", "email", "phone", "job_title")
    )
    contact = "" if known_as else (email.lower() or phone)
    amounts = (values.get("desired_salary"), None, values.get("offered_salary"))
    return (number, known_as, values.get("applied_on"), contact, title.lower(), *amounts)
