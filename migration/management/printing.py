"""What ``import_file`` says in words: what cleaning and importing did, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _

from migration.services import Report
from migration.services.cleansing import CleanTable, counts, say

SHOWN = 30


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
        for one in table.doubts[:SHOWN]:
            err.write(
                _("  row %(row)s, %(column)s “%(value)s”: %(message)s %(mend)s")
                % {
                    "row": one.row, "column": one.column or "–", "value": one.value, "message": say(one.reason),
                    "mend": " | ".join(one.candidates),
                }
            )  # fmt: skip
        if len(table.doubts) > SHOWN:
            err.write(_("  and %(count)s more (--json shows all)") % {"count": len(table.doubts) - SHOWN})


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
    for problem in report.problems[:SHOWN]:
        err.write(
            _("  row %(row)s, %(column)s “%(value)s”: %(message)s %(mend)s")
            % {
                "row": problem.row,
                "column": problem.column,
                "value": "" if problem.value is None else problem.value,
                "message": problem.message,
                "mend": problem.mend,
            }
        )
    if len(report.problems) > SHOWN:
        more = len(report.problems) - SHOWN
        err.write(_("  and %(count)s more (--json shows all)") % {"count": more})
