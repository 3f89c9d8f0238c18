"""Tables and filters of the list pages of payroll."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import ActionColumn, NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import money, points
from payroll.labels import joined, reason_texts
from payroll.models import RaiseRecommendation
from people.selectors import of_department, visible_departments

SHOW = [
    ("recommended", _("Recommended")),
    ("waiting", _("Recommended, to decide")),
    ("below", _("Eligible, below the line")),
    ("not_eligible", _("Not eligible")),
    ("decided", _("Decided")),
    ("drifted", _("Ranking has moved since")),
]


#: on phones without them
WIDE = {"td": {"class": "d-none d-md-table-cell"}}
WIDE_NUMBER = {
    "td": {"class": "d-none d-md-table-cell text-end tabular"},
    "th": {"class": "text-end"},
}


class MoneyColumn(NumberColumn):
    def render(self, value: Any) -> str:
        return money(value)

    def value(self, value: Any) -> Any:
        return value


class PointsColumn(NumberColumn):
    def render(self, value: Any) -> str:
        return points(value)

    def value(self, value: Any) -> Any:
        return value


class RecommendationTable(SuiteTable):
    # sorted by points, which have an index; ranks follow from them
    rank = NumberColumn(verbose_name=_("Rank"), order_by=("-points", "employee__name"))
    name = tables.Column(
        verbose_name=pgettext_lazy("person", "Name"),
        accessor="employee__name",
        linkify=("payroll:recommendation", {"pk": tables.A("pk")}),
    )
    # hidden columns are exported all the same
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no", visible=False)
    department_name = tables.Column(verbose_name=_("Department"))
    points = PointsColumn(verbose_name=_("Points"))
    reasons = tables.Column(verbose_name=_("Raise"), orderable=False, empty_values=())
    old_pay = MoneyColumn(verbose_name=_("Pay now"))
    new_pay = MoneyColumn(verbose_name=_("Pay then"))
    status = tables.TemplateColumn(template_name="payroll/_status.html", verbose_name=_("Decision"))
    decided_pay = MoneyColumn(verbose_name=_("Pay decided"), visible=False)
    actions = ActionColumn("payroll/_row_actions.html")

    class Meta(SuiteTable.Meta):
        order_by = ("rank",)
        screen_only = ("actions",)

    def render_reasons(self, record: RaiseRecommendation) -> str:
        if record.recommended:
            return _("+%(percent)s %%") % {"percent": points(record.percent)}
        return joined(reason_texts(record.reasons)) if not record.eligible else str(_("Below the line"))

    def value_status(self, record: RaiseRecommendation) -> str:
        return record.get_status_display()


class SalaryFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no")
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=lambda request: visible_departments(request.user), method="of_department"
    )

    def of_department(self, rows: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        return of_department(rows, value)


class RecommendationFilter(SalaryFilter):
    show = django_filters.ChoiceFilter(label=_("Show"), choices=SHOW, method="shown", empty_label=_("All"))

    def shown(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        draft = RaiseRecommendation.Status.DRAFT
        return {
            "recommended": lambda: rows.filter(recommended=True),
            "waiting": lambda: rows.filter(recommended=True, status=draft),
            "below": lambda: rows.filter(eligible=True, recommended=False),
            "not_eligible": lambda: rows.filter(eligible=False),
            "decided": lambda: rows.exclude(status=draft),
            "drifted": lambda: rows.filter(drifted=True),
        }[value]()


class SalaryTable(SuiteTable):
    name = tables.Column(
        verbose_name=pgettext_lazy("person", "Name"),
        accessor="employee__name",
        linkify=("payroll:salary_history", {"pk": tables.A("employee_id")}),
    )
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    department_name = tables.Column(verbose_name=_("Department"))
    amount = MoneyColumn(verbose_name=_("Monthly pay"))
    currency = tables.Column(verbose_name=_("Currency"))
    start_date = tables.DateColumn(verbose_name=_("Since"))
    reason = tables.Column(verbose_name=_("Reason"), default="")

    class Meta(SuiteTable.Meta):
        order_by = ("employee_no",)


class FlipTable(SuiteTable):
    """Whose recommendation turns by a draft of a points policy; its rows are ``payroll.services.Flip``."""

    name = tables.Column(verbose_name=pgettext_lazy("person", "Name"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no", attrs=WIDE)
    department = tables.Column(verbose_name=_("Department"), attrs=WIDE)
    review = tables.Column(verbose_name=_("Raise review"), accessor="review__name")
    before = PointsColumn(verbose_name=_("Points before"))
    after = PointsColumn(verbose_name=_("Points after"))
    rank_before = NumberColumn(verbose_name=_("Rank before"), accessor="now__rank", attrs=WIDE_NUMBER)
    rank_after = NumberColumn(verbose_name=_("Rank after"), accessor="then__rank", attrs=WIDE_NUMBER)
    gains = tables.Column(verbose_name=_("Raise"))
    is_decided = tables.Column(verbose_name=_("Decision"))

    class Meta(SuiteTable.Meta):
        empty_text = _("No recommendation of an open raise review turns.")

    def render_gains(self, record: Any) -> str:
        if record.gains:
            return str(_("newly recommended"))
        return joined(reason_texts(record.reasons)) or str(_("no longer recommended"))

    def value_gains(self, record: Any) -> str:
        return self.render_gains(record)

    def render_is_decided(self, value: bool) -> str:
        return str(_("Decided")) if value else str(_("To decide"))

    def value_is_decided(self, value: bool) -> str:
        return self.render_is_decided(value)
