"""Pages of the policy editor: a part of the document in cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from training.forms.policy_terms.known import Known, Options
from training.forms.policy_terms.nodes import Maker, Node
from training.services.policy_file.grammar import GROUPS

Errors = Mapping[str, list[str]]


@dataclass
class Card:
    """Inputs that belong together; one that ``folds`` is closed until it says something."""

    title: str
    nodes: list[Node]
    hint: str = ""
    folds: bool = False

    @property
    def is_open(self) -> bool:
        return not self.folds or any(node.is_said for node in self.nodes)


@dataclass
class Page:
    """``errors``: those that belong to no input. ``values``: what the names of conditions may be compared with."""

    cards: list[Card]
    errors: list[str]
    templates: list[tuple[str, Node]]
    values: dict[str, Options]


def _page(maker: Maker, cards: list[Card], known: Known) -> Page:
    templates = maker.templates()
    left = [f"{path}: {text}" if path else text for path, texts in maker.errors.items() for text in texts]
    return Page(cards, left, templates, known.values)


def _nodes(maker: Maker, group: str, path: str, said: Mapping[str, Any], names: Iterable[str]) -> list[Node]:
    return [maker.field(group, name, f"{path}.{name}", said.get(name)) for name in names]


def section_page(key: str, value: Any, known: Known, errors: Errors) -> Page:
    """A section of the policy: a list, or a few fields. ``policy``: rounding and floor of the whole."""
    maker = Maker(known, errors)
    if key == "policy":
        nodes = _nodes(maker, "policy", "policy", value or {}, ("rounding", "floor"))
    elif GROUPS["file"][key].kind == "group":
        nodes = _nodes(maker, key, key, value or {}, GROUPS[key])
    else:
        node = maker.field("file", key, key, value)
        node.label = ""
        nodes = [node]
    return _page(maker, [Card("", nodes)], known)


def rule_page(item: Mapping[str, Any], known: Known, errors: Errors, *, is_new: bool) -> Page:
    """A rule with the version that is entered: ``item["versions"][0]``."""
    maker = Maker(known, errors)
    rule, version = "rules[0]", "rules[0].versions[0]"
    said = (item.get("versions") or [{}])[0]

    def of_version(*names: str) -> list[Node]:
        return _nodes(maker, "version", version, said, names)

    def of_rule(*names: str) -> list[Node]:
        return _nodes(maker, "rule", rule, item, names) if is_new else []

    scope = _nodes(maker, "scope", f"{rule}.for", item.get("for", {}), GROUPS["scope"]) if is_new else []
    cards = [
        Card(
            _("What it earns"),
            [*of_rule("activity"), *of_version("points", "basis", "minutes", "attribute")],
        ),
        Card(_("Only where"), of_version("when"), _("nothing chosen: always"), folds=True),
        Card(_("More or less points"), of_version("bands", "tiers", "multipliers", "bonus"), folds=True),
        Card(
            _("At most"),
            of_version("max_per_record", "max_per_year", "limits"),
            _("nothing entered: as much as is earned"),
            folds=True,
        ),
        Card(_("For whom"), scope, _("nothing chosen: everyone")),
        Card(_("When"), of_version("from", "until", "reason")),
        Card(
            _("Rarer things"),
            [
                *of_version("every", "min_per_record", "units", "rounding", "category"),
                *of_rule("adds", "team", "priority", "code"),
            ],
            folds=True,
        ),
    ]
    return _page(maker, [card for card in cards if card.nodes], known)


def scope_page(item: Mapping[str, Any], known: Known, errors: Errors, *, is_booked: bool) -> Page:
    """Whom an existing rule is for. One that has booked is followed by another, from ``item["versions"][0]`` on."""
    maker = Maker(known, errors)
    rule, version = "rules[0]", "rules[0].versions[0]"
    said = (item.get("versions") or [{}])[0]
    scope = _nodes(maker, "scope", f"{rule}.for", item.get("for", {}), GROUPS["scope"])
    besides = _nodes(maker, "rule", rule, item, ("adds", "team", "priority"))
    cards = [Card(_("For whom"), scope, _("nothing chosen: everyone")), Card(_("Beside other rules"), besides)]
    if is_booked:
        cards.append(Card(_("When"), _nodes(maker, "version", version, said, ("from", "reason"))))
    else:
        cards.insert(0, Card(_("What it is for"), _nodes(maker, "rule", rule, item, ("activity",))))
    return _page(maker, cards, known)


def target_page(item: Mapping[str, Any], known: Known, errors: Errors, *, is_new: bool) -> Page:
    maker = Maker(known, errors)
    path = "targets[0]"

    def of(*names: str) -> list[Node]:
        return _nodes(maker, "target", path, item, names)

    scope = _nodes(maker, "scope", f"{path}.for", item.get("for", {}), GROUPS["scope"])
    cards = [
        Card(_("The target"), of("name", "year", "total") if is_new else of("name", "total")),
        Card(_("Of which kinds"), _bare(of("requirements")), _("minimums per category, and what counts at most")),
        Card(_("For whom"), [*scope, *of("priority")], _("nothing chosen: everyone")),
        Card(_("Only where"), of("when"), _("nothing chosen: for all of them"), folds=True),
        Card(_("Joiners, leavers and long leave"), of("pro_rata"), folds=True),
        Card(_("Another time than the points year"), of("window"), folds=True),
        Card(_("What follows"), of("statuses", "outcomes"), _("for this target only"), folds=True),
    ]
    return _page(maker, cards, known)


def _bare(nodes: list[Node]) -> list[Node]:
    for node in nodes:
        node.label = ""
    return nodes
