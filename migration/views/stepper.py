"""The steps of an import and which of them has something to decide."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.services.choices import choices_of
from migration.services.readying import missing_fields, ready_tables, tables_of, unmapped

#: step -> its page
PAGES = {
    "look": "migration:look", "map": "migration:map", "words": "migration:words", "clean": "migration:clean",
    "check": "migration:check",
}  # fmt: skip


def context_of(upload: Any, step: str) -> dict[str, Any]:
    """What every step shows: the way, with where we are."""
    labels = [
        ("upload", _("Upload"), "cloud-upload"), ("look", _("Look"), "eye"), ("map", _("Map"), "columns"),
        ("words", _("Words"), "book"), ("clean", _("Clean"), "wand"), ("check", _("Check"), "list-check"),
        ("import", _("Import"), "database-import"),
    ]  # fmt: skip
    can_go = not upload.files.filter(is_locked=True).exists()
    at = [name for name, _label, _icon in labels].index(step)
    steps = [
        {"label": label, "icon": icon, "page": PAGES.get(name) if can_go else None, "is_here": place == at,
         "is_past": place < at}
        for place, (name, label, icon) in enumerate(labels)
    ]  # fmt: skip
    return {"upload": upload, "steps": steps, "files": list(upload.files.all())}


def next_step(upload: Any, after: str) -> str:
    """The page of the first step after ``after`` that needs a person; the dry run where none does."""
    if upload.files.filter(is_locked=True).exists():
        return "migration:unlock"
    tables = tables_of(upload)
    if not tables or not all(table.kind for table in tables) or (after == "upload" and _has_more(upload)):
        return PAGES["look"]
    left = list(PAGES)[list(PAGES).index(after) + 1 if after in PAGES else 0 :]
    if "map" in left and any(_asks_for_mapping(table) for table in tables):
        return PAGES["map"]
    if "words" not in left and "clean" not in left:
        return PAGES["check"]
    try:
        readies = ready_tables(tables)
    except BadInput:
        # the mapping names what is not there
        return PAGES["map"]
    if "words" in left and any(ready.words for ready in readies):
        return PAGES["words"]
    if any(ready.clean.doubts for ready in readies):
        return PAGES["clean"]
    return PAGES["check"]


def _has_more(upload: Any) -> bool:
    """Several tables, or one that stays out unless somebody says otherwise."""
    return upload.files.filter(tables__isnull=False).count() > 1


def _asks_for_mapping(table: Any) -> bool:
    choices = choices_of(table)
    return bool(missing_fields(table, choices) or (not choices.is_mapped and unmapped(table, choices)))
