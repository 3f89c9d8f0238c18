"""Why a line stands in the ledger: the rule, the scope that won and what it beat, the sum, the caps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Assignment
from training.models import Basis, Category, EntryKind, LearningRecord, LedgerEntry, RecordStatus, RuleVersion
from training.rules import Offer, Place, decided_by, misfit, strength
from training.rules.engine import Plan, Record, evaluate
from training.rules.engine.pricing import Evidence
from training.rules.engine.values import Span
from training.selectors.accounts import plan_in_force
from training.selectors.evidence import evidence_by_id
from training.selectors.policies import earning_text, figure
from training.selectors.winners import assignment_on, offer, place_on, versions_on


@dataclass(frozen=True)
class Rival:
    """A rule that was up for the record: whether it counts, and the words for why or why not."""

    version: RuleVersion
    earning: str
    wins: bool
    reason: str


@dataclass(frozen=True)
class Why:
    """``rivals`` has the winner first. ``moved_on`` says that the rules of today would choose another one."""

    entry: LedgerEntry
    headline: str
    sum_text: str = ""
    cap_texts: list[str] = field(default_factory=list)
    assignment: Assignment | None = None
    rivals: list[Rival] = field(default_factory=list)
    moved_on: bool = False
    history: list[LedgerEntry] = field(default_factory=list)

    @property
    def record_total(self) -> Decimal:
        """What the record counts today, all lines together."""
        return sum((line.amount for line in self.history), Decimal(0))


def why(entry: LedgerEntry) -> Why:
    """The explanation of a line that came from ``visible_entries``."""
    record, version = entry.record, entry.rule_version
    if record is None or version is None:
        return Why(entry, headline=_headline(entry))
    note, apart = _by_engine(entry) if entry.year.by_engine else ("", set())
    assignment = assignment_on(entry.employee, record.happened_on)
    place = place_on(entry.employee, assignment)
    rivals, moved_on = _rivals(record, version, place, apart)
    same_name = LearningRecord.objects.filter(source=record.source, source_id=record.source_id)
    history = LedgerEntry.objects.filter(employee=entry.employee, record__in=same_name)
    return Why(
        entry,
        headline=_headline(entry),
        sum_text=note or _sum_text(entry, version),
        cap_texts=_cap_texts(entry, version),
        assignment=assignment,
        rivals=rivals,
        moved_on=moved_on,
        history=list(history.select_related("batch__actor", "category", "record").order_by("pk")),
    )


def _headline(entry: LedgerEntry) -> str:
    record = entry.record
    if entry.kind == EntryKind.ADJUSTMENT:
        return _("Adjusted by hand: %(reason)s") % {"reason": entry.reason}
    if record is None:
        return _without_record(entry)
    if entry.kind == EntryKind.AWARD:
        return _("Awarded for %(activity)s.") % {"activity": record.activity.name}
    if entry.kind == EntryKind.RECOUNT:
        return _("Counted again: a cap or the record's place below it moved.")
    if record.status == RecordStatus.VOIDED:
        return _("Taken back: the record was voided. %(reason)s") % {"reason": record.status_reason}
    if record.status == RecordStatus.SUPERSEDED:
        return _("Taken back: the record was corrected. %(reason)s") % {"reason": record.status_reason}
    return _("Taken back: another rule applies now.")


def _without_record(entry: LedgerEntry) -> str:
    names = {
        EntryKind.CARRY_OVER: _("Surplus carried over (%(words)s)."),
        EntryKind.DEBT: _("What was missing in the year before is taken off first (%(words)s)."),
        EntryKind.CONVERSION: _("Points of one category counted in another (%(words)s)."),
        EntryKind.ROUNDING: _("The sum is rounded as the policy says."),
        EntryKind.FLOOR: _("The policy does not let points fall below its floor."),
        EntryKind.TEAM: _("Share of a team's achievement (%(words)s)."),
        EntryKind.VOID: _("Voided by a breach: %(name)s."),
    }
    text = names.get(EntryKind(entry.kind), entry.get_kind_display())
    return text % {"words": entry.reason, "name": entry.reason} if "%(" in text else text


def _by_engine(entry: LedgerEntry) -> tuple[str, set[int]]:
    """The sum behind a record's line as the policy engine works it out ("1.5 × 2 × 0.5 = 1.5").

    And the versions that were not up for the record: see :func:`_apart`.
    """
    plan, note = plan_in_force(), ""
    apart: set[int] = set()
    for _pk, (person, records, adjustments) in evidence_by_id([entry.employee_id]):
        account = evaluate(plan, period=entry.year.name, person=person, records=records, adjustments=adjustments)
        for line in account.lines:
            if line.record_id == entry.record_id and line.version and line.version.id == entry.rule_version_id:
                note = f"{line.note} = {figure(line.raw)}"
        evidence, span = Evidence(plan, person, records), plan.span(entry.year.name)
        for record in records:
            if record.id == entry.record_id:
                apart |= _apart(plan, evidence, record, span)
    return note, apart


def _apart(plan: Plan, evidence: Evidence, record: Record, span: Span) -> set[int]:
    """Versions whose condition does not hold, that count besides the winner, or that are for teams."""
    return {
        version.id
        for rule in plan.rules.get(record.activity, ())
        for version in rule.versions
        if rule.adds
        or rule.team
        or not version.when(evidence.lookup(record, span, category=version.category, rule=rule))
    }


def _sum_text(entry: LedgerEntry, version: RuleVersion) -> str:
    """ "1.5 hours × 2 = 3"; the ledger has hours with four places, points with two."""
    if entry.quantity is None:
        return ""
    count = 1 if entry.quantity == 1 else 2
    units = {
        Basis.PER_HOUR: ngettext("%(quantity)s hour", "%(quantity)s hours", count),
        Basis.PER_MINUTES: ngettext("%(quantity)s unit", "%(quantity)s units", count),
        Basis.PER_TIME: ngettext("%(quantity)s time", "%(quantity)s times", count),
        Basis.PER_EVENT: ngettext("%(quantity)s event", "%(quantity)s events", count),
        Basis.PER_ATTRIBUTE: ngettext("%(quantity)s unit", "%(quantity)s units", count),
        Basis.PER_PASS: ngettext("%(quantity)s exam passed", "%(quantity)s exams passed", count),
    }
    numbers = {
        "units": units[Basis(version.basis)] % {"quantity": figure(entry.quantity)},
        "rate": figure(version.rate),
    }
    if entry.kind == EntryKind.AWARD:
        return _("%(units)s × %(rate)s = %(full)s") % {**numbers, "full": figure(entry.full_amount)}
    return _("%(units)s × %(rate)s") % numbers


def _cap_texts(entry: LedgerEntry, version: RuleVersion) -> list[str]:
    """What each cap that cut the record says; the booking notes them in the line's reason."""
    texts = []
    for cut in entry.reason.split(" "):
        if cut == "record" and version.max_per_record is not None:
            texts.append(_("At most %(cap)s points per record.") % {"cap": figure(version.max_per_record)})
        elif cut == "year" and version.max_per_year is not None:
            texts.append(
                _("At most %(cap)s points a year for %(activity)s.")
                % {"cap": figure(version.max_per_year), "activity": version.rule.activity.name}
            )
        elif cut.startswith("limit:"):
            texts.append(_("Limit of the policy: %(name)s.") % {"name": cut[6:].replace("\xa0", " ")})
        elif cut.startswith("breach:"):
            texts.append(_("Voided by a breach: %(name)s.") % {"name": cut[7:].replace("\xa0", " ")})
        elif cut.startswith("category:") and cut[9:].isdecimal():
            category = Category.objects.filter(pk=cut[9:]).first()
            if category:
                texts.append(_("The target counts only so much of %(category)s.") % {"category": category.name})
    return texts


def _rivals(record: LearningRecord, booked: RuleVersion, place: Place, apart: set[int]) -> tuple[list[Rival], bool]:
    """Everything up for the activity on that day, the booked version first, then by strength.

    What stands ``apart`` is no rival; whether the rules moved on is not said of a booked version that does.
    """
    up = [one for one in versions_on(record.employee, record.happened_on) if one.pk not in apart]
    versions = {one.pk: one for one in up if one.rule.activity_id == record.activity_id}
    offers = {pk: offer(one) for pk, one in versions.items()}
    fitting = sorted(
        (one for one in offers.values() if not misfit(one, place)), key=lambda one: strength(one, place), reverse=True
    )
    moved_on = not booked.rule.terms.get("adds") and (not fitting or fitting[0].version_id != booked.pk)
    ours = offers.get(booked.pk, offer(booked))
    rivals = [Rival(booked, earning_text(booked), True, _won_text(ours, fitting, place))]
    for one in fitting:
        if one.version_id != booked.pk:
            reason = (
                _("Stronger today") if strength(one, place) > strength(ours, place) else _lost_text(ours, one, place)
            )
            rivals.append(Rival(versions[one.version_id], earning_text(versions[one.version_id]), False, reason))
    for pk, one in offers.items():
        if pk != booked.pk and (outside := misfit(one, place)):
            rivals.append(Rival(versions[pk], earning_text(versions[pk]), False, _misfit_text(outside)))
    return rivals, moved_on


def _won_text(ours: Offer, fitting: Sequence[Offer], place: Place) -> str:
    others = [one for one in fitting if one.version_id != ours.version_id]
    if not others:
        return _("The only rule that fitted.")
    names = {
        "employee": _("Won: it is for this very person."),
        "position": _("Won: it is for the position."),
        "department": _("Won: it is for the department, and the nearest one comes first."),
        "level": _("Won: it is for the level."),
        "band": _("Won: it is for the band."),
        "condition": _("Won: its condition holds, and a rule with a condition comes first."),
        "priority": _("Won: it has the higher priority."),
        "newest": _("Won: it is the newer one."),
    }
    return names[decided_by(ours, others[0], place)]


def _lost_text(ours: Offer, one: Offer, place: Place) -> str:
    names = {
        "employee": _("Fits, but a rule for this very person comes first."),
        "position": _("Fits, but a rule for the position comes first."),
        "department": _("Fits, but a rule for the department, the nearest one, comes first."),
        "level": _("Fits, but a rule for the level comes first."),
        "band": _("Fits, but a rule for the band comes first."),
        "condition": _("Fits, but a rule with a condition comes first."),
        "priority": _("Fits, but the other one has a higher priority."),
        "newest": _("Fits, but the other one is newer."),
    }
    return names[decided_by(ours, one, place)]


def _misfit_text(outside: str) -> str:
    names = {
        "employee": _("For another person."),
        "position": _("For another position."),
        "department": _("For another department."),
        "level": _("For another level."),
        "band": _("For another band."),
    }
    return names[outside]
