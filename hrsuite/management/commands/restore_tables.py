"""``restore_tables FILE [--identity KEY] [--schema NAME]``, ``restore_tables --list``: tables as before an import."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hrsuite.backups import BackupError, identity_of
from hrsuite.backups.tables import SUFFIX, folder, restore_tables


class Command(BaseCommand):
    help = "Bring the tables that an import touched back as they were before it, with all that happened to them since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, nargs="?", help="file, or its name in the folder of these backups")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret key; - reads it from standard input"
        )
        parser.add_argument("--schema", default="", metavar="NAME", help="into a new schema, to look at and copy from")
        parser.add_argument("--list", action="store_true", help="what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for path in sorted(folder().glob(f"*{SUFFIX}")):
                made = datetime.fromtimestamp(path.stat().st_mtime, timezone.get_current_timezone())
                self.stdout.write(f"{path.name}\t{made:%Y-%m-%d %H:%M}\t{path.stat().st_size / 1e6:,.1f} MB")
            return
        if options["backup"] is None:
            raise CommandError("Name a backup; --list shows what is there.")
        path = options["backup"] if options["backup"].exists() else folder() / options["backup"].name
        try:
            identity = identity_of(options["identity"] or settings.BACKUP_IDENTITY_FILE)
            counts = restore_tables(path, identity, options["schema"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["schema"]:
            for table, (*_none, rows) in counts.items():
                self.stdout.write(f"{options['schema']}.{table}: {rows:,} rows")
            return
        for table, (removed, changed, added) in counts.items():
            self.stdout.write(f"{table}: {removed:,} removed, {changed:,} as before, {added:,} back")
        self.stdout.write("Now book the points anew: manage.py book_points --all")
