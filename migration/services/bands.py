"""Bands of levels as files write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, RowProblem
from people.models import Band

Rows = Sequence[tuple[int, dict[str, Any]]]
#: words that files use for bands
BANDS = {
    "员工": "staff", "基层": "staff", "employee": "staff", "主管": "supervisor", "基层管理": "supervisor",
    "中层": "middle", "中层管理": "middle", "middle manager": "middle", "manager": "middle", "高层": "senior",
    "高层管理": "senior", "senior manager": "senior", "executive": "senior",
}  # fmt: skip


def bands_of(rows: Rows) -> dict[int, str]:
    """Row -> the band that it says, empty where it says none. Raises BadRows with every row whose band is none."""
    words = {str(value): str(value) for value in Band.values}
    words |= {str(label).casefold(): str(value) for value, label in Band.choices} | BANDS
    found: dict[int, str] = {}
    problems = []
    for number, values in rows:
        said = values.get("band", "")
        found[number] = words.get(said.strip().casefold(), "")
        if said and not found[number]:
            mend = _("Use one of: %s.") % ", ".join(Band.values)
            problems.append(RowProblem(number, "band", said, _("There is no such band."), mend))
    if problems:
        raise BadRows(problems)
    return found


def bands_of_levels(rows: Rows, bands: dict[int, str]) -> dict[str, str]:
    """Level -> band, as the first row of each says."""
    found: dict[str, str] = {}
    for number, values in rows:
        if band := bands[number]:
            found.setdefault(values.get("level", band), band)
    return found
