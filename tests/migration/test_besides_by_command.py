"""Commands tell of what further kinds a table has columns."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from django.core.management import call_command

from tests.migration.test_further_kinds import DATA

pytestmark = pytest.mark.django_db


def test_a_command_tells_what_the_table_has_besides(world, tmp_path):
    file = tmp_path / "hr.csv"
    file.write_bytes(DATA)
    out = io.StringIO()
    call_command("import_file", str(file), "--as", "employees", "--dry-run", "--json", stdout=out)
    notes = "\n".join(json.loads(out.getvalue())["notes"])
    assert "columns of Salaries (Salary): name it once more, salaries=hr.csv." in notes
    assert "departures=hr.csv" in notes
    files = [f"employees={file}", f"departures={file}"]
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_file", *files, "--dry-run", "--json", stdout=out)
    told = ["\n".join(one["notes"]) for one in json.loads(out.getvalue())]
    assert ["departures=hr.csv" in one for one in told] == [False] * len(told)
    assert "salaries=hr.csv" in told[0]
