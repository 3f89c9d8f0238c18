"""Appraisals, the title and the raise review of last year, through the services that the pages use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from hrsuite.demo.company import Company
from payroll.services import create_review
from people.models import Band, User
from performance.models import CyclePart
from performance.services import BandPlan, PartPlan, create_cycle, create_title
from training.models import PointsYear


def cycle_name(company: Company) -> str:
    return company.words(f"Annual appraisal {company.last_year}", f"{company.last_year} 年度考核")


def title_name(company: Company) -> str:
    return company.words("Outstanding manager of the year", "年度优秀管理者")


def review_name(company: Company) -> str:
    year = effective_date(company.today).year
    return company.words(f"Raises of {year}, middle managers", f"{year} 年中层调薪")


def effective_date(today: dt.date) -> dt.date:
    """Raises start with a quarter: the next first of January or April."""
    spring = dt.date(today.year, 4, 1)
    return spring if today < spring else dt.date(today.year + 1, 1, 1)


def _year(company: Company) -> PointsYear:
    return PointsYear.objects.get(end_date__year=company.last_year)


@transaction.atomic
def open_appraisals(company: Company, actor: User) -> None:
    words = company.words
    create_cycle(
        name=cycle_name(company),
        points_year=_year(company),
        start_date=dt.date(company.last_year, 1, 1),
        end_date=dt.date(company.last_year, 12, 31),
        parts=[
            PartPlan("kpi", words("Key figures (KPI)", "关键绩效指标"), Decimal(60)),
            PartPlan("skills", words("Competencies", "能力素质"), Decimal(30)),
            PartPlan("training", words("Training points", "培训积分"), Decimal(10), CyclePart.Source.TRAINING),
        ],
        bands=[
            BandPlan("A", words("Excellent", "优秀"), Decimal(90)),
            BandPlan("B", words("Good", "良好"), Decimal(80)),
            BandPlan("C", words("As expected", "合格"), Decimal(65)),
            BandPlan("D", words("Below expectations", "待改进"), Decimal(0)),
        ],
        max_grade_if_missed="B",
        actor=actor,
    )


@transaction.atomic
def open_rewards(company: Company, actor: User) -> None:
    create_title(name=title_name(company), year=_year(company), share=Decimal(10), band=Band.MIDDLE, actor=actor)
    create_review(
        name=review_name(company),
        year=_year(company),
        population_date=dt.date(company.last_year, 12, 31),
        effective_date=effective_date(company.today),
        share=Decimal(20),
        raise_percent=Decimal(5),
        band=Band.MIDDLE,
        actor=actor,
    )
