"""Words are told apart by more signs than before: P1-1 is not P11, and A- no A."""

from typing import Any

from django.db import migrations

from migration.rules import folded


def fold_anew(apps: Any, _schema_editor: Any) -> None:
    # what was told apart before still is: no two can meet
    for term in apps.get_model("migration", "Term").objects.all().iterator():
        now = folded(term.word)[:300]
        if now != term.folded:
            term.folded = now
            term.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("migration", "0012_clean_uploads")]

    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]
