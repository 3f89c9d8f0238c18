"""What is being written has a name with a dot and is held meanwhile: what nobody holds was left by somebody killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: between the making of a thing and the hold on it
_YOUNG_SECONDS = 60


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Nobody sweeps ``path`` away meanwhile. The system lets go when this process ends, however it does."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # some network file systems know no locks
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path, pattern: str) -> list[Path]:
    """Delete what was left half-written; answers what is gone."""
    gone = []
    for path in folder.glob(pattern):
        with suppress(OSError):
            if path.stat().st_mtime > time.time() - _YOUNG_SECONDS or not _is_free(path):
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            gone.append(path)
    return gone


def _is_free(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
