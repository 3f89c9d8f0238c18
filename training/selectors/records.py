"""Reads of learning records: who sees which, what became of one, and its points."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from training.models import LearningRecord, LedgerEntry
from training.selectors.visible import of_people_with

#: source of the records that sign-in sheets make
SHEET = "sheet"


def visible_records(user: Any) -> QuerySet[LearningRecord]:
    """Records of the people whom ``user`` may see, newest first."""
    records = LearningRecord.objects.select_related("employee", "activity", "course").order_by("-happened_on", "-pk")
    return of_people_with(records, user, "training.view_records")


def revisions(user: Any, record: LearningRecord) -> QuerySet[LearningRecord]:
    """Everything that was ever said under the record's name, newest first; of people whom ``user`` may see."""
    same_name = visible_records(user).filter(source=record.source, source_id=record.source_id)
    return same_name.select_related("employee", "activity", "course", "created_by").order_by("-revision")


def entries_of_record(record: LearningRecord) -> QuerySet[LedgerEntry]:
    """Ledger lines of the same person for every revision, in the order of booking."""
    same_name = LearningRecord.objects.filter(source=record.source, source_id=record.source_id)
    return (
        LedgerEntry.objects.filter(employee=record.employee_id, record__in=same_name)
        .select_related("record", "employee", "category", "year", "batch__actor", "rule_version__rule__activity")
        .order_by("pk")
    )


def sheet_records(user: Any, key: str) -> QuerySet[LearningRecord]:
    """Newest revisions of the records that a sign-in sheet made."""
    made = visible_records(user).filter(source=SHEET, source_id__startswith=f"{key}:")
    return made.filter(superseded_by__isnull=True).order_by("employee__name", "pk")


def sheet_key(record: LearningRecord) -> str:
    """The sheet that a record came from; empty for other sources."""
    return record.source_id.rpartition(":")[0] if record.source == SHEET else ""
