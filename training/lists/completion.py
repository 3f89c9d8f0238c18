"""Columns and filters of the people behind their target."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.export import Figure
from hrsuite.lib.lists import ActionColumn, NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import percent, points
from people.models import Employee
from training.lists.paths import OpenItems, gap_badges, gap_words
from training.selectors.completion import category_names, missing_parts
from training.selectors.paths import people_behind
from training.selectors.policies import year_of

STATUS = [
    ("behind", _("Behind")),
    ("met", _("Met")),
    ("none", _("Without a target")),
    ("open", _("Mandatory open")),
    ("overdue", _("Mandatory overdue")),
    ("all", _("Everyone")),
]
HALF = Decimal("0.5")
#: phones see both figures beside the progress
ON_WIDE_SCREENS = {"td": {"class": "text-end tabular d-none d-md-table-cell"}, "th": {"class": "text-end"}}


class CompletionTable(OpenItems, SuiteTable):
    name = tables.TemplateColumn(
        verbose_name=pgettext_lazy("person", "Name"),
        accessor="employee__name",
        template_name="training/_completion_name.html",
    )
    department = tables.Column(verbose_name=_("Department"), accessor="department__name")
    total = NumberColumn(verbose_name=_("Points"), attrs=ON_WIDE_SCREENS)
    required = NumberColumn(verbose_name=_("Required"), attrs=ON_WIDE_SCREENS)
    share_done = tables.Column(verbose_name=_("Progress"), empty_values=())
    missing = tables.Column(verbose_name=_("Missing by category"), orderable=False, empty_values=())
    mandatory = tables.Column(verbose_name=_("Mandatory and open"), orderable=False, empty_values=())
    remind = ActionColumn("training/_completion_remind.html")

    class Meta(SuiteTable.Meta):
        screen_only = ("remind",)
        empty_text = _("Nobody here: try another status.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category_names = category_names()

    def before_render(self, request: Any) -> None:
        super().before_render(request)
        if not request.user.has_perm("training.send_reminders"):
            self.columns.hide("remind")

    def render_name(self, record: Any) -> SafeString:
        return format_html(
            '<span class="completion-name"><a href="{}">{}</a> <span class="text-secondary small">{}</span></span>',
            reverse("training:points_of", args=[record.employee_id]),
            record.employee.name,
            record.employee.employee_no,
        )

    def render_share_done(self, record: Any) -> str | SafeString:
        if record.share_done is None:
            return ""
        color = "green" if record.met else "primary" if record.share_done >= HALF else "orange"
        both = gettext("%(total)s of %(required)s") % {
            "total": points(record.total),
            "required": points(record.required),
        }
        return format_html(
            '<span class="d-flex align-items-center gap-2 completion-progress"><span class="progress progress-sm '
            'flex-fill"><span class="progress-bar bg-{}" style="width:{}%"></span></span>'
            '<span class="tabular text-nowrap">{}</span>'
            '<span class="tabular text-nowrap text-secondary d-md-none">{}</span></span>',
            color,
            round(record.share_done * 100),
            percent(record.share_done),
            both,
        )

    def render_missing(self, record: Any) -> SafeString:
        badges = format_html_join(
            " ",
            '<span class="badge bg-orange-lt">{} {}</span>',
            ((name, points(amount)) for name, amount in missing_parts(record, self.category_names)),
        )
        return format_html('<span class="badges-list">{}</span>', badges) if badges else badges

    def render_mandatory(self, record: Any) -> SafeString:
        # the button in the last column asks for it
        record.open_items = self.gaps_of_row(record)
        return gap_badges(record.open_items)

    def value_mandatory(self, record: Any) -> str:
        return gap_words(self.gaps_of_row(record))

    def render_total(self, value: Decimal) -> str:
        return points(value)

    def render_required(self, value: Decimal) -> str:
        return points(value)

    def value_name(self, record: Any) -> str:
        return f"{record.employee.name} ({record.employee.employee_no})"

    def value_total(self, value: Decimal) -> Decimal:
        return value

    def value_required(self, value: Decimal) -> Decimal:
        return value

    def value_share_done(self, record: Any) -> Figure | None:
        return None if record.share_done is None else Figure(record.share_done, percent(record.share_done))

    def value_missing(self, record: Any) -> str:
        return "; ".join(f"{name} {points(amount)}" for name, amount in missing_parts(record, self.category_names))


class CompletionFilter(SuiteFilterSet):
    """Year and department are chosen above the list and only kept here."""

    search_fields = ("employee__name", "employee__employee_no")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=STATUS, method="of_status", empty_label=None)
    year = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    department = django_filters.NumberFilter(method="keep", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("status", "behind")
        super().__init__(data, *args, **kwargs)

    def keep(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        return rows

    def of_status(self, rows: QuerySet[Any], _name: str, status: str) -> QuerySet[Any]:
        if status in {"open", "overdue"}:
            return self._with_open_items(rows, late=status == "overdue")
        met = {"behind": False, "met": True, "none": None}
        if status not in met:
            return rows
        return rows.filter(met__isnull=True) if met[status] is None else rows.filter(met=met[status])

    def _with_open_items(self, rows: QuerySet[Any], *, late: bool) -> QuerySet[Any]:
        year = year_of(self.request.user, self.data.get("year", ""))
        people = Employee.objects.filter(pk__in=rows.order_by().values("employee_id"))
        return rows.filter(employee__in=people_behind(people, year, late=late) if year else [])

    def active(self) -> int:
        return super().active() - (self.data.get("status") == "behind")
