"""Names of months and weekdays in many languages, as Django's own translations have them."""

from __future__ import annotations

import gettext
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from migration.rules import MONTHS

#: languages of Latin, Greek and Cyrillic letters; those of the file's neighbours in the world, not all
LANGUAGES = (
    "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "tr", "ru", "uk", "bg", "sr", "hr", "sl", "sv",
    "nb", "da", "fi", "et", "lv", "lt", "el", "ca", "id", "vi",
)  # fmt: skip
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS = {
    spelling.casefold(): number for number, name in enumerate(_DAYS) for spelling in (name, name[:3])
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}  # fmt: skip
_SHORT = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
#: shorter ones mean something else too often
_LEAST = 3


def fold_name(name: str) -> str:
    """Without accents, dots and case: ``Févr.`` is ``fevr``."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("ı", "i"))
    return "".join(letter for letter in plain if letter.isalpha())


def months_named(name: str) -> tuple[int, ...]:
    """The months that are called so, 1 to 12; English comes first, and else several are several languages."""
    folded = fold_name(name)
    if number := MONTHS.get(folded):
        return (number,)
    return tuple(sorted(_months().get(folded, ())))


def weekdays_named(name: str) -> frozenset[int]:
    """The weekdays that are called so, 0 for Monday; English comes first."""
    folded = fold_name(name)
    if (number := _WEEKDAYS.get(folded)) is not None:
        return frozenset({number})
    return _weekdays().get(folded, frozenset())


@lru_cache(maxsize=1)
def _months() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for told in _translations():
        for number, english in enumerate(_ENGLISH, 1):
            names = {
                told.gettext(english), told.pgettext("alt. month", english), told.gettext(english[:3].casefold()),
                told.pgettext("abbrev. month", _SHORT[number - 1]),
            }  # fmt: skip
            for name in map(fold_name, names):
                if len(name) >= _LEAST:
                    found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@lru_cache(maxsize=1)
def _weekdays() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, english in enumerate(_DAYS):
        names = {text for told in _translations() for text in (told.gettext(english), told.gettext(english[:3]))}
        for name in map(fold_name, names):
            if len(name) >= _LEAST:
                found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@lru_cache(maxsize=1)
def _translations() -> list[gettext.NullTranslations]:
    spec = find_spec("django")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "conf" / "locale"
    return [gettext.translation("django", folder, [language], fallback=True) for language in LANGUAGES]
