"""The document of a policy from a file, or from a policy in the suite."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError

from hrsuite.lib.errors import BadInput
from training.selectors.policies import policy_by_code, policy_codes
from training.services.policy_file import export_policy
from training.services.policy_file.decode import decode

SUFFIXES = (".yaml", ".yml")


def is_file(name: str) -> bool:
    return name.endswith(SUFFIXES)


def text_of(name: str) -> str:
    """A file's text; ``-`` is the standard input."""
    try:
        return decode((sys.stdin.buffer if name == "-" else Path(name).open("rb")).read())
    except BadInput as error:
        raise CommandError(f"{name}: {error.message} {error.mend}") from error
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error}") from error


def no_period(document: dict[str, Any], period: str) -> CommandError:
    """There is no such year; tells those that there are."""
    known = ", ".join(str(year["name"]) for year in document.get("years") or ())
    return CommandError(f"There is no points year {period} in the policy. It knows: {known or 'none'}.")


def no_policy(code: str) -> CommandError:
    known = ", ".join(policy_codes())
    return CommandError(f"There is no policy of the code {code}. Known codes: {known or 'none'}.")


def document_of(name: str) -> dict[str, Any]:
    """``name`` ends in .yaml or .yml: that file; otherwise the policy of this code."""
    if is_file(name):
        try:
            found = yaml.safe_load(text_of(name))
        except yaml.YAMLError as error:
            raise CommandError(f"{name} cannot be read: {error}") from error
    else:
        policy = policy_by_code(name)
        if policy is None:
            raise no_policy(name)
        found = yaml.safe_load(export_policy(policy))
    if not isinstance(found, dict) or "policy" not in found:
        raise CommandError(f"{name} is no policy file: begin with “policy:” and its code.")
    return found
