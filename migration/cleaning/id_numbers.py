"""ID numbers of China: their check digit, the birth date and the gender that they hold."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from migration.cleaning.day_order import day_in
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.work import Column, Say, Work, shown

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CHECK_DIGIT = gettext_noop("The check digit of the ID number is wrong.")
#: words for the genders that belong together
_PAIRS = (("male", "female"), ("m", "f"), ("男", "女"), ("男性", "女性"))
_IS_MALE = {word: place == 0 for pair in _PAIRS for place, word in enumerate(pair)}


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


#: digits of ID numbers until 1999, and since
_OLD, _NEW = 15, 18
_OLD_FORM = gettext_noop("This is an ID number as until 1999; the others have 18 digits.")


def of_today(text: str) -> str:
    """The 18 digits of an ID number of 15: the century of birth, and the check digit; empty for any other."""
    if not re.fullmatch(r"\d{15}", text) or birth_of(text) is None:
        return ""
    seventeen = f"{text[:6]}19{text[6:]}"
    return seventeen + check_digit(seventeen)


def report_id_numbers(work: Work) -> None:
    numbers, birth, gender = work.meaning("id_number"), work.meaning("birth_date"), work.meaning("gender")
    if numbers is None or numbers.type != "idnumber":
        return
    lengths = Counter(len(shown(cell)) for _place, cell in work.filled(numbers))
    usual_length = lengths.most_common(1)[0][0] if lengths else 0
    for place, cell in list(work.filled(numbers)):
        text = shown(cell).replace(" ", "").upper()
        if problem := id_number_problem(text):
            mended = text[:17] + check_digit(text[:17]) if problem == _CHECK_DIGIT else ""
            work.doubt(numbers, place, "id_numbers", (mended, text) if mended else (), Say(problem))
            continue
        work.change(numbers, place, "id_numbers", text)
        born = birth_of(text)
        if len(text) == _OLD and usual_length == _NEW:
            work.doubt(numbers, place, "id_numbers", (of_today(text), text), Say(_OLD_FORM))
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
