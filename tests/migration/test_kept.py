"""What the cleaning made of an upload serves the next page, and only where nothing changed since."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from migration.models import Term, UploadClean
from migration.services import kept, readying
from people.models import Employee
from tests.migration.files import csv_file, xlsx_file
from tests.migration.test_pages import check, send, start, upload_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleanings(monkeypatch):
    """How often tables were cleaned, by the real cleaning."""
    done, clean = [], readying.clean_tables

    def spy(given, same):
        done.append(len(given))
        return clean(given, same)

    monkeypatch.setattr(readying, "clean_tables", spy)
    return done


@pytest.fixture
def page(world, sign_in, cleanings):
    rows = [["工号", "姓名", "入职日期"], ["N1", "Wang Fang", "3/4/2024"], ["N2", "Li Na", "5/6/2024"]]
    oscar = sign_in("oscar")
    found = send(oscar, "staff.csv", csv_file(rows))
    assert looked_at(oscar, found).context["total"] == 2
    cleanings.clear()
    return found


def looked_at(client, page):
    return client.get(url("clean", page))


def test_pages_that_show_the_same_do_not_clean_again(sign_in, page, cleanings):
    oscar = sign_in("oscar")
    shown = looked_at(oscar, page)
    assert "3/4/2024" in shown.content.decode()
    groups = [one.context["groups"] for one in (shown, looked_at(oscar, page))]
    assert groups[0] == groups[1]
    check(oscar, page)
    assert not cleanings


def test_what_is_kept_comes_back_as_it_was(world, sign_in):
    day = dt.datetime.fromisoformat("2024-05-06")
    moment = day + dt.timedelta(hours=7, seconds=9)
    rows = [
        ["Employee no", "Name", "Hire date", "Shift", "Note", "Hours"],
        ["N1", " Ｗang ", day, dt.time(7, 30), "=1+1", 1.5],
        ["N1", "Wang", "3/4/2024", dt.timedelta(hours=30), moment, True],
        ["N2", "李 娜", "#REF!", None, "x", 12345678901234567],
        [None, "Total", None, None, None, 3],
    ]
    page = send(sign_in("oscar"), "staff.xlsx", xlsx_file(rows))
    tables = list(readying.tables_of(upload_of(page)))
    UploadClean.objects.all().delete()
    fresh, again = readying.ready_tables(tables)[0].clean, readying.ready_tables(tables)[0].clean
    assert fresh.raw == again.raw
    assert [list(map(type, cells)) for cells in fresh.raw.values()] == [list(map(type, c)) for c in again.raw.values()]
    assert fresh.doubts
    assert fresh.doubts == again.doubts
    assert [list(one) for one in fresh.cleaned.rows] == [list(one) for one in again.cleaned.rows]
    for name in ("dropped", "notes", "headings", "total"):
        assert getattr(fresh.cleaned, name) == getattr(again.cleaned, name)
    assert [(one.rule, list(one.rows)) for one in fresh.cleaned.changes] == [
        (one.rule, list(one.rows)) for one in again.cleaned.changes
    ]
    for name in ("headings", "heading_row", "read", "total", "passed_over"):
        assert getattr(fresh, name) == getattr(again, name)


def test_an_answer_cleans_anew_and_the_import_takes_what_the_page_showed(sign_in, page, cleanings):
    oscar = sign_in("oscar")
    group = looked_at(oscar, page).context["groups"][0]
    page = oscar.post(url("clean", page), {f"all-{group.key}": "order:dmy", "go_on": "1"}, follow=True)
    check(oscar, page)
    assert cleanings == [1]
    start(oscar, page)
    assert cleanings == [1]
    assert Employee.objects.get(employee_no="N1").hire_date == dt.date(2024, 4, 3)


def test_a_new_word_of_the_dictionary_cleans_anew(world, sign_in, cleanings):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([["工号", "姓名", "部门"], ["N1", "Wang Fang", "SALES"]]))
    looked_at(oscar, page)
    cleanings.clear()
    Term.objects.create(field="department", word="SALES", folded="sales", meaning="R&D")
    (table,) = looked_at(oscar, page).context["tables"]
    assert [cells[2] for _row, cells in table["ready"].clean.cleaned.rows] == ["R&D"]
    assert cleanings == [1]


def test_another_program_cleans_anew(sign_in, page, cleanings, monkeypatch):
    monkeypatch.setattr(kept, "_version", lambda: "of tomorrow")
    looked_at(sign_in("oscar"), page)
    assert cleanings == [1]


def test_what_is_kept_is_sealed_and_goes_with_the_upload(sign_in, page):
    held = UploadClean.objects.get(upload=upload_of(page))
    assert b"Wang" not in bytes(held.sealed)
    sign_in("oscar").post(reverse("migration:delete_upload", kwargs={"pk": upload_of(page).pk}), {"delete": "1"})
    assert not UploadClean.objects.exists()


def test_what_somebody_changed_is_not_opened(sign_in, page, cleanings):
    UploadClean.objects.update(sealed=b"not ours")
    assert "3/4/2024" in looked_at(sign_in("oscar"), page).content.decode()
    assert cleanings == [1]


def test_both_languages_are_served_by_one(sign_in, page, cleanings):
    oscar = sign_in("oscar")
    english = looked_at(oscar, page).content.decode()
    chinese = oscar.get(url("clean", page), headers={"accept-language": "zh-hans"}).content.decode()
    asked = "The column does not show whether the day or the month comes first."
    assert (asked in english, asked in chinese) == (True, False)
    assert not cleanings
