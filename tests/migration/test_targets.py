"""What a command writes to: never over what it reads, never two things into one file, and no device replaced."""

from __future__ import annotations

import csv
import io
import os
import stat
import subprocess
import sys
import threading

import openpyxl
import pytest
from django.core.management import call_command

from hrsuite.lib.errors import BadInput
from hrsuite.lib.targets import check_targets, write_whole
from tests.migration.files import csv_file

ROWS = [["Employee ID", "Name", "Start date"], ["001", "Ann Lee", "25/03/2015"], ["002", "Bo Fox", "#####"]]
TARGETS = ("--out", "--doubts", "--report", "--refused")


@pytest.fixture
def staff(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_bytes(csv_file(ROWS))
    return path


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_file", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


@pytest.mark.parametrize("name", ["staff.csv", "symbolic", "hard", "sub/../staff.csv"])
@pytest.mark.parametrize("option", TARGETS)
def test_what_is_read_is_never_written_by_whatever_name(staff, tmp_path, name, option):
    (tmp_path / "sub").mkdir()
    (tmp_path / "symbolic").symlink_to(staff)
    (tmp_path / "hard").hardlink_to(staff)
    before, there = staff.read_bytes(), sorted(tmp_path.iterdir())
    status, text = run(staff, "--as", "employees", option, tmp_path / name)
    assert (status, option in text) == (2, True)
    assert staff.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.parametrize("option", ["--terms", "--mapping", "--decide"])
def test_files_that_say_how_are_kept_as_well(staff, tmp_path, option):
    said = tmp_path / "said.yaml"
    said.write_text("{}")
    assert run(staff, "--as", "employees", option, said, "--out", said)[0] == 2
    assert said.read_text() == "{}"


def test_the_file_of_a_second_table_is_looked_at_too(staff, tmp_path):
    second = tmp_path / "clean-2.csv"
    second.write_bytes(csv_file(ROWS))
    before = second.read_bytes()
    assert run(staff, second, "--out", tmp_path / "clean.csv")[0] == 2
    assert second.read_bytes() == before
    assert not (tmp_path / "clean.csv").exists()


def test_two_targets_are_two_files(staff, tmp_path):
    target = tmp_path / "same.csv"
    status, text = run(staff, "--out", target, "--doubts", tmp_path / "." / "same.csv")
    assert (status, "--out writes to the same file" in text, target.exists()) == (2, True, False)
    target.write_text("old")
    (tmp_path / "link.csv").symlink_to(target)
    assert run(staff, "--out", target, "--doubts", tmp_path / "link.csv")[0] == 2
    assert target.read_text() == "old"


def test_a_folder_or_a_place_that_is_not_there_is_no_target(staff, tmp_path):
    assert run(staff, "--as", "employees", "--report", tmp_path)[0] == 2
    assert run(staff, "--as", "employees", "--refused", tmp_path / "none" / "a.xlsx")[0] == 2
    with pytest.raises(BadInput):
        write_whole(tmp_path, lambda file: file.write(b"x"))


def test_what_a_link_leads_to_is_written_and_the_link_stays(staff, tmp_path):
    (tmp_path / "folder").mkdir()
    real, link = tmp_path / "folder" / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)
    for _again in range(2):
        assert run(staff, "--out", link)[0] == 1
        assert link.is_symlink()
        assert real.read_text().startswith("source_row,")


def test_a_pipe_is_written_to(staff, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert run(staff, "--out", pipe)[0] == 1
    reader.join(10)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [row[1] for row in csv.reader(io.StringIO(read[0].decode()))] == ["Employee ID", "001", "002"]


def test_a_workbook_goes_through_a_pipe(tmp_path):
    pipe, book = tmp_path / "pipe", openpyxl.Workbook()
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    book.active["A1"] = "text"
    write_whole(pipe, book.save)
    reader.join(10)
    assert openpyxl.load_workbook(io.BytesIO(read[0])).active["A1"].value == "text"


def test_a_device_stays_one_and_takes_everything(tmp_path, monkeypatch):
    """On a link to the device: a failure must not replace that of the machine."""
    null = tmp_path / "null"
    null.symlink_to(os.devnull)
    replaced = []
    monkeypatch.setattr(os, "replace", lambda *names: replaced.append(names))
    monkeypatch.setattr(os, "chmod", lambda *names: replaced.append(names))
    check_targets([("--out", null), ("--doubts", null)], [])
    write_whole(null, lambda file: file.write(b"x"))
    assert replaced == []
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("is_file", [True, False])
def test_standard_output_has_the_table_alone(staff, tmp_path, is_file):
    command = [sys.executable, "manage.py", "import_file", str(staff), "--out", "/dev/stdout"]
    target = tmp_path / "taken.csv"
    with target.open("wb") as file:
        done = subprocess.run(command, stdout=file if is_file else subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    text = (target.read_bytes() if is_file else done.stdout).decode()
    assert done.returncode == 1
    assert [line.split(",")[0] for line in text.splitlines()] == ["source_row", "2", "3"]
    assert b"2 rows" in done.stderr
    done = subprocess.run([*command, "--json"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"")
    assert b"--json" in done.stdout
