"""Two days of a row in the wrong order: completed before enrolled, reviewed before hired, left before either."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration.cleaning.registry import gettext_noop
from migration.cleaning.usual import Usual, usual_of
from migration.cleaning.work import Column, Say, Work, shown

#: rows that show an order, and the share of them that may be slips of it; one always may
_ENOUGH, _SLIPS = 10, 0.05
_BEFORE = gettext_noop("This lies before %(heading)s, %(day)s.")
_AFTER = gettext_noop("This lies after %(heading)s, %(day)s.")

#: stages of what happens to a person, in their order
_BIRTH, _APPLICATION, _INTERVIEW, _HIRE, _START, _EVENT, _END = range(7)
_STAGES = {
    "birth_date": _BIRTH, "applied_on": _APPLICATION, "hire_date": _HIRE, "assignment_start": _START,
    "start_date": _START, "happened_on": _EVENT, "exit_date": _END, "end_date": _END,
}  # fmt: skip
#: what is planned or due comes whenever it does
_PLANNED = re.compile(
    r"\b(due|plan|planned|expected|scheduled?|target|next|deadline|forecast|follow up|probation|renewal|retire\w*)\b|"
    r"计划|预计|应完成|应到|下次|目标|转正|退休|届满|有效",
    re.IGNORECASE,
)
_WORDS = (
    (_END, r"exit|terminat|resign|separat|leaving|expir|until|valid to|\bend(s|ed|ing)?\b"),
    (_END, "离职|结束|终止|截止|到期|失效"),
    (_EVENT, r"complet|finish|review|evaluat|apprais|graduat|train(ing|ed)|promot|passed|\bexam|certif"),
    (_EVENT, "完成|毕业|考核|评估|评审|培训|考试|晋升"),
    (_START, "enrol|start|begin|began|commenc|valid from|registered|assigned|opened|开始|起始|报名|生效|开课"),
    (_APPLICATION, "appl(y|ied|ication)|申请|应聘"),
    (_INTERVIEW, "interview|面试|初试|复试"),
    (_HIRE, r"\bhired?\b|join|入职"),
)
_FORMS = tuple((stage, re.compile(text, re.IGNORECASE)) for stage, text in _WORDS)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
#: pairs with sentences of their own (contradictions.py)
_OWN = frozenset({
    ("birth_date", "hire_date"), ("hire_date", "exit_date"), ("hire_date", "happened_on"),
    ("happened_on", "exit_date"),
})  # fmt: skip


def day_in(column: Column | None, place: int) -> dt.date | None:
    """The day of a clean cell that is not in doubt."""
    if column is None or place in column.doubted:
        return None
    try:
        return dt.date.fromisoformat(shown(column.cells[place])[:10])
    except ValueError:
        return None


def exchanged(column: Column, day: dt.date) -> dt.date | None:
    """The day with day and month exchanged, where that is another one and can have happened."""
    if column.names_months or day.day > 12 or day.day == day.month:
        return None
    return dt.date(day.year, day.day, day.month)


def texts(*days: dt.date | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day.isoformat() for day in days if day))


@dataclass(frozen=True)
class Pair:
    """Two columns of which the first comes first, and where the days of each, and what lies between them, usually
    are."""

    first: Column
    second: Column
    days: dict[int, tuple[dt.date, dt.date]]
    usual: tuple[Usual, Usual, Usual]

    def wrong(self) -> Iterator[tuple[int, dt.date, dt.date]]:
        """(place, day of the first, day of the second) of rows in which they stand the other way round."""
        for place, (one, other) in self.days.items():
            if other < one:
                yield place, one, other

    def shows(self, wrong: int) -> bool:
        """Whether so few are in the wrong order that they are slips."""
        return len(self.days) >= _ENOUGH and wrong <= max(1, _SLIPS * len(self.days))

    def ask(self, work: Work, place: int) -> None:
        """Ask about both days of a row."""
        one, other = self.days[place]
        for_first, for_second = self.options(one, other)
        said = Say(_BEFORE, {"heading": self.first.name, "day": one})
        work.doubt(self.second, place, "date_order", for_second, said)
        said = Say(_AFTER, {"heading": self.second.name, "day": other})
        work.doubt(self.first, place, "date_order", for_first, said)

    def can_be_exchanged(self, one: dt.date, other: dt.date) -> bool:
        """Whether each day is one of the other column's usual ones, and what then lies between them is usual."""
        first, second, between = self.usual
        return other.toordinal() in first and one.toordinal() in second and (one - other).days in between

    def options(self, one: dt.date, other: dt.date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What each of two days in the wrong order can be: the other's, or itself with day and month exchanged, or a
        year beside where that is usual. Both first ones go together."""
        both = self.can_be_exchanged(one, other)
        earlier, later = exchanged(self.first, one), exchanged(self.second, other)
        return (
            texts(
                other if both else None,
                earlier if earlier and earlier <= other else None,
                self._in_year(one, one.year - 1, other),
            ),
            texts(
                one if both else None,
                later if later and one <= later else None,
                self._in_year(other, other.year + 1, one),
            ),
        )

    def _in_year(self, day: dt.date, year: int, that: dt.date) -> dt.date | None:
        try:
            found = day.replace(year=year)
        except ValueError:
            return None
        apart = (that - found if year < day.year else found - that).days
        return found if apart >= 0 and self.usual[2].is_shown and apart in self.usual[2] else None


def pair_of(work: Work, first: Column, second: Column) -> Pair:
    days = {
        place: (one, other) for place in work.places()
        if (one := day_in(first, place)) and (other := day_in(second, place))
    }  # fmt: skip
    right = [(one.toordinal(), other.toordinal()) for one, other in days.values() if one <= other]
    usual = (
        usual_of(one for one, _other in right),
        usual_of(other for _one, other in right),
        usual_of(other - one for one, other in right),
    )
    return Pair(first, second, days, usual)


def report_shown_order(work: Work) -> None:
    """Rule ``date_order`` for columns whose headings speak of an earlier and a later day, where nearly all rows have
    them so: both cells of a row that has not are asked about."""
    staged = [(stage, column) for column in work.columns if (stage := _stage(column)) is not None]
    staged.sort(key=lambda one: one[0])
    for (earlier, first), (later, second) in itertools.combinations(staged, 2):
        if earlier == later or (first.meaning, second.meaning) in _OWN:
            continue
        pair = pair_of(work, first, second)
        wrong = [place for place, _one, _other in pair.wrong()]
        for place in wrong if pair.shows(len(wrong)) else ():
            pair.ask(work, place)


def may_be_ahead(column: Column) -> bool:
    """Whether days of a column may well be still to come: what ends, and what is planned."""
    return bool(_PLANNED.search(_words(column))) or _stage(column) == _END


def _words(column: Column) -> str:
    return _CAMEL.sub(" ", column.name)


def _stage(column: Column) -> int | None:
    words = _words(column)
    if column.type != "date" or _PLANNED.search(words):
        return None
    if column.meaning in _STAGES:
        return _STAGES[column.meaning]
    return next((stage for stage, form in _FORMS if form.search(words)), None)
