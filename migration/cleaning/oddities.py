"""Cells that stand out from their column: a number among names, an identifier cut short, 150 on a scale of 5."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection

from migration.cleaning.id_numbers import of_today
from migration.cleaning.numbers import looks_like_number, number_in, plain_text, within
from migration.cleaning.ranges import slips
from migration.cleaning.readings import looks_like_date
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import text_of

#: cells from which a column shows how its cells are, and the share of those that are so
_ENOUGH, _NEARLY_ALL = 20, 0.97
#: share of codes in small letters up to which the others show the case, where all have their letters in one place
_SOME = 0.25
#: share of numbers and days among words up to which they are none of them
_TENTH = 0.1
_SCALE, _FAR = 10, 5
_WORDS = gettext_noop("The other cells of the column are words.")
_REMARK = re.compile(
    r"remark|note|comment|reason|descri|memo|feedback|备注|说明|评语|原因|描述|反馈|备忘", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"x|ext", re.IGNORECASE)


def report_out_of_place(work: Work, column: Column) -> None:
    """Rule ``out_of_place``: numbers, days and addresses in columns of words."""
    if not _ask_rare(work, column, _is_no_word, _WORDS):
        report_words_among_codes(work, column)


def report_days_among_words(work: Work, column: Column) -> None:
    """Rule ``out_of_place``: days in columns of words, many as they may be, unless the words are remarks: these may
    well name a day."""
    if column.meaning == "reason" or _REMARK.search(column.name):
        return
    groups = work.grouped(column)
    days = [key for key in groups if looks_like_date(key[1])]
    size = sum(map(len, groups.values()))
    odd = sum(len(groups[key]) for key in days)
    numbers = sum(len(places) for key, places in groups.items() if looks_like_number(key[1]))
    if size < _ENOUGH or odd > _SOME * size or numbers > _TENTH * size:
        return
    for key in days:
        for place in groups[key]:
            work.doubt(column, place, "out_of_place", (), Say(_WORDS))


def report_words_among_codes(work: Work, column: Column) -> None:
    """Rule ``out_of_place``: words in columns of codes that are numbers."""
    reason = gettext_noop("The other cells of the column are numbers.")
    if not _ask_rare(work, column, _is_no_code, reason):
        # letters that look like digits are slips, also where they are more
        _ask_rare(work, column, _is_like_code, reason)


def _ask_rare(work: Work, column: Column, is_odd: Callable[[object], bool], reason: str) -> bool:
    """Ask about cells that are odd where few are. False where many are."""
    groups = work.grouped(column)
    size = sum(map(len, groups.values()))
    odd = [key for key in groups if is_odd(key[1])]
    # no name is a number, however many are
    most = 1 - _NEARLY_ALL
    if is_odd is _is_no_word:
        most = _SOME if column.type == "name" else _TENTH
    elif is_odd is _is_like_code:
        most = _SOME
    if size < _ENOUGH or sum(len(groups[key]) for key in odd) > most * size:
        return False
    for key in odd:
        candidates = _numbers_in(column, key[1]) if is_odd is _is_no_code else ()
        if is_odd is _is_like_code:
            candidates = (_as_usual(text_of(key[1]), "9" * len(text_of(key[1]))), text_of(key[1]))
        for place in groups[key]:
            work.doubt(column, place, "out_of_place", candidates, Say(reason))
    return True


def _numbers_in(column: Column, cell: object) -> tuple[str, ...]:
    """The number that an identifier in words or with a unit names."""
    if not isinstance(cell, str):
        return ()
    number = number_in(cell)[0]
    return _without_extension(column, cell) or ((plain_text(number),) if number is not None else within(cell))


def _is_no_code(cell: object) -> bool:
    return not text_of(cell).isdigit()


def _is_like_code(cell: object) -> bool:
    text = text_of(cell)
    return not text.isdigit() and any(map(str.isdigit, text)) and bool(_as_usual(text, "9" * len(text)))


def _is_no_word(cell: object) -> bool:
    if not isinstance(cell, str):
        return not isinstance(cell, bool)
    return looks_like_number(cell) or looks_like_date(cell) or ("@" in cell and "." in cell)


def report_short_identifiers(work: Work, column: Column) -> None:
    """Rule ``id_length``: identifiers with fewer or more signs than nearly all of the column have."""
    groups = work.grouped(column)
    lengths: Counter[int] = Counter()
    for key, places in groups.items():
        if not _EXTENSION.search(text := text_of(key[1])) or column.type != "phone":
            lengths[_size(column, text)] += len(places)
    if not lengths:
        return
    usual, often = lengths.most_common(1)[0]
    rows = sum(map(len, groups.values()))
    # phones of another kind, as those of houses are, have a length of their own
    share = 1 - _SOME if column.type == "phone" else _NEARLY_ALL
    if often < _ENOUGH or often < share * rows or usual < _LEAST:
        return
    lone = {size for size, count in lengths.items() if count <= max(_PAIR, (1 - _NEARLY_ALL) * rows)}
    reason = Say(gettext_noop("The other identifiers of the column have %(count)s signs."), {"count": usual})
    firsts = {text[:1] for key in groups if len(text := text_of(key[1])) == usual}
    for key, places in groups.items():
        text = text_of(key[1])
        # of another country, or of a house
        is_abroad = column.type == "phone" and text.lstrip("( ").startswith(("+", "0"))
        if (
            (size := _size(column, text)) != usual
            and size in lone
            and not is_abroad
            and not (column.type == "id" and _is_next(text, usual, firsts))
        ):
            for place in places:
                work.doubt(column, place, "id_length", _without_extension(column, text), reason)


def _without_extension(column: Column, cell: object) -> tuple[str, ...]:
    """02139 of 02139-4301; an ID number of 18 digits of one of 15."""
    text = text_of(cell)
    if column.type == "idnumber" and (mended := of_today(text)):
        return mended, text
    match = _EXTENDED.fullmatch(text) if column.meaning == "postal_code" else None
    return (match[1], text) if match else ()


_EXTENDED = re.compile(r"(\d{5})-\d{4}")


#: so many of one length may be slips in any table
_PAIR = 2
#: identifiers of few signs differ in length by nature
_LEAST = 4


def _size(column: Column, text: str) -> int:
    return sum(map(str.isdigit, text)) if column.type == "phone" else len(text)


def report_odd_codes(work: Work, column: Column) -> None:
    """Rule ``id_length`` for codes whose letters and digits nearly all stand alike: EO2617 among E02617."""
    groups = work.grouped(column)
    shapes: Counter[str] = Counter()
    for key, places in groups.items():
        shapes[_shape(text_of(key[1]))] += len(places)
    if not shapes:
        return
    usual, often = shapes.most_common(1)[0]
    if often < _ENOUGH or often < (1 - _SOME) * shapes.total() or "9" not in usual:
        return
    are_all = often >= _NEARLY_ALL * shapes.total()
    reason = Say(gettext_noop("The other identifiers of the column have their letters and digits in other places."))
    for key, places in groups.items():
        text = text_of(key[1])
        if len(text) != len(usual) or _shape(text) == usual:
            continue
        # where several kinds of codes may be, only letters that look like the digits of most are odd
        meant = _as_usual(text, usual)
        for place in places if are_all or meant else ():
            work.doubt(column, place, "id_length", (meant,) if meant else (), reason)


def _as_usual(text: str, usual: str) -> str:
    """A code with digits where its letters look like them and the others have digits; empty where it is not as usual
    then."""
    if len(text) != len(usual):
        return ""
    meant = "".join(
        _LIKE_DIGITS.get(sign, sign) if as_usual == "9" else sign for sign, as_usual in zip(text, usual, strict=True)
    )
    return meant if _shape(meant) == usual else ""


#: letters that are taken for digits
_LIKE_DIGITS = {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}


def _shape(text: str) -> str:
    return _LETTER.sub("a", re.sub(r"\d", "9", text))


def _is_next(text: str, usual: int, firsts: Collection[str]) -> bool:
    """The last numbers before one more digit, or the first after: 9998 before 10001. ``firsts``: of the others."""
    if not text.isdigit() or abs(len(text) - usual) != 1:
        return False
    before, after = ("9", "1") if len(text) < usual else ("1", "9")
    return text.startswith(before) and after in firsts


def report_small_letters(work: Work, column: Column) -> None:
    """Rule ``letter_case`` in identifiers: e0012 among E0011 and E0013 is one of them, or nobody's."""
    groups = {key[1]: places for key, places in work.grouped(column).items() if key[0] == "str"}
    lettered = [text for text in groups if any(map(str.isalpha, text))]
    small = [text for text in lettered if text != text.upper()]
    if not small or len(lettered) < _ENOUGH:
        return
    alike = Counter(_shape(text) for text in lettered).most_common(1)[0][1] >= _NEARLY_ALL * len(lettered)
    if len(small) > (_SOME if alike else 1 - _NEARLY_ALL) * len(lettered):
        return
    reason = gettext_noop("The column writes its words in another case.")
    usual = Counter(_shape(text) for text in lettered if text == text.upper()).most_common(1)
    for text in small:
        meant = _as_usual(text, usual[0][0]).upper() if usual else ""
        for place in groups[text]:
            candidates = tuple(dict.fromkeys(one for one in (meant, text.upper(), text) if one))
            work.doubt(column, place, "letter_case", candidates, Say(reason))


def report_off_scale(work: Work, column: Column) -> None:
    """Rule ``out_of_range`` for answers from 0 to 10 whatever the heading is: 150 is none."""
    values: dict[int, float] = {}
    for place, cell in work.filled(column):
        try:
            values[place] = float(shown(cell))
        except ValueError:
            continue
    small = {value for value in values.values() if 0 <= value <= _SCALE and value.is_integer()}
    beyond = [place for place, value in values.items() if value not in small]
    if not beyond or len(values) < _ENOUGH or len(beyond) > (1 - _NEARLY_ALL) * len(values) or not small:
        return
    most = max(small)
    if not most:
        # a few amounts among zeros
        return
    if any(0 <= values[place] <= _FAR * most for place in beyond):
        return
    reason = gettext_noop("This is not between %(least)s and %(most)s, as the others are.")
    said = Say(reason, {"least": f"{min(small):g}", "most": f"{most:g}"})
    for place in beyond:
        candidates = slips(values[place], [value for value in values.values() if value in small])
        work.doubt(column, place, "out_of_range", candidates, said)


_DIGIT_LETTERS = str.maketrans("OoQIl|", "000111")
_LETTER = re.compile(r"[^\W\d_]")


def report_letters_in_phones(work: Work, column: Column) -> None:
    """Rule ``phones``: O and l among the digits of a number: no number has them, while some end with a word."""
    groups = work.grouped(column)
    lettered = {
        key: plain for key in groups
        if _LETTER.search(text := text_of(key[1])) and not _LETTER.search(plain := text.translate(_DIGIT_LETTERS))
    }  # fmt: skip
    rows = sum(map(len, groups.values()))
    if sum(len(groups[key]) for key in lettered) > _SOME * rows:
        return
    reason = Say(gettext_noop("Letters stand where digits should be."))
    for key, plain in lettered.items():
        for place in groups[key]:
            work.doubt(column, place, "phones", (plain,), reason)
