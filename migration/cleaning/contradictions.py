"""Cells of a row that cannot all be true."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Set

from migration.cleaning.day_order import day_in, exchanged, pair_of, texts
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.work import Column, Say, Work, shown
from migration.cleaning.years import YOUNGEST, age

#: share of the active from which an exit date is no slip, and how many are some, whatever the share
_MANY, _SOME = 0.2, 3
#: words of the column that are offered at most
_OFFERED = 3
_ACTIVE = frozenset(fold(word) for word in ("active", "employed", "在职", "在岗", "current", "working"))
_EXIT_BEFORE = gettext_noop("The exit lies before the hire on %(hire)s.")
_HIRE_AFTER = gettext_noop("The hire lies after the exit on %(exit)s.")
_BEFORE_HIRE = gettext_noop("This lies before the hire on %(hire)s.")
_AFTER_EXIT = gettext_noop("This lies after the exit on %(exit)s.")
#: what no import takes, whatever a person says of the cell
NEVER = frozenset({_EXIT_BEFORE, _HIRE_AFTER, _BEFORE_HIRE, _AFTER_EXIT})


def report_date_order(work: Work) -> None:
    """Rule ``date_order``."""
    birth, hired, left = work.meaning("birth_date"), work.meaning("hire_date"), work.meaning("exit_date")
    happened = work.meaning("happened_on")
    too_young = _too_young(work, birth, hired)
    for place in list(work.places()):
        born, start = day_in(birth, place), day_in(hired, place)
        if birth and born and (born > work.today or age(born, work.today) > 110):
            work.doubt(birth, place, "date_order", (), Say(gettext_noop("Nobody who works was born on this day.")))
        elif birth and hired and born and start and place in too_young:
            is_exchanged = age(start, born) >= YOUNGEST
            reason = Say(gettext_noop("Somebody born on %(birth)s was not hired on this day."), {"birth": born})
            work.doubt(hired, place, "date_order", texts(born if is_exchanged else None), reason)
            reason = Say(gettext_noop("The hire on %(hire)s says otherwise."), {"hire": start})
            work.doubt(birth, place, "date_order", texts(start if is_exchanged else None), reason)
    if hired and left:
        jobs = pair_of(work, hired, left)
        for place, start, end in jobs.wrong():
            for_hire, for_exit = jobs.options(start, end)
            work.doubt(left, place, "date_order", for_exit, Say(_EXIT_BEFORE, {"hire": start}))
            work.doubt(hired, place, "date_order", for_hire, Say(_HIRE_AFTER, {"exit": end}))
    if happened:
        _report_events(work, happened, hired, left)


#: share of the rows from which those hired as children are no slips, as in tables that somebody made up
_MADE_UP = 0.1
_TOO_YOUNG = gettext_noop(
    "In %(count)s of %(rows)s rows “%(hire)s” lies less than %(years)s years after “%(birth)s”: nobody seems to have "
    "looked at them together, and all stay as they are."
)


def _too_young(work: Work, birth: Column | None, hired: Column | None) -> set[int]:
    """Places of those who were hired as children, unless a note says that there are too many."""
    if birth is None or hired is None:
        return set()
    ages = {
        place: age(born, start) for place in work.places()
        if (born := day_in(birth, place)) and (start := day_in(hired, place)) and born <= work.today
    }  # fmt: skip
    found = {place for place, years in ages.items() if years < YOUNGEST}
    if len(found) <= max(_SOME, _MADE_UP * len(ages)):
        return found
    said = {"count": len(found), "rows": len(ages), "hire": hired.name, "birth": birth.name, "years": YOUNGEST}
    work.notes.append(Say(_TOO_YOUNG, said))
    return set()


#: share of the rows from which a day that is only taken for one of trainings has nothing to do with the job
_NO_ORDER = 0.4
_NO_ORDER_SHOWN = gettext_noop(
    "In %(count)s of %(rows)s rows “%(second)s” lies before “%(first)s”: the two seem to have nothing to do with each "
    "other, and all stay as they are."
)


def _report_events(work: Work, happened: Column, hired: Column | None, left: Column | None) -> None:
    """What happened before the hire or after the exit of its row; those too where both seem exchanged."""
    for first, second in ((hired, happened), (happened, left)):
        if first is None or second is None:
            continue
        pair = pair_of(work, first, second)
        wrong = list(pair.wrong())
        if not happened.field and len(wrong) > max(_SOME, _NO_ORDER * len(pair.days)):
            said = {"count": len(wrong), "rows": len(pair.days), "first": first.name, "second": second.name}
            work.notes.append(Say(_NO_ORDER_SHOWN, said))
            continue
        for place, one, other in wrong:
            start, end = (day.isoformat() if (day := day_in(column, place)) else "" for column in (hired, left))
            if start and end and end < start:
                continue
            for_first, for_second = pair.options(one, other)
            if first is hired:
                options = [day for day in for_second if not end or day <= end]
                work.doubt(happened, place, "date_order", options, Say(_BEFORE_HIRE, {"hire": one}))
            else:
                options = [day for day in for_first if day >= start]
                work.doubt(happened, place, "date_order", options, Say(_AFTER_EXIT, {"exit": other}))
            if pair.shows(len(wrong)) and pair.usual[2].is_shown and pair.can_be_exchanged(one, other):
                pair.ask(work, place)


def _report_outside(
    work: Work, happened: Column, place: int, day: dt.date, start: dt.date | None, end: dt.date | None
) -> None:
    """What happened before the hire or after the exit; the day with day and month exchanged may lie between them."""
    other = exchanged(happened, day)
    fits = other and (start is None or start <= other) and (end is None or other <= end)
    options = texts(other if fits else None)
    if start and day < start:
        work.doubt(happened, place, "date_order", options, Say(_BEFORE_HIRE, {"hire": start}))
    elif end and day > end:
        work.doubt(happened, place, "date_order", options, Say(_AFTER_EXIT, {"exit": end}))


def report_status(work: Work) -> None:
    """Rule ``status``: one of both cells is wrong; where it happens often, nobody keeps it: a note says so."""
    status, left = work.meaning("status"), work.meaning("exit_date")
    if status is None or left is None:
        return
    active = [place for place in work.places() if fold(shown(status.cells[place])) in _ACTIVE]
    _report_without_exit(work, status, left, active)
    exits = {place: day for place in work.places() if (day := day_in(left, place)) and day <= work.today}
    odd = [place for place in active if place in exits]
    odd = _not_yet_gone(work, left, odd, exits.keys() - set(active) - status.doubted, exits)
    if len(odd) > max(_SOME, _MANY * len(active)):
        said = {"count": len(odd), "rows": len(active), "status": status.name, "exit": left.name}
        work.notes.append(Say(_NOT_KEPT, said))
        return
    gone = Counter(
        word for place in work.places()
        if (word := shown(status.cells[place])) and place not in status.doubted and fold(word) not in _ACTIVE
        and place in exits
    )  # fmt: skip
    words = tuple(word for word, _count in gone.most_common(_OFFERED))
    for place in active:
        if place in left.doubted - left.no_days and any(map(str.isdigit, shown(left.cells[place]).replace("#", "0"))):
            # which day it was is asked about already
            odd.append(place)
    for place in odd:
        work.doubt(left, place, "status", ("",), Say(gettext_noop("An active employee has no exit date in the past.")))
        work.doubt(status, place, "status", words, Say(gettext_noop("Active, with an exit date in the past.")))


def _not_yet_gone(work: Work, left: Column, active: list[int], gone: Set[int], exits: dict[int, dt.date]) -> list[int]:
    """Of the active with an exit those who contradict it. Where another day of the row lies before the exit of nearly
    all of them, and on or behind it in the rows of those who left, the status is of that day: they were still there."""
    if len(active) < _DATED or len(gone) < _DATED:
        return active
    for column in work.columns:
        if column is left or column.type != "date" or column.meaning in _OF_PERSONS:
            continue
        days = {place: day for place in exits if (day := day_in(column, place))}
        here, there = days.keys() & set(active), days.keys() & gone
        before = {place for place in here if days[place] < exits[place]}
        behind = sum(days[place] >= exits[place] for place in there)
        if min(len(here), len(there)) < _DATED:
            continue
        if len(before) >= _NEARLY * len(here) and behind >= _NEARLY * len(there):
            return sorted(here - before)
    return active


#: rows that show that a status is of a day, and the share of them that must
_DATED, _NEARLY = 6, 0.9
#: days that are the same in every row of a person
_OF_PERSONS = frozenset({"birth_date", "hire_date", "exit_date"})
_DEPARTED = re.compile(r"terminat|resign|separated|retired|dismissed|\bleft\b|leaver|离职|离退|退休|辞退|辞职|解聘")
#: rows with an exit date that show that a status goes with one, and the share of those without that may be slips
_ENOUGH, _LACKING, _LACKING_KNOWN = 10, 0.1, 0.34


def _report_without_exit(work: Work, status: Column, left: Column, active: list[int]) -> None:
    """Those whose status goes with an exit date, and who have none."""
    groups: dict[str, list[int]] = {}
    for place, cell in work.filled(status):
        if (word := fold(shown(cell))) and word not in _ACTIVE and place not in left.doubted:
            groups.setdefault(word, []).append(place)
    here = Counter(shown(status.cells[place]) for place in active if place not in status.doubted).most_common(1)
    for word, places in groups.items():
        lacking = [place for place in places if not shown(left.cells[place])]
        least, share = (_SOME, _LACKING_KNOWN) if _DEPARTED.search(word) else (_ENOUGH, _LACKING)
        if len(places) - len(lacking) < least or len(lacking) > share * len(places):
            continue
        for place in lacking:
            own = shown(status.cells[place])
            work.doubt(left, place, "status", (), Say(gettext_noop("The status says that somebody left; a day lacks.")))
            options = (own, *(active_word for active_word, _count in here))
            work.doubt(status, place, "status", options, Say(gettext_noop("Gone, without an exit date.")))


_NOT_KEPT = gettext_noop(
    "%(count)s of %(rows)s who are active by “%(status)s” have a day in the past in “%(exit)s”: nobody seems to keep "
    "the status, and all stay as they are."
)


def report_own_manager(work: Work) -> None:
    """Rule ``own_manager``."""
    for own, other in (("employee_no", "manager_no"), ("name", "manager_name")):
        mine, theirs = work.meaning(own), work.meaning(other)
        if mine is None or theirs is None:
            continue
        for place, cell in list(work.filled(theirs)):
            if fold(shown(cell)) and fold(shown(cell)) == fold(shown(mine.cells[place])):
                work.doubt(theirs, place, "own_manager", ("",), Say(gettext_noop("Nobody is their own manager.")))


def report_departed(work: Work, exits: dict[str, dt.date], hires: dict[str, dt.date]) -> None:
    """Rule ``date_order`` with what another table says of the persons: records before the hire or after the exit."""
    key, happened = work.meaning("employee_no"), work.meaning("happened_on")
    if key is None or happened is None:
        return
    for place in list(work.places()):
        who, day = shown(key.cells[place]), day_in(happened, place)
        if day:
            _report_outside(work, happened, place, day, hires.get(who), exits.get(who))
