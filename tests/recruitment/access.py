"""Who may open the pages of recruitment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from people.models import Employee
from people.rules import HR_ADMIN, RECRUITER
from recruitment.models import Application, Candidate
from recruitment.services import CandidateRow, save_candidates
from tests.access import Route
from tests.world import World

ROLES = {RECRUITER, HR_ADMIN}


def row(number: int, **values: object) -> CandidateRow:
    given = {"job_title": "Engineer", "applied_on": dt.date(2026, 1, 5), "stage": "Interviewing"} | values
    return CandidateRow(row=number, number=f"K{number:03}", name=f"Candidate {number}", **given)  # type: ignore[arg-type]


def prepare(world: World) -> None:
    """One under way, one that has ended."""
    save_candidates(rows=[row(1), row(2, stage="Rejected")], actor=None)


def enlarge(world: World, employees: Sequence[Employee]) -> None:
    save_candidates(
        rows=[row(100 + place, source=f"Board {place % 7}") for place, _one in enumerate(employees)], actor=None
    )


def _candidate(world: World) -> dict[str, int]:
    return {"pk": Candidate.objects.get(number="K001").pk}


def _open(world: World) -> dict[str, int]:
    return {"pk": Application.objects.get(candidate__number="K001").pk}


def _ended(world: World) -> dict[str, int]:
    return {"pk": Application.objects.get(candidate__number="K002").pk}


ROUTES = [
    Route("recruitment:candidates", roles=ROLES, is_list=True),
    Route("recruitment:candidate", roles=ROLES, kwargs=_candidate),
    Route("recruitment:move", roles=ROLES, kwargs=_open),
    Route("recruitment:close", roles=ROLES, kwargs=_open),
    Route("recruitment:reopen", roles=ROLES, kwargs=_ended, method="POST", data=lambda _world: {"go": "1"}),
]
