"""Headings that are understood, and what is said where a field has none."""

from __future__ import annotations

import datetime as dt

import pytest

from hrsuite.lib.errors import BadInput
from migration.services.cells import Reader
from migration.services.cleansing import clean_files
from migration.services.inspecting import inspect_file
from migration.services.mapping import Mapping
from people.selectors import taken_as_today
from tests.migration.files import csv_file

HEADINGS = ["Employee ID", "Training Date", "Course", "Duration (h)", "Training Outcome"]


def training(*outcomes):
    rows = [[f"E{n:02d}", f"2026-03-{n:02d}", "Excel", "1.5", outcomes[n % len(outcomes)]] for n in range(1, 21)]
    return csv_file([HEADINGS, *rows])


def mapping_of(data, kind):
    return clean_files([("a.csv", data)], kind=kind)[0].mapping


def test_hours_and_outcomes_of_trainings_are_known_by_their_headings():
    data = training("Passed", "Failed")
    table = clean_files([("a.csv", data)], kind="records")[0]
    assert (table.mapping["hours"], table.mapping["passed"]) == ("Duration (h)", "Training Outcome")
    assert table.doubts == []
    found = inspect_file(name="a.csv", data=data)["tables"][0]["mapping"]
    assert (found["hours"], found["passed"]) == ("Duration (h)", "Training Outcome")


def test_an_outcome_with_more_words_than_passed_and_failed_is_asked_of_nobody():
    data = training("Passed", "Failed", "Completed", "Incomplete")
    table = clean_files([("a.csv", data)], kind="records")[0]
    assert ("passed" in table.mapping, table.doubts) == (False, [])


def test_a_salary_is_effective_from_a_day():
    data = csv_file([["Employee ID", "Monthly Salary", "Effective From"], ["E01", "5000", "2026-01-01"]])
    assert mapping_of(data, "salaries")["start_date"] == "Effective From"


@pytest.mark.django_db
def test_a_table_without_the_day_is_told_how_to_say_it():
    with taken_as_today(dt.date(2026, 11, 26)), pytest.raises(BadInput) as refused:
        Reader("pay.csv", "salaries", Mapping(), ["工号", "月薪"])
    assert "--set start_date=2026-01-01" in refused.value.mend
    assert Reader("pay.csv", "salaries", Mapping(constants={"start_date": "2026-01-01"}), ["工号", "月薪"])
