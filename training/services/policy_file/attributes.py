"""Attributes that a policy file declares, through the service of people that keeps them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
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
    try:
        service = import_module("people.services.attributes")
    except ModuleNotFoundError:
        message = _("This suite cannot record attributes yet.")
        raise BadInput("code", item["code"], message, _("Leave the attribute out.")) from None
    service.declare_attribute(actor=actor, **said)
    return "changed" if row else "created"
