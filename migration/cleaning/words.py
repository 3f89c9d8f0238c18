"""Columns of a few words: one way to write each, and rare ones that look misspelt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rapidfuzz.distance import OSA, DamerauLevenshtein

from migration.cleaning.registry import gettext_noop
from migration.cleaning.shortened import whole_words
from migration.cleaning.text import fold
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import NO, YES, folded, text_of

TRUE = frozenset(["yes", "y", "true", "t", "是", "对", "√", "✓", "✔"])
FALSE = frozenset(["no", "n", "false", "f", "否", "不是", "×", "✗", "✘", "x"])
_TICKS = frozenset("是对√✓✔×✗✘")
#: words for the same thing, whatever a column calls it
SAME = {
    "female": "female f woman w 女 女性 female.", "male": "male m man 男 男性 male.",
    "single": "single 未婚", "married": "married 已婚", "divorced": "divorced 离异 离婚", "widowed": "widowed 丧偶",
}  # fmt: skip
OTHER = frozenset({"other", "其他", "diverse", "divers", "d", "nonbinary", "prefernottosay"})
SAME_WORDS = {fold(word): name for name, words in SAME.items() for word in words.split()}
#: the letters that two spellings may differ in, by length
_LONG, _SHORT = 8, 3
#: how often the rare one may stand for each time of the usual one; the second where the slip is plain to see
_RARE_SHARE, _PLAIN_SHARE = 0.02, 0.125
_PLAIN_LENGTH = 5
#: what names of departments are written with and without
_SUFFIXES = ("部门", "部", "中心", "处", "室", "组", "科", "公司", "department", "dept", "team", "division", "office")
NUMERALS = frozenset("一二三四五六七八九十甲乙丙丁东南西北前后内外上下大小高中初")
_MOST_WORDS = 400
#: rows, and words of a column, among which two alike that come once each are both suspect
#: beginnings that turn a word into its opposite
_PREFIXES = frozenset({"in", "ex", "im", "un", "up", "de", "re"})
_SMALL, _FEW = 200, 150


def truth_in(text: str) -> bool | None:
    word = fold(text)
    return True if word in TRUE | {"1"} else False if word in FALSE | {"0"} else None


#: words that show that M is no man's letter alone
_ROMANCE = frozenset({"h", "hombre", "mujer"})


def apply_terms(work: Work, column: Column) -> None:
    """Rule ``terms``: the dictionary decides, before anything is guessed."""
    terms = {**(work.hints.terms.get("*") or {}), **(work.hints.of(work.hints.terms, column) or {})}
    if not terms:
        return
    groups = work.grouped(column)
    is_romance = "gender" in (column.type, column.field) and any(fold(text_of(key[1])) in _ROMANCE for key in groups)
    for (_kind, value), places in groups.items():
        word = terms.get(folded(text_of(value)))
        if word is not None and is_romance and folded(text_of(value)) == "m":
            reason = Say(gettext_noop("M can mean male here, or mujer, which is female."))
            for place in places:
                work.doubt(column, place, "terms", ("female", "male"), reason)
        elif word is not None:
            work.change_all(column, places, "terms", word)


def clean_truth(work: Work, column: Column) -> None:
    """Rule ``truth``: yes and no as most cells of the column say them; ``yes``/``no`` in a field of the suite."""
    groups = work.grouped(column)
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    read: dict[Any, bool | None] = {}
    for key, places in groups.items():
        read[key] = key[1] if key[0] == "bool" else _truth_in(text_of(key[1]), column)
        if (truth := read[key]) is not None:
            counts[truth][text_of(key[1])] += len(places)
    size = sum(map(len, groups.values()))
    words = {True: "yes", False: "no"} if column.field else _pair(counts)
    # beside yes and no an x can be a tick; beside yes alone, or ✓, it says no
    plain = {truth for truth, texts in counts.items() for text in texts if fold(text) != "x"}
    may_tick = len(plain) == 2 and not any(fold(text) in _TICKS for texts in counts.values() for text in texts)
    for key, places in groups.items():
        truth = read[key]
        if may_tick and fold(text_of(key[1])) == "x":
            reason = Say(gettext_noop("An x can tick a box, or say no."))
            for place in places:
                work.doubt(column, place, "truth", (words[True], words[False]), reason)
        elif truth is not None:
            work.change_all(column, places, "truth", words[truth])
        elif column.field or not _is_own_answer(text_of(key[1]), len(places), size):
            reason = Say(gettext_noop("This is neither yes nor no."))
            for place in places:
                work.doubt(column, place, "truth", (words[True], words[False]), reason)


def _is_own_answer(text: str, count: int, rows: int) -> bool:
    """Maybe, where it comes again and again and is no misspelt yes or no."""
    word = fold(text)
    return (
        count >= max(_AGAIN, _AGAIN_SHARE * rows)
        and len(word) > _SHORT
        and not any(OSA.distance(word, one) <= 1 for one in TRUE | FALSE)
    )


#: how often an answer of its own comes at least, and its share
_AGAIN, _AGAIN_SHARE = 4, 0.02


def _truth_in(text: str, column: Column) -> bool | None:
    """Yes or no; in a field of the suite also passed and failed, 合格 and 不合格, as imports read them."""
    found = truth_in(text)
    if found is None and column.field:
        word = fold(text)
        found = True if word in YES else False if word in NO else None
    return found


_PAIRS = (("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("1", "0"), ("是", "否"), ("√", "×"))


def _pair(counts: Mapping[bool, Counter[str]]) -> dict[bool, str]:
    """The words that belong together and are used most."""
    weight: Counter[tuple[str, str]] = Counter()
    for pair in _PAIRS:
        for truth, word in ((True, pair[0]), (False, pair[1])):
            weight[pair] += sum(count for text, count in counts[truth].items() if fold(text) == word)
    best = weight.most_common(1)[0][0]
    found = {}
    for truth, word in ((True, best[0]), (False, best[1])):
        spellings = Counter({text: count for text, count in counts[truth].items() if fold(text) == word})
        found[truth] = spellings.most_common(1)[0][0] if spellings else word
    other = found[True] if any(found[True] == text for text in counts[True]) else found[False]
    for truth in found:
        if found[truth] in (best[0], best[1]) and found[truth] not in counts[truth]:
            found[truth] = like(found[truth], other)
    return _in_one_case(found, counts)


def _in_one_case(found: dict[bool, str], counts: Mapping[bool, Counter[str]]) -> dict[bool, str]:
    """Yes and no in the same case, where both cases of a word stand in the column: Yes beside no, if No is there."""
    ways = [
        {truth: like(found[truth].lower(), found[example]) for truth in found}
        for example in found
    ]  # fmt: skip
    ways = [way for way in ways if all(way[truth] in counts[truth] or way[truth] == found[truth] for truth in way)]
    return max(ways, key=lambda way: sum(counts[truth][way[truth]] for truth in way), default=found)


def like(word: str, example: str) -> str:
    """The word in the case of the example."""
    return word.upper() if example.isupper() else word.capitalize() if example[:1].isupper() else word


#: names that come again and again: those of managers and trainers, and of towns
REPEATED = frozenset({"manager_name", "trainer_name", "city"})


#: letters of a Chinese name of which one may be a slip, and how many times as often the right one comes
_CHINESE_NAME, _MANY_TIMES = re.compile(r"[\u4e00-\u9fff]{3,4}"), 10
#: share of managers who are in the column of names, from which all seem to be
_AMONG = 0.6


def report_misspelt_placeholders(work: Work, column: Column) -> None:
    """Rule ``placeholders``: Not Aplicable where Not Applicable comes often and was taken out."""
    usual = work.emptied(column)
    often = [word for word, count in usual.items() if count >= _MANY_TIMES and len(word) >= _LONG]
    if not often:
        return
    for (kind, value), places in work.grouped(column).items():
        if (
            kind != "str"
            or len(places) > 2
            or not any(is_slip(value, word) or fold(value) == fold(word) for word in often)
        ):
            continue
        for place in places:
            work.doubt(column, place, "placeholders", ("", value), Say(_NOT_KNOWN))


_NOT_KNOWN = gettext_noop("This can be a value, or say that nothing is known.")


def report_name_spelling(work: Work, column: Column) -> None:
    if column.meaning not in REPEATED:
        return
    if column.meaning == "manager_name":
        _report_unlike_staff(work, column)
    report_spelling(work, column)
    if column.meaning == "city":
        return
    counts = counts_of(work, column)
    for value, near in but_for_a_sign(counts, _CHINESE_NAME, _MANY_TIMES).items():
        ask_slip(work, column, value, [other for other in near if counts[other] >= _MANY_TIMES * counts[value]])


def but_for_a_sign(counts: Counter[str], form: re.Pattern[str], often: int) -> dict[str, list[str]]:
    """Word -> those that come at least ``often`` and differ from it in one character, the most frequent first; of the
    words that are of the form."""
    # words that differ in one place are the same without it
    gaps = {
        word: [f"{word[:at]}\0{word[at + 1 :]}" for at in range(len(word))] for word in counts if form.fullmatch(word)
    }
    usual: dict[str, list[str]] = {}
    for word, patterns in gaps.items():
        for pattern in patterns if counts[word] >= often else ():
            usual.setdefault(pattern, []).append(word)
    found = {
        word: {other for pattern in patterns for other in usual.get(pattern, ())} - {word}
        for word, patterns in gaps.items()
    }
    return {word: sorted(near, key=lambda one: (-counts[one], one)) for word, near in found.items() if near}


def counts_of(work: Work, column: Column) -> Counter[str]:
    groups = work.grouped(column)
    return Counter({value: len(places) for (kind, value), places in groups.items() if kind == "str"})


def _report_unlike_staff(work: Work, column: Column) -> None:
    """Names of managers that are nearly one of the column of names, where the others are of it."""
    names = work.meaning("name")
    staff = {shown(cell) for _place, cell in work.filled(names)} if names else set()
    counts = counts_of(work, column)
    others = [value for value in counts if value not in staff]
    if len(others) > min(_FEW, (1 - _AMONG) * len(counts)):
        return
    for value in others:
        ask_slip(work, column, value, [name for name in sorted(staff) if is_plain_slip(value, name)])


def ask_slip(work: Work, column: Column, value: str, near: list[str]) -> None:
    if near:
        reason = Say(_LIKE_USUAL, {"word": near[0]})
        for place in work.grouped(column).get(("str", value), []):
            work.doubt(column, place, "spelling", (*near[:3], value), reason)


_LIKE_USUAL = gettext_noop("This looks like a slip of the pen: “%(word)s” is usual in the column.")


def report_spelling(work: Work, column: Column) -> None:
    """Rule ``spelling``: a rare word at a slip's distance from a frequent one."""
    counts = counts_of(work, column)
    if len(counts) > _MOST_WORDS:
        return
    rows = sum(counts.values())
    if column.type == "gender":
        _report_unknown(work, column, counts, rows)
    for value, count in counts.items():
        if whole := whole_words(value, count, counts):
            if column.type == "name":
                ask_slip(work, column, value, whole)
            # others are asked about as cut short, with the whole word
            continue
        near = [
            other for other, often in counts.most_common()
            if other != value and (often >= 2 * count or (often == count and (rows < _SMALL or len(counts) <= _FEW)))
            and count <= max(1, _PLAIN_SHARE * often)
            and (is_plain_slip(value, other) or (count <= max(1, _RARE_SHARE * often) and is_slip(value, other)))
        ]  # fmt: skip
        if near:
            # other slips are nobody's word
            near = [other for other in near if counts[other] >= _PLAIN_SHARE * counts[near[0]]]
            ask_slip(work, column, value, near)


def _report_unknown(work: Work, column: Column, counts: Counter[str], rows: int) -> None:
    """A word for a gender that is none, where it is rare or looks like one."""
    usual = [word for word, _count in counts.most_common() if _names_gender(word)]
    groups = work.grouped(column)
    for text, count in counts.items():
        if _names_gender(text) or fold(text) in OTHER:
            continue
        candidates = similar(text, usual) or _same_in(text, usual)
        if candidates or count <= max(1, _RARE_SHARE * rows):
            for place in groups["str", text]:
                reason = Say(gettext_noop("This is no usual word here."))
                work.doubt(column, place, "spelling", candidates, reason)


def _names_gender(text: str) -> bool:
    return SAME_WORDS.get(fold(text)) in _GENDERS


_GENDERS = ("male", "female")


def _same_in(text: str, usual: list[str]) -> list[str]:
    """The column's own words for what a misspelt word means: f for Femal."""
    meant = {SAME_WORDS[word] for word in similar(text, filter(_names_gender, SAME_WORDS))}
    return [word for word in usual if len(meant) == 1 and SAME_WORDS[fold(word)] in meant][:1]


def is_slip(text: str, usual: str) -> bool:
    """One letter added, lost, changed or two exchanged (two slips in long words). Digits and numerals are no slips."""
    one, other = fold(text), fold(usual)
    if min(len(one), len(other)) < 4 or _numbers(one) != _numbers(other) or _numeral(text) != _numeral(usual):
        return False
    most = 1 if len(other) < _LONG else 2
    if one[2:] == other[2:] and {one[:2], other[:2]} <= _PREFIXES:
        # Internal and External
        return False
    if most == 1 and one[0] != other[0] and not _differs_in_front(one, other):
        # Jr. and Sr.
        return False
    if len(one) == len(other) and any({*pair} <= NUMERALS for pair in zip(one, other, strict=True) if len({*pair}) > 1):
        # 研发一部 and 研发二部
        return False
    if most == 2 and len(one) == len(other) and one[:-3] == other[:-3] and sorted(one[-3:]) != sorted(other[-3:]):
        # Accounting and Accountant, Administrative and Administration end otherwise; a slip changes one letter
        most = 1
    distance: int = OSA.distance(one, other, score_cutoff=most)
    return 0 < distance <= most and not _is_other_word(text, usual)


def _differs_in_front(one: str, other: str) -> bool:
    """A first letter that was lost or is too many, in words of five; another one, in longer ones."""
    short, long = sorted((one, other), key=len)
    if len(short) < len(long):
        return len(long) > _PLAIN_LENGTH and long[1:] == short
    return len(short) > _PLAIN_LENGTH and one[1:] == other[1:]


def _is_other_word(text: str, usual: str) -> bool:
    """IT Director and BI Director: two letters more than half exchanged are no slip."""
    odd = [pair for pair in zip(text.casefold().split(), usual.casefold().split(), strict=False) if pair[0] != pair[1]]
    return (
        len(text.split()) == len(usual.split())
        and len(odd) == 1
        and max(map(len, odd[0])) <= _SHORT
        and OSA.distance(*odd[0]) > 1
    )


def is_plain_slip(text: str, usual: str) -> bool:
    """One letter of a long word, or a suffix such as 部 missing or too many: a slip even where it comes often."""
    one, other = sorted((fold(text), fold(usual)), key=len)
    if any(one + suffix == other for suffix in _SUFFIXES):
        return True
    words = zip(text.casefold().split(), usual.casefold().split(), strict=False)
    odd = [pair for pair in words if pair[0] != pair[1]]
    return (
        len(odd) == 1
        and len(text.split()) == len(usual.split())
        and (min(map(len, odd[0])) >= _PLAIN_LENGTH or _is_doubled(*odd[0]))
        and is_slip(text, usual)
        and OSA.distance(*odd[0]) == 1
        # a plural is another word, at times
        and one + "s" != other
    )


def _is_doubled(one: str, other: str) -> bool:
    """Veryy of Very: a letter written twice."""
    return min(len(one), len(other)) > _SHORT and _TWICE.sub(r"\1", one) == _TWICE.sub(r"\1", other)


_TWICE = re.compile(r"([^\W\d_])\1+")


def _numbers(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _numeral(text: str) -> str:
    last = text.split()[-1] if text.split() else ""
    return last if set(last) <= set("IVX") else ""


def similar(text: str, words: Iterable[str]) -> list[str]:
    """Words that resemble ``text``, the likeliest first."""
    one = fold(text)
    scored = [(DamerauLevenshtein.normalized_similarity(one, fold(word)), word) for word in words]
    return [word for score, word in sorted(scored, key=lambda pair: -pair[0]) if score >= 0.6][:3]
