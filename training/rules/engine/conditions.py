"""Conditions of a policy, compiled once to functions over named values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from training.rules.engine.values import number

#: gives the value of a name, None where nothing is stated; a frozenset stands for a place in a tree
Lookup = Callable[[str], Any]
Condition = Callable[[Lookup], bool]
JOINS = ("all", "any", "not")
RANGE = ("from", "above", "to", "below")
TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


def always(lookup: Lookup) -> bool:
    return True


def compile_condition(spec: Any) -> Condition:
    """A condition in the spelling of the file (docs/policy-format.md, Conditions)."""
    if not spec:
        return always
    if isinstance(spec, Sequence) and not isinstance(spec, str):
        return _all([compile_condition(part) for part in spec])
    parts: list[Condition] = []
    for name, wanted in spec.items():
        if name == "all":
            parts.append(_all([compile_condition(part) for part in _listed(wanted)]))
        elif name == "any":
            parts.append(_any([compile_condition(part) for part in _listed(wanted)]))
        elif name == "not":
            parts.append(_not(_all([compile_condition(part) for part in _listed(wanted)])))
        else:
            parts.append(_test(str(name), wanted))
    return parts[0] if len(parts) == 1 else _all(parts)


def names_in(spec: Any) -> Iterable[str]:
    """Every name that a condition asks for."""
    if isinstance(spec, Sequence) and not isinstance(spec, str):
        for part in spec:
            yield from names_in(part)
    elif isinstance(spec, Mapping):
        for name, wanted in spec.items():
            if name in JOINS:
                yield from names_in(wanted)
            else:
                yield str(name)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _all(parts: Sequence[Condition]) -> Condition:
    return lambda lookup: all(part(lookup) for part in parts)


def _any(parts: Sequence[Condition]) -> Condition:
    return lambda lookup: any(part(lookup) for part in parts)


def _not(part: Condition) -> Condition:
    return lambda lookup: not part(lookup)


def _test(name: str, wanted: Any) -> Condition:
    if isinstance(wanted, Mapping):
        return _all([_operator(name, operator, value) for operator, value in wanted.items()])
    choices = _listed(wanted)
    return lambda lookup: _is_one_of(lookup(name), choices)


def _operator(name: str, operator: str, value: Any) -> Condition:
    if operator == "not":
        choices = _listed(value)
        return lambda lookup: not _is_one_of(lookup(name), choices)
    if operator == "known":
        return lambda lookup: (lookup(name) not in (None, "")) is bool(value)
    if operator not in RANGE:
        raise ValueError(operator)
    return lambda lookup: _in_range(lookup(name), operator, value)


def _is_one_of(found: Any, choices: Sequence[Any]) -> bool:
    return any(equal(found, choice) for choice in choices)


def equal(found: Any, wanted: Any) -> bool:
    """Equal as numbers, days, truth values or texts, whichever ``wanted`` or ``found`` is; nothing equals None."""
    if found is None:
        return False
    if isinstance(found, frozenset):
        return str(wanted) in found
    if isinstance(found, bool) or isinstance(wanted, bool):
        return _truth(found) is not None and _truth(found) is _truth(wanted)
    if isinstance(found, int | float | Decimal) or isinstance(wanted, int | float | Decimal):
        number_found = number(found)
        return number_found is not None and number_found == number(wanted)
    return _text(found) == _text(wanted)


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    return True if text in TRUE else False if text in FALSE else None


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _in_range(found: Any, operator: str, bound: Any) -> bool:
    if found is None or isinstance(found, frozenset | bool):
        return False
    left: Any = number(found)
    right: Any = number(bound)
    if left is None or right is None:
        if not (_is_day(found) and _is_day(bound)):
            return False
        left, right = _text(found), _text(bound)
    if operator == "from":
        return bool(left >= right)
    if operator == "above":
        return bool(left > right)
    if operator == "to":
        return bool(left <= right)
    return bool(left < right)


def _is_day(value: Any) -> bool:
    if isinstance(value, dt.date):
        return True
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
