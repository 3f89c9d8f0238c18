"""Headings that stand in one row or in two: over groups of columns, or broken because a column was narrow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from migration.cleaning.headings import BELOW, Row, is_filled, is_heading
from migration.cleaning.meanings import is_usual, meaning_of
from migration.cleaning.numbers import looks_like_number
from migration.cleaning.readings import looks_like_date
from migration.cleaning.text import tidy
from migration.rules import text_of

#: ((first row, first column), (last row, last column)), from 0
Merged = tuple[tuple[int, int], tuple[int, int]]
#: share of cells below a word from which the column holds numbers or days
_NEARLY = 0.9
#: a line below the headings, as Markdown draws it
_DRAWN = re.compile(r":?[-=_~]{3,}:?")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def headings_of(rows: list[Row], start: int, merged: Sequence[Merged]) -> tuple[int, int, list[str]]:
    """Place of the first heading row, how many there are, and what the columns are called; ``start``: place of the
    row that looks like headings most."""
    top, count = _two_rows(rows, start, merged)
    levels = [spread(rows[place], merged) for place in range(top, top + count)]
    if count == 2:
        return top, count, _joined(levels)
    for upper in (start - 1, start):
        if upper >= 0 and (names := _broken(rows, upper, merged)):
            return upper, 2, names
    if start and (names := _completed(rows, start, merged)):
        return start - 1, 2, names
    return top, count, levels[0]


def spread(row: Row, merged: Sequence[Merged]) -> list[str]:
    """The texts of a heading row, those of merged cells over all their columns."""
    number, cells = row
    texts = [tidy(text_of(cell)) for cell in cells]
    for (first_row, first), (last_row, last) in merged:
        if first_row <= number - 1 <= last_row and first < len(texts) and last > first:
            for place in range(first, min(last + 1, len(texts))):
                texts[place] = texts[first]
    return texts


def _two_rows(rows: list[Row], start: int, merged: Sequence[Merged]) -> tuple[int, int]:
    """(place of the upper heading row, 2) where some headings stand in a second row, else (``start``, 1)."""
    for upper in (start, start - 1):
        lower = upper + 1
        if upper < 0 or lower >= len(rows) - 1:
            continue
        above = [tidy(text_of(cell)) for cell in rows[upper][1]]
        texts = [tidy(text_of(cell)) for cell in rows[lower][1]]
        below = rows[lower + 1 : lower + 1 + BELOW]
        used = {place for _n, cells in below for place, cell in enumerate(cells) if is_filled(cell)}
        gaps = {place for place in used if place >= len(above) or not above[place]}
        filled = [text for text in texts if text]
        wide = spread(rows[upper], merged)
        group = any(
            row[0] <= rows[upper][0] - 1 <= end[0] and end[1] > row[1] for row, end in merged
        ) or any(place and above[place - 1 : place] != [""] for place in gaps)  # fmt: skip
        single = {
            place for place in used if place < len(above) and above[place] and (place >= len(texts) or not texts[place])
        }
        covered = all(place < len(texts) and texts[place] for place in gaps)
        if (
            gaps and covered and group and single and len(filled) >= 2 and len([one for one in above if one]) >= 2
            and all(map(is_heading, filled)) and all(map(is_heading, filter(None, wide)))
        ):  # fmt: skip
            return upper, 2
        if upper < start and _tells_apart(above, texts):
            return upper, 2
    return start, 1


def _broken(rows: list[Row], upper: int, merged: Sequence[Merged]) -> list[str]:
    """Names of columns whose headings go on in the row below (Hire over Date), where more of them are known so than by
    either row alone, or all are usual; else nothing."""
    if upper + 2 >= len(rows):
        return []
    above, texts = spread(rows[upper], merged), spread(rows[upper + 1], merged)
    if not _are_words(above) or not _are_words(texts) or not _is_over_others(rows, upper + 1):
        return []
    names = _glued(above, texts)
    known, alone = _known(names), max(_known(above), _known(texts))
    return names if known > alone or (known == alone and all(map(is_usual, filter(None, names)))) else []


def _glued(above: list[str], texts: list[str]) -> list[str]:
    width = max(len(above), len(texts))
    pairs = zip(above + [""] * (width - len(above)), texts + [""] * (width - len(texts)), strict=True)
    return [
        f"{one}{'' if _CJK.search(one[-1:] + two[:1]) else ' '}{two}" if one and two else one or two
        for one, two in pairs
    ]


def _completed(rows: list[Row], start: int, merged: Sequence[Merged]) -> list[str]:
    """Headings of the row at ``start``, those that it lacks from the row above; nothing where that has none of them."""
    above, texts = spread(rows[start - 1], merged), spread(rows[start], merged)
    below = rows[start + 1 : start + 1 + BELOW]
    lacking = {
        place
        for place in {at for _number, cells in below for at, cell in enumerate(cells) if is_filled(cell)}
        if (place >= len(texts) or not texts[place]) and place < len(above) and above[place]
    }
    # a heading that stands over the next columns, too, is none of its own
    is_own = all(
        place + 1 >= len(texts) or not texts[place + 1] or above[place + 1 : place + 2] != [""] for place in lacking
    )
    if not lacking or not is_own or not _are_words(above) or not _are_words(texts):
        return []
    return [
        above[place] if place in lacking else texts[place] if place < len(texts) else ""
        for place in range(max(len(texts), max(lacking) + 1))
    ]


def _are_words(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return len(filled) >= 2 and all(map(is_heading, filled)) and not any(map(_DRAWN.fullmatch, filled))


def _is_over_others(rows: list[Row], place: int) -> bool:
    """Whether a word of the row stands over numbers or days, and no cell of it comes again below: no row of data."""
    below = rows[place + 1 : place + 1 + BELOW]
    shown = False
    for column, cell in enumerate(rows[place][1]):
        if not is_filled(cell):
            continue
        cells = [cells[column] for _number, cells in below if column < len(cells) and is_filled(cells[column])]
        if any(text_of(one) == text_of(cell) for one in cells):
            return False
        data = sum(looks_like_number(one) or looks_like_date(one) for one in cells)
        shown = shown or (bool(cells) and data >= _NEARLY * len(cells))
    return shown


def _known(names: list[str]) -> int:
    return len({meaning for name in names if (meaning := meaning_of(name))})


def _tells_apart(above: list[str], texts: list[str]) -> bool:
    """Whether words over groups of columns, each but its first cell empty, make different ones of equal headings."""
    groups = [text for text in above if text]
    names = _joined([above, texts])
    return (
        len(groups) >= 2 and all(map(is_heading, groups)) and all(texts)
        and len(set(texts)) < len(texts) and len(set(names)) == len(names)
    )  # fmt: skip


def _joined(levels: list[list[str]]) -> list[str]:
    width = max(map(len, levels))
    names = []
    for place in range(width):
        parts = [level[place] for level in levels if place < len(level) and level[place]]
        names.append("/".join(dict.fromkeys(parts)))
    if len(levels) == 2:
        return _carry(names, levels)
    return names


def _carry(names: list[str], levels: list[list[str]]) -> list[str]:
    """A heading over several columns that is not merged reaches up to the next one."""
    group = ""
    for place in range(len(names)):
        upper = levels[0][place] if place < len(levels[0]) else ""
        lower = levels[1][place] if place < len(levels[1]) else ""
        if upper:
            group = upper if lower else ""
        elif lower and group:
            names[place] = f"{group}/{lower}"
    return names


def unique(headings: list[str]) -> list[str]:
    """Headings that come again get a number, empty ones their place."""
    seen: dict[str, int] = {}
    names = []
    for place, heading in enumerate(headings, 1):
        name = heading or f"Column {place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
