"""Points given or taken by hand."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Employee, User
from people.selectors import employee_of
from training.models import BookingBatch, Category, EntryKind, LedgerEntry, PointsYear
from training.services.records.change import stated
from training.services.work import queue_points

MOST_POINTS = Decimal("100000")


@transaction.atomic
def adjust_points(
    *,
    employee: Employee,
    year: PointsYear,
    category: Category,
    amount: Decimal,
    reason: str,
    actor: User | None,
    cause: str = "",
) -> LedgerEntry:
    """Add ``amount`` points (negative to take them away) to a category, as a batch of its own; standings follow."""
    cause = cause or _("Manual adjustment")
    reason = stated(reason)
    if not amount.is_finite() or amount == 0 or abs(amount) > MOST_POINTS or round(amount, 2) != amount:
        raise BadInput(
            "amount",
            amount,
            _("This is no number of points."),
            _("State points with at most two decimal places, with a minus sign to take them away."),
        )
    own = employee_of(actor) if actor else None
    if own is not None and own.pk == employee.pk:
        raise BadInput("employee", employee.name, _("These are your own points."), _("Ask another HR admin."))
    # shared lock: nobody closes the year before our commit
    year = PointsYear.objects.raw("SELECT * FROM training_pointsyear WHERE id = %s FOR SHARE", [year.pk])[0]
    if year.status == PointsYear.Status.CLOSED:
        raise BadInput(
            "year",
            year.name,
            _("Points year %(year)s is closed.") % {"year": year.name},
            _("Have the year reopened, or adjust the points of an open year."),
        )
    if employee.hire_date > year.end_date or (employee.exit_date and employee.exit_date < year.start_date):
        raise BadInput(
            "year",
            year.name,
            _("%(name)s was not on staff in %(year)s.") % {"name": employee.name, "year": year.name},
            _("Choose another year."),
        )
    batch = BookingBatch.objects.create(cause=cause, actor=actor, entries=1, points=amount)
    entry = LedgerEntry.objects.create(
        employee=employee,
        year=year,
        category=category,
        batch=batch,
        kind=EntryKind.ADJUSTMENT,
        amount=amount,
        full_amount=amount,
        reason=reason,
    )
    queue_points(employee_ids=[employee.pk], year=year, cause=cause, actor=actor)
    return entry
