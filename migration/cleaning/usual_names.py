"""Names that are hardly ever anything but first names, or last names, in English-speaking countries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

#: how many times as often as the other a name is the one
_TIMES = 25


@cache
def usual_names() -> tuple[frozenset[str], frozenset[str]]:
    """(first names, last names) in small letters, of the lists that Faker has with how often each comes."""
    from faker.providers.person.en_US import Provider  # noqa: PLC0415 - a tenth of a second, for few tables

    first, last = _folded(Provider.first_names), _folded(Provider.last_names)
    return _hardly_of(first, last), _hardly_of(last, first)


def _folded(names: Mapping[str, float]) -> dict[str, float]:
    return {name.casefold(): share for name, share in names.items()}


def _hardly_of(these: Mapping[str, float], those: Mapping[str, float]) -> frozenset[str]:
    return frozenset(name for name, share in these.items() if share >= _TIMES * those.get(name, 0))
