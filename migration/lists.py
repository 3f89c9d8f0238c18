"""The list of imports."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from migration.models import Kind


class ImportTable(SuiteTable):
    file_name = tables.Column(verbose_name=_("File"), linkify=("migration:detail", {"pk": tables.A("pk")}))
    kind = tables.Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by=("kind",))
    created_at = tables.DateTimeColumn(verbose_name=_("Imported"), short=True)
    actor = tables.Column(verbose_name=_("By"), orderable=False, default=_("Command line"))
    created = NumberColumn(verbose_name=pgettext_lazy("rows", "New"))
    changed = NumberColumn(verbose_name=pgettext_lazy("rows", "Changed"))
    unchanged = NumberColumn(verbose_name=pgettext_lazy("rows", "Unchanged"))
    refused = NumberColumn(verbose_name=pgettext_lazy("rows", "Kept out"))

    class Meta(SuiteTable.Meta):
        order_by = ("-created_at",)
        empty_text = _("Nothing was imported yet.")


class ImportFilter(SuiteFilterSet):
    search_fields = ("file_name",)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
