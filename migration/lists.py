"""The list of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import ActionColumn, NumberColumn, SuiteFilterSet, SuiteTable
from hrsuite.templatetags.suite import points
from migration.models import Kind
from migration.selectors import kinds_of, shown_kinds
from migration.services.terms import WORDED


class CountColumn(NumberColumn):
    """Figures with thousands marks; exports have them plain."""

    def render(self, value: int) -> str:
        return points(value)

    def value(self, value: int) -> int:
        return value


class ImportTable(SuiteTable):
    file_name = tables.TemplateColumn(verbose_name=_("File"), template_name="migration/_file.html")
    kind = tables.Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by=("kind",))
    created_at = tables.DateTimeColumn(verbose_name=pgettext_lazy("time", "Imported"), short=True)
    actor = tables.Column(verbose_name=_("By"), orderable=False, default=_("Command line"))
    created = CountColumn(verbose_name=pgettext_lazy("rows", "New"))
    changed = CountColumn(verbose_name=pgettext_lazy("rows", "Changed"))
    unchanged = CountColumn(verbose_name=pgettext_lazy("rows", "Unchanged"))
    refused = CountColumn(verbose_name=pgettext_lazy("rows", "Refused"))

    class Meta(SuiteTable.Meta):
        order_by = ("-created_at",)


class ImportFilter(SuiteFilterSet):
    search_fields = ("file_name",)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, shown_kinds(self.request.user))


def _offer(filters: SuiteFilterSet, kinds: Sequence[str]) -> None:
    """Only kinds that the reader can find."""
    filters.filters["kind"].extra["choices"] = [(kind, Kind(kind).label) for kind in kinds]


class TermTable(SuiteTable):
    word = tables.Column(verbose_name=_("Word"))
    field = tables.Column(verbose_name=_("Field"))
    meaning = tables.Column(verbose_name=_("Meaning"), default=_("Nothing"))
    actor = tables.Column(verbose_name=_("Decided by"), orderable=False, default=_("Command line"))
    decided_at = tables.DateTimeColumn(verbose_name=pgettext_lazy("time", "Decided"), short=True)
    revoke = ActionColumn("migration/_revoke.html")

    class Meta(SuiteTable.Meta):
        order_by = ("field", "word")
        screen_only = ("revoke",)

    def render_field(self, value: str) -> Any:
        return WORDED.get(value, value)


class TermFilter(SuiteFilterSet):
    search_fields = ("word", "meaning")
    field = django_filters.ChoiceFilter(label=_("Field"), choices=list(WORDED.items()))


class TemplateTable(SuiteTable):
    name = tables.Column(verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Kind"))
    headings = tables.Column(verbose_name=_("Headings"), orderable=False)
    actor = tables.Column(verbose_name=_("Saved by"), orderable=False, default=_("Command line"))
    updated_at = tables.DateTimeColumn(verbose_name=_("Saved"), short=True)
    forget = ActionColumn("migration/_forget.html")

    class Meta(SuiteTable.Meta):
        order_by = ("name",)
        screen_only = ("forget",)

    def render_kind(self, value: str) -> Any:
        return dict(Kind.choices).get(value, value)

    def render_headings(self, value: list[str]) -> str:
        return ", ".join(value)


class TemplateFilter(SuiteFilterSet):
    search_fields = ("name",)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, kinds_of(self.request.user))
