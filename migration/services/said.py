"""What a person says beside a file (words and their meanings, values for every row), held against what there is."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from difflib import get_close_matches

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hrsuite.lib.errors import BadInput
from migration.rules import NO, YES, folded
from migration.services.fields import FIELDS, Field, Type
from migration.services.mapping import Mapping
from migration.services.terms import CODED, known_words, vocabulary


def check_words(option: str, terms: AnyMapping[str, AnyMapping[str, str]], kind: str) -> None:
    """Raises BadInput where a word shall mean what the field of ``kind``, or its column, cannot hold."""
    fields = {folded(heading): one for one in FIELDS.get(kind, ()) for heading in one.headings}
    for name, words in terms.items():
        if (one := fields.get(folded(name))) is not None:
            for word, meaning in words.items():
                _check_value(f"{option}: {name}", word, one, meaning)


def by_field(terms: AnyMapping[str, AnyMapping[str, str]], kind: str) -> dict[str, dict[str, str]]:
    """Words that are said under a usual heading of a field of ``kind``, as of the field too."""
    fields = {folded(heading): one.name for one in FIELDS.get(kind, ()) for heading in one.headings}
    found = {name: dict(words) for name, words in terms.items()}
    for name, words in terms.items():
        if (field := fields.get(folded(name), name)) != name:
            found[field] = {**words, **found.get(field, {})}
    return found


def check_mapping(mapping: Mapping, kind: str) -> None:
    """Where no database is asked, which knows the attributes besides: raises BadInput for a mapping of another kind,
    and for names that are nearly those of fields."""
    if mapping.kind and mapping.kind not in FIELDS:
        raise BadInput(
            "kind", mapping.kind, _("There is no such kind of file."), _("Use one of: %s.") % ", ".join(sorted(FIELDS))
        )
    if kind and mapping.kind and mapping.kind != kind:
        raise BadInput(
            "kind", kind, _("The mapping is for %(kind)s.") % {"kind": mapping.kind},
            _("Choose the mapping of this kind."),
        )  # fmt: skip
    check_types(mapping, FIELDS.get(kind, ()))
    known = {one.name for owner in ([kind] if kind else FIELDS) for one in FIELDS[owner]}
    for part in ("columns", "values", "dates", "units", "compact"):
        for name in sorted(set(getattr(mapping, part)) - known):
            if near := get_close_matches(name, known, n=1, cutoff=_NEAR):
                raise BadInput(
                    part, name, _("The mapping names an unknown field."), _("Is %(field)s meant?") % {"field": near[0]}
                )


#: parts of a mapping that are about fields of some types -> those, and what others are not
_TYPED = {
    "dates": ({Type.DATE}, gettext_lazy("This field holds no days.")),
    "units": ({Type.NUMBER, Type.WHOLE, Type.HOURS, Type.MINUTES}, gettext_lazy("This field holds no numbers.")),
}


def check_types(mapping: Mapping, fields: Iterable[Field]) -> None:
    """Raises BadInput for formats of days that are said of a field without days, and units of one without numbers."""
    of_name = {one.name: one.type for one in fields}
    for part, (types, message) in _TYPED.items():
        for name in getattr(mapping, part):
            if name in of_name and of_name[name] not in types:
                raise BadInput(part, name, str(message), _("Leave it out, or name the field that is meant."))


#: how much two names must be alike for one to be meant by the other
_NEAR = 0.75


def check_constants(constants: AnyMapping[str, str], kind: str, option: str = "--set") -> None:
    """What ``--set``, or a mapping, says for every row. Raises BadInput where ``kind`` has no such field, or the field
    cannot hold it; without a kind any field is one."""
    known = {one.name: one for owner in ([kind] if kind else FIELDS) for one in FIELDS[owner]}
    for name, value in constants.items():
        if name not in known:
            raise BadInput(
                option, name, _("There is no such field."),
                _("Fields of %(kind)s: %(fields)s.") % {"kind": kind or "–", "fields": ", ".join(sorted(known))},
            )  # fmt: skip
        if kind:
            _check_value(option, name, known[name], value)


def _check_value(option: str, word: str, field: Field, value: str) -> None:
    if not value:
        return
    if field.name in CODED:
        is_known, words = folded(value) in known_words(field.name), list(vocabulary(field.name))
    elif field.type == Type.TRUTH:
        is_known, words = folded(value) in _TRUTHS, ["yes", "no"]
    else:
        return
    if not is_known:
        message = _("“%(value)s” is none of the suite's words for %(field)s.") % {"value": value, "field": field.name}
        raise BadInput(option, word, message, _("Use one of: %s.") % ", ".join(words))


_TRUTHS = frozenset(map(folded, YES | NO))
