"""Writing a backup: one snapshot of the database, encrypted while it is written."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import threading
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pyrage import x25519

from hrsuite.backups.archive import (
    CHUNK,
    DATABASE,
    MANIFEST,
    MEDIA,
    BackupError,
    Manifest,
    connection_environment,
    tool,
    version,
    write_encrypted,
)
from hrsuite.backups.keys import recipient
from hrsuite.backups.media import is_own
from hrsuite.backups.unfinished import held, sweep

SUFFIX = ".hrsuite-backup"


def make_backup(folder: Path) -> tuple[Path, Manifest]:
    """Write a backup into ``folder``; it gets its name only once it is complete. Nothing unencrypted is written."""
    key = recipient()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder, f".hrsuite-*{SUFFIX}.*")
    name = f"hrsuite-{timezone.localtime():%Y%m%d-%H%M%S}{SUFFIX}"
    parts = folder / f".{name}.{os.getpid()}"
    parts.mkdir(mode=0o700)
    try:
        with held(parts):
            manifest = _dump(parts / DATABASE, key)
            manifest.media_files = _media(parts / MEDIA, key)
            manifest.files = {one: _digest(parts / one) for one in (DATABASE, MEDIA)}
            unfinished = parts / "archive"
            _pack(unfinished, manifest, parts)
            unfinished.rename(folder / name)
    finally:
        shutil.rmtree(parts)
    return folder / name, manifest


def _dump(target: Path, key: x25519.Recipient) -> Manifest:
    # pg_dump reads the very snapshot in which the rows are counted
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, postgres = cursor.fetchone()
        options = ["--format=custom", "--compress=gzip:5", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
        _piped([tool("pg_dump"), *options], target, key)
        return Manifest(
            version=version(),
            created_at=timezone.now().isoformat(timespec="seconds"),
            postgres=postgres,
            recipient=str(key),
            migrations=newest_migrations(),
            rows=count_rows(cursor),
        )


def count_rows(cursor: Any) -> dict[str, int]:
    """Table to its number of rows, counted."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - quoted
        counts[table] = cursor.fetchone()[0]
    return counts


def newest_migrations() -> dict[str, str]:
    found: dict[str, str] = {}
    for app, name in MigrationRecorder(connection).applied_migrations():
        found[app] = max(found.get(app, ""), name)
    return dict(sorted(found.items()))


def _piped(command: list[str], target: Path, key: x25519.Recipient) -> None:
    process = subprocess.Popen(  # noqa: S603
        command, env=connection_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    words: list[bytes] = []
    reader = threading.Thread(target=lambda: words.append(process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    try:
        with _new(target) as file:
            write_encrypted(process.stdout, file, key)
    finally:
        process.stdout.close()
        code = process.wait()
        reader.join()
        process.stderr.close()
    if code:
        raise BackupError(f"pg_dump failed: {b''.join(words).decode(errors='replace').strip()[-400:]}")


def _media(target: Path, key: x25519.Recipient) -> int:
    """Uploaded files as an encrypted tar, written through a pipe. Answers their number."""
    root = Path(settings.MEDIA_ROOT)
    found = sorted(root.rglob("*")) if root.exists() else []
    files = [one for one in found if one.is_file() and not one.is_symlink() and not is_own(one, root)]
    read_end, write_end = os.pipe()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with os.fdopen(write_end, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as archive:
                for file in files:
                    archive.add(file, arcname=str(file.relative_to(root)), recursive=False)
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(read_end, "rb") as pipe, _new(target) as file:
        write_encrypted(pipe, file, key)
    writer.join()
    if failures:
        raise BackupError(f"The uploaded files could not be read: {failures[0]}") from failures[0]
    return len(files)


def _new(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


def _pack(target: Path, manifest: Manifest, parts: Path) -> None:
    with _new(target) as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            text = manifest.as_json()
            about = tarfile.TarInfo(MANIFEST)
            about.size, about.mode, about.mtime = len(text), 0o600, int(time.time())
            archive.addfile(about, io.BytesIO(text))
            for name in (DATABASE, MEDIA):
                archive.add(parts / name, arcname=name)
        file.flush()
        os.fsync(file.fileno())


def listed(folder: Path) -> list[Path]:
    """Complete backups, newest first."""
    return sorted(folder.glob(f"hrsuite-*{SUFFIX}"), reverse=True) if folder.exists() else []


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest ``keep``; answers what is gone."""
    gone = listed(folder)[max(keep, 1) :]
    for path in gone:
        path.unlink()
    return gone
