"""Run a few programs side by side and leave none of them behind.

Each child leads its own session, so Ctrl-C in the terminal reaches only this process, which then ends the children in
order. A child whose parent dies without a word (SIGKILL) is told by the kernel.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1
# loaded here: between fork and exec a child must not load anything
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildDied(RuntimeError):
    """A program that was to go on has ended; the message names it and shows the end of its log."""


class Stopped(BaseException):
    """Somebody asked this process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass
class Supervisor:
    """Children by name; ``with`` ends them all, whatever happened."""

    logs: Path
    env: Mapping[str, str]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _former: dict[int, object] = field(default_factory=dict)

    def __enter__(self) -> Supervisor:
        self.logs.mkdir(parents=True, exist_ok=True)
        self._former = {number: signal.signal(number, _raise_stopped) for number in SIGNALS}
        return self

    def __exit__(self, *_exc: object) -> None:
        for number in SIGNALS:
            # a second Ctrl-C must not leave the work half done
            signal.signal(number, signal.SIG_IGN)
        try:
            self.stop()
        finally:
            for former, handler in self._former.items():
                signal.signal(former, handler)  # type: ignore[arg-type]

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start ``command``; what it prints goes to ``<logs>/<name>.log``."""
        with (self.logs / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands only
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, safe beside threads
            )

    def check(self) -> None:
        """Raises ChildDied where one has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise ChildDied(f"{name} ended with status {child.returncode}.\n{self.log_end(name)}")

    def log_end(self, name: str, lines: int = 15) -> str:
        path = self.logs / f"{name}.log"
        text = path.read_text(errors="replace").splitlines()[-lines:] if path.exists() else []
        return "\n".join([f"The end of {path}:", *(f"  {line}" for line in text)])

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str, pause: float = 0.1) -> None:
        """Raises ChildDied when a child ends first, TimeoutError after ``seconds``."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} was not ready after {seconds:.0f} seconds.")
            time.sleep(pause)

    def watch(self) -> None:
        """Return never: raises ChildDied when a child ends, Stopped when somebody asks."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """End all children and what they started: politely first, then by force."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self.children.clear()


def _raise_stopped(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def _die_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
