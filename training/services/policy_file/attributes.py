"""Attributes that a policy file declares."""

from __future__ import annotations

from typing import Any

from people.models import User


def declare(item: dict[str, Any], *, actor: User | None) -> str:
    """Declare an attribute of employees or records: ``created``, ``changed`` or nothing."""
    raise NotImplementedError
