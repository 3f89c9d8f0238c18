"""Records of teams, for those who see the records of their people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from people.models import Department
from training.models import TeamRecord
from training.selectors.completion import departments_for

VIEW = "training.view_records"


def departments_of(user: Any) -> QuerySet[Department]:
    """The departments whose records ``user`` sees."""
    return departments_for(user, VIEW)


def visible_team_records(user: Any) -> QuerySet[TeamRecord]:
    """Newest first."""
    return TeamRecord.objects.filter(department__in=departments_of(user)).select_related("department", "activity")
