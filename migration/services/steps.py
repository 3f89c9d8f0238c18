"""What the pages of an upload write: kinds of tables, mappings, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import UploadTable
from migration.rules import folded
from migration.selectors import revocable_terms
from migration.services.choices import CREATED, Choices, choices_of, keep_choices
from migration.services.further import further_of
from migration.services.questions import key_of
from migration.services.readying import Ready, headings_of, inventory
from migration.services.resting import hold, hold_tables
from migration.services.templates import save_template
from migration.services.terms import Word, decide_terms, dictionary, revoke_term, vocabulary
from migration.services.uploads import first_choices
from people.models import Band, User

#: answers about a word that are no meaning
NEW, NOTHING = "new", "nothing"


@transaction.atomic
def choose_kinds(*, chosen: Iterable[tuple[UploadTable, str, bool]], actor: User) -> None:
    """Keep of each table its kind and whether it comes in: all of it, or with BadInput nothing."""
    for table, kind, is_in in chosen:
        choose_kind(table=table, kind=kind, is_in=is_in, actor=actor)


@transaction.atomic
def choose_kind(*, table: UploadTable, kind: str, is_in: bool, actor: User) -> None:
    """A table of another kind is mapped anew."""
    locked = hold_tables([table])[table.pk]
    is_other = kind and kind != locked.kind
    locked.kind, locked.is_skipped = kind or locked.kind, not is_in
    locked.decided_by, locked.decided_at = actor, timezone.now()
    locked.save(update_fields=["kind", "is_skipped", "decided_by", "decided_at"])
    further = further_of(locked)
    further.filter(kind=locked.kind).delete()
    further.update(is_skipped=locked.is_skipped)
    if is_other:
        given = choices_of(locked)
        choices = first_choices(locked, inventory(locked), given.mapping)
        choices.encoding = given.encoding
        keep_choices(locked, choices, actor=actor)


@transaction.atomic
def map_tables(*, chosen: Iterable[tuple[UploadTable, Choices]], actor: User) -> None:
    """As :func:`map_table`, all of them or with BadInput none."""
    for table, choices in chosen:
        map_table(table=table, choices=choices, actor=actor)


@transaction.atomic
def map_table(*, table: UploadTable, choices: Choices, actor: User) -> None:
    """Keep which column is which field; with a name, for all files of these headings. Raises BadInput where somebody
    chose another kind since ``table`` was read: its fields are others."""
    hold(table.file.upload_id)
    locked = UploadTable.objects.select_for_update().filter(pk=table.pk).first()
    if locked is None or locked.kind != table.kind:
        raise changed_meanwhile(table)
    if choices.template:
        save_template(
            name=choices.template,
            kind=locked.kind,
            headings=headings_of(locked),
            mapping={
                "columns": choices.columns, "attributes": choices.attributes, "constants": choices.constants,
            },
            actor=actor,
        )  # fmt: skip
    # what was answered meanwhile stays
    mapped = replace(
        choices_of(locked), columns=choices.columns, attributes=choices.attributes, constants=choices.constants,
        template=choices.template, is_mapped=choices.is_mapped,
    )  # fmt: skip
    keep_choices(locked, mapped, actor=actor)


def changed_meanwhile(table: UploadTable) -> BadInput:
    return BadInput(
        "table", str(table),
        _("%(table)s was read otherwise, or taken as something else, since this page was opened.") % {"table": table},
        _("Look at its columns again."),
    )  # fmt: skip


@transaction.atomic
def decide_words(
    *,
    readies: Sequence[Ready],
    said: Mapping[tuple[str, str], str],
    actor: User,
    bands: Mapping[str, str] | None = None,
) -> int:
    """Keep what words mean: (field, word) -> meaning, :data:`NEW` or :data:`NOTHING`. Raises BadInput for a meaning
    that is no word of the suite. ``bands``: level -> band, for levels that are new. Answers how many were decided."""
    known = {name: _by_any_spelling(vocabulary(name)) for name in {name for name, _word in said}}
    tables = hold_tables([ready.table for ready in readies])
    terms, count = [], 0
    for ready in readies:
        choices = choices_of(tables[ready.table.pk])
        new = {name: list(words) for name, words in choices.new.items()}
        own_bands = dict(choices.bands)
        for one in ready.words:
            answer = said.get((one.field, one.word), "")
            if not answer:
                continue
            count += 1
            if answer == NEW and one.field in CREATED:
                new[one.field] = list(dict.fromkeys([*new.get(one.field, ()), one.word]))
                if one.field == "level" and (bands or {}).get(one.word) in Band.values:
                    own_bands[one.word] = (bands or {})[one.word]
            elif answer == NOTHING:
                terms.append((one.field, one.word, ""))
            elif (meaning := known[one.field].get(answer, known[one.field].get(folded(answer)))) is not None:
                terms.append((one.field, one.word, meaning))
            else:
                raise BadInput(one.word, answer, _("The suite has no such word."), _("Choose one of the list."))
        if new != choices.new or own_bands != choices.bands:
            keep_choices(tables[ready.table.pk], replace(choices, new=new, bands=own_bands), actor=actor)
    decide_terms(decided=terms, actor=actor)
    return count


def _by_any_spelling(values: Iterable[str]) -> dict[str, str]:
    """As it is written, and folded."""
    values = list(values)
    return {folded(value): value for value in values} | {value: value for value in values}


@dataclass
class DecidedWord:
    """A word of these files that somebody decided. ``meaning`` is empty where it means nothing, or is new;
    ``can_ask`` is whether the reader may have it asked again."""

    key: str
    field: str
    word: str
    meaning: str
    is_new: bool
    rows: int = 0
    can_ask: bool = True


def decided_words(readies: Sequence[Ready], reader: User) -> list[DecidedWord]:
    """What the dictionary, and those who looked at these files, said of their words."""
    terms = dictionary()
    theirs = set(revocable_terms(reader).values_list("field", "folded"))
    found: dict[str, DecidedWord] = {}

    def note(field: str, word: str, meaning: str, rows: int, *, is_new: bool = False) -> None:
        key = key_of("word", field, folded(word), is_new)
        can_ask = is_new or (field, folded(word)) in theirs
        found.setdefault(key, DecidedWord(key, field, word, meaning, is_new, can_ask=can_ask)).rows += rows

    for ready in readies:
        for change in ready.clean.cleaned.changes:
            if change.rule == "terms" and folded(change.before) in terms.get(change.column, {}):
                note(change.column, change.before, change.after, len(change.rows))
        for place, column in enumerate(ready.clean.cleaned.columns):
            if new := ready.choices.new.get(column.field):
                counts = Counter(cells[place] for _number, cells in ready.clean.cleaned.rows)
                for word in new:
                    note(column.field, word, "", counts[word], is_new=True)
    return sorted(found.values(), key=lambda one: -one.rows)


@transaction.atomic
def ask_again(*, readies: Sequence[Ready], keys: Collection[str], actor: User) -> int:
    """Take back what was said of words: of the dictionary, and for these files. Answers of how many."""
    wanted = [one for one in decided_words(readies, actor) if one.key in keys and one.can_ask]
    for term in revocable_terms(actor).filter(field__in={one.field for one in wanted if not one.is_new}):
        if any(one.field == term.field and folded(one.word) == term.folded for one in wanted if not one.is_new):
            revoke_term(term=term, actor=actor)
    new = {(one.field, one.word) for one in wanted if one.is_new}
    for table in hold_tables([ready.table for ready in readies]).values():
        choices = choices_of(table)
        left = {name: [word for word in words if (name, word) not in new] for name, words in choices.new.items()}
        if left != choices.new:
            bands = {level: band for level, band in choices.bands.items() if ("level", level) not in new}
            keep_choices(table, replace(choices, new=left, bands=bands), actor=actor)
    return len(wanted)


def words_of(readies: Sequence[Ready]) -> list[Word]:
    """Words that nobody has decided, each once, with its rows in all tables."""
    found: dict[tuple[str, str], Word] = {}
    for ready in readies:
        for one in ready.words:
            known = found.get((one.field, one.word))
            if known is None:
                found[one.field, one.word] = Word(one.field, one.word, one.rows, one.suggested)
            else:
                known.rows += one.rows
    return list(found.values())
