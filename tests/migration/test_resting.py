"""Changes of an upload and the start of its import wait for each other, and two changes lose nothing of each other."""

from __future__ import annotations

import errno
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from hrsuite.lib.errors import BadInput
from hrsuite.lib.history import events_of
from migration.models import ImportJob, MappingTemplate, Term, Upload, UploadTable
from migration.services import jobs, sealing, uploads
from migration.services.choices import choices_of
from migration.services.deciding import decide
from migration.services.further import add_further, remove_further
from migration.services.jobs import cancel_import, run_jobs, start_import
from migration.services.questions import groups_of
from migration.services.readying import ready_tables, tables_of
from migration.services.steps import ask_again, choose_kind, choose_kinds, decide_words, decided_words, map_table
from migration.services.terms import decide_terms
from migration.services.uploads import add_upload, delete_upload, keep_upload, read_as, unlock_upload
from tests.migration.files import RECORD_HEADINGS, csv_file

pytestmark = pytest.mark.django_db

ROWS = [RECORD_HEADINGS, ["E001", "Yoga", "03/04/2024", "1", "", "R1"], ["E001", "Chess", "04/05/2024", "1", "", "R2"]]


def uploaded(world, name="a.csv", rows=ROWS, user="oscar"):
    return add_upload(files=[(name, csv_file(rows))], actor=world.users[user], kind="records")


def begun(world, upload, user="oscar"):
    return start_import(tables=tables_of(upload), actor=world.users[user])


CHANGES = {
    "kind": lambda upload, table, actor: choose_kind(table=table, kind="courses", is_in=True, actor=actor),
    "mapping": lambda upload, table, actor: map_table(table=table, choices=choices_of(table), actor=actor),
    "words": lambda upload, table, actor: decide_words(
        readies=ready_tables([table]), said={("activity", "Yoga"): "nothing"}, actor=actor
    ),
    "words again": lambda upload, table, actor: ask_again(readies=ready_tables([table]), keys=[], actor=actor),
    "answers": lambda upload, table, actor: decide(readies=ready_tables([table]), said={"rest": "drop"}, actor=actor),
    "further kind": lambda upload, table, actor: add_further(table=table, kind="scores", actor=actor),
    "no further kind": lambda upload, table, actor: remove_further(table=table, kind="scores", actor=actor),
    "letters": lambda upload, table, actor: read_as(table=table, encoding="gb18030", actor=actor),
    "passwords": lambda upload, table, actor: unlock_upload(upload=upload, passwords={}, actor=actor),
    "deletion": lambda upload, table, actor: delete_upload(upload=upload, actor=actor),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_is_changed_while_an_import_waits_even_by_a_page_that_was_opened_before(world, what):
    upload = uploaded(world)
    begun(world, upload)
    table = UploadTable.objects.get()
    before = UploadTable.objects.values_list("kind", "is_skipped", "choices", "decided_at").get()
    with pytest.raises(BadInput, match="These files are being imported: nothing was changed"):
        CHANGES[what](upload, table, world.users["oscar"])
    assert UploadTable.objects.values_list("kind", "is_skipped", "choices", "decided_at").get() == before
    assert not Term.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_a_start_that_is_not_committed_yet(world):
    upload = uploaded(world)
    table, answers = UploadTable.objects.select_related("file").get(), []

    def change():
        try:
            choose_kind(table=table, kind="courses", is_in=True, actor=world.users["oscar"])
            answers.append("changed")
        except BadInput as error:
            answers.append(error.message)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    with transaction.atomic():
        begun(world, upload)
        other.start()
        other.join(1)
        assert answers == []
    other.join(20)
    assert answers == ["These files are being imported: nothing was changed."]
    assert UploadTable.objects.get().kind == "records"


def test_an_import_takes_the_tables_as_they_are_when_it_starts(world):
    upload = uploaded(world)
    seen = tables_of(upload)
    # in another tab, by somebody whose role was another one then
    UploadTable.objects.update(kind="salaries")
    with pytest.raises(BadInput, match="You may not import this kind of table"):
        start_import(tables=seen, actor=world.users["oscar"])
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("what", ["read anew", "left out"])
def test_an_import_starts_with_all_tables_that_were_shown_or_not_at_all(world, what):
    oscar = world.users["oscar"]
    upload = add_upload(files=[("a.csv", csv_file(ROWS)), ("b.csv", csv_file(ROWS))], actor=oscar, kind="records")
    seen = tables_of(upload)
    if what == "read anew":
        read_as(table=seen[1], encoding="gb18030", actor=oscar)
    else:
        choose_kind(table=seen[1], kind="records", is_in=False, actor=oscar)
    with pytest.raises(BadInput, match="since this page was opened"):
        start_import(tables=seen, actor=oscar)
    assert not ImportJob.objects.exists()
    assert [one.name for one in begun(world, upload).tables.all()] == [str(one) for one in tables_of(upload)]


def test_tables_are_taken_as_something_else_together_or_not_at_all(world):
    oscar = world.users["oscar"]
    upload = add_upload(files=[("a.csv", csv_file(ROWS)), ("b.csv", csv_file(ROWS))], actor=oscar, kind="records")
    first, second = tables_of(upload)
    second.file.tables.all().delete()
    with pytest.raises(UploadTable.DoesNotExist):
        choose_kinds(chosen=[(first, "courses", True), (second, "courses", True)], actor=oscar)
    assert UploadTable.objects.get().kind == "records"


def test_what_two_tabs_decide_at_once_stays_both(world):
    oscar = world.users["oscar"]
    (table,) = tables_of(uploaded(world))
    opened = ready_tables([table])
    mapped = choices_of(table)
    (group,) = groups_of(ready_tables([table]))
    assert decide(readies=ready_tables([table]), said={f"all-{group.key}": "order:dmy"}, actor=oscar) == 2
    # both of these pages were opened before
    decide_words(readies=opened, said={("activity", "Yoga"): "nothing"}, actor=oscar)
    map_table(table=table, choices=mapped, actor=oscar)
    assert choices_of(UploadTable.objects.get()).orders == {"happened_on": "dmy"}
    assert Term.objects.get().word == "Yoga"


def test_a_new_word_is_kept_once_and_asked_again_beside_answers_of_another_tab(world):
    oscar = world.users["oscar"]
    rows = [["Employee no", "Name", "Hire date", "Department"], ["N1", "Ann Lee", "03/04/2024", "Zoo"]]
    upload = add_upload(files=[("a.csv", csv_file(rows))], actor=oscar, kind="employees")
    (table,) = tables_of(upload)
    opened = ready_tables([table])
    for _twice in range(2):
        decide_words(readies=opened, said={("department", "Zoo"): "new"}, actor=oscar)
    assert choices_of(UploadTable.objects.get()).new == {"department": ["Zoo"]}
    (table,) = tables_of(upload)
    opened = ready_tables([table])
    (group,) = groups_of(opened)
    decide(readies=ready_tables([table]), said={f"all-{group.key}": "order:dmy"}, actor=oscar)
    (word,) = decided_words(opened, oscar)
    assert ask_again(readies=opened, keys=[word.key], actor=oscar) == 1
    kept = choices_of(UploadTable.objects.get())
    assert (kept.new["department"], kept.orders) == ([], {"hire_date": "dmy"})


def test_who_stopped_an_import_is_said(world, sign_in):
    job = begun(world, uploaded(world))
    cancel_import(job=job, actor=world.users["helen"])
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.cancelled_by) == ("cancelled", world.users["helen"])
    page = sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()
    assert f"Stopped by {world.users['helen']}." in page


def test_an_import_that_waits_is_found_again_on_the_list_by_those_who_may_see_it(world, sign_in):
    job = begun(world, uploaded(world, "old records.csv"))
    there = reverse("migration:job", args=[job.pk])
    listed = {name: sign_in(name).get(reverse("migration:imports")).content.decode() for name in ("oscar", "helen")}
    assert all(there in page and "old records.csv" in page for page in listed.values())
    ImportJob.objects.get().tables.update(kind="salaries")
    assert there not in sign_in("oscar").get(reverse("migration:imports")).content.decode()
    ImportJob.objects.get().tables.update(kind="records")
    cancel_import(job=job, actor=world.users["oscar"])
    run_jobs()
    assert "Imports under way" not in sign_in("oscar").get(reverse("migration:imports")).content.decode()


def test_a_task_whose_time_is_up_leaves_further_jobs_to_the_next(
    world, monkeypatch, nudges, django_capture_on_commit_callbacks
):
    first, second = (begun(world, uploaded(world, name)) for name in ("a.csv", "b.csv"))
    monkeypatch.setattr(jobs, "RUN_SECONDS", -1)
    with django_capture_on_commit_callbacks(execute=True):
        assert run_jobs() == 1
    assert nudges == [jobs.TASK]
    assert list(ImportJob.objects.order_by("pk").values_list("status", flat=True))[1] == "waiting"
    monkeypatch.setattr(jobs, "RUN_SECONDS", 60)
    assert run_jobs() == 1
    assert ImportJob.objects.get(pk=second.pk).status != "waiting"
    assert first.pk < second.pk


def test_the_history_says_who_changed_and_revoked_words_and_templates(world, sign_in):
    decide_terms(decided=[("activity", "Yoga", "Workshop")], actor=world.users["oscar"])
    sign_in("oscar").post(reverse("migration:revoke_term", args=[Term.objects.get().pk]), {"revoke": "1"})
    assert not Term.objects.exists()
    entered, removed = events_of(Term).order_by("pgh_id")
    assert (entered.meaning, entered.actor_id) == ("Workshop", world.users["oscar"].pk)
    assert (removed.pgh_label, removed.pgh_context.metadata["user"]) == ("delete", world.users["oscar"].pk)
    template = MappingTemplate.objects.create(name="Old", kind="records", signature="x", actor=world.users["oscar"])
    sign_in("helen").post(reverse("migration:forget_template", args=[template.pk]), {"forget": "1"})
    gone = events_of(MappingTemplate).get(pgh_label="delete")
    assert (gone.name, gone.pgh_context.metadata["user"]) == ("Old", world.users["helen"].pk)


def test_a_full_disk_is_said_wherever_an_upload_is_written(world, monkeypatch):
    upload = uploaded(world)
    upload.files.update(is_locked=True)

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "write_file", full)
    monkeypatch.setattr(uploads, "unlock", lambda **_said: b"opened")
    monkeypatch.setattr(uploads, "seal_json", full)
    file = upload.files.get()
    for change in (
        lambda: keep_upload(data=b"x", user=world.users["oscar"]),
        lambda: unlock_upload(upload=upload, passwords={file.pk: "x"}, actor=world.users["oscar"]),
        lambda: read_as(table=UploadTable.objects.get(), encoding="utf-8", actor=world.users["oscar"]),
    ):
        with pytest.raises(BadInput, match="The disk of the server is full"):
            change()
    assert Upload.objects.count() == 1
    assert sealing.read_file(file) == csv_file(ROWS)
