"""Where the table of a sheet is: titles above, headings of one or two rows, notes below, tables side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from migration.cleaning.again import put_in_order
from migration.cleaning.apart import Apart, block_aside, own_tables
from migration.cleaning.group_titles import put_groups_aside
from migration.cleaning.heading_rows import Merged as Merged
from migration.cleaning.heading_rows import headings_of, spread, unique
from migration.cleaning.headings import BELOW, Row, heading_at, is_data, line, turned_headings
from migration.cleaning.headings import is_filled as is_filled
from migration.cleaning.meanings import meaning_of
from migration.cleaning.text import tidy
from migration.rules import BesideRow, text_of

_NOTE = re.compile(
    r"(注|备注|说明|附注|填表|制表|审核|审批|批准|打印|数据来源|"
    r"notes?|remark|source|prepared|generated|printed|exported|report|total records|\*|※)",
    re.IGNORECASE,
)
#: what says the unit of the column above it
_UNIT = re.compile(r"[(\[（【].{1,24}[)\]）】]")
_SURE_NOTE = re.compile(
    r"(注|备注|说明|附注|数据来源|制表人?|notes?|remarks?|source|prepared by|printed|exported|generated)\s*[:：]"
    r"|(prepared|generated|printed|exported) (by|on|from|at) ",
    re.IGNORECASE,
)
#: who answers for the table
_SIGNED = re.compile(
    r"signatures?\b|(prepared|checked|approved|reviewed|verified|signed|authori[sz]ed|compiled) (by|on)\b|"
    r"(制表|审核|复核|审批|批准|签字|签名)人?\s*[:：]?", re.IGNORECASE
)  # fmt: skip
_LINE = re.compile(r":?(-{3,}|={3,}|_{3,}|~{3,}):?")
_EXAMPLE = re.compile(r"(e\.?\s?g\.|example|for example|例如|例|示例)\s*[:：]?\s*\S", re.IGNORECASE)
#: columns that a row counts at least, and the share of headings that it has once more
_LEAST_COUNTED, _SAME = 3, 0.6
_PAGE = re.compile(
    r"(page|seite|página|pagina|strona)\s*\d+(\s*(of|/|von|de|di|z)\s*\d+)?|第\s*\d+\s*页.{0,12}|-+\s*\d+\s*-+",
    re.IGNORECASE,
)


@dataclass
class Layout:
    """``headings`` belong to the cells of ``body``; ``start`` is the first heading row's number in the file."""

    headings: list[str]
    body: list[Row]
    start: int = 0
    heading_rows: int = 1
    first_column: int = 0
    #: lines above the headings that are no table
    above: list[Row] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)
    #: tables side by side: how many
    tables: int = 1
    #: tables beside, and above or below, that were not read
    beside: list[Apart] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)
    #: (first row, last row) below headings that came again in another order, and were put under those of the table
    reordered: list[tuple[int, int]] = field(default_factory=list)
    #: headings that stand below each other in the first column, where the table lies on its side
    turned: list[str] = field(default_factory=list)
    #: what stands below the headings instead of a row: units
    units: list[Row] = field(default_factory=list)
    #: titles of groups between the rows, which are a column now
    groups: list[Row] = field(default_factory=list)
    group_column: str = ""
    #: (row number, column, value): cells below a merged one that share its value
    filled_down: list[tuple[int, str, Any]] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        return [line(cells) for _number, cells in self.above]

    @property
    def others(self) -> list[Apart]:
        """The tables that were not read; the first one is table 2 of the sheet."""
        return [*self.apart, *self.beside]


def find_table(rows: Sequence[Row], merged: Sequence[Merged] = (), heading_row: int = 0) -> Layout | None:
    """The table among ``rows`` (number in the file, cells). ``heading_row``: where a person says the headings are."""
    # only cells that share a merged value are written over
    rows = [(number, list(cells) if merged else cells) for number, cells in rows if any(map(is_filled, cells))]
    if not rows:
        return None
    start = heading_at(rows, heading_row)
    top, count, headings = start, 1, spread(rows[start], merged)
    if not heading_row:
        top, count, headings = headings_of(rows, start, merged)
    if not heading_row and count == 1 and is_data(rows, top):
        top, count = next(place for place in range(top + 1) if is_data(rows, place)), 0
        headings = [""] * len(rows[top][1])
    aside, body = block_aside(rows[top + count :], headings)
    layout = Layout(headings, body, start=rows[top][0], heading_rows=count)
    if not heading_row:
        layout.turned = turned_headings(rows, headings)
    layout.apart, layout.above = own_tables(rows[:top], layout.start)
    below, layout.body = own_tables(layout.body, 0, layout.headings)
    layout.apart += [*below, *aside]
    layout.body, layout.reordered = put_in_order(layout.headings, layout.body)
    _take_out_units(layout)
    _fill_down(layout, merged)
    _cut_notes(layout)
    _trim(layout)
    _side_by_side(layout, rows[top : top + count])
    layout.headings, layout.body, layout.groups, layout.group_column = put_groups_aside(layout.headings, layout.body)
    layout.headings = unique(layout.headings)
    return layout


# --- body -------------------------------------------------------------------------------------------------------------
def _take_out_units(layout: Layout) -> None:
    """A row right below the headings that says the units alone: (h), [%], (yyyy-mm-dd); that counts the columns, shows
    by an example how to fill them, or says the headings in another language."""
    if len(layout.body) < 2:
        return
    texts = [text for cell in layout.body[0][1] if (text := tidy(text_of(cell)))]
    has_words = any(isinstance(cell, str) and not cell.strip().isdigit() for cell in layout.body[1][1])
    is_counted = has_words and len(texts) >= _LEAST_COUNTED and texts == [str(n) for n in range(1, len(texts) + 1)]
    is_said = is_counted or all(map(_UNIT.fullmatch, texts)) or all(map(_EXAMPLE.match, texts))
    if texts and (is_said or _says_the_headings(layout)):
        layout.units.append(layout.body.pop(0))


def _says_the_headings(layout: Layout) -> bool:
    """Whether the first row has the headings once more, in another language."""
    cells = layout.body[0][1]
    pairs = [
        (meaning_of(heading), meaning_of(tidy(text_of(cell))), heading == tidy(text_of(cell)))
        for heading, cell in zip(layout.headings, cells, strict=False)
        if heading and is_filled(cell)
    ]
    same = sum(bool(above) and above == below and not is_same for above, below, is_same in pairs)
    return len(pairs) >= _LEAST_COUNTED and same >= _SAME * len(pairs)


def _fill_down(layout: Layout, merged: Sequence[Merged]) -> None:
    """Merged cells of the body share their value."""
    places = dict(layout.body)
    for (first_row, first), (last_row, last) in merged:
        source = places.get(first_row + 1)
        if source is None or last_row == first_row or first >= len(source) or not is_filled(source[first]):
            continue
        for number in range(first_row + 2, last_row + 2):
            cells = places.get(number)
            if cells is not None and first == last and first < len(cells):
                cells[first] = source[first]
                heading = layout.headings[first] if first < len(layout.headings) else ""
                layout.filled_down.append((number, heading, source[first]))


def _cut_notes(layout: Layout) -> None:
    """Lines below the table that are no rows: a single cell, or a remark, where rows have many."""
    counts = sorted(sum(map(is_filled, cells)) for _number, cells in layout.body[:200])
    usual = counts[len(counts) // 2] if counts else 0
    while layout.body and usual >= 3:
        cells = [cell for cell in layout.body[-1][1] if is_filled(cell)]
        first = tidy(text_of(cells[0]))
        is_alone = len(cells) == 1 and not first.isdigit() and len(first) > 3
        is_note = len(cells) <= max(1, usual // 3) and (is_alone or bool(_NOTE.match(first)))
        # a note that has commas is in several cells of a csv
        is_signed = bool(_SIGNED.match(first)) and len(cells) <= max(2, usual // 2)
        if (
            not (is_note or is_signed or _SURE_NOTE.match(first))
            or _is_like_those_above(layout.body)
            or is_unsplit(first, usual)
        ):
            break
        layout.notes.insert(0, layout.body.pop())
    pages = {number for number, cells in layout.body if _is_of_page(cells, layout.titles)} if usual >= 2 else set()
    if pages:
        layout.notes += [row for row in layout.body if row[0] in pages]
        layout.body = [row for row in layout.body if row[0] not in pages]


def _is_of_page(cells: list[Any], titles: Sequence[str]) -> bool:
    """Page 2 of 7, or a title of the table once more, alone in its row; or a line that was drawn."""
    first = next((cell for cell in cells if is_filled(cell)), None)
    if not isinstance(first, str):
        return False
    text = tidy(first)
    if _LINE.fullmatch(text):
        return all(isinstance(cell, str) and _LINE.fullmatch(tidy(cell)) for cell in cells if is_filled(cell))
    return (bool(_PAGE.fullmatch(text)) or text in titles) and sum(map(is_filled, cells)) == 1


def is_unsplit(text: str, cells: int) -> bool:
    """Whether a text is a row of so many cells that another sign separates."""
    return cells > 1 and any(text.count(sign) >= cells - 1 for sign in ",;\t|")


def _is_like_those_above(body: list[Row]) -> bool:
    """Whether the first cell of the last row is an identifier as most of its column: a row that lacks the rest."""
    place = next(place for place, cell in enumerate(body[-1][1]) if is_filled(cell))
    shapes = [shape(cells[place]) for _number, cells in body[-BELOW:] if place < len(cells)]
    own = shapes.pop()
    return "9" in own and shapes.count(own) > len(shapes) / 2


def shape(cell: Any) -> str:
    """``AA-99`` for ``HR-17``."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", tidy(text_of(cell))))


def _trim(layout: Layout) -> None:
    """Columns without heading and content at both ends are none."""
    width = max([len(layout.headings), *(len(cells) for _number, cells in layout.body)])
    used = [
        place for place in range(width)
        if (place < len(layout.headings) and layout.headings[place])
        or any(place < len(cells) and is_filled(cells[place]) for _number, cells in layout.body)
    ]  # fmt: skip
    if not used:
        return
    first = used[0]
    last_heading = max((place for place, heading in enumerate(layout.headings) if heading), default=first)
    # cells beyond the headings stay: the row may have slipped; a column that nearly all rows have is a column
    beyond = [place for place in used if place > last_heading]
    for place in beyond:
        if sum(place < len(cells) and is_filled(cells[place]) for _number, cells in layout.body) > 0.5 * len(
            layout.body
        ):
            last_heading = place
    layout.first_column = first
    layout.headings = (layout.headings + [""] * width)[first : last_heading + 1]
    if first:
        layout.body = [(number, cells[first:]) for number, cells in layout.body]


def _side_by_side(layout: Layout, above: list[Row]) -> None:
    """``above``: the heading rows as they came."""
    headings = layout.headings
    blank = [
        place for place, heading in enumerate(headings)
        if not heading and not any(place < len(cells) and is_filled(cells[place]) for _n, cells in layout.body)
    ]  # fmt: skip
    blocks = _blocks(headings, blank)
    own = [headings[place] for place in blocks[0]] if blocks else []
    if len(blocks) > 1 and all(sorted(headings[place] for place in block) == sorted(own) for block in blocks):
        layout.tables = len(blocks)
        if len(set(own)) == len(own):
            blocks = [sorted(block, key=lambda place: own.index(headings[place])) for block in blocks]
        layout.headings = [headings[place] for place in blocks[0]]
        parts = [_part(layout.body, block) for block in blocks]
        layout.body = parts[0] + [
            (BesideRow.of(number, table) if table <= BesideRow.MOST else number, cells)
            for table, part in enumerate(parts[1:], 1)
            for number, cells in part
        ]
        return
    parts = [_part(layout.body, block) for block in blocks] if len(blocks) > 1 else []
    if len(blocks) > 1 and all(len(block) > 1 for block in blocks) and len({len(part) for part in parts}) > 1:
        best = max(range(len(blocks)), key=lambda place: _weight(layout, blocks[place]) * len(parts[place]))
        layout.tables = len(blocks)
        layout.beside = [
            _apart(layout, block, parts[number], above) for number, block in enumerate(blocks) if number != best
        ]
        layout.headings, layout.body = [headings[place] for place in blocks[best]], parts[best]
    elif blank:
        kept = [place for place in range(len(headings)) if place not in blank]
        layout.headings = [headings[place] for place in kept]
        tail = len(headings)
        layout.body = [
            (number, [cells[place] if place < len(cells) else None for place in kept] + cells[tail:])
            for number, cells in layout.body
        ]  # fmt: skip


def _weight(layout: Layout, block: list[int]) -> int:
    """Columns, those that are about people many times."""
    return len(block) * (1 + sum(bool(meaning_of(layout.headings[place])) for place in block))


def _apart(layout: Layout, block: list[int], body: list[Row], above: list[Row]) -> Apart:
    """A table beside the one that is read, its cells in their columns of the sheet."""
    first = layout.first_column + block[0]
    rows = [(number, [None] * first + cells[first : first + len(block)]) for number, cells in above]
    rows += [(number, [None] * first + cells) for number, cells in body]
    return Apart(rows[0][0], rows[-1][0], [layout.headings[place] for place in block], rows)


def _blocks(headings: list[str], blank: list[int]) -> list[list[int]]:
    """Places of each table: between blank columns, or where the headings begin again."""
    blocks: list[list[int]] = [[]]
    for place in range(len(headings)):
        if place in blank:
            if blocks[-1]:
                blocks.append([])
        else:
            blocks[-1].append(place)
    blocks = [block for block in blocks if block]
    if len(blocks) > 1:
        return blocks
    size = len(headings)
    for length in range(2, size // 2 + 1):
        if size % length == 0 and all(
            headings[place] == headings[place % length] and headings[place] for place in range(size)
        ):
            return [list(range(begin, begin + length)) for begin in range(0, size, length)]
    return blocks


def _part(body: list[Row], block: list[int]) -> list[Row]:
    rows = [(number, [cells[place] if place < len(cells) else None for place in block]) for number, cells in body]
    return [row for row in rows if any(map(is_filled, row[1]))]
