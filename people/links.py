"""Pages of the apps above about one employee, by route name only: people imports none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProfileLink:
    """Shown on a profile to holders of ``permission``; ``own`` only on the own profile, and it takes no key."""

    route: str
    label: Any
    icon: str
    permission: str
    #: a list that is searched for the employee number, instead of a page of its own
    search: bool = False
    own: bool = False


PROFILE_LINKS = (
    ProfileLink("training:my_points", _("My points"), "chart-donut", "training.view_own_points", own=True),
    ProfileLink(
        "performance:my_appraisals", _("My appraisal"), "clipboard-check", "performance.view_own_appraisal", own=True
    ),
    ProfileLink("payroll:my_pay", _("My pay"), "wallet", "payroll.view_own_pay", own=True),
    ProfileLink("training:points_of", _("Points"), "chart-donut", "training.view_completion"),
    ProfileLink("training:records", _("Learning records"), "notebook", "training.view_records", search=True),
    ProfileLink(
        "performance:appraisals", _("Appraisals"), "clipboard-check", "performance.view_appraisals", search=True
    ),
    ProfileLink("payroll:salary_history", _("Salaries"), "cash", "payroll.view_salaries"),
    ProfileLink("people:history", _("History of changes"), "history", "people.view_history"),
)


def profile_links(user: Any, employee: Any, *, is_self: bool) -> list[dict[str, Any]]:
    """Links that ``user`` may follow from the profile of ``employee``."""
    return [
        {"url": _address(link, employee), "label": link.label, "icon": link.icon}
        for link in PROFILE_LINKS
        if link.own is is_self and user.has_perm(link.permission)
    ]


def _address(link: ProfileLink, employee: Any) -> str:
    if link.own:
        return reverse(link.route)
    if link.search:
        return f"{reverse(link.route)}?{urlencode({'q': employee.employee_no})}"
    return reverse(link.route, kwargs={"pk": employee.pk})
