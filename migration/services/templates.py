"""Mappings with a name, recognised by the headings of a file that comes again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import MappingTemplate
from migration.rules import folded
from migration.services.mapping import Mapping
from migration.services.refused import added_headings
from people.models import User


def signature_of(headings: Iterable[str]) -> str:
    """Of headings in any order and spelling."""
    return hashlib.sha256("\n".join(sorted({folded(one) for one in headings})).encode()).hexdigest()


@transaction.atomic
def save_template(
    *, name: str, kind: str, headings: list[str], mapping: dict[str, dict[str, str]], actor: User | None
) -> MappingTemplate:
    """Keep how a source is mapped; one that is there for these headings says this from now on. Raises BadInput without
    a name."""
    name = name.strip()
    if not name:
        raise BadInput("template", name, _("A template needs a name."), _("Name it after the old system."))
    template, _is_new = MappingTemplate.objects.update_or_create(
        kind=kind,
        signature=signature_of(headings),
        defaults={"name": name[:120], "headings": headings, "mapping": mapping, "actor": actor},
    )
    return template


@transaction.atomic
def delete_template(*, template: MappingTemplate, actor: User) -> None:
    template.delete()


def template_for(headings: Iterable[str], kinds: Iterable[str]) -> MappingTemplate | None:
    """The template of these headings, also where somebody mended rows and sent the workbook with the reasons. A file
    with other columns beside is another file: they may say what the template has a constant for."""
    names = {folded(one) for one in headings}
    known = MappingTemplate.objects.filter(kind__in=list(kinds))
    exact = known.filter(signature=signature_of(names)).order_by("-updated_at").first()
    if exact is not None:
        return exact
    added = {folded(one) for one in added_headings()}
    for one in known.order_by("-updated_at"):
        own = {folded(heading) for heading in one.headings}
        if own <= names and names - own <= added:
            return one
    return None


def with_template(mapping: Mapping, template: MappingTemplate) -> Mapping:
    """The mapping with what the template says; what it says itself stays."""
    said = template.mapping
    return replace(
        mapping,
        columns={**said.get("columns", {}), **mapping.columns},
        attributes={**said.get("attributes", {}), **mapping.attributes},
        constants={**said.get("constants", {}), **mapping.constants},
    )
