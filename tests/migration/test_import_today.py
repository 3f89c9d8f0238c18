"""Worked examples of a year that is not over yet come in with a stated today."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from people.selectors import today
from tests.migration.files import RECORD_HEADINGS, csv_file
from training.models import LearningRecord


def test_a_day_still_to_come_comes_in_with_a_stated_today(world, tmp_path):
    last = world.year.end_date
    file = tmp_path / "records.csv"
    file.write_bytes(csv_file([RECORD_HEADINGS, ["E001", "online", last, "1", "", "R1"]]))
    before, real = last - dt.timedelta(days=1), today()

    with pytest.raises(SystemExit):
        call_command("import_file", str(file), "--as", "records", "--today", before.isoformat())
    assert not LearningRecord.objects.exists()

    call_command("import_file", str(file), "--as", "records", "--today", last.isoformat())
    assert LearningRecord.objects.get().happened_on == last
    assert today() == real
