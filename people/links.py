"""Pages of the apps above about one employee, by route name only: people imports none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProfileLink:
    """Shown on a profile to holders of ``permission``; ``own`` is shown on the own profile and takes no key."""

    route: str
    label: Any
    icon: str
    permission: str
    keyword: str = "pk"
    own: bool = False


PROFILE_LINKS = (
    ProfileLink("training:my_points", _("My points"), "chart-donut", "training.view_own_points", own=True),
    ProfileLink(
        "performance:my_appraisals", _("My appraisal"), "clipboard-check", "performance.view_own_appraisal", own=True
    ),
    ProfileLink("payroll:my_pay", _("My pay"), "wallet", "payroll.view_own_pay", own=True),
    ProfileLink("training:points_of", _("Points"), "chart-donut", "training.view_completion"),
)


def profile_links(user: Any, employee_id: int, *, is_self: bool) -> list[dict[str, Any]]:
    """Links that ``user`` may follow from the profile of ``employee_id``."""
    links = []
    for link in PROFILE_LINKS:
        if link.own is not is_self or not user.has_perm(link.permission):
            continue
        try:
            url = reverse(link.route, kwargs=None if link.own else {link.keyword: employee_id})
        except NoReverseMatch:
            continue
        links.append({"url": url, "label": link.label, "icon": link.icon})
    return links
