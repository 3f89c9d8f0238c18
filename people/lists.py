"""Tables and filters of the list pages of people."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import SuiteFilterSet, SuiteTable
from people import selectors
from people.labels import attribute_columns
from people.models import Attribute, Employee, Notification

STATUS = [("staff", _("Employed")), ("gone", _("Left")), ("joining", _("Joining")), ("all", _("All"))]


class PeopleTable(SuiteTable):
    name = tables.Column(
        verbose_name=pgettext_lazy("person", "Name"), linkify=("people:profile", {"pk": tables.A("pk")})
    )
    employee_no = tables.Column(verbose_name=_("Number"))
    department_name = tables.Column(verbose_name=_("Department"))
    position_name = tables.Column(verbose_name=_("Position"))
    level_name = tables.Column(verbose_name=_("Level"), order_by=("level_rank", "name"))
    hire_date = tables.DateColumn(verbose_name=_("Hired"))
    exit_date = tables.DateColumn(verbose_name=_("Last day"), default="")

    class Meta(SuiteTable.Meta):
        order_by = ("name",)
        sequence = ("name", "employee_no", "department_name", "position_name", "level_name", "hire_date", "exit_date")


class PeopleFilter(SuiteFilterSet):
    """Search by name, number or e-mail. Without a status, people on staff are shown."""

    search_fields = ("name", "employee_no", "email")
    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        queryset=lambda request: selectors.visible_departments(request.user),
        method="in_department",
    )
    position = django_filters.ModelChoiceFilter(
        label=_("Position"), queryset=lambda _request: selectors.all_positions(), method="in_position"
    )
    level = django_filters.ModelChoiceFilter(
        label=_("Level"), queryset=lambda _request: selectors.all_levels(), method="in_level"
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=STATUS, method="of_status", empty_label=None)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("status", "staff")
        super().__init__(data, *args, **kwargs)

    def in_department(self, people: QuerySet[Employee], _name: str, department: Any) -> QuerySet[Employee]:
        return selectors.in_department(people, department)

    def in_position(self, people: QuerySet[Employee], _name: str, position: Any) -> QuerySet[Employee]:
        return selectors.in_position(people, position)

    def in_level(self, people: QuerySet[Employee], _name: str, level: Any) -> QuerySet[Employee]:
        return selectors.in_level(people, level)

    def of_status(self, people: QuerySet[Employee], _name: str, status: str) -> QuerySet[Employee]:
        chosen = {"staff": selectors.on_staff, "gone": selectors.gone, "joining": selectors.joining}
        return chosen[status](people) if status in chosen else people

    def active(self) -> int:
        return super().active() - (self.data.get("status") == "staff")


def people_table(*, with_attributes: bool) -> type[PeopleTable]:
    """The list; ``with_attributes`` with a column of the export for every attribute."""
    return type("PeopleTable", (PeopleTable,), attribute_columns(Attribute.Owner.EMPLOYEE) if with_attributes else {})


def people_filter(*, with_attributes: bool) -> type[PeopleFilter]:
    """The filters; ``with_attributes`` with one for every attribute that has few values."""
    found: dict[str, Any] = {}
    for code, one in selectors.attributes_of(Attribute.Owner.EMPLOYEE).items() if with_attributes else ():
        if one.type == Attribute.Type.CHOICE:
            choices = [(value, value) for value in one.choices]
        elif one.type == Attribute.Type.BOOLEAN:
            choices = [("true", _("Yes")), ("false", _("No"))]
        else:
            continue
        found[f"attribute_{code}"] = django_filters.ChoiceFilter(
            label=one.name, choices=choices, method=_having(code, is_truth=one.type == Attribute.Type.BOOLEAN)
        )
    return type("PeopleFilter", (PeopleFilter,), found)


def _having(code: str, *, is_truth: bool) -> Any:
    def filtered(people: QuerySet[Employee], _name: str, value: str) -> QuerySet[Employee]:
        return people.filter(attributes__contains={code: value == "true" if is_truth else value})

    return filtered


class NotificationTable(SuiteTable):
    text = tables.TemplateColumn(verbose_name=_("Message"), template_name="people/_notification.html", orderable=False)
    created_at = tables.DateTimeColumn(verbose_name=_("When"), orderable=False, short=True)

    class Meta(SuiteTable.Meta):
        empty_text = _("No notifications yet.")

    def value_text(self, record: Notification) -> str:
        return record.text
