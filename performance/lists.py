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
from performance import labels, selectors
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


WIDE = {"td": {"class": "d-none d-md-table-cell"}, "th": {"class": "d-none d-md-table-cell"}}


class RatingTable(SuiteTable):
    name = tables.Column(verbose_name=pgettext_lazy("person", "Name"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    department_name = tables.Column(verbose_name=_("Department"))
    period = tables.Column(verbose_name=_("Period"))
    grade = tables.Column(verbose_name=_("Rating"))
    # mostly empty: not on phones
    rated_on = tables.DateColumn(verbose_name=_("Rated on"), default="–", attrs=WIDE)
    comment = tables.Column(verbose_name=_("Comment"), default="–", orderable=False, attrs=WIDE)

    class Meta(SuiteTable.Meta):
        order_by = ("-period", "name")

    def value_rated_on(self, value: Any) -> Any:
        return value


class RatingFilter(CandidateFilter):
    period = django_filters.ChoiceFilter(
        label=_("Period"), choices=lambda: [(one, one) for one in selectors.rating_periods()], empty_label=_("All")
    )
    grade = django_filters.ChoiceFilter(label=_("Rating"), choices=selectors.known_grades, empty_label=_("All"))


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


class DifferenceColumn(NumberColumn):
    """A figure of a comparison; the template says it with its sign and unit, the export as a plain number."""

    def __init__(self, part: str, **options: Any) -> None:
        self.part = part
        super().__init__(empty_values=(), **options)

    def render(self, record: dict[str, Any]) -> str:
        found = record["found"]
        if self.part in {"mean1", "mean0"}:
            return labels.level(getattr(found, self.part), is_share=found.is_share)
        return labels.difference(found)

    def value(self, value: Any) -> Any:
        return value


class InsightTable(SuiteTable):
    name = tables.TemplateColumn(
        template_name="performance/_insight_name.html", verbose_name=pgettext_lazy("course", "Name")
    )
    n1 = NumberColumn(verbose_name=_("Took it"))
    n0 = NumberColumn(verbose_name=_("Did not"))
    mean1 = DifferenceColumn("mean1", verbose_name=_("Result with it"))
    mean0 = DifferenceColumn("mean0", verbose_name=_("Result without"))
    difference = DifferenceColumn("difference", verbose_name=_("Difference"))
    low = tables.TemplateColumn(
        template_name="performance/_insight_interval.html", verbose_name=_("95 % confidence interval"), empty_values=()
    )
    high = tables.Column(verbose_name=_("Upper end of the interval"), visible=False)
    verdict = tables.TemplateColumn(template_name="performance/_insight_verdict.html", verbose_name=_("Verdict"))

    class Meta(SuiteTable.Meta):
        order_by = ()

    def value_name(self, value: Any) -> Any:
        return value

    def value_low(self, value: Any) -> Any:
        return value

    def value_verdict(self, value: Any) -> Any:
        return value
