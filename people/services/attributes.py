"""Custom attributes: declared once, and every value checked by one function before it is stored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Attribute, Department, Employee, User
from people.rules import RESERVED_ATTRIBUTES

LONGEST = 300
TOP_NUMBER = Decimal(10) ** 12
_CODE = re.compile(r"[^\W\d]\w{0,39}")
YES = frozenset({"yes", "y", "true", "t", "1", "on", "是", "对", "√"})
NO = frozenset({"no", "n", "false", "f", "0", "off", "否", "错", "×"})


# --- declaring --------------------------------------------------------------------------------------------------------
def declare_attribute(
    *, owner: str, code: str, type: str, name: str = "", choices: Sequence[Any] = (), actor: User | None
) -> Attribute:
    """Declare an attribute, or make the declared one say this; one that was retired is in use again.

    What would make stored values wrong is refused: another type, or a choice taken away that is in use.
    """
    code, name = code.strip(), name.strip() or code.strip()
    options = [str(one).strip() for one in choices]
    _check(owner, code, name, type, options)
    with transaction.atomic():
        row = Attribute.objects.select_for_update().filter(owner=owner, code=code).first()
        if row is None:
            return Attribute.objects.create(owner=owner, code=code, name=name, type=type, choices=options)
        _check_stored(row, type, options)
        row.name, row.type, row.choices, row.is_active = name, type, options, True
        row.save()
    return row


def retire_attribute(*, attribute: Attribute, actor: User | None) -> None:
    """It is not asked for any more, in forms and files. What was stated stays, and policies can still ask for it."""
    with transaction.atomic():
        row = Attribute.objects.select_for_update().get(pk=attribute.pk)
        row.is_active = False
        row.save(update_fields=["is_active"])


def _check(owner: str, code: str, name: str, type_: str, options: list[str]) -> None:
    for field, value, known in (("owner", owner, Attribute.Owner.values), ("type", type_, Attribute.Type.values)):
        if value not in known:
            raise BadInput(field, value, _("This is not known."), _("Use one of: %s.") % ", ".join(known))
    if not _CODE.fullmatch(code):
        raise BadInput(
            "code", code, _("This is no code of an attribute."),
            _("Use letters, digits and _, at most 40, a letter first."),
        )  # fmt: skip
    if code in RESERVED_ATTRIBUTES[owner]:
        raise BadInput(
            "code", code, _("Conditions know this name already: the suite records it by itself."),
            _("Leave the attribute out and use what is there, or choose another code."),
        )  # fmt: skip
    if len(name) > 120:
        raise BadInput("name", name, _("Longer than %(longest)s characters.") % {"longest": 120}, _("Shorten it."))
    if type_ == Attribute.Type.CHOICE and not options:
        raise BadInput("choices", "", _("A choice needs its values."), _("List them."))
    if type_ != Attribute.Type.CHOICE and options:
        raise BadInput("choices", ", ".join(options), _("Only a choice has values."), _("Leave them out."))
    if "" in options or len({one.casefold() for one in options}) < len(options):
        raise BadInput("choices", ", ".join(options), _("A value is empty or stands there twice."), _("Remove it."))
    if any(len(one) > LONGEST for one in options):
        raise BadInput("choices", "", _("Longer than %(longest)s characters.") % {"longest": LONGEST}, _("Shorten it."))


def _check_stored(row: Attribute, type_: str, options: list[str]) -> None:
    """Stored values must still be right: any text holds what was a choice, nothing else may change its type."""
    if type_ != row.type:
        if type_ == Attribute.Type.TEXT and row.type == Attribute.Type.CHOICE:
            return
        if _is_used(row):
            raise BadInput(
                "type", type_, _("“%(name)s” has values already as %(type)s.")
                % {"name": row.name, "type": row.get_type_display()},
                _("Keep the type, or declare an attribute with another code."),
            )  # fmt: skip
        return
    for gone in sorted(set(row.choices) - set(options)):
        if _is_used(row, gone):
            raise BadInput(
                "choices", gone, _("“%(name)s” has this value somewhere.") % {"name": row.name},
                _("Keep the choice, or correct those values first."),
            )  # fmt: skip


def _is_used(row: Attribute, value: str | None = None) -> bool:
    test, wanted = ("has_key", row.code) if value is None else ("contains", {row.code: value})
    if row.owner == Attribute.Owner.EMPLOYEE:
        return Employee.objects.filter(**{f"attributes__{test}": wanted}).exists()
    return (
        Employee.objects.filter(**{f"learning_records__attributes__{test}": wanted}).exists()
        or Department.objects.filter(**{f"team_records__attributes__{test}": wanted}).exists()
    )


# --- values -----------------------------------------------------------------------------------------------------------
def read_value(attribute: Attribute, value: Any) -> Any:
    """The value as it is stored, None where nothing is stated. Raises BadInput that names the attribute."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    reader = _READERS[attribute.type]
    try:
        return reader(attribute, value)
    except (ValueError, InvalidOperation) as error:
        message, mend = _wrong(attribute)
        raise BadInput(attribute.code, value, message, mend) from error


def read_values(
    owner_attributes: Mapping[str, Attribute], values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[BadInput]]:
    """``values`` by code as they are stored (None: nothing), and what stands against others.

    Codes that nobody declared stay as they are: a mapping may keep what a file says without anybody asking for it.
    """
    read: dict[str, Any] = {}
    problems = []
    for code, value in values.items():
        try:
            read[code] = read_value(owner_attributes[code], value) if code in owner_attributes else value
        except BadInput as error:
            problems.append(error)
    return read, problems


def merged(known: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """``known`` with what is ``stated``; None takes a value away."""
    return {code: value for code, value in {**known, **stated}.items() if value is not None}


def _number(_attribute: Attribute, value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError(value)
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= TOP_NUMBER or number != round(number, 6):
        raise ValueError(value)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _date(_attribute: Attribute, value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)).isoformat()


def _truth(_attribute: Attribute, value: Any) -> bool:
    word = str(value).casefold()
    if word not in YES | NO:
        raise ValueError(value)
    return word in YES


def _choice(attribute: Attribute, value: Any) -> str:
    found = {str(one).casefold(): str(one) for one in attribute.choices}.get(_plain(value).casefold())
    if found is None:
        raise ValueError(value)
    return found


def _text(_attribute: Attribute, value: Any) -> str:
    text = _plain(value)
    if len(text) > LONGEST or "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(value)
    return text


def _plain(value: Any) -> str:
    """A spreadsheet's 3.0 is the text 3."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


_READERS: dict[str, Callable[[Attribute, Any], Any]] = {
    Attribute.Type.NUMBER: _number,
    Attribute.Type.DATE: _date,
    Attribute.Type.BOOLEAN: _truth,
    Attribute.Type.CHOICE: _choice,
    Attribute.Type.TEXT: _text,
}


def _wrong(attribute: Attribute) -> tuple[str, str]:
    name = {"name": attribute.name}
    match attribute.type:
        case Attribute.Type.NUMBER:
            return _("“%(name)s” is a number.") % name, _(
                "Write digits with a point before the decimals, such as 12.5."
            )
        case Attribute.Type.DATE:
            return _("“%(name)s” is a date.") % name, _("Write it as 2026-03-31.")
        case Attribute.Type.BOOLEAN:
            return _("“%(name)s” is yes or no.") % name, _("Write yes or no.")
        case Attribute.Type.CHOICE:
            known = ", ".join(map(str, attribute.choices[:20]))
            return _("“%(name)s” has no such value.") % name, _("Use one of: %s.") % known
        case _:
            return (
                _("“%(name)s” cannot hold this text.") % name,
                _("Use at most %(longest)s ordinary characters.") % {"longest": LONGEST},
            )
