"""An upload at rest: no import begins in the middle of a change, and none is made while an import has the files."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import ImportJob, Upload, UploadTable
from migration.services.sealing import lost


def lock_upload(pk: int) -> None:
    """Whoever else changes or imports it waits until this transaction ends. Raises BadInput where it is gone."""
    if not Upload.objects.select_for_update(no_key=True).filter(pk=pk).exists():
        raise lost()


def hold(pk: int) -> None:
    """Lock the upload to change it. Raises BadInput where an import waits for it, or runs: what was shown at its start
    is what comes in."""
    lock_upload(pk)
    if ImportJob.objects.filter(upload=pk, status__in=ImportJob.OPEN).exists():
        raise in_use()


def hold_tables(tables: Collection[UploadTable]) -> dict[int, UploadTable]:
    """The tables of an upload by id, as they are now, held to be changed. Raises DoesNotExist where one was read anew
    meanwhile, and is another one."""
    for pk in {table.file.upload_id for table in tables}:
        hold(pk)
    found = UploadTable.objects.select_for_update(of=("self",)).select_related("file")
    held = found.order_by("pk").in_bulk([table.pk for table in tables])
    if len(held) < len(tables):
        raise UploadTable.DoesNotExist
    return held


def in_use() -> BadInput:
    return BadInput(
        "file", "", _("These files are being imported: nothing was changed."),
        _("Stop the import first, or wait until it ends."),
    )  # fmt: skip
