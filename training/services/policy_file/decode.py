"""The text of a policy file; where it is not UTF-8, which line shows it, what it looks like, and what to do."""

from __future__ import annotations

import codecs

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes) -> str:
    """Raises BadInput."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        mend = _("Save the file as UTF-8 and try again.")
        if data.startswith(UTF16):
            raise BadInput("file", "", _("This file is not UTF-8 but UTF-16 text."), mend) from error
        if _is_gb18030(data):
            message = _("Line %(line)s is not UTF-8 text: the file looks like GB18030 (GBK).") % {"line": line}
            raise BadInput("file", "", message, mend) from error
        raise BadInput("file", "", _("Line %(line)s is not UTF-8 text.") % {"line": line}, mend) from error


def _is_gb18030(data: bytes) -> bool:
    """Whether what is beyond ASCII reads as Chinese characters throughout."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    beyond = [letter for letter in text if ord(letter) > 127]
    return sum("\u4e00" <= letter <= "\u9fff" for letter in beyond) * 2 > len(beyond)
