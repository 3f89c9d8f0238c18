"""Workbooks and archives with a password: opened in memory, and the password forgotten."""

from __future__ import annotations

import io
import zipfile

from msoffcrypto import OfficeFile

from hrsuite.lib.errors import BadInput
from migration.services.sources import members_of, wrong_password

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = 1
_MOST_LOCKED = 100 * 1024 * 1024


def is_locked(data: bytes) -> bool:
    """Whether a workbook, an archive or a workbook in an archive asks for a password. False for what is broken."""
    try:
        if data.startswith(_OLE):
            return bool(OfficeFile(io.BytesIO(data)).is_encrypted())
        if not data.startswith(b"PK"):
            return False
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(part.flag_bits & _ENCRYPTED or _holds_locked(archive, part) for part in archive.infolist())
    except Exception:  # noqa: BLE001 - the reader of the content says what is wrong with it
        return False


def _holds_locked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        if stream.read(len(_OLE)) != _OLE:
            return False
    # of a protected workbook the whole is needed; members_of has not looked at its size yet
    return part.file_size < _MOST_LOCKED and is_locked(archive.read(part))


def unlock(*, name: str, data: bytes, password: str) -> bytes:
    """The file without its password. Raises BadInput where the password is another one."""
    if data.startswith(_OLE):
        return _workbook(name, data, password)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for title, content in members_of(name, data, password=password):
            archive.writestr(title, _workbook(title, content, password) if is_locked(content) else content)
    return target.getvalue()


def _workbook(name: str, data: bytes, password: str) -> bytes:
    target = io.BytesIO()
    try:
        book = OfficeFile(io.BytesIO(data))
        book.load_key(password=password, verify_password=True)
        book.decrypt(target)
    except Exception as error:
        # what the package raises for wrong passwords and for broken files differs from format to format
        raise BadInput("password", name, *wrong_password()) from error
    return target.getvalue()
