"""What the fields of a policy file are called in the editor."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

#: field, or group.field where it means something else there
LABELS: dict[str, Any] = {
    "code": _("Code"), "name": _("Name"), "description": _("Description"), "rounding": _("Rounding"),
    "floor": _("Never below"), "step": _("Steps of"), "mode": _("How"), "of": _("Of"),
    "policy_rounding.of": _("What is rounded"), "department": _("Department and below"), "position": _("Position"),
    "level": _("Level"), "band": _("Band"), "employee": _("One employee only"), "activity": _("Activity"),
    "adds": _("Counts besides other rules"), "share": _("Share"), "team.share": _("Points of a team go to"),
    "team": _("For records of a team"), "priority": _("Priority"), "from": _("From"), "version.from": _("Valid from"),
    "until": _("Until"), "version.until": _("Valid until"), "when": _("Only where"), "band.when": _("Where"),
    "multiplier.when": _("Where"), "breach.when": _("Where"), "status.when": _("Where"), "outcome.when": _("Where"),
    "points": _("Points"), "basis": _("Given"), "minutes": _("Minutes"), "attribute": _("Stated number"),
    "every": _("Only every so many times"), "times": _("Times"), "multiplier.times": _("Factor"),
    "limit.times": _("Records that count"), "within": _("Within"), "ranking.within": _("Among"),
    "units": _("Rounding of the quantity"), "bands": _("Bands"), "tiers": _("Steps within one record"),
    "up_to": _("Up to"), "tier.points": _("Points each"), "multipliers": _("Multipliers"), "bonus": _("Bonus"),
    "min_per_record": _("At least per record"), "max_per_record": _("At most per record"),
    "max_per_year": _("At most per year"), "limits": _("Limits"), "category": _("Category"),
    "version.category": _("Counts in another category"), "reason": _("Reason"), "rule": _("Rules"),
    "limit.category": _("Categories"), "limit.activity": _("Activities"), "ratio.category": _("Points of categories"),
    "ratio.activity": _("Points of activities"), "requirement.category": _("Categories"),
    "requirement.activity": _("Activities"), "at_most": _("At most"), "limit.at_most": _("At most points"),
    "ratio.at_most": _("At most so many times"), "deduct_at_most": _("Deductions at most"),
    "share_of_total": _("Share of the counted total"), "share_of_required": _("Share of the required points"),
    "ratio_to": _("In proportion to other points"),
    "share_of": _("Share of other points, these included"), "per": _("Within one"), "each": _("Separately for each"),
    "requirement.each": _("In each"), "conversion.from": _("Points of"), "into": _("Count in"),
    "rate": _("Points for one"),
    "substitute.rate": _("Each as"), "moves": _("They leave the first category"), "carry_over.of": _("Surplus of"),
    "debt.of": _("What was missing of"), "debt.into": _("Taken off"), "carry_over.share": _("Part that goes on"),
    "counts_for": _("Counts for"), "only_if_met": _("Only where the target was met"),
    "within_total": _("No more than the surplus of the total"), "keep": _("Which records count"),
    "pro_rata.attribute": _("Part asked of each person"),
    "pro_rata.since": _("Day of joining"), "maximum": _("No more than"),
    "earned_in_last_months": _("Earned in the last months"), "expires_after": _("Gone after periods"),
    "factor": _("Factor"), "voids": _("Then count nothing"), "by": _("Ranked by"), "only": _("Only where"),
    "value": _("Value"), "reward": _("Reward"), "reward.every": _("For every full"), "amount": _("Amount"),
    "from_members": _("To a department's points come"), "year": _("Points year"), "total": _("Points in total"),
    "requirement.total": _("Counted total of at least"), "window": _("Other time"), "window.years": _("Last years"),
    "window.months": _("Last months"), "since": _("Counted from somebody's own day"),
    "years.years": _("Years in a row"), "pro_rata": _("Joiners and leavers"), "joiners": _("Joiners"),
    "leavers": _("Leavers"), "leave": _("Long leave"), "leave_kinds": _("Kinds of leave"),
    "leave_from_days": _("Leave of at least days"), "transfers": _("After a transfer"), "months": _("Months"),
    "exempt_months": _("Exempt below months since hired"), "step.from": _("Who joins from"),
    "step.share": _("Share asked"),
    "requirements": _("Requirements"), "requirement.requirements": _("Of which"), "minimum": _("At least"),
    "cap": _("Counts at most"), "measure": _("Measured in"), "substitutes": _("May be replaced by"),
    "only_if": _("Asked only of people where"), "fixed": _("Never reduced"), "any": _("One of these is enough"),
    "all": _("All of these"), "statuses": _("Statuses"), "outcomes": _("Outcomes"), "conversions": _("Conversions"),
    "carry_over": _("Carry-over"), "debts": _("Debts"), "breaches": _("Breaches"), "ranking": _("Ranking"),
    "teams": _("Teams"), "for": _("For whom"), "above": _("Surplus above"), "after": _("Begins so many periods later"),
    "periods": _("For so many periods"), "take": _("What is compared"), "best": _("Only so many best records"),
}  # fmt: skip

HELPS: dict[str, Any] = {
    "carry_over.above": _("What was required, or what the cap of the category took off."),
    "breach.after": _("Empty: in the period of the breach itself. 1: in the next one."),
    "breach.periods": _("Empty: one period."),
    "requirement.best": _("Empty: all of them."),
    "version.from": _("The day of the learning decides, not the day of entry."),
    "version.until": _("Empty: until it is changed."),
    "version.reason": _("Shown in the history of the rule."),
    "version.points": _("Below zero for a deduction."),
    "rule.code": _("For policy files. Empty: named after the activity."),
    "scope.employee": _("Employee number; leave empty unless it is for one person."),
    "rule.priority": _("Where two rules are equally specific, the higher number wins."),
    "target.priority": _("Where two targets are equally specific, the higher number wins."),
    "version.bands": _("The first band that fits gives the points; the points above are for the rest."),
    "version.tiers": _("The first ten hours one point each, the rest half. The last step has no upper end."),
    "version.multipliers": _("Every factor that fits is applied."),
    "version.bonus": _("Every one that fits is added once per record."),
    "multiplier.attribute": _("Instead of a factor: the number stated in the record."),
    "limit.share_of_total": _("A fraction: 0.5 is half."),
    "limit.share_of_required": _("A fraction: 0.25 is a quarter."),
    "requirement.share_of_total": _("Instead of “at least”: a fraction, 0.1 is a tenth."),
    "requirement.share_of_required": _("Instead of “at least”: a fraction, 0.5 is half."),
    "carry_over.share": _("A fraction: 0.5 is half of it."),
    "carry_over.into": _("Needed where the surplus is of the total."),
    "conversion.rate": _("Such as 0.5: one hour counts as half a credit."),
    "status.when": _("Empty: everybody else. The first status that fits counts."),
    "outcome.name": _("A known consequence, or any word of your own."),
    "outcome.value": _("Such as a bonus band or a coefficient."),
    "requirement.cap": _("For one category alone."),
    "pro_rata.leave_kinds": _("Such as parental, sick. Empty: all kinds."),
    "step.from": _("Month-day, such as 04-01; in a points year of several years a whole day, such as 2027-04-01."),
    "step.share": _("A fraction: 0.5 is half."),
    "target.total": _("Points of every policy in force count. For those of some categories alone, ask below."),
    "policy.floor": _("Empty: the total may be negative."),
    "target.window": _("Rolling: the last years. Or fixed: from and until. Empty: the points year."),
    "requirement.maximum": _("Met only where it is not more than this."),
    "window.since": _("Years or months then follow each other from that day, for each person."),
    "pro_rata.attribute": _("A number stated for each employee, such as 0.5 for half time."),
}

CHOICES: dict[str, Any] = {
    "take.sum": _("the sum"), "take.average": _("the average per record"), "above.minimum": _("what was required"),
    "above.cap": _("the cap of the category"),
    "half_up": _("to the nearest, halves up"), "half_even": _("to the nearest, halves to the even one"),
    "down": _("down"), "up": _("up"), "record": _("record"), "policy_rounding.of.record": _("each record"),
    "policy_rounding.of.category": _("the sum of each category"), "policy_rounding.of.total": _("the total"),
    "first": _("the first"), "highest": _("those with most points"),
    "staff": _("Staff"), "supervisor": _("Supervisors"), "middle": _("Middle management"),
    "senior": _("Senior management"), "none": _("the whole is asked"),
    "leave.none": _("not taken off"), "team.share.none": _("the team itself"),
    "team.share.each": _("every member, the full points"), "team.share.equal": _("every member, divided"),
    "per_hour": _("per hour"), "per_minutes": _("per number of minutes"), "per_time": _("per time"),
    "per_event": _("per event, whatever the count"), "per_pass": _("per exam passed"),
    "per_attribute": _("per unit of a stated number"), "day": _("day"), "week": _("week"), "month": _("month"),
    "quarter": _("quarter"), "half_year": _("half year"), "calendar_year": _("calendar year"), "period": _("period"),
    "year": _("year of the period"), "everything": _("total and requirements"),
    "counts_for.total": _("the total only"), "total": _("total points"), "percent": _("percent of the required points"),
    "surplus": _("surplus"), "policy": _("everybody with a target"), "target": _("the same target"),
    "department": _("the department"), "level": _("the level"), "band": _("the band"),
    "sum": _("the points of its people"),
    "average": _("the average of its people"), "from_members.none": _("nothing"), "months": _("by months"),
    "days": _("by days"), "exempt": _("exempt in that period"), "last": _("the last target"),
    "weighted": _("every target by its time"), "begun": _("begun"), "full": _("full"), "half": _("of at least 15 days"),
}  # fmt: skip

#: what a select says where nothing is chosen, that is: what holds then
DEFAULTS: dict[str, Any] = {
    "requirement.take": _("the sum"), "carry_over.above": _("what was required"),
    "scope.department": _("All departments"), "scope.position": _("All positions"), "scope.level": _("All levels"),
    "scope.band": _("All bands"), "every.within": _("period"), "limit.per": _("period"), "limit.each": _("altogether"),
    "limit.keep": _("the first"), "window.since": _("the last years or months"),
    "pro_rata.attribute": _("the same of everybody"), "pro_rata.since": _("hire date"),
    "version.category": _("the activity's category"), "carry_over.into": _("the same category"),
    "debt.into": _("the same category"), "carry_over.counts_for": _("total and requirements"),
    "ranking.by": _("total points"), "ranking.within": _("everybody with a target"), "requirement.measure": _("points"),
    "requirement.each": _("the whole time"), "rounding.mode": _("to the nearest, halves up"),
    "policy_rounding.mode": _("to the nearest, halves up"), "policy_rounding.of": _("each record"),
    "pro_rata.transfers": _("the last target"), "pro_rata.months": _("begun"), "pro_rata.leave": _("not taken off"),
    "target.pro_rata": _("by months"), "pro_rata.joiners": _("by months"), "pro_rata.leavers": _("by months"),
    "teams.from_members": _("nothing"), "team.share": _("no team: people's own records"),
}  # fmt: skip

#: what one more row of a list is called
ADD: dict[str, Any] = {
    "limit": _("Add a limit"), "multiplier": _("Add a factor"), "conversion": _("Add a conversion"),
    "carry_over": _("Add a carry-over"), "debt": _("Add a debt"), "breach": _("Add a breach"),
    "status": _("Add a status"), "outcome": _("Add an outcome"), "requirement": _("Add a requirement"),
    "any": _("Add “one of these is enough”"), "all": _("Add “all of these”"), "band": _("Add a band"),
    "bonus": _("Add a bonus"), "tier": _("Add a step"), "step": _("Add a day"), "substitute": _("Add a replacement"),
}  # fmt: skip


def label(group: str, name: str) -> str:
    return str(LABELS.get(f"{group}.{name}") or LABELS[name])


def help_text(group: str, name: str) -> str:
    return str(HELPS.get(f"{group}.{name}", ""))


def choice(group: str, name: str, value: str) -> str:
    for key in (f"{group}.{name}.{value}", f"{name}.{value}", value):
        if key in CHOICES:
            return str(CHOICES[key])
    return value
