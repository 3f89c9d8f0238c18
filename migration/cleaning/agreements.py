"""Cells of a row that say the same in two ways: an age and a birth date, a score and whether it was enough."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migration.cleaning.day_order import day_in
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown
from migration.cleaning.years import age
from migration.rules import NO, YES, folded

#: rows that show how two columns go together, and the share of them that may say otherwise
_ENOUGH, _SLIPS = 10, 0.1
#: years that an age may be off: counted at another time of the year, or by years alone
_OFF = 1


def report_ages(work: Work) -> None:
    """Rule ``ages``: ages that do not go with the birth date, where nearly all others do: on one day, or on a day that
    another column has, as that of an application."""
    birth, ages = work.meaning("birth_date"), work.meaning("age")
    if birth is None or ages is None or ages.type != "number":
        return
    stated = {
        place: (born, int(number)) for place, cell in work.filled(ages)
        if (born := day_in(birth, place)) and (number := _number(cell)) is not None and number == int(number)
    }  # fmt: skip
    if len(stated) < _ENOUGH:
        return
    best: dict[int, int] = {}
    for days in _countings(work, stated):
        counted = {place: age(stated[place][0], day) for place, day in days.items() if place in stated}
        if _fitting(stated, counted) > _fitting(stated, best):
            best = counted
    wrong = [place for place, count in best.items() if abs(stated[place][1] - count) > _OFF]
    if len(best) < _ENOUGH or len(wrong) > _SLIPS * len(best):
        return
    for place in wrong:
        born, number = stated[place]
        meant = _years_later(born, best[place] - number)
        said = gettext_noop("Born on %(birth)s, this person would be %(age)s.")
        reason = Say(said, {"birth": born, "age": best[place]})
        work.doubt(ages, place, "ages", (str(best[place]), str(number)), reason)
        other = Say(gettext_noop("The age of %(age)s says another year of birth."), {"age": number})
        work.doubt(birth, place, "ages", (meant.isoformat(), born.isoformat()), other)


def _fitting(stated: dict[int, tuple[dt.date, int]], counted: dict[int, int]) -> int:
    return sum(stated[place][1] == count for place, count in counted.items())


def _countings(work: Work, stated: dict[int, tuple[dt.date, int]]) -> Iterator[dict[int, dt.date]]:
    """The days on which ages may have been counted, by place: the same for all, or those of another column."""
    yield dict.fromkeys(stated, _day_of_most(list(stated.values())))
    for column in work.columns:
        if column.type == "date" and column.meaning != "birth_date":
            yield {place: day for place in stated if (day := day_in(column, place))}


def _day_of_most(stated: list[tuple[dt.date, int]]) -> dt.date:
    """The day on which most have the age that is stated."""
    turns = [(_years_later(born, number + more), 1 - 2 * more) for born, number in stated for more in (0, 1)]
    best = count = 0
    found = turns[0][0]
    for day, turn in sorted(turns):
        count += turn
        if count > best:
            best, found = count, day
    return found


def _years_later(day: dt.date, years: int) -> dt.date:
    year = min(max(day.year + years, 1), 9999)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _number(cell: object) -> float | None:
    try:
        number = float(shown(cell))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


_OUTCOME = re.compile(r"pass|outcome|result|qualif|合格|通过|及格|结果|结论", re.IGNORECASE)
_SCORE = re.compile(r"score|mark|points?\b|成绩|得分|分数|总分|评分", re.IGNORECASE)
#: share of the rows, and of the rarer outcome, that may contradict a limit
_FEW, _MOST = 0.1, 0.34
_PASSED = frozenset(map(folded, YES)) | {"completed"}
_FAILED = frozenset(map(folded, NO))


@dataclass(frozen=True)
class Limit:
    """From ``least`` on a score is enough; the rows at ``wrong`` say otherwise."""

    least: float
    wrong: tuple[int, ...]


def report_outcomes(work: Work) -> None:
    """Rule ``outcomes``: passed or failed in spite of the score, where a limit tells nearly all outcomes."""
    for outcome in work.columns:
        if not (outcome.field == "passed" or _OUTCOME.search(outcome.name)) or outcome.type not in (
            "truth",
            "category",
        ):
            continue
        told = {place: truth for place, cell in work.filled(outcome) if (truth := _truth(cell)) is not None}
        if len(told) < _ENOUGH or len(told) < (1 - _SLIPS) * sum(1 for _one in work.filled(outcome)):
            continue
        limits = [(score, limit) for score in _scores(work) if (limit := _limit_of(work, score, told)) is not None]
        if limits:
            score, limit = min(limits, key=lambda one: len(one[1].wrong))
            _ask(work, outcome, score, limit, told)


def _scores(work: Work) -> list[Column]:
    return [one for one in work.columns if one.type == "number" and (one.meaning == "score" or _SCORE.search(one.name))]


def _truth(cell: object) -> bool | None:
    word = folded(shown(cell))
    return True if word in _PASSED else False if word in _FAILED else None


def _limit_of(work: Work, score: Column, told: dict[int, bool]) -> Limit | None:
    """The limit that contradicts the fewest rows; None where no limit tells the outcome."""
    numbers = {
        place: number for place, cell in work.filled(score)
        if place in told and (number := _number(cell)) is not None
    }  # fmt: skip
    failed = sum(not told[place] for place in numbers)
    rarer = min(failed, len(numbers) - failed)
    if len(numbers) < _ENOUGH or not rarer:
        return None
    in_order = sorted(numbers, key=lambda place: (numbers[place], told[place]))
    # rows below the limit that passed, and rows from it on that failed
    wrong, best, least = failed, failed, in_order[0]
    for place, following in zip(in_order, [*in_order[1:], None], strict=True):
        wrong += 1 if told[place] else -1
        is_border = following is None or numbers[following] > numbers[place]
        if is_border and wrong < best and following is not None:
            best, least = wrong, following
    limit = numbers[least]
    odd = tuple(place for place, number in numbers.items() if (number >= limit) != told[place])
    if not odd or len(odd) > _FEW * len(numbers) or len(odd) > max(1, _MOST * rarer) or len(odd) >= rarer > 1:
        return None
    if rarer == 1 and len(numbers) < 2 * _ENOUGH:
        return None
    return Limit(limit, odd)


def _ask(work: Work, outcome: Column, score: Column, limit: Limit, told: dict[int, bool]) -> None:
    words = {truth: _word(work, outcome, truth, told) for truth in (True, False)}
    reason = gettext_noop("The score of %(score)s says otherwise: %(limit)s and more is enough in the other rows.")
    said = gettext_noop("The outcome says otherwise: %(limit)s and more is enough in the other rows.")
    values = {"limit": f"{limit.least:g}"}
    for place in limit.wrong:
        own, other = shown(outcome.cells[place]), words[not told[place]]
        options = (other, own) if other else (own,)
        work.doubt(outcome, place, "outcomes", options, Say(reason, {"score": shown(score.cells[place]), **values}))
        work.doubt(score, place, "outcomes", (), Say(said, values))


def _word(work: Work, outcome: Column, truth: bool, told: dict[int, bool]) -> str:
    """What the column most often says for it."""
    words: Sequence[str] = [shown(cell) for place, cell in work.filled(outcome) if told.get(place) is truth]
    return max(words, key=words.count, default="") if words else ""
