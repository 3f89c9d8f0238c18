"""What waits for the visitor of the home page, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.backups.runs import answers_for, is_missed, newest
from people import selectors as people
from people.models import User
from people.rules import HR_ADMIN, OPERATIONS
from training.models import AppealState, CorrectionState, PointsYear, ReopeningState
from training.selectors.appeals import appeals_to_decide
from training.selectors.completion import Node
from training.selectors.paths import my_gaps
from training.selectors.years import visible_corrections, visible_reopenings


@dataclass(frozen=True)
class Step:
    """Something that waits for this person: what, and where it is done; without ``url`` it is not done on a page."""

    text: str
    url: str = ""
    icon: str = "arrow-right"


def url_of(route: str, query: str = "") -> str:
    try:
        return f"{reverse(route)}{query}"
    except NoReverseMatch:
        return ""


def notification_steps(user: User) -> list[Step]:
    unread = people.unread_notifications(user).count()
    if not unread:
        return []
    text = ngettext("Read %(count)s notification", "Read %(count)s notifications", unread) % {"count": unread}
    return [Step(text, url_of("people:notifications"), "bell")]


def mandatory_steps(user: User, year: PointsYear | None) -> list[Step]:
    """What learning paths still ask of the visitor, with the day that is due first."""
    gaps = my_gaps(user, year) if year and user.has_perm("training.view_own_points") else []
    if not gaps:
        return []
    text = ngettext("%(count)s mandatory item is open", "%(count)s mandatory items are open", len(gaps))
    said = text % {"count": len(gaps)}
    days = [gap.due_on for gap in gaps if gap.due_on]
    if any(gap.overdue for gap in gaps):
        said = _("%(items)s, the first was due on %(day)s") % {"items": said, "day": date_format(min(days))}
    elif days:
        said = _("%(items)s, the first due on %(day)s") % {"items": said, "day": date_format(min(days))}
    return [Step(said, url_of("training:my_points", "#mandatory"), "school")]


def decision_steps(user: User) -> list[Step]:
    """Appeals, late records and reopenings that wait, and that this person may decide."""
    steps = []
    if user.has_perm("training.decide_appeals"):
        appeals = appeals_to_decide(user).count()
        if appeals:
            text = ngettext("Decide on %(count)s appeal", "Decide on %(count)s appeals", appeals) % {"count": appeals}
            steps.append(Step(text, url_of("training:appeals", f"?state={AppealState.OPEN}"), "scale"))
    if user.has_perm("training.change_years"):
        late = visible_corrections(user).filter(state=CorrectionState.PENDING).count()
        if late:
            text = ngettext("Decide on %(count)s late record", "Decide on %(count)s late records", late)
            url = url_of("training:corrections", f"?state={CorrectionState.PENDING}")
            steps.append(Step(text % {"count": late}, url, "clock-exclamation"))
        asked = visible_reopenings(user).filter(state=ReopeningState.REQUESTED).exclude(requested_by=user)
        steps += [
            Step(_("Decide on reopening %(year)s") % {"year": one.year}, reverse("training:reopening", args=[one.pk]))
            for one in asked
        ]
    return steps


def reminder_steps(user: User, whole: Node) -> list[Step]:
    if not whole.behind or not user.has_perm("training.send_reminders"):
        return []
    text = ngettext("Remind %(count)s person who is behind", "Remind %(count)s people who are behind", whole.behind) % {
        "count": whole.behind
    }
    return [Step(text, url_of("training:completion"), "bell-ringing")]


def backup_steps(user: User) -> list[Step]:
    """That the daily backup was missed, for those who answer for it: no worker came to it, or it failed."""
    if not {OPERATIONS, HR_ADMIN} & people.roles_of(user) or not is_missed(timezone.now()):
        return []
    if answers_for() not in people.roles_of(user):
        return []
    found = newest()
    if found is None:
        return [Step(_("No backup has been made yet. Ask who runs the server."), icon="database-x")]
    when = date_format(timezone.localtime(found.started_at), "SHORT_DATETIME_FORMAT")
    text = _("The newest backup is of %(when)s. Ask who runs the server.") % {"when": when}
    return [Step(text, icon="database-x")]
