"""Who meets the target: rates up the department tree, and the people behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet

from people.models import Department, DepartmentClosure, Employee
from people.selectors import current_assignments, headed_departments, reaches_everyone, today
from training.models import SHARE, Category, PointsWork, PointsYear, Reminder, Standing

VIEW, REMIND = "training.view_completion", "training.send_reminders"


def departments_for(user: Any, permission: str = VIEW) -> QuerySet[Department]:
    """All departments, or the subtrees that the user heads."""
    if not user.has_perm(permission):
        return Department.objects.none()
    if reaches_everyone(user, permission):
        return Department.objects.all()
    below = DepartmentClosure.objects.filter(ancestor__in=headed_departments(user)).values("descendant_id")
    return Department.objects.filter(pk__in=below)


def visible_standings(user: Any, year: PointsYear, permission: str = VIEW) -> QuerySet[Standing]:
    """Standings in a year of the people on staff on whom ``user`` may use the permission, oneself included."""
    # leavers are few: leaving them out costs less than joining everybody
    rows = Standing.objects.filter(year=year).exclude(employee__in=Employee.objects.filter(exit_date__lt=today()))
    if reaches_everyone(user, permission):
        return rows
    # as values: the planner knows how many people a department has, not how many departments a subtree has
    departments = list(departments_for(user, permission).values_list("pk", flat=True))
    held = current_assignments().filter(department__in=departments).values("employee_id")
    return rows.filter(employee__in=held, department__in=departments)


@dataclass
class Node:
    """A department with the sums of everything below it."""

    pk: int
    name: str
    parent_id: int | None
    children: list[Node] = field(default_factory=list)
    people: int = 0
    with_target: int = 0
    met: int = 0
    progress: Decimal = Decimal(0)
    active: int = 0
    points: Decimal = Decimal(0)

    @property
    def behind(self) -> int:
        return self.with_target - self.met

    @property
    def rate(self) -> Decimal | None:
        """Share of those with a target who met it."""
        return Decimal(self.met) / self.with_target if self.with_target else None

    @property
    def participation(self) -> Decimal | None:
        """Share of the people with any learning that is worth points."""
        return Decimal(self.active) / self.people if self.people else None

    @property
    def average(self) -> Decimal | None:
        """Average progress to the target, 0 to 1."""
        return self.progress / self.with_target if self.with_target else None

    def add(self, other: Node) -> None:
        self.people += other.people
        self.with_target += other.with_target
        self.met += other.met
        self.progress += other.progress
        self.active += other.active
        self.points += other.points

    def subtree(self) -> list[int]:
        """Ids of this department and all below it."""
        return [self.pk, *(pk for child in self.children for pk in child.subtree())]


@dataclass
class Tree:
    """The departments that a user may see, rolled up; ``whole`` sums the roots."""

    nodes: dict[int, Node]
    roots: list[Node]
    whole: Node

    def path(self, node: Node) -> list[Node]:
        """From the root to the node, both included."""
        steps = [node]
        while (parent := self.nodes.get(steps[0].parent_id or 0)) is not None:
            steps.insert(0, parent)
        return steps


_BY_DEPARTMENT = """
SELECT
    department_id, count(*), count(required), count(*) FILTER (WHERE met),
    coalesce(sum(CASE WHEN required > 0 THEN least(total / required, 1) WHEN required IS NOT NULL THEN 1 END), 0),
    count(*) FILTER (WHERE full_total > 0), sum(total)
FROM ({rows}) AS standing
GROUP BY department_id
"""


def _sums(rows: QuerySet[Standing]) -> list[tuple[Any, ...]]:
    sql, params = (
        rows.order_by().values("department_id", "required", "met", "total", "full_total").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(_BY_DEPARTMENT.format(rows=sql), params)
        return cursor.fetchall()


def completion_tree(user: Any, year: PointsYear) -> Tree:
    """Two queries however many departments: the sums by department, and the tree; rolled up here."""
    departments = departments_for(user).order_by("name").values_list("pk", "name", "parent_id")
    nodes = {pk: Node(pk, name, parent_id) for pk, name, parent_id in departments}
    whole = Node(0, "", None)
    for department_id, *sums in _sums(visible_standings(user, year)):
        nodes.get(department_id or 0, whole).add(Node(0, "", None, [], *sums))
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.parent_id or 0)
        (parent.children if parent else roots).append(node)

    def roll_up(node: Node) -> None:
        for child in node.children:
            roll_up(child)
            node.add(child)

    for root in roots:
        roll_up(root)
        whole.add(root)
    return Tree(nodes, roots, whole)


def standings_in(user: Any, year: PointsYear, node: Node | None, permission: str = VIEW) -> QuerySet[Standing]:
    """Rows of the people list: everybody visible, or those of a department and below, with what the columns show."""
    rows = visible_standings(user, year, permission)
    if node is not None:
        rows = rows.filter(department__in=node.subtree())
    reminded = Reminder.objects.filter(employee=OuterRef("employee_id"), sent_on=today())
    # part of the company is sorted whole before a page is cut off: names are fetched for that page alone
    if reaches_everyone(user, permission):
        rows = rows.select_related("employee", "department")
    else:
        rows = rows.prefetch_related("employee", "department")
    return (
        rows.annotate(share_done=SHARE, reminded_today=Exists(reminded, output_field=BooleanField()))
        .defer("categories")
        .order_by("total", "pk")
    )


def category_names() -> dict[str, str]:
    """Id, as JSON has it, to name."""
    return {str(pk): name for pk, name in Category.objects.values_list("pk", "name")}


def missing_parts(standing: Standing, names: dict[str, str]) -> list[tuple[str, Decimal]]:
    """(category, points) still needed for the minimums."""
    return sorted((names.get(key, key), Decimal(str(value))) for key, value in standing.missing.items())


def waiting_work() -> int:
    """Points work that is not booked yet."""
    return PointsWork.objects.count()


# --- the command ------------------------------------------------------------------------------------------------------
def standings_of_policy(year: PointsYear, policy_id: int) -> QuerySet[Standing]:
    """Everybody's standing of a year whose target is the policy's, or who have none; for commands."""
    return (
        Standing.objects.filter(Q(target__policy=policy_id) | Q(target__isnull=True), year=year)
        .select_related("employee", "department", "target")
        .order_by("employee__employee_no")
    )
