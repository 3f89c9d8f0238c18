"""The history that triggers of the database write: what was entered, changed and removed, by whom and when."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from textwrap import dedent
from typing import Any, TypeVar

import pghistory
import yaml
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)
REMOVED = "delete"


def tracked(model: type[M]) -> type[M]:
    """Keep every state of the rows of ``model``; the last one of a row that was removed, too."""
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(REMOVED))
    return pghistory.track(*events)(model)


def events_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """States of rows of a tracked model, as the triggers wrote them down."""
    event_model: Any = model.pgh_event_models["insert"]  # type: ignore[attr-defined]
    found: models.QuerySet[Any] = event_model.objects.select_related("pgh_context")
    return found


@dataclass(frozen=True)
class Change:
    """One change of a row."""

    at: dt.datetime
    actor: str
    subject: str
    #: no state before it is known
    is_new: bool
    #: (field, before, after)
    fields: list[tuple[str, Any, Any]]
    is_removed: bool = False
    #: by this change; what was there before its history began is changed first
    is_entered: bool = True


def told_changes(
    events: Iterable[Any], subject: Callable[[Any], str], *, untold: frozenset[str] = frozenset()
) -> list[Change]:
    """Everything that changed, newest first; ``subject`` names the row of an event, ``untold`` are fields left out."""
    events = sorted(events, key=lambda event: (event.pgh_created_at, event.pgh_id))
    actors = _actors(events)
    last: dict[tuple[str, int], Any] = {}
    changes = []
    for event in events:
        key = (event._meta.model_name, event.pgh_obj_id)
        is_removed = event.pgh_label == REMOVED
        fields = [] if is_removed else _differences(last.get(key), event, untold)
        if fields or is_removed or key not in last:
            actor = actors.get(_actor_id(event), "")
            is_new = key not in last and not is_removed
            is_entered = is_new and event.pgh_label == "insert"
            changes.append(Change(event.pgh_created_at, actor, subject(event), is_new, fields, is_removed, is_entered))
        last[key] = event
    return changes[::-1]


def _differences(before: Any, after: Any, untold: frozenset[str]) -> list[tuple[str, Any, Any]]:
    """Tracked fields that differ; of a new row, those that are set."""
    found = []
    for field in after._meta.get_fields():
        if field.name.startswith("pgh_") or field.name in untold:
            continue
        old = _structure(getattr(before, field.attname)) if before else None
        new = _structure(getattr(after, field.attname))
        if old != new and (before or new not in ("", {}, False)):
            was, now = (_told(before, field) if before else None), _told(after, field)
            if isinstance(old, dict | list) and was and now:
                was, now = _lines_apart(was, now)
            found.append((str(field.verbose_name), was, now))
    return found


def _structure(value: Any) -> Any:
    """What a text of JSON says: events know terms as text."""
    if not (isinstance(value, str) and value[:1] in ("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _lines_apart(was: str, now: str) -> tuple[str | None, str | None]:
    """The lines of two texts that only one of them has."""
    old, new = was.splitlines(), now.splitlines()
    parts = [part for part in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if part[0] != "equal"]
    gone = [line for _kind, start, end, _start, _end in parts for line in old[start:end]]
    come = [line for _kind, _start, _end, start, end in parts for line in new[start:end]]
    return dedent("\n".join(gone)) or None, dedent("\n".join(come)) or None


def _told(event: Any, field: Any) -> Any:
    """What the field says, in the reader's language where it is one of few choices."""
    try:
        value = _structure(getattr(event, field.name))
    except ObjectDoesNotExist:
        # what it named was removed since
        return f"#{getattr(event, field.attname)}"
    if isinstance(value, dict | list):
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).strip() if value else None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return dict(field.flatchoices).get(value, value) if field.flatchoices else value


def _actor_id(event: Any) -> Any:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _actors(events: Iterable[Any]) -> dict[Any, str]:
    ids = {_actor_id(event) for event in events} - {None}
    return {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids)}
