"""Columns and filters of late records, and of the people in a snapshot."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import points
from training.models import CorrectionState
from training.selectors.policies import visible_years

NO_WRAP = {"td": {"class": "text-nowrap"}}
#: the page of the record says it too
WIDE_ONLY = {part: {"class": "d-none d-xxl-table-cell text-nowrap"} for part in ("td", "th")}


class CorrectionTable(SuiteTable):
    employee = tables.Column(
        verbose_name=_("Employee"), accessor="employee__name", linkify=("training:correction", {"pk": tables.A("pk")})
    )
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    activity = tables.Column(verbose_name=_("Activity"))
    happened_on = tables.DateColumn(verbose_name=_("Date"), attrs=NO_WRAP)
    year = tables.Column(verbose_name=_("Points year"), accessor="year__name")
    cause = tables.Column(verbose_name=_("Came by"))
    created_at = tables.DateColumn(verbose_name=_("Arrived"), attrs=WIDE_ONLY)
    state = tables.TemplateColumn(verbose_name=_("State"), template_name="training/_correction_state.html")
    answer = tables.Column(verbose_name=_("Reason"), default="")
    decided_by = tables.Column(verbose_name=_("Decided by"), default="")

    class Meta(SuiteTable.Meta):
        empty_text = _("No late records here.")

    def value_state(self, record: Any) -> str:
        return record.get_state_display()


class CorrectionFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no", "activity", "source_id", "cause")
    state = django_filters.ChoiceFilter(label=_("State"), choices=CorrectionState.choices)
    year = django_filters.ModelChoiceFilter(
        label=_("Points year"), queryset=lambda request: visible_years(request.user)
    )


class PointsColumn(NumberColumn):
    """Points without empty places on the screen, as they are in an export."""

    def render(self, value: Decimal) -> str:
        return points(value)

    def value(self, **kwargs: Any) -> Any:
        return kwargs["value"]


class SnapshotTable(SuiteTable):
    rank = NumberColumn(verbose_name=_("Rank"))
    employee = tables.Column(verbose_name=_("Employee"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    department = tables.Column(verbose_name=_("Department"), accessor="department__name", default="")
    total = PointsColumn(verbose_name=_("Points"))
    full_total = PointsColumn(verbose_name=_("Before caps"))
    required = PointsColumn(verbose_name=_("Required"), default="")
    met = tables.BooleanColumn(verbose_name=_("Target met"), null=True)
    target_name = tables.Column(verbose_name=_("Target"))

    class Meta(SuiteTable.Meta):
        empty_text = _("Nobody here.")


class ChangeTable(SuiteTable):
    employee = tables.Column(verbose_name=_("Employee"), accessor="employee__name")
    employee_no = tables.Column(verbose_name=_("Number"), accessor="employee__employee_no")
    department = tables.Column(verbose_name=_("Department"), accessor="department__name", default="")
    before = PointsColumn(verbose_name=_("Before"))
    total = PointsColumn(verbose_name=_("After"))
    change = PointsColumn(verbose_name=_("Change"))
    required_before = PointsColumn(verbose_name=_("Required before"), default="")
    required = PointsColumn(verbose_name=_("Required after"), default="")
    met_before = tables.BooleanColumn(verbose_name=_("Met before"), null=True)
    met = tables.BooleanColumn(verbose_name=_("Met after"), null=True)
    status_before = tables.Column(verbose_name=_("Status before"), default="")
    status_after = tables.Column(verbose_name=_("Status after"), default="")

    class Meta(SuiteTable.Meta):
        empty_text = _("Nobody changed.")

    def render_change(self, value: Decimal) -> str:
        return f"{'+' if value > 0 else ''}{points(value)}"

    def value_change(self, value: Decimal) -> Decimal:
        return value


class SnapshotFilter(SuiteFilterSet):
    search_fields = ("employee__name", "employee__employee_no", "department__name")
