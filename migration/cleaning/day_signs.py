"""What systems write around a date: a time of day with its zone, signs of other kinds, brackets and quotation marks."""

from __future__ import annotations

import re
import unicodedata

_ZONE = r"Z|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|UTC|GMT|CST|CET|CEST|[ECMP][SD]T"
_TIME = re.compile(
    rf"(?<=[\d日])\s*[T,]?\s*([上下]午)?\s*(?<!\d)(\d{{1,2}})[:：时点](\d{{2}})(?:[:：分](\d{{2}})(\.\d+)?秒?)?分?"
    rf"\s*([AaPp])?\.?(?:(?<=[AaPp])[Mm]\.?|(?<=[AaPp]\.)[Mm]\.?)?\s*({_ZONE})?(?:\s*\([^()]{{2,60}}\))?$"
)
#: 29-MAR-15 12.00.00.000000000 AM
_POINTED = re.compile(r"(?<=\d) (\d{1,2})\.(\d{2})\.(\d{2})(\.\d+)? ([AP]M)\b", re.IGNORECASE)
#: 20230503T143000Z and 20230503143000
_BASIC = re.compile(r"([12]\d{3}[01]\d[0-3]\d)T?([0-2]\d)([0-5]\d)([0-5]\d)(Z?)")
#: 03MAY2023:14:30:00
_AFTER_COLON = re.compile(r"(\d{1,2}[A-Za-z]{3}\d{2,4}):(?=\d{2}:)")
#: Wed May 03 00:00:00 UTC 2023
_YEAR_BEHIND = re.compile(
    rf"([A-Za-z]{{3}} [A-Za-z]{{3}} \d{{1,2}}) (\d{{2}}:\d{{2}}:\d{{2}})(?: ({_ZONE}))? (\d{{4}})"
)
_DASHES = str.maketrans("‐‑‒–—−─_|", "---------")
_WRAPPED = re.compile(r"[(\[{](.*\d.*)[)\]}]")
#: 3 May '23
_SHORT_YEAR = re.compile(r"(?<=[-/. ])['’‘`](?=\d\d$)")


def without_signs(text: str) -> str:
    """The text of a cell with the usual signs, its time behind the date."""
    text = unicodedata.normalize("NFKC", text).strip().strip("'\"‘’`“”").strip()
    if match := _WRAPPED.fullmatch(text):
        text = match[1].strip()
    text = _POINTED.sub(lambda match: f" {match[1]}:{match[2]}:{match[3]}{match[4] or ''} {match[5]}", text)
    if match := _BASIC.fullmatch(text):
        return f"{match[1]} {match[2]}:{match[3]}:{match[4]}{match[5]}"
    if match := _YEAR_BEHIND.fullmatch(text):
        return f"{match[1]} {match[4]} {match[2]}{match[3] or ''}"
    return _AFTER_COLON.sub(r"\1 ", text)


def without_time(text: str) -> str:
    """The date alone, of a text :func:`without_signs`."""
    text = _TIME.sub("", text).strip().translate(_DASHES)
    return _SHORT_YEAR.sub("", text)


def time_of(text: str, *, midnight: bool = False) -> str:
    """The time behind a date, in 24 hours, where there is one; ``midnight``: also where it is that."""
    match = _TIME.search(without_signs(text))
    if match is None:
        return ""
    half = {"上午": "a", "下午": "p"}.get(match[1], (match[6] or "").casefold())
    hour = int(match[2])
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    seconds = f":{match[4]}{match[5] or ''}" if match[4] else ""
    if not midnight and not hour and not int(match[3]) and not seconds.strip(":0."):
        return ""
    return f"{hour:02d}:{match[3]}{seconds}{match[7] or ''}"
