"""Server time of the pages that look at everybody: completion by department and the HR dashboard."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.measure import cpu_seconds, session_pid

VISITS = 7


def measure(*, say: Callable[[str], None]) -> dict[str, Any]:
    """Milliseconds from request to answer in this process, the middle of some visits; the first one does not count.

    ``cpu_ms`` is what this process and its database session computed: on a busy machine it compares better.
    """
    from django.test import Client
    from django.urls import reverse

    from training.services.figures import refresh_figures

    # as beat does: the dashboard of a large ledger shows stored sums
    refresh_figures()
    hr, manager = _people()
    pages = {
        "HR dashboard": (hr, reverse("training:dashboard")),
        "completion, whole company (HR)": (hr, reverse("training:completion")),
        "completion, a division (its manager)": (manager, reverse("training:completion")),
        "home (HR)": (hr, reverse("home")),
    }
    figures = {}
    for name, (user, address) in pages.items():
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)
        first = _visit(client, address)
        session = session_pid()
        cpu = cpu_seconds(session)
        others = [_visit(client, address) for _ in range(VISITS)]
        cpu = cpu_seconds(session) - cpu
        figures[name] = {
            "ms": round(statistics.median(others)),
            "first_ms": round(first),
            "worst_ms": round(max(others)),
            "cpu_ms": round(cpu / VISITS * 1000),
        }
        say(
            f"{name}: {figures[name]['ms']} ms (first visit {figures[name]['first_ms']} ms, "
            f"cpu {figures[name]['cpu_ms']} ms)"
        )
    return figures


def _visit(client: Any, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    # a list may be a stream
    list(answer)
    if answer.status_code != 200:
        raise AssertionError(f"{address} answered {answer.status_code}")
    return (time.perf_counter() - started) * 1000


def _people() -> tuple[Any, Any]:
    """An HR admin, and the head of a division with a tenth of the company below it."""
    from django.contrib.auth.models import Group

    from people import rules
    from people.models import Assignment, Department, User

    hr, _ = User.objects.get_or_create(username="bench-hr")
    hr.groups.add(Group.objects.get_or_create(name=rules.HR_ADMIN)[0])
    manager, _ = User.objects.get_or_create(username="bench-manager")
    seat = Assignment.objects.filter(end_date__isnull=True).order_by("id")[0]
    seat.employee.user = manager
    seat.employee.save(update_fields=["user"])
    Assignment.objects.filter(pk=seat.pk).update(department=Department.objects.get(code="D1"), is_head=True)
    return hr, manager
