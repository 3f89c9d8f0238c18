"""One record at a time: entered by hand, corrected, voided, restored. What was said before stays in the table."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.models import Employee, User
from training.models import Activity, Correction, LearningRecord, RecordStatus
from training.services.records.checks import closed_year_problems, date_problems, read_row
from training.services.records.rows import FACT_COLUMNS, Facts, RecordRow, References
from training.services.records.save import save_records
from training.services.work import queue_points_for_days

MANUAL = "manual"
#: what a correction may change: fields of the record, with ``employee``, ``activity`` and ``course`` as objects
CONTENT = frozenset(
    {"employee", "activity", "course", "happened_on", "minutes", "count", "score", "passed", "title", "attributes"}
)  # fmt: skip


def enter_record(
    *,
    employee: Employee,
    activity: Activity,
    happened_on: dt.date,
    actor: User | None,
    source_id: str = "",
    **content: Any,
) -> LearningRecord | Correction:
    """A record typed in by a person. ``content``: see CONTENT. The same ``source_id`` again changes nothing.

    Answers the correction instead where it came too late for its year.
    """
    stated_values = {code: value for code, value in content.get("attributes", {}).items() if value is not None}
    content = content | {"attributes": stated_values}
    row = _row(
        {"employee": employee, "activity": activity, "happened_on": happened_on, **content},
        source=MANUAL,
        source_id=source_id or uuid.uuid4().hex,
    )
    try:
        save_records(rows=[row], actor=actor, cause=_("Record entered"))
    except BadRows as error:
        raise as_bad_input(error.problems[0]) from error
    names = {"source": row.source, "source_id": row.source_id}
    saved = LearningRecord.objects.filter(**names).order_by("-revision").first()
    return saved or Correction.objects.get(**names)


def correct_record(*, record: LearningRecord, reason: str, actor: User | None, **changes: Any) -> LearningRecord:
    """A new revision that says what ``changes`` (see CONTENT) name; the old one is superseded with the ``reason``.

    Answers the record itself where nothing differs. Points of both people, days and activities follow.
    """
    if unknown := set(changes) - CONTENT:
        raise TypeError(f"correct_record cannot change {sorted(unknown)}")
    reason = stated(reason)
    with transaction.atomic():
        record = _locked(record, RecordStatus.ACTIVE)
        content = {name: getattr(record, name) for name in CONTENT}
        if _settles_result(changes):
            content["passed"] = None
        if "attributes" in changes:
            changes["attributes"] = {**record.attributes, **changes["attributes"]}
        row = _row(content | changes, source=record.source, source_id=record.source_id)
        refs = References([row])
        facts, problems = read_row(row, refs)
        problems += closed_year_problems(0, record.happened_on, refs)
        if facts:
            problems += date_problems(row, refs)
        if problems or facts is None:
            raise as_bad_input(problems[0])
        new = _say(_next_revision(record, actor), facts)
        if _same(record, new):
            return record
        _set_status(record, RecordStatus.SUPERSEDED, reason)
        new.save()
        _queue([record, new], cause=_("Record corrected"), actor=actor)
    return new


def _settles_result(changes: dict[str, Any]) -> bool:
    """A new score is compared with the pass mark again, unless the result is stated too."""
    return "score" in changes and "passed" not in changes


def _same(old: LearningRecord, new: LearningRecord) -> bool:
    names = (
        "employee_id",
        "activity_id",
        "course_id",
        "happened_on",
        "minutes",
        "score",
        "passed",
        "title",
        "attributes",
    )
    return all(getattr(old, name) == getattr(new, name) for name in names) and (old.count or 1) == (new.count or 1)


def void_record(*, record: LearningRecord, reason: str, actor: User | None) -> LearningRecord:
    """The record does not count any more; its points are taken back. It stays in the table with the ``reason``."""
    return void_records(records=[record], reason=reason, actor=actor)[0]


def void_records(*, records: Iterable[LearningRecord], reason: str, actor: User | None) -> list[LearningRecord]:
    """Void several at once, as a whole sign-in sheet; of several, those that do not count are left alone."""
    reason = stated(reason)
    wanted = sorted(record.pk for record in records)
    with transaction.atomic():
        found = list(LearningRecord.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
        active = [record for record in found if record.status == RecordStatus.ACTIVE]
        if len(found) == 1 and not active:
            raise _not_possible(found[0])
        refs = References([])
        for record in active:
            for problem in closed_year_problems(0, record.happened_on, refs):
                raise as_bad_input(problem)
        for record in active:
            record.status, record.status_reason = RecordStatus.VOIDED, reason
        LearningRecord.objects.bulk_update(active, ["status", "status_reason"], batch_size=1000)
        _queue(active, cause=_("Record voided"), actor=actor)
    return found


def restore_record(*, record: LearningRecord, reason: str, actor: User | None) -> LearningRecord:
    """A voided record counts again, as a new revision with the same content."""
    reason = stated(reason)
    with transaction.atomic():
        record = _locked(record, RecordStatus.VOIDED)
        row = _row({name: getattr(record, name) for name in CONTENT}, source=record.source, source_id=record.source_id)
        refs = References([row])
        if LearningRecord.objects.filter(supersedes=record).exists():
            raise _not_possible(record)
        for problem in date_problems(row, refs):
            raise as_bad_input(problem)
        new = _next_revision(record, actor)
        new.status_reason = reason
        new.save()
        _queue([new], cause=_("Record restored"), actor=actor)
    return new


def check_restated(rows: Sequence[RecordRow]) -> list[RowProblem]:
    """What stands against :func:`restate_records`."""
    return _restated(rows)[1]


def _restated(rows: Sequence[RecordRow]) -> tuple[list[Facts], list[RowProblem]]:
    refs = References(rows)
    said: list[Facts] = []
    problems: list[RowProblem] = []
    for row in rows:
        facts, wrong = read_row(row, refs)
        problems += wrong
        if facts:
            said.append(facts)
            problems += date_problems(row, refs)
    return said, problems


def restate_records(
    *, stated_again: Sequence[tuple[LearningRecord, RecordRow]], reason: str, actor: User | None
) -> list[LearningRecord]:
    """Voided records count again, as new revisions with what the rows say now. All or nothing: raises BadRows."""
    reason = stated(reason)
    with transaction.atomic():
        said, problems = _restated([row for _record, row in stated_again])
        if problems:
            raise BadRows(problems)
        facts = {record.pk: one for (record, _row), one in zip(stated_again, said, strict=True)}
        found = list(LearningRecord.objects.select_for_update().filter(pk__in=facts).order_by("pk"))
        followed = set(LearningRecord.objects.filter(supersedes__in=facts).values_list("supersedes", flat=True))
        for record in found:
            if record.status != RecordStatus.VOIDED or record.pk in followed:
                raise _not_possible(record)
        made = LearningRecord.objects.bulk_create(
            (_restatement(record, facts[record.pk], reason, actor) for record in found), batch_size=1000
        )
        _queue([*found, *made], cause=_("Record restored"), actor=actor)
    return made


def _restatement(record: LearningRecord, facts: Facts, reason: str, actor: User | None) -> LearningRecord:
    new = LearningRecord(
        source=record.source, source_id=record.source_id, revision=record.revision + 1, supersedes=record,
        status_reason=reason, created_by=actor,
    )  # fmt: skip
    return _say(new, facts)


def _say(record: LearningRecord, facts: Facts) -> LearningRecord:
    for name in FACT_COLUMNS:
        setattr(record, name, getattr(facts, name))
    record.attributes = json.loads(facts.attributes)
    return record


def as_bad_input(problem: RowProblem, names: Callable[[str], str] | None = None) -> BadInput:
    """A row's problem as that of a form field."""
    field = {"employee_no": "employee"}.get(problem.column, problem.column)
    return BadInput(names(field) if names else field, problem.value, problem.message, problem.mend)


def _row(content: dict[str, Any], *, source: str, source_id: str) -> RecordRow:
    course = content.get("course")
    return RecordRow(
        row=0,
        employee_no=content["employee"].employee_no,
        activity=content["activity"].code,
        happened_on=content["happened_on"],
        minutes=content.get("minutes"),
        count=content.get("count"),
        score=content.get("score"),
        passed=content.get("passed"),
        course=course.code if course else "",
        title=content.get("title") or "",
        source=source,
        source_id=source_id,
        attributes=content.get("attributes") or {},
    )


def stated(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise BadInput("reason", "", _("The reason is missing."), _("Say why: others will read it beside the points."))
    if len(reason) > 300:
        raise BadInput("reason", reason, _("Longer than %(longest)s characters.") % {"longest": 300}, _("Shorten it."))
    return reason


def _locked(record: LearningRecord, status: str) -> LearningRecord:
    """The record as it is now, held until the end of the transaction; refused unless it has ``status``."""
    rows = LearningRecord.objects.select_for_update(of=("self",)).select_related("employee", "activity", "course")
    record = rows.get(pk=record.pk)
    if record.status != status:
        raise _not_possible(record)
    return record


def _not_possible(record: LearningRecord) -> BadInput:
    return BadInput(
        "status",
        record.get_status_display(),
        _("Somebody else has changed this record meanwhile."),
        _("Open the newest revision and look again."),
    )


def _set_status(record: LearningRecord, status: str, reason: str) -> None:
    record.status, record.status_reason = status, reason
    record.save(update_fields=["status", "status_reason"])


def _next_revision(record: LearningRecord, actor: User | None) -> LearningRecord:
    """An unsaved copy that supersedes ``record``."""
    same_name = LearningRecord.objects.filter(source=record.source, source_id=record.source_id)
    last = same_name.aggregate(last=Max("revision"))["last"]
    new = LearningRecord.objects.get(pk=record.pk)
    new.pk, new._state.adding = None, True
    new.revision, new.supersedes, new.created_by = last + 1, record, actor
    new.status, new.status_reason = RecordStatus.ACTIVE, ""
    return new


def _queue(records: Sequence[LearningRecord], *, cause: str, actor: User | None) -> None:
    pairs = sorted({(record.employee_id, record.happened_on) for record in records})
    queue_points_for_days(pairs=pairs, cause=cause, actor=actor)
