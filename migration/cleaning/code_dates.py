"""Codes that a spreadsheet took for dates: MAR-1 is 1-Mar to it, and SEP-2 the second of September of this year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from migration.cleaning.range_dates import DATED, day_in_full, month_and_number, restore_ranges
from migration.cleaning.readings import read
from migration.cleaning.work import Column, Say, Work

_CODE = re.compile(r"([A-Za-z]{1,6})([-_/. ]?)(\d{1,4})")
_BACK = re.compile(r"(\d{1,4})([-_/. ]?)([A-Za-z]{1,6})")
#: different codes that show how the column writes them, the share of its other values that they are, and the share
#: from which nothing else can have been meant
_ENOUGH, _SHARE, _ALL = 5, 0.5, 0.95
#: letters of a month in a code
_LETTERS = 3
#: different values of a column that can have become dates, at most
_MOST = 0.5
_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class _Form:
    """How a column writes its codes. ``is_sole``: all of them so, with as many letters as the short name of a month."""

    mark: str
    digits: int
    is_upper: bool
    letters_first: bool
    is_sole: bool

    def written(self, month: int, number: int) -> str:
        letters = _NAMES[month - 1] if self.is_upper else _NAMES[month - 1].lower()
        parts = (letters, f"{number:0{self.digits}d}")
        return self.mark.join(parts if self.letters_first else parts[::-1])


def restore_values(work: Work, column: Column) -> None:
    """Rule ``value_to_date`` among words: codes, or ranges."""
    if not _are_codes(work, column):
        restore_ranges(work, column)


def restore_codes(work: Work, column: Column) -> None:
    """Rule ``value_to_date`` among identifiers."""
    _are_codes(work, column)


def _are_codes(work: Work, column: Column) -> bool:
    """Restore dates among codes of letters and digits: a date is the code that it was where the column writes
    that one elsewhere, or all of them alike with three letters. Else it is a doubt. False where
    the column has no such codes, or no dates."""
    groups = work.grouped(column)
    odd = {key: pairs for key in groups if (pairs := _pairs_of(key[1]))}
    if not odd or len(odd) > _MOST * len(groups):
        return False
    form = _form_of([key[1] for key in groups if key not in odd])
    if form is None:
        return False
    for key, pairs in odd.items():
        if key[0] == "str" and _is_as_usual(key[1], form):
            continue
        options = tuple(dict.fromkeys(form.written(*pair) for pair in pairs))
        written = [text for text in options if ("str", text) in groups]
        for place in groups[key]:
            if len(written) == 1 or (form.is_sole and len(options) == 1):
                work.change(column, place, "value_to_date", (written or options)[0])
            else:
                work.doubt(column, place, "value_to_date", options, Say(DATED))
    return True


def _pairs_of(value: Any) -> list[tuple[int, int]]:
    """(month, number) that a date can have been; two where day and month can be exchanged."""
    if pair := month_and_number(value) or day_in_full(value):
        return [pair] if 1 <= pair[0] <= len(_NAMES) else []
    found = read(value) if isinstance(value, str) and any(sign in value for sign in "/-.") else None
    days = found.days.values() if found and found.serial is None else ()
    return [(month, day) for _year, month, day in dict.fromkeys(days)]


def _form_of(values: Sequence[Any]) -> _Form | None:
    """How codes are written, where most values are some."""
    texts = [value for value in values if isinstance(value, str)]
    for form, letters_first in ((_CODE, True), (_BACK, False)):
        codes = [match for text in texts if (match := form.fullmatch(text))]
        if len(codes) < _ENOUGH or len(codes) < _SHARE * len(values):
            continue
        letters = [match[1 if letters_first else 3] for match in codes]
        digits = [match[3 if letters_first else 1] for match in codes]
        marks = Counter(match[2] for match in codes)
        mark, often = marks.most_common(1)[0]
        upper = sum(text.isupper() for text in letters)
        padded = {len(text) for text in digits if text.startswith("0")}
        return _Form(
            mark, max(padded, default=1), upper >= _SHARE * len(codes), letters_first,
            is_sole=often >= _ALL * len(values) and max(upper, len(codes) - upper) >= _ALL * len(codes)
            and all(len(text) == _LETTERS for text in letters),
        )  # fmt: skip
    return None


def _is_as_usual(text: str, form: _Form) -> bool:
    """MAR-1 itself, which no spreadsheet has read."""
    match = (_CODE if form.letters_first else _BACK).fullmatch(text)
    if match is None:
        return False
    letters = match[1 if form.letters_first else 3]
    return letters.isupper() if form.is_upper else letters.islower()
