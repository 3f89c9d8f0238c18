"""Big texts on the way of the pages: sealed, looked at and imported piece by piece, never held as a whole."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import ImportBatch, ImportJob, Upload, UploadPart, UploadTable
from migration.services import content, sealing, sources
from migration.services.content import Content
from migration.services.jobs import run_jobs, start_import
from migration.services.streaming import columns
from tests.migration.files import RECORD_HEADINGS, csv_file
from training.models import LearningRecord

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 2000


@pytest.fixture
def small_pieces(monkeypatch):
    """What is big, a piece, and many cells are as small here as a test file can be."""
    for module, name, value in (
        (content, "LONG", 4096), (sources, "LARGE", 30), (sources, "BEGINNING", 20), (sealing, "PART", 1000),
        (columns, "MANY", 50),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def whole(self: Content) -> bytes:
    raise AssertionError("the whole file is read into memory")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_no_step_holds_the_file_nor_its_different_cells(world, sign_in, small_pieces, monkeypatch, encoding):
    day = world.year.start_date.replace(month=3).isoformat()
    rows = [[f"E00{n % 6 + 1}", "Workshop", day, "", f"安全 no {n}", f"R{n}"] for n in range(ROWS)]
    data = csv_file([RECORD_HEADINGS, *rows], encoding)
    most: dict[str, int] = {}
    see = columns.Column.see

    def seen(self, keys):
        see(self, keys)
        if self.is_text:
            most[str(self.place)] = max(most.get(str(self.place), 0), len(self.cells))

    monkeypatch.setattr(columns.Column, "see", seen)
    monkeypatch.setattr(Content, "read", whole)
    answer = sign_in("oscar").post(
        reverse("migration:upload"), {"file": SimpleUploadedFile("big.csv", data), "kind": "records"}
    )
    assert answer.status_code == 302
    assert UploadPart.objects.count() == -(-len(data) // 1000)
    table = UploadTable.objects.get()
    job = start_import(tables=[table], actor=world.users["oscar"])
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.message) == ("done", "")
    assert LearningRecord.objects.count() == ImportBatch.objects.get().created == ROWS
    assert LearningRecord.objects.get(source_id="R7").title == "安全 no 7"
    # titles and ids of the source: what no rule could change is not kept
    assert len(most) == 2
    assert set(most.values()) == {0}


def test_a_file_above_the_limit_is_refused_in_words_and_nothing_is_kept(world, sign_in, settings):
    settings.UPLOAD_MAX_BYTES = 3 << 20
    data = csv_file(
        [RECORD_HEADINGS, *(["E001", "Workshop", "2026-01-01", "", "t" * 80, f"R{n}"] for n in range(40_000))]
    )
    assert len(data) > settings.UPLOAD_MAX_BYTES
    page = sign_in("oscar").post(reverse("migration:upload"), {"file": SimpleUploadedFile("big.csv", data)})
    assert "larger than 3 MB" in page.content.decode()
    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()
    assert not ImportJob.objects.exists()


def test_a_file_that_somebody_changed_in_the_database_is_not_imported(world, sign_in, small_pieces):
    day = world.year.start_date.isoformat()
    data = csv_file([RECORD_HEADINGS, *([f"E00{n % 6 + 1}", "Workshop", day, "", "t", f"R{n}"] for n in range(ROWS))])
    sign_in("oscar").post(reverse("migration:upload"), {"file": SimpleUploadedFile("big.csv", data), "kind": "records"})
    job = start_import(tables=list(UploadTable.objects.all()), actor=world.users["oscar"])
    # a part that is gone, and with it some rows
    UploadPart.objects.get(number=20).delete()
    run_jobs()
    job.refresh_from_db()
    assert (job.status, "The uploaded file is not here any more." in job.message) == ("failed", True)
    assert not LearningRecord.objects.exists()
