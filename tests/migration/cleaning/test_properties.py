"""A clean table, dirtied by known operations and cleaned again: every cell is as it was, or asked about."""

# ruff: noqa: E501 - tables read as rows

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from migration.cleaning import clean, find_table
from tests.migration.cleaning.dirt import OPERATIONS, TODAY, Sheet, judge, run

HEADINGS = ["Employee ID", "Name", "Hire date", "DOB", "Department", "Salary", "Exam score", "Over time", "Remark"]
KINDS = ["id", "name", "date", "date", "category", "number", "score", "truth", "text"]
FIRST = ["Ann", "Bo", "Cyril", "Dora", "Edgar", "Fiona", "Gregor", "Helen", "Ivan", "Jolanda", "王伟", "李娜"]
LAST = ["Lee", "Fox", "Rayner", "Day", "Poe", "Quill", "Sand", "Tarn", "Ude", "Vane"]
PLACES = ["Sales", "Finance", "Production", "Human Resources", "Research-Lab"]
#: operations whose dirt hides a value that nothing else tells; they are judged all the same
NAMES = sorted(OPERATIONS)
REAL = Path(settings.BASE_DIR).parent / "shared" / "data"


def staff(random: Random, size: int) -> Sheet:
    rows = []
    # nobody shares a birthday: two of one name would be one person twice
    births = random.sample(range(11000), size)
    for number in range(size):
        hired = dt.date(2005, 1, 1) + dt.timedelta(days=random.randrange(7000))
        born = dt.date(1955, 1, 1) + dt.timedelta(days=births[number])
        name = f"{random.choice(FIRST)} {random.choice(LAST)}"
        remark = random.choice(["", "came back", "part of the works council", "moved here", "trained"])
        rows.append([
            str(10000 + number * 7), name, hired.isoformat(), born.isoformat(), random.choice(PLACES),
            str(random.randrange(30000, 900000) / 10), str(random.randrange(30, 101)), random.choice(["Yes", "No"]), remark,
        ])  # fmt: skip
    return Sheet(list(HEADINGS), list(KINDS), [list(row) for row in rows])


def dirtied(name: str, seed: int, size: int = 120) -> Sheet:
    random = Random(seed)
    sheet = staff(random, size)
    OPERATIONS[name](sheet, random)
    return sheet


@pytest.mark.parametrize("name", NAMES)
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_no_cell_is_silently_wrong(name, seed):
    sheet = dirtied(name, seed)
    verdict = judge(sheet, run(sheet))
    assert verdict.wrong == []
    assert verdict.lost_rows == []
    assert verdict.ghost_rows == []


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), names=st.lists(st.sampled_from(["spaces", "full_width", "placeholders", "duplicates", "furniture", "case", "truth", "lost values"]), min_size=2, max_size=4, unique=True))  # fmt: skip
def test_several_at_once(seed, names):
    random = Random(seed)
    sheet = staff(random, 150)
    for name in names:
        OPERATIONS[name](sheet, random)
    verdict = judge(sheet, run(sheet))
    assert verdict.wrong == []
    assert verdict.lost_rows == []


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_a_clean_table_stays_as_it_is(seed):
    sheet = staff(Random(seed), 100)
    cleaned = run(sheet)
    assert [cells for _row, cells in cleaned.rows] == sheet.rows
    assert not cleaned.doubts
    assert not cleaned.changes


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()), max_size=6),
        max_size=12,
    )
)  # fmt: skip
def test_nothing_breaks_it(rows):
    layout = find_table(list(enumerate(rows, 1)))
    if layout is not None:
        cleaned = clean(layout, today=TODAY)
        assert all(isinstance(cell, str) for _row, cells in cleaned.rows for cell in cells)


@pytest.mark.skipif(not REAL.exists(), reason="the public data sets are not beside this checkout (../shared/data)")
@pytest.mark.parametrize(
    "file", ["employee_data.csv", "training_and_development_data.csv", "employee_engagement_survey_data.csv"]
)
def test_the_public_data_sets(file):
    """Their dates and blanks are mended; what contradicts itself is asked; everything else stays."""
    text = (REAL / "all_in_one" / file).read_text(encoding="utf-8-sig")
    rows = list(enumerate(csv.reader(io.StringIO(text)), 1))
    cleaned = clean(find_table(rows), today=TODAY)
    assert len(cleaned.rows) == len(rows) - 1
    assert {one.rule for one in cleaned.changes} <= {"dates", "spaces", "placeholders", "email"}
    assert {one.rule for one in cleaned.doubts} <= {"status", "placeholders", "letter_case", "email"}
    assert all(cells[0] == raw[0] for (_n, cells), (_m, raw) in zip(cleaned.rows, rows[1:], strict=True))
