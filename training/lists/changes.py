"""Columns and filters of changes of policies, and of the people whom a change concerns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import points
from people.selectors import of_department, visible_departments
from training.lists.corrections import NO_WRAP, PointsColumn
from training.models import ChangeEffect, ChangeState
from training.selectors.changes import TURNED_STATUS, TURNED_TARGET
from training.selectors.points import outcome_words
from training.selectors.policies import visible_policies

#: on phones the person, the difference and the target are enough
WIDE = {"td": {"class": "d-none d-md-table-cell"}, "th": {"class": "d-none d-md-table-cell"}}
WIDE_NUMBER = {
    "td": {"class": "d-none d-md-table-cell text-end tabular"},
    "th": {"class": "d-none d-md-table-cell text-end"},
}
SHOW = [
    ("gain", _("Who gains")),
    ("lose", _("Who loses")),
    ("target", _("Target turns")),
    ("status", _("Status or outcome turns")),
    ("all", _("Everybody")),
]


class PolicyChangeTable(SuiteTable):
    reason = tables.Column(verbose_name=_("Reason"), linkify=("training:policy_change", {"pk": tables.A("pk")}))
    policy = tables.Column(verbose_name=_("Policy"), accessor="policy__name")
    state = tables.TemplateColumn(verbose_name=_("State"), template_name="training/_policy_change_state.html")
    created_by = tables.Column(verbose_name=_("Drafted by"), default="–")
    created_at = tables.DateColumn(verbose_name=pgettext_lazy("time", "Drafted"), attrs=NO_WRAP)
    decided_by = tables.Column(verbose_name=_("Decided by"), default="")
    decided_at = tables.DateColumn(verbose_name=pgettext_lazy("time", "Decided"), attrs=NO_WRAP, default="")

    class Meta(SuiteTable.Meta):
        empty_text = _("No changes here.")

    def value_state(self, record: Any) -> str:
        return record.get_state_display()


class PolicyChangeFilter(SuiteFilterSet):
    search_fields = ("reason", "policy__name", "policy__code")
    state = django_filters.ChoiceFilter(label=_("State"), choices=ChangeState.choices)
    policy = django_filters.ModelChoiceFilter(
        label=_("Policy"), queryset=lambda request: visible_policies(request.user)
    )


def turned(before: Any, after: Any) -> str:
    """ "pass → excellent", or what it is where nothing turns."""
    return f"{before or '–'} → {after or '–'}" if before != after else f"{after or ''}"


def _target(met: bool | None) -> str:
    return "" if met is None else _now("Met") if met else _now("Not yet")


def _follow(outcomes: list[str]) -> str:
    return ", ".join(outcome_words(name) for name in outcomes)


class EffectTable(SuiteTable):
    employee = tables.Column(verbose_name=_("Employee"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no", attrs=WIDE)
    department = tables.Column(verbose_name=_("Department"), accessor="department_name", default="", attrs=WIDE)
    before = PointsColumn(verbose_name=_("Before"), attrs=WIDE_NUMBER)
    after = PointsColumn(verbose_name=_("After"), attrs=WIDE_NUMBER)
    difference = PointsColumn(verbose_name=_("Difference"))
    met_before = tables.Column(verbose_name=_("Target before"), empty_values=(), visible=False)
    met_after = tables.Column(verbose_name=_("Target"), empty_values=())
    status_before = tables.Column(verbose_name=_("Status before"), visible=False)
    status_after = tables.Column(verbose_name=_("Status"), empty_values=())
    outcomes_before = tables.Column(verbose_name=_("Outcomes before"), visible=False)
    outcomes_after = tables.Column(verbose_name=_("Outcomes"), empty_values=(), orderable=False, attrs=WIDE)

    categories = tables.Column(verbose_name=_("Categories"), visible=False)

    class Meta(SuiteTable.Meta):
        order_by = ("difference",)
        empty_text = _("Nobody is affected.")

    def render_difference(self, value: Decimal) -> str:
        return f"{'+' if value > 0 else ''}{points(value)}"

    def value_difference(self, value: Decimal) -> Decimal:
        return value

    def render_met_after(self, record: ChangeEffect) -> str:
        return turned(_target(record.met_before), _target(record.met_after))

    def value_met_before(self, record: ChangeEffect) -> str:
        return _target(record.met_before)

    def value_met_after(self, record: ChangeEffect) -> str:
        return _target(record.met_after)

    def render_status_after(self, record: ChangeEffect) -> str:
        return turned(record.status_before, record.status_after)

    def value_status_after(self, record: ChangeEffect) -> str:
        return record.status_after

    def render_outcomes_after(self, record: ChangeEffect) -> str:
        return turned(_follow(record.outcomes_before), _follow(record.outcomes_after))

    def value_outcomes_before(self, record: ChangeEffect) -> str:
        return _follow(record.outcomes_before)

    def value_categories(self, record: ChangeEffect) -> str:
        return "; ".join(f"{code}: {old} → {new}" for code, (old, new) in record.categories.items())

    def value_outcomes_after(self, record: ChangeEffect) -> str:
        return _follow(record.outcomes_after)


class EffectFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no")
    show = django_filters.ChoiceFilter(label=_("Show"), choices=SHOW, method="shown", empty_label=_("Who is affected"))
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=lambda request: visible_departments(request.user), method="of_department"
    )
    year = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)

    def shown(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        chosen = {
            "gain": lambda: rows.filter(difference__gt=0),
            "lose": lambda: rows.filter(difference__lt=0),
            "target": lambda: rows.filter(TURNED_TARGET),
            "status": lambda: rows.filter(TURNED_STATUS),
        }
        return chosen[value]() if value in chosen else rows

    def of_department(self, rows: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        return of_department(rows, value)

    def keep(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        return rows
