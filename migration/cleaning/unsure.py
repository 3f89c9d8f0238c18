"""What the reading of a text leaves open: cells that encodings read differently, rows that are broken or cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from migration.cleaning.headings import is_filled
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import tidy
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import source_row


def report_unsure(work: Work, unsure: Mapping[tuple[int, str], tuple[str, ...]]) -> None:
    """Rule ``encoding``. ``unsure``: (row number, cell) -> the other readings of the cell."""
    if not unsure or not work.on("encoding"):
        return
    reason = Say(gettext_noop("The file does not say its encoding, and these letters can be read in several ways."))
    readings = {(number, tidy(cell)): tuple(map(tidy, others)) for (number, cell), others in unsure.items()}
    rows = {number for number, _cell in readings}
    for place in work.places():
        if source_row(work.numbers[place]) not in rows:
            continue
        for column in work.columns:
            cell = shown(column.cells[place])
            if others := readings.get((source_row(work.numbers[place]), cell)):
                work.doubt(column, place, "encoding", (cell, *others), reason)


#: share of a column that has a length, from which a shorter last cell is conspicuous; and different words of a column
_SAME, _FEW = 0.95, 0.2
_CUT_OFF = Say(gettext_noop("The last row is incomplete: the file may have been cut off."))


def report_broken(work: Work, broken: Mapping[int, Say], open_end: int, *, lacks: bool) -> None:
    """Rule ``shifted_rows``. ``broken``: row number -> why its cells may be others; ``open_end``: the row that has no
    line break behind it, which a cut may have shortened, ``lacks``: by cells that others have."""
    places = {number: place for place, number in enumerate(work.numbers)}
    for number, reason in broken.items():
        if number in places and work.on("shifted_rows"):
            work.doubt_row(places[number], "shifted_rows", reason)
    if open_end in places and open_end not in broken and (lacks or _is_cut_off(work, places[open_end])):
        work.doubt_row(places[open_end], "shifted_rows", _CUT_OFF)


def _is_cut_off(work: Work, place: int) -> bool:
    """Whether the last row lacks cells that others have, or the end of its last cell."""
    columns = [column for column in work.columns if any(map(is_filled, column.cells))]
    last = max((n for n, column in enumerate(columns) if is_filled(column.cells[place])), default=-1)
    if last + 1 < len(columns):
        return any(_always(column, place) for column in columns[last + 1 :])
    return last >= 0 and _is_short(columns[last], place)


def _always(column: Column, place: int) -> bool:
    others = [cell for number, cell in enumerate(column.cells) if number != place]
    return bool(others) and all(map(is_filled, others))


def _is_short(column: Column, place: int) -> bool:
    """Whether the cell is the beginning of a word of the column, or shorter than nearly all of its codes."""
    own = shown(column.cells[place]).strip()
    words = Counter(shown(cell).strip() for number, cell in enumerate(column.cells) if number != place)
    total = sum(words.values())
    if own in words or not total:
        return False
    if len(words) <= _FEW * total and any(word.startswith(own) for word in words):
        return True
    lengths: Counter[int] = Counter()
    for word, count in words.items():
        lengths[len(word)] += count
    return any(map(str.isdigit, own)) and sum(n for size, n in lengths.items() if size > len(own)) >= _SAME * total > 1
