"""``restore BACKUP --identity KEY [--replace]``."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from hrsuite.backups import BackupError, identity_of, restore_backup


class Command(BaseCommand):
    help = "Bring a backup back: into an empty database, or with --replace in place of what is there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret key; - reads it from standard input"
        )
        parser.add_argument("--replace", action="store_true", help="delete what the database holds now")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        try:
            identity = identity_of(options["identity"] or settings.BACKUP_IDENTITY_FILE)
            manifest = restore_backup(options["backup"], identity, replace=options["replace"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        # an older backup is brought to the schema of today
        call_command("migrate", verbosity=0)
        self.stdout.write(
            f"Restored the backup of {manifest.made}: {sum(manifest.rows.values()):,} rows, "
            f"{manifest.media_files} files, {time.monotonic() - start:.1f} s"
        )
