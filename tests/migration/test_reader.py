"""Pages speak to whoever reads them: in their language, whoever uploaded when, and with figures that can be read."""

from __future__ import annotations

import pytest

from migration.models import UploadTable
from migration.services.inspecting import inspect_file, told
from migration.services.readying import inventory
from migration.services.sealing import seal_json, unseal_json
from tests.migration.files import EMPLOYEE_HEADINGS, csv_file
from tests.migration.test_pages import check, send, url
from tests.migration.test_questions import person

pytestmark = pytest.mark.django_db


def shown(page):
    return " ".join(page.content.decode().split())


def speak(user, language):
    user.language = language
    user.save(update_fields=["language"])


def test_notes_of_an_upload_are_in_the_language_of_who_reads_them_now(world, sign_in):
    oscar = sign_in("oscar")
    rows = [EMPLOYEE_HEADINGS, person("N1", "2024-03-05", "Ann Lee"), EMPLOYEE_HEADINGS]
    page = send(oscar, "staff.csv", csv_file([*rows, person("N2", "2024-03-06", "Bo\x00 Chen")]))
    english, chinese = (
        ("Zero bytes were taken out: 1.", "The headings come again here."),
        ("已去掉零字节：1个。", "此处重复出现表头。"),
    )
    for language, said, not_said in (("zh-hans", chinese, english), ("en", english, chinese)):
        speak(world.users["oscar"], language)
        look = shown(oscar.get(url("look", page)))
        assert all(one in look for one in said), language
        assert not any(one in look for one in not_said), language


def test_an_inventory_of_a_former_version_is_still_told(world, sign_in):
    send(sign_in("oscar"), "staff.csv", csv_file([EMPLOYEE_HEADINGS, person("N1", "2024-03-05", "Ann Lee")]))
    table = UploadTable.objects.get()
    kept = unseal_json(table.inventory)
    kept |= {"read": ["A note."], "rows_left_out": [{"row": 3, "rule": "totals", "reason": "A sum."}]}
    table.inventory = seal_json(kept)
    assert inventory(table)["read"] == ["A note."]
    assert inventory(table)["rows_left_out"][0]["reason"] == "A sum."
    assert told({"rows": 0})["read"] == []


def test_commands_print_sentences_and_not_what_is_kept_of_them():
    found = inspect_file(name="a.csv", data=b"name,day\nAnn\x00,2024-01-02\nname,day\n")["tables"][0]
    assert found["read"] == ["Zero bytes were taken out: 1."]
    assert [one["reason"] for one in found["rows_left_out"]] == ["The headings come again here."]


def test_numbers_of_doubts_rows_and_words_have_thousands_marks(world, sign_in):
    oscar = sign_in("oscar")
    head = ["Employee no", "Activity", "Date", "Hours", "Source id"]
    rows = [["E001", f"Yoga {place % 1100}", "03/04/2024", "1", f"s{place}"] for place in range(1200)]
    page = send(oscar, "old.csv", csv_file([head, *rows]), "records")
    look = shown(oscar.get(url("look", page)))
    assert "1,200 rows" in look
    assert "1,200 doubts" in look
    assert ">1,100<" in look
    assert "1,100 words" in shown(oscar.get(url("words", page)))
    assert "1,200 doubts" in shown(oscar.get(url("clean", page)))
    tried = shown(check(oscar, page))
    assert "Decide 1,200 doubtful cells" in tried
    assert "Decide 1,100 words" in tried
