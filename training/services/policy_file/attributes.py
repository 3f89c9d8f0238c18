"""Attributes that a policy file declares, through the service of people that keeps them."""

from __future__ import annotations

from typing import Any

from people.models import User
from people.services.attributes import declare_attribute
from training.selectors.policy_document import declared_attributes


def declare(item: dict[str, Any], *, actor: User | None) -> str:
    """Declare an attribute of employees or records: ``created``, ``changed``, or empty where it says the same."""
    said = {"name": item["code"], "choices": [], **item}
    for row in declared_attributes():
        if (row["owner"], row["code"]) == (item["owner"], item["code"]):
            if {"choices": [], **row} == said:
                return ""
            break
    else:
        row = {}
    declare_attribute(actor=actor, **said)
    return "changed" if row else "created"
