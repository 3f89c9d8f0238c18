"""A disk without room: of this server while it keeps files, or of the database."""

from __future__ import annotations

import errno
import tempfile
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

#: SQLSTATE of PostgreSQL
_FULL = "53100"
#: no room, more than this process or this account may write
_ERRORS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_MARK = "hrsuite.no_room"


def is_full(error: BaseException | None) -> bool:
    """Whether this error, or what it came from, says that a disk is full."""
    while error is not None:
        if getattr(error, "errno", None) in _ERRORS or getattr(error, "pgcode", None) == _FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def had_no_room(request: HttpRequest) -> bool:
    """Whether a file of this request could not be kept while it came in."""
    return bool(request.META.get(_MARK))


class TemporaryFiles(TemporaryFileUploadHandler):
    """Files on disk that have no name there: whatever ends the server leaves nothing of them to read. Where there is
    no room, the upload ends, and the form can say why."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        try:
            nameless = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - the request closes it
            self.file: Any = UploadedFile(
                nameless, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
            )
        except OSError as error:
            self._stop(error)

    def upload_interrupted(self) -> None:
        if getattr(self, "file", None) is not None:
            with suppress(OSError):
                self.file.close()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
        except OSError as error:
            self._stop(error)

    def file_complete(self, file_size: int) -> Any:
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        if not is_full(error):
            raise error
        assert self.request is not None
        self.request.META[_MARK] = True
        if getattr(self, "file", None) is not None:
            # closed and removed all the same; what is buffered cannot be written either
            with suppress(OSError):
                self.file.close()
        raise StopUpload(connection_reset=False) from error
