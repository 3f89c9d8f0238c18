"""The document of a policy from a file, or from a policy in the suite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError

from training.selectors.policies import policy_by_code
from training.services.policy_file import export_policy

SUFFIXES = (".yaml", ".yml")


def is_file(name: str) -> bool:
    return name.endswith(SUFFIXES)


def document_of(name: str) -> dict[str, Any]:
    """``name`` ends in .yaml or .yml: that file; otherwise the policy of this code."""
    if is_file(name):
        try:
            found = yaml.safe_load(Path(name).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise CommandError(f"{name} cannot be read: {error}") from error
    else:
        policy = policy_by_code(name)
        if policy is None:
            raise CommandError(f"There is no policy of the code {name}.")
        found = yaml.safe_load(export_policy(policy))
    if not isinstance(found, dict) or "policy" not in found:
        raise CommandError(f"{name} is no policy file: begin with “policy:” and its code.")
    return found
