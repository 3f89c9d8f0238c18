"""Running big statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def whole_tables() -> Iterator[Any]:
    """A cursor for statements that read whole tables, in a transaction of its own or within the caller's.

    Right after many rows were written the planner takes a table for empty and joins in nested loops, which takes
    minutes with 100,000 rows; hash joins cost nothing where there are few.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on")
