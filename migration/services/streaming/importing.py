"""Import a stream of evidence: plain rows set by set, the others by the same services as every file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from migration.cleaning import Hints
from migration.models import ImportBatch, Kind
from migration.rules import text_of
from migration.services.cells import Parsed, Reader, check_fields, heading_index
from migration.services.journal import remember, remember_more
from migration.services.mapping import Mapping
from migration.services.naming import complete
from migration.services.saving import save_good
from migration.services.saving_training import create_courses, may_create_courses, only_exam
from migration.services.saying import above_headings, cut_off, doubtful, filled, say, too_long
from migration.services.streaming import sums
from migration.services.streaming.columns import Columns, key_of
from migration.services.streaming.rows import Lines
from migration.services.streaming.stream import NotPlainError, Rows, Stream, many_objects
from people.models import User
from training.services.records.lane import Lane
from training.services.records.plain import PlainRows
from training.services.records.rows import References

#: rows that are not plain, beyond which the file is read as a whole
MOST_ODD = 100_000
Progress = Callable[[str, int, int], None]


@dataclass
class Streamed:
    """What became of a stream, in its transaction."""

    parsed: Parsed
    outcome: Outcome
    problems: list[RowProblem]
    #: whether anything good was found
    any_good: bool
    prove: Callable[[ImportBatch], list[dict[str, str]]]


@dataclass
class _Run:
    stream: Stream
    kind: str
    mapping: Mapping
    actor: User | None
    progress: Progress
    reader: Reader
    columns: Columns
    parsed: Parsed
    first: int
    #: number of the last row
    last: int = 0
    #: (course, activity) -> the first row that says so, where courses may be created
    pairs: dict[tuple[Any, Any], int] = field(default_factory=dict)
    #: those of which no good row was seen yet
    open_pairs: set[tuple[Any, Any]] = field(default_factory=set)
    #: parsed rows that are not plain
    odd: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def pair_of(self, cells: list[Any]) -> tuple[Any, Any]:
        course, activity = (
            key_of(cells[place]) if place is not None and place < len(cells) else ""
            for place in (self.reader.place_of.get("course"), self.reader.place_of.get("activity"))
        )
        return course, activity

    def body(self) -> Any:
        for rows in self.stream.pieces():
            yield rows if rows[0][0] > self.first else [one for one in rows if one[0] > self.first]


@many_objects()
def import_stream(
    *,
    stream: Stream,
    kind: str,
    mapping: Mapping,
    hints: Hints,
    actor: User | None,
    cause: str,
    skip_bad: bool,
    progress: Progress,
) -> Streamed:
    """Save the rows of ``stream``; call it in a transaction. Raises NotPlainError where only the whole file tells."""
    run = _begin(stream, kind, mapping, hints, actor, progress)
    _look(run)
    remember(kind, [])
    _create_courses(run)
    refs = _references(run)
    sums.remember_people([person.id for person in refs.people.values()])
    with Lane(actor=actor) as lane:
        _put(run, lane, Lines(run.columns, PlainRows(refs), _only_activity(run)))
        lane.wait()
        run.parsed.rows = complete(kind, run.odd)
        again = lane.settle(
            [(one.get("source", "import").strip(), one["source_id"].strip()) for _n, one in run.parsed.rows]
        )
        if len(again) + len(run.odd) > MOST_ODD:
            raise NotPlainError
        _read_again(run, set(again))
        run.parsed.rows = complete(kind, sorted(run.odd, key=lambda one: one[0]))
        remember_more(kind, run.parsed.rows)
        saved = save_good(kind, parsed=run.parsed, mapping=mapping, actor=actor, cause=cause, skip_bad=skip_bad)
        outcome = saved.outcome
        if run.pairs and (run.parsed.problems or saved.problems):
            # a course that a refused row alone names is not created, and what leans on it is refused, too
            raise NotPlainError
        created, unchanged = lane.counts()
        lane.queue(cause=cause)
    return Streamed(
        parsed=run.parsed,
        outcome=Outcome(outcome.created + created, outcome.changed, outcome.unchanged + unchanged, outcome.kept),
        problems=run.parsed.problems + saved.problems,
        any_good=bool(created or unchanged or saved.rows),
        prove=sums.prove,
    )


def _begin(stream: Stream, kind: str, mapping: Mapping, hints: Hints, actor: User | None, progress: Progress) -> _Run:
    check_fields(kind, mapping)
    start = heading_index(stream.head, kind, mapping)
    number, cells = stream.head.rows[start]
    headings = [text_of(cell) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    reader = Reader(stream.name, kind, mapping, headings)
    if reader.template_of or "team" in reader.heading_of or "team" in mapping.constants:
        raise NotPlainError
    above = [say(one) for one in above_headings(stream.head.rows[:start])]
    parsed = Parsed(headings, reader.heading_of, notes=[*stream.notes, *above, *reader.notes])
    columns = Columns(stream, reader, headings, mapping, hints)
    return _Run(stream, kind, mapping, actor, progress, reader, columns, parsed, number)


def _look(run: _Run) -> None:
    """The first pass: different cells of each column."""
    places = [run.reader.place_of.get(name) for name in ("course", "activity")]
    creates = places[0] is not None and may_create_courses(run.mapping)
    for rows in run.body():
        if not rows:
            continue
        keys = run.columns.keys(rows)
        run.columns.see(keys)
        if creates:
            activities = keys[places[1]] if places[1] is not None else [""] * len(rows)
            for (number, _cells), *pair in zip(rows, keys[places[0]], activities, strict=True):  # type: ignore[index]
                run.pairs.setdefault(tuple(pair), number)
        run.parsed.total += len(rows)
        run.last = rows[-1][0]
        # nobody knows yet how many there are
        run.progress("reading", run.parsed.total, 0)
    if not run.parsed.total:
        raise NotPlainError
    run.progress("checking", run.parsed.total, run.parsed.total)
    run.open_pairs = {pair for pair in run.pairs if pair[0] != ""}
    run.columns.decide()


def _create_courses(run: _Run) -> None:
    """A course that is new is created as the first good row says that names it with this activity."""
    if not run.pairs:
        return
    rows: list[tuple[int, dict[str, Any]]] = []
    numbers = set(run.pairs.values())
    for piece in run.body():
        for number, cells in piece:
            if number in numbers or run.pair_of(cells) in run.open_pairs:
                _offer_course(run, number, cells, rows)
        if not run.open_pairs:
            break
    try:
        create_courses(run.kind, rows, run.mapping, run.actor)
    except BadRows as error:
        raise NotPlainError from error


def _offer_course(run: _Run, number: int, cells: list[Any], rows: list[tuple[int, dict[str, Any]]]) -> None:
    values, problems = _read(run, number, cells)[:2]
    if not problems and values is not None:
        rows.append((number, values))
        run.open_pairs.discard(run.pair_of(cells))


def _references(run: _Run) -> References:
    fields = {one.name: one for one in run.reader.fields}

    def said(name: str) -> set[str]:
        read, place = run.columns.values(fields[name]), run.reader.place_of.get(name)
        keys = [""] if place is None else run.columns.columns[place].cells
        return {
            value.strip() if name == "employee_no" else value for key in keys if isinstance(value := read(key), str)
        }

    has_attributes = bool(run.mapping.attributes) or any(one.attribute for one in run.reader.fields)
    return References.of(numbers=said("employee_no"), courses=said("course"), has_attributes=has_attributes)


def _only_activity(run: _Run) -> str:
    """The activity of files of scores that do not say it in every row."""
    if run.kind != Kind.SCORES:
        return ""
    places = [run.reader.place_of.get(name) for name in ("activity", "course")]
    if any(place is not None and "" not in run.columns.columns[place].cells for place in places):
        return ""
    if "activity" in run.mapping.constants or "course" in run.mapping.constants:
        return ""
    # whether all rows say one of both shows in the rows alone
    if any(place is not None for place in places):
        raise NotPlainError
    return only_exam()


def _put(run: _Run, lane: Lane, lines: Lines) -> None:
    """The second pass."""
    done = 0
    for rows in run.body():
        if not rows:
            continue
        keys = run.columns.keys(rows)
        passed, odd = _passed_over(run, rows), _misshapen(run, rows)
        piece = lines.piece(rows, keys, odd | passed)
        if piece.lines:
            lane.add(piece)
        for number, cells in piece.odd:
            _read_odd(run, number, cells)
        done += len(rows)
        run.progress("saving", done, run.parsed.total)


def _passed_over(run: _Run, rows: Rows) -> set[int]:
    if not run.reader.mapping.skip:
        return set()
    return {
        at
        for at, (_number, cells) in enumerate(rows)
        if run.reader.passes_over([run.stream.plain(cell) for cell in cells])
    }


def _misshapen(run: _Run, rows: Rows) -> set[int]:
    """Rows with more cells than headings, and the last one of a text that may have been cut off."""
    width = len(run.parsed.headings)
    found = {at for at, (_number, cells) in enumerate(rows) if len(cells) > width and any(map(filled, cells[width:]))}
    return found | ({len(rows) - 1} if run.stream.is_open else set())


def _read(run: _Run, number: int, cells: list[Any]) -> tuple[dict[str, Any] | None, list[RowProblem], list[Any]]:
    """As parse() reads a row of any file: values (None: it is passed over), problems, the cells as they came."""
    raw, clean, doubts = run.columns.row_of(number, cells)
    width = len(run.parsed.headings)
    if any(filled(cell) for cell in clean[width:]):
        return {}, [too_long(number, clean, width)], raw
    if run.stream.is_open and number == run.last and len(clean) < width:
        return {}, [cut_off(number, clean)], raw
    if run.reader.passes_over(raw):
        return None, [], raw
    values, problems = run.reader.read(number, clean, raw)
    return values, problems or [run.parsed.renamed(doubtful(doubt)) for doubt in doubts], raw


def _read_odd(run: _Run, number: int, cells: list[Any]) -> None:
    values, problems, raw = _read(run, number, cells)
    if values is None:
        run.parsed.passed_over += 1
        return
    if not problems:
        run.odd.append((number, values))
    run.parsed.problems += problems
    run.parsed.raw[number] = raw
    if len(run.parsed.raw) > MOST_ODD:
        raise NotPlainError


def _read_again(run: _Run, wanted: set[int]) -> None:
    if not wanted:
        return
    for rows in run.body():
        for number, cells in rows:
            if number in wanted:
                _read_odd(run, number, cells)
