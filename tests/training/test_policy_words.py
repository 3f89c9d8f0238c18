"""Everything that a policy says is told in words."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from training.selectors.policy_words import Names, basics_lines, policy_sections, target_lines, version_words
from training.services.policy_file import parse

SCHEMES = ("engineers", "hospital", "manufacturer")
#: told elsewhere on the page (columns, chips, headings), or what is left out anyway
BESIDE = {"from", "until", "reason", "name", "year", "for", "total", "priority"}


def told(document: dict[str, Any], names: Names) -> list[str]:
    lines = [line for section in policy_sections(document, names) for line in section.lines]
    lines += basics_lines(document["policy"], names)
    for target in document.get("targets", ()):
        lines += target_lines(target, names)
    words = [version_words(version, names) for rule in document.get("rules", ()) for version in rule["versions"]]
    return words + [repr(line) for line in lines]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of everything that can be left out."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
            yield (*path, key)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))
            yield (*path, number)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_field_makes_a_difference_in_words(db, scheme):
    document = parse(Path(f"examples/policies/{scheme}/policy.yaml").read_text()).document
    parts = {name: document[name] for name in document if name not in SHARED}
    names = Names(document)
    whole, silent = told(document, names), []
    for path in leaves(parts):
        is_beside = path[-1] in BESIDE or "for" in path or path[-2:] == ("each", "years")
        if is_beside and path[0] in ("rules", "targets"):
            continue
        changed = copy.deepcopy(document)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        if "rules" in path[:1] and len(path) < 5:
            continue
        if told(changed, names) == whole and not default(path, document):
            silent.append(path)
    assert silent == []


SHARED = ("format", "policy", "attributes", "years", "categories", "activities", "courses")


def default(path: tuple[Any, ...], document: dict[str, Any]) -> bool:
    """Values that say what holds anyway."""
    value: Any = document
    for step in path:
        value = value[step]
    standing = {
        "by": "total", "within": "policy", "moves": False, "mode": "half_up", "into": None, "factor": None,
    }  # fmt: skip
    return path[-1] in standing and value == standing[path[-1]]


def test_sentences(db):
    names = Names()
    version = {
        "points": 2, "basis": "per_minutes", "minutes": 60,
        "multipliers": [{"when": {"nth": 1}, "times": 1.5}],
        "limits": [{"at_most": 20, "per": "quarter"}],
    }  # fmt: skip
    assert version_words(version, names) == (
        "2 points per 60 minutes, × 1.5 where how many times so far in the period is 1, at most 20 points a quarter"
    )
    target = {"requirements": [{"any": [{"total": 40}, {"activity": "exam", "minimum": 2, "measure": "times"}]}]}
    line = target_lines(target, names)[0]
    assert (line.text, line.join) == ("One of these is enough", "any")
    assert [part.text for part in line.parts] == ["counted total: at least 40 points", "exam: at least 2 records"]
