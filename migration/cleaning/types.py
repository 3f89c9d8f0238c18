"""The type of a column: what its heading suggests, if the cells agree, else what the cells are."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

from migration.cleaning.clocks import is_duration, minutes_in
from migration.cleaning.digits import is_date_of_digits
from migration.cleaning.marks import bare
from migration.cleaning.meanings import is_address, may_be_day, meaning_of, type_of
from migration.cleaning.numbers import looks_like_number
from migration.cleaning.placeholders import is_lost, is_placeholder
from migration.cleaning.readings import looks_like_date, month_of
from migration.cleaning.text import fold, tidy
from migration.cleaning.words import truth_in
from migration.rules import text_of

_ID_NUMBER = re.compile(r"\d{17}[\dXx]|\d{15}")
#: numbers of employees by their letters; a running number and the number of an exam have none or others
_STAFF_NO = re.compile(r"(?:e|ee|emp|employee|staff)[-_ #]?\d{2,}", re.IGNORECASE)
#: a remark to @somebody is none
_ADDRESS = re.compile(r"[^\s@]\s*@\s*[^\s@]+\.")
_MONTH = re.compile(r"(?:19|20)\d\d(?:[-/.]\d\d|年\d\d?月)")
_SERIAL = re.compile(r"[2-5]\d{4}(\.0)?")
_GENDERS = frozenset(["male", "female", "m", "f", "man", "woman", "男", "女", "男性", "女性", "other", "其他"])
#: what share of the cells must be of a type: with a heading that says so, and without
_WITH_HEADING, _ALONE = 0.4, 0.7
_NUMBERED = 0.9
#: share of days that shows a column of them under a heading that only may speak of days
_DAYS = 0.9
#: share of days beside which five digits are days as a spreadsheet keeps them
_DAYS_AMONG = 0.25
#: how many levels there are at most, and what share of the cells
_LEVELS, _SAME_AGAIN = 100, 0.3
#: share of levels that may be written with a digit too many
_SLIPS = 0.03
#: cells from which codes show that they are some
_ENOUGH = 20
_SAMPLE = 5_000
#: yes and no in a few spellings, and slips
_TRUTH_WORDS = 12


def sample_of(cells: list[Any]) -> list[Any]:
    """Cells with content, texts tidied, without placeholders and lost values: at most a few thousand, evenly taken."""
    step = max(1, len(cells) // _SAMPLE)
    found: list[Any] = []
    for cell in cells[::step]:
        if isinstance(cell, str):
            cell = bare(tidy(cell))
            if not cell or is_placeholder(cell) or is_lost(cell):
                continue
        if cell is not None:
            found.append(cell)
    return found


def guess(heading: str, cells: list[Any]) -> tuple[str, str]:
    """(type, meaning) of a column. Types: text name category id idnumber email phone date number truth gender."""
    meaning = meaning_of(heading)
    hint = type_of(heading, meaning)
    sample = sample_of(cells)
    if not sample:
        return hint or "text", meaning
    if (hint == "number" or (hint == "id" and not meaning)) and _is_truth(sample):
        return "truth", ""
    if is_duration(heading, meaning) and _share(sample, _is_amount) >= _WITH_HEADING:
        return "number", meaning
    if meaning == "record_no" and _share(sample, lambda one: _STAFF_NO.fullmatch(text_of(one))) >= _NUMBERED:
        meaning = "employee_no"
    if meaning == "position" and _share(sample, lambda one: is_address(text_of(one))) >= _NUMBERED:
        meaning = ""
    if may_be_day(heading) and hint != "date" and _share(sample, _may_be_day) >= _DAYS and not _are_years(sample):
        return "date", ""
    if hint in ("id", "text") and _share(sample, lambda one: bool(_ADDRESS.search(text_of(one)))) >= _ALONE:
        return "email", meaning
    found = _by_heading(hint, meaning, sample) or _by_cells(sample)
    if found != hint and hint and meaning and not _agrees(hint, found):
        meaning = ""
    return found, meaning


def _agrees(hint: str, found: str) -> bool:
    texts = {"text", "name", "category", "id", "phone"}
    return hint == found or (hint in texts and found in texts)


def _share(sample: list[Any], test: Any) -> float:
    return sum(bool(test(cell)) for cell in sample) / len(sample)


def _by_heading(hint: str, meaning: str, sample: list[Any]) -> str:
    match hint:
        case "date":
            if _share(sample, lambda one: isinstance(one, str) and bool(month_of(one)) and not one.isdigit()) >= 0.9:
                return "date"
            return "date" if _share(sample, _may_be_day) >= _WITH_HEADING and not _are_years(sample) else ""
        case "number":
            return "number" if _share(sample, looks_like_number) >= _WITH_HEADING else ""
        case "truth":
            return "truth" if _share(sample, lambda one: truth_in(text_of(one)) is not None) >= 0.9 else ""
        case "gender":
            return "gender" if _share(sample, lambda one: fold(text_of(one)) in _GENDERS) >= _WITH_HEADING else ""
        case "email":
            return "email" if _share(sample, lambda one: "@" in text_of(one)) >= _WITH_HEADING else ""
        case "idnumber":
            return "idnumber" if _share(sample, _is_id_number) >= _WITH_HEADING else "id"
        case "category":
            if _share(sample, looks_like_number) >= _NUMBERED:
                # levels from 1 to 5, and what does not belong among them
                return ""
            return "category" if _few_words(sample, least=15) else "text"
        case "id" if not meaning and _are_levels(sample):
            return "number"
        case "name" | "text" if _share(sample, looks_like_number) >= _NUMBERED:
            # a column Manager of 0 and 1
            return ""
        case "id" | "phone" | "name" | "text":
            dates = _share(sample, lambda one: isinstance(one, (dt.date, dt.datetime)))
            return hint if dates < 0.5 else ""
    return ""


def _may_be_day(cell: Any) -> bool:
    return looks_like_date(cell, serials=True) or is_date_of_digits(cell)


def _are_levels(sample: list[Any]) -> bool:
    """Small numbers that come again and again, such as those of positions: what is wrong with them is what is wrong
    with numbers."""
    texts = [text_of(one) for one in sample]
    plain = {text for text in texts if text.isdigit()}
    few = len(set(texts)) <= min(_LEVELS, _SAME_AGAIN * len(texts))
    return (
        few
        and len(texts) >= _ENOUGH
        and not any(one[:1] == "0" != one for one in plain)
        # a slip may have any size
        and sum(len(text) > 3 for text in texts if text in plain) <= _SLIPS * len(texts)
        and (sum(text in plain for text in texts) >= _WITH_HEADING * len(texts))
    )


def _is_amount(cell: Any) -> bool:
    return looks_like_number(cell) or minutes_in(cell) is not None


def _is_id_number(cell: Any) -> bool:
    return bool(_ID_NUMBER.fullmatch(text_of(cell)))


def _is_month(cell: Any) -> bool:
    """2023-05 and 2023年5月, not a year alone, nor a term of one."""
    return isinstance(cell, str) and bool(_MONTH.fullmatch(cell)) and bool(month_of(cell))


def _is_day_or_serial(cell: Any) -> bool:
    return looks_like_date(cell) or bool(_SERIAL.fullmatch(text_of(cell)))


def _are_years(sample: list[Any]) -> bool:
    return _share(sample, lambda one: bool(re.fullmatch(r"(19|20)\d\d", text_of(one)))) > 0.5


def _by_cells(sample: list[Any]) -> str:
    texts = [text_of(one) for one in sample]
    if _share(sample, looks_like_date) >= _ALONE and not _compact_numbers(texts):
        return "date"
    if _share(sample, _is_month) >= _DAYS:
        return "date"
    if _share(sample, looks_like_date) >= _DAYS_AMONG and _share(sample, _is_day_or_serial) >= _DAYS:
        return "date"
    if _share(sample, lambda one: isinstance(one, str) and bool(_ADDRESS.search(one))) >= _ALONE:
        return "email"
    if _share(sample, _is_id_number) >= _ALONE and _share(sample, lambda one: len(text_of(one)) == 18) > 0.5:
        return "idnumber"
    words = {fold(text) for text in texts}
    if _is_truth(sample):
        return "truth"
    numbers = _share(sample, looks_like_number)
    if any(re.fullmatch(r"0\d+(\.0)?", text) for text in texts) and numbers >= _ALONE:
        return "id"
    if numbers >= _ALONE and not _ranges(texts):
        return (
            "id"
            if _share(sample, lambda one: len(re.sub(r"\D", "", text_of(one))) >= 11 and text_of(one).isdigit()) > 0.7
            else "number"
        )
    if len(words) <= 3 and words <= _GENDERS and len(texts) > 3 and words & {"male", "female", "男", "女"}:
        return "gender"
    return "category" if _few_words(sample) else "id" if _are_codes(texts) else "text"


def _are_codes(texts: list[str]) -> bool:
    """Letters and digits that nearly all have in the same places, and hardly a code twice."""
    shapes = Counter(_shape(text) for text in texts)
    shape, often = shapes.most_common(1)[0]
    return (
        len(texts) >= _ENOUGH
        and often >= _NUMBERED * len(texts)
        and len(set(texts)) >= _NUMBERED * len(texts)
        and "9" in shape
        and "a" in shape
        and " " not in shape
    )


def _shape(text: str) -> str:
    return "".join("9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in text)


def _is_truth(sample: list[Any]) -> bool:
    words = {fold(text_of(one)) for one in sample}
    return (
        len(sample) > 1
        and len(words) <= _TRUTH_WORDS
        and _share(sample, lambda one: isinstance(one, bool) or truth_in(text_of(one)) is not None) >= 0.9
        and _says_truth(words)
    )


def _says_truth(words: set[str]) -> bool:
    """Whether words say yes and no, not 0 and 1 alone, nor F beside P or N."""
    said = {word for word in words if truth_in(word) is not None} - {"0", "1"}
    one_sided = len({truth_in(word) for word in said}) == 1
    # N beside F, and no yes at all, are letters of something else
    return bool(said) and not (one_sided and (len(said) > 1 or said in ({"f"}, {"t"}, {"x"})))


def _compact_numbers(texts: list[str]) -> bool:
    """Numbers of eight digits are dates by their heading only."""
    return sum(text.isdigit() for text in texts) > 0.7 * len(texts)


def _ranges(texts: list[str]) -> bool:
    return sum(bool(re.fullmatch(r"\d+\s*[-~]\s*\d+", text)) for text in texts) > 0.3 * len(texts)


def _few_words(sample: list[Any], least: int = 4) -> bool:
    texts = [text_of(one) for one in sample if isinstance(one, (str, dt.date, bool))]
    words = {fold(text) for text in texts}
    return len(texts) > 0.5 * len(sample) and len(words) <= max(least, min(200, 0.25 * len(texts)))
