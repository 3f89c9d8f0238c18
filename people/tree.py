"""Departments as a reader sees them: in the order of the tree, with the people in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Branch:
    """A department at ``depth`` below the highest that is shown: ``own`` people in it, ``total`` with those below."""

    department: Any
    depth: int
    own: int
    total: int
    head: Any = None


def grow(departments: Iterable[Any], *, counts: Mapping[int, int], heads: Mapping[int, Any]) -> list[Branch]:
    """Depth first, brothers in the given order. A department whose parent is not shown stands at the top."""
    shown = {department.pk: department for department in departments}
    children: dict[int | None, list[Any]] = {}
    for department in shown.values():
        parent = department.parent_id if department.parent_id in shown else None
        children.setdefault(parent, []).append(department)
    branches: list[Branch] = []

    def add(department: Any, depth: int) -> int:
        branch = Branch(department, depth, counts.get(department.pk, 0), 0, heads.get(department.pk))
        branches.append(branch)
        branch.total = branch.own + sum(add(child, depth + 1) for child in children.get(department.pk, ()))
        return branch.total

    for department in children.get(None, ()):
        add(department, 0)
    return branches
