"""Answers in the list of doubts: one for all alike, unless the list itself tells them apart."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from migration.cleaning import BadAnswerError, clean, find_table, read_decisions
from migration.cleaning.work import Hints

HEAD = ["Employee no", "Name", "Department", "Hire date"]
ROWS = [HEAD, *([f"N{n}", f"Ann {chr(65 + n)}", "", "2024-03-05"] for n in range(12))]
ROWS[1][2], ROWS[7][2] = "Sales", "Research"


def departments(text: str) -> list[str]:
    layout = find_table(list(enumerate(ROWS, 1)), ())
    assert layout is not None
    done = clean(layout, hints=read_decisions(text, Hints()), today=dt.date(2026, 1, 1))
    return [cells[2] for _number, cells in done.rows]


def answers(*lines: tuple[int, str]) -> str:
    head = "row,column,value,candidates,reason,rule,answer,file"
    return "\n".join([head, *(f"{row},Department,,,,merged_cells,{answer}," for row, answer in lines)])


def test_one_line_serves_all_alike():
    assert departments(answers((3, "Other"), (4, ""))) == ["Sales", *["Other"] * 5, "Research", *["Other"] * 5]


def test_lines_that_differ_are_each_of_their_row():
    given = answers(*((row, "Sales") for row in range(3, 8)), *((row, "Research") for row in range(9, 14)))
    assert departments(given) == ["Sales"] * 6 + ["Research"] * 6


def test_a_cell_without_a_suggestion_stays_in_doubt_where_the_first_one_is_taken():
    hints = read_decisions("decisions: [{rule: dates, column: Hire date, answer: first}]", Hints())
    rows = [HEAD, *([f"N{n}", f"Ann {n}", "Sales", "2024-03-05"] for n in range(9)), ["N9", "Bo", "Sales", "soon"]]
    layout = find_table(list(enumerate(rows, 1)), ())
    assert layout is not None
    done = clean(layout, hints=hints, today=dt.date(2026, 1, 1))
    assert [(one.row, one.value) for one in done.doubts if one.rule == "dates"] == [(11, "soon")]


@pytest.mark.parametrize(
    "key", ["formats: [[a]]", "formats: '%d%d'", "formats: '%Q'", "formats: '%d.%m.'", "formats: 5", "type: [id]"]
)
def test_what_is_said_of_a_column_is_refused_where_it_cannot_be_used(key):
    with pytest.raises(BadAnswerError):
        read_decisions(f"columns: {{Hire date: {{{key}}}}}", Hints())


@pytest.mark.parametrize("given", ["'%d.%m.%Y'", "['%Y-%m-%dT%H:%M:%S%z', '%b %d %y']"])
def test_formats_that_can_be_read_are_kept(given):
    said = read_decisions(f"columns: {{Hire date: {{formats: {given}}}}}", Hints())
    assert said.formats == {"Hire date": yaml.safe_load(given) if given.startswith("[") else [given.strip("'")]}
