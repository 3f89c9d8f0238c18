"""What the policy editor saves: parts of a policy file, read by the same parser and brought in by the same import."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.models import Department, Employee, Level, Position, User
from training.models import Activity, Category, Course, PointsYear, Policy, Rule, Target
from training.selectors.policy_document import (
    SECTIONS,
    declared_attributes,
    head_document,
    policy_document,
    rule_document,
)
from training.selectors.policy_words.names import as_day
from training.services.booking import let_bookings_end
from training.services.policies import DAY, end_rule, free_code
from training.services.policy_file import Imported, export_policy, import_policy, parse
from training.services.policy_file.write import dump
from training.services.scopes import check_fields
from training.services.unused import OF_RULES, says
from training.services.withdrawals import rule_has_booked

MAX_LINES = 400
#: what a limit counts along the days
COUNTS = frozenset({"at_most", "times", "deduct_at_most"})
EXAMPLES = Path(settings.BASE_DIR) / "examples"


def part_text(policy: Policy, part: Mapping[str, Any], text: str = "") -> str:
    """A file of the part, or its ``text``, first (so line numbers are those of the text), and the policy's own head."""
    head = {name: value for name, value in head_document(policy).items() if name not in part}
    said = {name: value for name, value in part.items() if value not in ("", [], {}, None)}
    return f"{text or (dump(said) if said else '')}\n{dump(head)}"


def save_part(*, policy: Policy, part: Mapping[str, Any], text: str = "", actor: User | None) -> Imported:
    """Sections, rules or targets of a policy as they are given; the others stay. BadRows names paths and lines."""
    return save_text(policy=policy, text=part_text(policy, part, text), actor=actor)


@transaction.atomic
def save_rule(*, policy: Policy, item: dict[str, Any], actor: User | None) -> Imported:
    """A new rule; without a code it gets the activity's, numbered where taken."""
    code = str(item.get("code", ""))
    if code and policy.rules.filter(code=code).exists():
        message, mend = _("The policy has a rule of this code."), _("Choose another code or change that rule.")
        raise BadInput("rules[0].code", code, message, mend)
    activity = Activity.objects.filter(code=item.get("activity", "")).first()
    if not code and activity:
        code = free_code(policy, activity)
    return save_part(policy=policy, part={"rules": [{**item, "code": code}]}, actor=actor)


@transaction.atomic
def change_scope(*, rule: Rule, item: Mapping[str, Any], actor: User | None) -> Imported:
    """Other people, another activity or priority. Where points are booked the rule ends and another one follows it."""
    # no booking in between may earn under the rule that is about to change in place
    let_bookings_end()
    rule = Rule.objects.select_for_update(of=("self",)).select_related("policy", "activity").get(pk=rule.pk)
    document = rule_document(rule)
    said = {name: value for name, value in item.items() if name not in ("versions", "code")}
    if not rule_has_booked(rule):
        part = {
            "rules": [{"activity": document["activity"], **said, "code": rule.code, "versions": document["versions"]}]
        }
        return save_part(policy=rule.policy, part=part, actor=actor)
    said["activity"] = document["activity"]
    kept = {name: value for name, value in document.items() if name not in ("versions", "code")}
    if without_silence(said) == without_silence(kept):
        message = _("It is for the same people as before.")
        raise BadInput("rules[0].for", "", message, _("Choose others, or change what the rule earns."))
    version = (item.get("versions") or [{}])[0]
    day = as_day(version.get("from", ""))
    if day is None:
        raise BadInput("rules[0].versions[0].from", version.get("from"), _("This is not a date."), _("Choose a day."))
    last = max(document["versions"], key=lambda row: row["from"])
    until = last.get("until")
    if last["from"] >= day or (until and until < day):
        raise BadInput(
            "rules[0].versions[0].from",
            day,
            _("The last version of this rule is valid from %(start)s to %(end)s.")
            % {"start": last["from"], "end": until or _("open end")},
            _("Choose a day within it, after its first."),
        )
    end_rule(rule=rule, end_date=day - DAY, actor=actor)
    return _follow(rule, said, {**last, "from": day, "until": until, "reason": version.get("reason", "")}, actor)


def _follow(rule: Rule, said: Mapping[str, Any], version: Mapping[str, Any], actor: User | None) -> Imported:
    """The rule that says ``version`` for those that ``said`` names. What limits the rule limits both together."""
    shared, _anew = limits_of_both(rule)
    own = [limit for limit in version.get("limits", ()) if limit not in shared]
    follower = {name: value for name, value in {**version, "limits": own}.items() if value not in (None, "", [])}
    code = free_code(rule.policy, rule.activity)
    done = save_rule(policy=rule.policy, item={"code": code, **said, "versions": [follower]}, actor=actor)
    part = {name: naming_too(terms, rule.code, code) for name, terms in sections_naming(rule).items()}
    if shared:
        others = part.get("limits", rule.policy.terms.get("limits", []))
        # inner limits stand first
        part["limits"] = [*({**limit, "rule": [rule.code, code]} for limit in shared), *others]
    if part:
        save_part(policy=rule.policy, part=part, actor=actor)
    return done


def limits_of_both(rule: Rule) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Own limits of the rule that can go on as limits of the policy over the rule and its follower; others begin anew.

    Those of single records and days need neither. Limits that were others in an earlier version cannot be shared: over
    both rules they would cut what that version has earned.
    """
    versions = rule_document(rule)["versions"]
    own = [version.get("limits", []) for version in versions]
    counted = [limit for limit in own[-1] if limit.get("per", "period") not in ("record", "day")]
    always = all(limits == own[-1] for limits in own)
    shared = [limit for limit in counted if always and "rule" not in limit and COUNTS.intersection(limit)]
    return shared, [limit for limit in counted if limit not in shared]


def sections_naming(rule: Rule) -> dict[str, Any]:
    """The sections of the policy (limits, breaches and so on) that name the rule by its code."""
    sections = {name: rule.policy.terms[name] for name in SECTIONS if name in rule.policy.terms}
    return {name: said for name, said in sections.items() if says(said, rule.code, OF_RULES)}


def others_naming(rule: Rule) -> list[str]:
    """Codes of other rules and names of targets that name the rule by its code."""
    document = policy_document(rule.policy)
    items = [(item["code"], item["versions"]) for item in document.get("rules", ()) if item["code"] != rule.code]
    items += [(item["name"], item) for item in document.get("targets", ())]
    return [str(name) for name, said in items if says(said, rule.code, OF_RULES)]


def naming_too(said: Any, code: str, other: str, *, here: bool = False) -> Any:
    """A part of a policy document where ``other`` stands beside the rule ``code`` wherever that is named."""
    if isinstance(said, Mapping):
        return {name: naming_too(value, code, other, here=here or name in OF_RULES) for name, value in said.items()}
    if here and str(said) == code:
        return [code, other]
    if isinstance(said, list | tuple):
        if here and code in map(str, said):
            return [*said, *([] if other in map(str, said) else [other])]
        return [naming_too(one, code, other) for one in said]
    return said


def without_silence(said: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing: no scope, no priority, no addition."""
    return {name: value for name, value in said.items() if value not in (None, "", 0, False, {}, [])}


@transaction.atomic
def save_target(*, policy: Policy, item: dict[str, Any], target: Target | None, actor: User | None) -> Imported:
    """A new target, or ``target`` with what ``item`` says, its name included."""
    name = str(item.get("name", ""))
    twins = Target.objects.filter(policy=policy, year__name=item.get("year"), name=name)
    if any(twin != target for twin in twins):
        raise BadInput(
            "targets[0].name",
            name,
            _("%(year)s has a target of this name.") % {"year": item.get("year")},
            _("Choose another name or change that target."),
        )
    if target and name and name != target.name:
        if target.year.status == PointsYear.Status.CLOSED:
            raise BadInput("targets[0].name", name, _("This points year is closed, so its targets stay as they are."))
        target.name = name
        check_fields(target)
        target.save(update_fields=["name"])
    return save_part(policy=policy, part={"targets": [item]}, actor=actor)


def save_text(*, policy: Policy, text: str, actor: User | None) -> Imported:
    """The whole policy as text; another policy's code is refused."""
    file = parse(text)
    code = file.document["policy"]["code"]
    if code != policy.code:
        message = _("This is the file of another policy; here is %(code)s.") % {"code": policy.code}
        raise BadRows([RowProblem(file.reader.line_of("policy.code"), "policy.code", code, message, _("Correct it."))])
    return import_policy(file=file, actor=actor)


@transaction.atomic
def text_after(*, policy: Policy, save: Callable[[], object]) -> str:
    """The file of the policy as it would be once ``save`` is done, which is undone. BadInput and BadRows as ever."""
    save()
    text = export_policy(Policy.objects.get(pk=policy.pk))
    transaction.set_rollback(True)
    return text


@dataclass(frozen=True)
class Checked:
    """What a text would do. ``lines`` are those that would differ in the exported file: ("+", "-" or " ", text)."""

    done: Imported
    lines: list[tuple[str, str]]


def check_text(*, text: str, policy: Policy | None = None, actor: User | None) -> Checked:
    """Bring the text in and undo it. BadRows as ever."""
    with transaction.atomic():
        code = str(parse(text).document["policy"]["code"])
        found = Policy.objects.filter(code=code).first()
        before = export_policy(found) if found else ""
        if policy:
            done = save_text(policy=policy, text=text, actor=actor)
        else:
            done = import_policy(file=parse(text), actor=actor)
        after = export_policy(Policy.objects.get(code=code))
        transaction.set_rollback(True)
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
    return Checked(done, [("…", "") if line.startswith("@@") else (line[:1], line[1:]) for line in lines[:MAX_LINES]])


# --- examples to begin with -------------------------------------------------------------------------------------------
def examples() -> list[tuple[str, str, str]]:
    """(key, name, description) of the policies that come with the suite."""
    found = []
    for path in (EXAMPLES / "case_company" / "policy.yaml", *sorted(EXAMPLES.glob("policies/*/policy.yaml"))):
        if path.is_file():
            said = yaml.safe_load(path.read_text(encoding="utf-8"))["policy"]
            found.append((path.parent.name, str(said.get("name", "")), str(said.get("description", ""))))
    return found


def example_text(*, key: str, code: str, name: str, description: str) -> tuple[str, list[str]]:
    """An example as the text of a new policy, fitted to this suite; and what was left out because it is not here.

    What the suite has already (years, categories, activities, attributes) stays as it is here.
    """
    paths = [EXAMPLES / "case_company" / "policy.yaml", *EXAMPLES.glob("policies/*/policy.yaml")]
    path = next(one for one in paths if one.parent.name == key)
    document = parse(path.read_text(encoding="utf-8")).document
    document["policy"] |= {"code": code, "name": name, "description": description or document["policy"].get("name", "")}
    _leave_known(document)
    left = _leave_strangers(document)
    _fit_years(document)
    return dump({name: value for name, value in document.items() if value}), left


def _leave_known(document: dict[str, Any]) -> None:
    for section, model in (("categories", Category), ("activities", Activity), ("courses", Course)):
        there = set(model.objects.values_list("code", flat=True))
        document[section] = [item for item in document.get(section, ()) if item["code"] not in there]
    known = {(row["owner"], row["code"]) for row in declared_attributes()}
    rows = document.get("attributes", ())
    document["attributes"] = [row for row in rows if (row["owner"], row["code"]) not in known]


def _leave_strangers(document: dict[str, Any]) -> list[str]:
    """Rules and targets for departments, positions, levels or people that are not here."""
    there: dict[str, set[str]] = {
        "department": set(Department.objects.values_list("code", flat=True)),
        "position": set(Position.objects.values_list("code", flat=True)),
        "level": set(Level.objects.values_list("code", flat=True)),
    }
    left = []
    for section in ("rules", "targets"):
        kept = []
        for item in document.get(section, ()):
            scope = item.get("for", {})
            strange = [name for name, codes in there.items() if name in scope and scope[name] not in codes]
            if "employee" in scope and not Employee.objects.filter(employee_no=scope["employee"]).exists():
                strange.append("employee")
            if strange:
                left.append(str(item.get("code", item.get("name"))))
            else:
                kept.append(item)
        document[section] = kept
    return left


def _fit_years(document: dict[str, Any]) -> None:
    """Where the suite has points years, the targets are for the newest of them; one of each name."""
    newest = PointsYear.objects.exclude(status=PointsYear.Status.CLOSED).order_by("-start_date").first()
    if newest is None:
        return
    document["years"] = []
    there = set(PointsYear.objects.values_list("name", flat=True))
    wanted = {item["year"] for item in document.get("targets", ())}
    if wanted <= there:
        return
    targets = {item["name"]: {**item, "year": newest.name} for item in document.get("targets", ())}
    document["targets"] = list(targets.values())
