"""What a person decided about a table of an upload, and the mapping that follows from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils import timezone

from migration.cleaning import RULES, Hints
from migration.cleaning.placeholders import WORDS
from migration.models import UploadFile, UploadTable
from migration.rules import folded
from migration.services.mapping import CREATABLE, Condition, Mapping, read_mapping
from migration.services.preparing import stated
from migration.services.sealing import seal_json, unseal_json
from people.models import User

#: fields whose words can be created -> what a mapping calls that
CREATED = {
    "department": "departments", "parent_department": "departments", "position": "positions", "level": "levels",
    "course": "courses", "rating": "ratings",
}  # fmt: skip
#: in a mapping's values: what every word means that is not listed
OTHERS = folded("*")
#: folded cells that say nothing
NOTHING = WORDS | {""}


@dataclass(frozen=True)
class Answer:
    """One decision about all cells that are alike; ``*`` means any. ``cells``: how many it served."""

    rule: str
    column: str
    value: str
    answer: str
    cells: int = 1


@dataclass
class Choices:
    """``columns``: field -> heading or template of headings; ``attributes``: code -> heading."""

    columns: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    #: field -> words that are to be created
    new: dict[str, list[str]] = field(default_factory=dict)
    #: new level -> its band
    bands: dict[str, str] = field(default_factory=dict)
    off: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    #: column -> dmy or mdy
    orders: dict[str, str] = field(default_factory=dict)
    #: of a text, where a person said it on a page
    encoding: str = ""
    #: a mapping file that came along
    mapping: str = ""
    #: name of the template that recognised the table
    template: str = ""
    #: a person has seen the mapping
    is_mapped: bool = False
    #: fields whose empty cells mean that the row says nothing of this kind
    needs: list[str] = field(default_factory=list)

    @property
    def file_mapping(self) -> Mapping:
        said = read_mapping(self.mapping)
        columns = [self.columns[name] for name in self.needs if name in self.columns]
        said = replace(said, encoding=self.encoding or said.encoding)
        return replace(said, skip=(*said.skip, *(Condition(column, NOTHING, is_in=True) for column in columns)))


def encodings_in(file: UploadFile) -> dict[str, str]:
    """Text of a zip -> the encoding that a person said of it."""
    tables = file.tables.exclude(member=file.name)
    return {table.member: said for table in tables if (said := choices_of(table).file_mapping.encoding)}


def choices_of(table: UploadTable) -> Choices:
    said: dict[str, Any] = unseal_json(table.choices)
    answers = [Answer(*one) for one in said.pop("answers", [])]
    return Choices(**said, answers=answers)


def keep_choices(table: UploadTable, choices: Choices, *, actor: User) -> None:
    """In the transaction of the caller. The history keeps that ``actor`` decided, and when."""
    said = asdict(choices)
    said["answers"] = [list(one.values()) for one in said["answers"]]
    table.choices = seal_json(said)
    table.decided_by, table.decided_at = actor, timezone.now()
    table.save(update_fields=["choices", "decided_by", "decided_at"])


def cleaning_mapping(kind: str, choices: Choices) -> Mapping:
    """For the cleaning: words with a meaning for all others are left to the import, which knows the rest."""
    given = choices.file_mapping
    values = {name: words for name, words in given.values.items() if OTHERS not in words}
    return replace(given, kind=kind, columns=choices.columns, constants=stated(choices.constants), values=values)


def import_mapping(kind: str, choices: Choices, heading_row: int, first: frozenset[str] = frozenset()) -> Mapping:
    """For the import of what was cleaned: units, dates and words are done. ``first``: fields without any word yet."""
    given = choices.file_mapping
    create = {CREATED[name] for name, words in choices.new.items() if words and name in CREATED}
    create |= {CREATED[name] for name in first}
    return Mapping(
        kind=kind,
        heading_row=heading_row,
        columns=choices.columns,
        attributes=choices.attributes,
        constants=choices.constants,
        values={name: words for name, words in given.values.items() if OTHERS in words},
        create=(given.create | create) & CREATABLE,
        empty=given.empty,
        bands={**given.bands, **choices.bands},
        hints=Hints(off=frozenset(RULES)),
        is_complete=True,
    )


def hints_of_choices(choices: Choices, terms: dict[str, dict[str, str]]) -> Hints:
    return Hints(
        off=frozenset(choices.off),
        answers={(one.rule, one.column, one.value): one.answer for one in choices.answers},
        orders=choices.orders,
        terms=terms,
    )
