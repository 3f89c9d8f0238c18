"""Cells of a line whose quotation marks do not fit: marks inside are letters."""

from __future__ import annotations

import re


def literally(line: str, separator: str) -> list[str]:
    """Cells that end where a separator follows a mark, whatever marks stand inside."""
    sign = re.escape(separator)
    quoted = re.compile(rf'(?:(?!{sign})\s)*"(.*?)"\s*?(?:{sign}|$)')
    # beyond it no mark ends a cell: nobody looks for one from each cell to the end of the line
    last = max((match.start() for match in re.finditer(rf'"\s*?(?:{sign}|$)', line)), default=-1)
    cells: list[str] = []
    at = 0
    while at >= 0:
        if at < last and (found := quoted.match(line, at)):
            cell, end = found[1], found.end()
            at = end if line[end - 1] == separator else -1
        else:
            end = line.find(separator, at)
            cell = line[at:] if end < 0 else line[at:end]
            cell = cell.strip().strip('"') if cell.count('"') == 1 else cell
            at = end + 1 if end >= 0 else -1
        cells.append(cell.replace('\\"', '"').replace('""', '"'))
    return cells
