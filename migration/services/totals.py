"""Control totals: what the kind is about, summed over the file's people before and after, and what the file adds.

Each is {"name", "before", "added", "after"} with numbers as text; it adds up where before + added = after.
"""

# ruff: noqa: S608 - queries are put together from the constants of this module
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from migration.models import ImportBatch, Kind
from migration.services.journal import CANDIDATES

_PEOPLE = "SELECT id FROM people_employee WHERE employee_no IN (SELECT number FROM import_given)"
_RECORDS = f"""
SELECT sum(n), sum(minutes), sum(times), sum(score) FROM (
    SELECT count(*) AS n, sum(minutes) AS minutes, sum(count) AS times, sum(score) AS score
    FROM training_learningrecord WHERE status = 'active' AND employee_id IN ({_PEOPLE})
    UNION ALL
    SELECT count(*), sum(minutes), sum(count), sum(score) FROM training_teamrecord
    WHERE status = 'active' AND (source, source_id) IN (SELECT source, source_id FROM import_given)
) AS evidence
"""
#: kind -> (names, sums over the people of the file)
_STATE: dict[str, tuple[tuple[str, ...], str]] = {
    Kind.EMPLOYEES: (("people",), f"SELECT count(*) FROM ({_PEOPLE}) AS people"),
    Kind.ASSIGNMENTS: (("assignments",), f"SELECT count(*) FROM people_assignment WHERE employee_id IN ({_PEOPLE})"),
    Kind.LEAVES: (("leaves",), f"SELECT count(*) FROM people_leave WHERE employee_id IN ({_PEOPLE})"),
    Kind.RECORDS: (("records", "minutes", "times", "score"), _RECORDS),
    Kind.SCORES: (("records", "minutes", "times", "score"), _RECORDS),
    Kind.KPI: (
        ("scores", "score"),
        f"""SELECT count(*), sum(p.score) FROM performance_appraisalpart AS p
            JOIN performance_appraisal AS a ON a.id = p.appraisal_id
            WHERE p.state = 'scored' AND a.employee_id IN ({_PEOPLE})""",
    ),
    Kind.RATINGS: (
        ("ratings",),
        f"SELECT count(*) FROM performance_rating WHERE employee_id IN ({_PEOPLE})",
    ),
    Kind.SALARIES: (
        ("salaries", "amount"),
        f"SELECT count(*), sum(amount) FROM payroll_salary WHERE employee_id IN ({_PEOPLE})",
    ),
    Kind.COURSES: (("courses",), "SELECT count(*) FROM training_course"),
    Kind.CANDIDATES: (
        ("applications", "desired", "offered"),
        f"""SELECT count(*), sum(desired_salary), sum(offered_salary) FROM recruitment_application
            WHERE candidate_id IN (SELECT id FROM recruitment_candidate WHERE {CANDIDATES})""",
    ),
    Kind.DEPARTURES: (
        ("departures",),
        f"SELECT count(*) FROM people_employee WHERE exit_date IS NOT NULL AND id IN ({_PEOPLE})",
    ),
}
#: what the rows of the file that did something say, less what was there; where a row is silent, what the suite put in
_EVIDENCE = """
SELECT count(*), sum(coalesce(g.amount, r.minutes)), sum(coalesce(g.times, r.count)), sum(coalesce(g.score, r.score))
FROM migration_importedrow AS j
JOIN (
    SELECT 'training.LearningRecord' AS model, id, minutes, count, score FROM training_learningrecord
    UNION ALL
    SELECT 'training.TeamRecord', id, minutes, count, score FROM training_teamrecord
) AS r ON r.model = j.model AND r.id = j.object_id
LEFT JOIN import_given AS g ON g.row = j.row
WHERE j.batch_id = %(batch)s
"""
_ADDED: dict[str, str] = {
    Kind.EMPLOYEES: "SELECT %(created)s WHERE %(batch)s > 0",
    Kind.ASSIGNMENTS: "SELECT %(created)s WHERE %(batch)s > 0",
    Kind.LEAVES: "SELECT %(created)s WHERE %(batch)s > 0",
    Kind.RECORDS: _EVIDENCE,
    Kind.SCORES: _EVIDENCE,
    Kind.KPI: """
        SELECT count(*) FILTER (WHERE j.before ->> 'state' IS DISTINCT FROM 'scored'),
            sum(g.score - coalesce((j.before ->> 'score')::numeric, 0))
        FROM migration_importedrow AS j LEFT JOIN import_given AS g ON g.row = j.row
        WHERE j.batch_id = %(batch)s AND j.after ->> 'state' = 'scored'
            AND (j.action = 'changed' OR j.row IS NOT NULL)""",
    Kind.RATINGS: "SELECT %(created)s WHERE %(batch)s > 0",
    Kind.CANDIDATES: """
        SELECT count(*) FILTER (WHERE j.action = 'created'),
            sum(coalesce(g.amount, (j.after ->> 'desired_salary')::numeric)
                - coalesce((j.before ->> 'desired_salary')::numeric, 0)),
            sum(coalesce(g.score, (j.after ->> 'offered_salary')::numeric)
                - coalesce((j.before ->> 'offered_salary')::numeric, 0))
        FROM migration_importedrow AS j LEFT JOIN import_given AS g ON g.row = j.row
        WHERE j.batch_id = %(batch)s AND j.model = 'recruitment.Application'""",
    Kind.SALARIES: """
        SELECT count(*), sum(g.amount)
        FROM migration_importedrow AS j LEFT JOIN import_given AS g ON g.row = j.row
        WHERE j.batch_id = %(batch)s AND j.action = 'created'""",
    Kind.COURSES: "SELECT %(created)s WHERE %(batch)s > 0",
    Kind.DEPARTURES: "SELECT %(created)s WHERE %(batch)s > 0",
}
#: decimal places that the suite keeps
_PLACES = {"score": Decimal("0.01"), "amount": Decimal("0.01"), "desired": Decimal("0.01"), "offered": Decimal("0.01")}


def sums(kind: str) -> list[Any]:
    """Over the people of the file, as it is now. :func:`journal.remember` must have seen the rows."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE[kind][1])
        return [value or 0 for value in cursor.fetchone()]


def totals_of(batch: ImportBatch, before: Sequence[Any]) -> list[dict[str, str]]:
    """Compare the sums taken before with those of now and with what the file says. The journal must be written."""
    return totals_as_text(batch.kind, before, added_by(batch), sums(batch.kind))


def added_by(batch: ImportBatch) -> list[Any]:
    """What the rows of the journal add, as the file says it."""
    with connection.cursor() as cursor:
        cursor.execute(_ADDED[batch.kind], {"batch": batch.pk, "created": batch.created})
        return [value or 0 for value in cursor.fetchone()]


def totals_as_text(
    kind: str, before: Sequence[Any], added: Sequence[Any], after: Sequence[Any]
) -> list[dict[str, str]]:
    found = []
    for name, old, more, new in zip(_STATE[kind][0], before, added, after, strict=True):
        if name in ("minutes", "times", "score", "desired", "offered") and not (old or more or new):
            continue
        values = {"before": old, "added": more, "after": new}
        places = _PLACES.get(name, Decimal(1))
        found.append({"name": name, **{key: str(Decimal(value).quantize(places)) for key, value in values.items()}})
    return found


def label_of(name: str) -> str:
    labels = {
        "people": _("People"), "assignments": _("Assignments"), "leaves": _("Long leaves"),
        "records": _("Learning records"), "minutes": _("Hours"), "times": _("Times"), "score": _("Sum of scores"),
        "scores": _("Scored parts"), "salaries": _("Salaries"),
        "courses": _("Courses"), "departures": _("Departures"), "amount": _("Sum of monthly amounts"),
        "ratings": _("Ratings"), "applications": _("Applications"), "desired": _("Sum of desired salaries"),
        "offered": _("Sum of offered salaries"),
    }  # fmt: skip
    return labels[name]


def reconciled(batch: ImportBatch) -> dict[str, Any]:
    """For people: rows in against what became of them, and each total with whether it adds up."""
    counts = [
        (_("New"), batch.created), (_("Changed"), batch.changed), (_("Unchanged"), batch.unchanged),
        (_("Kept for a decision"), batch.kept), (_("Merged: repeat another row"), batch.merged),
        (_("Left out (sums, notes, by the mapping or a decision)"), batch.passed_over),
        (_("Refused"), batch.refused),
    ]  # fmt: skip
    lines = lines_of(batch.totals)
    rows_add_up = batch.rows == sum(count for _label, count in counts)
    return {
        "counts": counts,
        "rows": batch.rows,
        "rows_add_up": rows_add_up,
        "lines": lines,
        "adds_up": rows_add_up and all(line["adds_up"] for line in lines),
    }


def lines_of(totals: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [_line(one) for one in totals]


def _line(total: Mapping[str, str]) -> dict[str, Any]:
    before, added, after = (Decimal(total[key]) for key in ("before", "added", "after"))
    line: dict[str, Any] = {"label": label_of(total["name"]), "adds_up": before + added == after}
    hours = Decimal(60) if total["name"] == "minutes" else Decimal(1)
    values = {"before": before, "added": added, "after": after}
    for key, value in values.items():
        line[key] = round(value / hours, 2) if total["name"] == "minutes" else value
    return line


def said_of(line: Mapping[str, Any]) -> str:
    """A line of :func:`lines_of` with whether it adds up."""
    return _("adds up") if line["adds_up"] else _("does not add up")


def sheet_of(batch: ImportBatch) -> list[list[Any]]:
    """The same as rows of a workbook."""
    proof = reconciled(batch)

    def said(adds_up: bool) -> str:
        return _("adds up") if adds_up else _("does not add up")

    rows: list[list[Any]] = [[_("Rows"), _("Number"), ""]]
    rows += [[label, count, ""] for label, count in proof["counts"]]
    rows += [[_("Rows of the file"), proof["rows"], said(proof["rows_add_up"])], []]
    rows.append([_("Control totals"), _("Before"), _("Added by the file"), _("After"), ""])
    rows += [[one["label"], one["before"], one["added"], one["after"], said(one["adds_up"])] for one in proof["lines"]]
    return rows


def sheet_of_job(batches: Sequence[tuple[str, ImportBatch]]) -> list[list[Any]]:
    """The proofs of (name, batch) below each other, as rows of a workbook."""
    rows: list[list[Any]] = []
    for name, batch in batches:
        rows += [[name, batch.get_kind_display()], *sheet_of(batch), []]
    return rows
