"""What closed years leave to the years after them: read from their newest snapshots, never worked out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from training.models import Category, SnapshotLine, YearSnapshot

Left = dict[str, Any]


def settled_years(ids: Sequence[int]) -> dict[int, dict[str, Left]]:
    """Employee id to the name of each year that was closed, and what it leaves; nothing for whoever is not in it.

    A year that was reopened goes on leaving what its newest snapshot says, until it is closed again.
    """
    versions = YearSnapshot.objects.order_by("year_id", "-number").distinct("year_id")
    newest = dict(versions.values_list("pk", "year__name"))
    found: dict[int, dict[str, Left]] = {pk: {name: {} for name in newest.values()} for pk in ids}
    if not newest:
        return found
    codes = {str(pk): code for pk, code in Category.objects.values_list("pk", "code")}
    lines = SnapshotLine.objects.filter(snapshot__in=newest, employee__in=ids)
    fields = ("employee_id", "snapshot_id", "total", "required", "met", "categories", "detail")
    for employee_id, snapshot_id, *said in lines.values_list(*fields):
        found[employee_id][newest[snapshot_id]] = _left(codes, *said)
    return found


def _left(
    codes: Mapping[str, str],
    total: Decimal,
    required: Decimal | None,
    met: bool | None,
    categories: Mapping[str, Sequence[Any]],
    detail: Mapping[str, Any],
) -> Left:
    """As the policy engine left it; or put together from what the line says, where nothing was carried at that time."""
    if "left" in detail or required is None:
        return dict(detail.get("left", {}))
    # snapshots of before categories stayed may name some that are gone
    counted = {codes[pk]: str(sums[0]) for pk, sums in categories.items() if pk in codes}
    needs = detail.get("needs")
    if needs is None:
        # lines of before they were kept: a minimum without a name of its own is called like its category
        known = set(codes.values())
        stated = [one for one in detail.get("requirements", ()) if one["name"] in known]
        needs = [[one["name"], str(one["required"]), str(one["counted"])] for one in stated]
    needs = needs + [
        [codes[pk], least, counted.get(codes[pk], "0")]
        for pk, least in detail.get("minimums", {}).items()
        if pk in codes
    ]
    return {
        "total": str(total), "required": str(required), "met": met, "exempt": bool(detail.get("exempt")),
        "categories": counted, "needs": needs,
    }  # fmt: skip


def years_naming(category: Category) -> list[str]:
    """Points years of which a snapshot has points or minimums of a category, by its id or its code."""
    key, code = str(category.pk), category.code
    lines = SnapshotLine.objects.filter(
        Q(categories__has_key=key)
        | Q(missing__has_key=key)
        | Q(detail__minimums__has_key=key)
        | Q(detail__left__categories__has_key=code)
        | Q(detail__left__needs__contains=[[code]])
        | Q(detail__needs__contains=[[code]])
    )
    found = lines.values_list("snapshot__year__name", flat=True).order_by("snapshot__year__start_date").distinct()
    return list(found)
