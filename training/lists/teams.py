"""Columns and filters of team records."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.lists import NumberColumn, SuiteFilterSet, SuiteTable
from people.labels import attribute_columns
from people.models import Attribute
from training.models import RecordStatus, TeamRecord


class TeamRecordTable(SuiteTable):
    happened_on = tables.DateColumn(verbose_name=_("Date"))
    department = tables.Column(verbose_name=_("Department"), accessor="department__name")
    activity = tables.Column(verbose_name=_("Activity"), accessor="activity__name")
    title = tables.Column(verbose_name=_("Title"))
    quantity = tables.TemplateColumn(
        verbose_name=_("Evidence"), template_name="training/_record_quantity.html", orderable=False, empty_values=()
    )
    minutes = NumberColumn(verbose_name=_("Minutes"), visible=False)
    count = NumberColumn(verbose_name=_("Times"), visible=False)
    score = NumberColumn(verbose_name=_("Score"), visible=False)
    source = tables.Column(verbose_name=_("Source"))
    status = tables.TemplateColumn(verbose_name=_("Status"), template_name="training/_record_status.html")
    actions = tables.TemplateColumn(
        verbose_name="", template_name="training/_team_record_actions.html", orderable=False, exclude_from_export=True
    )

    class Meta(SuiteTable.Meta):
        order_by = ("-happened_on",)
        empty_text = _("No team records here.")
        screen_only = ("quantity",)

    def render_source(self, record: TeamRecord) -> str:
        return record.came_from

    def value_source(self, record: TeamRecord) -> str:
        return record.came_from

    def value_status(self, record: object) -> str:
        return str(record.get_status_display())  # type: ignore[attr-defined]


def team_record_table() -> type[TeamRecordTable]:
    """The list, with a column of the export for every attribute of records."""
    return type("TeamRecordTable", (TeamRecordTable,), attribute_columns(Attribute.Owner.RECORD))


class TeamRecordFilter(SuiteFilterSet):
    search_fields = ("title", "department__name", "department__code", "activity__name")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=RecordStatus.choices)
