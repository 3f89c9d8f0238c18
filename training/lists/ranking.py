"""Columns and filters of the ranking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import LongSelect
from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import points
from people.models import Band
from people.selectors import all_departments
from training.forms.scopes import department_choices
from training.selectors.ranking import places

#: on phones place, name and points are enough
ON_WIDE_SCREENS = {"td": {"class": "d-none d-md-table-cell"}}


class RankingTable(SuiteTable):
    place = NumberColumn(
        verbose_name=_("Place"),
        accessor="total",
        order_by="-total",
        attrs={"th": {"class": "w-1"}, "td": {"class": "tabular"}},
    )
    name = tables.Column(verbose_name=pgettext_lazy("person", "Name"), accessor="employee__name")
    department = tables.Column(verbose_name=_("Department"), accessor="department__name", attrs=ON_WIDE_SCREENS)
    total = NumberColumn(verbose_name=_("Points"))
    met = tables.Column(verbose_name=_("Target"), empty_values=(), attrs=ON_WIDE_SCREENS)

    class Meta(SuiteTable.Meta):
        row_attrs = {"class": lambda record, table: "table-primary" if record.employee_id == table.own_id else ""}
        empty_text = _("Nobody here yet.")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        #: set by the view, before it answers
        self.own_id: int | None = None
        self._places: dict[Decimal, int] | None = None

    def place_of(self, record: Any) -> int:
        if self._places is None:
            # a page of the screen, or a chunk of the export
            shown = [row.record for row in self.page.object_list] if hasattr(self, "page") else list(self.data)
            self._places = places(self.request.ranking_population, [row.total for row in shown])
        return self._places[record.total]

    def render_place(self, record: Any) -> int:
        return self.place_of(record)

    def render_total(self, value: Decimal) -> str:
        return points(value)

    def value_total(self, value: Decimal) -> Decimal:
        return value

    def render_met(self, value: bool | None) -> str | SafeString:
        if value is None:
            return ""
        color, text = ("green", gettext("Met")) if value else ("secondary", gettext("Not yet"))
        return format_html('<span class="badge bg-{}-lt">{}</span>', color, text)

    def value_met(self, value: bool | None) -> str:
        return "" if value is None else gettext("Met") if value else gettext("Not yet")


class RankingFilter(SuiteFilterSet):
    """Department and band choose the population; the search only shows some of it."""

    search_fields = ("employee__name", "employee__employee_no")
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=lambda _request: all_departments(), method="keep", widget=LongSelect()
    )
    band = django_filters.ChoiceFilter(label=_("Band"), choices=Band.choices, method="keep")
    year = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["department"].widget.choices = department_choices()

    def keep(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        return rows
