"""Cells of a row that cannot all be true."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from migration.cleaning.day_order import day_in, exchanged, pair_of, texts
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.work import Column, Say, Work, shown
from migration.cleaning.years import YOUNGEST, age

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CHECK_DIGIT = gettext_noop("The check digit of the ID number is wrong.")
#: share of the active from which an exit date is no slip, and how many are some, whatever the share
_MANY, _SOME = 0.2, 3
#: words for the genders that belong together
_PAIRS = (("male", "female"), ("m", "f"), ("男", "女"), ("男性", "女性"))
_IS_MALE = {word: place == 0 for pair in _PAIRS for place, word in enumerate(pair)}
#: words of the column that are offered at most
_OFFERED = 3
_ACTIVE = frozenset(fold(word) for word in ("active", "employed", "在职", "在岗", "current", "working"))


def check_digit(seventeen: str) -> str:
    """GB 11643-1999, ISO 7064 MOD 11-2."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]


def id_number_problem(text: str) -> str:
    """What is wrong with an ID number by itself; empty where nothing is."""
    if not re.fullmatch(r"\d{17}[\dXx]|\d{15}", text):
        return gettext_noop("An ID number has 18 digits.")
    if birth_of(text) is None:
        return gettext_noop("The ID number holds no possible birth date.")
    if len(text) == 18 and check_digit(text[:17]) != text[17].upper():
        return _CHECK_DIGIT
    return ""


def birth_of(text: str) -> dt.date | None:
    digits = text[6:14] if len(text) == 18 else f"19{text[6:12]}"
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def is_male(text: str) -> bool:
    return int(text[16] if len(text) == 18 else text[14]) % 2 == 1


def report_id_numbers(work: Work) -> None:
    numbers, birth, gender = work.meaning("id_number"), work.meaning("birth_date"), work.meaning("gender")
    if numbers is None or numbers.type != "idnumber":
        return
    for place, cell in list(work.filled(numbers)):
        text = shown(cell).replace(" ", "").upper()
        if problem := id_number_problem(text):
            mended = text[:17] + check_digit(text[:17]) if problem == _CHECK_DIGIT else ""
            work.doubt(numbers, place, "id_numbers", (mended, text) if mended else (), Say(problem))
            continue
        work.change(numbers, place, "id_numbers", text)
        born = birth_of(text)
        if birth is not None and born and (stated := day_in(birth, place)) and stated != born:
            reason = gettext_noop("The ID number says another birth date.")
            work.doubt(birth, place, "id_numbers", (born.isoformat(), stated.isoformat()), Say(reason))
        if gender is not None and (word := fold(shown(gender.cells[place]))):
            stated_male = _IS_MALE.get(word)
            if stated_male is not None and stated_male != is_male(text):
                own = shown(gender.cells[place])
                options = (_other_gender(gender, own, male=not stated_male), own)
                said = Say(gettext_noop("The ID number says the other gender."))
                work.doubt(gender, place, "id_numbers", options, said)


def _other_gender(column: Column, word: str, *, male: bool) -> str:
    """The column's most frequent word for it, else the one that goes with ``word``."""
    words = Counter(text for cell in column.cells if _IS_MALE.get(fold(text := shown(cell))) is male)
    pair = next((pair for pair in _PAIRS if fold(word) in pair), _PAIRS[0])
    return words.most_common(1)[0][0] if words else pair[0 if male else 1]


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
    for place in list(work.places()):
        born, start = day_in(birth, place), day_in(hired, place)
        if birth and born and (born > work.today or age(born, work.today) > 110):
            work.doubt(birth, place, "date_order", (), Say(gettext_noop("Nobody who works was born on this day.")))
        elif birth and hired and born and start and age(born, start) < YOUNGEST:
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
    odd = [place for place in active if (day := day_in(left, place)) and day <= work.today]
    if len(odd) > max(_SOME, _MANY * len(active)):
        said = {"count": len(odd), "rows": len(active), "status": status.name, "exit": left.name}
        work.notes.append(Say(_NOT_KEPT, said))
        return
    gone = Counter(
        word for place in work.places()
        if (word := shown(status.cells[place])) and place not in status.doubted and fold(word) not in _ACTIVE
        and (day := day_in(left, place)) and day <= work.today
    )  # fmt: skip
    words = tuple(word for word, _count in gone.most_common(_OFFERED))
    for place in odd:
        work.doubt(left, place, "status", ("",), Say(gettext_noop("An active employee has no exit date in the past.")))
        work.doubt(status, place, "status", words, Say(gettext_noop("Active, with an exit date in the past.")))


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
