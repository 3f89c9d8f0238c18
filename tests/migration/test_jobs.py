"""Imports by a worker: several files in their order, stopped, killed, refused, proved and taken back."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportJob, UploadTable
from migration.services.jobs import MOST_ATTEMPTS, run_jobs, start_import
from migration.services.uploads import add_upload
from people.models import Employee
from tests.migration.files import RECORD_HEADINGS, csv_file, digest
from tests.migration.test_undo import dump
from training.models import LearningRecord

pytestmark = pytest.mark.django_db

PEOPLE = [
    ["工号", "姓名", "入职日期", "部门", "岗位", "职级"],
    ["J1", "Jia", "2024-03-01", "Sales", "Sales representative", "Staff"],
]


def day(world, month=1):
    return world.year.start_date.replace(month=month, day=15).isoformat()


def records(world, *more):
    return [
        RECORD_HEADINGS,
        ["J1", "Workshop", day(world), "", "", "R1"],
        ["E001", "Workshop", day(world), "", "", "R2"],
        *more,
    ]


def started(world, files, *, skip_bad=False, user="oscar"):
    upload = add_upload(files=[(name, csv_file(rows)) for name, rows in files], actor=world.users[user])
    tables = list(UploadTable.objects.filter(file__upload=upload))
    return start_import(tables=tables, actor=world.users[user], skip_bad=skip_bad)


def finished(job):
    run_jobs()
    job.refresh_from_db()
    return job


def states(job):
    return list(job.tables.order_by("position").values_list("kind", "status"))


def test_several_files_come_in_their_order_and_again_change_nothing(
    world, sign_in, nudges, django_capture_on_commit_callbacks
):
    # the records name somebody whom the other file brings
    files = [("records.csv", records(world)), ("people.csv", PEOPLE)]
    with django_capture_on_commit_callbacks(execute=True):
        job = started(world, files)
    assert nudges == ["migration.tasks.run_imports"]
    page = sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()
    assert "Waiting for a worker" in page
    assert 'hx-trigger="every 1s"' in page
    job = finished(job)
    assert (job.status, job.message) == ("done", "")
    assert states(job) == [("employees", "imported"), ("records", "imported")]
    assert LearningRecord.objects.filter(employee__employee_no="J1", source_id="R1").count() == 1
    page = sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()
    assert "Everything is imported" in page
    assert "hx-trigger" not in page.split('id="job"')[1].split(">")[0]
    for batch in ImportBatch.objects.filter(job_table__job=job):
        assert reverse("migration:detail", args=[batch.pk]) in page
    proof = sign_in("oscar").get(reverse("migration:job_proof", args=[job.pk]))
    book = load_workbook(io.BytesIO(b"".join(proof.streaming_content)))
    said = [cell for row in book.active.iter_rows(values_only=True) for cell in row if cell]
    assert said.count("adds up") == 2 + 1 + 2
    before = LearningRecord.objects.count(), Employee.objects.count(), ImportBatch.objects.count()
    again = finished(started(world, files))
    assert again.status == "done"
    assert states(again) == [("employees", "unchanged"), ("records", "unchanged")]
    assert (LearningRecord.objects.count(), Employee.objects.count(), ImportBatch.objects.count()) == before


def test_a_job_is_taken_back_as_a_whole_or_not_at_all(world, sign_in):
    before = dump()
    job = finished(started(world, [("records.csv", records(world)), ("people.csv", PEOPLE)]))
    url = reverse("migration:undo_job", args=[job.pk])
    client = sign_in("oscar")
    # taken back together, the records of the new person do not stand against it
    assert "cannot be undone" not in client.get(url).content.decode()
    # something else does
    jia = Employee.objects.get(employee_no="J1")
    extra = finished(started(world, [("more.csv", [RECORD_HEADINGS, ["J1", "Workshop", day(world, 2), "", "", "R9"]])]))
    answer = client.get(url)
    page = answer.content.decode()
    assert "cannot be undone" in page
    assert "people.csv" in page
    # the import that is to go first is named with its page
    later = extra.tables.get().batch
    assert [one.pk for one in answer.context["later"]] == [later.pk]
    assert reverse("migration:detail", args=[later.pk]) in page
    imported = digest()
    client.post(url, {"reason": "wrong files"})
    assert digest() == imported
    assert Employee.objects.filter(pk=jia.pk).exists()
    assert client.post(reverse("migration:undo_job", args=[extra.pk]), {"reason": "wrong"}).status_code == 302
    assert client.post(url, {"reason": "wrong files"}).status_code == 302
    after = {name: rows for name, rows in dump().items() if not name.startswith("migration_")}
    assert after == {name: rows for name, rows in before.items() if not name.startswith("migration_")}
    page = client.get(reverse("migration:job", args=[job.pk])).content.decode()
    assert "Undone" in page
    assert "This import was taken back." in page
    assert "Everything is imported." not in page
    # a second time there is nothing left
    assert client.get(url).status_code == 302


def test_a_refused_table_stops_the_job_with_its_rows_to_mend(world, sign_in):
    bad = records(world, ["NOBODY", "Workshop", day(world), "", "", "R3"])
    job = finished(started(world, [("records.csv", bad), ("people.csv", PEOPLE)]))
    assert job.status == "refused"
    assert states(job) == [("employees", "imported"), ("records", "refused")]
    assert not LearningRecord.objects.filter(source_id__in=["R1", "R2", "R3"]).exists()
    client = sign_in("oscar")
    assert "NOBODY" in client.get(reverse("migration:job", args=[job.pk])).content.decode()
    answer = client.get(reverse("migration:job_refused", args=[job.pk, 2]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)][1:] == ["NOBODY"]
    assert client.get(reverse("migration:job_refused", args=[job.pk, 1])).status_code == 404
    # the good ones alone
    job = finished(started(world, [("records.csv", bad)], skip_bad=True))
    assert (job.status, states(job)) == ("done", [("records", "imported")])
    assert LearningRecord.objects.filter(source_id__in=["R1", "R2", "R3"]).count() == 2
    assert "Mend the refused ones" in client.get(reverse("migration:job", args=[job.pk])).content.decode()


@pytest.mark.parametrize(
    ("phase", "done", "total", "said", "now"),
    [
        ("reading", 0, 0, "Reading the files", None),
        ("reading", 19_999, 0, "Reading the rows of records.csv: 19,999 rows so far", None),
        ("saving", 5_000, 20_000, "Saving the rows of records.csv: 5,000 of 20,000", "52"),
    ],
)
def test_the_bar_of_a_running_import_shows_what_is_known(world, sign_in, phase, done, total, said, now):
    job = started(world, [("records.csv", records(world))])
    ImportJob.objects.filter(pk=job.pk).update(status="running", phase=phase, done=done, total=total)
    page = sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()
    assert f">{said}</div>" in page
    bar = page.split('role="progressbar"')[1].split("</div>")[0]
    # a bar without a value is one of which nobody knows how far it is
    assert ("aria-valuenow" in bar, "progress-bar-indeterminate" in bar) == (now is not None, now is None)
    assert now is None or f'aria-valuenow="{now}"' in bar


def test_who_started_an_import_reads_its_reasons_in_their_language(world, sign_in):
    oscar = world.users["oscar"]
    oscar.language = "zh-hans"
    oscar.save(update_fields=["language"])
    bad = [RECORD_HEADINGS, ["NOBODY", "Workshop", day(world), "", "", "R3"]]
    job = finished(started(world, [("records.csv", bad)]))
    page = sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()
    assert "没有该工号的员工" in page
    assert "There is no employee" not in page


def test_who_chose_no_language_reads_the_reasons_in_that_of_the_pages(world, sign_in):
    bad = [RECORD_HEADINGS, ["NOBODY", "Workshop", day(world), "", "", "R3"]]
    upload = add_upload(files=[("records.csv", csv_file(bad))], actor=world.users["oscar"])
    client = sign_in("oscar")
    client.cookies["django_language"] = "zh-hans"
    client.post(reverse("migration:start", args=[upload.pk]), {"start": "1"})
    job = finished(ImportJob.objects.get())
    page = client.get(reverse("migration:job", args=[job.pk])).content.decode()
    assert "没有该工号的员工" in page
    assert "There is no employee" not in page


def test_rows_that_are_refused_again_can_be_mended_though_all_others_are_in(world, sign_in):
    bad = records(world, ["NOBODY", "Workshop", day(world), "", "", "R3"])
    finished(started(world, [("people.csv", PEOPLE), ("records.csv", bad)], skip_bad=True))
    job = finished(started(world, [("records.csv", bad)], skip_bad=True))
    assert states(job) == [("records", "unchanged")]
    client = sign_in("oscar")
    page = client.get(reverse("migration:job", args=[job.pk])).content.decode()
    where = reverse("migration:job_refused", args=[job.pk, 1])
    assert where in page
    assert "NOBODY" in page
    sheet = load_workbook(io.BytesIO(b"".join(client.get(where).streaming_content))).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)][1:] == ["NOBODY"]


def test_stopped_before_it_began_nothing_comes_in(world, sign_in):
    job = started(world, [("people.csv", PEOPLE)])
    client = sign_in("oscar")
    assert "Stop the import" in client.get(reverse("migration:job", args=[job.pk])).content.decode()
    client.post(reverse("migration:cancel_job", args=[job.pk]), {"cancel": "1"})
    job = finished(job)
    assert (job.status, states(job)) == ("cancelled", [("employees", "cancelled")])
    assert not Employee.objects.filter(employee_no="J1").exists()
    # it has ended: there is nothing to stop any more
    page = client.post(reverse("migration:cancel_job", args=[job.pk]), {"cancel": "1"}, follow=True).content.decode()
    assert "has ended already" in page
    # the files are still there to be tried again, by whoever sent them
    way_back = reverse("migration:check", args=[job.upload_id])
    assert way_back in page
    assert way_back not in sign_in("helen").get(reverse("migration:job", args=[job.pk])).content.decode()


def test_one_upload_is_not_imported_twice_at_once_and_kinds_need_their_permission(world):
    upload = add_upload(files=[("people.csv", csv_file(PEOPLE))], actor=world.users["oscar"])
    tables = list(UploadTable.objects.filter(file__upload=upload))
    with pytest.raises(BadInput, match="may not import"):
        start_import(tables=tables, actor=world.users["paul"])
    start_import(tables=tables, actor=world.users["oscar"])
    with pytest.raises(BadInput, match="being imported already"):
        start_import(tables=tables, actor=world.users["oscar"])
    with pytest.raises(BadInput, match="no table"):
        start_import(tables=[], actor=world.users["oscar"])
    assert ImportJob.objects.count() == 1


def test_a_job_that_ends_its_worker_again_and_again_fails(world, sign_in):
    job = started(world, [("people.csv", PEOPLE)])
    ImportJob.objects.filter(pk=job.pk).update(status="running", attempts=MOST_ATTEMPTS)
    job = finished(job)
    assert (job.status, states(job)) == ("failed", [("employees", "failed")])
    assert "ended several times" in sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()


def test_an_upload_that_is_gone_is_said(world):
    job = started(world, [("people.csv", PEOPLE)])
    UploadTable.objects.all().delete()
    job = finished(job)
    assert job.status == "failed"
    assert "not here any more" in job.message
