"""Tables side by side with the same headings: rows that share a number in the file stay two rows everywhere."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from migration.models import ImportBatch
from migration.rules import BesideRow, as_row, row_key, source_row
from migration.services import import_file
from migration.services.refused import kept_rows
from migration.services.undoing import look_at_undo, undo_import
from tests.migration.files import RECORD_HEADINGS, xlsx_file
from tests.migration.test_import_file import day
from tests.migration.test_pages import check, only, send, start
from training.models import LearningRecord

pytestmark = pytest.mark.django_db


def sheet(world, *pairs):
    """(left, right) of each line: what names a record, and the person whom it is about."""
    lines = [
        [*_cells(world, place, left), None, *_cells(world, place + 20, right)]
        for place, (left, right) in enumerate(pairs)
    ]
    return xlsx_file([[*RECORD_HEADINGS, None, *RECORD_HEADINGS], *lines])


def _cells(world, place, said):
    if said is None:
        return [None] * len(RECORD_HEADINGS)
    name, number = said
    return [number, "online", str(day(world, 1 + place // 20, 1 + place % 20)), "1", "", name]


def lines(world, **wrong):
    pairs = [[(f"L{n}", "E001"), (f"R{n}", "E003")] for n in range(6)]
    return sheet(world, *([(name, wrong.get(name, number)) for name, number in pair] for pair in pairs))


def known():
    return set(LearningRecord.objects.filter(source_id__regex="^[LR]").values_list("source_id", flat=True))


def test_a_number_tells_tables_apart_and_reads_as_in_the_file():
    row = BesideRow.of(7, 1)
    assert (row != 7, str(row), f"{row}", f"{row:}", source_row(row), row_key(row)) == (True, "7", "7", "7", 7, "7/2")
    assert (as_row(int(row)), str(as_row(int(row))), as_row(7), row_key(7)) == (row, "7", 7, "7")
    # as a second table was numbered by former versions, in journals and notes that are still there
    assert (source_row(100_000_007), str(as_row(100_000_007))) == (7, "7")


@pytest.mark.parametrize("bad", ["L2", "R2"])
def test_a_refused_row_keeps_nothing_out_but_itself(world, bad):
    report = import_file(
        name="two.xlsx", data=lines(world, **{bad: "NOBODY"}), kind="records", actor=None, skip_bad=True
    )
    assert (report.rows, report.created, report.refused, report.passed_over) == (12, 11, 1, 0)
    assert known() == {f"{side}{n}" for side in "LR" for n in range(6)} - {bad}
    batch = ImportBatch.objects.get()
    # what came in adds up, and the row that did not is the one of the file
    assert [line["added"] for line in batch.totals if line["name"] == "records"] == ["11"]
    assert [(one["row"], one["value"]) for one in batch.problems] == [(4, "NOBODY")]
    assert [(row[0], bad in row) for row in kept_rows(batch)["rows"]] == [(4, True)]
    assert not look_at_undo(batch).obstacles
    undo_import(batch=batch, reason="wrong file", actor=world.users["oscar"])
    assert not LearningRecord.objects.filter(source_id__regex="^[LR]", status="active").exists()


def test_pages_say_the_rows_of_the_file_and_take_the_others(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "two.xlsx", lines(world, R2="NOBODY"))
    table = only(check(oscar, page))
    assert (table["report"].created, table["report"].refused) == (11, 1)
    assert [str(one.row) for one in table["problems"]] == ["4"]
    assert {str(row) for row, _status, _cells in table["changes"]} == {str(n) for n in range(2, 8)}
    start(oscar, page, skip_bad="on")
    assert known() == {f"{side}{n}" for side in "LR" for n in range(6)} - {"R2"}
    batch = ImportBatch.objects.latest("pk")
    detail = oscar.get(reverse("migration:detail", args=[batch.pk]))
    assert detail.context["proof"]["adds_up"]
    assert str(BesideRow.APART)[:6] not in detail.text
    answer = oscar.get(reverse("migration:refused", args=[batch.pk]))
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert [row[rows[0].index("Refused: row")] for row in rows[1:]] == [4]
