"""A zip of people with their records, taken back after its points were booked: everything is as before, or refused."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from migration.models import ImportBatch, ImportedRow, ImportJob
from people.models import Employee
from tests.migration.files import RECORD_HEADINGS, csv_file, digest
from tests.migration.test_twice import archive, by_command, by_pages, day
from tests.migration.test_undo import dump
from training.models import BookingBatch, LearningRecord, LedgerEntry, PointsWork
from training.services.records import adjust_points

pytestmark = pytest.mark.django_db
#: the story of what happened stays
STORY = ("migration_", "training_bookingbatch", "training_yearchanged")


def state():
    return {name: rows for name, rows in dump().items() if not name.startswith(STORY)}


@pytest.fixture
def zipped(world, tmp_path):
    run_pipeline()
    path = tmp_path / "old.zip"
    path.write_bytes(archive(world))
    return path


def booked():
    """The new people have points."""
    run_pipeline()
    assert LedgerEntry.objects.filter(employee__employee_no__startswith="Z").count() == 120


def undo(*options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("undo_import", *options, "--reason", "wrong file", stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue()


def numbers():
    return [str(pk) for pk in ImportBatch.objects.filter(undone_at=None).order_by("-pk").values_list("pk", flat=True)]


def sums():
    """Bookings say what they wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(amount), 0), count(*) FROM training_ledgerentry")
        ledger = cursor.fetchone()
        cursor.execute("SELECT coalesce(sum(points), 0), coalesce(sum(entries), 0) FROM training_bookingbatch")
        assert cursor.fetchone() == ledger
    return ledger


def test_undone_by_the_page_of_its_job_all_tables_and_totals_are_as_before(world, zipped, sign_in):
    before, totals = state(), sums()
    assert by_pages(world, zipped)[0] == "done"
    booked()
    assert sums() != totals
    job = ImportJob.objects.get()
    url, client = reverse("migration:undo_job", args=[job.pk]), sign_in("oscar")
    assert "cannot be undone" not in client.get(url).content.decode()
    assert client.post(url, {"reason": "wrong file"}).status_code == 302
    run_pipeline()
    assert state() == before
    assert sums() == totals
    assert not PointsWork.objects.exists()
    # nothing is forgotten: each line and record stands in the journal of the import that brought the people
    kept = ImportedRow.objects.filter(batch__kind="employees", action="removed")
    assert kept.filter(model="training.LedgerEntry").count() == 120
    assert kept.filter(model="training.LearningRecord").count() == 120
    assert {one.before["amount"] for one in kept.filter(model="training.LedgerEntry")} == {4}
    # and the same zip brings the same again
    assert by_pages(world, zipped) == ("done", [(k, "imported", 0) for k in KINDS])
    booked()


KINDS = ("employees", "assignments", "departures", "records")


@pytest.mark.parametrize("at_once", [True, False])
def test_undone_by_commands_at_once_or_one_by_one_the_tables_are_as_before(world, zipped, at_once):
    before, totals = state(), sums()
    assert by_command(zipped)[0] == 0
    booked()
    imported = digest()
    assert undo(*numbers(), "--dry-run")[0] == 0
    assert digest() == imported
    for lot in [numbers()] if at_once else [[one] for one in numbers()]:
        status, said = undo(*lot)
        assert status == 0, said
        # voided records lose their points in between
        run_pipeline()
    assert state() == before
    assert sums() == totals
    assert undo(str(ImportBatch.objects.latest("pk").pk))[0] == 2


def test_lines_of_another_origin_refuse_it_and_are_named(world, zipped, tmp_path):
    assert by_command(zipped)[0] == 0
    booked()
    mine = numbers()
    (tmp_path / "more.csv").write_bytes(
        csv_file([RECORD_HEADINGS, ["Z03", "Online course", day(world, 5), 1, "Other", "OTHER-1"]])
    )
    assert by_command(tmp_path / "more.csv", "--as", "records")[0] == 0
    run_pipeline()
    person = Employee.objects.get(employee_no="Z05")
    adjust_points(
        employee=person, year=world.year, amount=Decimal(7), category=world.categories["course"], reason="prize",
        actor=world.users["helen"],
    )  # fmt: skip
    run_pipeline()
    imported = digest()
    status, said = undo(*mine)
    assert status == 1
    assert digest() == imported
    assert "Z05" in said
    assert "an adjustment of points by hand" in said
    assert "for a record that another source brought" in said
    assert "Z03" in said
    assert "Z07" not in said
    # the ledger is as strict as ever for everybody else
    for change in (LedgerEntry.objects.all().delete, lambda: LedgerEntry.objects.update(amount=0)):
        with pytest.raises(InternalError), transaction.atomic():
            change()
    assert digest() == imported


def test_people_who_stay_keep_their_lines_and_lose_the_points(world, zipped, tmp_path):
    (tmp_path / "more.csv").write_bytes(
        csv_file([RECORD_HEADINGS, ["E001", "Online course", day(world, 5), 1, "Other", "OTHER-1"]])
    )
    assert by_command(zipped)[0] == 0
    assert by_command(tmp_path / "more.csv", "--as", "records")[0] == 0
    run_pipeline()
    assert undo(*numbers())[0] == 0
    run_pipeline()
    assert LearningRecord.objects.get(source_id="OTHER-1").status == "voided"
    lines = LedgerEntry.objects.filter(record__source_id="OTHER-1")
    assert (lines.count(), sum(lines.values_list("amount", flat=True))) == (2, 0)
    assert not LedgerEntry.objects.filter(employee__employee_no__startswith="Z").exists()
    assert not BookingBatch.objects.filter(points__lt=-2).exists()
