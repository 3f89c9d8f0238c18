"""Answers to what is in doubt: kept with the tables that ask, shown, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from hrsuite.lib.errors import BadInput
from migration.cleaning import RULES
from migration.cleaning.work import DROP, EMPTY, FIRST, KEEP, WHOLE_ROW, in_row, without_row
from migration.services.answers import misfit
from migration.services.choices import Answer, Choices, choices_of, keep_choices
from migration.services.questions import OF_DATES, Group, Names, Part, Place, Question, groups_of, key_of, place_of
from migration.services.readying import Ready
from migration.services.resting import hold_tables
from people.models import User

ORDER = "order:"


@transaction.atomic
def decide(*, readies: Sequence[Ready], said: Mapping[str, str], actor: User) -> int:
    """Keep what a page says: ``one-KEY`` (or ``own-KEY``) for a question, ``all-KEY`` for the others of a group (an
    order of dates is for all), ``rest`` for whatever is open then, ``back-KEY`` to ask again, ``on-TABLE-RULE`` for the
    rules that are switched on. Answers how many questions it settled. Raises BadInput for an answer that is no value of
    its column, having kept none."""
    tables = hold_tables([ready.table for ready in readies])
    names = Names(readies)
    kept = {ready.table.pk: _left(ready, choices_of(tables[ready.table.pk]), names, said) for ready in readies}
    count = 0
    for group in groups_of(readies):
        answer = said.get(f"all-{group.key}", "")
        if answer.startswith(ORDER) and group.is_dates:
            for part in group.parts():
                kept[part.ready.table.pk].orders[part.column] = answer.removeprefix(ORDER)
            count += len(group.questions)
            continue
        others = []
        for question in group.questions:
            if own := _own_answer(question, said):
                _check(question, own)
                count += 1
                for part in question.parts:
                    kept[part.ready.table.pk].answers += _answers(group, question, part, own)
            else:
                others.append(question)
        # what was answered by itself stays so: the one answer is for the others
        answer = answer or said.get("rest", "")
        if answer == FIRST:
            others = [one for one in others if one.offered]
        if others and _may(answer, group):
            count += len(others)
            for pk, one in _for_all(group, others, answer):
                kept[pk].answers.append(one)
    for pk, choices in kept.items():
        keep_choices(tables[pk], choices, actor=actor)
    return count


def _left(ready: Ready, choices: Choices, names: Names, said: Mapping[str, str]) -> Choices:
    """What stays of a table's choices: without what is to be asked again."""
    pk = ready.table.pk
    off = choices.off
    if f"rule-{pk}" in said:
        off = [rule for rule in RULES if f"on-{pk}-{rule}" not in said]
    again = {name for name in choices.orders if f"back-{_order_key(ready, name, names)}" in said}
    # one answer for all that the order left open is none for the days that are open without it
    answers = [
        one for one in choices.answers
        if f"back-{_key(ready, one, names)}" not in said
        and not (one.column in again and one.rule in OF_DATES and one.value == "*")
    ]  # fmt: skip
    orders = {name: order for name, order in choices.orders.items() if name not in again}
    return replace(choices, answers=answers, orders=orders, off=off)


def _own_answer(one: Question, said: Mapping[str, str]) -> str:
    """The answer to a single question, empty where there is none that can be taken."""
    is_row = one.parts[0].column == WHOLE_ROW
    own = said.get(f"own-{one.key}", "").strip()
    answer = own or said.get(f"one-{one.key}", "")
    if answer.startswith("="):
        place = answer[1:]
        answer = one.candidates[int(place)] if place.isdecimal() and int(place) < len(one.candidates) else ""
        answer = answer or (EMPTY if place.isdecimal() else "")
    if is_row and answer not in one.candidates:
        return ""
    return "" if (answer == KEEP and not one.can_keep) or (answer == EMPTY and not one.can_empty) else answer


def _check(one: Question, answer: str) -> None:
    """Raises BadInput for a value of one's own that cannot stand in the column."""
    for part in one.parts if answer not in one.candidates else ():
        for column in part.ready.clean.cleaned.columns:
            if column.title == part.column and (wrong := misfit(column, answer)):
                raise BadInput(part.ready.heading_of(part.column), f"{one.value} → {answer}", *wrong)


def _answers(group: Group, question: Question, part: Part, answer: str) -> list[Answer]:
    alike = [one for one in group.questions if one.value == question.value and one is not question]
    if not any(other.ready is part.ready for one in alike for other in one.parts):
        return [Answer(group.rule, part.column, question.value, answer, len(part.rows))]
    # the same value has other candidates in other rows
    return [Answer(group.rule, part.column, in_row(question.value, row), answer) for row in part.rows]


def _may(answer: str, group: Group) -> bool:
    return {
        FIRST: bool(group.column) or group.has_candidates,
        DROP: True,
        KEEP: group.can_keep,
        EMPTY: group.can_empty,
    }.get(answer, False)


def _for_all(group: Group, others: Sequence[Question], answer: str) -> list[tuple[int, Answer]]:
    """(table, answer for all cells of the group in it)."""
    cells: dict[tuple[int, str], int] = {}
    for part in (part for one in others for part in one.parts):
        at = part.ready.table.pk, part.column
        cells[at] = cells.get(at, 0) + len(part.rows)
    return [(pk, Answer(group.rule, column, "*", answer, count)) for (pk, column), count in cells.items()]


# --- what is decided --------------------------------------------------------------------------------------------------
@dataclass
class Decided:
    """An answer, once for all tables that it serves. ``value`` is empty where it serves any."""

    key: str
    heading: str
    rule: str
    value: str
    answer: str
    #: table -> cells
    cells_in: dict[Place, int] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        return sum(self.cells_in.values())

    @property
    def label(self) -> str:
        """What pages call the rule; one that is gone since keeps its name."""
        return RULES[self.rule].label if self.rule in RULES else self.rule


def decided(readies: Sequence[Ready]) -> list[Decided]:
    names = Names(readies)
    found: dict[str, Decided] = {}
    for ready in readies:
        counts: dict[str, int] = {}
        for one in ready.choices.answers:
            key = _key(ready, one, names)
            value = "" if one.value == "*" else without_row(one.value)
            found.setdefault(key, Decided(key, ready.heading_of(one.column), one.rule, value, one.answer))
            counts[key] = counts.get(key, 0) + one.cells
        for key, count in counts.items():
            cells = found[key].cells_in
            cells[place_of(ready.table)] = max(count, cells.get(place_of(ready.table), 0))
    return list(found.values())


def _key(ready: Ready, one: Answer, names: Names) -> str:
    row = place_of(ready.table) if one.column == WHOLE_ROW and one.value != "*" else ()
    return key_of("answer", one.rule, names.of(ready, one.column), row, without_row(one.value), one.answer)


def _order_key(ready: Ready, column: str, names: Names) -> str:
    return key_of("order", names.of(ready, column), ready.choices.orders.get(column, ""))


def orders_of(readies: Sequence[Ready]) -> list[tuple[str, str, str]]:
    """(key to ask again, heading, order) of the columns whose dates have one by decision."""
    names = Names(readies)
    found: dict[str, tuple[str, str, str]] = {}
    for ready in readies:
        for name, order in ready.choices.orders.items():
            key = _order_key(ready, name, names)
            found.setdefault(key, (key, ready.heading_of(name), order))
    return list(found.values())


def progress(readies: Sequence[Ready]) -> tuple[int, int]:
    """(cells decided, cells that were or are in doubt)."""
    done = sum(one.cells for one in decided(readies))
    return done, done + sum(group.cells for group in groups_of(readies))


# --- what the rules did -----------------------------------------------------------------------------------------------
@dataclass
class Ran:
    """A rule in a table: how many cells it changed, with a few before and after."""

    rule: str
    label: str
    description: str
    is_on: bool
    cells: int = 0
    samples: list[tuple[str, str, str, int]] = field(default_factory=list)
    left_out: int = 0


def rules_of(ready: Ready) -> list[Ran]:
    """Every rule, those that did most first."""
    found = {
        name: Ran(name, rule.label, rule.description, name not in ready.choices.off) for name, rule in RULES.items()
    }
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
