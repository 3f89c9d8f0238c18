"""Columns and filters of learning records and courses."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from people.labels import attribute_columns
from people.models import Attribute
from people.selectors import of_department, visible_departments
from training.models import RecordStatus
from training.selectors.policies import visible_activities

NO_WRAP = {"td": {"class": "text-nowrap"}}
WIDE_ONLY = {part: {"class": "d-none d-xxl-table-cell"} for part in ("td", "th")}


class RecordTable(SuiteTable):
    employee = tables.Column(
        verbose_name=_("Employee"), accessor="employee__name", linkify=("training:record", {"pk": tables.A("pk")})
    )
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    happened_on = tables.DateColumn(verbose_name=_("Date"), order_by=("happened_on", "pk"), attrs=NO_WRAP)
    activity = tables.Column(verbose_name=_("Activity"), accessor="activity__name")
    subject = tables.Column(
        verbose_name=_("Course or title"), accessor="course__name", empty_values=(), order_by=("course__name", "title")
    )
    quantity = tables.TemplateColumn(
        verbose_name=_("Evidence"), template_name="training/_record_quantity.html", orderable=False, empty_values=()
    )
    minutes = NumberColumn(verbose_name=_("Minutes"), visible=False)
    count = NumberColumn(verbose_name=_("Times"), visible=False)
    score = NumberColumn(verbose_name=_("Score"), visible=False)
    status = tables.TemplateColumn(verbose_name=_("Status"), template_name="training/_record_status.html")
    source = tables.Column(
        verbose_name=_("Source"),
        attrs={"td": {"class": "d-none d-xxl-table-cell"}, "th": {"class": "d-none d-xxl-table-cell"}},
    )

    class Meta(SuiteTable.Meta):
        empty_text = _("No records here.")
        # exports have a column for each kind of evidence
        screen_only = ("quantity",)

    def render_subject(self, record: Any) -> str:
        return record.course.name if record.course else record.title

    def value_status(self, record: Any) -> str:
        return record.get_status_display()

    def render_source(self, record: Any) -> str:
        return record.came_from

    def value_source(self, record: Any) -> str:
        return record.came_from


def record_table() -> type[RecordTable]:
    """The list, with a column of the export for every attribute."""
    return type("RecordTable", (RecordTable,), attribute_columns(Attribute.Owner.RECORD))


class RecordFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no", "course__name", "title", "source_id")
    activity = django_filters.ModelChoiceFilter(
        label=_("Activity"), queryset=lambda request: visible_activities(request.user)
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=lambda request: visible_departments(request.user), method="in_department"
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=RecordStatus.choices, method="of_status", empty_label=_("Newest revisions")
    )
    since = django_filters.DateFilter(label=_("From"), field_name="happened_on", lookup_expr="gte", widget=DayInput())
    until = django_filters.DateFilter(label=_("Until"), field_name="happened_on", lookup_expr="lte", widget=DayInput())

    @property
    def qs(self) -> QuerySet[Any]:
        rows = super().qs
        # what was corrected is in the history of its correction
        return rows if self.data.get("status") else rows.exclude(status=RecordStatus.SUPERSEDED)

    def of_status(self, rows: QuerySet[Any], _name: str, status: str) -> QuerySet[Any]:
        return rows.filter(status=status)

    def in_department(self, rows: QuerySet[Any], _name: str, department: Any) -> QuerySet[Any]:
        return of_department(rows, department)


class SheetTable(SuiteTable):
    employee = tables.Column(
        verbose_name=_("Employee"), accessor="employee__name", linkify=("training:record", {"pk": tables.A("pk")})
    )
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    status = tables.TemplateColumn(verbose_name=_("Status"), template_name="training/_record_status.html")

    def value_status(self, record: Any) -> str:
        return record.get_status_display()


def sheet_table() -> type[SheetTable]:
    """The attendees, with a column of the export for every attribute."""
    return type("SheetTable", (SheetTable,), attribute_columns(Attribute.Owner.RECORD))


class SheetFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no")


class CourseTable(SuiteTable):
    name = tables.Column(verbose_name=_("Course"), linkify=("training:course", {"pk": tables.A("pk")}))
    code = tables.Column(verbose_name=_("Code"))
    activity = tables.Column(verbose_name=_("Activity"), accessor="activity__name")
    minutes = NumberColumn(verbose_name=_("Minutes"))
    skill = tables.Column(verbose_name=_("Skill"), default="")
    participants = NumberColumn(verbose_name=_("Participants this year"))
    is_active = tables.TemplateColumn(verbose_name=_("Status"), template_name="training/_course_status.html")

    class Meta(SuiteTable.Meta):
        order_by = ("name",)

    def value_is_active(self, value: bool) -> str:
        return str(_("On offer") if value else _("Not on offer"))


class CourseFilter(SuiteFilterSet):
    search_fields = ("name", "code", "skill")
    activity = django_filters.ModelChoiceFilter(
        label=_("Activity"), queryset=lambda request: visible_activities(request.user)
    )
    offer = django_filters.ChoiceFilter(
        label=_("Status"), field_name="is_active", choices=[(True, _("On offer")), (False, _("Not on offer"))]
    )


class ParticipantTable(SuiteTable):
    employee = tables.Column(verbose_name=_("Employee"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    happened_on = tables.DateColumn(verbose_name=_("Date"), order_by=("happened_on", "pk"), attrs=NO_WRAP)
    quantity = tables.TemplateColumn(
        verbose_name=_("Evidence"), template_name="training/_record_quantity.html", orderable=False, empty_values=()
    )
    minutes = NumberColumn(verbose_name=_("Minutes"), visible=False)
    count = NumberColumn(verbose_name=_("Times"), visible=False)
    score = NumberColumn(verbose_name=_("Score"), visible=False)

    class Meta(SuiteTable.Meta):
        empty_text = _("Nobody has taken it yet.")
        screen_only = ("quantity",)
