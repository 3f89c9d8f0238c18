"""Appeals: handed in, withdrawn, decided by somebody who had no hand in what they are about."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hrsuite.lib.documents import Document
from hrsuite.lib.errors import BadInput, BadRows
from people.models import Employee, User
from people.selectors import today
from people.services.notifications import Note, notify_all
from training.models import (
    Activity,
    Appeal,
    AppealState,
    Category,
    Course,
    LearningRecord,
    LedgerEntry,
    PointsYear,
    Standing,
)
from training.selectors.appeals import (
    deadline_of_entry,
    deadline_of_record,
    deadline_of_year,
    deciders,
    standing_of,
    why_not,
)
from training.services.booking import book
from training.services.records import RecordRow, adjust_points, check_records, save_records
from training.services.records.change import as_bad_input

#: source of the records that upheld appeals make; the source id is the number of the appeal
SOURCE = "appeal"
VERDICTS = (AppealState.UPHELD, AppealState.PARTLY, AppealState.REJECTED)
LONGEST = 4000
HANDED_IN = gettext_lazy("%(name)s appeals: %(subject)s. Please decide it.")
WITHDRAWN = gettext_lazy("%(name)s has withdrawn appeal %(number)s.")
DECIDED = gettext_lazy("Your appeal %(number)s is decided: %(state)s.")
SUBJECT_NEW = gettext_lazy("A new appeal")
SUBJECT_DECIDED = gettext_lazy("Your appeal is decided")


@dataclass(frozen=True)
class Happening:
    """What a missing record should say."""

    activity: Activity
    happened_on: dt.date
    course: Course | None = None
    minutes: int | None = None
    count: int | None = None
    score: Decimal | None = None
    passed: bool | None = None
    title: str = ""

    @classmethod
    def of(cls, appeal: Appeal) -> Happening:
        return cls(**{name: getattr(appeal, name) for name in cls.__dataclass_fields__})

    def row(self, employee: Employee, source_id: str) -> RecordRow:
        content = {
            name: getattr(self, name) for name in ("happened_on", "minutes", "count", "score", "passed", "title")
        }
        return RecordRow(
            row=0,
            employee_no=employee.employee_no,
            activity=self.activity.code,
            course=self.course.code if self.course else "",
            source=SOURCE,
            source_id=source_id,
            **content,
        )


@dataclass(frozen=True)
class Verdict:
    """``amount`` and ``category`` for a line or a record; ``happening`` for a missing one. None of them to reject."""

    state: str
    answer: str
    amount: Decimal | None = None
    category: Category | None = None
    happening: Happening | None = None


@dataclass(frozen=True)
class Effect:
    """What a verdict would do to the account."""

    before: Decimal
    after: Decimal
    required: Decimal | None
    met_before: bool | None
    met_after: bool | None

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


# --- handing in -------------------------------------------------------------------------------------------------------
def submit_appeal(
    *,
    employee: Employee,
    text: str,
    actor: User,
    entry: LedgerEntry | None = None,
    record: LearningRecord | None = None,
    missing: Happening | None = None,
    evidence: Document | None = None,
) -> Appeal:
    """Dispute one of ``entry``, ``record`` and ``missing``, all of this very ``employee``, before the deadline."""
    text = _stated(text, "text", _("Say what is wrong, and why."))
    year, deadline = _subject(employee, entry, record, missing)
    if year.status == PointsYear.Status.CLOSED:
        raise BadInput(
            "year", year.name, _("Points year %(year)s is closed.") % {"year": year.name},
            _("Ask HR: as long as it is closed, nothing in it can be appealed against."),
        )  # fmt: skip
    if today() > deadline:
        raise BadInput(
            "deadline",
            deadline,
            _("The deadline for this appeal was %(day)s.") % {"day": date_format(deadline)},
            _("Ask HR if something important was overlooked."),
        )
    details = _details(missing) if missing else {}
    appeal = Appeal(
        employee=employee, year=year, entry=entry, record=record, text=text, deadline=deadline, **details
    )  # fmt: skip
    with transaction.atomic():
        # one after another, so that a double click is one appeal
        Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)
        _refuse_twin(appeal)
        if evidence:
            appeal.evidence_name = evidence.name
            appeal.evidence.save(f"{uuid.uuid4().hex}.{evidence.kind}", ContentFile(evidence.data), save=False)
        try:
            appeal.save()
            _tell_deciders(appeal)
        except Exception:
            if evidence:
                appeal.evidence.delete(save=False)
            raise
    return appeal


def _details(happening: Happening) -> dict[str, Any]:
    """Its fields, with the objects as they are."""
    return {name: getattr(happening, name) for name in Happening.__dataclass_fields__}


def _subject(
    employee: Employee, entry: LedgerEntry | None, record: LearningRecord | None, missing: Happening | None
) -> tuple[PointsYear, dt.date]:
    """The points year and the last day to hand it in."""
    if sum(one is not None for one in (entry, record, missing)) != 1:
        raise TypeError("An appeal is about one thing: entry, record or missing.")
    if entry:
        _refuse_others(employee, entry.employee_id)
        return entry.year, deadline_of_entry(entry)
    if record:
        _refuse_others(employee, record.employee_id)
        return _year_of(record.happened_on), deadline_of_record(record)
    assert missing is not None
    year = _year_of(missing.happened_on)
    problems = check_records([missing.row(employee, "new")]).problems
    if problems and year.status != PointsYear.Status.CLOSED:
        raise as_bad_input(problems[0])
    return year, deadline_of_year(year)


def _refuse_others(employee: Employee, owner: int) -> None:
    if owner != employee.pk:
        raise BadInput("employee", employee, _("This belongs to somebody else."), _("Appeal about your own points."))


def _year_of(day: dt.date) -> PointsYear:
    year = PointsYear.objects.filter(start_date__lte=day, end_date__gte=day).first()
    if year is None:
        raise BadInput(
            "happened_on", day, _("This day is in no points year."), _("Correct the date, or ask HR for the year.")
        )
    return year


def _refuse_twin(appeal: Appeal) -> None:
    """One open appeal per line, per record, and per missing course or activity of a day."""
    twin = Appeal.objects.filter(
        employee=appeal.employee,
        state=AppealState.OPEN,
        entry=appeal.entry,
        record=appeal.record,
        activity=appeal.activity,
        course=appeal.course,
        happened_on=appeal.happened_on,
        title=appeal.title,
    ).first()
    if twin:
        raise BadInput(
            "text", "", _("Appeal %(number)s about this is still open.") % {"number": twin},
            _("Wait for its decision, or withdraw it first."),
        )  # fmt: skip


def _stated(text: str, field: str, mend: str) -> str:
    text = text.strip()
    if not text:
        raise BadInput(field, "", _("The text is missing."), mend)
    if len(text) > LONGEST:
        raise BadInput(field, "", _("Longer than %(longest)s characters.") % {"longest": LONGEST}, _("Shorten it."))
    return text


@transaction.atomic
def withdraw_appeal(*, appeal: Appeal, actor: User) -> Appeal:
    """Take the own appeal back; nothing happens to the points."""
    appeal = _locked(appeal)
    if appeal.employee.user_id != actor.pk:
        raise BadInput("employee", appeal.employee, _("This is somebody else's appeal."), _("Reject it instead."))
    appeal.state = AppealState.WITHDRAWN
    appeal.save(update_fields=["state"])
    params = {"name": appeal.employee.name, "number": appeal}
    _notify(deciders(), WITHDRAWN, params, appeal)
    return appeal


# --- deciding ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def decide_appeal(*, appeal: Appeal, verdict: Verdict, actor: User) -> Appeal:
    """Uphold (points, or the missing record, follow and are linked), uphold in part, or reject; with an answer.

    Refused for the employee, for whoever made the record or its bookings, and where the year is closed meanwhile
    (rejecting excepted).
    """
    appeal = _locked(appeal)
    reason = why_not(appeal, actor)
    if reason:
        raise BadInput("state", "", reason, _("Somebody else has to decide it."))
    if verdict.state not in VERDICTS:
        raise BadInput("state", verdict.state, _("This is no decision."), _("Use upheld, partly or rejected."))
    appeal.answer = _stated(verdict.answer, "answer", _("Say why: the employee reads it."))
    appeal.state, appeal.decided_by, appeal.decided_at = verdict.state, actor, timezone.now()
    if verdict.state != AppealState.REJECTED:
        _bring_about(appeal, verdict, actor)
    appeal.save(update_fields=["answer", "state", "decided_by", "decided_at", "outcome_entry", "outcome_record"])
    if appeal.employee.user:
        params = {"number": appeal, "state": AppealState(appeal.state).label}
        _notify([appeal.employee.user], DECIDED, params, appeal, subject=SUBJECT_DECIDED)
    return appeal


def preview_decision(*, appeal: Appeal, verdict: Verdict, actor: User) -> Effect:
    """What :func:`decide_appeal` would do to the points: it is done, booked, read, and undone."""
    with transaction.atomic():
        people, year = [appeal.employee_id], appeal.year
        book(employee_ids=people, year_id=year.pk, cause="", actor_id=None)
        before = standing_of(appeal.employee, year)
        decide_appeal(appeal=appeal, verdict=verdict, actor=actor)
        book(employee_ids=people, year_id=year.pk, cause="", actor_id=None)
        after = standing_of(appeal.employee, year)
        transaction.set_rollback(True)
    return Effect(
        before=_total(before),
        after=_total(after),
        required=after.required if after else None,
        met_before=before.met if before else None,
        met_after=after.met if after else None,
    )


def _total(standing: Standing | None) -> Decimal:
    return standing.total if standing else Decimal(0)


def _bring_about(appeal: Appeal, verdict: Verdict, actor: User) -> None:
    # a shared lock: nobody closes the year before our commit
    year = PointsYear.objects.raw("SELECT * FROM training_pointsyear WHERE id = %s FOR SHARE", [appeal.year_id])[0]
    if year.status == PointsYear.Status.CLOSED:
        raise BadInput(
            "state", year.name, _("Points year %(year)s is closed.") % {"year": year.name},
            _("Have the year reopened first, or reject the appeal."),
        )  # fmt: skip
    if appeal.activity_id:
        appeal.outcome_record = _save_record(appeal, verdict.happening or Happening.of(appeal), actor)
        return
    if verdict.amount is None or verdict.category is None:
        raise BadInput(
            "amount", "", _("The points are missing."), _("State how many points to add, or reject the appeal.")
        )
    cause = _("Appeal %(number)s") % {"number": appeal}
    appeal.outcome_entry = adjust_points(
        employee=appeal.employee,
        year=year,
        category=verdict.category,
        amount=verdict.amount,
        reason=f"{cause}: {appeal.answer}"[:300],
        actor=actor,
        cause=cause,
    )


def _save_record(appeal: Appeal, happening: Happening, actor: User) -> LearningRecord:
    row = happening.row(appeal.employee, str(appeal.pk))
    if not appeal.year.start_date <= happening.happened_on <= appeal.year.end_date:
        raise BadInput(
            "happened_on",
            happening.happened_on,
            _("The appeal is about points year %(year)s.") % {"year": appeal.year},
            _("Choose a day within it."),
        )
    try:
        save_records(rows=[row], actor=actor, cause=_("Appeal %(number)s") % {"number": appeal}, decided=True)
    except BadRows as error:
        raise as_bad_input(error.problems[0]) from error
    return LearningRecord.objects.get(source=SOURCE, source_id=str(appeal.pk))


def _locked(appeal: Appeal) -> Appeal:
    """The appeal as it is now, held until the end of the transaction; refused unless it is open."""
    rows = Appeal.objects.select_for_update(of=("self",)).select_related(
        "employee__user", "year", "entry__batch", "entry__record", "record", "activity", "course"
    )
    appeal = rows.get(pk=appeal.pk)
    if appeal.state != AppealState.OPEN:
        raise BadInput(
            "state", appeal.get_state_display(), _("This appeal is not open any more."), _("Look at what became of it.")
        )
    return appeal


# --- telling ----------------------------------------------------------------------------------------------------------
def _tell_deciders(appeal: Appeal) -> None:
    others = [user for user in deciders() if user.pk != appeal.employee.user_id]
    # where everybody had a hand in it, all hear of it and have to find somebody
    fit = [user for user in others if not why_not(appeal, user)] or others
    what = appeal.activity or (appeal.record and appeal.record.activity) or (appeal.entry and appeal.entry.category)
    _notify(fit, HANDED_IN, {"name": appeal.employee.name, "subject": what}, appeal, subject=SUBJECT_NEW)


def _notify(users: Iterable[User], text: Any, params: dict[str, Any], appeal: Appeal, subject: Any = "") -> None:
    url = reverse("training:appeal", kwargs={"pk": appeal.pk})
    notify_all([Note(user=user, text=text, params=params, url=url, subject=subject) for user in users])
