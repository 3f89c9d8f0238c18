"""The questions that the deploy check asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


PRODUCTION = {
    "SECRET_KEY": "".join(f"{n:x}-Qz" for n in range(40)),
    "ALLOWED_HOSTS": "hr.example.com",
    "SITE_URL": "https://hr.example.com",
    "DATABASE_URL": "postgresql://127.0.0.1/unused",
    "REDIS_URL": "redis://127.0.0.1/0",
    "BACKUP_RECIPIENT": "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
}
TELL = """
import json
from django.conf import settings as s
names = ["DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "EMAIL_USE_TLS", "SESSION_COOKIE_HTTPONLY"]
found = {name: getattr(s, name) for name in names}
backup = s.CELERY_BEAT_SCHEDULE["backup"]
found["backup"] = [backup["task"], len(backup["schedule"].hour), sorted(backup["schedule"].minute), s.BACKUP_HOUR]
found["uploads"] = "migration.tasks.sweep_uploads" in [one["task"] for one in s.CELERY_BEAT_SCHEDULE.values()]
print(json.dumps(found))
"""


def in_production(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` with the environment of a server and nothing else."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "HRSUITE_VAR") if name in os.environ}
    command, root = [sys.executable, "manage.py", *arguments], Path(__file__).parent.parent
    return subprocess.run(
        command, cwd=root, env=environment | PRODUCTION | more, capture_output=True, text=True, check=False
    )


def test_the_deploy_check_is_clean_with_the_settings_of_production_and_tls_is_their_default():
    done = in_production("check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr
    found = json.loads(in_production("shell", "-v0", "-c", TELL).stdout)
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert not found["DEBUG"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["EMAIL_USE_TLS"]
    # every night at two, by beat, which goes on asking until it is made; whatever is too old goes by it, too
    assert found["backup"] == ["hrsuite.tasks.backup", 24, [0, 10, 20, 30, 40, 50], 2]
    assert found["uploads"]


def test_an_hour_that_no_clock_strikes_is_refused():
    done = in_production("check", BACKUP_HOUR="24")
    assert (done.returncode, "BACKUP_HOUR=24: use an hour from 0 to 23" in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [("SITE_URL", "http://hr.example.com", "hrsuite.E001"), ("BACKUP_RECIPIENT", "", "hrsuite.W005")],
)
def test_the_deploy_check_speaks_up(variable, value, said):
    done = in_production("check", "--deploy", "--fail-level", "WARNING", **{variable: value})
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr


ASK = """
import json
from django.test import Client
asked = {
    "plain": ("/", {}), "said to be tls": ("/", {"HTTP_X_FORWARDED_PROTO": "https"}), "health": ("/healthz", {}),
    "other host": ("/", {"HTTP_HOST": "evil.example.com", "HTTP_X_FORWARDED_PROTO": "https"}),
}
found = {}
for name, (path, headers) in asked.items():
    answer = Client(SERVER_NAME="hr.example.com", raise_request_exception=False).get(path, **headers)
    found[name] = [answer.status_code, answer.headers.get("Location", ""),
                   answer.headers.get("Strict-Transport-Security", "")]
print(json.dumps(found))
"""
FOREVER = "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize("trusted", ["1", "0"])
def test_pages_come_over_tls_alone_and_only_our_own_proxy_may_say_that_they_did(trusted):
    found = json.loads(in_production("shell", "-v0", "-c", ASK, BEHIND_TLS_PROXY=trusted).stdout)
    home = "https://hr.example.com/"
    assert found["plain"] == [301, home, ""]
    assert found["said to be tls"] == ([302, "/sign-in/?next=/", FOREVER] if trusted == "1" else [301, home, ""])
    # the database of this test cannot be reached
    assert found["health"][:2] == [503, ""]
    assert found["other host"][0] == 400
