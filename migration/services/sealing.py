"""What people upload is kept encrypted: nothing of it stands readable in the database, its backups or a cache.

The key follows from SECRET_KEY; while that is changed, SECRET_KEY_FALLBACKS still open what was sealed before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import UploadFile, UploadPart

#: bytes of a file that are sealed together
PART = 4 << 20


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(one))) for one in keys])


def _key(secret: str | bytes) -> bytes:
    return hashlib.blake2b(force_bytes(secret), digest_size=32, person=b"hrsuite uploads").digest()


def seal(data: bytes) -> bytes:
    return _box().encrypt(data)


def unseal(data: bytes | memoryview) -> bytes:
    """Raises BadInput where the key is another one, or somebody changed it."""
    try:
        return _box().decrypt(bytes(data))
    except InvalidToken as error:
        raise lost() from error


def seal_json(value: Any) -> bytes:
    return seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def unseal_json(data: bytes | memoryview) -> Any:
    return json.loads(unseal(data)) if data else {}


def lost() -> BadInput:
    return BadInput("file", "", _("The uploaded file is not here any more."), _("Upload it again."))


def write_file(file: UploadFile, data: bytes) -> None:
    """Keep the content in parts. Call it in the transaction that makes the file."""
    UploadPart.objects.filter(file=file).delete()
    for number, start in enumerate(range(0, len(data), PART)):
        UploadPart.objects.create(file=file, number=number, sealed=seal(data[start : start + PART]))


def read_file(file: UploadFile) -> bytes:
    """The content, whole and as it was, or BadInput."""
    data = b"".join(_parts(file))
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise lost()
    return data


def _parts(file: UploadFile) -> Iterator[bytes]:
    numbers = UploadPart.objects.filter(file=file).values_list("pk", flat=True).order_by("number")
    for pk in list(numbers):
        yield unseal(UploadPart.objects.values_list("sealed", flat=True).get(pk=pk))
