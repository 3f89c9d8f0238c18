"""What was started is what comes in: between the start and its end nobody changes an upload."""

from __future__ import annotations

import pytest
from django.urls import reverse

from migration.models import ImportBatch, ImportJob, Upload, UploadTable
from migration.services.choices import choices_of
from migration.services.jobs import run_jobs
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file
from tests.migration.test_pages import check, send, step, url

pytestmark = pytest.mark.django_db


def started(client, rows=(*EMPLOYEES,)):
    page = send(client, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    assert check(client, page).context["can_import"]
    client.post(url("start", page), {"import": "1"})
    return page, ImportJob.objects.get()


def test_a_started_upload_is_not_changed_any_more(world, sign_in):
    oscar = sign_in("oscar")
    page, job = started(oscar)
    table = UploadTable.objects.get()
    before = (table.kind, table.is_skipped, bytes(table.choices))
    posts = {
        "look": {f"table-{table.pk}-kind": "courses"},
        "map": {"map": "1"},
        "words": {"words": "1"},
        "clean": {"clean": "1", f"rule-{table.pk}": "1"},
        "delete_upload": {"delete": "1"},
    }
    for name, data in posts.items():
        answer = oscar.post(url(name, page), data, follow=True)
        assert answer.redirect_chain[0][0] == reverse("migration:job", kwargs={"pk": job.pk}), name
        assert "These files are being imported: nothing was changed." in answer.content.decode()
    table = UploadTable.objects.get()
    assert (table.kind, table.is_skipped, bytes(table.choices)) == before
    for name in ("session", "look", "map", "words", "clean", "check"):
        assert step(oscar.get(url(name, page), follow=True)) == "job"
    assert oscar.post(url("dry_run", page), {"dry_run": "1"}, headers={"HX-Request": "true"}).headers[
        "HX-Redirect"
    ] == reverse("migration:job", kwargs={"pk": job.pk})
    run_jobs()
    assert ImportBatch.objects.get().created == len(EMPLOYEES)


def test_a_second_start_leads_to_the_import_that_runs(world, sign_in):
    oscar = sign_in("oscar")
    page, _job = started(oscar)
    answer = oscar.post(url("start", page), {"import": "1"}, follow=True)
    assert step(answer) == "job"
    assert "This upload is being imported already." in answer.content.decode()
    assert ImportJob.objects.count() == 1


def test_a_stopped_upload_is_changed_again(world, sign_in):
    oscar = sign_in("oscar")
    page, job = started(oscar)
    oscar.post(reverse("migration:cancel_job", kwargs={"pk": job.pk}), {"cancel": "1"})
    run_jobs()
    assert not Employee.objects.filter(employee_no=EMPLOYEES[0][0]).exists()
    table = UploadTable.objects.get()
    oscar.post(url("clean", page), {"clean": "1", f"rule-{table.pk}": "1"})
    # no switch of a rule came along: all are off
    assert "spaces" in choices_of(UploadTable.objects.get()).off
    oscar.post(url("delete_upload", page), {"delete": "1"})
    assert not Upload.objects.exists()
