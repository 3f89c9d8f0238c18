"""A file in, a report out: read, check, save, in one transaction that a dry run rolls back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.lib.errors import BadInput, Outcome, RowProblem
from hrsuite.templatetags.suite import points
from migration.cleaning import Hints
from migration.models import ImportBatch, Kind
from migration.rules import row_json
from migration.selectors import same_file_imported, stored
from migration.services.cells import Parsed, parse
from migration.services.changing import Change, change_json, changes_of
from migration.services.content import Content
from migration.services.holding import OvertakenError
from migration.services.journal import forget, remember, write_journal
from migration.services.mapping import Mapping
from migration.services.naming import complete
from migration.services.reading import Table
from migration.services.recognising import recognise, with_dictionary
from migration.services.refused import keep_rows, rows_as_json
from migration.services.safeguard import back_up
from migration.services.saving import save_good
from migration.services.sources import read_source
from migration.services.streaming import NotPlainError, Stream, import_stream, stream_of
from migration.services.streaming.stream import FROM_BYTES, FROM_ROWS
from migration.services.streaming.sums import refresh_statistics
from migration.services.tables import chosen, is_alone
from migration.services.totals import sums, totals_of
from migration.services.whole import is_whole, look_at_whole
from people.models import User

#: problems that one batch keeps for later reading
MOST_KEPT = 20_000
#: so often an import looks anew where others entered what it is about
MOST_LOOKS = 3
#: kinds of which large files are read piece by piece
STREAMED = (Kind.RECORDS, Kind.SCORES)
#: phases of an import, in order
PHASES = ("reading", "checking", "saving", "proving")
#: told of the phase, the rows done in it, and all rows (0: nobody knows yet); raises Cancelled where somebody wants to
#: stop
Progress = Callable[[str, int, int], None]


class Cancelled(Exception):
    """Somebody stops the import; its transaction is rolled back."""


def nobody_asks(phase: str, done: int, total: int) -> None:
    """The progress of whoever does not want to know."""


@dataclass
class Report:
    """What an import did, or would do. ``status``: imported, refused, or checked (a dry run without problems)."""

    kind: str
    file_name: str
    status: str
    dry_run: bool
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    #: rows that wait for a person's decision
    kept: int = 0
    #: rows that repeat another one of the file
    merged: int = 0
    #: rows that the mapping passes over, and those that are none: sums, notes, left out by decision
    passed_over: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: field -> heading of the file
    columns: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    batch: int | None = None
    #: the refused rows as they came, see services/refused.py
    refused_rows: dict[str, Any] = field(default_factory=dict)
    #: see services/totals.py
    totals: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        answer = asdict(self) | {"problems": [_plain(problem) for problem in self.problems]}
        del answer["refused_rows"]
        told = self.changes if self.status != "refused" else []
        answer["changes"] = [change_json(one) for one in told if one.status != "unchanged"]
        return answer


def _plain(problem: RowProblem) -> dict[str, Any]:
    value = problem.value
    return asdict(problem) | {
        **row_json(problem.row),
        "value": value if isinstance(value, (int, type(None))) else str(value),
    }


def import_file(
    *,
    name: str,
    data: bytes,
    kind: str,
    actor: User | None,
    mapping: Mapping | None = None,
    hints: Hints | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    with_changes: bool = False,
    progress: Progress = nobody_asks,
) -> Report:
    """Import the file ``name`` with the content ``data`` as rows of ``kind``: see :func:`import_table`."""
    return import_content(
        name=name, content=Content.of(data), kind=kind, actor=actor, mapping=mapping, hints=hints, dry_run=dry_run,
        skip_bad=skip_bad, with_changes=with_changes, progress=progress,
    )  # fmt: skip


def import_content(
    *,
    name: str,
    content: Content,
    kind: str,
    actor: User | None,
    mapping: Mapping | None = None,
    hints: Hints | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    with_changes: bool = False,
    progress: Progress = nobody_asks,
) -> Report:
    """The same for a content that is read piece by piece where it can be."""
    _check_kind(kind)
    mapping = mapping or Mapping()
    progress("reading", 0, 0)
    sha256 = content.sha256
    whole_table = None
    if kind in STREAMED and not with_changes and not is_alone(mapping):
        stream = stream_of(
            name=name, content=content, sheet=mapping.sheet, encoding=mapping.encoding, heading_row=mapping.heading_row
        )
        whole_table = stream.whole if stream is not None else None
        if stream is not None and not is_whole(stream.lines):
            known, notes = recognise(stream.head, kind, mapping)
            from_1904 = whole_table is not None and whole_table[0].from_1904
            with suppress(NotPlainError):
                report = _import_stream(
                    stream, sha256, kind, actor, known,
                    with_dictionary(known, replace(hints or Hints(), from_1904=from_1904)), progress, dry_run=dry_run,
                    skip_bad=skip_bad,
                )  # fmt: skip
                report.notes += notes
                return report
    source, notes = whole_table or read_source(
        name=name, data=content.read(), sheet=mapping.sheet, encoding=mapping.encoding,
        heading_row=mapping.heading_row, is_alone=is_alone(mapping),
    )  # fmt: skip
    source = chosen(source, mapping)
    if is_whole(len(source.rows)):
        whole = look_at_whole(source, notes, kind, mapping, hints)
        return import_table(
            table=replace(whole.table, name=name), sha256=sha256, kind=kind, actor=actor, mapping=whole.mapping,
            refuse=whole.refuse, raw=whole.raw, own=whole.own, left_out=whole.left_out, merged=whole.merged,
            dry_run=dry_run, skip_bad=skip_bad, with_changes=with_changes, progress=progress,
        )  # fmt: skip
    hints = replace(hints or Hints(), from_1904=source.from_1904)
    table = Table(name, source.rows, notes, source.open_end)
    mapping, said = recognise(table, kind, mapping)
    return import_table(
        table=replace(table, notes=[*notes, *said]), sha256=sha256, kind=kind, actor=actor, mapping=mapping,
        hints=with_dictionary(mapping, hints), dry_run=dry_run, skip_bad=skip_bad, with_changes=with_changes,
        progress=progress,
    )  # fmt: skip


def _import_stream(
    stream: Stream, sha256: str, kind: str, actor: User | None, mapping: Mapping, hints: Hints | None,
    progress: Progress, *, dry_run: bool, skip_bad: bool,
) -> Report:  # fmt: skip
    """As :func:`import_table`, for a big file of evidence."""
    with transaction.atomic():
        done = import_stream(
            stream=stream, kind=kind, mapping=mapping, hints=hints or Hints(), actor=actor,
            cause=_("Import of %s") % stream.name, skip_bad=skip_bad, progress=progress,
        )  # fmt: skip
        parsed = done.parsed
        report = Report(
            kind=kind, file_name=stream.name, status="imported", dry_run=dry_run, rows=parsed.total,
            passed_over=parsed.passed_over, notes=parsed.notes, columns=parsed.heading_of,
        )  # fmt: skip
        is_refused = bool(done.problems) and not (skip_bad and done.any_good)
        _tell(report, parsed, mapping, done.outcome, done.problems, is_refused=is_refused)
        progress("proving", parsed.total, parsed.total)
        if report.status == "imported" and not dry_run:
            _keep(report, sha256, actor, done.prove)
        forget()
        if dry_run or report.status == "refused":
            transaction.set_rollback(True)
    if report.created >= FROM_ROWS and report.status == "imported" and not dry_run:
        refresh_statistics()
    if dry_run and report.status == "imported":
        report.status = "checked"
    return report


def import_table(
    *,
    table: Table,
    sha256: str,
    kind: str,
    actor: User | None,
    mapping: Mapping | None = None,
    hints: Hints | None = None,
    refuse: Sequence[RowProblem] = (),
    raw: AnyMapping[int, list[Any]] | None = None,
    own: AnyMapping[int, list[Any]] | None = None,
    left_out: int = 0,
    merged: int = 0,
    dry_run: bool = False,
    skip_bad: bool = False,
    with_changes: bool = False,
    progress: Progress = nobody_asks,
) -> Report:
    """Import the rows of ``table`` as rows of ``kind``; ``sha256`` names the file that they come from.

    All or nothing: a single refused row leaves everything as it was, unless ``skip_bad`` asks for the good rows alone.
    Of a table that was cleaned before, ``refuse`` are the rows in doubt, ``raw`` the cells as they came by row (``own``
    those of rows that no rule moved), ``merged`` rows that repeat another, and ``left_out`` rows that are none.
    ``dry_run`` does the same and takes it back. ``with_changes`` fills the report's changes (for a preview).
    ``progress`` hears how far it is, and may raise Cancelled. Raises BadInput for a file that cannot be used at all.
    """
    _check_kind(kind)
    mapping = mapping or Mapping()
    # the headings are no row
    body = max(0, len(table.rows) - 1)
    progress("checking", 0, body)
    parsed = parse(table, kind, mapping, hints, lambda done: progress("checking", done, body), own)
    _refuse(parsed, refuse)
    parsed.raw |= raw or {}
    parsed.total += left_out + merged
    parsed.passed_over += left_out
    parsed.rows = complete(kind, parsed.rows)
    for attempt in range(1, MOST_LOOKS + 1):
        report = Report(
            kind=kind, file_name=table.name, status="imported", dry_run=dry_run, rows=parsed.total,
            merged=merged, passed_over=parsed.passed_over, notes=[*parsed.notes], columns=parsed.heading_of,
        )  # fmt: skip
        try:
            _import_rows(parsed, mapping, report, sha256, actor, progress, skip_bad=skip_bad, with_changes=with_changes)
        except OvertakenError as error:
            if attempt == MOST_LOOKS:
                raise BadInput(
                    "file",
                    table.name,
                    _("Somebody entered what this file is about while it was imported."),
                    _("Nothing was imported. Import it again."),
                ) from error
        else:
            break
    if dry_run and report.status == "imported":
        report.status = "checked"
    return report


def _import_rows(
    parsed: Parsed, mapping: Mapping, report: Report, sha256: str, actor: User | None, progress: Progress, *,
    skip_bad: bool, with_changes: bool,
) -> None:  # fmt: skip
    """Save the rows and write down what they did, in one transaction."""
    kind = report.kind
    with transaction.atomic():
        remember(kind, parsed.rows)
        before = stored(kind, parsed.rows) if with_changes else {}
        sums_before = sums(kind)
        progress("saving", 0, parsed.total)
        _save(parsed, mapping, report, actor, progress, skip_bad=skip_bad)
        if with_changes:
            bad, is_refused = {problem.row for problem in report.problems}, report.status == "refused"
            after = stored(kind, parsed.rows)
            unseen = "new" if is_refused or report.created or report.changed else "unchanged"
            report.changes = changes_of(kind, parsed, bad, before, after, is_refused=is_refused, unseen=unseen)
        progress("proving", parsed.total, parsed.total)
        if report.status == "imported" and not report.dry_run:
            _keep(report, sha256, actor, lambda batch: _prove(batch, sums_before))
        forget()
        if report.dry_run or report.status == "refused":
            transaction.set_rollback(True)


def _refuse(parsed: Parsed, refuse: Sequence[RowProblem]) -> None:
    """What a person is asked about says more than what cannot be read for want of an answer."""
    bad = {problem.row for problem in refuse}
    parsed.problems = [*(problem for problem in parsed.problems if problem.row not in bad), *refuse]
    parsed.rows = [one for one in parsed.rows if one[0] not in bad]


def tells_changes(kind: str, size: int) -> bool:
    """Whether a file of so many bytes is small enough to be told row by row what it changes."""
    return kind not in STREAMED or size < FROM_BYTES


def _check_kind(kind: str) -> None:
    if kind not in Kind.values:
        raise BadInput("kind", kind, _("There is no such kind of file."), _("Use one of: %s.") % ", ".join(Kind.values))


def _save(
    parsed: Parsed, mapping: Mapping, report: Report, actor: User | None, progress: Progress, *, skip_bad: bool
) -> None:
    saved = save_good(
        report.kind, parsed=parsed, mapping=mapping, actor=actor, cause=_("Import of %s") % report.file_name,
        skip_bad=skip_bad, heard=lambda done: progress("saving", done, parsed.total),
    )  # fmt: skip
    problems = parsed.problems + saved.problems
    _tell(report, parsed, mapping, saved.outcome, problems, is_refused=bool(problems) and not (skip_bad and saved.rows))


def _tell(
    report: Report, parsed: Parsed, mapping: Mapping, outcome: Outcome, problems: list[RowProblem], *, is_refused: bool
) -> None:
    report.problems = sorted(problems, key=lambda problem: problem.row)
    report.refused_rows = rows_as_json(parsed.headings, parsed.raw, report.problems, mapping)
    report.refused = len({problem.row for problem in problems})
    if is_refused:
        report.status = "refused"
    else:
        report.created, report.changed, report.unchanged = outcome.created, outcome.changed, outcome.unchanged
        report.kept = outcome.kept
        report.notes += outcome.notes
        if outcome.kept:
            report.notes.append(
                ngettext(
                    "%(count)s row came too late for its points year: it is kept for a decision (late records).",
                    "%(count)s rows came too late for their points year: they are kept for a decision (late records).",
                    outcome.kept,
                )
                % {"count": points(outcome.kept)}
            )


def _keep(
    report: Report, sha256: str, actor: User | None, prove: Callable[[ImportBatch], list[dict[str, str]]]
) -> None:
    """A line in the list of imports; none where the same file came again and changed nothing."""
    if not (report.created or report.changed or report.kept) and same_file_imported(kind=report.kind, sha256=sha256):
        report.notes.append(_("This file was imported before: nothing has changed."))
        return
    batch = ImportBatch(
        kind=report.kind,
        file_name=report.file_name[-255:].replace("\x00", ""),
        sha256=sha256,
        actor=actor,
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        kept=report.kept,
        merged=report.merged,
        passed_over=report.passed_over,
        refused=report.refused,
        problems=[_storable(problem) for problem in report.problems[:MOST_KEPT]],
        has_journal=True,
    )
    keep_rows(batch, report.refused_rows)
    batch.save()
    batch.totals = report.totals = prove(batch)
    batch.save(update_fields=["totals"])
    report.batch = batch.pk
    if (report.created or report.changed) and (note := back_up(batch)):
        report.notes.append(note)


def _prove(batch: ImportBatch, sums_before: list[Any]) -> list[dict[str, str]]:
    write_journal(batch)
    return totals_of(batch, sums_before)


def _storable(problem: RowProblem) -> dict[str, Any]:
    plain = _plain(problem).items()
    return {key: value.replace("\x00", "") if isinstance(value, str) else value for key, value in plain}
