"""The questions that the deploy check asks."""

from __future__ import annotations

from hrsuite.checks import check_durability, check_site_address


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_links_in_mails_need_https_in_production(settings):
    settings.LOCAL = False
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://hr.example.com", ["hr.example.com"]
    assert ids(check_site_address()) == ["hrsuite.E001"]
    settings.SITE_URL = "https://hr.example.com"
    assert ids(check_site_address()) == []


def test_hosts(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://hr.example.com", ["*"]
    assert ids(check_site_address()) == ["hrsuite.E002"]
    settings.ALLOWED_HOSTS = ["other.example.com"]
    assert ids(check_site_address()) == ["hrsuite.W003"]
    settings.ALLOWED_HOSTS = [".example.com"]
    assert ids(check_site_address()) == []


def test_a_database_that_forgets_is_refused(db):
    """The servers of the tests trade safety for speed, so they are just the ones to complain about."""
    assert set(ids(check_durability(databases=["default"]))) == {"hrsuite.E004"}
    assert ids(check_durability(databases=None)) == []
