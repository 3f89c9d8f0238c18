"""Commands tell of what further kinds a table has columns."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from django.core.management import call_command

from people.models import Employee
from tests.migration.files import csv_file
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


LEAVERS = [
    ["Employee no", "Name", "Hire date", "Exit date", "Reason of leaving"],
    ["H1", "Ann Lee", "2015-03-25", "2020-05-31", "career change"],
    ["H2", "Bo Fox", "2016-01-13", "", "N/A-StillEmployed"],
    ["H3", "Cy Ray", "2017-07-30", "", "N/A-StillEmployed"],
]


@pytest.mark.parametrize("at_once", [True, False])
def test_rows_that_say_nothing_of_a_further_kind_are_passed_over_and_counted(world, tmp_path, at_once):
    file = tmp_path / "hr.csv"
    file.write_bytes(csv_file(LEAVERS))
    first, second = f"employees={file}", f"departures={file}"
    out = io.StringIO()
    if at_once:
        call_command("import_file", first, second, "--json", stdout=out)
        report = json.loads(out.getvalue())[1]
    else:
        call_command("import_file", first, stdout=io.StringIO())
        call_command("import_file", second, "--json", stdout=out)
        report = json.loads(out.getvalue())
    assert (report["kind"], report["refused"], report["passed_over"]) == ("departures", 0, 2)
    assert "2 rows say nothing of this kind." in report["notes"]
    assert str(Employee.objects.get(employee_no="H1").exit_date) == "2020-05-31"


def test_a_list_of_leavers_still_needs_the_day(world, tmp_path):
    file = tmp_path / "leavers.csv"
    file.write_bytes(csv_file([["Employee no", "Exit date"], ["E001", ""], ["E003", "2026-05-31"]]))
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("import_file", str(file), "--as", "departures", "--json", stdout=out)
    assert (stop.value.code, json.loads(out.getvalue())["problems"][0]["row"]) == (1, 2)
