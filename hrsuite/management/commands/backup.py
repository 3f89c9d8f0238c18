"""``backup [--to FOLDER] [--verify]``, ``backup --list``, ``backup --new-key FILE``."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from hrsuite.backups import BackupError, identity_of, listed, make_backup, prune, read_manifest, verify_backup
from hrsuite.backups.keys import new_key
from hrsuite.backups.runs import is_missed, newest, note_backup


class Command(BaseCommand):
    help = "Write an encrypted backup of database and uploaded files, and prove it by restoring it elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="left out: BACKUP_DIR")
        parser.add_argument("--verify", action="store_true", help="restore it into a scratch database and compare")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret key, for --verify and --check; - reads it"
        )
        parser.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N afterwards")
        parser.add_argument(
            "--list", action="store_true", help="what is there; status 1 where the daily one was missed"
        )
        parser.add_argument("--check", type=Path, metavar="BACKUP", help="prove an older backup instead of a new one")
        parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a pair of keys")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["to"] or settings.BACKUP_DIR
        try:
            if options["new_key"]:
                self._new_key(options["new_key"])
            elif options["list"]:
                self._list(folder)
            elif options["check"]:
                self._verify(options["check"], options["identity"])
            else:
                self._make(folder, options)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _make(self, folder: Path, options: dict[str, Any]) -> None:
        start, started_at = time.monotonic(), timezone.now()
        path, manifest = make_backup(folder)
        note_backup(path, started_at)
        size = path.stat().st_size / 1e6
        self.stdout.write(
            f"{path}: {sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables, "
            f"{manifest.media_files} files, {size:,.1f} MB, {time.monotonic() - start:.1f} s"
        )
        if options["verify"]:
            self._verify(path, options["identity"])
        if options["keep"]:
            for gone in prune(folder, keep=options["keep"]):
                self.stdout.write(f"deleted {gone.name}")

    def _verify(self, path: Path, identity: Path | None) -> None:
        start = time.monotonic()
        manifest = verify_backup(path, identity_of(identity or settings.BACKUP_IDENTITY_FILE))
        rows, seconds = sum(manifest.rows.values()), time.monotonic() - start
        self.stdout.write(f"{path.name} is proved: restored, {rows:,} rows equal, {seconds:.1f} s")

    def _list(self, folder: Path) -> None:
        """Raises CommandError, having listed what is there, where the daily one was missed."""
        for path in listed(folder):
            manifest = read_manifest(path)
            rows = sum(manifest.rows.values())
            self.stdout.write(f"{path.name}\t{manifest.made}\t{rows:,} rows\t{path.stat().st_size / 1e6:,.1f} MB")
        # the list is wanted most where there is no database
        with suppress(DatabaseError):
            _refuse_missed()

    def _new_key(self, path: Path) -> None:
        if path.exists():
            raise CommandError(f"{path} exists already.")
        public = new_key(path)
        self.stdout.write(f"BACKUP_RECIPIENT={public}")
        self.stderr.write(f"Keep {path} away from the server: whoever has it can read every backup.")


def _refuse_missed() -> None:
    if is_missed(timezone.now()):
        found = newest()
        said = f"the newest is of {timezone.localtime(found.started_at):%Y-%m-%d %H:%M}" if found else "there is none"
        raise CommandError(f"The daily backup was missed: {said}. Do beat and a worker run? The worker's log says why.")
