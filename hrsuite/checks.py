"""What ``manage.py check --deploy --database default`` asks beyond Django's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

#: what PostgreSQL has acknowledged must survive a power cut
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@register(Tags.security, deploy=True)
def check_site_address(**_options: Any) -> list[CheckMessage]:
    """Links in mails lead to SITE_URL, and other hosts are refused."""
    found: list[CheckMessage] = []
    site = urlsplit(settings.SITE_URL)
    if not settings.LOCAL and site.scheme != "https":
        found.append(
            Error(
                f"SITE_URL is {settings.SITE_URL}: links to set a password would go over plain http.",
                hint="Set SITE_URL to the https address that people use.",
                id="hrsuite.E001",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS takes every host name.",
                hint="List the names that people use, separated by commas.",
                id="hrsuite.E002",
            )
        )
    if site.hostname and not _allowed(site.hostname):
        found.append(
            Warning(
                f"SITE_URL names {site.hostname}, which ALLOWED_HOSTS does not take.",
                hint="Add it to ALLOWED_HOSTS.",
                id="hrsuite.W003",
            )
        )
    return found


def _allowed(host: str) -> bool:
    return any(
        pattern in ("*", host) or (pattern.startswith(".") and f".{host}".endswith(pattern))
        for pattern in settings.ALLOWED_HOSTS
    )


@register(Tags.security, deploy=True)
def check_backups(**_options: Any) -> list[CheckMessage]:
    """Without a key beat makes no backups, and imports keep no tables."""
    if settings.LOCAL or settings.BACKUP_RECIPIENT:
        return []
    return [
        Warning(
            "BACKUP_RECIPIENT is not set: no backup is made.",
            hint="manage.py backup --new-key FILE makes the pair of keys; see docs/operations.md, Backups.",
            id="hrsuite.W005",
        )
    ]


@register(Tags.database, deploy=True)
def check_durability(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """The work to be done is rows, so a lost row is lost work."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            for name, wanted in DURABLE.items():
                cursor.execute("SELECT current_setting(%s)", [name])
                value = cursor.fetchone()[0]
                if value != wanted:
                    found.append(
                        Error(
                            f"PostgreSQL runs with {name} = {value}: acknowledged work can be lost.",
                            hint=f"Set {name} = {wanted} in postgresql.conf.",
                            id="hrsuite.E004",
                        )
                    )
    return found
