"""Departments, positions and levels that a policy file names, created where nobody works anywhere yet."""

from __future__ import annotations

from people.services.bulk import create_places
from training.services.policy_file.names import VALUES, compared
from training.services.policy_file.parse import PolicyFile


def create_named_places(file: PolicyFile) -> list[tuple[str, str]]:
    """Create what scopes and conditions name and nobody knows; (kind, code) of the new ones."""
    found: dict[str, set[str]] = {"department": set(), "position": set(), "level": set()}
    for mention in file.reader.mentions:
        if mention.about in found:
            found[mention.about].add(mention.name)
        elif (kind := VALUES.get(mention.name, "")) in found:
            found[kind].update(compared(mention.value))
    scopes = [one.get("for", {}) for section in ("rules", "targets") for one in file.document.get(section, ())]
    bands = {str(one["level"]): str(one["band"]) for one in scopes if "level" in one and "band" in one}
    return create_places(
        departments=found["department"], positions=found["position"], levels=found["level"], bands=bands
    )
