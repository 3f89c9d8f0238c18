"""The pair of keys. The suite needs the public one to write backups; the secret one belongs somewhere else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.conf import settings
from pyrage import x25519

from hrsuite.backups.archive import BackupError


def recipient() -> x25519.Recipient:
    """The public key: ``BACKUP_RECIPIENT``, or on a developer's machine that of a key made on the first use.
    Raises BackupError."""
    if settings.BACKUP_RECIPIENT:
        try:
            return x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)
        except Exception as error:
            raise BackupError(f"BACKUP_RECIPIENT is no age key: {error}. It begins with age1.") from error
    if not settings.LOCAL:
        raise BackupError("Set BACKUP_RECIPIENT to a public key (manage.py backup --new-key FILE makes a pair).")
    return identity_of(_local_key()).to_public()


def identity_of(path: Path | str | None) -> x25519.Identity:
    """The secret key in a file: the line that begins with AGE-SECRET-KEY-1. ``-``: in standard input; None or empty:
    the developer's own. Raises BackupError."""
    file = Path(path) if path else _local_key()
    try:
        lines = (sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")).splitlines()
    except OSError as error:
        raise BackupError(f"The key file {file} cannot be read: {error.strerror}.") from error
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-1"):
            try:
                return x25519.Identity.from_str(line.strip())
            except Exception as error:
                raise BackupError(f"The key in {file} is damaged: {error}.") from error
    raise BackupError(f"{file} holds no secret key: a line that begins with AGE-SECRET-KEY-1.")


def new_key(path: Path) -> str:
    """Write a new secret key to ``path`` (for its owner only) and answer the public one."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


def _local_key() -> Path:
    path: Path = settings.VAR_DIR / "backup.key"
    if settings.LOCAL and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new_key(path)
    return path
