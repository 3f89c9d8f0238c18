"""A policy before and after a change, as documents: compared, and spliced at a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from training.models import Policy, Rule
from training.selectors.policy_document import SECTIONS
from training.services.policies import has_booked
from training.services.policy_file import export_policy, parse
from training.services.policy_file.exact import SHARED
from training.services.withdrawals import rule_has_booked

Document = dict[str, Any]
DAY = dt.timedelta(days=1)
#: what only this policy says
OWN = ("policy", "rules", *SECTIONS, "targets")


def document_now(policy: Policy) -> Document:
    """What the policy says now, as the file parser gives it."""
    return parse(export_policy(policy)).document


def own_part(document: Document) -> Document:
    """What only this policy says; categories, years and the like are everybody's."""
    return {name: document[name] for name in OWN if document.get(name)}


def same(one: Document, other: Document) -> bool:
    """Whether two whole documents say the same; order does not matter in what all policies share."""
    if own_part(one) != own_part(other):
        return False
    return all(_by_text(one.get(name, ())) == _by_text(other.get(name, ())) for name in SHARED)


def _by_text(items: Any) -> list[str]:
    return sorted(str(item) for item in items)


# --- versions -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Span:
    """A version with its last day, stated or not."""

    item: Document
    start: dt.date
    end: dt.date

    @property
    def says(self) -> Document:
        return {name: value for name, value in self.item.items() if name not in ("from", "until", "reason")}


def spans(rule: Document | None) -> list[Span]:
    """A rule's versions by day; one without “until” ends where the next begins."""
    items = sorted((rule or {}).get("versions", ()), key=lambda item: item["from"])
    ends = [*(item["from"] - DAY for item in items[1:]), dt.date.max]
    # one end more than there are versions where there are none
    return [Span(item, item["from"], item.get("until", end)) for item, end in zip(items, ends, strict=False)]


def rewritten(policy: Policy, base: Document, after: Document) -> list[tuple[str, dt.date]]:
    """(rule, first day) of versions that have booked points and would say something else, or go."""
    wanted = {rule["code"]: rule for rule in after.get("rules", ())}
    found = []
    for rule in base.get("rules", ()):
        now = {span.start: span.says for span in spans(wanted.get(rule["code"]))}
        changed = [span.start for span in spans(rule) if now.get(span.start) != span.says]
        if not changed:
            continue
        rows = Rule.objects.get(policy=policy, code=rule["code"]).versions.filter(start_date__in=changed)
        found += [(rule["code"], row.start_date) for row in rows if has_booked(row)]
    return found


def refuse_moved_rules(policy: Policy, base: Document, after: Document) -> None:
    """A rule that has booked points keeps its activity and scope: a rule of another code says the new one."""
    wanted = {rule["code"]: rule for rule in after.get("rules", ())}
    for rule in base.get("rules", ()):
        new = wanted.get(rule["code"])
        names = ("activity", "for", "adds", "team")
        if new is None or [new.get(name) for name in names] == [rule.get(name) for name in names]:
            continue
        if rule_has_booked(Rule.objects.get(policy=policy, code=rule["code"])):
            raise BadInput(
                "document",
                rule["code"],
                _("Points are booked under rule “%(code)s”, so whom and what it is for stays.")
                % {"code": rule["code"]},
                _("End it with “until”, and add a rule of another code for the new scope."),
            )


def spliced(base: Document, after: Document, day: dt.date, codes: set[str]) -> Document:
    """``after``, but these rules hold as in ``base`` until the eve of ``day``."""
    old = {rule["code"]: rule for rule in base.get("rules", ())}
    rules = []
    for rule in after.get("rules", ()):
        rules.append(_spliced_rule(old[rule["code"]], rule, day) if rule["code"] in codes else rule)
    gone = codes - {rule["code"] for rule in after.get("rules", ())}
    rules += [_spliced_rule(old[code], None, day) for code in sorted(gone)]
    return {**after, "rules": [rule for rule in rules if rule["versions"]]}


def _spliced_rule(old: Document, new: Document | None, day: dt.date) -> Document:
    before = [replace(span, end=min(span.end, day - DAY)) for span in spans(old) if span.start < day]
    later = [replace(span, start=max(span.start, day)) for span in spans(new) if span.end >= day]
    if before and later and before[-1].end == day - DAY and later[0].start == day and before[-1].says == later[0].says:
        # the same on both sides: one version goes on
        going_on = later.pop(0)
        before[-1] = replace(going_on, start=before[-1].start)
    return {**(new or old), "versions": [_item(span) for span in [*before, *later]]}


def _item(span: Span) -> Document:
    said = {name: value for name, value in span.item.items() if name != "until"}
    until = {} if span.end == dt.date.max else {"until": span.end}
    return {**said, "from": span.start, **until}
