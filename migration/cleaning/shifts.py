"""Rows that slipped a column to the side, seen from the types of the columns."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from migration.cleaning.beyond import put_together, report_beyond
from migration.cleaning.clocks import minutes_in
from migration.cleaning.layout import is_filled
from migration.cleaning.marks import bare
from migration.cleaning.number_words import number_in_words
from migration.cleaning.numbers import looks_like_number, number_in
from migration.cleaning.placeholders import is_lost, is_placeholder
from migration.cleaning.readings import looks_like_date
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold, tidy
from migration.cleaning.types import sample_of
from migration.cleaning.words import truth_in
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

#: cells that must be out of place before a row is looked at
_LEAST = 2
_OFTEN, _USUAL = 3, 0.01
#: times what this share of a number column keeps below; a tenth of it may have slipped in
_HUGE, _MOST = 1000, 0.8
#: share of a column's numbers beyond which one is strange at either end, and from how many numbers that can be seen
_ENDS, _MANY_NUMBERS = 0.01, 50
#: by how many strange numbers a row must be worse than another reading of it to be so no more
_STRANGE = 2
_LONGEST_NUMBER, _DAY = 40, re.compile(r"(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4})(\s.*)?")
#: how many rows of a wide table that lack a cell, for one that plainly slipped, are short by nature
_BLANKS, _WIDE = 5, 6
#: most words of a column that has no others
_CLOSED = 40
#: types of columns that have no words, or only their own
_NO_WORDS = frozenset({"date", "number", "truth", "gender"})
#: a word of other columns comes so many times as often there as in this one, where it is rare
_AT_HOME, _ASTRAY = 15, 0.03


def _shape(text: str) -> str:
    return "".join("9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in text)


def _usual(counts: Counter[str], size: int) -> set[str]:
    """Words that are no slip; those of slipped rows are rare."""
    return {word for word, count in counts.items() if count >= max(_OFTEN, _USUAL * size)}


class _Fit:
    """Whether a cell can stand in a column: 1 it can, 0 it is empty or anything can, -1 it is out of place."""

    def __init__(self, column: Column, elsewhere: set[str]) -> None:
        self.column = column
        #: words of other columns that are none of this one
        self.elsewhere = elsewhere
        self._ends = _ends_of(column)
        sample = sample_of(column.cells)
        texts = [fold(text_of(cell)) for cell in sample]
        self.digits = bool(texts) and sum(text.isdigit() for text in texts) > 0.95 * len(texts)
        shapes = Counter(map(_shape, texts)).most_common(1)
        #: letters and digits that nearly all identifiers have in the same places
        self.shape = shapes[0][0] if column.type == "id" and shapes and shapes[0][1] > 0.9 * len(texts) else ""
        self.words = _usual(Counter(texts), len(texts)) - elsewhere if column.type == "category" else set()
        self.no_digits = column.type == "name" or (
            column.type == "text"
            and bool(texts)
            and sum(any(map(str.isdigit, text)) for text in texts) < 0.01 * len(texts)
        )
        filled = sum(map(is_filled, column.cells))
        self.always = filled >= 0.96 * max(1, len(column.cells))
        self.never = len(column.cells) >= _MANY_NUMBERS and filled <= _ASTRAY * len(column.cells)
        known = sum(text in self.words for text in texts)
        #: whether the column has a few words and hardly another
        self.is_closed = bool(self.words) and len(self.words) <= _CLOSED and known > 0.95 * len(texts)
        found = map(_number, sample) if column.type == "number" else ()
        plain = sorted(one for one in found if one is not None)
        self.most = plain[int(_MOST * (len(plain) - 1))] if plain else 0
        self._known: dict[Any, int] = {}

    def _is_huge(self, text: str) -> bool:
        """Beyond all measure of the column: 20220509 among scores."""
        return self.most > 0 and (_number(text) or 0) > _HUGE * self.most

    def is_strange(self, cell: Any) -> bool:
        """A number less or greater than nearly all of the column, or any where none is; no proof by itself."""
        if self.never:
            return is_filled(cell)
        if self._ends is None or not is_filled(cell):
            return False
        number = _number(cell)
        return number is not None and not self._ends[0] <= number <= self._ends[1]

    def is_foreign(self, cell: Any) -> bool:
        return is_filled(cell) and self(cell) == 0 and not is_placeholder(tidy(text_of(cell)))

    def __call__(self, cell: Any) -> int:
        key = (type(cell).__name__, cell)
        if key not in self._known:
            self._known[key] = self._look(cell)
        return self._known[key]

    def _look(self, cell: Any) -> int:
        text = tidy(text_of(cell))
        if not text:
            return 0
        if isinstance(cell, str) and (plain := bare(text)) != text:
            cell = text = plain
        if is_placeholder(text) or is_lost(text):
            return 0
        if self.column.type in _NO_WORDS and fold(text) in self.elsewhere and not any(map(str.isdigit, text)):
            return -1
        match self.column.type:
            case "date":
                if _DAY.fullmatch(text):  # one that does not exist is at home among days, too
                    return int(looks_like_date(text))
                return 1 if looks_like_date(cell if not isinstance(cell, str) else text, serials=True) else -1
            case "number":
                is_number = looks_like_number(cell if not isinstance(cell, str) else text) or _is_word(cell, text)
                return 1 if is_number and not self._is_huge(text) else -1
            case "email":
                return 1 if "@" in text else -1
            case "id" if self.shape and not self.digits:
                return 1 if _shape(fold(text)) == self.shape else -1
            case "id" if self.digits:
                return 1 if looks_like_number(text) else -1
            case "truth" if truth_in(text) is not None:
                return 1
            case "gender" | "truth":
                return 1 if len(text) <= 8 and not text.isdigit() and "@" not in text else -1
            case "category":
                if fold(text) in self.words:
                    return 1
                odd = looks_like_number(text) or looks_like_date(text) or "@" in text
                return -1 if (odd and self.words) or fold(text) in self.elsewhere else 0
        if fold(text) in self.elsewhere:
            return -1
        if self.no_digits and (looks_like_number(text) or looks_like_date(cell) or "@" in text):
            return -1
        return 0


def mend_shifts(work: Work, extras: dict[int, list[Any]]) -> None:
    """Rule ``shifted_rows``. ``extras``: place -> cells beyond the last heading."""
    usual = [_usual_words(column) for column in work.columns]
    counts = [_words_of(column) for column in work.columns]
    fits = []
    for place, column in enumerate(work.columns):
        words = set().union(*(one for other, one in enumerate(usual) if other != place))
        common = _usual(counts[place], len(column.cells))
        astray = {word for word in words & common if _is_astray(word, place, counts, len(column.cells))}
        usual[place] -= astray
        fits.append(_Fit(column, (words - common) | astray))
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
        if len(options) == 1 and not _wrong(options[0][0], fits):
            _apply(work, place, options[0], fits)
        elif options:
            _ask(work, place, options)
        elif extra:
            report_beyond(work, place, extra)
        elif wrong + gone > _LEAST:
            _ask(work, place, [])
        elif not wrong:
            short.append(place)
            slipped -= 1
    if len(short) < _BLANKS or len(work.columns) < _WIDE or len(short) <= _BLANKS * slipped:
        for place in short:
            _report_short(work, place, fits)


def _is_astray(word: str, place: int, counts: list[Counter[str]], size: int) -> bool:
    """Whether a word that comes a few times here is at home in another column: several rows slipped alike."""
    here = counts[place][word]
    return here <= _ASTRAY * size and any(
        other != place and count[word] >= _AT_HOME * here for other, count in enumerate(counts)
    )


def _number(cell: Any) -> float | None:
    value = number_in(cell)[0] if isinstance(cell, str) and len(cell) < _LONGEST_NUMBER else cell
    return float(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else None


def _ends_of(column: Column) -> tuple[float, float] | None:
    """Between what nearly all numbers of the column lie; None where it has too few, or is none of numbers."""
    if column.type not in ("number", "truth"):
        return None
    numbers = sorted(one for cell in sample_of(column.cells) if (one := _number(cell)) is not None)
    if len(numbers) < _MANY_NUMBERS:
        return None
    away = int(_ENDS * len(numbers))
    return numbers[away], numbers[-1 - away]


def _strange(cells: list[Any], fits: list[_Fit]) -> int:
    return sum(fit.is_strange(cell) for fit, cell in zip(fits, cells, strict=True))


def _is_word(cell: Any, text: str) -> bool:
    """A number in words, a clock, yes or no: something that a person writes among numbers."""
    return number_in_words(text) is not None or minutes_in(cell) is not None or truth_in(text) is not None


def _suspects(work: Work, fits: list[_Fit], extras: dict[int, list[Any]]) -> list[int]:
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


def _report_short(work: Work, place: int, fits: list[_Fit]) -> None:
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


def _kind(column: Column, fit: _Fit) -> str:
    """0 and 1 are numbers, too."""
    return "number" if column.type in ("number", "truth") and (fit.digits or column.type == "number") else column.type


def _wrong(cells: list[Any], fits: list[_Fit]) -> int:
    return sum(fit(cell) < 0 for fit, cell in zip(fits, cells, strict=True))


def _at_home(cells: list[Any], usual: list[set[str]]) -> int:
    """Cells that have a usual word of their column."""
    return sum(bool(words) and fold(text_of(cell)) in words for words, cell in zip(usual, cells, strict=True))


def _usual_words(column: Column) -> set[str]:
    """Words of a column of a few words; empty for others."""
    if column.type not in ("category", "gender", "truth"):
        return set()
    counts = _words_of(column)
    counts.pop("", None)
    return _usual(counts, len(column.cells))


Option = tuple[list[Any], int]


def _options(cells: list[Any], extra: list[Any], fits: list[_Fit], wrong: int, usual: list[set[str]]) -> list[Option]:
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
        key = tuple(text_of(cell) for cell in row)
        if key not in scored or scored[key][0] < merit:
            scored[key] = (merit, (row, lost))
    if not scored:
        return []
    best = max(merit for merit, _option in scored.values())
    found = [option for merit, option in scored.values() if merit >= best - 0.01]
    whole = {id(row) for row, _lost, _join in repairs}
    # that only a part slipped must be as likely by its numbers
    most = min((_strange(row, fits) for row, _lost in found if id(row) in whole), default=_HUGE)
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


def _within(cells: list[Any], fits: list[_Fit]) -> Iterator[tuple[list[Any], int, bool]]:
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


def _apply(work: Work, place: int, option: Option, fits: list[_Fit]) -> None:
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
