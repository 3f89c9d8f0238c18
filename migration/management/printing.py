"""What ``import_file`` says in words: what cleaning and importing did, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from migration.rules import row_name
from migration.services import Report
from migration.services.changing import as_text, lines_of_changes
from migration.services.clean_output import Sheet
from migration.services.cleansing import CleanTable, counts
from migration.services.saying import say
from migration.services.totals import lines_of, said_of

SHOWN = 30
#: rows that a message of several names
ROWS = 5
#: rows that a dry run tells of
CHANGED = 20


def print_clean(tables: Sequence[CleanTable], out: OutputWrapper, err: OutputWrapper) -> None:
    for table in tables:
        found = counts([table])
        out.write(
            f"{table.source.name}: "
            + _("%(rows)s rows, %(rows_out)s out, %(changed)s changes, %(left_out)s left out, %(doubts)s doubts")
            % found
        )
        if table.is_suggested:
            columns = ", ".join(f"{name}: {heading}" for name, heading in table.mapping.items())
            out.write("  " + _("columns as suggested: %(columns)s") % {"columns": columns})
        rules = Counter((one.rule, one.column) for one in table.cleaned.changes for _row in one.rows)
        for (rule, column), count in rules.most_common():
            example = next(one for one in table.cleaned.changes if (one.rule, one.column) == (rule, column))
            out.write(f"  {rule}, {column}: {count} (“{example.before}” -> “{example.after}”)")
        for note in table.cleaned.notes:
            out.write(f"  {say(note)}")
        _print_grouped(
            [(one.row, one.column, one.value, say(one.reason), " | ".join(one.candidates)) for one in table.doubts], err
        )


def print_report(report: Report, out: OutputWrapper, err: OutputWrapper) -> None:
    outcome = {
        "imported": _("imported"),
        "checked": _("checked, nothing written"),
        "refused": _("refused, nothing written"),
    }[report.status]
    counts = [
        (_("rows"), report.rows), (_("new"), report.created), (_("changed"), report.changed),
        (_("unchanged"), report.unchanged), (_("kept for a decision"), report.kept),
        (_("merged"), report.merged), (_("passed over"), report.passed_over), (_("refused"), report.refused),
    ]  # fmt: skip
    if report.batch:
        # the number that undo_import asks for
        outcome = _("imported as number %(number)s") % {"number": report.batch}
    out.write(f"{report.file_name} ({report.kind}): {outcome}")
    out.write("  " + ", ".join(f"{count} {label}" for label, count in counts if count or label == _("rows")))
    for note in report.notes:
        out.write(f"  {note}")
    _print_changes(report, out)
    for line in lines_of(report.totals):
        added = f"{line['before']} + {line['added']} = {line['after']}"
        out.write("  " + _("Control totals") + f": {line['label']} {added} ({said_of(line)})")
    _print_grouped([(one.row, one.column, one.value, one.message, one.mend) for one in report.problems], err)


def _print_grouped(found: Iterable[tuple[int, str, Any, str, str]], err: OutputWrapper) -> None:
    """(row, column, value, message, mend): what is the same of several rows is said once, with the first of them."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for row, column, value, message, mend in found:
        key = (column or "–", "" if value is None else str(value), message, mend)
        groups.setdefault(key, []).append(row_name(row))
    for (column, value, message, mend), rows in list(groups.items())[:SHOWN]:
        said: dict[str, object] = {"column": column, "value": value, "message": message, "mend": mend, "row": rows[0]}
        if len(rows) == 1:
            err.write(_("  row %(row)s, %(column)s “%(value)s”: %(message)s %(mend)s") % said)
            continue
        said |= {"rows": ", ".join(map(str, rows[:ROWS])) + (" …" if len(rows) > ROWS else ""), "count": len(rows)}
        err.write(_("  %(count)s rows (%(rows)s), %(column)s “%(value)s”: %(message)s %(mend)s") % said)
    if more := sum(map(len, list(groups.values())[SHOWN:])):
        err.write(_("  and %(count)s more (--json shows all)") % {"count": more})


def _print_changes(report: Report, out: OutputWrapper) -> None:
    """Of a dry run: what rows that are known would change."""
    changed = [one for one in report.changes if one.status == "changed"]
    left = report.rows - report.refused - report.passed_over - report.merged
    if report.dry_run and report.status == "refused" and left:
        out.write("  " + _("What the other rows would change is told with --skip-bad."))
    if report.dry_run and report.changed and not report.changes:
        out.write("  " + _("The file is too large to tell field by field what would change."))
    if not changed:
        return
    out.write(
        "  " + ngettext("%(n)s row would change:", "%(n)s rows would change:", len(changed)) % {"n": len(changed)}
    )
    for one in changed[:CHANGED]:
        who = ", ".join(as_text(value) for value in one.subject().values())
        fields = "; ".join(
            f"{report.columns.get(name, name)} “{as_text(old)}” -> “{as_text(new)}”"
            for name, (old, new) in one.differing().items()
        )
        out.write(
            "    " + _("row %(row)s, %(who)s: %(fields)s") % {"row": row_name(one.row), "who": who, "fields": fields}
        )
    if len(changed) > CHANGED:
        out.write(_("    and %(count)s more (--json and --report show all)") % {"count": len(changed) - CHANGED})


def sheets_of(report: Report) -> list[Sheet]:
    """What an import says beside its cleaning, as sheets: control totals, and of a dry run what would change."""
    sheets: list[Sheet] = []
    if lines := lines_of(report.totals):
        headings = [_("Control totals"), _("Before"), _("Added by the file"), _("After"), ""]
        rows = [[one["label"], one["before"], one["added"], one["after"], said_of(one)] for one in lines]
        sheets.append((_("Control totals"), headings, rows))
    if report.changes and report.status != "refused":
        headings = [_("Row"), "", _("Who"), _("Column"), _("Before"), _("After")]
        sheets.append((_("Rows to import"), headings, lines_of_changes(report.changes, report.columns)))
    return sheets
