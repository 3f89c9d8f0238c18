"""Numbers in words, English and Chinese: sixty thousand, 八十五."""

# ruff: noqa: E501 - words of numbers
from __future__ import annotations

import re
from decimal import Decimal

_ENGLISH = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
} | {word: number for number, word in zip(range(20, 100, 10), ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], strict=True)}  # fmt: skip
_CHINESE = {letter: number for number, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
#: as cheques have them
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬", "一二三四五六七八九十百千万")
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千]+(万[零〇一二两三四五六七八九十百千]*)?|万")


#: what stands in the place of a number, as people write it -> what can be meant
_INSTEAD = {
    "": "面议|薪资面议|面谈|保密|薪资保密|面商|negotiable|to be negotiated|to be discussed|confidential|competitive|open|flexible|market rate|as per policy|secret",
    "0": "应届|应届生|应届毕业生|无经验|没有经验|fresh|fresher|freshers|fresh graduate|graduate|no experience|entry level|beginner|free|免费|free of charge|gratis|never|从未",
}  # fmt: skip
_MEANT = {word: number for number, words in _INSTEAD.items() for word in words.split("|")}


def instead_of_number(text: str) -> tuple[str, ...]:
    """What words can mean that stand where a number should: nothing yet for 面议, 0 for 应届."""
    meant = _MEANT.get(" ".join(re.split(r"[\s_-]+", text.strip().casefold())))
    return () if meant is None else (meant,)


def number_in_words(text: str) -> Decimal | None:
    """None where the words are no number, or not surely one."""
    words = re.sub(r"[\s,-]+", " ", text.strip().casefold()).split()
    if words and all(word in _ENGLISH or word in ("hundred", "thousand", "million", "and") for word in words):
        return _english(words)
    chinese = text.strip().translate(_FORMAL)
    if _CHINESE_NUMBER.fullmatch(chinese) and chinese != "万":
        return _chinese(chinese)
    return None


def _english(words: list[str]) -> Decimal | None:
    total = part = 0
    last = 1000
    for word in words:
        if word == "and":
            continue
        if word == "hundred":
            part, last = (part or 1) * 100, 1000
        elif word in ("thousand", "million"):
            total, part, last = total + (part or 1) * (1000 if word == "thousand" else 1_000_000), 0, 1000
        else:
            number = _ENGLISH[word]
            if (number >= 10 and last < 100) or (number < 10 and last < 20):
                # two three, fifty sixty
                return None
            part, last = part + number, number
    return Decimal(total + part)


def _chinese(text: str) -> Decimal | None:
    if "万" in text:
        head, tail = text.split("万", 1)
        first, second = _chinese(head), _chinese(tail) if tail else Decimal(0)
        return None if first is None or second is None else first * 10_000 + second
    total, digit = 0, -1
    for letter in text:
        if letter in _UNITS:
            total, digit = total + (1 if digit < 0 else digit) * _UNITS[letter], -1
        elif digit > 0:
            # 二三 names digits, or two or three
            return None
        else:
            digit = _CHINESE[letter]
    return Decimal(total + max(digit, 0))
