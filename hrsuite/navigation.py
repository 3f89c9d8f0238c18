"""What the side navigation offers to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.selectors import unread_notifications


@dataclass(frozen=True)
class Item:
    """A link of the navigation, shown to holders of any of ``permissions``."""

    route: str
    label: Any
    icon: str
    permissions: tuple[str, ...] = ()
    #: the visitor's own: pages of others below its address are not its pages
    own: bool = False
    #: a page whose address and those below it belong to this one too
    also: str = ""


#: section label -> links
SECTIONS: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        "",
        (Item("home", _("Home"), "home"),),
    ),
    (
        _("Me"),
        (
            Item("training:my_points", _("My points"), "chart-donut", ("training.view_own_points",), own=True),
            Item(
                "performance:my_appraisals", _("My appraisal"), "clipboard-check", ("performance.view_own_appraisal",)
            ),
            Item("payroll:my_pay", _("My pay"), "wallet", ("payroll.view_own_pay",)),
            Item("training:ranking", _("Ranking"), "trophy", ("training.view_ranking",)),
        ),
    ),
    (
        _("Training"),
        (
            Item("training:dashboard", _("Dashboard"), "layout-dashboard", ("training.view_dashboard",)),
            Item("training:completion", _("Completion"), "progress-check", ("training.view_completion",)),
            Item("training:records", _("Learning records"), "notebook", ("training.view_records",)),
            Item("training:sheet", _("Sign-in sheet"), "writing-sign", ("training.add_records",)),
            Item("training:appeals", _("Appeals"), "scale", ("training.view_appeals",)),
            Item("training:courses", _("Courses"), "books", ("training.view_courses",)),
            Item("training:paths", _("Learning paths"), "route", ("training.view_paths",)),
            Item("training:policies", _("Points policies"), "adjustments", ("training.view_policies",)),
            Item("training:years", _("Points years"), "calendar", ("training.view_years",)),
        ),
    ),
    (
        _("Recruiting"),
        (
            Item(
                "recruitment:candidates",
                pgettext_lazy("recruiting", "Candidates"),
                "user-search",
                ("recruitment.view_candidates",),
            ),
        ),
    ),
    (
        _("Performance and pay"),
        (
            Item("performance:appraisals", _("Appraisals"), "report-analytics", ("performance.view_appraisals",)),
            Item("performance:titles", _("Titles and promotion"), "award", ("performance.view_titles",)),
            Item("performance:insights", _("Courses and results"), "chart-dots", ("performance.view_insights",)),
            Item("payroll:reviews", _("Raise reviews"), "trending-up", ("payroll.view_reviews",)),
            Item("payroll:salaries", _("Salaries"), "cash", ("payroll.view_salaries",)),
        ),
    ),
    (
        _("Organisation"),
        (
            Item("people:people", _("People"), "users", ("people.view_people",)),
            Item("people:organisation", _("Departments"), "sitemap", ("people.view_people",)),
            Item("people:attributes", _("Attributes"), "tags", ("people.change_people",)),
            Item(
                "migration:imports", _("Imports"), "file-import", ("migration.view_imports",), also="migration:upload"
            ),
            Item("admin:index", _("Admin site"), "settings", ("admin.use",)),
        ),
    ),
)


def _links(request: HttpRequest, items: tuple[Item, ...]) -> list[dict[str, Any]]:
    links = []
    for item in items:
        if item.permissions and not any(request.user.has_perm(name) for name in item.permissions):
            continue
        try:
            url = reverse(item.route)
        except NoReverseMatch:
            continue
        active = request.path == url or (url != "/" and request.path.startswith(url))
        if item.also:
            active = active or request.path.startswith(reverse(item.also))
        if item.own and active:
            active = not request.path.removeprefix(url).split("/")[0].isdigit()
        links.append({"url": url, "label": item.label, "icon": item.icon, "active": active})
    # the longest address that fits is the page; the others only begin alike
    best = max((len(link["url"]) for link in links if link["active"]), default=0)
    for link in links:
        link["active"] = link["active"] and len(link["url"]) == best
    return links


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Sections with links, and the number of unread notifications, for the signed-in user."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"navigation": []}
    # template columns of tables run the context processors for every cell
    if not hasattr(request, "_navigation_cache"):
        request._navigation_cache = _navigation(request)  # type: ignore[attr-defined]
    return request._navigation_cache  # type: ignore[attr-defined]


def _navigation(request: HttpRequest) -> dict[str, Any]:
    sections = [(label, _links(request, items)) for label, items in SECTIONS]
    return {
        "navigation": [(label, links) for label, links in sections if links],
        "unread": unread_notifications(request.user).count(),  # type: ignore[arg-type]
    }
