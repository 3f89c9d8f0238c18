"""What a draft does to everybody in a points year, worked out by the policy engine in lots. Nothing is booked.

A ``Simulation`` row is the work: whoever runs the pipeline takes the next lot, so it goes on after a restart and its
page shows how far it is. Rankings need everybody and come last.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from hrsuite.lib.nudge import nudge_after_commit
from people.models import Employee, User
from training.models import ChangeEffect, ChangeState, PointsYear, PolicyChange, Simulation
from training.rules.engine import Account, Plan, evaluate, finish, keep, restore
from training.rules.engine.values import plain
from training.selectors.evidence import evidence_by_id
from training.selectors.policy_document import as_one, documents_in_force, identity
from training.services.changes.draft import refuse_decided
from training.services.policy_file import parse
from training.services.policy_file.exact import SHARED
from training.services.work import PIPELINE_TASK

logger = logging.getLogger(__name__)
LOT = 1000
#: so many people are worked out while the browser waits
AT_ONCE = 300
Document = dict[str, Any]


@transaction.atomic
def request_simulation(*, change: PolicyChange, year: PointsYear, actor: User | None) -> Simulation:
    """Work the draft out for the year, afresh where that was done before."""
    refuse_decided(change)
    if year.status == PointsYear.Status.CLOSED:
        raise BadInput(
            "year", year.name, _("This points year is closed: no change moves it."), _("Choose an open year.")
        )
    Simulation.objects.filter(change=change, year=year).delete()
    found = Simulation.objects.create(change=change, year=year, people=_people(year).count())
    nudge_after_commit(PIPELINE_TASK)
    return found


def work_off(simulation: Simulation) -> None:
    """Work a small company out at once; a large one is left to the worker."""
    if simulation.people > AT_ONCE:
        return
    while _next_lot(Q(pk=simulation.pk)):
        pass


def simulate_next_lot() -> bool:
    """One lot of the oldest unfinished simulation. Returns whether there was one."""
    return _next_lot(Q())


def _next_lot(which: Q) -> bool:
    with transaction.atomic():
        waiting = Simulation.objects.filter(which, finished_at=None, error="", change__state=ChangeState.DRAFT)
        found = waiting.order_by("id").select_for_update(of=("self",), skip_locked=True)
        simulation = found.select_related("change__policy", "year").first()
        if simulation is None:
            return False
        try:
            with transaction.atomic():
                _Lots(simulation).work()
        except Exception as error:
            logger.exception("simulation %s failed", simulation.pk)
            # the last state that stands, with the reason
            Simulation.objects.filter(pk=simulation.pk).update(error=f"{type(error).__name__}: {error}"[:300])
        return True


def _people(year: PointsYear) -> QuerySet[Employee]:
    """Those whose points of the year are booked: on staff on some day of it."""
    still = Q(exit_date__isnull=True) | Q(exit_date__gte=year.start_date)
    return Employee.objects.filter(still, hire_date__lte=year.end_date)


def documents_of(change: PolicyChange) -> tuple[Document, Document]:
    """Everything that is booked, before and after; of a policy that is not in force, it alone."""
    base, after = parse(change.base).document, parse(change.document).document
    if not change.policy.is_active:
        return base, after
    in_force = documents_in_force()
    new = [after if one["policy"]["code"] == change.policy.code else one for one in in_force]
    # what the change says of categories and the like holds for every policy
    overlay: Document = {"policy": {"code": ""}}
    for section in SHARED:
        known = {identity(item): item for item in base.get(section, ())}
        overlay[section] = [item for item in after.get(section, ()) if known.get(identity(item)) != item]
    return as_one(in_force), as_one([overlay, *new])


class _Lots:
    """A simulation with its two plans."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation, self.year = simulation, simulation.year
        before, after = documents_of(simulation.change)
        self.plans = tuple(Plan.compile(one, rounding=settings.POINTS_ROUNDING) for one in (before, after))

    def work(self) -> None:
        """The next lot; after the last one ranks, statuses and outcomes of everybody."""
        one = self.simulation
        ids = list(_people(self.year).filter(pk__gt=one.last_id).order_by("pk").values_list("pk", flat=True)[:LOT])
        ChangeEffect.objects.bulk_create(list(self._effects(ids)), batch_size=LOT)
        if ids:
            one.last_id, one.done = ids[-1], one.done + len(ids)
        if len(ids) < LOT:
            if any(plan.needs_rank for plan in self.plans):
                self._rank()
            one.finished_at, one.people = timezone.now(), one.done
        one.save(update_fields=["last_id", "done", "people", "finished_at"])

    def _effects(self, ids: Sequence[int]) -> Iterator[ChangeEffect]:
        for pk, (person, records, adjustments) in evidence_by_id(ids):
            old, new = (
                evaluate(plan, period=self.year.name, person=person, records=records, adjustments=adjustments)
                for plan in self.plans
            )
            for plan, account in zip(self.plans, (old, new), strict=True):
                if not plan.needs_rank:
                    finish(plan, period=self.year.name, accounts=[account])
            effect = ChangeEffect(
                simulation=self.simulation,
                employee_id=pk,
                before=old.total,
                after=new.total,
                difference=new.total - old.total,
                required_before=old.required,
                required_after=new.required,
                met_before=old.met,
                met_after=new.met,
                categories=_moved(old, new),
                kept=[
                    json.loads(json.dumps(keep(account), default=str)) if plan.needs_rank else None
                    for plan, account in zip(self.plans, (old, new), strict=True)
                ],
            )
            _judge(effect, 0, old)
            _judge(effect, 1, new)
            yield effect

    def _rank(self) -> None:
        effects = list(self.simulation.effects.select_related("employee").order_by("employee_id"))
        numbers = {effect.employee.employee_no: effect for effect in effects}
        for side, plan in enumerate(self.plans):
            if not plan.needs_rank:
                continue
            accounts = [
                restore(plan, self.year.name, effect.employee.employee_no, effect.kept[side]) for effect in effects
            ]
            for account in finish(plan, period=self.year.name, accounts=accounts):
                _judge(numbers[account.employee_no], side, account)
        for effect in effects:
            effect.kept = None
        fields = ["status_before", "status_after", "outcomes_before", "outcomes_after", "kept"]
        ChangeEffect.objects.bulk_update(effects, fields, batch_size=LOT)


def _judge(effect: ChangeEffect, side: int, account: Account) -> None:
    status, outcomes = account.status or "", sorted({one.name for one in account.outcomes})
    if side == 0:
        effect.status_before, effect.outcomes_before = status, outcomes
    else:
        effect.status_after, effect.outcomes_after = status, outcomes


def _moved(old: Account, new: Account) -> dict[str, list[str]]:
    """Categories whose counted points differ: [before, after], as texts."""
    found = {}
    for code in {*old.categories, *new.categories}:
        pair = [one.categories.get(code, (Decimal(0), Decimal(0)))[0] for one in (old, new)]
        if pair[0] != pair[1]:
            found[code] = [plain(value) for value in pair]
    return dict(sorted(found.items()))
