"""Identifiers: numbers to a spreadsheet, names to the company. Zeros, digits and ranges that it took come back."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from decimal import Decimal

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import text_of

_DIGITS = re.compile(r"\d+")
_TAIL = re.compile(r"(\d+)(?:\.0+|,0{1,2})")
_LETTER = re.compile(r"[^\W\d_]")
_DOTTED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
_MARKED = re.compile(r"\d{1,3}(,\d{3})+(\.0+)?")
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
_US_ZIP = 5
#: 2139-4301, a postal code of the USA with the four digits behind
_US_LONG_ZIP = re.compile(r"(\d{3,4})(-\d{4})")
_US_STATES = re.compile(
    r"A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
#: digits that a spreadsheet keeps of a number
KEPT_DIGITS = 15
#: other identifiers that one cut off may be
_CANDIDATES = 3


def clean_identifiers(work: Work, column: Column) -> None:
    """Rules ``decimal_tail``, ``scientific_ids`` and ``leading_zeros``."""
    whole: list[str] | None = None
    for (kind, value), places in work.grouped(column).items():
        text = text_of(value)
        if kind == "float":
            _from_float(work, column, places, value)
        elif work.on("decimal_tail") and (match := _TAIL.fullmatch(text)):
            work.change_all(column, places, "decimal_tail", match[1])
        elif work.on("decimal_tail") and _DOTTED.fullmatch(text):
            _ask_for_digits(work, column, places, text)
        elif work.on("decimal_tail") and _MARKED.fullmatch(text):
            work.change_all(column, places, "decimal_tail", text.split(".")[0].replace(",", ""))
        elif work.on("scientific_ids") and (match := _SCIENTIFIC.fullmatch(text)):
            if whole is None:
                whole = sorted({text for cell in column.cells if (text := text_of(cell)).isdigit()})
            _write_out(work, column, places, match, whole)
    if work.on("decimal_tail"):
        _ask_about_tails(work, column)
    if work.on("leading_zeros"):
        _pad(work, column)
    if work.on("scientific_ids"):
        _ask_about_lost_ends(work, column)


#: digits of a number behind those that a spreadsheet keeps, from which zeros alone are hardly its own; and the share of
#: a column up to which such are slips
_ENDS, _LOST_SHARE = 3, 0.25
_LOST_END = gettext_noop("A spreadsheet keeps 15 digits of a number: the last ones are lost.")


def _ask_about_lost_ends(work: Work, column: Column) -> None:
    """6222440333284590000, a number that went through a spreadsheet and became a text again."""
    groups = work.grouped(column)
    long = {key: text for key in groups if len(text := text_of(key[1])) >= KEPT_DIGITS + _ENDS and text.isdigit()}
    lost = [key for key, text in long.items() if not text[KEPT_DIGITS:].strip("0")]
    if not lost or len(lost) > _LOST_SHARE * len(long):
        return
    for key in lost:
        for place in groups[key]:
            work.doubt(column, place, "scientific_ids", (), Say(_LOST_END))


def _ask_about_tails(work: Work, column: Column) -> None:
    """E1005.0, which was never a number, where no other code has a point and most look like E1005."""
    groups = {text: places for (_kind, value), places in work.grouped(column).items() if (text := text_of(value))}
    tails = {
        text: text[:-2] for text in groups if text[-3:-2].isdigit() and text.endswith(".0") and _LETTER.search(text)
    }
    plain = Counter(re.sub(r"\d", "9", text) for text in groups if text not in tails)
    if not tails or any("." in shape for shape in plain):
        return
    reason = Say(gettext_noop("No other code of the column has decimals."))
    for text, stem in tails.items():
        if plain[re.sub(r"\d", "9", stem)] > len(tails):
            for place in groups[text]:
                work.doubt(column, place, "decimal_tail", (stem, text), reason)


def _ask_for_digits(work: Work, column: Column, places: list[int], text: str) -> None:
    """69.189 among whole numbers: thousands as half of Europe marks them, or no identifier."""
    reason = Say(gettext_noop("The point can mark thousands or decimals."))
    for place in places:
        work.doubt(column, place, "decimal_tail", (text.replace(".", ""), text), reason)


def _from_float(work: Work, column: Column, places: list[int], value: float) -> None:
    text = text_of(value) if abs(value) < 1e15 else format(Decimal(value), "f")
    for place in places:
        if len(text) > KEPT_DIGITS and work.on("scientific_ids"):
            work.change(column, place, "scientific_ids", text)
            work.doubt(column, place, "scientific_ids", (), Say(_LOST_END))
        else:
            column.cells[place] = text


def _write_out(work: Work, column: Column, places: list[int], match: re.Match[str], whole: list[str]) -> None:
    digits, exponent = match[1].replace(".", ""), int(match[2])
    if len(digits) == exponent + 1:
        work.change_all(column, places, "scientific_ids", digits)
        return
    reason = gettext_noop("The spreadsheet kept only the first digits.")
    candidates = _beginning(whole, digits, exponent + 1)
    for place in places:
        work.doubt(column, place, "scientific_ids", candidates, Say(reason))


def _beginning(whole: list[str], digits: str, length: int) -> tuple[str, ...]:
    """Other identifiers of the column that begin like this; ``whole`` are all of digits alone, in order."""
    unit = 10 ** (length - len(digits))
    near, stem = int(digits) * unit, digits[:-1]
    found: list[str] = []
    for text in itertools.islice(whole, bisect_left(whole, stem), None):
        if not text.startswith(stem) or len(found) == _CANDIDATES:
            break
        if len(text) == length and abs(int(text) - near) <= unit / 2:
            found.append(text)
    return tuple(found)


def _pad(work: Work, column: Column) -> None:
    width = work.hints.of(work.hints.widths, column) or _width(column, work)
    if not width:
        if column.meaning == "postal_code":
            _ask_for_zeros(work, column)
        return
    for (_kind, value), places in work.grouped(column).items():
        text = text_of(value)
        # of a phone number a spreadsheet takes one zero: two are no part of a number at home
        if _DIGITS.fullmatch(text) and len(text) < width and (column.type != "phone" or len(text) == width - 1):
            work.change_all(column, places, "leading_zeros", text.zfill(width))
        elif column.meaning == "postal_code" and width == _US_ZIP and (match := _US_LONG_ZIP.fullmatch(text)):
            work.change_all(column, places, "leading_zeros", match[1].zfill(width) + match[2])


def _width(column: Column, work: Work) -> int:
    """The width that the column keeps: that of its identifiers with leading zeros, where nothing is longer."""
    texts = [text for _place, cell in work.filled(column) if _DIGITS.fullmatch(text := text_of(cell))]
    if column.type == "phone":
        texts = [text for text in texts if not text.startswith("00")]
    zeros = Counter(len(text) for text in texts if text.startswith("0") and len(text) > 1)
    longest = max(map(len, texts), default=0)
    if len(zeros) != 1 or longest not in zeros:
        return 0
    return longest if zeros[longest] >= 2 or zeros[longest] == len(texts) else 0


def _ask_for_zeros(work: Work, column: Column) -> None:
    """Postal codes one digit short of the others, or of five where states of the USA stand in a column beside."""
    groups = work.grouped(column)
    short = {key: text for key in groups if _DIGITS.fullmatch(text := text_of(key[1]))}
    widths = {len(text) for text in short.values()}
    width = max(widths, default=0)
    if widths == {_US_ZIP - 1} and any(_holds_states(other) for other in work.columns):
        width = _US_ZIP
    elif len(widths) != 2 or min(widths) != width - 1:
        return
    reason = gettext_noop("A spreadsheet seems to have taken the zero in front.")
    for key, text in short.items():
        if len(text) < width:
            for place in groups[key]:
                work.doubt(column, place, "leading_zeros", (text.zfill(width), text), Say(reason))


def _holds_states(column: Column) -> bool:
    words = {text for cell in column.cells if (text := text_of(cell))}
    return bool(words) and all(map(_US_STATES.fullmatch, words))


_PHONE = re.compile(r"[+(\d][\d ()./–-]*\d")


def write_phones_alike(work: Work, column: Column) -> None:
    """Rule ``phones``: the signs between the digits as most numbers of that length have them."""
    _write_as_at_home(work, column)
    groups = work.grouped(column)
    forms: dict[int, Counter[str]] = {}
    for key, places in groups.items():
        if _PHONE.fullmatch(text := text_of(key[1])):
            forms.setdefault(len(_figures(text)), Counter())[_form(text)] += len(places)
    for key, places in groups.items():
        if not _PHONE.fullmatch(text := text_of(key[1])):
            continue
        figures = _figures(text)
        (usual, often), *others = forms[len(figures)].most_common()
        if _form(text) == usual or often <= sum(count for _one, count in others) or "+" in text + usual:
            continue
        if _borders(usual) and not _borders(text) <= _borders(usual):
            # where the area ends is not the same for all
            continue
        left = iter(figures)
        after = "".join(next(left) if sign == "9" else sign for sign in usual)
        work.change_all(column, places, "phones", after)


_ABROAD = re.compile(r"\(?(?:\+|00)\s?(\d[\d ()./–-]*\d)")
_CHINESE_MOBILE = re.compile(r"861[3-9]\d{9}")
#: share of numbers without a country's code from which the others are told to have one
_AT_HOME = 0.8


def _write_as_at_home(work: Work, column: Column) -> None:
    """Codes of countries among numbers without: taken off where it is certainly China's, else asked about."""
    groups = work.grouped(column)
    texts = {key: text_of(key[1]) for key in groups}
    if not any(map(_abroad, texts.values())):
        return
    home = Counter(
        {key: len(places) for key, places in groups.items() if _PHONE.fullmatch(texts[key]) and not _abroad(texts[key])}
    )
    if not home or home.total() < _AT_HOME * sum(map(len, groups.values())):
        return
    lengths = Counter(len(_figures(texts[key])) for key in home.elements())
    (usual, often), zeros = lengths.most_common(1)[0], all(texts[key].lstrip("(")[0] == "0" for key in home)
    if often < _AT_HOME * home.total():
        return
    reason = Say(gettext_noop("The others have no code of a country; this is likely the number without it."))
    form = Counter(_form(texts[one]) for one in home if len(_figures(texts[one])) == usual).most_common(1)[0][0]
    for key, places in groups.items():
        if key in home or not (figures := _abroad(texts[key])):
            continue
        if _CHINESE_MOBILE.fullmatch(figures) and usual == len(figures) - 2:
            work.change_all(column, places, "phones", figures[2:])
        elif 1 <= len(figures) - (usual - zeros) <= _LONGEST_CODE:
            left = iter(("0" if zeros else "") + figures[len(figures) - (usual - zeros) :])
            for place in places:
                plain = "".join(next(left, "") if sign == "9" else sign for sign in form)
                work.doubt(column, place, "phones", (plain, texts[key]), reason)


_LONGEST_CODE = 3


def _abroad(text: str) -> str:
    """The figures of a number with the code of its country in front; empty for others."""
    if match := _ABROAD.fullmatch(text):
        return _figures(match[1])
    figures = _figures(text) if _PHONE.fullmatch(text) else ""
    return figures if _CHINESE_MOBILE.fullmatch(figures) else ""


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _borders(text: str) -> set[int]:
    """After how many figures something stands between them."""
    parts = re.split(r"\D+", text.strip("+()"))
    return {len("".join(parts[:count])) for count in range(1, len(parts))} - {0}


def _form(text: str) -> str:
    return re.sub(r"\d", "9", text)


def restore_booleans(work: Work, column: Column) -> None:
    """Rule ``spreadsheet_booleans``: a surname True is no truth value."""
    texts = [text for _place, cell in work.filled(column) if isinstance(cell, str) and (text := cell)]
    capital = sum(text[:1].isupper() and not text.isupper() for text in texts) > 0.5 * len(texts)
    for (kind, value), places in work.grouped(column).items():
        if kind == "bool":
            work.change_all(column, places, "spreadsheet_booleans", str(value) if capital else shown(value))
