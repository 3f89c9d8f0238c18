"""What the cleaning made of an upload, kept for the next page: one that shows the same need not clean again."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from hrsuite.lib.errors import BadInput
from migration import rules
from migration.cleaning import Change, Cleaned, Doubt, Dropped
from migration.cleaning.work import Column
from migration.models import UploadClean, UploadTable
from migration.services.choices import Choices
from migration.services.cleansing import CleanTable
from migration.services.packing import cell_of, packed_cell, packed_say, say_of
from migration.services.sealing import seal_json, unseal_json
from people.selectors import today

logger = logging.getLogger(__name__)

#: what cleans: another version of it cleans anew
_CODE = Path(__file__).resolve().parents[1]
#: decisions that the cleaning does not look at
_OF_THE_IMPORT = frozenset({"constants", "new", "bands", "template", "is_mapped"})
#: a table, what was decided about it, and the words that are known for its fields
Said = tuple[UploadTable, Choices, dict[str, dict[str, str]]]


@dataclass
class Looked:
    """What pages and the import need of a clean table. ``raw``: cells as they came, by row; ``total``: how many rows
    there are where only the first ``read`` were looked at; ``passed_over``: rows that the mapping leaves out;
    ``sheets``: those that are read as this one table."""

    headings: list[str]
    heading_row: int
    cleaned: Cleaned
    raw: dict[int, list[Any]]
    read: int
    total: int
    passed_over: int
    sheets: tuple[str, ...] = ()

    @classmethod
    def at(cls, table: CleanTable) -> Looked:
        layout, source = table.layout, table.source
        heading_row = layout.start + layout.heading_rows - 1
        # titles and headings are no rows of the table
        above = sum(number <= heading_row for number, _cells in source.rows)
        return cls(
            layout.headings, heading_row, table.cleaned, table.raw, len(source.rows) - above,
            max(0, source.total - above), max(0, len(table.raw) - len(table.work.numbers)),
            source.sheets,
        )  # fmt: skip

    @property
    def doubts(self) -> list[Doubt]:
        return self.cleaned.doubts


def kept_or_new(said: Sequence[Said], clean: Callable[[], list[CleanTable]]) -> list[Looked]:
    """The clean tables of an upload: as they were kept, if nothing that they follow from has changed since."""
    if not said:
        return []
    upload, key = said[0][0].file.upload_id, _key(said)
    if kept := UploadClean.objects.filter(upload=upload, key=key).first():
        try:
            return [_looked(one) for one in unseal_json(kept.sealed)]
        except BadInput:
            logger.warning("what was kept of upload %s cannot be opened", upload)
    found = [Looked.at(table) for table in clean()]
    _keep(upload, key, found)
    return found


def _keep(upload: int, key: str, found: list[Looked]) -> None:
    sealed = seal_json([_json(one) for one in found])
    try:
        with transaction.atomic():
            UploadClean.objects.update_or_create(upload_id=upload, defaults={"key": key, "sealed": sealed})
    except DatabaseError:
        # a full disk, or an upload that is deleted meanwhile: the page is shown all the same
        logger.warning("what became of upload %s could not be kept", upload, exc_info=True)


def _key(said: Sequence[Said]) -> str:
    """Of files, decisions and words, the day and the program."""
    parts = []
    for table, choices, terms in said:
        decided = {name: value for name, value in asdict(choices).items() if name not in _OF_THE_IMPORT}
        answers = [[one.rule, one.column, one.value, one.answer] for one in choices.answers]
        place = [table.file.sha256, table.member, table.position, table.kind, table.is_further]
        parts.append([place, decided | {"answers": answers}, terms])
    return hashlib.sha256(json.dumps([_version(), today().isoformat(), parts]).encode()).hexdigest()


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(_CODE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


# --- as JSON and back -------------------------------------------------------------------------------------------------
def _json(one: Looked) -> dict[str, Any]:
    cleaned = one.cleaned
    return {
        "headings": one.headings, "heading_row": one.heading_row, "read": one.read, "total": one.total,
        "passed_over": one.passed_over, "rows_before": cleaned.total, "sheets": list(one.sheets),
        "rows": [[number, list(cells)] for number, cells in cleaned.rows],
        "raw": [[row, [packed_cell(cell) for cell in cells]] for row, cells in one.raw.items()],
        "columns": [[column.name, column.type, column.meaning, column.field] for column in cleaned.columns],
        "changes": [[each.rule, each.column, each.before, each.after, list(each.rows)] for each in cleaned.changes],
        "doubts": [
            [each.row, each.column, each.value, each.candidates, packed_say(each.reason), each.rule]
            for each in cleaned.doubts
        ],
        "dropped": [[each.row, each.rule, packed_say(each.reason)] for each in cleaned.dropped],
        "notes": [packed_say(each) for each in cleaned.notes],
    }  # fmt: skip


def _looked(said: dict[str, Any]) -> Looked:
    as_row = partial(rules.as_row, sheets=said["sheets"])
    cleaned = Cleaned(
        columns=[Column(name, [], type_, meaning, field=field) for name, type_, meaning, field in said["columns"]],
        rows=[(as_row(number), cells) for number, cells in said["rows"]],
        changes=[
            Change(rule, column, before, after, list(map(as_row, rows)))
            for rule, column, before, after, rows in said["changes"]
        ],
        doubts=[
            Doubt(as_row(row), column, value, tuple(candidates), say_of(reason), rule)
            for row, column, value, candidates, reason, rule in said["doubts"]
        ],
        dropped=[Dropped(as_row(row), rule, say_of(reason)) for row, rule, reason in said["dropped"]],
        notes=[say_of(one) for one in said["notes"]],
        total=said["rows_before"],
    )
    raw = {as_row(row): [cell_of(cell) for cell in cells] for row, cells in said["raw"]}
    return Looked(
        said["headings"], said["heading_row"], cleaned, raw, said["read"], said["total"], said["passed_over"],
        tuple(said["sheets"]),
    )  # fmt: skip
