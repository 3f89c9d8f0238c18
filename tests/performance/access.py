"""Who may open the pages of performance."""

from __future__ import annotations

from collections.abc import Sequence

from people.models import Employee
from people.rules import AUDITOR, EMPLOYEE, HR_ADMIN, MANAGER
from performance import services
from performance.models import Appraisal, AppraisalPart
from performance.services import RatingRow, pull_training_scores
from tests.access import Route
from tests.performance.company import stand
from tests.performance.plan import case_cycle
from tests.world import World
from training.models import Standing

READERS = {HR_ADMIN, AUDITOR, MANAGER}
WRITERS = {HR_ADMIN, MANAGER}


def prepare(world: World) -> None:
    """A cycle with everybody's appraisal, and a title over everybody."""
    for number, employee in enumerate(world.people.values()):
        if not Standing.objects.filter(employee=employee, year=world.year).exists():
            stand(world, employee, 200 - number)
    world.extra["cycle"] = case_cycle(world)
    world.extra["title"] = services.create_title(name="Access title", year=world.year, share=50, actor=None)


def enlarge(world: World, employees: Sequence[Employee]) -> None:
    for employee in employees:
        stand(world, employee, 50)
    pull_training_scores(employee_ids=[employee.pk for employee in employees], year_id=world.year.pk)
    rated = [RatingRow(place, one.employee_no, "Exceeds", "2019") for place, one in enumerate(employees)]
    services.save_ratings(rows=rated, actor=None, new_words=True)
    services.mark_titles_stale(year_id=world.year.pk)
    services.refresh_stale_titles()


def _cycle(world: World) -> dict[str, int]:
    return {"pk": world.extra["cycle"].pk}


def _title(world: World) -> dict[str, int]:
    return {"pk": world.extra["title"].pk}


def _of(name: str):
    return lambda world: {"pk": Appraisal.objects.get(employee=world.people[name]).pk}


def _part_of(name: str):
    return lambda world: {"pk": AppraisalPart.objects.get(appraisal__employee=world.people[name], part__code="kpi").pk}


def _activity(world: World) -> dict[str, str | int]:
    return {"kind": "activity", "pk": world.activities["workshop"].pk}


ROUTES = [
    Route("performance:my_appraisals", roles={EMPLOYEE}),
    Route("performance:ratings", roles=READERS, is_list=True),
    Route("performance:appraisals", roles=READERS, is_list=True),
    Route("performance:appraisal", roles=READERS, kwargs=_of("alice"), stranger=(MANAGER, _of("dave"))),
    # never oneself
    Route("performance:appraisal", roles={HR_ADMIN, AUDITOR}, kwargs=_of("bob"), others={MANAGER: 404}),
    Route("performance:sign", roles=WRITERS, kwargs=_of("alice"), stranger=(MANAGER, _of("erin"))),
    Route("performance:reopen", roles=WRITERS, kwargs=_of("alice"), stranger=(MANAGER, _of("erin"))),
    Route("performance:score", roles=WRITERS, kwargs=_part_of("alice"), stranger=(MANAGER, _part_of("erin"))),
    Route(
        "performance:release",
        roles=WRITERS,
        kwargs=_part_of("alice"),
        method="POST",
        stranger=(MANAGER, _part_of("erin")),
    ),
    Route("performance:cycles", roles=READERS),
    Route("performance:add_cycle", roles={HR_ADMIN}),
    Route("performance:cycle", roles=READERS, kwargs=_cycle),
    Route("performance:sign_ready", roles=WRITERS, kwargs=_cycle),
    Route("performance:finalise", roles={HR_ADMIN}, kwargs=_cycle, method="POST"),
    Route("performance:titles", roles=READERS),
    Route("performance:add_title", roles={HR_ADMIN}),
    Route("performance:title", roles=READERS, kwargs=_title, is_list=True),
    Route("performance:confirm_title", roles={HR_ADMIN}, kwargs=_title, method="POST"),
    Route("performance:reopen_title", roles={HR_ADMIN}, kwargs=_title, method="POST"),
    Route("performance:promotion", roles=READERS, is_list=True),
    Route("performance:insights", roles={HR_ADMIN, AUDITOR}, is_list=True),
    Route("performance:insight", roles={HR_ADMIN, AUDITOR}, kwargs=_activity, is_list=True),
]
