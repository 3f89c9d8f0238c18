"""Doubts as questions: one for all cells that are alike, and one for all of a rule in a column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from migration.cleaning import RULES, Doubt
from migration.cleaning.contradictions import NEVER
from migration.cleaning.work import DROP, EMPTY, FIRST, KEEP
from migration.models import UploadTable
from migration.rules import text_of
from migration.services.choices import Answer, choices_of, keep_choices
from migration.services.cleansing import say
from migration.services.readying import Ready

ORDER = "order:"
#: rows that a question names, and cells that show what a row is about
_ROWS, _CELLS = 8, 4


@dataclass
class Question:
    """Cells of a column with the same value that are in doubt for the same reason."""

    key: str
    value: str
    candidates: tuple[str, ...]
    reason: str
    rows: list[int] = field(default_factory=list)
    #: of the first row, to know it by
    about: str = ""

    @property
    def shown_rows(self) -> list[int]:
        return self.rows[:_ROWS]


@dataclass
class Group:
    """All questions of a rule about a column; an empty column means whole rows."""

    key: str
    rule: str
    column: str
    heading: str
    questions: list[Question] = field(default_factory=list)
    #: whether cells may stay as they are: what the import refuses all the same may not
    can_keep: bool = True

    @property
    def cells(self) -> int:
        return sum(len(one.rows) for one in self.questions)

    @property
    def is_dates(self) -> bool:
        return self.rule in ("dates", "swapped_dates")

    @property
    def has_candidates(self) -> bool:
        return any(one.candidates for one in self.questions)


def groups_of(ready: Ready) -> list[Group]:
    """The questions that are open, those about most cells first."""
    groups: dict[str, Group] = {}
    questions: dict[str, Question] = {}
    for one in ready.clean.doubts:
        key = _key(ready.table, one.rule, one.column)
        group = groups.setdefault(key, Group(key, one.rule, one.column, ready.heading_of(one.column)))
        group.can_keep &= one.reason.text not in NEVER
        own = _key(ready.table, one.rule, one.column, one.value)
        question = questions.get(own)
        if question is None:
            question = questions[own] = Question(own, one.value, one.candidates, say(one.reason))
            question.about = _about(ready, one)
            group.questions.append(question)
        question.rows.append(one.row)
    for group in groups.values():
        group.questions.sort(key=lambda one: -len(one.rows))
    return sorted(groups.values(), key=lambda one: -one.cells)


def _key(table: UploadTable, *parts: str) -> str:
    said = "\x1f".join([str(table.pk), *parts]).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:16]


def _about(ready: Ready, doubt: Doubt) -> str:
    filled = filter(None, map(text_of, ready.clean.raw.get(doubt.row, [])))
    return " · ".join(text[:30] for text, _place in zip(filled, range(_CELLS), strict=False))


def answers_key(table: UploadTable, answer: Answer) -> str:
    return _key(table, "answer", answer.rule, answer.column, answer.value)


def progress(readies: list[Ready]) -> tuple[int, int]:
    """(cells decided, cells that were or are in doubt)."""
    decided = sum(answer.cells for ready in readies for answer in ready.choices.answers)
    return decided, decided + sum(len(ready.clean.doubts) for ready in readies)


@transaction.atomic
def decide(*, readies: list[Ready], said: Mapping[str, str]) -> int:
    """Keep what a page says: ``one-KEY`` (or ``own-KEY``) for a question, ``all-KEY`` for the others of a group (an
    order of dates is for all), ``back-KEY`` to ask again, ``on-TABLE-RULE`` for the rules that are switched on. Answers
    how many questions it settled."""
    count = 0
    for ready in readies:
        table = UploadTable.objects.select_for_update().get(pk=ready.table.pk)
        choices = choices_of(table)
        kept = [one for one in choices.answers if f"back-{answers_key(table, one)}" not in said]
        orders = {
            name: order for name, order in choices.orders.items() if f"back-{_order_key(table, name)}" not in said
        }
        found: list[Answer] = []
        for group in groups_of(ready):
            answer = said.get(f"all-{group.key}", "")
            if answer.startswith(ORDER) and group.is_dates:
                orders[group.column] = answer.removeprefix(ORDER)
                count += len(group.questions)
                continue
            ones = _ones(group, said)
            found += ones
            count += len(ones)
            # what was answered by itself stays so: the one answer is for the others
            others = group.cells - sum(one.cells for one in ones)
            if others and answer in (FIRST, KEEP, EMPTY, DROP) and (group.can_keep or answer != KEEP):
                found.append(Answer(group.rule, group.column, "*", answer, others))
                count += len(group.questions) - len(ones)
        off = [rule for rule in RULES if f"rule-{table.pk}" in said and f"on-{table.pk}-{rule}" not in said]
        keep_choices(
            table,
            replace(
                choices, answers=kept + found, orders=orders, off=off if f"rule-{table.pk}" in said else choices.off
            ),
        )
    return count


def _ones(group: Group, said: Mapping[str, str]) -> list[Answer]:
    found = []
    for one in group.questions:
        answer = said.get(f"own-{one.key}", "").strip() or said.get(f"one-{one.key}", "")
        if answer.startswith("="):
            place = answer[1:]
            answer = one.candidates[int(place)] if place.isdecimal() and int(place) < len(one.candidates) else ""
            answer = answer or (EMPTY if place.isdecimal() else "")
        if answer == KEEP and not group.can_keep:
            continue
        if answer and not (group.column == "" and answer not in (KEEP, DROP)):
            found.append(Answer(group.rule, group.column, one.value, answer, len(one.rows)))
    return found


def _order_key(table: UploadTable, column: str) -> str:
    return _key(table, "order", column)


def orders_of(ready: Ready) -> list[tuple[str, str, str]]:
    """(key to ask again, heading, order) of the columns whose dates have one by decision."""
    return [
        (_order_key(ready.table, name), ready.heading_of(name), order) for name, order in ready.choices.orders.items()
    ]


def decided(ready: Ready) -> list[tuple[str, str, Answer]]:
    """(key to ask again, heading, answer)."""
    return [(answers_key(ready.table, one), ready.heading_of(one.column), one) for one in ready.choices.answers]


@dataclass
class Ran:
    """A rule in a table: how many cells it changed, with a few before and after."""

    rule: str
    description: str
    is_on: bool
    cells: int = 0
    samples: list[tuple[str, str, str, int]] = field(default_factory=list)
    left_out: int = 0


def rules_of(ready: Ready) -> list[Ran]:
    """Every rule, those that did most first."""
    found = {name: Ran(name, rule.description, name not in ready.choices.off) for name, rule in RULES.items()}
    for change in sorted(ready.clean.cleaned.changes, key=lambda one: -len(one.rows)):
        ran = found.get(change.rule)
        if ran is not None:
            ran.cells += len(change.rows)
            if len(ran.samples) < 4:
                ran.samples.append((ready.heading_of(change.column), change.before, change.after, len(change.rows)))
    for one in ready.clean.cleaned.dropped:
        if one.rule in found:
            found[one.rule].left_out += 1
    return sorted(found.values(), key=lambda one: -(one.cells + one.left_out))
