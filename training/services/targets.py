"""Targets: points that people need in a points year, with minimums and caps per category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from training.models import Category, CategoryClosure, PointsYear, Policy, Target, TargetRequirement
from training.services.scopes import Whom, check_fields
from training.services.work import queue_points_for_all


@dataclass(frozen=True)
class Need:
    """At least ``minimum`` points of a category (with all below it); what is above ``cap`` does not count."""

    category: Category
    minimum: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True)
class Goal:
    """What a target says, apart from whom it is for."""

    name: str
    total: Decimal
    needs: Sequence[Need] = ()
    pro_rata: str = Target.ProRata.MONTHS
    priority: int = 0
    #: what columns and ``needs`` cannot say, in the spelling of the policy file; None: as it is
    terms: Mapping[str, Any] | None = None


def check_need(need: Need) -> None:
    """Refuse a requirement that contradicts itself."""
    if need.minimum < 0:
        raise BadInput(
            "minimum", need.minimum, _("A minimum cannot be negative."), _("Use 0 where nothing is required.")
        )
    if need.cap is not None and need.cap < need.minimum:
        raise BadInput(
            "cap",
            need.cap,
            _("At most %(cap)s points of %(category)s count, but at least %(minimum)s are required.")
            % {"cap": need.cap, "category": need.category, "minimum": need.minimum},
            _("Raise the cap or lower the minimum."),
        )


def _counts(category: Category) -> bool:
    """Whether its points are part of the total."""
    above = Category.objects.filter(descendant_links__descendant=category)
    return all(one.terms.get("in_total", True) for one in above)


def _needed(needs: Sequence[Need]) -> Decimal:
    """Points that the minimums require together; a category asks for its own or for what those below it add up to."""
    own = {need.category.pk: need.minimum for need in needs if _counts(need.category)}
    parent: dict[int, int] = {}
    links = CategoryClosure.objects.filter(ancestor__in=own, descendant__in=own, depth__gt=0).order_by("-depth")
    # the nearest named ancestor comes last and stays
    for ancestor, descendant in links.values_list("ancestor_id", "descendant_id"):
        parent[descendant] = ancestor

    def asked(category: int) -> Decimal:
        below = [asked(child) for child, above in parent.items() if above == category]
        return max(own[category], sum(below, Decimal(0)))

    return sum((asked(category) for category in own if category not in parent), Decimal(0))


def check_goal(goal: Goal) -> None:
    """Refuse a target that contradicts itself."""
    if goal.total < 0 or (goal.total == 0 and not goal.needs and not goal.terms):
        raise BadInput(
            "total",
            goal.total,
            _("A target needs more than 0 points."),
            _("Leave the target out where nothing is required; a ranking needs one, however small."),
        )
    seen: set[int] = set()
    for need in goal.needs:
        check_need(need)
        if need.category.pk in seen:
            raise BadInput(
                "category",
                need.category.code,
                _("%(category)s is named twice.") % {"category": need.category},
                _("Keep one line per category."),
            )
        seen.add(need.category.pk)
    check_minimums(goal.needs, goal.total)


def check_minimums(needs: Sequence[Need], total: Decimal) -> None:
    """Refuse minimums that ask for more than the total, where one is asked."""
    needed = _needed(needs)
    if total and needed > total:
        raise BadInput(
            "requirements",
            needed,
            _("The minimums add up to %(sum)s, more than the total of %(total)s.") % {"sum": needed, "total": total},
            _("Lower a minimum or raise the total."),
        )


def _refuse_twin(target: Target) -> None:
    same = Target.objects.filter(policy=target.policy, year=target.year).exclude(pk=target.pk)
    if same.filter(name=target.name).exists():
        raise BadInput(
            "name",
            target.name,
            _("%(year)s has a target of this name.") % {"year": target.year},
            _("Choose another name or change that target."),
        )
    twins = same.filter(priority=target.priority, **Whom.of(target).as_fields())
    twin = next((other for other in twins if other.terms.get("when") == target.terms.get("when")), None)
    if twin:
        raise BadInput(
            "scope",
            target.scope_text(),
            _("Target “%(name)s” is for the same people in %(year)s.") % {"name": twin.name, "year": twin.year},
            _("Change that target, narrow the scope, or choose another priority."),
        )


def _refuse_closed(year: PointsYear) -> None:
    if year.status == PointsYear.Status.CLOSED:
        raise BadInput(
            "year",
            year.name,
            _("This points year is closed, so its targets stay as they are."),
            _("Choose an open year, or set this one to closing first."),
        )


def _queue(target: Target, *, cause: str, actor: User | None) -> None:
    if target.policy.is_active:
        year = target.year
        queue_points_for_all(cause=cause, actor=actor, from_date=year.start_date, to_date=year.end_date)


def _write(target: Target, goal: Goal, whom: Whom) -> bool:
    """Save what differs. Returns whether anything did."""
    whom.check()
    check_goal(goal)
    wanted: dict[str, Any] = {
        "name": goal.name, "total": goal.total, "pro_rata": goal.pro_rata, "priority": goal.priority,
        "terms": target.terms if goal.terms is None else dict(goal.terms), **whom.as_fields(),
    }  # fmt: skip
    differs = target.pk is None or any(getattr(target, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(target, name, value)
    check_fields(target)
    _refuse_twin(target)
    if differs:
        target.save()
    had = {need.category_id: need for need in target.requirements.all()}
    for need in goal.needs:
        old = had.pop(need.category.pk, None)
        if old and (old.minimum, old.cap) == (need.minimum, need.cap):
            continue
        row = old or TargetRequirement(target=target, category=need.category)
        row.minimum, row.cap = need.minimum, need.cap
        check_fields(row)
        row.save()
        differs = True
    for gone in had.values():
        gone.delete()
        differs = True
    return differs


@transaction.atomic
def create_target(*, policy: Policy, year: PointsYear, goal: Goal, whom: Whom, actor: User | None) -> Target:
    """A target of the policy for the people of ``whom`` in ``year``."""
    _refuse_closed(year)
    target = Target(policy=policy, year=year)
    _write(target, goal, whom)
    _queue(target, cause=_("Target %(name)s added") % {"name": goal.name}, actor=actor)
    return target


@transaction.atomic
def change_target(*, target: Target, goal: Goal, whom: Whom, actor: User | None) -> bool:
    """Bring a target to what ``goal`` and ``whom`` say; its requirements are replaced. Returns whether it differed."""
    target = Target.objects.select_for_update(of=("self",)).select_related("policy", "year").get(pk=target.pk)
    differs = _write(target, goal, whom)
    if differs:
        # a file may say a closed year's target as it is
        _refuse_closed(target.year)
        _queue(target, cause=_("Target %(name)s changed") % {"name": goal.name}, actor=actor)
    return differs


@transaction.atomic
def delete_target(*, target: Target, actor: User | None) -> None:
    """Take a target back: its people stand without one, or under a wider one."""
    target = Target.objects.select_for_update(of=("self",)).select_related("policy", "year").get(pk=target.pk)
    _refuse_closed(target.year)
    _queue(target, cause=_("Target %(name)s removed") % {"name": target.name}, actor=actor)
    target.delete()
