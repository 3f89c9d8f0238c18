"""What a change says differently, item by item: in words where there are words, in lines of the file otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from training.models import PolicyChange
from training.selectors.policy_document import SECTIONS, identity
from training.selectors.policy_words import Names, version_words
from training.services.changes.documents import spans
from training.services.policy_file import parse
from training.services.policy_file.exact import SHARED
from training.services.policy_file.write import dump

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
Document = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An item of a policy that differs: ``lines`` are (sign, text) with the signs + and -."""

    kind: str
    name: str
    what: str
    lines: list[tuple[str, str]]


def told(change: PolicyChange) -> list[Told]:
    """Everything that differs, in the order of the file."""
    base, after = parse(change.base).document, parse(change.document).document
    names = Names(after)
    kinds = {
        "rules": _("Rule"), "targets": _("Target"), "attributes": _("Attribute"), "years": _("Points year"),
        "categories": _("Category"), "activities": _("Activity"), "courses": _("Course"),
    }  # fmt: skip
    activities = {one["code"]: str(one.get("name", "")) for said in (base, after) for one in said.get("activities", ())}
    found = []
    for section, kind in kinds.items():
        old, new = _by_name(base, section), _by_name(after, section)
        for key in [*new, *(key for key in old if key not in new)]:
            was, now = old.get(key), new.get(key)
            if was == now or (now is None and section in SHARED):
                continue
            what = ADDED if was is None else REMOVED if now is None else CHANGED
            lines = list(_rule_lines(was, now, names)) if section == "rules" else []
            found.append(Told(kind, _called(now or was or {}, key, activities), what, lines or _file_lines(was, now)))
    for section in ("policy", *SECTIONS):
        was, now = base.get(section), after.get(section)
        if was != now:
            what = ADDED if was is None else REMOVED if now is None else CHANGED
            found.append(Told(_("Policy"), section, what, _file_lines(was, now)))
    return found


def _called(item: Document, key: tuple[str, ...], activities: dict[str, str]) -> str:
    """What people call it; its code beside, where rules share an activity. ``activities``: names, new ones too."""
    code = " ".join(key)
    name = str(item.get("name") or "") or activities.get(item.get("activity", ""), "")
    return code if not name or name in code else f"{name} ({code})"


def _by_name(document: Document, section: str) -> dict[tuple[str, ...], Document]:
    if section == "targets":
        return {(item["name"], item["year"]): item for item in document.get(section, ())}
    return {tuple(str(part) for part in identity(item) if part): item for item in document.get(section, ())}


def _rule_lines(was: Document | None, now: Document | None, names: Names) -> Iterator[tuple[str, str]]:
    """The versions in words; nothing where the difference is not in the versions."""
    old, new = ([_sentence(span, names) for span in spans(rule)] for rule in (was, now))
    if was and now and {**was, "versions": 0} != {**now, "versions": 0}:
        return
    yield from (("-", text) for text in old if text not in new)
    yield from (("+", text) for text in new if text not in old)


def _sentence(span: Any, names: Names) -> str:
    start = date_format(span.start, "SHORT_DATE_FORMAT")
    words = version_words(span.item, names)
    if span.end.year == 9999:
        return _("From %(start)s: %(words)s") % {"start": start, "words": words}
    end = date_format(span.end, "SHORT_DATE_FORMAT")
    return _("From %(start)s until %(end)s: %(words)s") % {"start": start, "end": end, "words": words}


def _file_lines(was: Any, now: Any) -> list[tuple[str, str]]:
    old, new = ([] if one is None else dump(one).splitlines() for one in (was, now))
    return [(line[0], line[2:]) for line in difflib.ndiff(old, new) if line[0] in "+-"]
