"""Workers that race, die by SIGKILL and lose their Redis: in the end the points are right and nothing is doubled."""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction

from hrsuite.tasks import RUN_SECONDS
from people.models import Assignment, Employee
from tests.faults.servers import (
    PYTHON,
    environment,
    kill_group,
    process,
    redis_server,
    wait_until,
    waiting_for_lock,
    worker,
)
from tests.training.reference import actual, expect
from tests.world import World, build_world
from training.models import LearningRecord, LedgerEntry, PointsWork
from training.services import booking
from training.services.work import queue_points, queue_points_for_all
from training.sql import load, stages

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

CROWD = 120


@pytest.fixture
def crowd() -> World:
    """The small company with 120 more middle managers and five records each, nothing booked yet."""
    world = build_world()
    start = dt.date(world.year.start_date.year - 1, 1, 1)
    people = Employee.objects.bulk_create(
        Employee(employee_no=f"C{number:03}", name="C", hire_date=start) for number in range(CROWD)
    )
    Assignment.objects.bulk_create(
        Assignment(
            employee=person,
            department=world.departments["RD"],
            position=world.positions["RD-MGR"],
            level=world.levels["L3"],
            start_date=start,
        )
        for person in people
    )
    activities = list(world.activities.values())
    LearningRecord.objects.bulk_create(
        LearningRecord(
            employee=person,
            activity=activities[number % 6],
            happened_on=world.year.start_date + dt.timedelta(days=number),
            minutes=90,
            passed=True,
            source="crowd",
            source_id=f"{person.pk}-{number}",
        )
        for person in people
        for number in range(5)
    )
    return world


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, because a socket's path may have about 100 bytes."""
    with tempfile.TemporaryDirectory(prefix="hrs-") as name:
        yield Path(name)


@pytest.fixture
def blocker() -> Iterator[Callable[..., Callable[[], None]]]:
    """``release = blocker(sql, *params)`` holds a row lock in a session of its own."""
    opened = []

    def hold(sql: str, *params: object) -> Callable[[], None]:
        made = connection.settings_dict
        session = psycopg2.connect(host=made["HOST"], user=made["USER"], dbname=made["NAME"])
        opened.append(session)
        session.cursor().execute(sql, params)
        return session.rollback

    yield hold
    for session in opened:
        session.close()


def nothing_waits() -> bool:
    return not PointsWork.objects.exists()


def assert_right(world: World) -> None:
    wanted, found = expect(world.year), actual(world.year)
    assert found.ledger == wanted.ledger
    assert len(found.ledger) == CROWD * 5
    assert found.standings == wanted.standings
    # nothing was written twice and taken back either
    assert LedgerEntry.objects.count() == CROWD * 5


def book_in_threads(world: World, *, meet: threading.Barrier) -> list[int]:
    """Two sessions book the same people; both have begun before either commits. Returns the entries of each."""
    ids = list(Employee.objects.values_list("id", flat=True))
    written: list[int] = []

    def run() -> None:
        try:
            with transaction.atomic():
                meet.wait(10)
                written.append(
                    booking.book(employee_ids=ids, year_id=world.year.pk, cause="race", actor_id=None).entries
                )
                if meet.parties == 2 and no_lock:
                    meet.wait(10)
        finally:
            connection.close()

    no_lock = booking._lock_people.__name__ == "no_lock"
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(written)


def test_without_its_lock_two_bookings_write_everything_twice_and_the_next_one_mends_it(crowd, monkeypatch):
    """Proves that the race is there, so that the next test means something."""

    def no_lock(cursor: object, ids: object) -> None:
        return None

    monkeypatch.setattr(booking, "_lock_people", no_lock)
    # standings are one row per person, so their upsert would make the sessions meet before the commit
    nobody = "stood AS (SELECT 1 WHERE false)"
    monkeypatch.setattr(stages, "load", lambda name: nobody if name == "stand" else load(name))
    assert book_in_threads(crowd, meet=threading.Barrier(2)) == [CROWD * 5, CROWD * 5]
    monkeypatch.undo()
    ids = list(Employee.objects.values_list("id", flat=True))
    booking.book(employee_ids=ids, year_id=crowd.year.pk, cause="mend", actor_id=None)
    assert actual(crowd.year).ledger == expect(crowd.year).ledger


def test_two_bookings_of_the_same_people_write_once(crowd):
    assert book_in_threads(crowd, meet=threading.Barrier(2)) == [0, CROWD * 5]
    assert_right(crowd)


def test_two_processes_share_the_work(crowd, folder, blocker):
    # everybody twice: both processes get work about the same people
    for cause in ("one", "two"):
        queue_points_for_all(cause=cause, actor=None)
    release = blocker("SELECT * FROM training_pointsyear FOR UPDATE")
    env = environment(folder, POINTS_SLICE="8")
    command = [PYTHON, "manage.py", "book_points"]
    with process(*command, folder=folder, env=env) as one, process(*command, folder=folder, env=env) as two:
        wait_until(lambda: waiting_for_lock() == 2, what="both processes hold a slice")
        release()
        assert one.wait(60) == two.wait(60) == 0
    for number in (0, 1):
        said = (folder / f"process-{number}.log").read_text()
        assert " slices" in said
        assert " 0 slices" not in said, "each process did some of the work"
    assert nothing_waits()
    assert_right(crowd)


def test_killed_worker_and_killed_redis_lose_nothing(crowd, folder, blocker):
    redis = f"redis+socket://{folder / 'redis.sock'}"
    people = list(Employee.objects.order_by("id").values_list("id", flat=True))
    queue_points_for_all(cause="everybody", actor=None)
    release = blocker("SELECT * FROM people_employee WHERE id = %s FOR UPDATE", people[60])

    with redis_server(folder) as first_redis:
        with worker(folder, redis, POINTS_SLICE="10") as doomed:
            wait_until(waiting_for_lock, what="the worker is in the middle of a slice")
            kill_group(doomed)
        booked, left = LedgerEntry.objects.count(), PointsWork.objects.count()
        assert 0 < booked < CROWD * 5, "it died half way"
        assert left > 0
        release()

        with worker(folder, redis) as second:
            wait_until(nothing_waits, what="another worker finds the rows by itself")
            assert_right(crowd)

            kill_group(first_redis)
            LearningRecord.objects.filter(employee_id=people[70]).update(status="voided")
            queue_points(employee_ids=[people[70]], year=crowd.year, cause="void", actor=None)
            with pytest.raises(AssertionError, match="did not happen"):
                wait_until(nothing_waits, seconds=2)
            with redis_server(folder):
                wait_until(nothing_waits, seconds=40, what="the same worker comes back to a new Redis")
                assert second.poll() is None
            assert actual(crowd.year).ledger == expect(crowd.year).ledger


def test_a_lost_worker_hands_its_task_back_and_no_task_outlives_its_lease():
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 2 > settings.CELERY_TASK_TIME_LIMIT
    assert RUN_SECONDS < settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_TASK_IGNORE_RESULT
