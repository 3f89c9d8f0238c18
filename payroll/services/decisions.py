"""Decisions on raises. An approval writes the dated salary; nobody decides their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from payroll import rules
from payroll.models import CompensationReview, RaiseRecommendation, Salary
from payroll.services.reviews import lock_draft, mark_later_reviews_stale, rank
from payroll.sql import load
from people.models import Employee, User
from people.selectors import employee_of, today

Status = RaiseRecommendation.Status


def approve_raise(*, recommendation: RaiseRecommendation, actor: User) -> RaiseRecommendation:
    """Approve as recommended: the new amount is paid from the review's effective date."""
    with transaction.atomic():
        review, found = _lock(recommendation, actor)
        if not found.recommended or found.new_amount is None:
            raise BadInput(
                "recommendation",
                "",
                _("No raise is recommended for this person."),
                _("Approve with change, and say why."),
            )
        _write(review, [found], {found.pk: found.new_amount}, Status.APPROVED, "", actor)
    found.refresh_from_db()
    return found


def change_raise(
    *, recommendation: RaiseRecommendation, amount: Decimal, reason: str, actor: User
) -> RaiseRecommendation:
    """Approve with another amount, also for an eligible person below the line; needs a reason."""
    _need_reason(reason)
    with transaction.atomic():
        review, found = _lock(recommendation, actor)
        if not found.eligible or found.old_amount is None:
            raise BadInput(
                "recommendation",
                "",
                _("This person is not eligible for a raise."),
                _("The reasons stand on the page; mend their cause, or leave the pay as it is."),
            )
        if amount != amount.quantize(rules.CENT):
            raise BadInput("amount", amount, _("An amount has two decimal places at most."), _("Round it."))
        if amount <= found.old_amount:
            raise BadInput(
                "amount", amount, _("This is no more than the current pay."), _("Type more, or reject the raise.")
            )
        if amount > found.old_amount * 2:
            raise BadInput(
                "amount", amount, _("This is more than double the current pay."), _("Check the digits of the amount.")
            )
        _write(review, [found], {found.pk: amount}, Status.CHANGED, reason.strip(), actor)
    found.refresh_from_db()
    return found


def reject_raise(*, recommendation: RaiseRecommendation, reason: str, actor: User) -> RaiseRecommendation:
    """Decide that the pay stays; needs a reason."""
    _need_reason(reason)
    with transaction.atomic():
        _review, found = _lock(recommendation, actor)
        found.status, found.decided_by, found.decided_at = Status.REJECTED, actor, timezone.now()
        found.decision_reason = reason.strip()
        found.save(update_fields=["status", "decided_by", "decided_at", "decision_reason"])
    return found


def approve_recommended(*, review: CompensationReview, expected: int, actor: User) -> int:
    """Approve everybody who is recommended and not decided, but the actor. Returns how many.

    ``expected`` is the number that the person saw; where the list has moved since, nothing is approved.
    """
    with transaction.atomic():
        found = lock_draft(review)
        rows = list(
            found.recommendations.filter(status=Status.DRAFT, recommended=True)
            .exclude(employee=employee_of(actor))
            .order_by("id")
            .select_for_update(no_key=True, of=("self",))
        )
        if len(rows) != expected:
            raise BadInput(
                "review",
                found.name,
                _("The list has changed: there are %(count)s recommended raises now.") % {"count": len(rows)},
                _("Look at the new list, then approve again."),
            )
        if rows:
            amounts = {row.pk: row.new_amount for row in rows if row.new_amount is not None}
            _write(found, rows, amounts, Status.APPROVED, "", actor)
        return len(rows)


def reopen_decision(*, recommendation: RaiseRecommendation, reason: str, actor: User) -> RaiseRecommendation:
    """Take a decision back, with a reason. A salary that is already in force cannot be taken back."""
    _need_reason(reason)
    with transaction.atomic():
        review = lock_draft(recommendation.review)
        found = _locked_row(recommendation, actor)
        if found.status == Status.DRAFT:
            raise BadInput("recommendation", "", _("This raise is not decided yet."))
        salary = found.salary
        if salary is not None:
            mark_later_reviews_stale(review=review)
        found.status, found.salary = Status.DRAFT, None
        found.decided_by = found.decided_at = found.decided_amount = None
        found.decision_reason = reason.strip()
        found.drifted = False
        found.save()
        if salary is not None:
            _take_back(salary)
        rank(review=review)
    found.refresh_from_db()
    return found


def _take_back(salary: Salary) -> None:
    """Remove a salary that has not begun; the one before it holds as long as it did before."""
    if salary.start_date <= today():
        raise BadInput(
            "salary",
            salary.start_date,
            _("This raise is in force since %(day)s.") % {"day": salary.start_date},
            _("Enter a new salary from a later day instead."),
        )
    Employee.objects.select_for_update(no_key=True).get(pk=salary.employee_id)
    if Salary.objects.filter(employee=salary.employee_id, start_date__gt=salary.start_date).exists():
        raise BadInput(
            "salary",
            salary.start_date,
            _("A later salary follows this raise."),
            _("Enter a new salary from a later day instead."),
        )
    eve = salary.start_date - dt.timedelta(days=1)
    until = salary.end_date
    salary.delete()
    Salary.objects.filter(employee=salary.employee_id, end_date=eve).update(end_date=until)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason", "", _("This needs a reason."), _("Say in a few words why."))


def _locked_row(recommendation: RaiseRecommendation, actor: User) -> RaiseRecommendation:
    found = (
        RaiseRecommendation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("salary", "employee")
        .get(pk=recommendation.pk)
    )
    own = employee_of(actor)
    if own is not None and own.pk == found.employee_id:
        raise BadInput("recommendation", "", _("This is your own raise."), _("Somebody else must decide it."))
    return found


def _lock(recommendation: RaiseRecommendation, actor: User) -> tuple[CompensationReview, RaiseRecommendation]:
    """Review first, then the row: the order of the refresh, so nobody waits in a circle."""
    review = lock_draft(recommendation.review)
    found = _locked_row(recommendation, actor)
    if found.status != Status.DRAFT:
        raise BadInput(
            "recommendation",
            found.get_status_display(),
            _("%(who)s has decided this already.") % {"who": found.decided_by},
            _("Reopen the decision to change it."),
        )
    return review, found


def _write(
    review: CompensationReview,
    rows: Sequence[RaiseRecommendation],
    amounts: Mapping[int, Decimal],
    status: str,
    reason: str,
    actor: User,
) -> None:
    """The salaries of these raises, from the effective date; what was paid before ends the day before."""
    mark_later_reviews_stale(review=review)
    day = review.effective_date
    people = sorted({row.employee_id for row in rows})
    list(Employee.objects.filter(id__in=people).order_by("id").select_for_update(no_key=True).values_list("id"))
    _refuse_later_salaries(people, day)
    eve = day - dt.timedelta(days=1)
    held = Salary.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gte=eve), employee__in=people, start_date__lt=day
    )
    before = {salary.employee_id: salary for salary in held}
    for row in rows:
        salary = before.get(row.employee_id)
        if salary is None or salary.amount != row.old_amount:
            raise BadInput(
                "salary",
                row.employee,
                _("The salary of %(name)s has changed since it was ranked.") % {"name": row.employee.name},
                _("Reload the page in a moment and decide again."),
            )
    # a salary with an end hands its end on; one that ends the day before anyway is open afterwards
    untils = [None if (end := before[row.employee_id].end_date) is None or end < day else end for row in rows]
    held.filter(Q(end_date__isnull=True) | Q(end_date__gt=eve)).update(end_date=eve)
    with connection.cursor() as cursor:
        cursor.execute(
            load("approve"),
            {
                "ids": [row.pk for row in rows],
                "amounts": [amounts[row.pk] for row in rows],
                "untils": untils,
                "day": day,
                "actor": actor.pk,
                "reason": reason,
                "salary_reason": review.name,
                "status": status,
            },
        )


def _refuse_later_salaries(people: Sequence[int], day: dt.date) -> None:
    later = Salary.objects.filter(employee__in=people, start_date__gte=day).select_related("employee").first()
    if later is not None:
        raise BadInput(
            "salary",
            later.start_date,
            _("%(name)s has a salary from %(day)s already.") % {"name": later.employee.name, "day": later.start_date},
            _("Reject this raise, or choose a later effective date in a new review."),
        )
