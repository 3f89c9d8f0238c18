"""What the home page shows to whom: summaries of the apps, put together by permission."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.templatetags.suite import percent, percent_sign, points
from hrsuite.waiting import (
    Step,
    backup_steps,
    decision_steps,
    mandatory_steps,
    notification_steps,
    reminder_steps,
    url_of,
)
from migration.selectors import visible_batches
from payroll.models import CompensationReview, RaiseRecommendation
from payroll.selectors import visible_recommendations
from people import selectors as people
from people.models import User
from performance.models import AppraisalCycle
from performance.selectors import CycleSums, all_cycles, cycle_sums, own_appraisals, visible_appraisals
from recruitment.selectors import sums, visible_applications
from training.models import LedgerEntry, PointsYear, Standing
from training.selectors.catalogue import visible_courses
from training.selectors.completion import Node, Tree, completion_tree, standings_in, waiting_work
from training.selectors.points import Points, ledger_of, points_of
from training.selectors.policies import current_year
from training.selectors.suggestions import Gap, gaps_of

BEHIND_SHOWN = 6
LATEST_SHOWN = 5
BARS_SHOWN = 10


@dataclass(frozen=True)
class Tile:
    """A figure at the top of the page; see components/_stat.html."""

    label: str
    value: Any
    icon_name: str
    sub: str = ""
    url: str = ""
    color: str = "primary"


@dataclass
class Own:
    """The visitor's own points of the running year."""

    points: Points
    gaps: list[Gap]
    days_left: int
    ring: dict[str, Any]
    latest: list[LedgerEntry]


@dataclass
class Completion:
    """The department view: sums, the people furthest behind, and a bar per department."""

    tree: Tree
    behind: list[Standing]
    chart: dict[str, Any] | None = None
    chart_height: int = 0


@dataclass
class Home:
    year: PointsYear | None
    own: Own | None = None
    completion: Completion | None = None
    tiles: list[Tile] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """Tiles side by side on a wide screen, wide enough for their words: no orphan in a second line."""
        return 3 if len(self.tiles) in {5, 6, 9} else 4

    @property
    def is_empty(self) -> bool:
        return not (self.own or self.completion or self.tiles or self.steps)


def home_of(user: User) -> Home:
    """Everything for one visitor; every part asks for its permission and reads through selectors."""
    home = Home(year=current_year())
    home.steps += backup_steps(user) + notification_steps(user) + mandatory_steps(user, home.year)
    home.steps += decision_steps(user)
    if home.year and user.has_perm("training.view_own_points"):
        home.own = _own(user, home.year)
    if home.year and user.has_perm("training.view_completion"):
        home.completion = _completion(user, home.year)
        home.tiles += _completion_tiles(home.completion.tree.whole)
        home.steps += reminder_steps(user, home.completion.tree.whole)
    if user.has_perm("people.view_people"):
        home.tiles += _people_tiles(user)
    if user.has_perm("performance.view_appraisals"):
        _add_appraisals(user, home)
    if user.has_perm("payroll.view_reviews"):
        _add_raises(user, home)
    if user.has_perm("training.view_dashboard"):
        home.tiles += _engine_tiles()
    if user.has_perm("recruitment.view_candidates"):
        _add_candidates(user, home)
    if user.has_perm("migration.view_imports"):
        _add_imports(user, home)
    if user.has_perm("performance.view_own_appraisal"):
        home.tiles += _own_appraisal_tiles(user)
    if not home.tiles and user.has_perm("training.view_courses"):
        home.tiles += _course_tiles(user)
    return home


# --- the own points ---------------------------------------------------------------------------------------------------
def _own(user: User, year: PointsYear) -> Own | None:
    employee = people.employee_of(user)
    if employee is None:
        return None
    points = points_of(employee, year)
    gaps = gaps_of(points, anywhere=_("Any category"))
    return Own(
        points,
        gaps,
        days_left=(year.end_date - people.today()).days,
        ring=ring(points.share),
        latest=list(ledger_of(user, employee, year)[:LATEST_SHOWN]),
    )


def ring(share: Decimal | None) -> dict[str, Any]:
    """An ECharts option: a ring that is full at the target."""
    return {
        "series": [
            {
                "type": "gauge",
                "startAngle": 90,
                "endAngle": -270,
                "min": 0,
                "max": 100,
                "radius": "96%",
                "pointer": {"show": False},
                "progress": {"show": True, "width": 14, "roundCap": True},
                "axisLine": {"lineStyle": {"width": 14, "color": [[1, "#e6ebea"]]}},
                "axisTick": {"show": False},
                "splitLine": {"show": False},
                "axisLabel": {"show": False},
                "anchor": {"show": False},
                "detail": {
                    "formatter": percent_sign("{value}"),
                    "fontSize": 26,
                    "offsetCenter": [0, 0],
                    "color": "inherit",
                },
                "data": [{"value": int((share or Decimal(0)) * 100)}],
            }
        ]
    }


# --- departments ------------------------------------------------------------------------------------------------------
def _completion(user: User, year: PointsYear) -> Completion:
    tree = completion_tree(user, year)
    rows = standings_in(user, year, None).filter(required__isnull=False, met=False)
    own = people.employee_of(user)
    if own is not None:
        rows = rows.exclude(employee=own)
    shown = _bars(tree)
    return Completion(
        tree,
        behind=list(rows.order_by(F("share_done").asc(), "pk")[:BEHIND_SHOWN]),
        chart=_chart(shown) if len(shown) > 1 else None,
        chart_height=32 * len(shown) + 24,
    )


def _bars(tree: Tree) -> list[Node]:
    """The highest departments that are more than one, those with a target only, lowest rate last (drawn on top)."""
    nodes = tree.roots
    while len(nodes) == 1 and nodes[0].children:
        nodes = nodes[0].children
    nodes = [node for node in nodes if node.with_target]
    return sorted(nodes, key=lambda node: node.rate or Decimal(0), reverse=True)[-BARS_SHOWN:]


def _chart(nodes: list[Node]) -> dict[str, Any]:
    base = url_of("training:completion")
    return {
        "grid": {"left": 8, "right": 48, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "max": 100, "show": False},
        "yAxis": {
            "type": "category",
            "data": [node.name for node in nodes],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "data": [int((node.rate or Decimal(0)) * 100 + Decimal("0.5")) for node in nodes],
                "label": {"show": True, "position": "right", "formatter": percent_sign("{c}")},
                "showBackground": True,
                "backgroundStyle": {"color": "#eef2f1", "borderRadius": 3},
                "itemStyle": {"borderRadius": 3},
                "barMaxWidth": 18,
            }
        ],
        "suite": {"links": [f"{base}?department={node.pk}" for node in nodes]},
    }


def _completion_tiles(whole: Node) -> list[Tile]:
    sub = _("%(met)s of %(total)s with a target") % {"met": whole.met, "total": whole.with_target}
    url = url_of("training:completion")
    return [
        Tile(_("Met the target"), percent(whole.rate), "target-arrow", sub, url, "green"),
        Tile(_("Behind"), whole.behind, "alert-triangle", _("have not met it yet"), url, "orange"),
    ]


def _people_tiles(user: User) -> list[Tile]:
    since = people.today() - dt.timedelta(days=30)
    counts = people.on_staff(people.visible_employees(user)).aggregate(
        all=Count("pk"), new=Count("pk", filter=Q(hire_date__gte=since))
    )
    sub = ngettext("%(new)s joined in 30 days", "%(new)s joined in 30 days", counts["new"]) % {"new": counts["new"]}
    return [Tile(_("People"), counts["all"], "users", sub, url_of("people:people"), "azure")]


def _engine_tiles() -> list[Tile]:
    waiting = waiting_work()
    sub = _("the worker is booking them") if waiting else _("all points are booked")
    return [Tile(_("Waiting to be booked"), waiting, "refresh", sub, url_of("training:dashboard"), "purple")]


def _course_tiles(user: User) -> list[Tile]:
    count = visible_courses(user).count()
    return [Tile(_("Courses"), count, "books", _("in the catalogue"), url_of("training:courses"))]


# --- appraisals and raises --------------------------------------------------------------------------------------------
def _add_appraisals(user: User, home: Home) -> None:
    """The newest open cycle: how far it is, and what to do about it."""
    cycle = all_cycles().filter(status=AppraisalCycle.Status.OPEN).order_by("-start_date").first()
    if cycle is None:
        return
    sums = cycle_sums(visible_appraisals(user), cycle)
    if not sums.people:
        return
    sub = _("%(signed)s of %(people)s signed") % {"signed": sums.signed, "people": sums.people}
    share = Decimal(sums.signed) / sums.people
    home.tiles.append(
        Tile(_("Appraisals"), percent(share), "clipboard-check", sub, url_of("performance:appraisals"), "indigo")
    )
    if user.has_perm("performance.change_appraisals"):
        home.steps += _appraisal_steps(sums)


def _appraisal_steps(sums: CycleSums) -> list[Step]:
    url = url_of("performance:appraisals")
    steps = []
    if sums.incomplete:
        text = ngettext("%(count)s appraisal lacks a score", "%(count)s appraisals lack a score", sums.incomplete) % {
            "count": sums.incomplete
        }
        steps.append(Step(text, url, "clipboard-x"))
    if sums.ready:
        text = ngettext("Sign %(count)s appraisal", "Sign %(count)s appraisals", sums.ready) % {"count": sums.ready}
        steps.append(Step(text, url, "signature"))
    return steps


def _add_raises(user: User, home: Home) -> None:
    """Recommendations of open reviews. Payroll decides them; the others see how many there are."""
    rows = visible_recommendations(user).filter(review__status=CompensationReview.Status.DRAFT).order_by()
    counts = rows.aggregate(
        waiting=Count("pk", filter=Q(status=RaiseRecommendation.Status.DRAFT, recommended=True)),
        drifted=Count("pk", filter=Q(drifted=True)),
    )
    waiting, drifted = counts["waiting"], counts["drifted"]
    url = url_of("payroll:reviews")
    home.tiles.append(Tile(_("Raises to decide"), waiting, "trending-up", _("recommended by rank"), url, "teal"))
    if not user.has_perm("payroll.decide_raises"):
        return
    if waiting:
        text = ngettext("Decide on %(count)s recommended raise", "Decide on %(count)s recommended raises", waiting) % {
            "count": waiting
        }
        home.steps.append(Step(text, url, "trending-up"))
    if drifted:
        text = ngettext(
            "%(count)s decided raise no longer fits the points",
            "%(count)s decided raises no longer fit the points",
            drifted,
        ) % {"count": drifted}
        home.steps.append(Step(text, url, "arrows-diff"))


def _add_candidates(user: User, home: Home) -> None:
    """Applications that are under way, and the new ones that nobody has looked at."""
    found = sums(visible_applications(user))
    if not found.total:
        return
    url = url_of("recruitment:candidates")
    sub = _("%(hired)s hired, %(rejected)s rejected") % {"hired": found.hired, "rejected": found.rejected}
    home.tiles.append(Tile(_("Applications under way"), found.under_way, "user-search", sub, url, "blue"))
    if found.new and user.has_perm("recruitment.change_candidates"):
        text = ngettext("Look at %(count)s new application", "Look at %(count)s new applications", found.new)
        home.steps.append(Step(text % {"count": found.new}, f"{url}?status=applied", "user-search"))


def _own_appraisal_tiles(user: User) -> list[Tile]:
    appraisal = own_appraisals(user).prefetch_related(None).first()
    if appraisal is None:
        return []
    # a draft score is not said before it is signed
    signed = appraisal.signed_at is not None
    value = appraisal.grade or "–" if signed else _("In progress")
    return [
        Tile(_("My appraisal"), value, "award", appraisal.cycle.name, url_of("performance:my_appraisals"), "indigo")
    ]


def _add_imports(user: User, home: Home) -> None:
    """What came in within a month, and the newest file whose refused rows wait to be mended."""
    since = timezone.now() - dt.timedelta(days=30)
    batches = visible_batches(user).filter(created_at__gte=since).order_by("-created_at")
    sums = batches.order_by().aggregate(files=Count("pk"), refused=Sum("refused"))
    if not sums["files"]:
        return
    refused = sums["refused"] or 0
    sub = ngettext("%(n)s row refused in 30 days", "%(n)s rows refused in 30 days", refused) % {"n": points(refused)}
    home.tiles.append(Tile(_("Imported files"), sums["files"], "file-import", sub, url_of("migration:imports"), "blue"))
    mine = batches.filter(actor=user, refused__gt=0, undone_at=None).first()
    if mine is not None:
        text = ngettext("Mend %(count)s row of %(file)s", "Mend %(count)s rows of %(file)s", mine.refused) % {
            "count": mine.refused,
            "file": mine.file_name,
        }
        home.steps.append(Step(text, reverse("migration:detail", args=[mine.pk]), "file-alert"))
