"""What contradicts itself within a policy file, whatever the suite already knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from training.services.policy_file.reader import Reader

DAY = dt.timedelta(days=1)
CODED = ("categories", "activities", "courses", "rules")
LIMITS = ("at_most", "times", "deduct_at_most", "share_of_total", "share_of_required", "share_of", "ratio_to")


def check_document(document: dict[str, Any], reader: Reader) -> None:
    """Note every contradiction."""
    for section, keys in (
        *((name, ("code",)) for name in CODED),
        ("years", ("name",)),
        ("attributes", ("owner", "code")),
        ("targets", ("year", "name")),
    ):
        _once(document, section, keys, reader)
    for path, rule in _items(document, "rules"):
        for at, version in _items(rule, "versions", path):
            _version(version, at, reader)
        _spans(rule, path, reader)
    for path, limit in _items(document, "limits"):
        _limit(limit, path, reader)
    for path, factor in _items(document, "multipliers"):
        _multiplier(factor, path, reader)
    for path, attribute in _items(document, "attributes"):
        _attribute(attribute, path, reader)
    for path, carried in (*_items(document, "carry_over"), *_items(document, "debts")):
        if carried.get("of") == "total" and "into" not in carried:
            reader.refuse(
                f"{path}.into",
                "",
                _("The surplus of the total needs a category."),
                _("Choose the category it counts in (into)."),
            )
    for path, carried in _items(document, "carry_over"):
        _above_cap(carried, path, reader)
    for path, target in _items(document, "targets"):
        _target(target, path, reader)
    _conversions(document, reader)
    _categories(document, reader)


def _items(table: dict[str, Any], name: str, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for number, item in enumerate(table.get(name, ())):
        yield (f"{path}.{name}[{number}]" if path else f"{name}[{number}]"), item


def _once(document: dict[str, Any], section: str, keys: tuple[str, ...], reader: Reader) -> None:
    seen: set[tuple[str, ...]] = set()
    for path, item in _items(document, section):
        name = tuple(str(item.get(key, "")) for key in keys)
        if name in seen and name[-1]:
            reader.refuse(f"{path}.{keys[-1]}", name[-1], _("This stands in the list twice."), _("Keep one of them."))
        seen.add(name)


def _attribute(attribute: dict[str, Any], path: str, reader: Reader) -> None:
    is_choice = attribute.get("type") == "choice"
    if is_choice is not bool(attribute.get("choices")) and "type" in attribute:
        message = _("A choice needs its values.") if is_choice else _("Only a choice has values to choose from.")
        reader.refuse(f"{path}.choices", "", message, _("Add “choices: […]”.") if is_choice else _("Leave it out."))


# --- rules ------------------------------------------------------------------------------------------------------------
def _version(version: dict[str, Any], path: str, reader: Reader) -> None:
    start, end = version.get("from"), version.get("until")
    if start and end and end < start:
        reader.refuse(
            f"{path}.until",
            end,
            _("The last day is before the first day."),
            _("Write a later day, or leave it out."),
        )
    told = f"{path}.points" in reader.lines
    if "points" not in version and not version.get("bands") and not version.get("tiers") and not told:
        message, mend = _("This field is missing."), _("Add “points: …”, or “bands:” or “tiers:”.")
        reader.refuse(f"{path}.points", "", message, mend)
    if version.get("bands") and version.get("tiers"):
        reader.refuse(f"{path}.tiers", "", _("Bands and tiers both say the points."), _("Keep one of them."))
    for basis, field in (("per_minutes", "minutes"), ("per_attribute", "attribute")):
        has, needs = f"{path}.{field}" in reader.lines, version.get("basis") == basis
        words = {"basis": basis, "field": field}
        if needs and not has:
            message, mend = _("%(basis)s needs “%(field)s”.") % words, _("Add “%(field)s: …”.") % words
            reader.refuse(f"{path}.{field}", "", message, mend)
        elif has and not needs and "basis" in version:
            message = _("“%(field)s” belongs to the basis %(basis)s only.") % words
            reader.refuse(f"{path}.{field}", version.get(field), message, _("Leave it out, or change the basis."))
    low, high = version.get("min_per_record"), version.get("max_per_record")
    if low is not None and high is not None and low > high:
        reader.refuse(f"{path}.min_per_record", low, _("It is more than max_per_record."), _("Correct one of them."))
    before: Any = 0
    for at, tier in _items(version, "tiers", path):
        ends = tier.get("up_to")
        if before is None or (ends is not None and ends <= before):
            reader.refuse(f"{at}.up_to", ends, _("Tiers must rise."), _("Sort them; only the last may leave it out."))
        before = ends
    for at, factor in _items(version, "multipliers", path):
        _multiplier(factor, at, reader)
    for at, limit in _items(version, "limits", path):
        _limit(limit, at, reader)


def _multiplier(factor: dict[str, Any], path: str, reader: Reader) -> None:
    if ("times" in factor) is ("attribute" in factor) and f"{path}.times" not in reader.lines:
        reader.refuse(
            f"{path}.times", "", _("A multiplier needs a factor."), _("Add “times: …” or “attribute: …”, one of them.")
        )


def _limit(limit: dict[str, Any], path: str, reader: Reader) -> None:
    said = [name for name in LIMITS if f"{path}.{name}" in reader.lines]
    if not said:
        message, mend = _("A limit needs a figure."), _("Add one of: %(fields)s.") % {"fields": ", ".join(LIMITS)}
        reader.refuse(path, "", message, mend)
    elif "keep" in limit and "times" not in limit:
        message = _("“keep” says which records count where only so many do.")
        reader.refuse(f"{path}.keep", limit["keep"], message, _("Add “times: …”, or leave it out."))
    elif len(said) > 1 and set(said) != {"at_most", "times"}:
        message = _("%(fields)s do not go together.") % {"fields": ", ".join(said)}
        reader.refuse(path, "", message, _("Write one limit for each."))


def _spans(rule: dict[str, Any], path: str, reader: Reader) -> None:
    """Versions in order of days; an “until” beyond the next “from” is an overlap."""
    numbered = [(version["from"], at, version) for at, version in _items(rule, "versions", path) if "from" in version]
    numbered.sort(key=lambda item: item[0])
    for (start, _at, version), (following, at, _next) in pairwise(numbered):
        end = version.get("until")
        if start == following:
            message = _("Two versions of rule “%(code)s” start on this day.") % {"code": rule.get("code", "")}
            reader.refuse(f"{at}.from", following, message, _("Give one of them another day."))
        elif end and end >= following:
            message = _("It overlaps the version from %(start)s until %(end)s.") % {"start": start, "end": end}
            reader.refuse(f"{at}.from", following, message, _("Leave out that “until”, or start after it."))


def _above_cap(carried: dict[str, Any], path: str, reader: Reader) -> None:
    if carried.get("above") != "cap":
        return
    if carried.get("of") == "total":
        message = _("The total has no cap.")
        reader.refuse(f"{path}.above", "cap", message, _("Name a category in “of”, or leave it out."))
    for name in ("within_total", "earned_in_last_months", "expires_after"):
        if name in carried:
            message = _("“%(field)s” is for the surplus above what is required.") % {"field": name}
            reader.refuse(f"{path}.{name}", carried[name], message, _("Leave it out, or leave out “above: cap”."))


# --- targets ----------------------------------------------------------------------------------------------------------
def _target(target: dict[str, Any], path: str, reader: Reader) -> None:
    _window(target, path, reader)
    _needs(target, "requirements", path, reader)


def _window(table: dict[str, Any], path: str, reader: Reader) -> None:
    window = table.get("window", {})
    is_fixed = "from" in window or "until" in window
    rolling = [name for name in ("years", "months") if name in window]
    if window and (bool(rolling) is is_fixed or len(rolling) > 1 or (is_fixed and "since" in window)):
        message = _("A window is rolling or fixed.")
        reader.refuse(f"{path}.window", "", message, _("Write “years” or “months”, or “from” and “until”."))
    elif is_fixed and ("from" not in window or "until" not in window or window["from"] > window["until"]):
        reader.refuse(f"{path}.window", "", _("A fixed window needs a first and a last day."), _("Correct its days."))


def _needs(table: dict[str, Any], name: str, path: str, reader: Reader) -> None:
    for at, need in _items(table, name, path):
        _need(need, at, reader)
        _window(need, at, reader)
        if "window" in need and (name == "requirements" and ".requirements[" in path):
            message = _("A requirement inside another looks at the same days as that one.")
            reader.refuse(f"{at}.window", "", message, _("Leave it out, or write a requirement of its own."))
        for below in ("requirements", "any", "all"):
            _needs(need, below, at, reader)


def _need(need: dict[str, Any], path: str, reader: Reader) -> None:
    if not need and path in reader.lines:
        reader.refuse(path, "", _("A requirement needs a field."), _("Add “category: …” and “minimum: …”."))
    asked = [name for name in ("minimum", "share_of_total", "share_of_required") if name in need]
    if len(asked) > 1:
        message = _("%(fields)s do not go together.") % {"fields": ", ".join(asked)}
        reader.refuse(path, "", message, _("Keep one of them."))
    cap, least = need.get("cap"), need.get("minimum", 0)
    if cap is not None and cap < least:
        message = _("At most %(cap)s points count, but at least %(least)s are required.") % {"cap": cap, "least": least}
        reader.refuse(f"{path}.cap", cap, message, _("Raise the cap or lower the minimum."))
    if cap is not None and (not isinstance(need.get("category"), str) or "activity" in need or "when" in need):
        reader.refuse(f"{path}.cap", cap, _("A cap goes with one category alone."), _("Write a limit instead."))
    most = need.get("maximum")
    if most is not None and most < least:
        message = _("No more than %(most)s are allowed, but at least %(least)s are required.")
        reader.refuse(f"{path}.maximum", most, message % {"most": most, "least": least}, _("Correct one of them."))
    if need.get("take") == "average":
        if need.get("measure") == "times":
            message = _("The number of records has no average.")
            reader.refuse(f"{path}.take", "average", message, _("Choose another “measure”, or leave it out."))
        if "substitutes" in need:
            message = _("Nothing can stand in for a part of an average.")
            reader.refuse(f"{path}.substitutes", "", message, _("Write an “any” of two requirements."))
    if "any" in need and "all" in need:
        reader.refuse(path, "", _("“any” and “all” do not go together."), _("Put one into the other."))


# --- circles ----------------------------------------------------------------------------------------------------------
def _conversions(document: dict[str, Any], reader: Reader) -> None:
    into: dict[str, set[str]] = {}
    for _path, item in _items(document, "conversions"):
        into.setdefault(str(item.get("from")), set()).add(str(item.get("into")))
    for path, item in _items(document, "conversions"):
        reached, waiting = set(), [str(item.get("into"))]
        while waiting:
            code = waiting.pop()
            if code not in reached:
                reached.add(code)
                waiting += into.get(code, ())
        if str(item.get("from")) in reached and "from" in item:
            reader.refuse(
                f"{path}.into", item.get("into"), _("These conversions run in a circle."), _("Take one of them out.")
            )


def _categories(document: dict[str, Any], reader: Reader) -> None:
    above = {item.get("code"): item.get("parent") for item in document.get("categories", ())}
    for path, item in _items(document, "categories"):
        code, seen = item.get("parent"), {item.get("code")}
        while code in above and code not in seen:
            seen.add(code)
            code = above[code]
        if code is not None and code == item.get("code"):
            reader.refuse(
                f"{path}.parent", item["parent"], _("These categories stand in a circle."), _("Let one have no parent.")
            )
