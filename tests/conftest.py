"""What every test may use: a cheap hasher, the same few people, and clients that are signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import settings as property_settings

from tests.world import World, build_world

# on a busy machine an example may take longer than Hypothesis expects: what is slow is measured in benchmarks
property_settings.register_profile("suite", deadline=None)
property_settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _quick_and_quiet(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def nudges(monkeypatch) -> list[str]:
    """Names of the tasks that were nudged; nothing is published from a test unless it asks for a worker."""
    sent: list[str] = []
    monkeypatch.setattr("hrsuite.lib.nudge._enqueue", sent.append)
    return sent


@pytest.fixture
def world(db) -> World:
    """The small company that most tests happen in: see ``tests/world.py``."""
    return build_world()


@pytest.fixture
def sign_in(world) -> Callable[[str], Client]:
    """``sign_in("bob")`` is a client of that person, with CSRF checks off as usual in tests."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(world.users[name])
        return client

    return signed_in
