"""Names of places whose blank was lost or written as another sign: PortMichelle, Port_Ronnie."""

from __future__ import annotations

import re
from collections import Counter

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: texts from which a column shows how it writes names, share of those that have a blank, and of those without theirs
_ENOUGH, _SOME, _FEW = 20, 0.2, 0.25
#: letters of a first word, and how many others have it before a blank
_LEAST, _KNOWN = 3, 3
_LONGEST, _BLANKS = 40, 4
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGN = re.compile(r"(?<=[^\W\d])_+(?=[^\W\d])")


def mend_joined(work: Work, column: Column) -> None:
    """Rule ``variants`` for short texts most of which come once: a blank for an underscore that no other has, and
    between two words whose first one others have before a blank. A hyphen there is asked about."""
    if column.type != "text" and column.meaning != "city":
        return
    groups = {key[1]: places for key, places in work.grouped(column).items() if key[0] == "str"}
    size = sum(map(len, groups.values()))
    spaced = [text for text in groups if " " in text]
    long = any(len(text) > _LONGEST or text.count(" ") > _BLANKS for text in groups)
    if size < _ENOUGH or long or sum(len(groups[text]) for text in spaced) < _SOME * size:
        return
    first = Counter(text.split(" ")[0] for text in spaced for _place in groups[text])
    mended = {text: _apart(text, first) for text in groups if " " not in text}
    odd = {text: meant for text, meant in mended.items() if meant}
    if sum(len(groups[text]) for text in odd) > _FEW * size:
        return
    reason = Say(gettext_noop("The column writes such names with a blank."))
    for text, meant in odd.items():
        if "-" not in text:
            work.change_all(column, groups[text], "variants", meant)
            continue
        for place in groups[text]:
            work.doubt(column, place, "variants", (meant, text), reason)


def _apart(text: str, first: Counter[str]) -> str:
    """The text with its blanks; empty where nothing shows that it had any."""
    if "_" in text:
        return _SIGN.sub(" ", text)
    for sign in ("-", _CAPITAL):
        words = text.split(sign, 1) if isinstance(sign, str) else sign.split(text, maxsplit=1)
        if len(words) == 2 and len(words[0]) >= _LEAST and first[words[0]] >= _KNOWN and words[1][:1].isupper():
            return " ".join(words)
    return ""
