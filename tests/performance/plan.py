"""The case company's appraisal cycle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from performance.models import AppraisalCycle
from performance.services import BandPlan, PartPlan, create_cycle
from tests.world import World

PARTS = [
    PartPlan("kpi", "KPI", Decimal(90)),
    PartPlan("training", "Training", Decimal(10), "training"),
]
BANDS = [BandPlan(grade, grade, Decimal(lowest)) for grade, lowest in [("S", 90), ("A", 80), ("B", 70), ("C", 0)]]


def case_cycle(world: World, **changes: Any) -> AppraisalCycle:
    values = {
        "name": "Annual",
        "points_year": world.year,
        "start_date": world.year.start_date,
        "end_date": world.year.end_date,
        "parts": PARTS,
        "bands": BANDS,
        "max_grade_if_missed": "B",
        "actor": None,
    }
    return create_cycle(**{**values, **changes})
