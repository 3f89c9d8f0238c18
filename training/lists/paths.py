"""Columns and filters of learning paths, of who is behind on one, and the column of open items for other lists."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.export import Figure
from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import percent
from people.models import Employee
from people.selectors import today
from training.selectors.paths import Gap, item_text, open_items, visible_paths
from training.selectors.policies import year_of


class PathTable(SuiteTable):
    name = tables.Column(verbose_name=_("Learning path"), linkify=("training:path", {"pk": tables.A("pk")}))
    code = tables.Column(verbose_name=_("Code"))
    asks = tables.Column(verbose_name=_("Asks for"), empty_values=(), orderable=False)
    whom = tables.Column(verbose_name=_("For whom"), empty_values=(), orderable=False)
    people = NumberColumn(verbose_name=_("People"))
    share = tables.TemplateColumn(verbose_name=_("Completion"), template_name="training/_path_share.html")
    late = NumberColumn(verbose_name=_("Overdue"))
    status = tables.TemplateColumn(
        verbose_name=_("Status"), template_name="training/_path_status.html", empty_values=(), orderable=False
    )

    class Meta(SuiteTable.Meta):
        order_by = ("name",)
        empty_text = _("No learning paths here.")

    def render_asks(self, record: Any) -> str:
        return "; ".join(item_text(item) for item in record.items.all())

    def value_asks(self, record: Any) -> str:
        return self.render_asks(record)

    def render_whom(self, record: Any) -> str:
        return record.scope_text()

    def value_whom(self, record: Any) -> str:
        return record.scope_text()

    def value_share(self, value: Any) -> Figure:
        return Figure(value, percent(value))

    def value_status(self, record: Any) -> str:
        return str(_("In force") if is_running(record) else _("Not in force"))


def is_running(path: Any) -> bool:
    day = today()
    return path.is_active and path.start_date <= day and (path.end_date is None or path.end_date >= day)


class PathFilter(SuiteFilterSet):
    search_fields = ("name", "code", "reason")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=[("on", _("In force")), ("off", _("Not in force"))], method="of_status"
    )

    def of_status(self, rows: QuerySet[Any], _name: str, status: str) -> QuerySet[Any]:
        day = today()
        running = Q(is_active=True, start_date__lte=day) & (Q(end_date__isnull=True) | Q(end_date__gte=day))
        return rows.filter(running if status == "on" else ~running)


class OpenItems:
    """For tables of people: the open mandatory items of the rows shown, read once a page (an export: once a chunk)."""

    #: where a row keeps its employee's id
    employee_path = "employee_id"
    _found: dict[int, list[Gap]] | None = None

    def before_render(self, request: Any) -> None:
        self.request = request

    def open_path(self) -> Any:
        """The only path that is asked about; all of them by default."""
        return None

    def gaps_of_row(self, record: Any) -> list[Gap]:
        if self._found is None:
            self._found = defaultdict(list)
            shown = [row.record for row in self.page.object_list] if hasattr(self, "page") else list(self.data.data)  # type: ignore[attr-defined]
            ids = [getattr(one, self.employee_path) for one in shown]
            year = year_of(self.request.user, self.request.GET.get("year", ""))
            for gap in open_items(Employee.objects.filter(pk__in=ids), year, self.open_path()) if year else ():
                self._found[gap.employee_id].append(gap)
        return self._found.get(getattr(record, self.employee_path), [])


def gap_badges(gaps: list[Gap]) -> SafeString:
    """Overdue ones in red, the others calm; empty without any."""
    badges = format_html_join(
        " ",
        '<span class="badge bg-{}-lt text-wrap text-start">{}</span>',
        (("red" if gap.overdue else "blue", gap.text) for gap in gaps),
    )
    return format_html('<span class="badges-list">{}</span>', badges) if badges else badges


def gap_words(gaps: list[Gap]) -> str:
    """For exports."""
    overdue = gettext("overdue")
    return "; ".join(f"{gap.text} ({overdue})" if gap.overdue else gap.text for gap in gaps)


class BehindTable(OpenItems, SuiteTable):
    employee_path = "pk"
    name = tables.Column(verbose_name=pgettext_lazy("person", "Name"))
    employee_no = tables.Column(verbose_name=_("Number"))
    department_name = tables.Column(verbose_name=_("Department"))
    open = tables.Column(verbose_name=pgettext_lazy("learning path", "Open"), empty_values=(), orderable=False)
    due = tables.Column(verbose_name=_("Due"), empty_values=(), orderable=False)

    class Meta(SuiteTable.Meta):
        order_by = ("name",)
        empty_text = _("Nobody is behind.")

    def open_path(self) -> Any:
        found = self.request.resolver_match
        return visible_paths(self.request.user).get(pk=found.kwargs["pk"])

    def render_name(self, record: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("training:points_of", args=[record.pk]), record.name)

    def value_name(self, record: Any) -> str:
        return record.name

    def render_open(self, record: Any) -> SafeString:
        return gap_badges(self.gaps_of_row(record))

    def value_open(self, record: Any) -> str:
        return gap_words(self.gaps_of_row(record))

    def value_due(self, record: Any) -> Any:
        return min((gap.due_on for gap in self.gaps_of_row(record) if gap.due_on), default=None)

    def render_due(self, record: Any) -> Any:
        day = self.value_due(record)
        return date_format(day) if day else ""


class BehindFilter(SuiteFilterSet):
    search_fields = ("name", "employee_no")
