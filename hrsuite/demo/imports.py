"""The old files go through the product's own import; bad rows are reported and kept out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hrsuite.lib.errors import RowProblem
from migration.services import Mapping, import_file
from people.models import User

#: kind -> what the file says about itself nowhere
MAPPINGS = {
    "records": Mapping(constants={"source": "old-lms"}),
    "scores": Mapping(constants={"source": "exam-room"}),
}
SHOWN = 3


def bring_in(path: Path, kind: str, *, actor: User | None, say: Callable[[str], None]) -> None:
    report = import_file(
        name=path.name, data=path.read_bytes(), kind=kind, actor=actor, mapping=MAPPINGS.get(kind), skip_bad=True
    )
    if report.status != "imported":
        raise RuntimeError(f"{path.name} was refused: {_line(report.problems[0]) if report.problems else ''}")
    say(f"  {path.name}: {report.created:,} new, {report.refused} refused")
    for problem in report.problems[:SHOWN]:
        say(f"    {_line(problem)}")
    if len(report.problems) > SHOWN:
        say(f"    … {len(report.problems) - SHOWN} more")


def _line(problem: RowProblem) -> str:
    return f"row {problem.row}, {problem.column}, {problem.value!r}: {problem.message} {problem.mend}"
