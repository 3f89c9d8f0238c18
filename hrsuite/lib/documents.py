"""Documents that people hand in: told by their content, not by their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput

#: extension -> (content type, how the content begins, what its last bytes hold)
KINDS: dict[str, tuple[str, bytes, bytes]] = {
    "pdf": ("application/pdf", b"%PDF-", b"%%EOF"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n", b"IEND"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff", b"\xff\xd9"),
}
MEGABYTE = 1024 * 1024
_TAIL = 1024
_LONGEST_NAME = 150


@dataclass(frozen=True)
class Document:
    """``kind`` is a key of KINDS; ``name`` is what the person called it, with the ending that fits the content."""

    name: str
    kind: str
    data: bytes


def read_document(upload: Any, *, most_bytes: int, field: str) -> Document:
    """The uploaded file, where it is a PDF, PNG or JPEG of at most ``most_bytes``. Raises BadInput otherwise."""
    if upload.size > most_bytes:
        raise BadInput(
            field,
            upload.name,
            _("The file is larger than %(most)s MB.") % {"most": most_bytes // MEGABYTE},
            _("Hand in a smaller one, such as a photo of fewer pixels."),
        )
    data = upload.read()
    for kind, (_type, head, tail) in KINDS.items():
        if data.startswith(head) and tail in data[-_TAIL:]:
            stem = "".join(one for one in upload.name.rpartition(".")[0] if one.isprintable()).strip() or "evidence"
            return Document(f"{stem[: _LONGEST_NAME - 4]}.{kind}", kind, data)
    raise BadInput(field, upload.name, _("This is no PDF, PNG or JPEG file."), _("Hand in a scan, a photo or a PDF."))


def content_type(name: str) -> str:
    """Of a stored document, by its ending, which :func:`read_document` chose."""
    return KINDS[name.rpartition(".")[2]][0]
