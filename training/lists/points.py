"""Columns and filters of a points account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.lists import ActionColumn, NumberColumn, SuiteFilterSet, SuiteTable
from training.models import EntryKind
from training.selectors.policies import visible_categories

NO_WRAP = {"td": {"class": "text-nowrap"}}
# on a phone these stand in the answer to "why"
WIDE_ONLY = {"td": {"class": "d-none d-md-table-cell text-nowrap"}}


class LedgerTable(SuiteTable):
    what = tables.TemplateColumn(
        verbose_name=_("What"),
        template_name="training/_points_what.html",
        order_by=("record__activity__name", "-pk"),
        empty_values=(),
    )
    happened_on = tables.DateColumn(
        verbose_name=_("Happened"), accessor="record__happened_on", default="–", attrs=NO_WRAP
    )
    category = tables.Column(verbose_name=_("Category"), accessor="category__name")
    kind = tables.Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by=("kind", "-pk"), attrs=WIDE_ONLY)
    booked = tables.DateTimeColumn(
        verbose_name=_("Booked"),
        accessor="batch__created_at",
        order_by=("batch__pk", "record__happened_on", "pk"),
        short=True,
        attrs=WIDE_ONLY,
    )
    amount = NumberColumn(verbose_name=_("Points"))
    why = ActionColumn("training/_points_why_button.html")

    class Meta(SuiteTable.Meta):
        screen_only = ("why",)
        empty_text = _("No points are booked here.")

    def value_what(self, record: Any) -> str:
        if record.record is None:
            return record.reason
        course = record.record.course
        return f"{record.record.activity.name} {course.name if course else record.record.title}".strip()

    def render_amount(self, value: Decimal) -> str:
        return f"{value:+.2f}".rstrip("0").rstrip(".") if value else "0"

    def value_amount(self, value: Decimal) -> Decimal:
        return value


class LedgerFilter(SuiteFilterSet):
    """The year is chosen above the list and only kept here."""

    search_fields = ("record__activity__name", "record__course__name", "record__title", "category__name")
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=lambda request: visible_categories(request.user), method="in_category"
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=EntryKind.choices)
    year = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)

    def keep(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        return rows

    def in_category(self, rows: QuerySet[Any], _name: str, category: Any) -> QuerySet[Any]:
        return rows.filter(category__ancestor_links__ancestor=category)
