"""Small tables, cleaned."""

from __future__ import annotations

from migration.cleaning import clean, find_table
from tests.migration.cleaning.dirt import TODAY


def table(headings, *rows, hints=None):
    """(columns by heading, the result): cells of a column as they came out."""
    layout = find_table([(1, list(headings)), *((number, list(row)) for number, row in enumerate(rows, 2))])
    result = clean(layout, today=TODAY, hints=hints)
    return {name: [cells[place] for _row, cells in result.rows] for place, name in enumerate(result.headings)}, result


def column(heading, *cells, hints=None, before=()):
    """A column beside a key, so that rows differ."""
    rows = [[f"E{1000 + number}", cell] for number, cell in enumerate([*before, *cells])]
    columns, result = table(["Employee ID", heading], *rows, hints=hints)
    return columns[heading][len(before) :], result


def asked(result, rule=None):
    return [(one.row, one.column, one.value) for one in result.doubts if rule in (None, one.rule)]
