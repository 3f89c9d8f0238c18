"""Scores in bulk: the rows of a KPI file, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from people.models import Employee, User
from people.selectors import employee_of
from performance.models import Appraisal, AppraisalCycle, CyclePart
from performance.services.scores import lock_appraisals, pull_training_scores, settle

_WRITE = """
WITH given AS (
    -- a score of the file
    SELECT * FROM unnest(%(appraisals)s::bigint[], %(parts)s::bigint[], %(scores)s::numeric[])
        AS given (appraisal_id, part_id, score)
),
before AS (
    SELECT given.*, ap.id, ap.state AS old_state, ap.score AS old_score
    FROM given
    JOIN performance_appraisalpart AS ap USING (appraisal_id, part_id)
),
written AS (
    UPDATE performance_appraisalpart AS ap
    SET state = 'scored', score = before.score, reason = '', updated_at = now()
    FROM before
    WHERE ap.id = before.id AND (before.old_state, before.old_score) IS DISTINCT FROM ('scored', before.score)
    RETURNING ap.id
)
SELECT
    count(*) FILTER (WHERE old_state = 'missing'),
    count(*) FILTER (WHERE old_state <> 'missing' AND id IN (SELECT id FROM written)),
    count(*) FILTER (WHERE id NOT IN (SELECT id FROM written))
FROM before
"""


@dataclass(frozen=True)
class ScoreRow:
    """A score of 0 to 100: ``cycle`` by name, ``part`` by code or name."""

    row: int
    employee_no: str
    cycle: str
    part: str
    score: Decimal


@dataclass
class _Known:
    """What the rows refer to, read in a few queries."""

    cycles: Mapping[str, AppraisalCycle]
    parts: dict[tuple[int, str], CyclePart] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)
    appraisals: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)


def _look_up(rows: Sequence[ScoreRow]) -> _Known:
    cycles = {cycle.name: cycle for cycle in AppraisalCycle.objects.filter(name__in={row.cycle for row in rows})}
    known = _Known(cycles)
    for part in CyclePart.objects.filter(cycle__in=cycles.values()):
        known.parts[part.cycle_id, part.name.lower()] = part
    for part in CyclePart.objects.filter(cycle__in=cycles.values()):
        known.parts[part.cycle_id, part.code.lower()] = part
    numbers = {row.employee_no for row in rows}
    known.employees = {e.employee_no: e for e in Employee.objects.filter(employee_no__in=numbers)}
    found = Appraisal.objects.filter(cycle__in=cycles.values(), employee__in=known.employees.values())
    lock_appraisals(found)
    for pk, cycle_id, employee_id, status in found.values_list("pk", "cycle_id", "employee_id", "status"):
        known.appraisals[cycle_id, employee_id] = (pk, status)
    return known


def save_scores(*, rows: Sequence[ScoreRow], actor: User | None) -> Outcome:
    """Write the scores of typed parts. Raises :class:`BadRows` with every problem, and then writes nothing."""
    with transaction.atomic():
        _make_appraisals(rows)
        known = _look_up(rows)
        problems: list[RowProblem] = []
        good: dict[tuple[int, int], ScoreRow] = {}
        for row in rows:
            found = _check(row, known, actor)
            if isinstance(found, RowProblem):
                problems.append(found)
            elif found in good:
                first = good[found].row
                problems.append(
                    RowProblem(
                        row.row,
                        "employee_no",
                        row.employee_no,
                        _("Row %(row)s has a score of the same person and part already.") % {"row": first},
                        _("Keep one of the two rows."),
                    )
                )
            else:
                good[found] = row
        if problems:
            raise BadRows(problems)
        return _write(good)


def _make_appraisals(rows: Sequence[ScoreRow]) -> None:
    """People who came after the cycle was opened get their appraisal now."""
    numbers = {row.employee_no for row in rows}
    for cycle in AppraisalCycle.objects.filter(name__in={row.cycle for row in rows}):
        lacking = Employee.objects.filter(employee_no__in=numbers).exclude(appraisals__cycle=cycle)
        ids = list(lacking.values_list("id", flat=True))
        if ids:
            pull_training_scores(employee_ids=ids, year_id=cycle.points_year_id)


def _check(row: ScoreRow, known: _Known, actor: User | None) -> tuple[int, int] | RowProblem:
    """(appraisal id, part id) of a row, or what is wrong with it."""

    def bad(column: str, value: object, message: str, mend: str) -> RowProblem:
        return RowProblem(row.row, column, value, message, mend)

    cycle = known.cycles.get(row.cycle)
    if cycle is None:
        return bad("cycle", row.cycle, _("There is no such appraisal cycle."), _("Create the cycle, or mend the name."))
    if cycle.status == AppraisalCycle.Status.FINAL:
        return bad("cycle", row.cycle, _("This cycle is final."), _("Leave the row out."))
    part = known.parts.get((cycle.pk, row.part.strip().lower()))
    if part is None:
        return bad("part", row.part, _("This cycle has no such part."), _("Use the code or name of one of its parts."))
    if part.source == CyclePart.Source.TRAINING:
        return bad(
            "part", row.part, _("This part comes from training points."), _("Type another score on the appraisal page.")
        )
    employee = known.employees.get(row.employee_no)
    if employee is None:
        return bad(
            "employee_no",
            row.employee_no,
            _("Nobody has this employee number."),
            _("Import the employee first, or mend the number."),
        )
    if not 0 <= row.score <= 100:
        return bad("score", row.score, _("A score is between 0 and 100."), _("Mend the number."))
    if actor is not None and employee_of(actor) == employee:
        return bad("employee_no", row.employee_no, _("This is your own appraisal."), _("Let somebody else enter it."))
    appraisal = known.appraisals.get((cycle.pk, employee.pk))
    if appraisal is None:
        return bad(
            "employee_no",
            row.employee_no,
            _("This person is not on staff on the last day of the cycle."),
            _("Leave the row out."),
        )
    if appraisal[1] == Appraisal.Status.SIGNED:
        return bad("employee_no", row.employee_no, _("This appraisal is signed."), _("Reopen it first."))
    return appraisal[0], part.pk


def _write(good: Mapping[tuple[int, int], ScoreRow]) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "appraisals": [key[0] for key in good],
                "parts": [key[1] for key in good],
                "scores": [row.score for row in good.values()],
            },
        )
        created, changed, unchanged = cursor.fetchone()
    settle(appraisal_ids=sorted({key[0] for key in good}))
    return Outcome(created=created, changed=changed, unchanged=unchanged)
