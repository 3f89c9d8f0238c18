"""Rows of what people are judged by, paid and hired with: KPI scores, ratings, salaries, candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from migration.services.mapping import Mapping
from payroll.services import SalaryRow, save_salaries
from people.models import User
from performance.models import AppraisalCycle, CyclePart
from performance.services import RatingRow, ScoreRow, save_ratings, save_scores
from recruitment.services import CandidateRow, save_candidates

Rows = Sequence[tuple[int, dict[str, Any]]]


def pick(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def at(problem: RowProblem, column: str) -> RowProblem:
    return RowProblem(problem.row, column, problem.value, problem.message, problem.mend)


def save_kpi_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    cycle = "" if all("cycle" in values for _n, values in rows) else _only_cycle()
    scores = []
    for number, values in rows:
        named = values.get("cycle", cycle)
        scores.append(
            ScoreRow(
                row=number,
                employee_no=values["employee_no"],
                cycle=named,
                part=values.get("part") or _only_part(named),
                score=values["score"],
            )
        )
    return save_scores(rows=scores, actor=actor)


def _only_cycle(message: str = "") -> str:
    cycles = list(AppraisalCycle.objects.filter(status=AppraisalCycle.Status.OPEN).values_list("name", flat=True))
    if len(cycles) == 1:
        return cycles[0]
    raise BadInput(
        "cycle", ", ".join(cycles) or "–",
        message or _("The file does not say which appraisal cycle its scores are of."),
        _("Add a column for the cycle, or give one value for all rows."),
    )  # fmt: skip


def _only_part(cycle: str) -> str:
    parts = list(
        CyclePart.objects.filter(cycle__name=cycle, source=CyclePart.Source.TYPED).values_list("code", flat=True)
    )
    # an unknown cycle is the service's to refuse
    if len(parts) == 1 or not AppraisalCycle.objects.filter(name=cycle).exists():
        return parts[0] if parts else ""
    raise BadInput(
        "part", ", ".join(parts) or "–", _("The file does not say which part of the appraisal its scores are of."),
        _("Add a column for the part, or give one value for all rows."),
    )  # fmt: skip


def save_rating_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    stated = all("cycle" in values or "rated_on" in values for _n, values in rows)
    cycle = "" if stated else _only_cycle(_("The file does not say what period its ratings are of."))
    ratings = [
        RatingRow(
            row=number,
            employee_no=values["employee_no"],
            grade=values["rating"],
            period=values.get("cycle", "" if "rated_on" in values else cycle),
            **pick(values, "rated_on", "comment"),
        )
        for number, values in rows
    ]
    return save_ratings(rows=ratings, actor=actor, new_words="ratings" in mapping.create)


def save_salary_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    pay = [
        SalaryRow(row=number, **pick(values, "employee_no", "amount", "start_date", "currency", "reason"))
        for number, values in rows
    ]
    return save_salaries(rows=pay, actor=actor)


def save_candidate_rows(rows: Rows, mapping: Mapping, actor: User | None, cause: str) -> Outcome:
    names = (
        "name", "gender", "birth_date", "email", "phone", "source", "education", "experience_years", "skills",
        "job_title", "department", "applied_on", "stage", "closed_reason", "desired_salary", "offered_salary",
        "hired_as",
    )  # fmt: skip
    candidates = [
        CandidateRow(row=number, number=values.get("candidate_no", ""), **pick(values, *names))
        for number, values in rows
    ]
    try:
        return save_candidates(rows=candidates, actor=actor)
    except BadRows as error:
        raise BadRows(
            [at(one, "candidate_no" if one.column == "number" else one.column) for one in error.problems]
        ) from error
