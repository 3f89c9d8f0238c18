"""Files that commands write: whole or not at all, never over what they read; devices and pipes as streams."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput

#: standard output and standard error
_OURS = (1, 2)


def check_targets(targets: Sequence[tuple[str, Path]], sources: Iterable[Path]) -> None:
    """``targets``: (option, file to be written). Raises BadInput where one is a folder or cannot be made, is one of the
    ``sources`` by whatever name, or is written by two."""
    read = [(path, found) for path in sources if (found := _stat(path)) is not None]
    seen: list[tuple[str, Path]] = []
    for option, path in targets:
        found = _stat(path)
        _check_place(option, path, found)
        if any(_is_same(path, found, source, known) for source, known in read):
            raise BadInput(
                option, str(path), _("This file is read by the same command: it would be lost."),
                _("Name another file to write to."),
            )  # fmt: skip
        for other, known in seen:
            if _is_same(path, found, known, _stat(known)) and not _is_nowhere(found):
                raise BadInput(
                    option, str(path), _("%(option)s writes to the same file.") % {"option": other},
                    _("Name another file to write to."),
                )  # fmt: skip
        seen.append((option, path))


def numbered(path: Path, number: int) -> Path:
    """Where the table of this number goes: ``clean-2.csv`` beside ``clean.csv``, one after another into a stream."""
    return path if number == 1 or is_stream(path) else path.with_stem(f"{path.stem}-{number}")


def is_stream(path: Path) -> bool:
    """A device, a pipe, or what standard output is led to: it is written to and never replaced."""
    found = _stat(path)
    return found is not None and not stat.S_ISDIR(found.st_mode) and (
        not stat.S_ISREG(found.st_mode) or _own_stream(found) is not None
    )  # fmt: skip


def is_standard_output(path: Path) -> bool:
    found = _stat(path)
    return found is not None and not _is_nowhere(found) and _own_stream(found) == 1


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let ``write`` fill the file: there is a whole one or none. Of a link the file that it leads to is written.
    Raises BadInput."""
    try:
        if is_stream(path):
            _stream(path, write)
        else:
            _replace(Path(os.path.realpath(path)), write)
    except OSError as error:
        raise BadInput("file", str(path), _("The file cannot be written."), error.strerror or str(error)) from error


def _stream(path: Path, write: Callable[[BinaryIO], object]) -> None:
    found = _stat(path)
    own = _own_stream(found) if found is not None else None
    if own is not None:
        # opened anew it would be written from its beginning, over what we said before
        for one in (sys.stdout, sys.stderr):
            with suppress(AttributeError, ValueError):
                one.flush()
    with open(path if own is None else os.dup(own), "wb") as file:
        write(file)


def _replace(path: Path, write: Callable[[BinaryIO], object]) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with open(handle, "wb") as file:
            write(file)
        os.chmod(name, 0o600)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _check_place(option: str, path: Path, found: os.stat_result | None) -> None:
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise BadInput(option, str(path), _("This is a folder."), _("Name a file to write to."))
    if found is not None and not stat.S_ISREG(found.st_mode):
        return
    folder = Path(os.path.realpath(path)).parent
    number = 0 if folder.is_dir() else errno.ENOENT
    if not number and not os.access(folder, os.W_OK | os.X_OK):
        number = errno.EACCES
    if number:
        raise BadInput(option, str(path), _("The file cannot be written."), os.strerror(number))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _is_same(one: Path, found: os.stat_result | None, other: Path, known: os.stat_result | None) -> bool:
    """Also through links; of files that are not there yet by where they would come to be."""
    if found is None or known is None:
        return found is known and os.path.realpath(one) == os.path.realpath(other)
    return os.path.samestat(found, known)


def _is_nowhere(found: os.stat_result | None) -> bool:
    return found is not None and os.path.samestat(found, os.stat(os.devnull))


def _own_stream(found: os.stat_result) -> int | None:
    for number in _OURS:
        with suppress(OSError):
            if os.path.samestat(os.fstat(number), found):
                return number
    return None
