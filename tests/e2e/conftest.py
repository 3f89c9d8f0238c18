"""The real thing: `manage.py demo` with its own servers, worker, beat and web server, and a Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hrsuite.demo import serve
from hrsuite.demo.accounts import PASSWORD

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 240


@dataclass
class Site:
    """A served case company."""

    url: str
    home: Path
    printed: str
    process: subprocess.Popen[str]

    @property
    def env(self) -> dict[str, str]:
        return environment(self.home)


def environment(home: Path) -> dict[str, str]:
    """As on a fresh machine: no addresses of servers."""
    ours = {"DATABASE_URL", "REDIS_URL", "HRSUITE_LOCAL", "LANGUAGE", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    return env | {"HRSUITE_VAR": str(home)}


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Started once for all tests here; afterwards nothing of it may be left running."""
    with tempfile.TemporaryDirectory(prefix="hrsuite e2e ", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        port = serve.free_port_after(20_000 + os.getpid() % 20_000)
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            printed = _read_until_served(process)
            yield Site(f"http://{serve.HOST}:{port}", home, printed, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            _no_process_left(home)


def _read_until_served(process: subprocess.Popen[str]) -> str:
    printed = ""
    deadline = time.monotonic() + START_SECONDS
    assert process.stdout
    for line in process.stdout:
        printed += line
        if line.startswith("Serving on"):
            return printed
        assert time.monotonic() < deadline, printed
    raise AssertionError(f"the demo ended before it was served:\n{printed}")


def _no_process_left(home: Path) -> None:
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    left = [line for line in found.splitlines() if str(home) in line]
    assert not left, left


@pytest.fixture(scope="session")
def browser():
    executable = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(BROWSERS)}); .ci/run installs one")
    sync_api = pytest.importorskip("playwright.sync_api")
    # Playwright's loop would make Django refuse queries in this thread
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, site: Site):
    """``visit("hr", width=360)``: a page signed in as that role; its ``complaints`` are the console's."""
    contexts = []

    def open_page(username: str, *, width: int = 1280):
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{site.url}/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{site.url}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
