"""Rows that only sum others up, and rows of the greatest and the least beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from migration.cleaning.headings import is_filled
from migration.cleaning.meanings import meaning_of
from migration.cleaning.numbers import looks_like_number, number_in
from migration.cleaning.placeholders import is_lost, is_placeholder
from migration.cleaning.readings import looks_like_date
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold, tidy
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

_SUMS = re.compile(
    r"((grand|sub|running|net|overall|sum|page|dept|department|company)[\s-]*)?totals?|sum|average|avg|mean|overall|"
    r"(本(页|月|年|季度?|部门|班|组|公司|单位)|部门|公司|全公司|全厂|分类|当月|月度|年度)?(小计|合计|总计|共计|累计|汇总)|"
    r"总和|总数|平均|平均值|平均数|平均分|均值|小計|合計|總計|共計|平均數|summe|gesamt|durchschnitt",
    re.IGNORECASE,
)
#: what is behind or in front of the word for a sum: a count in brackets
_COUNTED = re.compile(
    r"\s*[(（]?\s*(共|n\s*=)?\s*\d+\s*(人|名|条|项|行|people|persons?|rows|records|employees)?\s*[)）]?$", re.I
)
_SUM_BEGINS = re.compile(
    r"(小计|合计|总计|共计|小計|合計|總計|grand total|sub-?total|(total|sum|average) (for|of))\b|totals?\s*[:：]|"
    r".{1,30}(\s(sub-?)?total|小计|合计|小計|合計)$",
    re.IGNORECASE,
)
_EXTREMES = re.compile(
    r"max(imum)?|min(imum)?|median|highest|lowest|std|standard deviation|count|"
    r"最高分?|最低分?|最大值|最小值|中位数|标准差|人数",
    re.IGNORECASE,
)
#: what is a level as well
_MEANS = re.compile(r"average|avg|mean|sum|overall|平均", re.IGNORECASE)
_APART = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
#: who a row is about
_WHO = frozenset({"employee_no", "record_no", "id_number", "name", "first_name", "last_name", "email", "phone"})
#: letters of a cell that may be a word for a sum
_LONGEST_WORD = 100
#: columns among whose first filled cells the word stands
_FIRST = 3
#: share of rows from which a column always has something, and of these columns that a row lacks that is none
_ALWAYS, _LACKS = 0.8, 0.4
#: columns whose sums must be right where no word says so
_RIGHT = 2

_SUM = gettext_noop("The row sums others up.")
_SEEMS = gettext_noop("The row seems to sum others up.")


@dataclass(frozen=True)
class _Table:
    """``always``: places of columns that hardly a row leaves empty; ``who``: of those that say of whom a row tells."""

    always: frozenset[int]
    who: frozenset[int]
    words: Sequence[Counter[str]]


def drop_sums(work: Work) -> None:
    """Rows that have a word for a sum where others have somebody's name or number, and numbers alone beside it."""
    places: set[int] = set()
    for column in work.columns:
        places.update(work.places_of(column, _may_sum))
    if places:
        table = _table_of(work, places)
        for place in sorted(places):
            _look_at(work, place, table)
    _drop_wordless(work)


def _look_at(work: Work, place: int, table: _Table) -> None:
    cells = [tidy(text_of(column.cells[place])) for column in work.columns]
    filled = [number for number, text in enumerate(cells) if text and not _says_nothing(text)]
    at = next((one for one in filled[:_FIRST] if _is_sum(cells[one], table)), -1)
    if at < 0:
        return
    others = [one for one in filled if one != at and not _is_sum(cells[one], table)]
    is_named = any(
        one in table.who
        and not _counts(cells[one], table.words[one])
        and not _right_in(work, place, [work.columns[one]])
        for one in others
    )
    has_day = any(looks_like_date(cells[one]) and not looks_like_number(cells[one]) for one in others)
    lacking = table.always.difference(others, [at])
    is_short = len(lacking) + (at in table.always) >= max(2, _LACKS * len(table.always))
    if (not lacking and (has_day or is_named)) or (is_named and at in table.who and not is_short):
        # Total is somebody's name, and Average a level
        return
    words = [one for one in others if not looks_like_number(cells[one])]
    is_plain = all(table.words[one][fold(cells[one])] > 1 for one in words)
    if not (is_named or has_day) and is_plain and (lacking or is_short or _is_right(work, place, at)):
        work.drop(place, "totals", Say(_SUM))
    elif table.who or not _MEANS.fullmatch(_word(cells[at])):
        work.doubt_row(place, "totals", Say(_SEEMS))


def _table_of(work: Work, apart: set[int]) -> _Table:
    """Of the rows that are not ``apart``."""
    places = [place for place in work.places() if place not in apart]
    counts = [Counter(fold(text_of(column.cells[place])) for place in places) for column in work.columns]
    who = {
        number for number, column in enumerate(work.columns)
        if (column.field or meaning_of(column.name)) in _WHO and not _counts_rows(column, work)
    }  # fmt: skip
    always = frozenset(number for number, count in enumerate(counts) if count[""] <= (1 - _ALWAYS) * len(places))
    return _Table(always, frozenset(who), counts)


def _counts_rows(column: Column, work: Work) -> bool:
    """1, 2, 3 … names nobody."""
    if (column.field or meaning_of(column.name)) != "record_no":
        return False
    texts = [text for place in work.places() if (text := tidy(text_of(column.cells[place])))]
    return bool(texts) and texts[:2] == ["1", "2"]


def _counts(text: str, words: Counter[str]) -> bool:
    """A number where the column has none: how many people there are, and no name."""
    return text.isdigit() and not any(word and looks_like_number(word) for word in words)


def _says_nothing(text: str) -> bool:
    return is_placeholder(text) or is_lost(text)


def _may_sum(cell: Any) -> bool:
    word = _word(text_of(cell))
    return bool(_SUMS.fullmatch(word) or _SUM_BEGINS.match(word) or _rest(word))


def _word(text: str) -> str:
    if len(text) > _LONGEST_WORD:
        return text
    word = _APART.sub("", tidy(text)).strip(":：.。*-=— ")
    return _COUNTED.sub("", word).rstrip(":： ") or word


def _rest(word: str) -> str:
    """What stands beside a word for a sum: the name of a group, as in Total Sales; empty where there is no such."""
    match = _BESIDE.fullmatch(word)
    return (match[1] or match[2] or "").strip("-–—:： ") if match else ""


_BESIDE = re.compile(
    r"(?:(?:sub-?)?total|average)\b(.{1,40})|(.{1,40})(?:\b(?:sub-?)?total|\baverage|小计|合计|小計|合計|平均)", re.I
)


def _is_sum(text: str, table: _Table) -> bool:
    word = _word(text)
    if _SUMS.fullmatch(word) or _SUM_BEGINS.match(word):
        return True
    rest = fold(_rest(word))
    return bool(rest) and any(count[rest] > 1 for count in table.words)


def drop_extremes(work: Work) -> None:
    """Rows of the greatest, the least and such beside a row of sums; Max is a name elsewhere."""
    places: set[int] = set()
    for column in work.columns[:2]:
        places.update(
            work.places_of(column, lambda cell: bool(_EXTREMES.fullmatch(tidy(text_of(cell)).rstrip(":： "))))
        )
    sums = {place for place, one in work.dropped.items() if one.rule == "totals"}
    for place in (*sorted(places), *sorted(places, reverse=True)):
        filled = sum(is_filled(column.cells[place]) for column in work.columns)
        if filled <= 0.6 * len(work.columns) and {place - 1, place + 1} & sums and place not in work.dropped:
            work.drop(place, "totals", Say(_SUM))
            sums.add(place)


# --- sums that are right ----------------------------------------------------------------------------------------------
def _drop_wordless(work: Work) -> None:
    """The last row where it names nobody and its numbers are the sums, or means, of those above."""
    last = next((place for place in range(len(work.numbers) - 1, -1, -1) if place not in work.dropped), -1)
    if last < _LEAST_SUMMED:
        return
    filled = [column for column in work.columns if is_filled(column.cells[last])]
    if len(filled) > (1 - _LACKS / 2) * len(work.columns) or not filled:
        return
    if all(_number(column.cells[last]) is not None for column in filled) and _right_in(work, last, filled) >= _RIGHT:
        work.drop(last, "totals", Say(_SUM))


#: rows above a sum without a word
_LEAST_SUMMED = 4


def _is_right(work: Work, place: int, at: int) -> bool:
    others = [one for number, one in enumerate(work.columns) if number != at and is_filled(one.cells[place])]
    return bool(others) and _right_in(work, place, others) >= min(_RIGHT, len(others))


def _right_in(work: Work, place: int, columns: Sequence[Column]) -> int:
    """In how many of the columns the number is the sum, or mean, of all above, or of those since the last sum."""
    begin = max((one for one, gone in work.dropped.items() if gone.rule == "totals" and one < place), default=-1) + 1
    right = 0
    for column in columns:
        own = _number(column.cells[place])
        for start in {0, begin} if own is not None else ():
            above = [
                number for one in range(start, place)
                if one not in work.dropped and (number := _number(column.cells[one])) is not None
            ]  # fmt: skip
            if len(above) > 1 and _is_near(own, sum(above), len(above)):
                right += 1
                break
    return right


def _is_near(own: Decimal | None, total: Decimal | int, count: int) -> bool:
    """Written with as many digits as the sum has, or rounded."""
    if own is None or not total:
        return False
    total = Decimal(total)
    slack = Decimal(10) ** min(0, int(own.as_tuple().exponent)) / 2 + abs(own) / 1_000_000
    return abs(own - total) <= slack or abs(own - total / count) <= slack


def _number(cell: Any) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return Decimal(str(cell))
    return number_in(cell)[0] if isinstance(cell, str) and cell and len(cell) < _LONGEST else None


_LONGEST = 40
