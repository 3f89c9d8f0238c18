"""Uploaded files come back beside those that are there, and change places with them only around the database's turn.

Meanwhile folders of these names stand among the uploaded files, so that changing places is renaming, which needs no
room. Each name says how far a restore is, for the next one where this one is killed.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hrsuite.backups.archive import BackupError

#: those of the backup
NEW = ".restore-new"
#: those that were there: while they go aside or come back; once all are aside; once they are not needed any more
ASIDE, OLD, DONE = ".restore-aside", ".restore-old", ".restore-done"


def is_own(path: Path, root: Path) -> bool:
    """Whether a path below ``root`` belongs to a restore, and not to the uploaded files."""
    return path.relative_to(root).parts[0] in (NEW, ASIDE, OLD, DONE)


@contextmanager
def exchanged(source: IO[bytes], root: Path) -> Iterator[None]:
    """The files of a tar stand in ``root`` within the block, and stay where it ends well; else everything is as it was.

    Raises BackupError, before the block, where they cannot be written. Files that the backup does not have stay.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        _recover(root)
        (root / NEW).mkdir(mode=0o700)
        with tarfile.open(fileobj=source) as archive:
            # refuses absolute names, links and whatever leaves the folder
            archive.extractall(root / NEW, filter="data")
        _put_aside(root)
    except (OSError, tarfile.TarError) as error:
        _recover(root)
        raise BackupError(
            f"The uploaded files cannot be written to {root}: {error}. Neither they nor the database have changed."
        ) from error
    try:
        yield
    except BaseException:
        _recover(root)
        raise
    try:
        (root / OLD).rename(root / DONE)
        _finish(root)
    except OSError as error:
        raise BackupError(
            f"Database and uploaded files are restored, but files from before are left in {root / DONE}: {error}. "
            "Mend this and delete the folder, or let the next restore do it."
        ) from error


def _put_aside(root: Path) -> None:
    """What is there goes aside, what comes takes its place."""
    (root / ASIDE).mkdir(mode=0o700)
    _move(root, root / ASIDE)
    (root / ASIDE).rename(root / OLD)
    _move(root / NEW, root)
    (root / NEW).rmdir()


def _recover(root: Path) -> None:
    """As it was before a restore that did not end, this one or an earlier one that was killed."""
    if (root / OLD).exists():
        for one in _entries(root):
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
        (root / OLD).rename(root / ASIDE)
    if (root / ASIDE).exists():
        _move(root / ASIDE, root)
        (root / ASIDE).rmdir()
    if (root / NEW).exists():
        shutil.rmtree(root / NEW)
    _finish(root)


def _finish(root: Path) -> None:
    """What the backup does not have stays, the rest of what was there goes."""
    done = root / DONE
    for one in sorted(done.rglob("*")) if done.exists() else ():
        place = root / one.relative_to(done)
        if not one.is_dir() and not place.exists() and all(p.is_dir() for p in place.parents if p.exists()):
            place.parent.mkdir(parents=True, exist_ok=True)
            one.rename(place)
    if done.exists():
        shutil.rmtree(done)


def _move(source: Path, target: Path) -> None:
    for one in _entries(source):
        one.rename(target / one.name)


def _entries(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if not is_own(one, folder)]
