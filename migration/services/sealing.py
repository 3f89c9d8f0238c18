"""What people upload is kept encrypted: nothing of it stands readable in the database, its backups or a cache.

The key follows from SECRET_KEY; while that is changed, SECRET_KEY_FALLBACKS still open what was sealed before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import UploadFile, UploadPart
from migration.services.content import Content, is_long_text

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


def write_file(file: UploadFile, source: BinaryIO) -> None:
    """Keep the content in parts, and its size and digest with the file. Call it in the transaction that makes it."""
    UploadPart.objects.filter(file=file).delete()
    digest, size = hashlib.sha256(), 0
    for number, data in enumerate(iter(lambda: source.read(PART), b"")):
        UploadPart.objects.create(file=file, number=number, sealed=seal(data))
        digest.update(data)
        size += len(data)
    file.sha256, file.size = digest.hexdigest(), size
    file.save(update_fields=["sha256", "size"])


def read_file(file: UploadFile) -> bytes:
    """The content, whole and as it was, or BadInput."""
    data = b"".join(_parts(file, connection))
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise lost()
    return data


def content_of_file(file: UploadFile, *, is_apart: bool = False) -> Content:
    """The content part by part, for who need not have the whole. Raises BadInput while it is read, as above.

    ``is_apart`` reads what is committed, on a connection of its own: for an import whose own one is busy meanwhile.
    """

    def pieces() -> Iterator[bytes]:
        digest = hashlib.sha256()
        own: Any = connection.copy() if is_apart and is_long_text(file.name, file.size) else connection
        try:
            for data in _parts(file, own):
                digest.update(data)
                yield data
        finally:
            if own is not connection:
                own.close()
        if digest.hexdigest() != file.sha256:
            raise lost()

    return Content(file.size, file.sha256, pieces)


def _parts(file: UploadFile, on: Any) -> Iterator[bytes]:
    with on.cursor() as cursor:
        cursor.execute("SELECT id FROM migration_uploadpart WHERE file_id = %s ORDER BY number", [file.pk])
        numbers = [pk for (pk,) in cursor.fetchall()]
        for pk in numbers:
            cursor.execute("SELECT sealed FROM migration_uploadpart WHERE id = %s", [pk])
            found = cursor.fetchone()
            if found is None:
                raise lost()
            yield unseal(found[0])
