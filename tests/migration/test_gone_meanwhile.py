"""What a file refers to is deleted between the check and the save: the right words, and nothing half-written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportJob, Upload, UploadTable
from migration.services.jobs import run_jobs, start_import
from migration.services.uploads import add_upload, delete_upload
from migration.services.watching import Watch
from people.models import Employee
from tests.migration.files import RECORD_HEADINGS, csv_file
from tests.test_races import together
from training.models import Activity, Course, LearningRecord
from training.services.courses import create_course
from training.services.records import save

pytestmark = pytest.mark.django_db(transaction=True)


def started(world, rows):
    upload = add_upload(files=[("a.csv", csv_file(rows))], actor=world.users["oscar"])
    return start_import(tables=list(UploadTable.objects.filter(file__upload=upload)), actor=world.users["oscar"])


@pytest.mark.parametrize("what", ["course", "person"])
def test_what_records_refer_to_goes_between_check_and_save(world, monkeypatch, what):
    """The job looks again, and its check then finds what is so."""
    course = create_course(code="C9", name="Goes", activity=Activity.objects.get(code="workshop"), actor=None)
    create_course(code="C1", name="Stays", activity=course.activity, actor=None)
    person = Employee.objects.create(employee_no="G1", name="Goes", hire_date="2020-01-01")
    day = world.year.start_date.isoformat()
    gone, told = {"course": (course, "C9"), "person": (person, "G1")}[what]
    rows = [[*RECORD_HEADINGS, "Course"], ["E001", "Workshop", day, "", "", "R1", ""]]
    rows.append(["E001" if what == "course" else "G1", "Workshop", day, "", "", "R2", "C9" if what == "course" else ""])
    job, insert, turns = started(world, rows), save._insert, iter([1])

    def later(*args, **kwargs):
        if next(turns, None):
            assert together(lambda: type(gone).objects.filter(pk=gone.pk)._raw_delete("default")) == [1]
        return insert(*args, **kwargs)

    monkeypatch.setattr(save, "_insert", later)
    run_jobs()
    job.refresh_from_db()
    (table,) = job.tables.all()
    assert (job.status, job.message, table.status) == ("refused", "", "refused")
    assert [one["row"] for one in table.problems] == [3]
    assert told in str(table.problems)
    assert next(turns, None) is None
    assert not LearningRecord.objects.exists()
    assert not ImportBatch.objects.exists()


def test_an_upload_that_goes_before_its_import_begins_is_not_imported_already(world):
    rows = [["Employee no", "Name"], ["E001", "Alice"]]
    upload = add_upload(files=[("a.csv", csv_file(rows))], actor=world.users["oscar"])
    tables = list(UploadTable.objects.filter(file__upload=upload).select_related("file__upload"))
    delete_upload(upload=upload, actor=world.users["oscar"])
    with pytest.raises(BadInput, match="not here any more"):
        start_import(tables=tables, actor=world.users["oscar"])
    assert not ImportJob.objects.exists()
    assert not Upload.objects.exists()


def test_an_activity_that_goes_before_its_course_is_saved_is_no_taken_code(world):
    gone = Activity(pk=987654, code="gone", name="Gone")
    with pytest.raises(IntegrityError):
        create_course(code="C8", name="New", activity=gone, actor=None)
    assert not Course.objects.filter(code="C8").exists()


def test_a_job_that_has_ended_is_not_told_to_be_at_work(world):
    job = started(world, [["Employee no", "Name"], ["E001", "Alice"]])
    ImportJob.objects.filter(pk=job.pk).update(status="running")
    with Watch(job.pk) as watch:
        watch.progress("saving", 3, 9)
        ImportJob.objects.filter(pk=job.pk).update(status="done", phase="", done=9, total=9)
    # the watch has told once more on its way out
    job.refresh_from_db()
    assert (job.phase, job.done, job.total) == ("", 9, 9)
