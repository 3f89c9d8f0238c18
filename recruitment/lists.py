"""Table and filters of the list of candidates."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import money
from people.selectors import all_departments
from recruitment import selectors
from recruitment.models import Application

#: on phones without them
WIDE = {"td": {"class": "d-none d-md-table-cell"}, "th": {"class": "d-none d-md-table-cell"}}
WIDE_NUMBER = {
    "td": {"class": "d-none d-md-table-cell text-end tabular"},
    "th": {"class": "d-none d-md-table-cell text-end"},
}


#: in the list on the widest screens alone, and in exports
WIDEST = {"td": {"class": "d-none d-xxl-table-cell"}, "th": {"class": "d-none d-xxl-table-cell"}}
WIDEST_NUMBER = {
    "td": {"class": "d-none d-xxl-table-cell text-end tabular"},
    "th": {"class": "d-none d-xxl-table-cell text-end"},
}


class _Money(NumberColumn):
    def render(self, value: Any) -> str:
        return money(value)

    def value(self, value: Any) -> Any:
        return value


class CandidateTable(SuiteTable):
    name = tables.Column(
        verbose_name=pgettext_lazy("person", "Name"),
        accessor="candidate__name",
        linkify=("recruitment:candidate", {"pk": tables.A("candidate_id")}),
    )
    number = tables.Column(verbose_name=_("Number"), accessor="candidate__number", default="–", attrs=WIDE)
    job_title = tables.Column(verbose_name=_("Applied for"), default="–")
    status = tables.TemplateColumn(
        template_name="recruitment/_status.html", verbose_name=_("Status"), order_by=("closed_as", "stage"),
        empty_values=(),
    )  # fmt: skip
    applied_on = tables.DateColumn(verbose_name=_("Applied on"), default="–", attrs=WIDE)
    source = tables.Column(verbose_name=_("Source"), accessor="candidate__source", default="–", attrs=WIDE)
    education = tables.Column(verbose_name=_("Education"), accessor="candidate__education", default="–", attrs=WIDEST)
    experience = NumberColumn(
        verbose_name=_("Years of experience"), accessor="candidate__experience_years", attrs=WIDEST_NUMBER
    )
    desired_salary = _Money(verbose_name=_("Desired salary"), attrs=WIDE_NUMBER)

    class Meta(SuiteTable.Meta):
        order_by = ("-applied_on",)

    def render_experience(self, value: Any) -> str:
        return f"{value.normalize():f}"

    def value_status(self, record: Application) -> str:
        return record.status_label

    def value_applied_on(self, value: Any) -> Any:
        return value

    def value_experience(self, value: Any) -> Any:
        return value


class ApplicationFilter(SuiteFilterSet):
    search_fields = ("candidate__name", "candidate__number", "candidate__email", "candidate__phone", "job_title")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=lambda: list(selectors.status_labels().items()), method="of_status",
        empty_label=_("All"),
    )  # fmt: skip
    post = django_filters.ChoiceFilter(label=_("Applied for"), choices=[], field_name="job_title", empty_label=_("All"))
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=[], field_name="candidate__source", empty_label=_("All")
    )
    department = django_filters.ModelChoiceFilter(label=_("Department"), queryset=lambda _request: all_departments())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.filters["post"].extra["choices"] = [(one, one) for one in selectors.posts(user)]
        self.filters["source"].extra["choices"] = [(one, one) for one in selectors.sources(user)]

    def of_status(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return selectors.with_status(rows, value)
