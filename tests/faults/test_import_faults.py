"""A worker that is killed in the middle of an import, or told to stop: nothing is half-written, nothing doubled."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from migration.models import ImportBatch, ImportJob, UploadTable
from migration.services.jobs import cancel_import, start_import
from migration.services.uploads import add_upload
from people.models import Employee
from tests.faults.servers import kill_group, redis_server, wait_until, waiting_for_lock, worker
from tests.migration.files import RECORD_HEADINGS, csv_file
from tests.world import World, build_world
from training.models import LearningRecord

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROWS = 3000


@pytest.fixture
def company() -> World:
    return build_world()


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="hrsuite-faults-") as made:
        yield Path(made)


def job_of(world: World) -> ImportJob:
    day = world.year.start_date.isoformat()
    people = [["工号", "姓名", "入职日期", "部门", "岗位", "职级"]]
    people += [["K1", "Kai", "2024-03-01", "Sales", "Sales representative", "Staff"]]
    records = [[f"E{n % 6 + 1:03}", "Workshop", day, "", f"no {n}", f"K{n}"] for n in range(ROWS)]
    files = [("people.csv", csv_file(people)), ("records.csv", csv_file([RECORD_HEADINGS, *records]))]
    upload = add_upload(files=files, actor=world.users["oscar"])
    return start_import(tables=list(UploadTable.objects.filter(file__upload=upload)), actor=world.users["oscar"])


def state(job: ImportJob) -> tuple[str, list[str]]:
    job.refresh_from_db()
    return job.status, list(job.tables.order_by("position").values_list("status", flat=True))


@contextmanager
def held() -> Iterator[None]:
    """Makes the import wait in the middle of its second table: nobody can write records meanwhile."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE training_learningrecord IN SHARE MODE")
            yield
            cursor.execute("ROLLBACK")
    finally:
        own.close()


def test_killed_in_the_middle_the_next_worker_goes_on_with_the_table_that_is_not_done(company, folder):
    with redis_server(folder):
        redis = f"redis+socket://{folder / 'redis.sock'}"
        job = job_of(company)
        with held():
            with worker(folder, redis) as first:
                wait_until(lambda: waiting_for_lock() > 0, seconds=60, what="the import waits for the lock")
                # the table before is in, this one is not
                assert Employee.objects.filter(employee_no="K1").exists()
                assert state(job) == ("running", ["imported", "waiting"])
                assert ImportBatch.objects.count() == 1
                kill_group(first)
            assert state(job) == ("running", ["imported", "waiting"])
        assert not LearningRecord.objects.filter(source_id__startswith="K").exists()
        with worker(folder, redis):
            wait_until(lambda: state(job)[0] not in ("running", "waiting"), seconds=90, what="the job ends")
        assert state(job) == ("done", ["imported", "imported"])
        assert job.attempts == 2
        assert LearningRecord.objects.filter(source_id__startswith="K").count() == ROWS
        assert Employee.objects.filter(employee_no="K1").count() == 1
        assert ImportBatch.objects.count() == 2


def test_told_to_stop_the_table_that_runs_is_rolled_back_and_the_one_before_stays(company, folder):
    with redis_server(folder):
        redis = f"redis+socket://{folder / 'redis.sock'}"
        job = job_of(company)
        with worker(folder, redis), held():
            wait_until(lambda: waiting_for_lock() > 0, seconds=60, what="the import waits for the lock")
            assert state(job) == ("running", ["imported", "waiting"])
            assert job.heartbeat_at is not None
            cancel_import(job=job, actor=company.users["oscar"])
            wait_until(lambda: state(job)[0] == "cancelled", seconds=60, what="the job is stopped")
        assert state(job) == ("cancelled", ["imported", "cancelled"])
        assert not LearningRecord.objects.filter(source_id__startswith="K").exists()
        assert Employee.objects.filter(employee_no="K1").exists()
        assert ImportBatch.objects.count() == 1
