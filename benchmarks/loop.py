"""From one new record to the raise list: save, book, pull into the appraisal, rank titles and raises of everybody."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.scratch import somebody_with_room, vacuum

NAME = "Benchmark"


def prepare(say: Callable[[str], None]) -> None:
    """Salaries for everybody, an appraisal cycle, a title and a raise review over the whole company."""
    from django.db import connection

    from payroll.models import CompensationReview
    from payroll.services.reviews import create_review
    from performance.services.cycles import BandPlan, PartPlan, create_cycle
    from performance.services.titles import create_title
    from training.models import PointsYear

    if CompensationReview.objects.filter(name=NAME).exists():
        return
    year = PointsYear.objects.get()
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """INSERT INTO payroll_salary (employee_id, amount, currency, start_date, reason, created_at)
               SELECT id, 8000 + id %% 9000, 'CNY', hire_date, '', now() FROM people_employee
               WHERE hire_date < %s""",
            [year.end_date],
        )
        cursor.execute("RESET session_replication_role")
    create_cycle(
        name=NAME,
        points_year=year,
        start_date=year.start_date,
        end_date=year.end_date,
        parts=[PartPlan("kpi", "KPI", Decimal(90)), PartPlan("training", "Training", Decimal(10), "training")],
        bands=[BandPlan("A", "A", Decimal(85)), BandPlan("B", "B", Decimal(60)), BandPlan("C", "C", Decimal(0))],
        actor=None,
    )
    create_title(name=NAME, year=year, share=Decimal(10), actor=None)
    create_review(
        name=NAME,
        year=year,
        population_date=year.end_date,
        effective_date=year.end_date + dt.timedelta(days=1),
        share=Decimal(20),
        raise_percent=Decimal(5),
        actor=None,
    )
    vacuum()
    say(f"appraisals, title and raise review of everybody set up in {time.perf_counter() - started:.1f} s")


def measure(*, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Save a record and run the pipeline as a worker does at once; the row of the raise list shows the new points."""
    from hrsuite.pipeline import run_pipeline
    from payroll.models import RaiseRecommendation
    from people.models import Employee
    from training.models import PointsYear
    from training.services.records import RecordRow, save_records

    employee = Employee.objects.get(pk=somebody_with_room())
    seconds = []
    for _ in range(rounds + 1):
        row = RaiseRecommendation.objects.get(review__name=NAME, employee=employee)
        started = time.perf_counter()
        save_records(
            rows=[
                RecordRow(
                    row=1,
                    employee_no=employee.employee_no,
                    activity="lecture",
                    happened_on=max(employee.hire_date, PointsYear.objects.get().start_date),
                    source="bench-loop",
                    source_id=uuid.uuid4().hex,
                )
            ],
            actor=None,
            cause="benchmark",
        )
        run_pipeline()
        points = RaiseRecommendation.objects.values_list("points", flat=True).get(pk=row.pk)
        seconds.append(round(time.perf_counter() - started, 3))
        if points == row.points:
            raise AssertionError("the new record did not reach the raise list")
    # the first one fills caches
    say(f"a new record is on the raise list after {', '.join(f'{one:.2f}' for one in seconds)} s")
    return {"seconds": max(seconds[1:]), "all_seconds": seconds}
