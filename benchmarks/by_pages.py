"""``python -m benchmarks.by_pages``: an import as a person does it, over HTTP, with a web server and a Celery worker.

Somebody of Operations signs in, uploads a file of learning records, passes the steps, looks at the dry run, presses
Import and watches the page of the job. Everything is taken back. FILES: as ``benchmarks.imports`` writes them (made
for ``--csv`` and ``--xlsx`` rows where none are named). Keeps its database under ``--var``.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import re
import tempfile
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.scratch import empty_ledgers, load_company, open_scratch

NAME, PASSWORD = "bench-operations", "training-counts"
#: seconds between two looks at the page of the job, as its own script does it
PAUSE = 1
MOST_SECONDS = 1800


class Person:
    """A browser with one session; ``at`` is the address that it shows, ``page`` its text."""

    def __init__(self, home: str) -> None:
        self.home, self.at, self.page = home, home, ""
        self._jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar)).open

    def see(self, path: str) -> None:
        self._take(urllib.request.Request(urllib.parse.urljoin(self.at, path)))

    def send(self, path: str, fields: dict[str, str], file: Path | None = None) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        given = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        kind, body = _form(given, file)
        headers = {"Content-Type": kind, "Referer": self.at}
        self._take(urllib.request.Request(urllib.parse.urljoin(self.at, path), data=body, headers=headers))

    def _take(self, request: urllib.request.Request) -> None:
        with self._open(request, timeout=MOST_SECONDS) as answer:
            self.at, self.page = answer.geturl(), answer.read().decode()


def _form(fields: dict[str, str], file: Path | None) -> tuple[str, bytes]:
    if file is None:
        return "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'.encode()
    return f"multipart/form-data; boundary={mark}", b"".join(
        [*parts, head, file.read_bytes(), f"\r\n--{mark}--".encode()]
    )


def _account() -> None:
    from django.contrib.auth.models import Group

    from people import rules
    from people.models import User

    user, is_new = User.objects.get_or_create(username=NAME)
    if is_new:
        user.set_password(PASSWORD)
        user.save()
    user.groups.add(Group.objects.get_or_create(name=rules.OPERATIONS)[0])


def _walk(person: Person, file: Path, pids: Sequence[int]) -> dict[str, Any]:
    """From the form of the upload to a finished job; CPU is that of ``pids``."""
    from django.urls import reverse

    from migration.models import ImportJob

    person.see(reverse("migration:upload"))
    marks = [("upload", time.perf_counter(), _cpu(pids))]
    person.send(person.at, {"kind": "", "mapping": ""}, file)
    if "/check/" not in person.at:
        raise AssertionError(f"something is to be decided first: {person.at}")
    marks.append(("dry run", time.perf_counter(), _cpu(pids)))
    person.send("dry-run/", {})
    start = re.search(r'action="([^"]+/import/)"', person.page)
    assert start, "the dry run offers no import"
    marks.append(("import", time.perf_counter(), _cpu(pids)))
    person.send(start[1], {})
    job = ImportJob.objects.get(pk=int(person.at.rstrip("/").rpartition("/")[2]))
    while job.is_open:
        if time.perf_counter() - marks[-1][1] > MOST_SECONDS:
            raise AssertionError(f"not done after {MOST_SECONDS} s")
        time.sleep(PAUSE)
        person.see(person.at)
        job.refresh_from_db()
    person.see(person.at)
    assert job.status == ImportJob.Status.DONE, (job.status, job.message)
    batch = job.tables.get().batch
    assert batch, "the job has written nothing"
    took = (job.finished_at - job.created_at).total_seconds()
    marks.append(("", 0, _cpu(pids)))
    seconds = {name: round(after - at, 1) for (name, at, _cpu), (_next, after, _more) in pairwise(marks)}
    cpu = {name: round(after - spent, 1) for (name, _at, spent), (_next, _later, after) in pairwise(marks)}
    before = marks[-2][1] - marks[0][1]
    return {
        "rows": batch.created,
        "seconds": seconds | {"import": round(took, 1)},
        "cpu_seconds": cpu,
        "rows_per_second": round(batch.created / took),
        "rows_per_second_from_upload": round(batch.created / (before + took)),
    }


def _family(pid: int) -> list[int]:
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _peak(pid: int) -> int:
    """The most that the process or one of its children ever held, in MB."""
    sizes = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{one}/status").read_text()) for one in _family(pid)]
    return max(int(size[1]) for size in sizes if size) // 1024


def _cpu(pids: Sequence[int]) -> float:
    """Seconds of these processes and their children, those that have ended too."""
    ticks = 0
    for pid in pids:
        for place, one in enumerate(_family(pid)):
            with suppress(OSError):
                fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
                ticks += sum(map(int, fields[11 : 15 if place == 0 else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--csv", type=int, default=1_000_000)
    parser.add_argument("--xlsx", type=int, default=200_000)
    parser.add_argument("--employees", type=int, default=20_000)
    parser.add_argument("--var", type=Path, default=Path("var/bench"))
    options = parser.parse_args()
    postmaster, is_new = open_scratch(options.var, keep=True)
    assert postmaster, "the database must be ours"
    from django.db import connection

    from benchmarks import imports
    from benchmarks.__main__ import points_year
    from hrsuite.demo import serve
    from hrsuite.lib.supervisor import Supervisor
    from migration.models import ImportJob, Upload

    if is_new:
        load_company(employees=options.employees, records=1, year=points_year())
    imports.prepare()
    _account()
    with tempfile.TemporaryDirectory() as home:
        files = options.files
        if not files:
            files = [Path(home, "records.csv"), Path(home, "records.xlsx")]
            imports.write_csv(files[0], options.csv, "csv")
            imports.write_xlsx(files[1], options.xlsx, "xlsx")
        for file in files:
            port = serve.free_port_after(18_000)
            env = {**os.environ, "SITE_URL": f"http://{serve.HOST}:{port}", "PYTHONUNBUFFERED": "1"}
            with Supervisor(options.var / "logs", env) as supervisor:
                serve.start_worker(supervisor, options.var / "run")
                serve.serve(supervisor, port)
                person = Person(f"http://{serve.HOST}:{port}")
                person.see("/")
                person.send(person.at, {"username": NAME, "password": PASSWORD})
                try:
                    worker, web = (supervisor.children[name].pid for name in ("worker", "web"))
                    found = _walk(person, file, [worker, web, postmaster])
                    found |= {"worker_mb": _peak(worker), "web_mb": _peak(web)}
                    print(file.name, json.dumps(found))
                finally:
                    connection.close()
            ImportJob.objects.all().delete()
            Upload.objects.all().delete()
            # the worker has booked points for the records
            empty_ledgers()
            imports._take_back()


if __name__ == "__main__":
    main()
