"""The inventory of a file: its tables, their columns, and what they seem to be."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from migration.cleaning import Cleaned, Hints, Layout, clean, find_table
from migration.cleaning.placeholders import is_lost
from migration.cleaning.text import tidy
from migration.cleaning.work import Column
from migration.rules import row_json, text_of
from migration.services.fields import FIELDS
from migration.services.mapping import Mapping
from migration.services.matching import Seen, are_told, kind_of, suggest
from migration.services.packing import packed_say, say_of
from migration.services.saying import say
from migration.services.sources import Source, read_sources
from migration.services.tables import with_others
from people.selectors import today

EXAMPLES = 5
_SHOWN_NOTES = 10
_SHOWN_ROWS = 50


def inspect_file(*, name: str, data: bytes, encoding: str = "") -> dict[str, Any]:
    """What a file holds, as it could be printed as JSON. Raises BadInput for a file that cannot be used."""
    sources = with_others(read_sources(name=name, data=data, encoding=encoding), Mapping())
    return {"file": name, "size": len(data), "tables": [told(inventory_of(source)) for source in sources]}


def told(about: dict[str, Any]) -> dict[str, Any]:
    """An inventory with its sentences in the reader's language."""
    left_out = [one | {"reason": _told(one["reason"])} for one in about.get("rows_left_out", ())]
    return about | {"read": [_told(one) for one in about.get("read", ())], "rows_left_out": left_out}


def _told(sentence: list[Any] | str) -> str:
    # inventories of former versions have words
    return sentence if isinstance(sentence, str) else say(say_of(sentence))


def inventory_of(source: Source, heading_row: int = 0) -> dict[str, Any]:
    """What a table holds, for JSON; its sentences, under ``read`` and ``rows_left_out``, are for :func:`told`.
    ``heading_row``: where a person says that the headings are."""
    about: dict[str, Any] = {
        "file": source.file,
        "sheet": source.sheet,
        "table": source.table,
        "encoding": source.encoding,
        "separator": source.separator,
        "encodings": [{"encoding": one.codec, "words": one.words} for one in source.found.readings]
        if source.found
        else [],
        "read": [packed_say(one) for one in source.notes],
    }
    layout = find_table(source.rows, source.merged, heading_row)
    if layout is None:
        return about | {"rows": 0, "blank": True, "columns": []}
    cleaned = clean(layout, hints=Hints(from_1904=source.from_1904), today=today(), has_sheets=bool(source.sheets))
    seen = [
        Seen(one.name, one.type, one.meaning, are_told(cells[place] for _number, cells in cleaned.rows))
        for place, one in enumerate(cleaned.columns)
    ]
    kind = kind_of(seen)
    mapping = suggest(kind, seen) if kind else {}
    # titles and headings are no rows of the table
    above = sum(number < layout.start + layout.heading_rows for number, _cells in source.rows)
    return about | {
        "rows": source.total - above if source.total else cleaned.total,
        "sampled": len(source.rows) - above if source.total else 0,
        "blank": _is_form(cleaned),
        "start": layout.start,
        "heading_rows": layout.heading_rows,
        "first_column": layout.first_column + 1,
        "titles": layout.titles,
        "notes": [_line(cells) for _number, cells in layout.notes[:_SHOWN_NOTES]],
        "merged": len(source.merged),
        "tables_side_by_side": layout.tables,
        "not_read": [heading for one in layout.others for heading in one.headings],
        "kind": kind,
        "mapping": mapping,
        "columns": _columns(layout, cleaned, kind, mapping),
        "doubts": len(cleaned.doubts) + len(source.unsure),
        "changes": sum(len(one.rows) for one in cleaned.changes),
        "left_out": dict(Counter(one.rule for one in cleaned.dropped)),
        "rows_left_out": [
            {**row_json(one.row), "rule": one.rule, "reason": packed_say(one.reason)}
            for one in cleaned.dropped[:_SHOWN_ROWS]
        ],
    }


def _line(cells: list[Any]) -> str:
    return " ".join(filter(None, (tidy(text_of(cell)) for cell in cells)))


def _is_form(cleaned: Cleaned) -> bool:
    """A sheet to be filled by hand: headings and numbered lines."""
    return not cleaned.rows


def _columns(layout: Layout, cleaned: Cleaned, kind: str, mapping: dict[str, str]) -> list[dict[str, Any]]:
    field_of = {heading: field for field, heading in mapping.items()}
    changed = Counter(one.column for one in cleaned.changes for _row in one.rows)
    doubts = Counter(one.column for one in cleaned.doubts)
    types = {one.name: one.type.value for one in FIELDS.get(kind, ())}
    answer = []
    for place, column in enumerate(cleaned.columns):
        values = Counter(cells[place] for _number, cells in cleaned.rows)
        empty = values.pop("", 0)
        raw = [tidy(text_of(cells[place])) for _number, cells in layout.body if place < len(cells)]
        field = field_of.get(column.name, "")
        answer.append(
            {
                "name": column.name, "type": column.type, "meaning": column.meaning, "field": field,
                "field_type": types.get(field, ""), "told": are_told(values),
                "empty": round(empty / len(cleaned.rows), 4) if cleaned.rows else 1.0,
                "distinct": len(values),
                "examples": list(dict.fromkeys(text for text in raw if text and not is_lost(text)))[:EXAMPLES],
                "most_frequent": values.most_common(EXAMPLES) if column.type in ("category", "gender", "truth") else [],
                **_range(column, list(values)),
                "changes": changed[column.title], "doubts": doubts[column.title],
            }
        )  # fmt: skip
    return answer


def _range(column: Column, values: list[str]) -> dict[str, str]:
    """The least and the greatest, of days and numbers."""
    if column.type == "date":
        days = sorted(value for value in values if value[:4].isdigit() and value[4:5] == "-")
        return {"least": days[0], "greatest": days[-1]} if days else {}
    if column.type == "number":
        numbers = []
        for value in values:
            try:
                numbers.append(Decimal(value))
            except ArithmeticError:
                continue
        return {"least": str(min(numbers)), "greatest": str(max(numbers))} if numbers else {}
    return {}
