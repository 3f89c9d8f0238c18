"""Columns of numbers: marks, currency, units and brackets off; what cannot be is reported."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from migration.cleaning.clocks import unit_of
from migration.cleaning.commas import Commas, read_commas
from migration.cleaning.currencies import CURRENCY, foreign_in, money_among
from migration.cleaning.marks import is_raised
from migration.cleaning.number_words import instead_of_number, number_in_words
from migration.cleaning.points import is_dotted, read_points
from migration.cleaning.registry import gettext_noop
from migration.cleaning.scales import SCALE_DOUBT, other_scales
from migration.cleaning.work import Column, Say, Work

_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")
_EXPONENT = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d{1,2}")
# nobody begins groups of digits with a zero: 0,848 has decimals
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
#: 1,2345,6789; a single comma before four digits is one of decimals
_THOUSANDS_OF_TEN = re.compile(r"[-+]?[1-9]\d{0,3}((,\d{4}){2,}(\.\d+)?|,\d{4}\.\d+)")
_INDIAN = re.compile(r"[-+]?[1-9]\d?(,\d{2})+,\d{3}(\.\d+)?")
_BLANKS = re.compile(r"[-+]?[1-9]\d{0,2}([ '’]\d{3})+([.,]\d+)?")
_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_FACTORS = {
    "万": 10_000, "萬": 10_000, "亿": 100_000_000, "千": 1000, "k": 1000, "tsd": 1000, "thousand": 1000,
    "M": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "millions": 1_000_000,
    "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "lacs": 100_000, "lpa": 100_000,
    "cr": 10_000_000, "crore": 10_000_000, "crores": 10_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_FACTOR = re.compile(r"(?<=[\d ])(万|萬|亿|千|[A-Za-z]{1,8})\.?$")
_PERCENT = re.compile(r"\s*(%|percent|per cent|pct\.?|Prozent)$", re.IGNORECASE)
_UNIT = re.compile(
    r"(?<![A-Za-z])\s*(years? old|years?|yrs?|months?|days?|hours?|hrs?|h|minutes?|mins?|points?|pts?|score|times|"
    r"persons?|people|"
    r"/\s*(?:100|5|10|月|month|mo|年|year|yr)|per (?:month|year|annum|hour)|p\.?\s?a\.?|Std|Stunden|"
    r"岁|周岁|年|个?月|天|日|个?小时|学时|课时|分钟|分|次|人|名|门|场|期)\.?$",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"[<>≤≥] ?\d+(\.\d+)?|\d+(\.\d+)? ?\+")
_ALIKE = {
    "hours": frozenset(["h", "hr", "hrs", "hour", "hours", "小时", "个小时", "学时", "课时"]),
    "minutes": frozenset(["min", "mins", "minute", "minutes", "分钟"]),
    "days": frozenset(["day", "days", "天", "日"]),
    "years": frozenset(
        ["year", "years", "yr", "yrs", "/yr", "/year", "/年", "年", "peryear", "perannum", "p.a", "p.a.", "pa"]
    ),
    "months": frozenset(["month", "months", "/mo", "/month", "/月", "月", "个月", "permonth"]),
    "points": frozenset(["point", "points", "pt", "pts", "score", "分"]),
}
_TIMES_OF = frozenset({"hours", "minutes", "days", "months", "years"})
_SCALES_WRITTEN = frozenset({"/5", "/10", "/100"})
_LIKE_DIGITS = str.maketrans("OoQlI|SB", "00011158")
#: a number inside other words, letters that were taken for digits among its own
_WITHIN = re.compile(r"[-−]?(?<![A-Za-z\d])[\dOoQlI|SB]*\d[\dOoQlI|SB.,]*(?![A-Za-z\d]|(?<=\d)[.,]\d)")
#: 8 5, of which a sign was lost
_APART = re.compile(r"([1-9]\d{0,5}) (\d{1,2})")
#: 15-20K and 3~5年: the unit behind is of both
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([^\W\d]?)\s*[-~～至到–—]\s*(\d+(?:\.\d+)?)\s*([^\W\d]{0,4})")
_LONGEST = 1000
_FOOTNOTE = re.compile(r"(?<=\d)\(\d\)$")
_DASHES = str.maketrans("−–—", "---")

_NO_NUMBER = gettext_noop("This is no number.")
_POINT_DOUBT = gettext_noop("The point can mark thousands or decimals.")
_COMMA_DOUBT = gettext_noop("The comma can mark thousands or decimals.")
_PERCENT_DOUBT = gettext_noop("The others are percentages; this can be a share of one, such as 0.5 for 50.")
_SHARE_DOUBT = gettext_noop("This is a percentage; the others of the column are amounts.")
_UNITS_DOUBT = gettext_noop("The numbers of the column have different units.")


@lru_cache(maxsize=100_000)
def number_in(text: str) -> tuple[Decimal | None, tuple[Decimal, ...], str, bool]:
    """(value, readings where there are several, unit, whether it is a percentage). The value is None in doubt."""
    if is_raised(text):
        return None, (), "", False
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    sign = Decimal(1)
    if re.match(r"[^\d(]{1,4}\(", text):
        # $(1,234)
        text = CURRENCY.sub("", text)
    if match := re.fullmatch(r"\((.+)\)", text):
        sign, text = Decimal(-1), match[1].strip()
    if text.startswith("-") and CURRENCY.search(text[1:].lstrip()):
        sign, text = -sign, text[1:].lstrip()
    text = CURRENCY.sub("", CURRENCY.sub("", text)).strip()
    if re.fullmatch(r"[\d.,]+-", text):
        sign, text = -sign, text[:-1]
    unit = ""
    percent = bool(_PERCENT.search(text))
    if percent:
        text = _PERCENT.sub("", text)
    elif match := _UNIT.search(text):
        unit, text = match[1].casefold().replace(" ", ""), text[: match.start()].strip()
        text = CURRENCY.sub("", text).strip()
    factor = 1
    if (match := _FACTOR.search(text)) and (found := _FACTORS.get(match[1]) or _FACTORS.get(match[1].casefold())):
        factor, text = found, text[: match.start()].strip()
    readings = tuple(sign * factor * one for one in _readings(text))
    return (readings[0] if len(readings) == 1 else None), readings, unit, percent


def _readings(text: str) -> list[Decimal]:
    if text and not any(map(str.isdigit, text)):
        words = number_in_words(text)
        return [] if words is None else [words]
    if _PLAIN.fullmatch(text) or _EXPONENT.fullmatch(text):
        return [_decimal(text)]
    if _THOUSANDS.fullmatch(text):
        # 1,234 alone can be a little more than one in half of Europe
        plain = _decimal(text.replace(",", ""))
        return [plain] if "." in text or text.count(",") > 1 else [plain, _decimal(text.replace(",", "."))]
    if _THOUSANDS_OF_TEN.fullmatch(text) or _INDIAN.fullmatch(text):
        return [_decimal(text.replace(",", ""))]
    if _BLANKS.fullmatch(text):
        return [_decimal(re.sub(r"[ '’]", "", text).replace(",", "."))]
    if _POINTS.fullmatch(text):
        return [_decimal(text.replace(".", "").replace(",", "."))]
    if _COMMA.fullmatch(text):
        return [_decimal(text.replace(",", "."))]
    return []


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


def within(text: str) -> tuple[str, ...]:
    """The one number that a text holds: ca. 4000; and letters that look like digits as such: 4O00."""
    if len(text) > _LONGEST:
        return ()
    if (whole := number_in(text.translate(_LIKE_DIGITS))[1]) and not is_raised(text):
        return tuple(plain_text(one) for one in whole)
    if match := _APART.fullmatch(text):
        return f"{match[1]}{match[2]}", f"{match[1]}.{match[2]}"
    if span := _span(text):
        return span
    found = _WITHIN.findall(_FOOTNOTE.sub("", text)) if not is_raised(text) else []
    if len(found) != 1:
        return ()
    return tuple(plain_text(one) for one in number_in(found[0].translate(_LIKE_DIGITS))[1])


def _span(text: str) -> tuple[str, ...]:
    """Both ends of 15-20K, in full."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or match[2] not in ("", match[4]):
        return ()
    ends = [number_in(number + match[4])[0] for number in (match[1], match[3])]
    found = [one for one in ends if one is not None]
    return tuple(map(plain_text, found)) if len(found) == 2 and found[0] < found[1] else ()


def looks_like_number(cell: object) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, (int, float)):
        return True
    return isinstance(cell, str) and len(cell) < 40 and any(map(str.isdigit, cell)) and bool(number_in(cell)[1])


def plain_text(number: Decimal) -> str:
    """Without exponent, and without zeros that a factor left behind."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text and number == number.to_integral_value() else text


def clean_numbers(work: Work, column: Column) -> None:
    """Rule ``numbers``."""
    groups = work.grouped(column)
    read = {key: number_in(key[1]) for key in groups if key[0] == "str"}
    commas = read_commas(work, column, read, groups)
    european = commas.decimal
    percents = _percent_divides(read, groups)
    units = {_same_unit(unit) for _value, readings, unit, _percent in read.values() if unit and readings}
    if len(scales := {unit for unit in units if unit in _SCALES_WRITTEN}) == 1:
        # 4/5 and 4 points
        units -= scales
    own = unit_of(column)
    bare = sum(bool(readings) and not unit for _v, readings, unit, _p in read.values())
    open_ends = _open_ends(groups)
    most = _most({key: one for key, one in read.items() if key not in commas.asked}, groups)
    words = _own_words(column, read, groups)
    floats = [float(key[1]) for key in groups if key[0] in ("float", "int")]
    often = {key: len(places) for key, places in groups.items()}
    points = read_points(column, read, floats, often, european=bool(european), doubted=commas.asked)
    asked = _asked(column, read, groups, points, commas)
    for key, places in groups.items():
        if key in open_ends or key in words:
            continue
        if key in asked:
            _ask(work, column, places, *asked[key])
            continue
        if key[0] == "bool":
            _ask(work, column, places, (), _NO_NUMBER)
        elif key[0] == "float":
            # spreadsheets keep 15 digits; the rest is noise of binary fractions
            _write(work, column, places, plain_text(Decimal(f"{key[1]:.15g}")))
        elif key[0] == "str":
            value, readings, unit, percent = read[key]
            value = points[key][0] if key in points else value
            if value is None and readings and european is not None and (european or abs(readings[0]) <= most):
                value = readings[1] if european else readings[0]
            if value is None:
                _ask(
                    work,
                    column,
                    places,
                    [plain_text(one) for one in readings] or within(key[1]) or instead_of_number(key[1]),
                    _COMMA_DOUBT if readings else _NO_NUMBER,
                )
            elif unit and _same_unit(unit) != own and _differs(unit, own, units, bare):
                _ask(work, column, places, [plain_text(value)], _UNITS_DOUBT)
            elif key in points or not _PLAIN.fullmatch(key[1]) or key[1].startswith("+") or key[1].endswith("."):
                _write(work, column, places, plain_text(value / 100 if percent and percents else value))
        elif key[0] not in ("int", "Decimal"):
            _ask(work, column, places, (), gettext_noop("A number became a date or a time."))


def _asked(
    column: Column,
    read: dict[Any, Any],
    groups: dict[Any, list[int]],
    points: dict[Any, tuple[Decimal, ...]],
    commas: Commas,
) -> dict[Any, tuple[list[str], str]]:
    """Cells that the others of the column put in doubt -> what they can mean, and why they are asked about."""
    percents = _percent_divides(read, groups)
    found: dict[Any, tuple[list[Decimal], str]] = {}
    if not percents:
        fractions = {key: read[key][0] for key in _fractions(read, groups)}
        found |= {key: ([value * 100, value], _PERCENT_DOUBT) for key, value in fractions.items()}
        often = {key: len(places) for key, places in groups.items()}
        found |= {key: (several, SCALE_DOUBT) for key, several in other_scales(column, read, often).items()}
        found |= {key: ([], _SHARE_DOUBT) for key in _lone_shares(column, read, groups)}
    found |= {key: (list(several), _POINT_DOUBT) for key, several in points.items() if len(several) > 1}
    found |= {key: (list(several), _COMMA_DOUBT) for key, several in commas.asked.items()}
    found |= {key: (list(read[key][1]), _CURRENCY_DOUBT) for key in foreign_in(column.name, groups)}
    found |= {key: (list(read[key][1]), _MONEY_DOUBT) for key in money_among(column.name, column.meaning, groups)}
    return {key: ([plain_text(one) for one in several], reason) for key, (several, reason) in found.items()}


def _own_words(column: Column, read: dict[Any, Any], groups: dict[Any, list[int]]) -> set[Any]:
    """A few words that come again and again are values of the column, such as never among numbers of years."""
    if column.meaning or column.field:
        return set()
    least = max(3, _OWN_WORD * sum(map(len, groups.values())))
    found = {
        key
        for key, (_value, readings, *_rest) in read.items()
        if not readings and len(groups[key]) >= least and not any(map(str.isdigit, key[1]))
    }
    return found if len(found) <= _FEW_WORDS else set()


def _most(read: dict[Any, Any], groups: dict[Any, list[int]]) -> Decimal:
    """What 1,234 may be at most to be thousands: among numbers up to 5 it has a decimal comma as likely."""
    sure = [found[0] for key, found in read.items() if found[0] is not None and not is_dotted(key[1])]
    sure += [Decimal(str(key[1])) for key in groups if key[0] in ("float", "int")]
    return _TIMES * max(map(abs, sure)) if len(sure) >= _ENOUGH else Decimal("Infinity")


def _open_ends(groups: dict[Any, list[int]]) -> set[Any]:
    """``<1`` and ``>20`` that come again and again are how the column writes them, not numbers gone wrong."""
    found = {key for key in groups if key[0] == "str" and _OPEN_END.fullmatch(key[1])}
    least = max(3, (1 - _SHARE) / 2 * sum(map(len, groups.values())))
    return {key for key in found if len(groups[key]) >= least}


def _same_unit(unit: str) -> str:
    return next((name for name, words in _ALIKE.items() if unit in words), unit)


def _differs(unit: str, own: str, units: set[str], bare: int) -> bool:
    """Whether the number may count something else. Those without a unit may be told in another one, where any would."""
    same = _same_unit(unit)
    return len(units) > 1 or (bare > 0 and same in {"months", "minutes"}) or (own != "" and same in _TIMES_OF)


def _percent_divides(read: dict[Any, Any], groups: dict[Any, list[int]]) -> bool:
    """Whether 45 % stands among fractions such as 0.3; else the sign only names the unit."""
    plain = {key: abs(value) for key, (value, _r, _u, percent) in read.items() if value is not None and not percent}
    plain |= {key: abs(Decimal(str(key[1]))) for key in groups if key[0] in ("float", "int")}
    fractions = [key for key, one in plain.items() if one]
    signed = sum(len(groups[key]) for key, (value, _r, _u, percent) in read.items() if value and percent)
    # a few fractions among percentages are what is wrong, not the percentages
    few = sum(len(groups[key]) for key in fractions) < (1 - _MOSTLY) * signed
    return bool(fractions) and not few and sum(plain[key] <= 1 for key in fractions) > _MOSTLY * len(fractions)


def _fractions(read: dict[Any, Any], groups: dict[Any, list[int]]) -> set[Any]:
    """The few 0.5 and 1 that stand among percentages from 2 up, most of them with the sign; from 1 up, 0.5 alone."""
    signed = sum(len(groups[key]) for key, (value, _r, _u, percent) in read.items() if value is not None and percent)
    large = [abs(value) for value, _r, _u, percent in read.values() if value and percent]
    if not large or min(large) < 1:
        return set()
    small = {key for key, (value, _r, _u, percent) in read.items() if value and not percent and abs(value) <= 1}
    few = sum(len(groups[key]) for key in small)
    if signed <= _USUAL_SIGN * (sum(map(len, groups.values())) - few):
        return set()
    return small if min(large) > 1 else {key for key in small if abs(read[key][0]) < 1}


def _lone_shares(column: Column, read: dict[Any, Any], groups: dict[Any, list[int]]) -> set[Any]:
    """The few 10 % among amounts of money: nobody can tell of what."""
    found = {key for key, (_value, readings, _unit, percent) in read.items() if readings and percent}
    few = sum(len(groups[key]) for key in found) < (1 - _MOSTLY) * sum(map(len, groups.values()))
    return found if column.meaning == "salary" and few else set()


#: share of percentages that have their sign
_USUAL_SIGN, _MOSTLY = 0.5, 0.8


_MONEY_DOUBT = gettext_noop("This is an amount of money; the column counts something else.")
_CURRENCY_DOUBT = gettext_noop("This is in another currency than the others of the column.")


def _write(work: Work, column: Column, places: list[int], after: str) -> None:
    work.change_all(column, places, "numbers", after)


def _ask(work: Work, column: Column, places: list[int], candidates: Any, reason: str) -> None:
    for place in places:
        work.doubt(column, place, "numbers", candidates, Say(reason))


#: share of a column that says how it writes open ends
_SHARE = 0.98
#: how many times as large as the others 1,234 may be, and from how many others that shows
_TIMES, _ENOUGH = 20, 5
#: share of a column from which a word among numbers is none by mistake, and how many such words there may be
_OWN_WORD, _FEW_WORDS = 0.05, 3
