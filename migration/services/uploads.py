"""Uploads between preview and confirmation: in a private folder, bound to the person, gone after a day."""

from __future__ import annotations

import os
import re
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"(\d+)-[0-9a-f]{32}")


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_upload(*, data: bytes, user: User) -> str:
    """Store the content; the token names it for this person alone."""
    _sweep()
    token = f"{user.pk}-{uuid.uuid4().hex}"
    handle = os.open(_folder() / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return token


def fetch_upload(*, token: str, user: User) -> bytes:
    """The content of an upload of this very person. Raises BadInput where there is none (any more)."""
    match = _TOKEN.fullmatch(token)
    if match and int(match[1]) == user.pk:
        try:
            return (_folder() / token).read_bytes()
        except FileNotFoundError:
            pass
    raise BadInput("file", "", _("The uploaded file is not here any more."), _("Upload it again."))


def drop_upload(*, token: str, user: User) -> None:
    match = _TOKEN.fullmatch(token)
    if match and int(match[1]) == user.pk:
        (_folder() / token).unlink(missing_ok=True)


def _sweep() -> None:
    """Previews that nobody confirmed."""
    oldest = time.time() - KEPT_SECONDS
    for path in _folder().iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue
