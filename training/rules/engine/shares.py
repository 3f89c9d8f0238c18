"""How policies name points: by codes, and those that a limit compares others with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from training.rules.engine.conditions import Condition, compile_condition
from training.rules.engine.values import ZERO, fraction

#: between the code of a policy and that of its rule, where several policies are evaluated as one
OF = "\x1f"


def scoped_rule(policy: str, code: str) -> str:
    """The code of a rule as no other policy has it."""
    return f"{policy}{OF}{code}"


def codes(value: Any) -> list[str]:
    """A code, a list of them, or none, as a list."""
    if value is None or value == "":
        return []
    return [str(part) for part in value] if isinstance(value, Sequence) and not isinstance(value, str) else [str(value)]


@dataclass(frozen=True)
class Points:
    """The points that others are compared with, and how many times as many these may be."""

    categories: frozenset[str] | None
    activities: frozenset[str] | None
    when: Condition | None
    at_most: Decimal


def points_of(spec: Mapping[str, Any] | None) -> Points | None:
    if not spec:
        return None
    return Points(
        frozenset(codes(spec.get("category"))) or None,
        frozenset(codes(spec.get("activity"))) or None,
        compile_condition(spec["when"]) if spec.get("when") else None,
        fraction(spec.get("at_most")) or ZERO,
    )


def limit_name(spec: Mapping[str, Any], rule: str) -> str:
    """What people read where a limit has no name of its own."""
    rules = [code.rpartition(OF)[2] for code in codes(spec.get("rule"))]
    what = codes(spec.get("category")) + codes(spec.get("activity")) + rules
    per = str(spec.get("per", "period"))
    return "/".join(what or ([rule] if rule else ["all"])) + ("" if per == "period" else f"/{per}")
