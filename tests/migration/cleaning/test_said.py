"""Words and values that a person says beside a file, where the suite has no such words or fields."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import call_command

from tests.migration.files import csv_file

ROWS = [["Employee ID", "Name", "Start date", "Sex"], ["001", "Ann Lee", "2015-03-25", "F"], ["002", "Bo Fox", "2016-01-13", "M"]]  # fmt: skip  # noqa: E501


@pytest.fixture
def run(tmp_path):
    def call(terms, *options):
        path, words = tmp_path / "staff.csv", tmp_path / "t.yaml"
        path.write_bytes(csv_file(ROWS))
        words.write_text(terms, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_file", str(path), "--as", "employees", "--terms", str(words), "--out",
                         str(tmp_path / "c.csv"), *options, stdout=out, stderr=err)  # fmt: skip
        except SystemExit as stop:
            return stop.code, err.getvalue()
        return 0, err.getvalue()

    return call


@pytest.mark.parametrize(
    ("terms", "allowed"),
    [
        ("gender: {M: nonsense}", "female, male, other"), ("Sex: {M: nonsense}", "female, male, other"),
        ("band: {Boss: top}", "staff, supervisor, middle, senior"), ("is_head: {x: maybe}", "yes, no"),
    ],
)  # fmt: skip
def test_a_word_can_only_mean_what_the_field_knows(run, tmp_path, terms, allowed):
    status, err = run(terms)
    assert (status, allowed in err, (tmp_path / "c.csv").exists()) == (2, True, False)


@pytest.mark.parametrize(
    "terms", ["gender: {M: other}", "gender: {M: 男}", "gender: {M: ''}", "Nickname: {M: nonsense}"]
)
def test_what_it_knows_and_what_is_free_is_taken(run, tmp_path, terms):
    status, err = run(terms)
    assert (status, err) == (0, "")


@pytest.mark.parametrize("given", ["foo=1", "ratings=1", "gender=nonsense", "employees.foo=1"])
def test_a_value_for_every_row_is_of_a_field(run, tmp_path, given):
    status, err = run("{}", "--set", given)
    assert (status, "--set" in err, (tmp_path / "c.csv").exists()) == (2, True, False)


def test_a_field_takes_its_value(run, tmp_path):
    assert run("{}", "--set", "department=Sales", "--set", "salaries.currency=USD")[0] == 0
    with (tmp_path / "c.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["department"] for row in rows] == ["Sales", "Sales"]
    assert not [name for name in rows[0] if "currency" in name]
