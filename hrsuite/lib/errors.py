"""Errors that a person can mend: where, what, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class BadInput(Exception):
    """Refused input. Nothing has been changed when this is raised.

    ``field`` is the name of the column or form field, ``value`` what was given, ``message`` what is wrong
    and ``mend`` what to do about it; the last two are translated sentences.
    """

    field: str
    value: Any
    message: str
    mend: str = ""

    def __str__(self) -> str:
        shown = "" if self.value in (None, "") else f" ({self.value!s})"
        return f"{self.field}{shown}: {self.message} {self.mend}".strip()


@dataclass(frozen=True)
class RowProblem:
    """A row of a table that cannot be taken: where (``row`` as in the file, ``column``), what, and the mend."""

    row: int
    column: str
    value: Any
    message: str
    mend: str = ""

    @property
    def sheet(self) -> str:
        """The sheet of the row, where the table has several."""
        return getattr(self.row, "sheet", "")

    def __str__(self) -> str:
        return f"row {self.row}, {self.column} {self.value!r}: {self.message} {self.mend}".strip()


class BadRows(Exception):
    """Some rows are refused, and because of them nothing was written. ``problems`` is never empty."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(f"{len(problems)} problem(s): {problems[0]}")
        self.problems = problems


@dataclass(frozen=True)
class Outcome:
    """What a bulk write did, in rows. Those ``kept`` wait for a person's decision."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    #: of the unchanged: rows that say again what held before their person moved on
    overtaken: int = 0
    #: sentences for whoever wrote
    notes: tuple[str, ...] = ()
    #: numbers of the rows that wrote something, where the service tells
    written: frozenset[int] = field(default=frozenset(), compare=False)
