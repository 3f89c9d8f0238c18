"""Write a policy as a file: the same order and the same spelling every time."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import yaml

from training.models import Policy
from training.selectors.policy_document import policy_document

DAY_SHAPE = re.compile(r"\d{4}-\d\d-\d\d")


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # items of a list stand two to the right of its name
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    # a day within terms is a text there, and a day in the file
    if DAY_SHAPE.fullmatch(value):
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            pass
        else:
            return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value)


_Dumper.add_representer(Decimal, _represent_decimal)
_Dumper.add_representer(str, _represent_text)


def dump(document: dict[str, Any]) -> str:
    """A document as YAML."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def export_policy(policy: Policy) -> str:
    """The policy with the attributes, years, categories, activities and courses that it uses, as YAML."""
    return dump(policy_document(policy))
