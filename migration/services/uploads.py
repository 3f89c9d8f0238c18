"""Files on their way in: kept sealed, bound to the person, gone after some days."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.disk import is_full
from hrsuite.lib.errors import BadInput
from migration.models import ImportJob, Kind, Upload, UploadFile, UploadTable
from migration.selectors import kinds_of
from migration.services.choices import Choices, choices_of, encodings_in, keep_choices
from migration.services.fields import fields_of
from migration.services.inspecting import inventory_of
from migration.services.mapping import read_mapping
from migration.services.matching import Seen, suggest
from migration.services.reading import check_size
from migration.services.resting import hold
from migration.services.sealing import content_of_file, lost, read_file, seal_json, unseal_json, write_file
from migration.services.sources import Source, read_beginnings
from migration.services.tables import with_others
from migration.services.templates import template_for
from migration.services.unlocking import is_locked, unlock
from people.models import User

MOST_FILES = 20


def add_upload(
    *,
    files: Sequence[tuple[str, bytes | BinaryIO]],
    actor: User,
    kind: str = "",
    mapping: str = "",
    password: str = "",
    encoding: str = "",
) -> Upload:
    """Keep the files (name, content) and look into them. ``kind`` is that of all their tables, empty: guess it;
    ``encoding`` that of their texts.

    A protected workbook waits for :func:`unlock_upload` where ``password`` does not open it. Raises BadInput for a
    file that cannot be used, having kept none.
    """
    if not files or len(files) > MOST_FILES:
        raise BadInput("file", len(files), _("Choose 1 to %(most)s files.") % {"most": MOST_FILES}, "")
    read_mapping(mapping)
    with said_where_full():
        return _keep(files, actor, kind, mapping, password, encoding)


@contextmanager
def said_where_full() -> Iterator[None]:
    """Raises BadInput where the disk of the server, or of the database, has no room for an upload."""
    try:
        yield
    except (DatabaseError, OSError) as error:
        if not is_full(error):
            raise
        raise no_room() from error


def no_room() -> BadInput:
    return BadInput(
        "file", "", _("The disk of the server is full: nothing of the upload was kept."),
        _("Make room, or ask who runs the server; then upload it again."),
    )  # fmt: skip


def _keep(
    files: Sequence[tuple[str, bytes | BinaryIO]], actor: User, kind: str, mapping: str, password: str, encoding: str
) -> Upload:
    with transaction.atomic():
        upload = _upload(actor, dt.timedelta(days=settings.UPLOAD_KEEP_DAYS))
        for name, given in files:
            source: BinaryIO = io.BytesIO(given) if isinstance(given, bytes) else given
            locked = False
            if _is_book(source):
                check_size(name, source.seek(0, io.SEEK_END), is_book=True)
                source.seek(0)
                locked = is_locked(source.read())
            if locked and password:
                source.seek(0)
                source, locked = io.BytesIO(unlock(name=name, data=source.read(), password=password)), False
            source.seek(0)
            file = _file(upload, name, source, is_locked=locked)
            if not locked:
                _look_into(file, kind, mapping, encoding, actor=actor)
        if upload.files.filter(is_locked=True).exists():
            upload.said = seal_json({"kind": kind, "mapping": mapping, "encoding": encoding})
            upload.save(update_fields=["said"])
        else:
            _check_tables(upload)
    return upload


def _upload(actor: User, kept: dt.timedelta) -> Upload:
    sweep_uploads()
    return Upload.objects.create(actor=actor, expires_at=timezone.now() + kept)


def _is_book(source: BinaryIO) -> bool:
    """Whether it is a workbook or an archive, which are small enough to be read as a whole."""
    start = source.read(4)
    source.seek(0)
    return start in (b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("d0cf11e0"))


def _file(upload: Upload, name: str, source: BinaryIO, *, is_locked: bool = False) -> UploadFile:
    file = UploadFile.objects.create(
        upload=upload, name=PurePath(name.replace("\x00", "")).name[-255:], sha256="", size=0, is_locked=is_locked
    )
    write_file(file, source)
    return file


def unlock_upload(*, upload: Upload, passwords: Mapping[int, str], actor: User) -> None:
    """Open the protected files: from now on they are kept without their password. What was said of all files at the
    upload holds for them. Raises BadInput."""
    with said_where_full(), transaction.atomic():
        hold(upload.pk)
        said = unseal_json(upload.said)
        for file in upload.files.select_for_update().filter(is_locked=True):
            data = unlock(name=file.name, data=read_file(file), password=passwords.get(file.pk, ""))
            file.is_locked = False
            file.save(update_fields=["is_locked"])
            write_file(file, io.BytesIO(data))
            _look_into(file, said.get("kind", ""), said.get("mapping", ""), said.get("encoding", ""), actor=actor)
        _check_tables(upload)


def _check_tables(upload: Upload) -> None:
    tables = UploadTable.objects.filter(file__upload=upload)
    if tables.exclude(kind="").filter(is_skipped=False).exists():
        # a page of explanations beside the table; whoever looks can take it in
        tables.filter(kind="").update(is_skipped=True)
    if not tables.exists():
        name = ", ".join(upload.files.values_list("name", flat=True))
        raise BadInput("file", name, _("The file has no rows."), _("Choose the file that has the rows."))


@said_where_full()
@transaction.atomic
def read_as(*, table: UploadTable, encoding: str, actor: User) -> None:
    """Look into the text of ``table`` anew, by the encoding that ``actor`` says it has; what was decided about its
    columns is asked again. Others beside it in a zip stay. Raises BadInput where its letters are not of that."""
    hold(table.file.upload_id)
    file = UploadFile.objects.select_for_update().get(pk=table.file_id)
    given = choices_of(table).mapping
    if table.member == file.name:
        file.tables.all().delete()
        _look_into(file, table.kind, given, encoding, actor=actor)
        return
    known = encodings_in(file)
    before = _sources_of(file, given, known)
    after = _sources_of(file, given, known | {table.member: encoding})
    file.tables.filter(member=table.member).delete()
    _move(file, _places(before), _places(after))
    _keep_tables(
        file, [(place, one) for place, one in enumerate(after) if one.file[-255:] == table.member], table.kind, given,
        encoding, actor=actor,
    )  # fmt: skip


def _sources_of(file: UploadFile, mapping: str, encodings: Mapping[str, str]) -> list[Source]:
    said = read_mapping(mapping)
    read = read_beginnings(name=file.name, content=content_of_file(file), encoding=said.encoding, encodings=encodings)
    return with_others(read, said)


def _places(sources: Sequence[Source]) -> list[tuple[str, int]]:
    """Of each table the file that it stands in, and the how manyth of its tables it is."""
    counts: Counter[str] = Counter()
    found = []
    for one in sources:
        found.append((one.file, counts[one.file]))
        counts[one.file] += 1
    return found


def _move(file: UploadFile, before: list[tuple[str, int]], after: list[tuple[str, int]]) -> None:
    """Other letters can make other tables of a text: those behind it stand elsewhere then."""
    moved = {one.pk: after.index(before[one.position]) for one in file.tables.all()}
    # two tables never have one place, in between neither
    file.tables.update(position=F("position") + len(before) + len(after))
    for pk, place in moved.items():
        file.tables.filter(pk=pk).update(position=place)


def _look_into(file: UploadFile, kind: str, mapping: str, encoding: str = "", *, actor: User) -> None:
    said = read_mapping(mapping)
    said = replace(said, encoding=encoding or said.encoding)
    read = read_beginnings(name=file.name, content=content_of_file(file), encoding=said.encoding)
    _keep_tables(file, list(enumerate(with_others(read, said))), kind, mapping, encoding, actor=actor)


def _keep_tables(
    file: UploadFile, sources: Sequence[tuple[int, Source]], kind: str, mapping: str, encoding: str, *, actor: User
) -> None:
    said = read_mapping(mapping)
    parts = {(one.file, sheet) for _position, one in sources for sheet in one.sheets}
    for position, source in sources:
        if (source.file, source.sheet) in parts and source.table < 2:
            # read together with others
            continue
        inventory = inventory_of(source, heading_row=said.heading_row)
        if not inventory["columns"]:
            continue
        table = UploadTable(
            file=file, member=source.file[-255:], sheet=source.title[:255], position=position,
            inventory=seal_json(inventory),
            is_skipped=inventory["blank"]
            or bool(said.sheet and source.sheet != said.sheet)
            or source.table != (said.table or 1),
        )  # fmt: skip
        guessed = kind or said.kind or inventory["kind"]
        headings = [one["name"] for one in inventory["columns"]]
        template = template_for(headings, [kind] if kind else kinds_of(actor))
        if template is not None and not mapping:
            guessed = template.kind
        table.kind = guessed if guessed in kinds_of(actor) else ""
        table.save()
        choices = first_choices(table, inventory, mapping)
        choices.encoding = encoding
        keep_choices(table, choices, actor=actor)


def first_choices(table: UploadTable, inventory: Mapping[str, Any], mapping: str = "") -> Choices:
    """What is known about a table before anybody was asked: the mapping file, else the template, else headings."""
    choices = Choices(mapping=mapping)
    if not table.kind:
        return choices
    said = choices.file_mapping
    headings = [one["name"] for one in inventory["columns"]]
    template = template_for(headings, [table.kind]) if not mapping else None
    if template is not None:
        choices.columns = dict(template.mapping.get("columns", {}))
        choices.attributes = dict(template.mapping.get("attributes", {}))
        choices.constants = dict(template.mapping.get("constants", {}))
        choices.template, choices.is_mapped = template.name, True
        return choices
    seen = [Seen(one["name"], one["type"], one["meaning"], one.get("told", False)) for one in inventory["columns"]]
    found = suggest(table.kind, seen)
    if table.kind in Kind.values:
        found |= _attributes(table.kind, headings, set(found.values()))
    choices.columns = {name: heading for name, heading in found.items() if name not in said.constants}
    choices.columns |= said.columns
    choices.attributes, choices.constants = dict(said.attributes), dict(said.constants)
    mapped = {*said.columns.values(), *said.attributes.values()}
    # a column that the mapping file names serves nothing else
    choices.columns = {
        name: heading
        for name, heading in choices.columns.items()
        if name in said.columns or (heading not in mapped and name not in said.attributes)
    }
    choices.is_mapped = bool(mapping)
    return choices


def _attributes(kind: str, headings: Iterable[str], taken: set[str]) -> dict[str, str]:
    """Columns headed by the code or name of a declared attribute."""
    found = {}
    for one in fields_of(kind):
        for heading in headings:
            if one.attribute and heading not in taken and heading in (one.attribute.code, one.attribute.name):
                found[one.name] = heading
    return found


@transaction.atomic
def delete_upload(*, upload: Upload, actor: User) -> None:
    """Raises BadInput while an import has its files."""
    hold(upload.pk)
    upload.delete()


def sweep_uploads() -> int:
    """Delete what is too old, and no import waits for; answers how many."""
    waited_for = ImportJob.objects.filter(status__in=ImportJob.OPEN, upload__isnull=False)
    old = Upload.objects.filter(expires_at__lte=timezone.now()).exclude(pk__in=waited_for.values("upload"))
    count = old.count()
    old.delete()
    return count


# --- previews of the admin site ---------------------------------------------------------------------------------------
def keep_upload(*, data: bytes, user: User) -> str:
    """Keep a content for a day; the token names it for this person alone. Raises BadInput where there is no room."""
    with said_where_full(), transaction.atomic():
        upload = _upload(user, dt.timedelta(days=1))
        _file(upload, "preview", io.BytesIO(data))
    return str(upload.pk)


def fetch_upload(*, token: str, user: User) -> bytes:
    """The content of an upload of this very person. Raises BadInput where there is none (any more)."""
    if token.isdecimal() and len(token) < 18:
        file = UploadFile.objects.filter(
            upload=int(token), upload__actor=user, upload__expires_at__gt=timezone.now()
        ).first()
        if file is not None:
            return read_file(file)
    raise lost()


def drop_upload(*, token: str, user: User) -> None:
    if token.isdecimal() and len(token) < 18:
        Upload.objects.filter(pk=int(token), actor=user).delete()
