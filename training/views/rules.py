"""A rule: its page with all versions, a new one, a change, an end."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from people.access import SignedInRequest, requires
from people.selectors import today
from training.forms.policies import EndForm
from training.forms.policy_terms import Posted, build, rule_page, scope_page
from training.selectors.policies import (
    booked_by,
    booked_versions,
    earning_text,
    first_day,
    reach_of,
    reach_of_item,
    rule_line,
    visible_policies,
    visible_rules,
    visible_versions,
)
from training.selectors.policy_document import head_document, rule_document, version_document
from training.selectors.policy_words import Line, Names, version_words
from training.selectors.policy_words.limits import limit_words
from training.selectors.policy_words.names import listed
from training.selectors.policy_words.sections import SECTIONS
from training.services import policies as services
from training.services import unused
from training.services.policies import free_code
from training.services.policy_editor import (
    change_scope,
    limits_of_both,
    others_naming,
    save_part,
    save_rule,
    sections_naming,
)
from training.services.policy_file.grammar import GROUPS
from training.views.policy_terms import Editor, answer_editor
from training.views.removal import answer_removal, why_not

VIEW, CHANGE = "training.view_policies", "training.change_policies"


@require_GET
@requires(VIEW)
def rule(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    line = rule_line(found)
    since = line.shown.start_date if line.shown else None
    context = {
        "rule": found,
        "line": line,
        "versions": [(version, earning_text(version)) for version in line.versions],
        "reach": reach_of(scope=found, activity=found.activity, start_date=since),
        "booked": booked_by(found),
        "booked_versions": booked_versions(found),
        "stays": why_not(unused.why_rule_stays(found)),
        "today": today(),
    }
    return render(request, "training/rule.html", context)


def _read_rule(posted: Posted) -> dict[str, Any]:
    rows = build(GROUPS["file"]["rules"], "rules", posted)
    return rows[0] if rows else {}


def _words(item: dict[str, Any], names: Names, activity: str = "") -> list[Line]:
    """The version that is entered; nothing while its points are missing."""
    version = (item.get("versions") or [{}])[0]
    if not version.get("basis") or not any(name in version for name in ("points", "bands", "tiers")):
        return []
    words = {
        "activity": activity or names.of("activity", item.get("activity", "")),
        "earning": version_words(version, names),
    }
    return [Line(_("%(activity)s: %(earning)s.") % words)]


def _told(item: dict[str, Any], rule: Any = None) -> dict[str, Any]:
    """Whom the rule reaches; ``before``: what it says now."""
    version = (item.get("versions") or [{}])[0]
    reached = reach_of_item(rule, item, version.get("from", ""))
    return {"reach": reached, "before": rule_line(rule).earning if rule else "", "since": version.get("from", "")}


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(visible_policies(request.user), pk=pk)
    first = {"basis": "per_hour", "from": first_day(policy)}

    def save(item: dict[str, Any]) -> Any:
        return save_rule(policy=policy, item=item, actor=request.user)

    editor = Editor(
        policy=policy,
        heading=_("New rule"),
        item={"activity": request.GET.get("activity", ""), "versions": [first]},
        read=_read_rule,
        page=lambda item, known, errors: rule_page(item, known, errors, is_new=True),
        save=save,
        save_text=lambda text: save_part(policy=policy, part={"rules": None}, text=text, actor=request.user),
        part=lambda item: {"rules": [{"code": "", **item}]},
        words=_words,
        fields="rule",
        to=reverse("training:policy", args=[pk]),
        done=_("The rule is entered."),
        submit=_("Add rule"),
        told=_told,
    )
    return answer_editor(request, editor)


def _change(
    request: SignedInRequest, rule: Any, version: dict[str, Any], others: list[Any], **said: str
) -> HttpResponse:
    """A version of a rule is entered; ``others`` are the versions that stay."""
    document = rule_document(rule)

    def whole(item: dict[str, Any]) -> dict[str, Any]:
        return {**document, "versions": [*item.get("versions", [{}])[:1], *others]}

    def save(item: dict[str, Any]) -> Any:
        return save_part(policy=rule.policy, part={"rules": [whole(item)]}, actor=request.user)

    editor = Editor(
        policy=rule.policy,
        item={"versions": [version]},
        read=_read_rule,
        page=lambda item, known, errors: rule_page(item, known, errors, is_new=False),
        save=save,
        save_text=lambda text: save_part(policy=rule.policy, part={"rules": None}, text=text, actor=request.user),
        part=lambda _item: {"rules": [document]},
        words=lambda item, names: _words(item, names, rule.activity.name),
        fields="rule",
        to=reverse("training:rule", args=[rule.pk]),
        extra={"rule": rule},
        told=lambda item: _told(item, rule),
        **said,
    )
    return answer_editor(request, editor)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_version(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a rule from a day on: begins with what it says now."""
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    shown = rule_line(found).shown
    version = {**version_document(shown), "from": today()} if shown else {"from": today()}
    version.pop("until", None)
    version.pop("reason", None)
    return _change(
        request,
        found,
        version,
        rule_document(found)["versions"],
        heading=_("Change the rule"),
        done=_("The new version is entered. Points are being booked in the background."),
        submit=_("Save new version"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def change_version(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a version that has booked nothing yet, or its last day and reason."""
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    rows = rule_document(version.rule)["versions"]
    return _change(
        request,
        version.rule,
        version_document(version),
        [row for row in rows if row["from"] != version.start_date],
        heading=_("Correct version %(number)s") % {"number": version.number},
        done=_("The version is saved. Points are being booked in the background."),
        submit=_("Save version"),
    )


def _follower_hint(rule: Any) -> str:
    """What becomes of a rule with bookings, and of what names it by its code."""
    said = [
        _(
            "Points are booked under this rule, so it is not rewritten: it ends before the day below, and a new rule "
            "earns the same for the people chosen here."
        )
    ]
    shared, anew = limits_of_both(rule)
    names = Names(head_document(rule.policy))
    if shared:
        limits = listed([limit_words(one, names) for one in shared])
        said.append(
            _("Its limits hold for both rules together, as limits of the policy; change them there: %(limits)s.")
            % {"limits": limits}
        )
    if anew:
        limits = listed([limit_words(one, names) for one in anew])
        said.append(
            _("These limits begin anew for the new rule, so whoever falls under both may reach them twice: %(limits)s.")
            % {"limits": limits}
        )
    if any("every" in version for version in rule_document(rule)["versions"][-1:]):
        said.append(_("Occurrences that fill no group until then are not counted on: the new rule begins at none."))
    if sections := sections_naming(rule):
        titles = ", ".join(str(SECTIONS[name][0]) for name in sections)
        said.append(_("What names this rule by its code will name both: %(sections)s.") % {"sections": titles})
    if others := others_naming(rule):
        words = {"names": ", ".join(others), "code": free_code(rule.policy, rule.activity)}
        said.append(
            _("These also name this rule, and stay as they are: %(names)s. Add the new rule's code %(code)s there.")
            % words
        )
    return " ".join(said)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def scope(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom an existing rule is for, whether it adds, and what it is of teams."""
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    document, is_booked = rule_document(found), bool(booked_by(found))
    shown = document["versions"][-1]

    def whole(item: dict[str, Any]) -> dict[str, Any]:
        version = {**shown, "from": (item.get("versions") or [shown])[0].get("from", "")}
        return {"activity": document["activity"], **item, "versions": [version]}

    editor = Editor(
        policy=found.policy,
        heading=_("Whom the rule is for"),
        item={**document, "versions": [{"from": today()}]},
        read=_read_rule,
        page=lambda item, known, errors: scope_page(item, known, errors, is_booked=is_booked),
        save=lambda item: change_scope(rule=found, item=item, actor=request.user),
        save_text=lambda text: save_part(policy=found.policy, part={"rules": None}, text=text, actor=request.user),
        part=lambda _item: {"rules": [document]},
        words=lambda item, names: _words(whole(item), names),
        fields="rule",
        to=reverse("training:policy", args=[found.policy_id]) if is_booked else reverse("training:rule", args=[pk]),
        done=_("The rule is for others from that day on.") if is_booked else _("The rule is saved."),
        submit=_("Save"),
        extra={"rule": found, "hint": _follower_hint(found) if is_booked else ""},
        told=lambda item: {"reach": reach_of_item(None, whole(item), whole(item)["versions"][0]["from"])},
    )
    return answer_editor(request, editor)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def remove_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    return answer_removal(
        request,
        partial(unused.remove_rule, rule=found),
        why=lambda: unused.why_rule_stays(found),
        done=_("The rule is removed."),
        to=reverse("training:rule", args=[pk]),
        then=reverse("training:policy", args=[found.policy_id]),
        back=str(found),
        heading=_("Remove rule %(code)s?") % {"code": found.code},
        intro=_("It goes with all its versions. Only a rule that has booked no points can be removed; others can end."),
        submit=_("Remove rule"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def remove_version(request: SignedInRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    return answer_removal(
        request,
        partial(unused.remove_version, version=version),
        why=lambda: unused.why_version_stays(version),
        done=_("The version is removed."),
        to=reverse("training:rule", args=[version.rule_id]),
        back=str(version.rule),
        heading=_("Remove version %(number)s?") % {"number": version.number},
        intro=_("The version that ended the day before goes on in its place. One that has booked points stays."),
        submit=_("Remove version"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def end_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    form = EndForm(request.POST or None, initial={"end_date": today()})
    return answer_form(
        request,
        form,
        lambda: services.end_rule(rule=found, end_date=form.cleaned_data["end_date"], actor=request.user),
        done=_("The rule ends on that day."),
        to=reverse("training:rule", args=[pk]),
        back=str(found),
        heading=_("End the rule"),
        intro=_("What happened until that day keeps its points; later learning earns nothing by this rule."),
        submit=_("End the rule"),
        danger=True,
    )
