"""The containers and the guide of operations know every setting; what must not be lost stands on a volume."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: variables of settings.py that containers do not hand on, and why
NOT_HANDED_ON = {
    "DEBUG": "never in production",
    "HRSUITE_LOCAL": "never in production",
    "HRSUITE_VAR": "the image says where its volumes are",
    "BACKUP_DIR": "a volume stands there",
}
#: and those that the guide leaves out
NOT_TOLD = {
    "DEBUG": "for developers",
    "EMAIL_BACKEND": "for developers",
}


def variables() -> set[str]:
    text = (ROOT / "hrsuite" / "settings.py").read_text()
    return set(re.findall(r"(?:env(?:bool|int|list)|environ\.get)\(\s*\"([A-Z_]+)\"", text))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


@pytest.mark.parametrize("service", ["web", "worker", "beat", "migrate"])
def test_containers_hand_every_setting_on(compose, service):
    handed_on = set(compose["services"][service]["environment"])
    lost = variables() - handed_on
    assert lost - set(NOT_HANDED_ON) == set(), "Name it under environment in docker-compose.yml."
    assert set(NOT_HANDED_ON) <= lost, "Stale: it is handed on, or no setting any more."
    assert handed_on <= variables(), "The suite reads no such variable."


def test_the_guide_tells_every_setting():
    told = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "docs" / "operations.md").read_text()))
    untold = variables() - told
    assert untold - set(NOT_TOLD) == set(), "Say in docs/operations.md what it means."
    assert set(NOT_TOLD) <= untold, "Stale: the guide tells it, or it is no setting any more."


@pytest.mark.parametrize("name", ["web", "worker"])
def test_uploads_and_backups_outlive_their_container(compose, name):
    """Workers make backups; imports by the buttons of the admin site keep their tables in a web process."""
    home = re.search(r"HRSUITE_VAR=(\S+)", (ROOT / "Dockerfile").read_text()).group(1)
    mounted = {one.rpartition(":")[2]: one.rpartition(":")[0] for one in compose["services"][name]["volumes"]}
    for folder in ("media", "backups"):
        assert mounted.get(f"{home}/{folder}") in compose["volumes"], folder
