"""Times of the day, as of clocking in: written as most of the column are, and never silently something else."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from migration.cleaning.clocks import is_duration
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import number_of

#: share of times from which a column is one of times, where its heading says so and elsewhere; and how many at least
_SAID, _SHARE, _LEAST = 0.5, 0.7, 3
_SAYS = re.compile(
    r"\b(time|clock|check[- ]?(in|out)|in|out|start|end|begin|from|to|until)\b|时间|上班|下班|打卡|签到", re.IGNORECASE
)
_TIME = re.compile(r"(\d{1,2})(?:[:点时h])(\d{2})(?:分|:([0-5]\d)(?:\.0+)?)?")
_BEFORE = re.compile(r"(上午|早上|凌晨|早|下午|晚上|晚|中午)\s*")
_BEHIND = re.compile(r"(\s*)([ap])(\.?)m\.?", re.IGNORECASE)
_LATE = frozenset({"下午", "晚上", "晚", "p"})
_HALF_WRITTEN = re.compile(r"(\d{1,2}):(\d)")
_DIGITS = re.compile(r"(\d{1,2})([0-5]\d)")
_POINT = re.compile(r"(\d{1,2})[.,](\d{1,2})")
_ODD_CLOCK = re.compile(r"\d{1,3}:\d{1,3}(:\d{1,2})?")
_NO_TIME = gettext_noop("This is no time of the day as the others are.")
_WHICH_HALF = gettext_noop("This can be in the morning or in the afternoon.")
_OF_A_DAY = gettext_noop("A spreadsheet keeps times as parts of a day: this may be such a part.")
_MINUTES, _NEAR, _LONG = 1440, Decimal("0.01"), 6


@dataclass(frozen=True)
class _Time:
    """``half``: how it says morning or afternoon, ``pm`` for the afternoon; empty where it has 24 hours."""

    hour: int
    minute: int
    second: int = 0
    has_seconds: bool = False
    is_padded: bool = False
    half: str = ""


@dataclass(frozen=True)
class _Form:
    has_seconds: bool
    half: str
    is_padded: bool

    def write(self, time: _Time) -> str:
        hour = (time.hour - 1) % 12 + 1 if self.half else time.hour
        text = f"{hour:02d}" if self.is_padded else str(hour)
        text += f":{time.minute:02d}" + (f":{time.second:02d}" if self.has_seconds else "")
        if not self.half:
            return text
        return text + (self.half if time.hour < 12 else self.half.replace("a", "p").replace("A", "P"))


def read_times(work: Work, column: Column) -> None:
    """Rule ``clock_times`` in columns of times of the day."""
    if is_duration(column.name, column.meaning):
        return
    groups = work.grouped(column)
    times = {key: time for key in groups if (time := _time(key[1])) is not None}
    parts = {key: part for key in groups if key not in times and (part := _part(key[1])) is not None}
    count = sum(len(groups[key]) for key in times)
    total = sum(map(len, groups.values()))
    says = bool(_SAYS.search(column.name))
    if count < _LEAST or count < (_SAID if says else _SHARE) * total:
        if says and parts and sum(len(groups[key]) for key in parts) >= _SHARE * total and any(map(_is_long, parts)):
            _ask_about_parts(work, column, {key: groups[key] for key in parts}, parts)
        return
    form = _form(times, groups)
    for key, places in groups.items():
        time = times.get(key) or parts.get(key)
        if time is None:
            candidates = _candidates(shown(key[1]), form)
            for place in places if candidates is not None else ():
                work.doubt(column, place, "clock_times", candidates or (), Say(_NO_TIME))
        elif form.half and not time.half and key in times and isinstance(key[1], str) and time.hour <= 12:
            both = [form.write(_Time(hour, time.minute, time.second)) for hour in (time.hour % 12, time.hour % 12 + 12)]
            for place in places:
                work.doubt(column, place, "clock_times", tuple(both), Say(_WHICH_HALF))
        elif not time.second or form.has_seconds:
            work.change_all(column, places, "clock_times", form.write(time))


def _is_long(key: tuple[str, Any]) -> bool:
    return len(shown(key[1]).partition(".")[2]) >= _LONG


def _ask_about_parts(
    work: Work, column: Column, groups: dict[tuple[str, Any], list[int]], parts: dict[tuple[str, Any], _Time]
) -> None:
    """A column of parts of days alone, whose heading speaks of times."""
    form = _Form(has_seconds=False, half="", is_padded=True)
    for key, places in groups.items():
        for place in places:
            work.doubt(column, place, "clock_times", (form.write(parts[key]), shown(key[1])), Say(_OF_A_DAY))


def _form(times: dict[tuple[str, Any], _Time], groups: dict[tuple[str, Any], list[int]]) -> _Form:
    """The way most are written in."""
    forms: Counter[tuple[bool, str]] = Counter()
    for key, time in times.items():
        forms[time.has_seconds, time.half] += len(groups[key])
    has_seconds, half = forms.most_common(1)[0][0]
    padded: Counter[bool] = Counter()
    for key, time in times.items():
        if (time.has_seconds, time.half) == (has_seconds, half) and (
            (time.hour - 1) % 12 + 1 if half else time.hour
        ) < 10:
            padded[time.is_padded] += len(groups[key])
    return _Form(has_seconds, half, padded.most_common(1)[0][0] if padded else not half)


def _time(cell: Any) -> _Time | None:
    if isinstance(cell, dt.time):
        return _Time(cell.hour, cell.minute, cell.second, has_seconds=True, is_padded=True)
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).strip()
    half = ""
    is_late: bool | None = None
    if match := _BEFORE.match(text):
        is_late, text = match[1] in _LATE, text[match.end() :]
    elif match := _BEHIND.search(text):
        if match.end() != len(text):
            return None
        is_late, text = match[2].lower() == "p", text[: match.start()]
        half = match[0].replace("p", "a").replace("P", "A")
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if is_late is not None and hour <= 12:
        hour = hour % 12 + (12 if is_late else 0)
    if hour > 24 or minute > 59 or (hour == 24 and (minute or second)):
        return None
    return _Time(hour, minute, second, match[3] is not None, len(match[1]) == 2, half)


def _part(cell: Any) -> _Time | None:
    """0.354166 as 8:30: a time as a spreadsheet keeps it."""
    if isinstance(cell, str) and not re.fullmatch(r"0?[.,]\d+", cell.strip()):
        return None
    try:
        minutes = number_of(cell.replace(",", ".") if isinstance(cell, str) else cell) * _MINUTES
    except (ValueError, ArithmeticError):
        return None
    if not 0 < minutes < _MINUTES or abs(minutes - round(minutes)) > _NEAR:
        return None
    return _Time(round(minutes) // 60, round(minutes) % 60)


def _candidates(text: str, form: _Form) -> tuple[str, ...] | None:
    """What a cell can be that looks like a time and is none; None for words, which say something else."""
    text = unicodedata.normalize("NFKC", text).strip()
    found: list[tuple[str, str]] = []
    if match := _HALF_WRITTEN.fullmatch(text):
        found = [(match[1], f"0{match[2]}"), (match[1], f"{match[2]}0")]
    elif match := _POINT.fullmatch(text):
        found = [(match[1], match[2].ljust(2, "0"))]
    elif match := _DIGITS.fullmatch(text):
        found = [(match[1], match[2])]
    elif not (_ODD_CLOCK.fullmatch(text) or text.isdigit()):
        return None
    return tuple(
        form.write(_Time(int(hour), int(minute))) for hour, minute in found if int(hour) < 24 and int(minute) < 60
    )
