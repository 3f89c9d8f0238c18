"""Files that commands are given, protected ones opened."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.services.reading import check_size
from migration.services.unlocking import is_locked, unlock


def add_password_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="its first line opens protected workbooks and zips; without it you are asked for their passwords",
    )


def bytes_of(path: Path, most: int = -2) -> bytes:
    """The content; where it has more than ``most`` bytes one more than these, so that it shows. Raises BadInput."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise BadInput("file", str(path), _("There is no such file."), _("Look at its name and folder.")) from error
    except IsADirectoryError as error:
        raise BadInput("file", str(path), _("This is a folder."), _("Name the files in it.")) from error
    except PermissionError as error:
        message = _("The file may not be read by who runs the command.")
        raise BadInput("file", str(path), message, _("Change its permissions, or copy it.")) from error
    except OSError as error:
        raise BadInput("file", path.name, _("The file cannot be read."), error.strerror or str(error)) from error


def content_of(path: Path, password_file: str | None) -> bytes:
    """The content; of a protected file without its password. Raises BadInput."""
    data = bytes_of(path, settings.UPLOAD_MAX_BYTES)
    check_size(path.name, len(data))
    if not is_locked(data):
        return data
    if password_file:
        password = _first_line(Path(password_file))
    elif sys.stdin is not None and sys.stdin.isatty():
        password = getpass(_("Password of %(name)s: ") % {"name": path.name})
    else:
        raise BadInput(
            "file", path.name, _("The file is protected with a password."),
            _("Give it with --password-file, or remove it and save the file again."),
        )  # fmt: skip
    return unlock(name=path.name, data=data, password=password)


def _first_line(path: Path) -> str:
    """Raises BadInput where it is no text."""
    try:
        return bytes_of(path).decode("utf-8-sig").split("\n")[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise BadInput("--password-file", path.name, _("This is no UTF-8 text."), _("Save it as UTF-8.")) from error
