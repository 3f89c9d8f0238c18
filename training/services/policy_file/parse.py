"""What a policy file says, as one document of plain values; references are still codes and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hrsuite.lib.errors import BadRows, RowProblem
from training.services.policy_file.checks import check_document
from training.services.policy_file.reader import Reader, read

Document = dict[str, Any]


@dataclass(frozen=True)
class At:
    """A place in the file; ``refuse`` notes a problem at one of its fields."""

    reader: Reader
    path: str

    def refuse(self, name: str, value: Any, message: str, mend: str = "") -> None:
        path = f"{self.path}.{name}" if self.path and name else (name or self.path)
        self.reader.refuse(path, value, message, mend)

    def __contains__(self, name: str) -> bool:
        return f"{self.path}.{name}" in self.reader.lines

    def below(self, name: str) -> At:
        return At(self.reader, f"{self.path}.{name}" if self.path else name)


@dataclass
class PolicyFile:
    """A parsed file. ``problems`` grows while it is applied. Items at paths of ``skipped`` are left alone."""

    document: Document
    reader: Reader
    skipped: frozenset[str] = frozenset()

    @property
    def at(self) -> At:
        return At(self.reader, "policy")

    @property
    def problems(self) -> list[RowProblem]:
        return self.reader.problems

    def items(self, section: str) -> Iterator[tuple[Document, At]]:
        """The items of a list with their places."""
        for number, item in enumerate(self.document.get(section, ())):
            if f"{section}[{number}]" not in self.skipped:
                yield item, At(self.reader, f"{section}[{number}]")


def shift_years(text: str, by: int) -> str:
    """The file with every year (1990 to 2099) moved by so many years: dates, names and comments alike."""
    return re.sub(r"(?<!\d)(?:19[9]\d|20\d\d)(?!\d)", lambda match: str(int(match[0]) + by), text)


def parse(text: str) -> PolicyFile:
    """Read a policy file. BadRows lists every problem with its line (``row``) and path (``column``)."""
    reader = Reader([])
    document = read(text, reader)
    check_document(document, reader)
    if reader.problems:
        raise BadRows(sorted(reader.problems, key=lambda problem: problem.row))
    return PolicyFile(document, reader)
