"""Values of each kind as rows of the apps' own bulk services. Nothing is written past those services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from migration.models import Kind
from migration.services.cells import Parsed
from migration.services.mapping import CREATABLE, Mapping
from migration.services.pieces import Heard, Rows, in_pieces, nobody_hears
from migration.services.saving_people import (
    save_assignment_rows,
    save_departure_rows,
    save_employee_rows,
    save_leave_rows,
)
from migration.services.saving_results import (
    save_candidate_rows,
    save_kpi_rows,
    save_rating_rows,
    save_salary_rows,
)
from migration.services.saving_training import (
    create_courses,
    save_course_rows,
    save_exam_scores,
    save_record_rows,
    without_followers,
)
from people.models import User
from people.services.bulk import is_first_load
from performance.selectors import known_grades
from training.models import Activity, LearningRecord

_SAVERS: dict[str, Callable[[Rows, Mapping, User | None, str], Outcome]] = {
    Kind.LEAVES: save_leave_rows,
    Kind.RECORDS: save_record_rows,
    Kind.SCORES: save_exam_scores,
    Kind.KPI: save_kpi_rows,
    Kind.RATINGS: save_rating_rows,
    Kind.SALARIES: save_salary_rows,
    Kind.CANDIDATES: save_candidate_rows,
    Kind.COURSES: save_course_rows,
    Kind.DEPARTURES: save_departure_rows,
}
#: kinds that look at all their rows before they save them in pieces by themselves
_PLACED: dict[str, Callable[[Rows, Mapping, User | None, Heard], Outcome]] = {
    Kind.EMPLOYEES: save_employee_rows, Kind.ASSIGNMENTS: save_assignment_rows,
}  # fmt: skip


def save(
    kind: str, *, rows: Rows, mapping: Mapping, actor: User | None, cause: str, heard: Heard = nobody_hears
) -> Outcome:
    """Write ``rows`` of one kind. Raises BadRows with every problem, having written nothing of them; within a
    transaction of the caller, who takes back what came before."""
    if kind in _PLACED:
        return _PLACED[kind](rows, mapping, actor, heard)
    if kind in (Kind.RECORDS, Kind.SCORES):
        create_courses(kind, rows, mapping, actor)
    elif kind == Kind.RATINGS and not known_grades():
        # the first words are those of the whole file, not of its first piece
        mapping = replace(mapping, create=mapping.create | {"ratings"})
    return in_pieces(kind, rows, lambda piece: _SAVERS[kind](piece, mapping, actor, cause), heard)


@dataclass
class Saved:
    """``rows``: those that nothing stands against."""

    outcome: Outcome
    rows: Rows
    problems: list[RowProblem]


def save_good(
    kind: str, *, parsed: Parsed, mapping: Mapping, actor: User | None, cause: str, skip_bad: bool,
    heard: Heard = nobody_hears,
) -> Saved:  # fmt: skip
    """Save the rows of ``parsed``; with ``skip_bad`` those alone that nothing stands against. Raises BadInput where
    all rows lack the same, as the cycle that they are of."""
    rows: Rows = list(parsed.rows)
    problems: list[RowProblem] = []
    while rows:
        try:
            with transaction.atomic():
                outcome = save(kind, rows=rows, mapping=mapping, actor=actor, cause=cause, heard=heard)
                return Saved(outcome, rows, problems)
        except BadRows as error:
            problems += [parsed.renamed(one) for one in _told(kind, error.problems, parsed, mapping)]
            bad = {problem.row for problem in error.problems}
            # a good row may lean on a bad one, so what is left is tried again
            kept = [one for one in rows if one[0] not in bad]
            if not skip_bad or len(kept) == len(rows):
                break
            rows = kept
        except BadInput as error:
            heading = parsed.heading_of.get(error.field, error.field)
            raise BadInput(heading, error.value, error.message, error.mend) from error
    return Saved(Outcome(), rows, problems)


def _told(kind: str, problems: Sequence[RowProblem], parsed: Parsed, mapping: Mapping) -> list[RowProblem]:
    """What is to be said: of records with what a file without a column for the activity can do."""
    if kind not in (Kind.RECORDS, Kind.SCORES):
        return list(problems)
    told = without_followers(problems, mapping)
    if "activity" in parsed.heading_of or not Activity.objects.filter(is_active=True).exists():
        return told
    hint = _("The same for every row: a value for the field activity under Map, or --set activity=CODE.")
    return [replace(one, mend=f"{one.mend} {hint}") if one.column == "activity" else one for one in told]


def first_load(mapping: Mapping) -> Mapping:
    """The mapping for a company that is loaded by commands: what the first files name is new, not misspelt.

    Departments, positions and levels while nobody works anywhere yet, courses while there are no records.
    """
    create = set(mapping.create)
    if is_first_load():
        create |= set(CREATABLE)
    if not LearningRecord.objects.exists():
        create.add("courses")
    return replace(mapping, create=frozenset(create))
