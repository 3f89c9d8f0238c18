"""History triggers must not make bulk changes quadratic: no subtransaction per row."""

from __future__ import annotations

import pghistory
import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_history_of_many_rows_takes_no_subtransactions(world):
    """Each caught error would undo a subtransaction, which walks all triggers that wait in the transaction."""
    with connection.cursor() as cursor:
        # pgtrigger reads this without a default
        cursor.execute("SELECT current_setting('pgtrigger.ignore')")
        assert cursor.fetchone()[0] == "{}"
        # a new migration of pghistory may bring its own function back: then repeat people/0003
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgh_attach_context'")
        assert "EXCEPTION" not in cursor.fetchone()[0]


def test_history_still_knows_its_context(world):
    employee = world.people["alice"]
    with pghistory.context(why="test"):
        employee.name = "Alicia"
        employee.save()
    assert employee.events.latest("pgh_id").pgh_context.metadata["why"] == "test"
