"""Who may open the pages of payroll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from payroll import services
from payroll.models import Salary
from people.models import Employee
from people.rules import AUDITOR, EMPLOYEE, HR_ADMIN, MANAGER, PAYROLL
from people.selectors import today
from tests.access import Route
from tests.performance.company import stand
from tests.world import World
from training.models import Standing

REVIEWERS = {HR_ADMIN, PAYROLL, AUDITOR, MANAGER}


def prepare(world: World) -> None:
    """Everybody is paid and has points; one review over all of them."""
    for number, employee in enumerate(world.people.values()):
        Salary.objects.create(employee=employee, amount=10_000 + number, start_date=employee.hire_date)
        if not Standing.objects.filter(employee=employee, year=world.year).exists():
            stand(world, employee, 200 - number)
    world.extra["review"] = services.create_review(
        name="Access raise",
        year=world.year,
        population_date=today(),
        effective_date=dt.date(today().year + 1, 1, 1),
        share=50,
        raise_percent=5,
        actor=None,
    )


def enlarge(world: World, employees: Sequence[Employee]) -> None:
    Salary.objects.bulk_create(
        Salary(employee=employee, amount=9_000, start_date=employee.hire_date) for employee in employees
    )
    services.rebuild_population(review=world.extra["review"], actor=world.users["paul"])


def _review(world: World) -> dict[str, int]:
    return {"pk": world.extra["review"].pk}


def _raise_of(name: str):
    return lambda world: {"pk": world.extra["review"].recommendations.get(employee=world.people[name]).pk}


ROUTES = [
    Route("payroll:my_pay", roles={EMPLOYEE}),
    Route("payroll:salaries", roles={PAYROLL, AUDITOR}, is_list=True),
    Route("payroll:salary_history", roles={PAYROLL, AUDITOR}, kwargs=lambda w: {"pk": w.people["alice"].pk}),
    Route("payroll:reviews", roles=REVIEWERS),
    # whoever may not read the draft does not find it
    Route(
        "payroll:simulated_raises",
        roles={HR_ADMIN, AUDITOR},
        kwargs=lambda w: {"pk": w.extra["simulation"].pk},
        others={PAYROLL: 404, MANAGER: 404},
        is_list=True,
    ),
    Route("payroll:add_review", roles={HR_ADMIN, PAYROLL}),
    Route("payroll:review", roles=REVIEWERS, kwargs=_review, is_list=True),
    Route("payroll:approve_all", roles={PAYROLL}, kwargs=_review),
    Route("payroll:close_review", roles={HR_ADMIN, PAYROLL}, kwargs=_review, method="POST"),
    Route("payroll:rebuild_population", roles={HR_ADMIN, PAYROLL}, kwargs=_review, method="POST"),
    Route(
        "payroll:recommendation",
        roles=REVIEWERS,
        kwargs=_raise_of("alice"),
        stranger=(MANAGER, _raise_of("dave")),
    ),
    # never oneself
    Route(
        "payroll:recommendation",
        roles={HR_ADMIN, PAYROLL, AUDITOR},
        kwargs=_raise_of("bob"),
        others={MANAGER: 404},
    ),
    Route("payroll:approve", roles={PAYROLL}, kwargs=_raise_of("alice"), method="POST"),
    Route("payroll:change", roles={PAYROLL}, kwargs=_raise_of("alice")),
    Route("payroll:reject", roles={PAYROLL}, kwargs=_raise_of("alice")),
    Route("payroll:reopen", roles={PAYROLL}, kwargs=_raise_of("alice")),
]
