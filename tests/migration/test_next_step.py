"""What a page of an import shows first is what is to be done next."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import ImportBatch
from migration.services.undoing import undo_import
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file
from tests.migration.test_jobs import day, finished, started
from tests.migration.test_pages import check, send, start, url

pytestmark = pytest.mark.django_db

UNKNOWN = ["N5", "Ann Ash", "2024-03-01", "Moonbase", "REP", "L1"]


def text_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode().split("<main")[-1]).split())


def first_buttons(page):
    """Of the card above the tables."""
    card = page.content.decode().split("</form>")[0]
    return re.findall(r'class="btn( btn-\w+)?"[^>]*>(?:<i[^>]*></i>)?\s*([^<]+?)\s*<', card)


def dry(oscar, page):
    assert oscar.get(url("check", page)).status_code == 200
    return oscar.post(url("dry_run", page), {"dry_run": "1"}, headers={"HX-Request": "true"})


def test_words_to_decide_come_before_the_import_of_the_others(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, UNKNOWN]))
    page = dry(oscar, page)
    assert first_buttons(page) == [(" btn-primary", "Decide 1 word"), ("", "Import the good rows")]
    assert "decide, or import the others alone" in text_of(page)


def test_a_table_without_a_good_row_is_named_and_what_would_mend_it_stands_first(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "moon.csv", csv_file([EMPLOYEE_HEADINGS, UNKNOWN]))
    page = dry(oscar, page)
    assert "No row can be imported of: moon.csv." in text_of(page)
    assert first_buttons(page) == [(" btn-primary", "Decide 1 word"), ("", "Back to Map")]


def test_several_tables_are_summed_up_before_each_is_shown(world, sign_in):
    oscar = sign_in("oscar")
    rows = csv_file([RECORD_HEADINGS, ["N1", "Workshop", day(world), "", "", "R1"]])
    files = [
        SimpleUploadedFile("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])),
        SimpleUploadedFile("r.csv", rows),
    ]
    page = dry(oscar, oscar.post(reverse("migration:upload"), {"file": files}, follow=True))
    summary = text_of(page).split("Refused")[1]
    assert "staff.csv Employees 2 0 0 0" in summary
    assert "r.csv Learning records 1 0 0 0" in summary


def test_rows_that_say_nothing_new_are_not_called_new(world, sign_in):
    oscar = sign_in("oscar")
    start(oscar, check_of(oscar, send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))))
    page = send(oscar, "posts.csv", csv_file([["工号", "备注"], ["N1", "a"], ["N2", "b"]]), kind="assignments")
    (table,) = check(oscar, page).context["tables"]
    assert table["report"].unchanged == 2
    assert [status for _row, status, _cells in table["changes"]] == ["unchanged", "unchanged"]


def check_of(oscar, page):
    check(oscar, page)
    return page


def test_rows_of_an_import_that_was_taken_back_wait_for_nobody(world, sign_in):
    bad = ["N9", "Bo Box", "2024-02-30", "SALES", "REP", "L1"]
    finished(started(world, [("staff.csv", [EMPLOYEE_HEADINGS, *EMPLOYEES, bad])], skip_bad=True))
    batch = ImportBatch.objects.get()
    steps = sign_in("oscar").get("/").context["home"].steps
    (step,) = [one for one in steps if one.text == "Mend 1 row of staff.csv"]
    assert step.url == reverse("migration:detail", args=[batch.pk])
    undo_import(batch=batch, reason="A trial", actor=world.users["oscar"])
    assert not [one for one in sign_in("oscar").get("/").context["home"].steps if "staff.csv" in one.text]


def test_an_undo_tells_what_it_will_do_and_not_what_it_will_not(world, sign_in):
    finished(started(world, [("staff.csv", [EMPLOYEE_HEADINGS, *EMPLOYEES])]))
    page = sign_in("oscar").get(reverse("migration:undo", args=[ImportBatch.objects.get().pk]))
    assert "Will be removed" in text_of(page)
    assert "Will be as before" not in text_of(page)
    assert "voided" not in text_of(page)


def test_files_are_chosen_in_the_words_of_the_reader(world, sign_in):
    page = sign_in("oscar").get(reverse("migration:upload")).content.decode()
    assert 'data-choose="Choose files"' in page
    assert 'data-choose="Choose a file"' in page
    world.users["oscar"].language = "zh-hans"
    world.users["oscar"].save(update_fields=["language"])
    assert 'data-choose="选择文件"' in sign_in("oscar").get(reverse("migration:upload")).content.decode()


def test_an_upload_is_deleted_only_after_a_question(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, UNKNOWN]))
    for shown in (page, oscar.get(reverse("migration:imports"))):
        assert re.search(r'action="/migration/upload/\d+/delete/" data-confirm="[^"]+"', shown.content.decode())


def test_what_alters_what_is_there_already_is_shown_first_and_counted(sign_in):
    oscar = sign_in("oscar")
    start(oscar, check_of(oscar, send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))))
    new = ["N3", "Bo Box", "2024-05-01", "SALES", "REP", "L1"]
    same, other = EMPLOYEES[0], [*EMPLOYEES[1]]
    other[1] = "李安娜"
    page = check(oscar, send(oscar, "staff2.csv", csv_file([EMPLOYEE_HEADINGS, same, new, other])))
    (table,) = page.context["tables"]
    assert [(row, status) for row, status, _cells in table["changes"]] == [
        ("4", "changed"),
        ("3", "new"),
        ("2", "unchanged"),
    ]
    assert table["altered"] == [("姓名", 1, 100)]
    # whom a row is about, then what changes
    assert table["headings"][:2] == ["工号", "姓名"]
    assert "What changes of what the suite has: 1 姓名" in text_of(page)


def test_a_lone_question_is_asked_once(sign_in):
    oscar = sign_in("oscar")
    bad = [["N3", "Bo Box", "2024-02-30", "SALES", "REP", "L1"], ["N4", "Bea Box", "2024-03-01", "SALES", "REP", "L1"]]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, *bad]))
    (group,) = page.context["groups"]
    shown = page.content.decode()
    assert (f'name="one-{group.questions[0].key}"' in shown, f'name="all-{group.key}"' in shown) == (
        True,
        group.is_dates,
    )
    numbered = ["N5", "Bo Fox", "2024-03-01", "SALES", "REP", "L1", "not an address"]
    rows = [[*EMPLOYEE_HEADINGS, "邮箱"], *([*one, f"{one[0]}@example.org"] for one in EMPLOYEES), numbered]
    page = send(oscar, "mails.csv", csv_file(rows))
    (group,) = page.context["groups"]
    shown = page.content.decode()
    assert (f'name="one-{group.questions[0].key}"' in shown, f'name="all-{group.key}"' in shown) == (True, False)


def test_a_file_that_is_in_already_is_not_offered_as_news(sign_in):
    oscar = sign_in("oscar")
    start(oscar, check_of(oscar, send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))))
    page = dry(oscar, send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])))
    assert "Every row is in already: there is nothing to import." in text_of(page)
    assert first_buttons(page) == [("", "Import all the same")]
    nobody = ["N9", "Bo Box", "2024-02-30", "SALES", "REP", "L1"]
    page = dry(oscar, send(oscar, "staff2.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, nobody])))
    assert "only the refused ones are left to mend" in text_of(page)
    assert first_buttons(page)[-1] == ("", "Import all the same")
