"""Bringing a backup back, and proving one by restoring it into a scratch database."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pyrage import DecryptError, decrypt_io, x25519

from hrsuite.backups.archive import (
    CHUNK,
    DATABASE,
    MEDIA,
    OF_TLS,
    BackupError,
    Manifest,
    check_sums,
    connection_environment,
    copy_out,
    tool,
)
from hrsuite.backups.make import count_rows
from hrsuite.backups.media import exchanged
from hrsuite.lib.alone import alone
from hrsuite.lib.disk import is_full


def verify_backup(path: Path, identity: x25519.Identity) -> Manifest:
    """Restore into a scratch database of the same server, count every table, open every uploaded file; then drop it.
    Raises BackupError."""
    manifest = check_sums(path)
    with _scratch_database() as scratch:
        environment = connection_environment(scratch)
        _load(path, identity, environment)
        counts = _counts(environment)
        if counts != manifest.rows:
            wrong = sorted(set(counts.items()) ^ set(manifest.rows.items()))
            raise BackupError(f"The restored rows differ from those that were backed up: {wrong[:4]}")
        with tempfile.TemporaryFile() as plain:
            _decrypt(path, MEDIA, identity, plain)
            plain.seek(0)
            with tarfile.open(fileobj=plain) as archive:
                files = sum(1 for member in archive if member.isfile())
        if files != manifest.media_files:
            raise BackupError(f"{manifest.media_files} uploaded files were backed up, {files} came back.")
    return manifest


@contextmanager
def _scratch_database() -> Iterator[str]:
    """Its name; those go, too, that were left with everybody's data in them by a proof that was killed."""
    own = f"hrsuite_verify_{hashlib.sha256(str(connection.settings_dict['NAME']).encode()).hexdigest()[:8]}_"
    scratch = own + secrets.token_hex(6)
    with alone("hrsuite verify") as is_alone:
        try:
            for name in _databases(own) if is_alone else ():
                _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _admin(f'CREATE DATABASE "{scratch}" TEMPLATE template0')
            yield scratch
        finally:
            _admin(f'DROP DATABASE IF EXISTS "{scratch}" WITH (FORCE)')


def _databases(start: str) -> list[str]:
    """Their names that begin so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start])
        return [name for (name,) in cursor.fetchall()]


def restore_backup(path: Path, identity: x25519.Identity, *, replace: bool = False) -> Manifest:
    """Bring database and uploaded files back, into an empty database or, with ``replace``, in place of what is there.

    A backup of newer migrations than this code knows, a damaged one or a wrong key is refused before anything is
    touched. The uploaded files are unpacked beside those that are there before the database comes back, in one
    transaction: where either fails, both are as they were.
    """
    manifest = check_sums(path)
    _refuse_newer(manifest)
    with tempfile.TemporaryFile() as probe:
        # the key must open both files before anything is deleted
        _decrypt(path, MEDIA, identity, probe)
        media = probe
        has_tables = bool(connection.introspection.table_names())
        if has_tables and not replace:
            raise BackupError("The database is not empty. Restore into an empty one, or say --replace.")
        environment = connection_environment()
        connection.close()
        media.seek(0)
        with exchanged(media, Path(settings.MEDIA_ROOT)):
            _load(path, identity, environment, clean=has_tables)
    return manifest


def _refuse_newer(manifest: Manifest) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    newer = [f"{app}.{name}" for app, name in manifest.migrations.items() if name and (app, name) not in known]
    if newer:
        raise BackupError(
            f"The backup was made by a newer version of the suite ({', '.join(newer[:3])}). Install that version first."
        )


#: with --clean pg_restore drops only what the dump has; a schema made anew has nothing else either
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def _load(path: Path, identity: x25519.Identity, environment: dict[str, str], *, clean: bool = False) -> None:
    """All in one transaction: with ``clean``, what is there goes only where everything of the backup comes."""
    script = [tool("pg_restore"), "--no-owner", "--no-acl", "--file=-"]
    psql = [tool("psql"), "-Xq", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    psql += ["--command", _EMPTY, "--file=-"] if clean else ["--file=-"]
    failures: list[BaseException] = []
    with (
        _started(script, environment, subprocess.PIPE) as (reading, read_words),
        _started(psql, environment, subprocess.DEVNULL) as (writing, write_words),
    ):

        def feed() -> None:
            try:
                # it says itself why it stopped reading
                with suppress(BrokenPipeError), reading.stdin as target:
                    _decrypt(path, DATABASE, identity, target)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                failures.append(error)

        feeder = threading.Thread(target=feed)
        feeder.start()
        with suppress(BrokenPipeError):
            shutil.copyfileobj(reading.stdout, writing.stdin, CHUNK)
        reading.stdout.close()
        feeder.join()
        if reading.wait() or failures:
            # the end of its input would be a commit
            writing.kill()
        with suppress(BrokenPipeError):
            writing.stdin.close()
        code = writing.wait()
    if failures:
        raise failures[0]
    if code:
        words = b"".join([*read_words, *write_words]).decode(errors="replace").strip()
        raise BackupError(f"The database cannot be restored, and is as it was: {words[-400:]}")


@contextmanager
def _started(command: list[str], environment: dict[str, str], stdout: int) -> Iterator[tuple[Any, list[bytes]]]:
    """A tool that waits for input, and its last words, complete when the block ends."""
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE
    )
    words: list[bytes] = []
    reader = threading.Thread(target=lambda: words.append(process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    try:
        yield process, words
    finally:
        reader.join()


def _decrypt(path: Path, name: str, identity: x25519.Identity, target: IO[bytes]) -> None:
    try:
        with tempfile.TemporaryFile() as encrypted:
            copy_out(path, name, encrypted)
            encrypted.seek(0)
            decrypt_io(encrypted, target, [identity])
    except DecryptError as error:
        raise BackupError(f"{name} cannot be opened with this key: {error}.") from error
    except (BackupError, OSError) as error:
        if not is_full(error):
            raise
        raise BackupError(
            f"There is no room in {tempfile.gettempdir()} to unpack the backup. Make some, or name another in TMPDIR."
        ) from error


def _counts(environment: dict[str, str]) -> dict[str, int]:
    with psycopg2.connect(**_arguments(environment)) as there, there.cursor() as cursor:
        counts = count_rows(cursor)
    there.close()
    return counts


def _admin(statement: str) -> None:
    """CREATE and DROP DATABASE stand outside transactions, so they get a connection of their own."""
    there = psycopg2.connect(**_arguments(connection_environment()))
    try:
        there.autocommit = True
        with there.cursor() as cursor:
            cursor.execute(statement)
    except psycopg2.Error as error:
        raise BackupError(f"The scratch database: {error}".strip()) from error
    finally:
        there.close()


def _arguments(environment: dict[str, str]) -> dict[str, str]:
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname",
             **{variable: name for name, variable in OF_TLS.items()}}  # fmt: skip
    return {names[name]: value for name, value in environment.items() if name in names}
