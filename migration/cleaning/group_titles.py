"""Titles of groups between the rows, as a department above its people: what they say becomes a column."""

from __future__ import annotations

import re
from collections import Counter

from migration.cleaning.headings import Row, is_filled, is_heading
from migration.cleaning.text import fold, tidy
from migration.rules import text_of

#: columns of a table with groups at least, titles, and the share of rows that they are at most
_LEAST_COLUMNS, _LEAST, _MOST = 3, 2, 0.34
#: ``Department: Sales``
_SAID = re.compile(r"([^:：]{2,40})\s*[:：]\s*(\S.*)")
GROUP = "Group"


def put_groups_aside(headings: list[str], body: list[Row]) -> tuple[list[str], list[Row], list[Row], str]:
    """Headings, rows, titles, and the column that says them: where the table begins with a title, which stands alone in
    its row, and others follow later, each above rows, every row gets the title above it as its last cell."""
    width = len(headings)
    if width < _LEAST_COLUMNS or any(any(map(is_filled, cells[width:])) for _number, cells in body):
        return headings, body, [], ""
    titles = {place: title for place, (_number, cells) in enumerate(body) if (title := _alone(cells))}
    if not _are_titles(titles, body):
        return headings, body, [], ""
    heading, words = _named(list(titles.values()))
    groups = dict(zip(titles, words, strict=True))
    if known := _is_there(headings, body, groups):
        return headings, [row for place, row in enumerate(body) if place not in titles], _rows(body, titles), known
    found: list[Row] = []
    group = ""
    for place, (number, cells) in enumerate(body):
        if place in groups:
            group = groups[place]
            continue
        found.append((number, [*cells[:width], *[None] * (width - len(cells)), group]))
    if fold(heading) in set(map(fold, headings)):
        heading = GROUP
    return [*headings, heading], found, _rows(body, titles), heading


def _rows(body: list[Row], titles: dict[int, str]) -> list[Row]:
    return [body[place] for place in titles]


def _alone(cells: list[object]) -> str:
    """The only text of a row."""
    filled = [cell for cell in cells if is_filled(cell)]
    return tidy(filled[0]) if len(filled) == 1 and isinstance(filled[0], str) else ""


def _are_titles(titles: dict[int, str], body: list[Row]) -> bool:
    if not (_LEAST <= len(titles) <= _MOST * len(body) and 0 in titles and len(body) - 1 not in titles):
        return False
    if any(place + 1 in titles for place in titles) or len(set(titles.values())) < len(titles):
        return False
    places = {next(n for n, cell in enumerate(body[place][1]) if is_filled(cell)) for place in titles}
    if len(places) > 1 or not all(map(is_heading, titles.values())):
        return False
    (column,) = places
    # a row that lacks all but its number, or name, is as those of the column
    shapes = Counter(
        _shape(tidy(text_of(cells[column])))
        for place, (_number, cells) in enumerate(body)
        if place not in titles and column < len(cells)
    )
    return not any(re.search(r"\d", text) and _shape(text) in shapes for text in titles.values())


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text))


def _named(titles: list[str]) -> tuple[str, list[str]]:
    """What all titles say of themselves, and the rest."""
    said = [match for title in titles if (match := _SAID.fullmatch(title))]
    if len(said) == len(titles) and len({fold(match[1]) for match in said}) == 1:
        return tidy(said[0][1]), [tidy(match[2]) for match in said]
    return GROUP, titles


def _is_there(headings: list[str], body: list[Row], groups: dict[int, str]) -> str:
    """The heading of a column that says the same of every row."""
    for column, heading in enumerate(headings):
        group = ""
        for place, (_number, cells) in enumerate(body):
            if place in groups:
                group = groups[place]
            elif column >= len(cells) or fold(tidy(text_of(cells[column]))) != fold(group):
                break
        else:
            return heading
    return ""
