#!/usr/bin/env python
"""Django's command line for HR Suite."""

import os
import sys
from pathlib import Path

from hrsuite.lib.embedded import provide_servers

#: commands that need no database
WITHOUT_SERVERS = {"help", "--help", "--version", "collectstatic", "makemessages", "messages", "startapp"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrsuite.settings")
    home = Path(os.environ.get("HRSUITE_VAR", Path(__file__).resolve().parent / "var"))
    if sys.argv[1:2] in (["demo"], ["messages"], ["makemessages"]):
        # local by nature, whatever servers there are
        os.environ.setdefault("HRSUITE_LOCAL", "1")
    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS:
        provide_servers(home)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
