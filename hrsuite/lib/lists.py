"""List pages: search, filter, sort, page and export, the same everywhere.

A view says what its rows are and how they look; :func:`list_page` does the rest::

    page = list_page(request, rows=visible_people(request.user), table=PeopleTable, filters=PeopleFilter, name="people")
    return page.respond("people/people.html", {"departments": departments})

The template includes ``components/_list.html``, which is also the htmx answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.encoding import force_str
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.config import RequestConfig
from django_tables2.paginators import LazyPaginator

from hrsuite.lib.export import Figure, csv_response, xlsx_response

PER_PAGE = 25
EXPORT_CHUNK = 2000


class SuiteTable(tables.Table):
    """Base of all list tables. Columns named in ``Meta.screen_only`` stay out of exports, where dates are dates."""

    class Meta:
        empty_text = _("Nothing matches.")
        screen_only: Sequence[str] = ()

    def as_values(self, exclude_columns: Sequence[str] | None = None) -> Iterator[list[Any]]:
        left_out = exclude_columns or ()
        columns = [
            column
            for column in self.columns.iterall()
            if not (column.column.exclude_from_export or column.name in left_out)
        ]
        yield [str(column.header) for column in columns]
        for row in self.rows:
            yield [self._exported(row, column) for column in columns]

    def _exported(self, row: Any, column: Any) -> Any:
        is_day = isinstance(column.column, (tables.DateColumn, tables.DateTimeColumn))
        if is_day and not hasattr(self, f"value_{column.name}"):
            return column.accessor.resolve(row.record, quiet=True)
        if isinstance(column.column, tables.BooleanColumn):
            is_so = column.accessor.resolve(row.record, quiet=True)
            return None if is_so is None else gettext("yes") if is_so else gettext("no")
        value = row.get_cell_value(column.name)
        return value if isinstance(value, Figure) else force_str(value, strings_only=True)


class NumberColumn(tables.Column):
    """Right-aligned figures."""

    attrs = {"td": {"class": "text-end tabular"}, "th": {"class": "text-end"}}


class ActionColumn(tables.TemplateColumn):
    """Buttons at the end of a row; never sorted, never exported."""

    attrs = {"td": {"class": "text-end text-nowrap"}}

    def __init__(self, template_name: str, **options: Any) -> None:
        super().__init__(
            template_name=template_name,
            verbose_name="",
            orderable=False,
            exclude_from_export=True,
            empty_values=(),
            **options,
        )


class SuiteFilterSet(django_filters.FilterSet):
    """Base of all list filters. ``q`` searches ``search_fields`` for every word, each anywhere."""

    search_fields: Sequence[str] = ()
    q = django_filters.CharFilter(method="search", label=_("Search"))

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        for word in value.split()[:6]:
            anywhere = Q()
            for name in self.search_fields:
                anywhere |= Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(anywhere)
        return queryset

    def others(self) -> list[Any]:
        """Bound fields besides the search, for the template."""
        return [field for field in self.form.visible_fields() if field.name != "q"]

    def kept(self) -> list[Any]:
        """Bound fields without a face: what was chosen outside the list."""
        return list(self.form.hidden_fields())

    def active(self) -> int:
        """How many filters besides the search are set."""
        return sum(1 for field in self.others() if self.data.get(field.name))


@dataclass
class ListPage:
    """A list as the template needs it: ``table``, ``filters``, ``pager`` and the addresses of sorts and exports."""

    request: HttpRequest
    name: str
    table: Any
    filters: Any
    rows: Any
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def can_search(self) -> bool:
        return bool(self.filters is not None and self.filters.search_fields)

    @property
    def is_filtered(self) -> bool:
        return any(value for key, value in self.request.GET.items() if key not in {"page", "sort"})

    @property
    def query(self) -> str:
        """The query string without page and export, for links."""
        kept = self.request.GET.copy()
        for key in ("page", "export"):
            kept.pop(key, None)
        return kept.urlencode()

    def export_rows(self) -> Iterator[Sequence[Any]]:
        """Heading, then every row of the filtered and sorted list, a chunk at a time."""
        skipped = tuple(getattr(self.table.Meta, "screen_only", ()))
        source = self.rows.iterator(chunk_size=EXPORT_CHUNK) if isinstance(self.rows, QuerySet) else iter(self.rows)
        first = True
        while (chunk := list(islice(source, EXPORT_CHUNK))) or first:
            table = type(self.table)(chunk)
            table.request = self.request
            values = table.as_values(exclude_columns=skipped)
            yield from (values if first else islice(values, 1, None))
            first = False

    def respond(self, template: str, context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The page, the list alone for htmx, or the export that ``?export=csv|xlsx`` asks for."""
        export = self.request.GET.get("export")
        if export == "csv":
            return csv_response(self.export_rows(), self.name)
        if export == "xlsx":
            return xlsx_response(self.export_rows(), self.name)
        is_part = getattr(self.request, "htmx", False) and self.request.htmx.target == "list"  # type: ignore[attr-defined]
        return render(
            self.request,
            "components/_list.html" if is_part else template,
            {**(context or {}), "list": self},
        )


def list_page(
    request: HttpRequest,
    *,
    rows: Any,
    table: type[SuiteTable],
    name: str,
    filters: type[SuiteFilterSet] | None = None,
    per_page: int = PER_PAGE,
    **table_options: Any,
) -> ListPage:
    """Filter, sort and page ``rows`` (a queryset, or a list of dicts or objects). ``name`` is the export's file name.

    Pages are not counted: with many rows a count costs more than the page.
    """
    filterset = filters(request.GET, queryset=rows, request=request) if filters else None
    found = filterset.qs if filterset is not None else rows
    # without the request: a table that is born with one counts all its rows
    shown = table(found, **table_options)
    RequestConfig(request, paginate={"per_page": per_page, "paginator_class": LazyPaginator, "silent": True}).configure(
        shown
    )
    # sorted by the table, so that an export has the order of the screen
    return ListPage(request=request, name=name, table=shown, filters=filterset, rows=shown.data.data)
