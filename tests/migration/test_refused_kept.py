"""Rows that an import refused are kept sealed, for so many days; who decided about an upload is in its history."""

from __future__ import annotations

import datetime as dt
import io
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from hrsuite.lib.history import events_of
from migration.models import ImportBatch, ImportJobTable, UploadFile, UploadTable
from migration.services.deciding import decide
from migration.services.jobs import run_jobs, start_import
from migration.services.readying import ready_tables
from migration.services.refused import kept_rows
from migration.services.steps import choose_kind
from migration.services.uploads import add_upload
from migration.tasks import sweep_uploads
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file

pytestmark = pytest.mark.django_db
BAD = ["007", "Jane Refused", "soon", "SALES", "REP", "L1"]


def imported(world, rows, *, skip_bad):
    actor = world.users["oscar"]
    upload = add_upload(files=[("staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))], actor=actor, kind="employees")
    job = start_import(tables=list(UploadTable.objects.filter(file__upload=upload)), actor=actor, skip_bad=skip_bad)
    run_jobs()
    return job.tables.get()


def stored(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} AS t")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("skip_bad", [True, False])
def test_they_are_sealed_can_be_mended_and_go(world, sign_in, settings, skip_bad):
    settings.REFUSED_KEEP_DAYS = 5
    table = imported(world, [*EMPLOYEES, BAD], skip_bad=skip_bad)
    holder = table.batch if skip_bad else table
    place = (
        reverse("migration:refused", args=[holder.pk])
        if skip_bad
        else reverse("migration:job_refused", args=[table.job_id, 1])
    )
    assert "Jane Refused" not in stored(holder._meta.db_table)
    assert abs(holder.refused_until - timezone.now() - dt.timedelta(days=5)) < dt.timedelta(minutes=5)
    client = sign_in("oscar")
    sheet = load_workbook(io.BytesIO(b"".join(client.get(place).streaming_content))).active
    assert [cell.value for cell in sheet[2]][:3] == BAD[:3]
    # the day has come, swept or not
    type(holder).objects.update(refused_until=timezone.now() - dt.timedelta(seconds=1))
    for _turn in range(2):
        page = client.get(place, follow=True)
        assert page.status_code == 200
        assert "The refused rows were deleted on" in page.content.decode()
        sweep_uploads()
    holder.refresh_from_db()
    assert bytes(holder.refused_sealed) == b""
    assert "soon" not in stored(holder._meta.db_table)
    # which row it was, and why, stays
    (problem,) = holder.problems
    assert (problem["row"], problem["message"]) == (4, "This is no date.")


def test_rows_of_earlier_versions_are_sealed_by_the_migration(db):
    module = import_module("migration.migrations.0014_sealed_refused_rows")
    rows = {"headings": ["Name"], "rows": [[2, "Jane Refused"]], "heading_row": 0, "sheet": ""}
    batch = ImportBatch.objects.create(kind="employees", file_name="old.csv")
    batch.refused_rows = rows
    old = SimpleNamespace(exclude=lambda **_said: SimpleNamespace(iterator=lambda **_more: [batch]))
    none = SimpleNamespace(exclude=lambda **_said: SimpleNamespace(iterator=lambda **_more: []))
    models = {"ImportBatch": SimpleNamespace(objects=old), "ImportJobTable": SimpleNamespace(objects=none)}
    module.seal(SimpleNamespace(get_model=lambda _app, name: models[name]), None)
    batch.refresh_from_db()
    assert kept_rows(batch) == rows
    assert not ImportJobTable.objects.exists()


def test_whoever_decides_about_an_upload_is_in_its_history(world):
    oscar, helen = world.users["oscar"], world.users["helen"]
    upload = add_upload(files=[("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))], actor=oscar)
    table = UploadTable.objects.get(file__upload=upload)
    choose_kind(table=table, kind="assignments", is_in=False, actor=helen)
    choose_kind(table=table, kind="employees", is_in=True, actor=oscar)
    decide(readies=ready_tables([UploadTable.objects.get(pk=table.pk)]), said={}, actor=helen)
    said = events_of(UploadTable).filter(pgh_obj_id=table.pk).order_by("pgh_id")
    told = list(said.values_list("decided_by", "kind", "is_skipped"))
    assert told[-1] == (helen.pk, "employees", False)
    assert (helen.pk, "assignments", True) in told
    assert (oscar.pk, "employees", False) in told[3:]
    # it outlives what it is about, and holds nothing of it
    upload.delete()
    assert events_of(UploadTable).count() == len(told)
    assert events_of(UploadFile).exists()
    assert not {"inventory", "choices"} & {field.name for field in said.model._meta.get_fields()}
