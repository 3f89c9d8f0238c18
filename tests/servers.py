"""Pytest plugin: a throw-away PostgreSQL and Redis, up before Django reads its settings.

Loaded by ``-p tests.servers``. Workers of xdist inherit the addresses from the first process.
"""

import os
import tempfile
from pathlib import Path

from hrsuite.lib.embedded import EmbeddedServers

if not os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["HRSUITE_LOCAL"] = "1"
    _folder = tempfile.TemporaryDirectory(prefix="hrsuite-tests-")
    # root's servers run as somebody else, who keeps the data elsewhere for good where the folder is closed to them
    Path(_folder.name).chmod(0o755)
    os.environ["HRSUITE_VAR"] = _folder.name
    _servers = EmbeddedServers(Path(_folder.name) / "servers", durable=False)
    _servers.acquire()
    os.environ["DATABASE_URL"] = _servers.database_url
    os.environ["REDIS_URL"] = _servers.redis_url
    os.environ["HRSUITE_TEST_SERVERS"] = str(_servers.home)
