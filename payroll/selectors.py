"""Every read of payroll. Pay is visible to payroll, auditors, the person, and the managers above who approve.

HR sets reviews up and follows them (points, rank, eligibility, decisions) but sees no amounts: rows carry the amounts
as ``old_pay``, ``new_pay`` and ``decided_pay``, which are null where the reader may not see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Floor

from payroll.models import CompensationReview, RaiseRecommendation, Salary
from people.models import Assignment, Employee
from people.rules import MANAGER
from people.selectors import employee_of, of_people_for, people_below, people_for, reaches_everyone, roles_of, today
from performance.rules import head_count
from training.models import PointsYear, Standing

_MONEY = DecimalField(max_digits=18, decimal_places=2)


def points_years() -> QuerySet[PointsYear]:
    return PointsYear.objects.all()


def people_with_visible_pay(user: Any) -> QuerySet[Employee]:
    """Whose pay ``user`` may see: everyone's with view_salaries; managers the people below them, never the own."""
    if user.has_perm("payroll.view_salaries"):
        return people_for(user, "payroll.view_salaries")
    return people_below(user)


def sees_pay(user: Any) -> bool:
    """Does this reader see amounts at all? HR does not."""
    return user.has_perm("payroll.view_salaries") or MANAGER in roles_of(user)


def _latest_department() -> Subquery:
    latest = Assignment.objects.filter(employee=OuterRef("employee"), start_date__lte=today()).order_by("-start_date")
    return Subquery(latest.values("department__name")[:1])


# --- reviews ----------------------------------------------------------------------------------------------------------
def visible_reviews(user: Any) -> QuerySet[CompensationReview]:
    """Reviews that concern people whom ``user`` may see; those who see everyone see all of them."""
    if not user.has_perm("payroll.view_reviews"):
        return CompensationReview.objects.none()
    rows = CompensationReview.objects.select_related("year", "department", "position", "level", "employee")
    if reaches_everyone(user, "payroll.view_reviews"):
        return rows
    theirs = RaiseRecommendation.objects.filter(review=OuterRef("pk"), employee__in=people_below(user))
    return rows.filter(Exists(theirs))


def visible_recommendations(user: Any) -> QuerySet[RaiseRecommendation]:
    """Recommendations that ``user`` may see, amounts only as ``old_pay``, ``new_pay``, ``decided_pay``."""
    rows = of_people_for(RaiseRecommendation.objects.all(), user, "payroll.view_reviews")
    payable = Q(employee__in=people_with_visible_pay(user))
    pay = {
        # cast: where nobody is payable the whole case is an untyped NULL
        name: Cast(Case(When(payable, then=F(column)), default=Value(None), output_field=_MONEY), _MONEY)
        for name, column in [("old_pay", "old_amount"), ("new_pay", "new_amount"), ("decided_pay", "decided_amount")]
    }
    return (
        rows.select_related("employee", "review", "decided_by")
        .defer("old_amount", "new_amount", "decided_amount")
        .annotate(department_name=_latest_department(), **pay)
    )


@dataclass(frozen=True)
class ReviewSums:
    """A review in figures, of the people that somebody may see; pay per month."""

    people: int
    eligible: int
    recommended: int
    waiting: int
    approved: int
    rejected: int
    drifted: int
    pay_before: Decimal
    pay_recommended: Decimal
    pay_approved: Decimal


def review_sums(user: Any, review: CompensationReview) -> ReviewSums:
    """Counts, and the monthly cost of what is recommended and of what is approved."""
    rows = visible_recommendations(user).filter(review=review)
    draft = Q(status=RaiseRecommendation.Status.DRAFT)
    paid = Q(status__in=[RaiseRecommendation.Status.APPROVED, RaiseRecommendation.Status.CHANGED])

    def cost(of: str, where: Q) -> Any:
        return Coalesce(Sum(F(of) - F("old_pay"), filter=where, output_field=_MONEY), Decimal(0), output_field=_MONEY)

    found = rows.aggregate(
        n_people=Count("id"),
        n_eligible=Count("id", filter=Q(eligible=True)),
        n_recommended=Count("id", filter=Q(recommended=True)),
        n_waiting=Count("id", filter=draft & Q(recommended=True)),
        n_approved=Count("id", filter=paid),
        n_rejected=Count("id", filter=Q(status=RaiseRecommendation.Status.REJECTED)),
        n_drifted=Count("id", filter=Q(drifted=True)),
        n_pay_before=Coalesce(Sum("old_pay", output_field=_MONEY), Decimal(0), output_field=_MONEY),
        n_pay_recommended=cost("new_pay", Q(recommended=True)),
        n_pay_approved=cost("decided_pay", paid),
    )
    # prefixed, as an aggregate may not hide a column
    return ReviewSums(**{key.removeprefix("n_"): value for key, value in found.items()})


def places_of(review: CompensationReview) -> int:
    """How many places the share makes of the population."""
    return head_count(review.share, review.recommendations.count(), review.rounding)


def line_points(review: CompensationReview) -> Decimal | None:
    """Points of the last person who is recommended."""
    row = review.recommendations.filter(recommended=True).order_by("points").first()
    return row.points if row else None


def points_histogram(user: Any, review: CompensationReview, bars: int = 20) -> list[tuple[Decimal, int, int]]:
    """(from points, people below the line or not eligible, people recommended) in equal steps."""
    rows = visible_recommendations(user).filter(review=review)
    most = rows.aggregate(most=Max("points"))["most"] or Decimal(0)
    step = max(Decimal(5), (most / bars / 5).to_integral_value(ROUND_CEILING) * 5)
    bucket = Floor(F("points") / Value(step), output_field=IntegerField())
    counted = rows.order_by().annotate(bucket=bucket).values("bucket", "recommended").annotate(number=Count("id"))
    found = {(row["bucket"], row["recommended"]): row["number"] for row in counted}
    last = max((key[0] for key in found), default=-1)
    return [(step * n, found.get((n, False), 0), found.get((n, True), 0)) for n in range(max(0, last + 1))]


def standing_behind(row: RaiseRecommendation) -> Standing | None:
    return Standing.objects.filter(employee=row.employee_id, year=row.review.year_id).select_related("target").first()


def decisions_on(row: RaiseRecommendation) -> Any:
    """What was decided before, newest first, with the person who did it."""
    # pghistory adds them
    events = row.events  # type: ignore[attr-defined]
    return events.select_related("decided_by").order_by("-pgh_created_at", "-pgh_id")


# --- salaries ---------------------------------------------------------------------------------------------------------
def visible_salaries(user: Any) -> QuerySet[Salary]:
    return Salary.objects.filter(employee__in=people_for(user, "payroll.view_salaries")).select_related(
        "employee", "created_by"
    )


def salary_list(user: Any) -> QuerySet[Salary]:
    """The salary in force today of each visible person."""
    day = today()
    return (
        visible_salaries(user)
        .filter(Q(end_date__isnull=True) | Q(end_date__gte=day), start_date__lte=day)
        .annotate(department_name=_latest_department())
    )


def visible_paid_people(user: Any) -> QuerySet[Employee]:
    return people_for(user, "payroll.view_salaries")


def salaries_of(employee: Employee) -> QuerySet[Salary]:
    """Newest first; the caller has checked that the reader may see them."""
    return Salary.objects.filter(employee=employee).select_related("created_by").order_by("-start_date")


def own_salaries(user: Any) -> QuerySet[Salary]:
    employee = employee_of(user)
    return salaries_of(employee) if employee else Salary.objects.none()


def own_decisions(user: Any) -> QuerySet[RaiseRecommendation]:
    """What was decided about the own raise; drafts are not shown to the person."""
    employee = employee_of(user)
    if employee is None:
        return RaiseRecommendation.objects.none()
    return (
        RaiseRecommendation.objects.filter(employee=employee)
        .exclude(status=RaiseRecommendation.Status.DRAFT)
        .select_related("review")
        .order_by("-review__effective_date")
    )


def waiting_raises(user: Any, review: CompensationReview) -> QuerySet[RaiseRecommendation]:
    """What an approval of all would decide: recommended, not decided, not the reader's own."""
    rows = visible_recommendations(user).filter(
        review=review, recommended=True, status=RaiseRecommendation.Status.DRAFT
    )
    return rows.exclude(employee=employee_of(user)).order_by("-points", "employee__name")


def raise_totals(rows: QuerySet[RaiseRecommendation]) -> dict[str, Any]:
    """``count``, monthly pay ``before`` and ``after``, and the ``difference``."""
    zero = Decimal(0)
    sums = rows.aggregate(count=Count("id"), before=Sum("old_pay"), after=Sum("new_pay"))
    before, after = sums["before"] or zero, sums["after"] or zero
    return {"count": sums["count"], "before": before, "after": after, "difference": after - before}


def in_force(rows: list[Salary]) -> Salary | None:
    """The one of a person's salaries that holds today."""
    day = today()
    return next((row for row in rows if row.start_date <= day <= (row.end_date or day)), None)


def amount_to_start_from(row: Any) -> Decimal | None:
    """What the form of another amount shows first: the recommended pay, else the present one."""
    return row.new_pay or row.old_pay
