"""Tables and filters of the list pages of performance."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import points
from people.selectors import of_department, visible_departments
from performance import selectors
from performance.models import Appraisal

SHOW = [
    ("incomplete", _("A score is missing")),
    ("ready", _("Ready to sign")),
    ("signed", _("Signed")),
]


class ScoreColumn(NumberColumn):
    def render(self, value: Any) -> str:
        return points(value)

    def value(self, value: Any) -> Any:
        return value


class AppraisalTable(SuiteTable):
    name = tables.Column(
        verbose_name=pgettext_lazy("person", "Name"),
        accessor="employee__name",
        linkify=("performance:appraisal", {"pk": tables.A("pk")}),
    )
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    department_name = tables.Column(verbose_name=_("Department"))
    final_score = ScoreColumn(verbose_name=_("Final score"))
    grade = tables.Column(verbose_name=_("Grade"))
    target_met = tables.TemplateColumn(template_name="performance/_target.html", verbose_name=_("Training target"))
    status = tables.TemplateColumn(template_name="performance/_status.html", verbose_name=_("Status"))

    class Meta(SuiteTable.Meta):
        order_by = ("name",)

    def value_target_met(self, value: Any) -> Any:
        return {True: _("met"), False: _("missed")}.get(value, "")

    def value_status(self, record: Appraisal) -> str:
        return record.get_status_display()


class CandidateFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no")
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=lambda request: visible_departments(request.user), method="of_department"
    )

    def of_department(self, rows: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        return of_department(rows, value)


class AppraisalFilter(CandidateFilter):
    cycle = django_filters.ModelChoiceFilter(
        label=_("Cycle"), queryset=lambda _request: selectors.all_cycles(), field_name="cycle"
    )
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=selectors.grade_choices, empty_label=_("All"))
    target = django_filters.ChoiceFilter(
        label=_("Training target"), choices=[("met", _("met")), ("missed", _("missed"))], method="of_target"
    )
    show = django_filters.ChoiceFilter(label=_("Status"), choices=SHOW, method="of_status", empty_label=_("All"))

    def of_target(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(target_met=value == "met")

    def of_status(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        draft = rows.filter(status=Appraisal.Status.DRAFT)
        if value == "signed":
            return rows.filter(status=Appraisal.Status.SIGNED)
        return draft.filter(final_score__isnull=value == "incomplete")


class CandidateTable(SuiteTable):
    rank = NumberColumn(verbose_name=_("Rank"), order_by=("-points", "employee__name"))
    name = tables.Column(verbose_name=pgettext_lazy("person", "Name"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    department_name = tables.Column(verbose_name=_("Department"))
    points = ScoreColumn(verbose_name=_("Points"))
    target_met = tables.TemplateColumn(template_name="performance/_target.html", verbose_name=_("Training target"))
    holds = tables.TemplateColumn(
        template_name="performance/_holds.html", verbose_name=pgettext_lazy("honour", "Title")
    )

    class Meta(SuiteTable.Meta):
        order_by = ("rank",)

    def value_target_met(self, value: Any) -> Any:
        return {True: _("met"), False: _("missed")}.get(value, "")

    def value_holds(self, value: bool) -> Any:
        return _("yes") if value else ""


class PromotionTable(CandidateTable):
    rank = NumberColumn(verbose_name=_("Rank"), orderable=False)
    grade = tables.Column(verbose_name=_("Appraisal grade"), default="–")

    class Meta(SuiteTable.Meta):
        order_by = ()


class TitleFilter(CandidateFilter):
    holds = django_filters.ChoiceFilter(
        label=_("Show"), choices=[("1", _("Holders only"))], method="only_holders", empty_label=_("All")
    )

    def only_holders(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows.filter(holds=True)
