"""Rows that have a single cell where others have many: titles of groups, or rows that lack the rest."""

from __future__ import annotations

from collections import Counter

from migration.cleaning.headings import is_filled
from migration.cleaning.layout import is_unsplit, shape
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import tidy
from migration.cleaning.types import sample_of
from migration.cleaning.work import Say, Work
from migration.rules import text_of

#: columns from which a row of one cell is strange, and the share of such rows from which it is not
_LEAST, _USUAL = 3, 0.3
#: so many are strange in a small table, too, unless it has hardly any other
_FEW = 3


def report_lone(work: Work) -> None:
    """Rule ``notes``, inside the table. An identifier like those of its column is a row that lacks the rest."""
    if len(work.columns) < _LEAST:
        return
    # a row of one cell has none in one of any two columns
    fullest = sorted(work.columns, key=lambda one: -sum(map(is_filled, one.cells[:1000])))[:2]
    suspects = {place for column in fullest for place in work.places_of(column, lambda cell: not is_filled(cell))}
    found = []
    for place in sorted(suspects):
        filled = [column for column in work.columns if is_filled(column.cells[place])]
        if place in work.dropped or len(filled) != 1:
            continue
        if is_unsplit(text_of(filled[0].cells[place]), len(work.columns)):
            reason = gettext_noop("The cells of this row are separated by another sign than those of the others.")
            work.doubt_row(place, "shifted_rows", Say(reason))
        else:
            found.append((place, filled[0]))
    rows = len(work.numbers)
    if len(found) > max(min(_FEW, rows // 4), _USUAL * rows):
        return
    shapes = {column.name: Counter(map(shape, sample_of(column.cells))) for _place, column in found}
    for place, column in found:
        own = shape(column.cells[place])
        if "9" in own and shapes[column.name][own] > 1:
            continue
        reason = gettext_noop("The row has nothing but “%(text)s”: a title of rows, or a row that lacks the rest.")
        work.doubt_row(place, "notes", Say(reason, {"text": tidy(text_of(column.cells[place]))}))
