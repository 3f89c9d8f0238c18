"""Salaries: everybody's for payroll, the history of one person, one's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from hrsuite.lib.lists import list_page
from payroll import selectors
from payroll.lists import SalaryFilter, SalaryTable
from people.access import SignedInRequest, requires
from people.selectors import employee_of, today


@require_GET
@requires("payroll.view_salaries")
def salaries(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=selectors.salary_list(request.user), table=SalaryTable, filters=SalaryFilter, name="salaries"
    )
    return page.respond("payroll/salaries.html")


def pay_steps(rows: list[Any]) -> dict[str, Any]:
    """An ECharts option: monthly pay over time as steps; ``rows`` newest first."""
    points = [[row.start_date.isoformat(), float(row.amount)] for row in reversed(rows)]
    if rows and rows[0].start_date < today():
        points.append([today().isoformat(), float(rows[0].amount)])
    return {
        "grid": {"left": 64, "right": 16, "top": 16, "bottom": 28},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "time", "axisLabel": {"hideOverlap": True}},
        "yAxis": {"type": "value", "scale": True},
        "series": [{"type": "line", "step": "end", "symbolSize": 8, "areaStyle": {"opacity": 0.08}, "data": points}],
    }


@require_GET
@requires("payroll.view_salaries")
def salary_history(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_paid_people(request.user), pk=pk)
    rows = list(selectors.salaries_of(employee))
    return render(
        request, "payroll/salary_history.html", {"employee": employee, "rows": rows, "chart": pay_steps(rows)}
    )


@require_GET
@requires("payroll.view_own_pay")
def my_pay(request: SignedInRequest) -> HttpResponse:
    rows = list(selectors.own_salaries(request.user))
    context = {
        "employee": employee_of(request.user),
        "rows": rows,
        "current": selectors.in_force(rows),
        "decisions": selectors.own_decisions(request.user),
        "chart": pay_steps(rows),
    }
    return render(request, "payroll/my_pay.html", context)
