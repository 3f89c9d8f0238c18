"""The refused rows of a file as a workbook that can be mended and sent again alone."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.lib.export import write_xlsx
from hrsuite.lib.targets import write_whole
from migration.models import ImportBatch, ImportJobTable
from migration.rules import sheet_of, source_row
from migration.services.mapping import Mapping as FileMapping
from migration.services.sealing import seal_json, unseal_json

#: of one batch, as with its problems
MOST_KEPT = 20_000


def rows_as_json(
    headings: Sequence[str], raw: Mapping[int, Sequence[Any]], problems: Iterable[RowProblem], mapping: FileMapping
) -> dict[str, Any]:
    """The refused rows as they came, with what a mapping says of where they stand."""
    numbers = sorted({one.row for one in problems if one.row in raw})[:MOST_KEPT]
    if not numbers:
        return {}
    return {
        "headings": [one.replace("\x00", "") for one in headings],
        "rows": [[source_row(number), *map(_packed, raw[number])] for number in numbers],
        # of each row, where the table has several
        "sheets": [sheet_of(number) for number in numbers],
        "heading_row": mapping.heading_row,
        "sheet": mapping.sheet,
    }


def keep_rows(holder: ImportBatch | ImportJobTable, rows: Mapping[str, Any]) -> None:
    """Seal the rows for ``holder``, which the caller saves."""
    if rows:
        holder.refused_sealed = seal_json(rows)
        holder.refused_until = timezone.now() + dt.timedelta(days=settings.REFUSED_KEEP_DAYS)


def kept_rows(holder: ImportBatch | ImportJobTable) -> dict[str, Any]:
    """The rows of ``holder``. Raises BadInput once they are deleted."""
    if holder.had_refused_rows:
        raise BadInput(
            "file", str(holder), _("The refused rows were deleted on %(day)s.")
            % {"day": date_format(timezone.localtime(holder.refused_until))},
            _("Import the file again to get them anew."),
        )  # fmt: skip
    try:
        found: dict[str, Any] = unseal_json(holder.refused_sealed)
    except BadInput as error:
        raise BadInput(
            "file",
            str(holder),
            _("The refused rows cannot be opened with the key of this server."),
            _("Import the file again to get them anew."),
        ) from error
    return found


def sweep_refused() -> int:
    """Delete the rows whose time is over, and what stood in their cells; answers of how many files."""
    count = 0
    for model in (ImportBatch, ImportJobTable):
        due = model.objects.filter(refused_until__lte=timezone.now()).exclude(refused_sealed=b"")
        with transaction.atomic():
            for one in due.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
                one.refused_sealed = b""
                one.problems = [problem | {"value": ""} for problem in one.problems]
                one.save(update_fields=["refused_sealed", "problems"])
                count += 1
    return count


def _packed(cell: Any) -> Any:
    match cell:
        case dt.datetime():
            return {"datetime": cell.isoformat()}
        case dt.date():
            return {"date": cell.isoformat()}
        case dt.time():
            return {"time": cell.isoformat()}
        case dt.timedelta():
            return {"seconds": cell.total_seconds()}
        case float() if not math.isfinite(cell):
            # no JSON has it
            return str(cell)
        case None | bool() | int() | float():
            return cell
    return str(cell).replace("\x00", "")


def _unpacked(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    ((kind, value),) = cell.items()
    readers: dict[str, Any] = {
        "datetime": dt.datetime.fromisoformat, "date": dt.date.fromisoformat, "time": dt.time.fromisoformat,
        "seconds": lambda seconds: dt.timedelta(seconds=seconds),
    }  # fmt: skip
    return readers[kind](value)


def workbook_of(rows: Mapping[str, Any], problems: Iterable[Mapping[str, Any]]) -> tuple[list[list[Any]], str]:
    """Rows of a sheet, and its title: what the file said, then row number, reasons and mends in three more columns.

    Their headings are no field's, so that an import passes over them. The headings stand where the mapping of the
    file looks for them.
    """
    reasons: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for one in problems:
        of = one.get("sheet") or sheet_of(one["row"])
        reasons.setdefault((of, source_row(one["row"])), []).append(one)
    headings = rows.get("headings", [])
    sheet: list[list[Any]] = (
        [[_("Mend these rows and send this file again.")]] if rows.get("heading_row", 0) > 1 else []
    )
    sheet += [[] for _number in range(rows.get("heading_row", 0) - 1 - len(sheet))]
    sheet.append([*headings, *_own_headings()])
    kept = rows.get("rows", [])
    for (number, *cells), of in zip(kept, rows.get("sheets") or [""] * len(kept), strict=True):
        wrong = reasons.get((of, number), [])
        said = " ".join(dict.fromkeys(_reason(one) for one in wrong))
        mends = " ".join(dict.fromkeys(one["mend"] for one in wrong if one["mend"]))
        width = len(headings)
        line = [_unpacked(cell) for cell in cells[:width]]
        extra = [str(_unpacked(cell)) for cell in cells[width:] if cell not in (None, "")]
        if extra:
            # cells beyond the headings would shift these columns
            said += " " + _("Beyond the last column: %(cells)s.") % {"cells": ", ".join(extra)}
        sheet.append([*line, *[None] * (width - len(line)), number, said, mends])
    return sheet, rows.get("sheet") or _("Refused rows")


def _own_headings() -> list[str]:
    return [_("Refused: row"), _("Refused: reason"), _("Refused: mend")]


def added_headings() -> set[str]:
    """What workbooks of refused rows say beside the headings of the file, in every language."""
    found: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            # that of the report of a command stands first
            found |= {*_own_headings(), _("Reason")}
    return found


def _reason(one: Mapping[str, Any]) -> str:
    value = "" if one["value"] is None else str(one["value"])
    return f"{one['column']} “{value}”: {one['message']}" if value else f"{one['column']}: {one['message']}"


def write_refused(path: Path, rows: Mapping[str, Any], problems: Iterable[RowProblem]) -> None:
    """The workbook as a file. Raises BadInput where it cannot be written."""
    sheet, title = workbook_of(rows, [asdict(one) for one in problems])
    write_whole(path, lambda file: write_xlsx(sheet, file, title=title))
