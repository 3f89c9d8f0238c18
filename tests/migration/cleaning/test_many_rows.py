"""Columns in which every cell is in doubt take time by their rows, not by the square of them."""

from __future__ import annotations

import pytest

from migration.cleaning import identifiers
from migration.cleaning.text import fold
from migration.cleaning.work import Work
from tests.migration.cleaning.tables import table

ROWS = 3000


@pytest.mark.parametrize(
    ("headings", "rows"),
    [
        (["Phone", "Name"], [[f"1.{100 + number % 900}E+10", f"n{number}"] for number in range(ROWS)]),
        (["Zip", "State"], [[str(1000 + number % 9000), "MA"] for number in range(ROWS)]),
    ],
)
def test_cells_are_not_compared_with_all_others_each(monkeypatch, headings, rows):
    looked_at = passes = 0
    text_of, grouped = identifiers.text_of, Work.grouped

    def counted(cell):
        nonlocal looked_at
        looked_at += 1
        return text_of(cell)

    def passed(work, one):
        nonlocal passes
        passes += 1
        return grouped(work, one)

    monkeypatch.setattr(identifiers, "text_of", counted)
    monkeypatch.setattr(Work, "grouped", passed)
    doubts = table(headings, *rows)[1].doubts
    assert len(doubts) == ROWS
    assert looked_at < 20 * ROWS
    assert passes < 50


def test_identifiers_that_begin_alike_are_candidates_and_at_most_three():
    others = [f"63170706060{last}" for last in range(5)]
    doubts = table(["Student ID", "Name"], ["6.31707E+11", "B"], *[[one, "x"] for one in [*others, "6317070606010"]])[1]
    assert [one.candidates for one in doubts.doubts if one.rule == "scientific_ids"] == [tuple(others[:3])]


def test_long_runs_of_signs_are_folded_at_once():
    assert [fold("-" * 100_000), fold(f"A{'-' * 100_000}B"), fold("B" + "-" * 100_000)] == ["", "ab", "b-"]
