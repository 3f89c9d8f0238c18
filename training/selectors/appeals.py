"""Appeals: who sees which, until when one may be handed in, and who may not decide it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Employee, User
from people.rules import HR_ADMIN
from people.selectors import employee_of
from training.models import Appeal, AppealState, LearningRecord, LedgerEntry, PointsYear, RecordStatus, Standing
from training.selectors.records import entries_of_record
from training.selectors.visible import of_people_with

VIEW = "training.view_appeals"
_SHOWN = (
    "employee",
    "year",
    "activity",
    "course",
    "entry__category",
    "entry__record__activity",
    "entry__record__course",
    "record__activity",
    "record__course",
    "decided_by",
)


def visible_appeals(user: Any) -> QuerySet[Appeal]:
    """The own ones, and everybody's for those who look after appeals."""
    return of_people_with(Appeal.objects.select_related(*_SHOWN), user, VIEW)


def own_appeals(user: Any) -> QuerySet[Appeal]:
    return visible_appeals(user).filter(employee=employee_of(user))


def own_entries(user: Any) -> QuerySet[LedgerEntry]:
    """Lines of the own account: what an appeal can be about."""
    entries = LedgerEntry.objects.select_related("employee", "year", "category", "batch", "record__activity")
    return entries.filter(employee=employee_of(user)) if employee_of(user) else entries.none()


def own_records(user: Any) -> QuerySet[LearningRecord]:
    records = LearningRecord.objects.select_related("employee", "activity", "course")
    return records.filter(employee=employee_of(user)) if employee_of(user) else records.none()


def records_without_points(user: Any, year: PointsYear) -> QuerySet[LearningRecord]:
    """Own records of the year that count but for which nothing was ever booked."""
    return (
        own_records(user)
        .filter(status=RecordStatus.ACTIVE, happened_on__range=(year.start_date, year.end_date))
        .exclude(Exists(LedgerEntry.objects.filter(record=OuterRef("pk"))))
        .order_by("-happened_on")
    )


def open_appeal(*, entry: LedgerEntry | None = None, record: LearningRecord | None = None) -> Appeal | None:
    """The one that waits for its decision already."""
    return (
        Appeal.objects.filter(state=AppealState.OPEN, entry=entry, record=record).first() if entry or record else None
    )


# --- until when -------------------------------------------------------------------------------------------------------
def deadline_of_entry(entry: LedgerEntry) -> dt.date:
    return _days_after(timezone.localdate(entry.batch.created_at))


def deadline_of_record(record: LearningRecord) -> dt.date:
    return _days_after(timezone.localdate(record.received_at))


def deadline_of_year(year: PointsYear) -> dt.date:
    """For records that are missing in it."""
    return _days_after(year.end_date)


def _days_after(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=settings.APPEAL_DAYS)


def booked_since() -> dt.datetime:
    """Lines booked from then on can still be appealed against."""
    first = timezone.localdate() - dt.timedelta(days=settings.APPEAL_DAYS)
    return timezone.make_aware(dt.datetime.combine(first, dt.time.min))


# --- who decides ------------------------------------------------------------------------------------------------------
def deciders() -> QuerySet[User]:
    """Whoever may decide appeals in general."""
    return User.objects.filter(is_active=True, groups__name=HR_ADMIN).order_by("pk")


def why_not(appeal: Appeal, user: Any) -> str:
    """Why this person may not decide this appeal; empty where nothing stands against it."""
    if appeal.employee.user_id == user.pk:
        return _("It is your own appeal.")
    if user.pk in _record_hands(appeal):
        return _("You entered or corrected the record that it is about.")
    if user.pk in _booking_hands(appeal):
        return _("You made or caused the booking that it is about.")
    return ""


def appeals_to_decide(user: Any) -> QuerySet[Appeal]:
    """Open ones that this person may decide: ``why_not`` of them all, asked of the database at once."""
    about = LearningRecord.objects.filter(pk=Coalesce(OuterRef("record"), OuterRef("entry__record")))
    same_name = LearningRecord.objects.filter(source=OuterRef("source"), source_id=OuterRef("source_id"))
    record_hands = about.filter(Exists(same_name.filter(created_by=user)))
    bookings = LedgerEntry.objects.filter(
        employee=OuterRef("employee"), record__source=OuterRef("source"), record__source_id=OuterRef("source_id")
    )
    booking_hands = LearningRecord.objects.filter(
        Exists(bookings.filter(batch__actor=user)), pk=OuterRef("record"), employee=OuterRef("employee")
    )
    return (
        visible_appeals(user)
        .filter(state=AppealState.OPEN)
        .exclude(employee__user=user)
        .exclude(entry__isnull=False, entry__batch__actor=user)
        .exclude(Exists(record_hands))
        .exclude(Q(entry__isnull=True) & Exists(booking_hands))
    )


def _record_of(appeal: Appeal) -> LearningRecord | None:
    return appeal.record or (appeal.entry.record if appeal.entry else None)


def _record_hands(appeal: Appeal) -> set[int | None]:
    """Accounts that made any revision of the record."""
    record = _record_of(appeal)
    if record is None:
        return set()
    same_name = LearningRecord.objects.filter(source=record.source, source_id=record.source_id)
    return set(same_name.values_list("created_by", flat=True))


def _booking_hands(appeal: Appeal) -> set[int | None]:
    """Accounts in whose name the line, or any line of the record, was booked."""
    if appeal.entry:
        return {appeal.entry.batch.actor_id}
    return {entry.batch.actor_id for entry in entries_of_record(appeal.record)} if appeal.record else set()


# --- what it is about -------------------------------------------------------------------------------------------------
def subject(appeal: Appeal) -> str:
    """One line for lists."""
    record = _record_of(appeal)
    if record:
        course = record.course.name if record.course else record.title
        return f"{record.activity.name} · {course}" if course else record.activity.name
    if appeal.entry:
        return appeal.entry.reason or (
            appeal.entry.category.name if appeal.entry.category else str(appeal.entry.get_kind_display())
        )
    name = appeal.course.name if appeal.course else appeal.title
    return f"{appeal.activity} · {name}" if name else str(appeal.activity)


def outcome_entries(appeal: Appeal) -> list[LedgerEntry]:
    """The lines that an upheld appeal brought; empty while the points of its record are being booked."""
    if appeal.outcome_record:
        return list(entries_of_record(appeal.outcome_record))
    return [appeal.outcome_entry] if appeal.outcome_entry else []


def standing_of(employee: Employee, year: PointsYear) -> Standing | None:
    return Standing.objects.filter(employee=employee, year=year).first()
