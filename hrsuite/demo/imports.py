"""The old files go through the product's own import; bad rows are reported and kept out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hrsuite.demo.words import Words
from migration.services import import_file
from people.models import User

SHOWN = 3


def bring_in(path: Path, kind: str, *, words: Words, actor: User | None, say: Callable[[str], None]) -> None:
    """Without a mapping, as anybody would: the same file imported again by hand finds everything there."""
    report = import_file(name=path.name, data=path.read_bytes(), kind=kind, actor=actor, skip_bad=True)
    if report.status != "imported":
        raise RuntimeError(f"{path.name} was refused: {report.problems[0] if report.problems else ''}")
    new, refused = words("new", "条新增"), words("refused", "条拒绝")
    say(f"  {path.name}: {report.created:,} {new}, {report.refused} {refused}")
    for problem in report.problems[:SHOWN]:
        row = words(f"row {problem.row}", f"第{problem.row}行")
        say(f"    {row}, {problem.column}, {problem.value!r}: {problem.message} {problem.mend}")
    if len(report.problems) > SHOWN:
        more = len(report.problems) - SHOWN
        say(words(f"    … {more} more", f"    ……另有{more}条"))
