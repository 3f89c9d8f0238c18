"""What closed years leave to the years after them: read from their newest snapshots, never worked out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

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
    counted = {codes[pk]: str(sums[0]) for pk, sums in categories.items() if pk in codes}
    needs = [
        [one["name"], str(one["required"]), str(one["counted"])]
        for one in detail.get("requirements", ())
        if one["name"] in codes.values()
    ]
    needs += [
        [codes[pk], least, counted.get(codes[pk], "0")]
        for pk, least in detail.get("minimums", {}).items()
        if pk in codes
    ]
    return {
        "total": str(total), "required": str(required), "met": met, "exempt": bool(detail.get("exempt")),
        "categories": counted, "needs": needs,
    }  # fmt: skip
