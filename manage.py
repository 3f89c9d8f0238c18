#!/usr/bin/env python
"""Django's command line for HR Suite."""

import os
import sys
from pathlib import Path

from hrsuite.lib.embedded import EmbeddedError, provide_servers

#: commands that need no database
WITHOUT_SERVERS = {"help", "--help", "--version", "collectstatic", "makemessages", "messages", "startapp"}


def _only_cleans(arguments: list[str]) -> bool:
    """Inventory and cleaning read files and write files; no database takes part."""
    cleans = any(one.split("=")[0] in ("--out", "--doubts") for one in arguments)
    return arguments[:1] == ["inspect_file"] or (arguments[:1] == ["import_file"] and cleans)


def _complain(words: object) -> int:
    """Nothing can be done without servers and tables: 1 would mean that some of it could not."""
    sys.stderr.write(f"{words}\n")
    return 2


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrsuite.settings")
    home = Path(os.environ.get("HRSUITE_VAR", Path(__file__).resolve().parent / "var"))
    asks = bool({"-h", "--help"} & set(sys.argv[1:]))
    if asks or sys.argv[1:2] in (["demo"], ["messages"], ["makemessages"]) or _only_cleans(sys.argv[1:]):
        # local by nature, whatever servers there are
        os.environ.setdefault("HRSUITE_LOCAL", "1")
    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS and not asks and not _only_cleans(sys.argv[1:]):
        try:
            provide_servers(home)
        except EmbeddedError as error:
            sys.exit(_complain(error))

    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    from hrsuite.lib.pending import says_to_migrate

    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:
        # whoever read what is written has enough, as head; the status is that of a program that such a signal ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except DatabaseError:
        if sys.argv[1:2] == ["migrate"] or not (words := says_to_migrate()):
            raise
        sys.exit(_complain(words))
