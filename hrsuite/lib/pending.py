"""A database that is older than the program: its tables are not those that the program asks for."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _


def says_to_migrate() -> str:
    """What to do where migrations wait; empty where none does, or the database does not answer."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ""
    if not waiting:
        return ""
    return _("The database is older than this program: run “manage.py migrate”, then do it again.")
