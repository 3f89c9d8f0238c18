"""Cells that say nothing, and cells whose value a spreadsheet lost."""

# ruff: noqa: E501 - texts and words are read as one line
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.rules import folded, source_row, text_of

WORDS = frozenset(
    folded(word)
    for word in (
        "na", "n/a", "n.a.", "n a", "nan", "nil", "none", "null", "unk", "unknown", "unknow", "not known", "tbd", "tba", "tbc",
        "not available", "not applicable", "not specified", "unspecified", "not provided", "no data", "missing", "blank", "(blank)",
        "(null)", "(none)", "<na>", "<null>", "\\n", "nat", "undefined", "not stated", "not set", "to be determined", "to be confirmed",
        "无", "未知", "不详", "暂无", "空", "待定", "不适用", "未填", "未填写", "无数据", "没有", "暂缺", "缺失", "不明", "未提供", "暂未提供",
    )
)  # fmt: skip
_SIGNS = re.compile(r"[-–—―−_?？.。…*/\\|~·、]+")
#: not available, and why: N/A-StillEmployed
_WITH_REASON = re.compile(r"n/a[\s\-–—−:(_].*", re.IGNORECASE)
_LOST = re.compile(r"#{2,}|#(N/A|REF!?|VALUE!?|NAME\??|DIV/0!?|NUM!?|NULL!?|GETTING_DATA|SPILL!?|CALC!?|UNKNOWN!?)", re.IGNORECASE)  # fmt: skip
_FORMULA = re.compile(r"=\S*[A-Za-z(?]")
#: no usual word for nothing has a digit, or more letters
_DIGIT, _LONGEST = re.compile(r"\d"), 24
_CODE = re.compile(r"[A-Z]{2}")
#: what stands beside NA where it is North America
_REGIONS = frozenset(
    {
        "emea",
        "apac",
        "latam",
        "amer",
        "americas",
        "mena",
        "anz",
        "asean",
        "cala",
        "eu",
        "europe",
        "asia",
        "row",
        "global",
    }
)
#: words that are also people's names
_NAMES = frozenset({"na", "null", "none", "nil", "nan", "nat", "unknow"})


#: a word for nothing that can be a level, and the share of a column from which it may, and least cells
_NONE, _OFTEN, _LEAST = "none", 0.05, 5
#: words for what is not decided yet, which is a result where it comes often
_UNDECIDED = frozenset({"待定", "tbd", "tba", "tbc", "tobedetermined", "tobeconfirmed"})
_RESULTS = re.compile(r"result|outcome|status|decision|stage|结果|状态|结论|决定", re.IGNORECASE)


@lru_cache(maxsize=100_000)
def is_placeholder(text: str) -> bool:
    return folded(text) in WORDS or bool(_SIGNS.fullmatch(text)) or bool(_WITH_REASON.fullmatch(text))


def is_lost(text: str) -> bool:
    return bool(_LOST.fullmatch(text)) or bool(_FORMULA.match(text))


def report_lost(work: Work, column: Column) -> None:
    """Rule ``spreadsheet_errors``."""
    for (kind, value), places in work.grouped(column).items():
        if kind == "str" and value.lstrip()[:1] in ("#", "=") and is_lost(value.strip()):
            wide = set(value.strip()) == {"#"}
            if value.startswith("="):
                _ask_to_calculate(work, column, places, value)
                continue
            if wide:
                reason = Say(gettext_noop("The column was too narrow when the file was saved: the value is lost."))
            else:
                reason = Say(gettext_noop("This is an error of the spreadsheet, not a value."))
            for place in places:
                work.doubt(column, place, "spreadsheet_errors", (), reason)


#: a row of a reference, as in E2 and $E2, not in a name such as LOG10(
_CELL = r"(?<![A-Za-z0-9_.])(\$?[A-Z]{{1,3}}){row}(?![\w(])"


def _ask_to_calculate(work: Work, column: Column, places: list[int], value: str) -> None:
    """Formulas are alike that refer to their own row alike: one answer serves them all."""
    reason = Say(
        gettext_noop(
            "The program that wrote the file did not calculate this formula: open the file in a spreadsheet program, "
            "save it, and send it again."
        )
    )
    for place in places:
        own = str(source_row(work.numbers[place]))
        said = re.sub(_CELL.format(row=own), r"\1?", value)
        work.doubt(column, place, "spreadsheet_errors", (), reason, said)


def empty_placeholders(work: Work, column: Column) -> None:
    """Rule ``placeholders``. A code NA among codes of two letters, or a name Null among names, is a doubt; among
    regions such as EMEA it is one."""
    groups = work.grouped(column)
    words = [value for (kind, value) in groups if kind == "str"]
    is_codes = len(words) > 4 and sum(bool(_CODE.fullmatch(word)) for word in words) >= 0.7 * len(words)
    regions = sum(folded(word) in _REGIONS for word in set(words))
    is_regions = regions > 1 and regions >= 0.4 * len(set(words))
    is_level = _is_level(column, groups)
    for (kind, value), places in groups.items():
        if kind not in ("str", "float"):
            continue
        text = text_of(value)
        if is_regions and text == "NA":
            continue
        if (len(text) > _LONGEST or _DIGIT.search(text)) and text[:1] not in "nN" and not work.hints.empty:
            continue
        word = folded(text) if work.hints.kept or work.hints.empty else ""
        if word and word in work.hints.kept:
            continue
        if not (is_placeholder(text) or (word and word in work.hints.empty)):
            continue
        is_name = column.meaning.endswith("name") and folded(text) in _NAMES and text[:1].isalpha()
        for place in places:
            if (is_codes and text == "NA") or (is_name and "/" not in text and text.istitle()) or is_level:
                reason = Say(gettext_noop("This can be a value, or say that nothing is known."))
                work.doubt(column, place, "placeholders", (text, ""), reason)
            else:
                work.change(column, place, "placeholders", "")


def _is_level(column: Column, groups: dict[tuple[str, Any], list[int]]) -> bool:
    """Whether none can be one of the levels of a column, as of education, or 待定 one of its results: it comes often,
    and no other word says that nothing is known."""
    said = {folded(value): len(places) for (kind, value), places in groups.items() if kind == "str"}
    nothing = {word for word in said if word and is_placeholder(word)}
    if column.type != "category" or len(nothing) != 1:
        return False
    (word,) = nothing
    is_word = word == _NONE or (word in _UNDECIDED and bool(_RESULTS.search(column.name)))
    return is_word and said[word] >= max(_LEAST, _OFTEN * sum(said.values()))
