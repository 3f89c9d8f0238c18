"""What the options of ``import_file`` say: mapping, constants, words, answers, and the files that are written."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from hrsuite.lib.targets import check_targets, is_standard_output, numbered
from migration.cleaning import BadAnswerError, Hints, read_decisions, read_terms
from migration.management.content import bytes_of
from migration.selectors import account_named
from migration.services import Mapping, read_mapping
from migration.services.fields import FIELDS, fields_of
from migration.services.further import TELLING
from migration.services.mapping import CREATABLE
from migration.services.said import by_field, check_constants, check_mapping, check_words
from migration.services.saving import first_load
from migration.services.several import Part, named
from people.models import User

#: options that name a file to be written; those of one file for all tables
TARGETS = ("out", "doubts", "report", "refused")


def check_files(options: AnyMapping[str, Any], tables: int = 1) -> None:
    """What cannot be written, or would be lost by it, is said before anything is. Raises BadInput."""
    only_cleans = bool(options["out"] or options["doubts"])
    if only_cleans and options["refused"]:
        raise BadInput(
            "--refused", options["refused"], _("With --out or --doubts nothing is imported, so no row is refused."),
            _("Leave it out; --report has the rows in doubt."),
        )  # fmt: skip
    _check_endings(options)
    single = {"doubts", "report", "refused"} if only_cleans else set()
    targets = [
        (f"--{name}", numbered(Path(options[name]), number))
        for name in TARGETS
        if options[name]
        for number in range(1, (1 if name in single else tables) + 1)
    ]
    sources = [named(given, "")[0] for given in options["file"]]
    sources += [Path(options[name]) for name in ("mapping", "terms", "decide", "password_file") if options[name]]
    # of a stream all tables have the same name
    check_targets(list(dict.fromkeys(targets)), sources)
    for option, path in targets:
        if options["json"] and is_standard_output(path):
            raise BadInput(
                option, str(path), _("%(option)s writes to the same file.") % {"option": "--json"},
                _("Name another file to write to."),
            )  # fmt: skip


def _check_endings(options: AnyMapping[str, Any]) -> None:
    """A file that is named as what it is not cannot be opened."""
    for names, endings, said in (
        (("out", "doubts"), (".xlsx", ".xls", ".xlsm"), _("This option writes a csv.")),
        (("report", "refused"), (".csv", ".tsv", ".txt", ".xls"), _("This option writes a workbook (xlsx).")),
    ):
        for name in names:
            path = Path(options[name]) if options[name] else None
            if path is not None and path.suffix.lower() in endings:
                mend = _("Name it %(name)s.") % {
                    "name": path.with_suffix(".csv" if name in ("out", "doubts") else ".xlsx").name
                }
                raise BadInput(f"--{name}", path.name, said, mend)


def speaks_aside(options: AnyMapping[str, Any]) -> bool:
    """Whether a table goes to standard output, which is then no place for other words."""
    return any(options[name] and is_standard_output(Path(options[name])) for name in TARGETS)


def with_numbers(options: dict[str, Any], number: int) -> dict[str, Any]:
    """The second table and those after it write their workbooks beside those of the first: ``refused-2.xlsx``."""
    if number == 1:
        return options
    paths = {name: Path(options[name]) for name in ("refused", "report") if options[name]}
    return options | {name: str(numbered(path, number)) for name, path in paths.items()}


def actor_of(name: str) -> User | None:
    """Raises BadInput where nobody can sign in under this name."""
    if not name:
        return None
    user = account_named(name)
    if user is None:
        raise BadInput("--user", name, _("There is no such account."), _("Name an account that can sign in."))
    return user


def mapping_of(options: dict[str, Any], *, first: bool = True) -> Mapping:
    """What --mapping, --create-missing and --set say; with ``first`` as well what the first files of a company may
    create. Raises BadInput."""
    mapping = Mapping()
    if options["mapping"]:
        try:
            mapping = read_mapping(bytes_of(Path(options["mapping"])).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise BadInput(
                "mapping", options["mapping"], _("The mapping is not UTF-8."), _("Save it as UTF-8.")
            ) from error
    if options["create_missing"]:
        mapping = replace(mapping, create=CREATABLE)
    elif first and not options["out"] and not options["doubts"]:
        mapping = first_load(mapping)
    constants = dict(mapping.constants)
    for given in options["set"]:
        name, separator, value = given.partition("=")
        if not separator:
            raise BadInput("--set", given, _("Write it as FIELD=VALUE."), "")
        constants[name.strip()] = value.strip()
    return replace(mapping, constants=constants)


def mapping_of_part(part: Part, options: dict[str, Any]) -> Mapping:
    mapping = of_kind(mapping_of(options), part.kind)
    known = {one.name for one in fields_of(part.kind)}
    for name in of_kind(_set_alone(options), part.kind).constants:
        if name not in known:
            raise BadInput(
                "--set", name, _("There is no such field."),
                _("Fields of %(kind)s: %(fields)s.") % {"kind": part.kind, "fields": ", ".join(sorted(known))},
            )  # fmt: skip
    check_words("values", mapping.values, part.kind)
    if part.is_further:
        mapping = replace(mapping, needs=TELLING.get(part.kind, ()))
    return replace(mapping, sheet=part.sheet) if part.sheet else mapping


def mapping_for_cleaning(options: dict[str, Any]) -> Mapping:
    """The mapping where no database is asked: what it sets must be fields of the kind."""
    mapping = mapping_of(options)
    kind = options["kind"] or mapping.kind
    check_mapping(mapping, kind)
    here = _set_alone(options)
    check_constants((of_kind(here, kind) if kind else here).constants, kind)
    if kind:
        check_constants(of_kind(mapping, kind).constants, kind, "constants")
    return of_kind(mapping, kind) if kind else mapping


def _set_alone(options: AnyMapping[str, Any]) -> Mapping:
    """What --set says, apart from the mapping."""
    said = (given.split("=", 1) for given in options["set"])
    return Mapping(constants={name.strip(): value.strip() for name, value in said})


def of_kind(mapping: Mapping, kind: str) -> Mapping:
    """With the constants that are said of this kind, as in ``ratings.cycle``, among several kinds."""
    constants = {}
    for name, value in mapping.constants.items():
        owner, separator, own = name.partition(".")
        if not separator or owner not in FIELDS:
            constants[name] = value
        elif owner == kind:
            constants[own] = value
    return replace(mapping, constants=constants)


def hints_of(options: dict[str, Any], kind: str) -> Hints:
    """What --terms and --decide say of a table of this kind. Raises BadInput."""
    hints = Hints()
    for name, reader in (("terms", _with_terms), ("decide", read_decisions)):
        if not options[name]:
            continue
        path = Path(options[name])
        try:
            hints = reader(bytes_of(path).decode("utf-8-sig"), hints)
        except UnicodeDecodeError as error:
            raise BadInput(f"--{name}", path.name, _("This is no UTF-8 text."), _("Save it as UTF-8.")) from error
        except BadAnswerError as error:
            message = _(error.say.text) % error.say.values
            where = path.name if error.where == "yaml" else error.where
            raise BadInput(f"--{name}", where, message, _("docs/cleaning.md shows every key.")) from error
    check_words("--terms", hints.terms, kind)
    return replace(hints, terms=by_field(hints.terms, kind))


def _with_terms(text: str, hints: Hints) -> Hints:
    return replace(hints, terms=read_terms(text))
