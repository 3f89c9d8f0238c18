"""List pages make the same number of queries for 50 and for 500 people, and as many as are written down.

A change shows in review: ``UPDATE_QUERY_COUNTS=1 python -m pytest tests/test_queries.py`` writes the new numbers to
``tests/query_counts.json``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hrsuite.pipeline import run_pipeline
from people.models import Assignment, Employee
from people.rules import HR_ADMIN
from tests.access import PERSON, Route, all_routes, modules, prepare_all
from tests.world import World, build_world
from training.services.work import queue_points_for_all

COUNTS = Path(__file__).with_name("query_counts.json")
SIZES = (50, 500)
LISTS = [route for route in all_routes() if route.is_list]
UPDATE = bool(os.environ.get("UPDATE_QUERY_COUNTS"))
pytestmark = pytest.mark.django_db


def key(route: Route) -> str:
    return f"{route.name}?{route.query}" if route.query else route.name


def enlarge(world: World, size: int) -> None:
    """Bulk-create employees up to ``size``, spread over the tree, every eighth a middle manager with a target."""
    have = Employee.objects.count()
    hired = world.people["alice"].hire_date
    new = Employee.objects.bulk_create(
        Employee(employee_no=f"Q{number:05}", name=f"Person {number}", hire_date=hired) for number in range(have, size)
    )
    departments = list(world.departments.values())
    Assignment.objects.bulk_create(
        Assignment(
            employee=employee,
            department=departments[number % len(departments)],
            position=world.positions["REP"],
            level=world.levels["L1" if number % 8 else "L3"],
            start_date=hired,
        )
        for number, employee in enumerate(new)
    )
    for module in modules():
        if hasattr(module, "enlarge"):
            module.enlarge(world, new)
    queue_points_for_all(cause="query counts", actor=None)
    run_pipeline()


def who_opens(route: Route) -> str:
    role = HR_ADMIN if HR_ADMIN in route.roles else sorted(route.roles)[0]
    return PERSON[role]


def count(world: World, route: Route) -> int:
    client = Client()
    client.force_login(world.users[who_opens(route)])
    url = route.url(world)
    # the first request fills caches that live as long as the process
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        prepare_all(world)
        for size in SIZES:
            enlarge(world, size)
            found[size] = {key(route): count(world, route) for route in LISTS}
        transaction.set_rollback(True)
    if UPDATE:
        COUNTS.write_text(json.dumps(found[SIZES[-1]], indent=2, sort_keys=True) + "\n")
    return found


@pytest.mark.parametrize("name", [key(route) for route in LISTS])
def test_as_many_queries_for_many_as_for_few(counts, name):
    few, many = (counts[size][name] for size in SIZES)
    assert few == many, f"{name}: {few} queries for {SIZES[0]} people, {many} for {SIZES[1]}: prefetch or join"
    written = json.loads(COUNTS.read_text()).get(name)
    assert many == written, f"{name}: {many} queries, {written} written down; see the top of this file"


def test_no_stale_counts():
    assert not set(json.loads(COUNTS.read_text())) - {key(route) for route in LISTS}
