"""Workbooks with a password: opened in memory, and the password forgotten."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from msoffcrypto import OfficeFile

from hrsuite.lib.errors import BadInput

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def is_locked(data: bytes) -> bool:
    """Whether a workbook asks for a password. False for everything that is none, or that is broken."""
    if not data.startswith(_OLE):
        return False
    try:
        return bool(OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # noqa: BLE001 - the reader of the content says what is wrong with it
        return False


def unlock(*, name: str, data: bytes, password: str) -> bytes:
    """The workbook without its password. Raises BadInput where the password is another one."""
    target = io.BytesIO()
    try:
        book = OfficeFile(io.BytesIO(data))
        book.load_key(password=password, verify_password=True)
        book.decrypt(target)
    except Exception as error:
        # what the package raises for wrong passwords and for broken files differs from format to format
        raise BadInput(
            "password", name, _("The workbook does not open with this password."), _("Type it again, or ask its owner.")
        ) from error
    return target.getvalue()
