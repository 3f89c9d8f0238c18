"""What came out of it: the figures that `make demo` prints."""

from __future__ import annotations

from django.db.models import Q, Sum
from django.utils import timezone

from hrsuite.demo.company import Company
from payroll.models import CompensationReview, RaiseRecommendation
from people.models import Band, Employee
from performance.models import Title, TitleCandidate
from training.models import LearningRecord, LedgerEntry, PointsWork, Standing


def work_waiting() -> int:
    """People whose points are not booked yet, and rankings that are not refreshed yet."""
    return (
        PointsWork.objects.count()
        + Title.objects.filter(stale_at__isnull=False).count()
        + CompensationReview.objects.filter(stale_at__isnull=False).count()
    )


def failed_work() -> str:
    """The error of some work that failed, empty where none did."""
    return PointsWork.objects.exclude(error="").values_list("error", flat=True).first() or ""


def table(company: Company) -> list[tuple[str, str]]:
    """Label and figure, in the order to be read."""
    words = company.words
    managers = Q(target__band=Band.MIDDLE)
    of_year = Standing.objects.filter(year__end_date__year=company.last_year, required__isnull=False)
    rows = [
        (words("People", "员工"), f"{Employee.objects.on_staff(timezone.localdate()).count():,}"),
        (words("Learning records", "学习记录"), f"{LearningRecord.objects.count():,}"),
        (words("Points booked", "入账积分"), f"{LedgerEntry.objects.aggregate(s=Sum('amount'))['s'] or 0:,.2f}"),
    ]
    for label, standings in (
        (words("Target met {year}, middle managers", "{year} 年达标（中层）"), of_year.filter(managers)),
        (words("Target met {year}, everybody", "{year} 年达标（全员）"), of_year),
    ):
        met, total = standings.filter(met=True).count(), standings.count()
        share = f" ({met / total:.0%})" if total else ""
        rows.append((label.format(year=company.last_year), f"{met} / {total}{share}"))
    rows += [
        (words("Title holders", "荣誉获得者"), f"{TitleCandidate.objects.filter(holds=True).count()}"),
        (words("Recommended raises", "建议调薪"), f"{RaiseRecommendation.objects.filter(recommended=True).count()}"),
    ]
    return rows
