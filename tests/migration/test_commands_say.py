"""What the commands say of an import: its number, what it changes, and how it ended."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import call_command

from migration.models import ImportBatch
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file

pytestmark = pytest.mark.django_db


def run(command, *arguments):
    """(exit status, what was printed, what was complained about)"""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def written(tmp_path, rows, name="staff.csv"):
    path = tmp_path / name
    path.write_bytes(csv_file(rows))
    return path


@pytest.fixture
def staff(tmp_path):
    return written(tmp_path, [EMPLOYEE_HEADINGS, *EMPLOYEES])


def test_the_number_that_is_said_takes_the_import_back(world, staff):
    status, text, _err = run("import_file", staff, "--as", "employees")
    number = re.search(r"imported as number (\d+)", text)[1]
    assert (status, ImportBatch.objects.get().pk) == (0, int(number))
    status, text, _err = run("undo_import", "--list")
    line = next(one for one in text.splitlines() if one.split("\t")[0] == number)
    assert (status, "staff.csv" in line, "employees" in line, "2 new" in line) == (0, True, True, True)
    # looking needs no reason, doing does
    assert run("undo_import", number, "--dry-run")[0] == 0
    status, _text, err = run("undo_import", number)
    assert (status, "--reason" in err, Employee.objects.filter(employee_no="N1").exists()) == (2, True, True)
    assert run("undo_import", number, "--reason", "wrong file")[0] == 0
    assert not Employee.objects.filter(employee_no="N1").exists()
    assert run("undo_import", "--list")[1].splitlines()[0].endswith("undone")


def test_who_names_no_import_or_an_unknown_one_is_told_of_the_list(world):
    for arguments in ([], ["999999", "--dry-run"]):
        status, _text, err = run("undo_import", *arguments)
        assert (status, "undo_import --list" in err) == (2, True)


def test_a_dry_run_has_no_number(world, staff):
    _status, text, _err = run("import_file", staff, "--as", "employees", "--dry-run")
    assert "number" not in text
    assert json.loads(run("import_file", staff, "--as", "employees", "--dry-run", "--json")[1])["batch"] is None
