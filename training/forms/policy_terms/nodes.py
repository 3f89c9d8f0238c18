"""Parts of the policy document as a tree of inputs, by the grammar of policy files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from training.forms.policy_terms.build import IN_DETAIL
from training.forms.policy_terms.known import Known, Options
from training.forms.policy_terms.labels import ADD, DEFAULTS, choice, help_text, label
from training.selectors.policy_words.names import as_list
from training.selectors.policy_words.sections import OUTCOMES
from training.services.policy_file.grammar import GROUPS, Field

PLACE = "__path__"
JOINS = ("any", "all", "not")
#: fields of an item that are asked at once; the others stand under “More”
FRONT = {
    "limit": ("name", "category", "activity", "at_most", "times", "per"),
    "multiplier": ("times", "when"),
    "conversion": ("from", "into", "rate", "at_most"),
    "carry_over": ("of", "into", "at_most"),
    "debt": ("of", "into", "at_most"),
    "breach": ("name", "voids", "when"),
    "outcome": ("name", "value", "when"),
    "requirement": ("name", "category", "minimum", "cap"),
    "pro_rata": ("joiners", "leavers", "leave"),
}
#: fields of a requirement that combines others
COMBINED = {"any": ("any",), "all": ("all",)}
#: a field that is asked only where another one says so
SHOW_IF = {"version.minutes": "basis=per_minutes", "version.attribute": "basis=per_attribute"}
#: fields that a file needs and the editor fills in where they are left empty
DERIVED = {"rule.code"}
WIDE = ("list", "condition", "group", "codes")


@dataclass
class Node:
    """An input, or a group of them. ``options``: (group of options, [(value, name)])."""

    kind: str
    path: str
    label: str = ""
    help: str = ""
    value: Any = ""
    options: list[tuple[str, Options]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)
    more: list[Node] = field(default_factory=list)
    adds: list[tuple[str, str, str]] = field(default_factory=list)
    required: bool = False
    show_if: str = ""
    variant: str = ""

    @property
    def is_wide(self) -> bool:
        return self.kind in WIDE

    @property
    def says_more(self) -> bool:
        """Whether something stands under “More”."""
        return any(part.is_said for part in self.more)

    @property
    def is_said(self) -> bool:
        if self.errors or (self.kind not in ("group", "list", "item", "condition") and self.value not in ("", [])):
            return True
        return bool(self.kind in ("list", "condition") and self.parts) or any(
            part.is_said for part in [*self.parts, *self.more]
        )


class Maker:
    """Makes nodes. ``errors`` are told at the node of their path; what is left over in it belongs to no node."""

    def __init__(self, known: Known, errors: Mapping[str, list[str]]) -> None:
        self.known, self.errors = known, dict(errors)
        self.wanted: dict[str, tuple[str, str]] = {}
        self._refs: dict[str, Options] = {}

    # --- fields -----------------------------------------------------------------------------------
    def field(self, group: str, name: str, path: str, value: Any) -> Node:
        """The input of a field; ``path`` is that of the field itself."""
        spec = GROUPS[group][name]
        node = Node(
            spec.kind, path, label(group, name), help_text(group, name), errors=self._claim(path),
            required=spec.required and f"{group}.{name}" not in DERIVED, show_if=SHOW_IF.get(f"{group}.{name}", ""),
        )  # fmt: skip
        self._fill(node, spec, group, name, value)
        return node

    def _fill(self, node: Node, spec: Field, group: str, name: str, value: Any) -> None:
        if spec.kind == "either":
            self._either(node, spec, group, name, value)
        elif spec.kind == "group":
            self._group(node, spec.group, value or {})
        elif spec.kind == "list":
            self._list(node, spec.group, value or [], is_bonus=name == "bonus")
        elif spec.kind == "condition":
            self._condition(node, value or {}, spec.about)
        elif spec.kind in ("codes", "texts") and not spec.about:
            node.kind, node.value = "text", ", ".join(str(one) for one in as_list(value))
        elif spec.kind == "codes":
            node.value = [str(one) for one in as_list(value)]
            node.options = [("", self._kept(self._ref(spec.about), node.value))]
        else:
            self._single(node, spec, group, name, value)

    def _single(self, node: Node, spec: Field, group: str, name: str, value: Any) -> None:
        node.value = written(value)
        empty = str(DEFAULTS.get(f"{group}.{name}", "–"))
        if spec.kind == "choice":
            node.kind = "select"
            node.options = [("", [("", empty), *((one, choice(group, name, one)) for one in spec.choices)])]
        elif spec.kind == "boolean":
            node.kind, node.value = "select", {True: "yes", False: "no"}.get(value, "")
            node.options = [("", [("", "–"), ("yes", _("yes")), ("no", _("no"))])]
        elif spec.about and spec.about != "employee_no":
            node.kind = "select"
            node.options = [("", [("", empty), *self._kept(self._ref(spec.about), [node.value])])]
        elif group == "outcome" and name == "name":
            node.options = [("", [(code, str(text)) for code, text in OUTCOMES.items()])]

    def _ref(self, about: str) -> Options:
        if about not in self._refs:
            self._refs[about] = self.known.options(about)
        return self._refs[about]

    @staticmethod
    def _kept(options: Options, values: list[str]) -> Options:
        """With values that are no longer known: they are not lost by being shown."""
        codes = {code for code, _name in options}
        return [*options, *((value, value) for value in values if value and value not in codes)]

    def _either(self, node: Node, spec: Field, group: str, name: str, value: Any) -> None:
        """A choice, or something said in detail below it."""
        simple = next(one for one in spec.options if one.kind == "choice")
        detail = next(one for one in spec.options if one.kind != "choice")
        is_simple = value is None or isinstance(value, str)
        node.value = written(value) if is_simple else IN_DETAIL
        empty = str(DEFAULTS.get(f"{group}.{name}", "–"))
        choices = [(one, choice(group, name, one)) for one in simple.choices]
        node.options = [("", [("", empty), *choices, (IN_DETAIL, _("in detail…"))])]
        below = Node(detail.kind, node.path)
        if detail.kind == "group":
            self._group(below, detail.group, {} if is_simple else value)
        else:
            self._list(below, detail.group, [] if is_simple else value)
        node.parts = [below]

    # --- groups and lists -------------------------------------------------------------------------
    def _group(self, node: Node, group: str, value: Mapping[str, Any]) -> None:
        node.parts, node.more = self._fields(group, node.path, value)
        # needed only where the group says anything
        for part in [*node.parts, *node.more]:
            part.required = False

    def _fields(self, group: str, path: str, value: Mapping[str, Any]) -> tuple[list[Node], list[Node]]:
        fields = list(GROUPS[group])
        front: Iterable[str] = FRONT.get(group, fields)
        variant = variant_of(group, value)
        if group == "requirement":
            front = COMBINED.get(variant, FRONT[group])
            only = ("name", "only_if") if variant in COMBINED else [one for one in fields if one not in COMBINED]
            fields = [one for one in fields if one in front or one in only]
        return (
            [self.field(group, name, f"{path}.{name}", value.get(name)) for name in front],
            [self.field(group, name, f"{path}.{name}", value.get(name)) for name in fields if name not in front],
        )

    def _list(self, node: Node, group: str, rows: list[Any], *, is_bonus: bool = False) -> None:
        node.parts = [self.item(group, f"{node.path}[{number}]", row) for number, row in enumerate(rows)]
        variants = ("", "any", "all") if group == "requirement" else ("",)
        for variant in variants:
            words = ADD[variant or ("bonus" if is_bonus else group)]
            key = f"{group}-{variant}" if variant else group
            self.wanted.setdefault(key, (group, variant))
            node.adds.append((variant, str(words), key))

    def item(self, group: str, path: str, value: Mapping[str, Any]) -> Node:
        """A row of a list."""
        node = Node("item", path, errors=self._claim(path), variant=variant_of(group, value))
        node.parts, node.more = self._fields(group, path, value)
        return node

    # --- conditions -------------------------------------------------------------------------------
    def _condition(self, node: Node, value: Mapping[str, Any], about: str) -> None:
        for path in [path for path in self.errors if path.startswith(f"{node.path}.")]:
            node.errors += self._claim(path)
        tests, groups = [], []
        for name, wanted in value.items():
            if name in JOINS:
                groups.append((name, as_list(wanted)))
            else:
                tests += [(name, *row) for row in _comparisons(wanted)]
        node.parts = [
            *(self._test(f"{node.path}.tests[{number}]", about, *row) for number, row in enumerate(tests)),
            *(self._join(f"{node.path}.groups[{number}]", about, *row) for number, row in enumerate(groups)),
        ]
        self._add_to_condition(node, about)

    def _add_to_condition(self, node: Node, about: str) -> None:
        node.variant = about
        for kind, words in (("test", _("Add a condition")), ("join", _("Add alternatives"))):
            key = f"{kind}-{about}"
            self.wanted.setdefault(key, (kind, about))
            node.adds.append((kind, words, key))

    def _test(self, path: str, about: str, name: str, comparison: str, value: str) -> Node:
        asked = f"asked:{about}"
        names = self._asked(about)
        if name and not any(name == code for _label, options in names for code, _text in options):
            names = [*names, ("", [(name, name)])]
        parts = [
            Node("select", f"{path}.name", _("About"), value=name, options=[("", [("", _("Choose…"))]), *names]),
            Node("select", f"{path}.is", _("Comparison"), value=comparison, options=[("", comparisons())]),
            Node("text", f"{path}.value", _("Value"), value=value, variant=asked),
        ]
        return Node("test", path, parts=parts)

    def _asked(self, about: str) -> list[tuple[str, Options]]:
        key = f"asked:{about}"
        if key not in self._refs:
            self._refs[key] = self.known.asked(about)  # type: ignore[assignment]
        return self._refs[key]  # type: ignore[return-value]

    def _join(self, path: str, about: str, join: str, conditions: list[Any]) -> Node:
        options = [
            ("any", _("one of these holds")),
            ("all", _("all of these hold")),
            ("not", _("not all of these hold")),
        ]
        parts = []
        for number, condition in enumerate(conditions):
            part = Node("condition", f"{path}.parts[{number}]")
            self._condition(part, condition, about)
            parts.append(part)
        key = f"part-{about}"
        self.wanted.setdefault(key, ("part", about))
        head = Node("select", f"{path}.join", _("Combined"), value=join, options=[("", options)])
        return Node("join", path, parts=[head, *parts], adds=[("part", _("Add an alternative"), key)])

    # --- what the page needs besides --------------------------------------------------------------
    def templates(self) -> list[tuple[str, Node]]:
        """An empty row of every list that the page may add to."""
        made: dict[str, Node] = {}
        while missing := [key for key in self.wanted if key not in made]:
            for key in missing:
                group, about = self.wanted[key]
                if group == "test":
                    made[key] = self._test(PLACE, about, "", "is", "")
                elif group == "join":
                    made[key] = self._join(PLACE, about, "any", [{"": ""}, {"": ""}])
                elif group == "part":
                    made[key] = Node("condition", PLACE)
                    self._condition(made[key], {"": ""}, about)
                else:
                    made[key] = self.item(group, PLACE, {about: [{}, {}]} if about else {})
        return list(made.items())

    def _claim(self, path: str) -> list[str]:
        return self.errors.pop(path, [])


def variant_of(group: str, value: Mapping[str, Any]) -> str:
    if group != "requirement":
        return ""
    return next((name for name in COMBINED if name in value), "")


def comparisons() -> Options:
    return [
        ("is", _("is")), ("not", _("is not")), ("from", _("is at least")), ("above", _("is more than")),
        ("to", _("is at most")), ("below", _("is less than")), ("known", _("is stated")),
        ("unknown", _("is not stated")),
    ]  # fmt: skip


def _comparisons(wanted: Any) -> list[tuple[str, str]]:
    """(comparison, value) rows of a test."""
    if not isinstance(wanted, Mapping):
        return [("is", written(wanted))]
    rows = []
    for operator, value in wanted.items():
        if operator == "known":
            rows.append(("known" if value else "unknown", ""))
        else:
            rows.append((operator, written(value)))
    return rows


def written(value: Any) -> str:
    """A value as it stands in an input."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        texts = [written(one) for one in value]
        return ("; " if any("," in text or "，" in text or "、" in text for text in texts) else ", ").join(texts)
    return str(value)
