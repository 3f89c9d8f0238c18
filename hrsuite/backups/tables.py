"""A few tables as they were before an import: one snapshot, compressed and encrypted while it is written.

The file is an age file of gzip: for each table a line of JSON, its rows as COPY writes them, and a line ``\\.``.
"""

from __future__ import annotations

import gzip
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from pyrage import DecryptError, decrypt_io, x25519

from hrsuite.backups.archive import BackupError, write_encrypted
from hrsuite.backups.keys import recipient
from hrsuite.backups.unfinished import held, sweep

SUFFIX = ".tables.age"
END = b"\\.\n"
#: what the suite computes about rows of a table, and computes anew: (table, column)
COMPUTED = {"people_employee": (("training_pointswork", "employee_id"), ("training_standing", "employee_id"))}
_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


def folder() -> Path:
    return Path(settings.BACKUP_DIR) / "imports"


def back_up_tables(*, tables: Sequence[str], name: str) -> tuple[str, int] | None:
    """Write what is committed of ``tables`` (those that refer to others first) and answer file name and size.

    None where no key is set, as in an installation that makes no backups. Files that are too old go.
    """
    if not settings.BACKUP_RECIPIENT and not settings.LOCAL:
        return None
    key = recipient()
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    prune_tables()
    sweep(folder(), f".*{SUFFIX}.*")
    path = folder() / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}{SUFFIX}"
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write(unfinished, tables, key)
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return path.name, path.stat().st_size


def prune_tables() -> int:
    oldest = time.time() - settings.IMPORT_BACKUP_DAYS * 86400
    gone = [one for one in folder().glob(f"*{SUFFIX}") if one.stat().st_mtime < oldest]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _write(target: Path, tables: Sequence[str], key: x25519.Recipient) -> None:
    read_end, write_end = os.pipe()

    def encrypt() -> None:
        with os.fdopen(read_end, "rb") as pipe:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file, held(target):
                write_encrypted(pipe, file, key)
                file.flush()
                os.fsync(file.fileno())

    with _beside(encrypt), os.fdopen(write_end, "wb") as pipe, gzip.open(pipe, "wb", compresslevel=1) as packed:
        _copy_out(packed, tables)


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Run ``work`` on a thread meanwhile; its failure is raised at the end."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    except BrokenPipeError as error:
        thread.join()
        raise (failures or [error])[0] from error
    finally:
        thread.join()
    if failures:
        raise failures[0]


def _copy_out(target: Any, tables: Sequence[str]) -> None:
    """On a connection of its own: the import's transaction has changed what it sees itself."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL lock_timeout = '30s'")
            for table in tables:
                cursor.execute(_COLUMNS, [table])
                columns = [row[0] for row in cursor.fetchall()]
                target.write(json.dumps({"table": table, "columns": columns}).encode() + b"\n")
                cursor.cursor.copy_expert(f"COPY {_named(table, columns)} TO STDOUT", target, 1 << 20)
                target.write(END)
            cursor.execute("COMMIT")
    finally:
        own.close()


def _named(table: str, columns: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(one) for one in columns)})"


# --- back again -------------------------------------------------------------------------------------------------------
class _Rows:
    """The rows of one table as a file, up to the line that ends them."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._over = source, False

    def read(self, _size: int = -1) -> bytes:
        lines: list[bytes] = []
        while not self._over and len(lines) < 1000:
            line = self._source.readline()
            if not line:
                raise BackupError("The backup ends in the middle of a table: it is damaged.")
            self._over = line == END
            if not self._over:
                lines.append(line)
        return b"".join(lines)


def restore_tables(path: Path, identity: x25519.Identity, schema: str = "") -> dict[str, tuple[int, int, int]]:
    """Bring the tables back as they were: table to rows (removed, changed, added). All of it or, with BackupError,
    nothing: where later entries refer to what would go. With ``schema`` they come into a new schema of that name, to
    look at and to copy from, and nothing else is touched."""
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        # the pipe first: whoever reads it waits for its end, also where there is no such file
        with os.fdopen(write_end, "wb") as pipe, path.open("rb") as source:
            decrypt_io(source, pipe, [identity])

    try:
        with (
            transaction.atomic(),
            _beside(decrypt),
            os.fdopen(read_end, "rb") as pipe,
            gzip.open(pipe, "rb") as packed,
        ):
            return _beside_them(packed, schema) if schema else _put_back(packed)
    except DecryptError as error:
        raise BackupError(f"{path.name} cannot be opened with this key: {error}.") from error
    except DatabaseError as error:
        raise BackupError(f"The tables cannot be put back, and nothing has changed: {error}".strip()) from error
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _beside_them(packed: Any, schema: str) -> dict[str, tuple[int, int, int]]:
    counts = {}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quote(schema)}")
        while line := packed.readline():
            about = json.loads(line)
            there = f"{quote(schema)}.{quote(about['table'])}"
            cursor.execute(f"CREATE TABLE {there} (LIKE public.{quote(about['table'])})")
            columns = ", ".join(map(quote, about["columns"]))
            cursor.cursor.copy_expert(f"COPY {there} ({columns}) FROM STDIN", _Rows(packed))
            counts[about["table"]] = (0, 0, int(cursor.cursor.rowcount))
    return counts


def _put_back(packed: Any) -> dict[str, tuple[int, int, int]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        while line := packed.readline():
            about = json.loads(line)
            found[about["table"]] = about["columns"]
            quoted, before = _pair(about["table"])
            cursor.execute(f"CREATE TEMPORARY TABLE {before} (LIKE {quoted}) ON COMMIT DROP")
            copy = _named(f"before_{about['table']}", about["columns"])
            cursor.cursor.copy_expert(f"COPY {copy} FROM STDIN", _Rows(packed))
            cursor.execute(f"CREATE INDEX ON {before} (id); ANALYZE {before}")
        counts = {table: [_removed(cursor, table), 0, 0] for table in found}
        # what others refer to comes first now
        for table in reversed(found):
            counts[table][1:] = _changed(cursor, table, found[table]), _added(cursor, table, found[table])
    return {table: (gone, changed, added) for table, (gone, changed, added) in counts.items()}


def _pair(table: str) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(table), quote(f"before_{table}")


def _removed(cursor: Any, table: str) -> int:
    now, before = _pair(table)
    for other, column in COMPUTED.get(table, ()):
        cursor.execute(f"DELETE FROM {other} WHERE {column} NOT IN (SELECT id FROM {before})")  # noqa: S608
    cursor.execute(f"DELETE FROM {now} AS t WHERE NOT EXISTS (SELECT FROM {before} AS b WHERE b.id = t.id)")  # noqa: S608
    return int(cursor.rowcount)


def _changed(cursor: Any, table: str, columns: Sequence[str]) -> int:
    now, before = _pair(table)
    names = [connection.ops.quote_name(one) for one in columns if one != "id"]
    cursor.execute(
        f"UPDATE {now} AS t SET {', '.join(f'{one} = b.{one}' for one in names)} FROM {before} AS b "  # noqa: S608
        f"WHERE b.id = t.id AND ({', '.join(f't.{one}' for one in names)}) IS DISTINCT FROM "
        f"({', '.join(f'b.{one}' for one in names)})"
    )
    return int(cursor.rowcount)


def _added(cursor: Any, table: str, columns: Sequence[str]) -> int:
    now, before = _pair(table)
    names = ", ".join(connection.ops.quote_name(one) for one in columns)
    cursor.execute(
        f"INSERT INTO {now} ({names}) SELECT {names} FROM {before} AS b "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT FROM {now} AS t WHERE t.id = b.id)"
    )
    return int(cursor.rowcount)
