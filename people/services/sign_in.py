"""Slow down guessing: failures are counted per account and address block, so nobody can lock out a colleague."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from people import rules
from people.models import SignInAttempt

# one statement, so that two guesses at the same moment count as two; an old row starts afresh
_COUNT = """
INSERT INTO people_signinattempt AS attempt (key, failures, last_failed_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN attempt.last_failed_at < %(old)s THEN 1 ELSE least(attempt.failures + 1, 1000) END,
    last_failed_at = excluded.last_failed_at
RETURNING failures
"""


def client_address(request: HttpRequest | None) -> str:
    """The peer's address; behind our own proxy, the one that the proxy saw (the last in the list, not the first)."""
    if request is None:
        return ""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")


def attempt_key(username: str, request: HttpRequest | None) -> str:
    """A hash of account and address block; the table says nothing about who tried."""
    who = f"{username.strip().casefold()}|{rules.address_block(client_address(request))}"
    return salted_hmac("hrsuite.sign-in", who, algorithm="sha256").hexdigest()


def locked_until(*, username: str, request: HttpRequest | None) -> dt.datetime | None:
    """When this account may be tried again from here, or None for now."""
    row = SignInAttempt.objects.filter(key=attempt_key(username, request)).first()
    if row is None or row.locked_until_at is None or row.locked_until_at <= timezone.now():
        return None
    return row.locked_until_at


def count_failure(*, username: str, request: HttpRequest | None) -> int:
    """Count one wrong password and lock if there were too many. Returns the failures so far."""
    now = timezone.now()
    key = attempt_key(username, request)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "old": now - rules.FAILURES_FORGOTTEN_AFTER})
        failures = cursor.fetchone()[0]
    wait = rules.lock_time(failures)
    if wait:
        SignInAttempt.objects.filter(key=key).update(locked_until_at=now + wait)
    return failures


def forget_failures(*, username: str, request: HttpRequest | None) -> None:
    """After a sign-in that worked."""
    SignInAttempt.objects.filter(key=attempt_key(username, request)).delete()
