"""Rows that slipped a column to the side, seen from the types of the columns."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from migration.cleaning.beyond import is_split, put_together, report_beyond, split_amounts
from migration.cleaning.fitting import Fit, usual_words
from migration.cleaning.layout import is_filled
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

#: cells that must be out of place before a row is looked at
_LEAST = 2
#: by how many strange numbers a row must be worse than another reading of it to be so no more
_STRANGE = 2
#: how many rows of a wide table that lack a cell, for one that plainly slipped, are short by nature
_BLANKS, _WIDE = 5, 6
#: a word of other columns comes so many times as often there as in this one, where it is rare
_AT_HOME, _ASTRAY = 6, 0.12
#: how many words two columns of one scale share, and how much oftener they may come in one of them
_SHARED, _AS_OFTEN = 2, 5


def mend_shifts(work: Work, extras: dict[int, list[Any]]) -> None:
    """Rule ``shifted_rows``. ``extras``: place -> cells beyond the last heading."""
    usual = [_own_words(column) for column in work.columns]
    counts = [_words_of(column) for column in work.columns]
    fits = []
    kin = [_kin(place, counts, usual) for place in range(len(work.columns))]
    for place, column in enumerate(work.columns):
        words = set().union(*(one for other, one in enumerate(usual) if other != place))
        words -= set().union(*(usual[other] for other in kin[place]))
        common = usual_words(counts[place], len(column.cells))
        astray = {word for word in words & common if _is_astray(word, place, counts, len(column.cells))}
        usual[place] -= astray
        fits.append(Fit(column, (words - common) | astray))
    slipped, short = 0, []
    for place in _suspects(work, fits, extras):
        cells = [column.cells[place] for column in work.columns]
        extra = extras.get(place, [])
        wrong = _wrong(cells, fits)
        gone = sum(fit.always and not is_filled(cell) for fit, cell in zip(fits, cells, strict=True))
        odd = _strange(cells, fits)
        if not wrong and not extra and odd < _STRANGE:
            # cells that lack, and nothing else, are cells that lack
            short.append(place)
            continue
        if not wrong and odd < _STRANGE:
            # every cell is at home: what stands beyond was added, not moved
            slipped += 1
            if row := put_together(cells, extra):
                _apply(work, place, (row, -1), fits)
            elif rows := [row for row in split_amounts(work.columns, cells, extra) if not _wrong(row, fits)]:
                _ask(work, place, [(row, -1) for row in rows])
            else:
                report_beyond(work, place, extra)
            continue
        options = _options(cells, extra, fits, wrong, usual)
        # numbers that are strange where they stand say it as well, beside a cell that lacks or is out of place
        home = _at_home(cells, usual)
        better = any(
            (wrong + odd if wrong else odd) - _strange(row, fits) - _wrong(row, fits) >= _STRANGE
            or (wrong and _at_home(row, usual) > home)
            for row, _lost in (options if gone or wrong else ())
        )
        if not extra and not better and (not wrong or wrong + gone < _LEAST):
            short.append(place)
            continue
        slipped += 1
        if len(options) == 1 and not _wrong(options[0][0], fits) and _strange(options[0][0], fits) <= odd:
            _apply(work, place, options[0], fits)
        elif options:
            _ask(work, place, options)
        elif extra:
            report_beyond(work, place, extra)
        elif wrong >= _LEAST and wrong + gone > _LEAST:
            _ask(work, place, [])
        elif not wrong:
            short.append(place)
            slipped -= 1
    if len(short) < _BLANKS or len(work.columns) < _WIDE or len(short) <= _BLANKS * slipped:
        for place in short:
            _report_short(work, place, fits)


def _kin(place: int, counts: list[Counter[str]], usual: list[set[str]]) -> list[int]:
    """Columns with the same scale of words, such as those of two questions: a word of one may stand in the other."""

    def alike(other: int, word: str) -> bool:
        here, there = counts[place][word], counts[other][word]
        return max(here, there) <= _AS_OFTEN * min(here, there)

    return [
        other
        for other in range(len(usual))
        if other != place and sum(alike(other, word) for word in usual[place] & usual[other]) >= _SHARED
    ]


def _is_astray(word: str, place: int, counts: list[Counter[str]], size: int) -> bool:
    """Whether a word that comes a few times here is at home in another column: several rows slipped alike."""
    here = counts[place][word]
    return here <= _ASTRAY * size and any(
        other != place and count[word] >= _AT_HOME * here for other, count in enumerate(counts)
    )


def _strange(cells: list[Any], fits: list[Fit]) -> int:
    return sum(fit.is_strange(cell) for fit, cell in zip(fits, cells, strict=True))


def _suspects(work: Work, fits: list[Fit], extras: dict[int, list[Any]]) -> list[int]:
    """Rows with a cell out of place, with one that lacks where none does, or with one beyond the headings."""
    found = {place for place in extras if place not in work.dropped}
    for column, fit in zip(work.columns, fits, strict=True):
        found.update(work.places_of(column, lambda cell, fit=fit: fit(cell) < 0))  # type: ignore[misc]
        if fit.always:
            found.update(work.places_of(column, lambda cell: not is_filled(cell)))
    return sorted(found)


def _words_of(column: Column) -> Counter[str]:
    """How often each word comes, in whatever spelling."""
    found: Counter[str] = Counter()
    for cell, count in Counter([one if type(one) is str else text_of(one) for one in column.cells]).items():
        found[fold(text_of(cell))] += count
    return found


def _report_short(work: Work, place: int, fits: list[Fit]) -> None:
    """A cell lacks among numbers at the end of the row, where none ever does: the ones beside it may have slipped."""
    last = work.columns[-1]
    run: list[int] = []
    for index in range(len(work.columns) - 1, -1, -1):
        if _kind(work.columns[index], fits[index]) != _kind(last, fits[-1]):
            break
        run.insert(0, index)
    empty = [index for index in run if not is_filled(work.columns[index].cells[place])]
    if _kind(last, fits[-1]) not in ("number", "date") or len(run) < 2 or len(empty) != 1 or not fits[empty[0]].always:
        return
    # an empty last cell: all moved to the left; one before: the ones behind it moved to the right
    reason = Say(
        gettext_noop("A cell of the row is empty: the others may have slipped to its side, or a value is missing.")
    )
    for index in run if empty[0] == run[-1] else run[run.index(empty[0]) :]:
        column = work.columns[index]
        work.doubt(column, place, "shifted_rows", (text_of(column.cells[place]),), reason)


def _kind(column: Column, fit: Fit) -> str:
    """0 and 1 are numbers, too."""
    return "number" if column.type in ("number", "truth") and (fit.digits or column.type == "number") else column.type


def _wrong(cells: list[Any], fits: list[Fit]) -> int:
    return sum(fit(cell) < 0 for fit, cell in zip(fits, cells, strict=True))


def _at_home(cells: list[Any], usual: list[set[str]]) -> int:
    """Cells that have a usual word of their column."""
    return sum(bool(words) and fold(text_of(cell)) in words for words, cell in zip(usual, cells, strict=True))


def _own_words(column: Column) -> set[str]:
    """Words of a column of a few words; empty for others."""
    if column.type not in ("category", "gender", "truth"):
        return set()
    counts = _words_of(column)
    counts.pop("", None)
    return usual_words(counts, len(column.cells))


Option = tuple[list[Any], int]


def _options(cells: list[Any], extra: list[Any], fits: list[Fit], wrong: int, usual: list[set[str]]) -> list[Option]:
    """Repairs after which every cell fits, the best only: (cells, place of a cell that is lost or -1)."""
    scored: dict[tuple[str, ...], tuple[float, Option]] = {}
    repairs = list(_repairs(cells, extra))
    for row, lost, join in itertools.chain(repairs, () if extra else _within(cells, fits)):
        bad = _wrong(row, fits)
        if bad > (0 if wrong < 4 else 1) or (bad >= max(wrong, 1) and wrong):
            continue
        merit = float(sum(fit(cell) > 0 for fit, cell in zip(fits, row, strict=True))) - 2 * bad
        merit += _at_home(row, usual)
        # which cell is lost among neighbours of a kind, nothing says
        merit -= sum(
            fit.always and not is_filled(cell) and index != lost
            for index, (fit, cell) in enumerate(zip(fits, row, strict=True))
        )
        merit -= sum(fit.is_closed and fit.is_foreign(cell) for fit, cell in zip(fits, row, strict=True))
        merit -= 0.5 * join
        # an amount that lost its mark of thousands, rather than a number behind a word
        merit += 0.25 * any(_is_joined_amount(fit, cell) for fit, cell in zip(fits, row, strict=True) if join)
        key = tuple(text_of(cell) for cell in row)
        if key not in scored or scored[key][0] < merit:
            scored[key] = (merit, (row, lost))
    if not scored:
        return []
    best = max(merit for merit, _option in scored.values())
    found = [option for merit, option in scored.values() if merit >= best - 0.01]
    whole = {id(row) for row, _lost, _join in repairs}
    # that only a part slipped must be as likely by its numbers
    most = min((_strange(row, fits) for row, _lost in found if id(row) in whole), default=len(fits))
    found = [option for option in found if id(option[0]) in whole or _strange(option[0], fits) <= most]
    least = min(_strange(row, fits) for row, _lost in found)
    return [option for option in found if _strange(option[0], fits) < least + _STRANGE]


def _repairs(cells: list[Any], extra: list[Any]) -> Iterator[tuple[list[Any], int, bool]]:
    """Rows that this one may have been; the place whose value is lost; whether cells were joined."""
    size, tail = len(cells), list(extra)
    while tail and not is_filled(tail[-1]):
        tail.pop()
    whole = cells + tail
    if len(tail) <= 1:
        for place in range(size):
            if not is_filled(cells[place]):
                # an empty cell too many, from which on all moved to the right
                row = (whole[:place] + whole[place + 1 :] + [""])[:size]
                yield row, (size - 1 if not tail else -1), False
    if tail and len(tail) <= 2:
        for place in range(size):
            part = whole[place : place + len(tail) + 1]
            if all(isinstance(cell, str) and cell.strip() for cell in part):
                # a separator inside a value
                row = [*whole[:place], ",".join(part), *whole[place + len(tail) + 1 :]]
                if len(row) == size:
                    yield row, -1, True
    if not tail:
        yield from _rejoined(cells)
    if not tail and not is_filled(cells[-1]):
        for place in range(size - 1):
            # a cell that is missing, from which on all moved to the left
            yield [*cells[:place], "", *cells[place:-1]], place, False


def _within(cells: list[Any], fits: list[Fit]) -> Iterator[tuple[list[Any], int, bool]]:
    """A part of the row slipped, up to an empty cell or from one on where none else is; a value is lost."""
    last = len(cells) - 1
    for gap in (place for place, cell in enumerate(cells) if not is_filled(cell) and fits[place].always):
        for end in range(gap + 2, last):
            yield [*cells[:gap], *cells[gap + 1 : end + 1], "", *cells[end + 1 :]], end, False
        for start in range(gap - 1 if gap < last else 0):
            yield [*cells[:start], "", *cells[start:gap], *cells[gap + 1 :]], start, False


_HEAD, _REST = re.compile(r"\D{0,4}\d{1,3}(,\d{3})*"), re.compile(r"\d{3}(,\d{3})*(\.\d+)?\s*\D{0,4}")


def _rejoined(cells: list[Any]) -> Iterator[tuple[list[Any], int, bool]]:
    """A mark of thousands that was taken for a separator; the last cell, which was empty, fell off the row."""
    for place in range(len(cells) - 1):
        one, other = cells[place : place + 2]
        if isinstance(one, str) and isinstance(other, str) and _HEAD.fullmatch(one) and _REST.fullmatch(other):
            yield [*cells[:place], f"{one},{other}", *cells[place + 2 :], ""], -1, True


def _is_joined_amount(fit: Fit, cell: Any) -> bool:
    one, comma, other = cell.partition(",") if isinstance(cell, str) else ("", "", "")
    return fit.column.type == "number" and bool(comma) and is_split(one, other)


def _apply(work: Work, place: int, option: Option, fits: list[Fit]) -> None:
    row, lost = option
    for column, cell in zip(work.columns, row, strict=True):
        if text_of(column.cells[place]) != text_of(cell):
            work.change(column, place, "shifted_rows", cell)
    if lost >= 0 and not is_filled(row[lost]):
        reason = gettext_noop("The row had slipped to the side, and this value is lost.")
        work.doubt(work.columns[lost], place, "shifted_rows", (), Say(reason))


def _ask(work: Work, place: int, options: list[Option]) -> None:
    reason = Say(gettext_noop("The cells of this row seem to have slipped to the side."))
    for index, column in enumerate(work.columns):
        texts = tuple(dict.fromkeys(text_of(row[index]) for row, _lost in options))
        if not options or texts != (text_of(column.cells[place]),):
            work.doubt(column, place, "shifted_rows", texts, reason)
