"""Encrypted backups of the whole suite, proved by restoring them."""

from hrsuite.backups.archive import BackupError, Manifest, read_manifest
from hrsuite.backups.keys import identity_of, recipient
from hrsuite.backups.make import listed, make_backup, prune
from hrsuite.backups.restore import restore_backup, verify_backup

__all__ = [
    "BackupError",
    "Manifest",
    "identity_of",
    "listed",
    "make_backup",
    "prune",
    "read_manifest",
    "recipient",
    "restore_backup",
    "verify_backup",
]
