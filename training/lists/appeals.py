"""Columns and filters of appeals."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import SuiteFilterSet, SuiteTable
from training.models import AppealState
from training.selectors.appeals import subject
from training.selectors.policies import visible_years

NO_WRAP = {"td": {"class": "text-nowrap"}}


class MyAppealTable(SuiteTable):
    about = tables.Column(
        verbose_name=_("About"), empty_values=(), orderable=False, linkify=("training:appeal", {"pk": tables.A("pk")})
    )
    created_at = tables.DateColumn(verbose_name=_("Handed in"), attrs=NO_WRAP)
    state = tables.TemplateColumn(verbose_name=_("State"), template_name="training/_appeal_state.html")
    decided_at = tables.DateColumn(verbose_name=pgettext_lazy("time", "Decided"), attrs=NO_WRAP, default="")

    class Meta(SuiteTable.Meta):
        empty_text = _("No appeals here.")

    def render_about(self, record: Any) -> str:
        return subject(record)

    def value_about(self, record: Any) -> str:
        return subject(record)

    def value_state(self, record: Any) -> str:
        return record.get_state_display()


class AppealTable(MyAppealTable):
    employee = tables.Column(
        verbose_name=_("Employee"), accessor="employee__name", linkify=("training:appeal", {"pk": tables.A("pk")})
    )
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    about = tables.Column(verbose_name=_("About"), empty_values=(), orderable=False)
    year = tables.Column(verbose_name=_("Points year"), accessor="year__name")
    decided_by = tables.Column(verbose_name=_("Decided by"), default="")

    class Meta(SuiteTable.Meta):
        sequence = ("employee", "employee_no", "about", "year", "created_at", "state", "decided_at", "decided_by")
        empty_text = _("No appeals here.")


class AppealFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no", "text", "title")
    state = django_filters.ChoiceFilter(label=_("State"), choices=AppealState.choices)
    year = django_filters.ModelChoiceFilter(
        label=_("Points year"), queryset=lambda request: visible_years(request.user)
    )


class MyAppealFilter(SuiteFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=AppealState.choices)
