"""Cells that two encodings read differently, both as likely."""

from __future__ import annotations

from collections.abc import Mapping

from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import tidy
from migration.cleaning.work import Say, Work, shown


def report_unsure(work: Work, unsure: Mapping[tuple[int, str], tuple[str, ...]]) -> None:
    """Rule ``encoding``. ``unsure``: (row number, cell) -> the other readings of the cell."""
    if not unsure or not work.on("encoding"):
        return
    reason = Say(gettext_noop("The file does not say its encoding, and these letters can be read in several ways."))
    readings = {(number, tidy(cell)): tuple(map(tidy, others)) for (number, cell), others in unsure.items()}
    rows = {number for number, _cell in readings}
    for place in work.places():
        if work.numbers[place] not in rows:
            continue
        for column in work.columns:
            cell = shown(column.cells[place])
            if others := readings.get((work.numbers[place], cell)):
                work.doubt(column, place, "encoding", (cell, *others), reason)
