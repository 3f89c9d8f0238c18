"""A scratch database on the embedded PostgreSQL, filled with a synthetic company."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
DATABASE = "hrsuite_bench"


def open_scratch(home: Path, *, keep: bool) -> tuple[int | None, bool]:
    """Start the servers, make the database (or keep a loaded one), set Django up.

    Returns the postmaster's process id and whether the database still has to be loaded.
    """
    from hrsuite.lib.embedded import EmbeddedServers

    os.environ["HRSUITE_LOCAL"] = "1"
    os.environ["HRSUITE_VAR"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrsuite.settings")
    servers = EmbeddedServers(home)
    servers.acquire()
    is_new = _create(servers.sockets, keep=keep)
    os.environ["DATABASE_URL"] = f"postgresql://postgres@/{DATABASE}?host={servers.sockets}"
    os.environ["REDIS_URL"] = servers.redis_url
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return servers._pid(servers.postgres_home / "postmaster.pid"), is_new


def _create(sockets: Path, *, keep: bool) -> bool:
    import psycopg2

    connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if keep and cursor.fetchone():
            return False
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()
    return True


def load_company(*, employees: int, records: int, year: int, nested_caps: bool = False) -> None:
    """Fill the empty tables and bring the planner's statistics up to date, as autovacuum would."""
    from django.db import connection

    with connection.cursor() as cursor:
        # the rows are right by construction: checking five million references again would take minutes
        cursor.execute("SET session_replication_role = replica")
        for statement in (HERE / "company.sql").read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"employees": employees, "records": records, "year": year})
        cursor.execute("DROP TABLE IF EXISTS place")
        cursor.execute("RESET session_replication_role")
    if nested_caps:
        add_nested_caps()
    vacuum()


def add_nested_caps() -> None:
    """Give the company's policy caps inside caps."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute((HERE / "nested_caps.sql").read_text())
        cursor.execute("RESET session_replication_role")


def has_nested_caps() -> bool:
    """Whether the company was loaded with caps inside caps."""
    from training.models import Category

    return Category.objects.filter(parent__parent__isnull=False).exists()


def make_bench_ledger() -> None:
    """An empty twin of the ledger: the same columns, defaults, checks, indexes, foreign keys and trigger."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_ledger")
        cursor.execute("CREATE TABLE bench_ledger (LIKE training_ledgerentry INCLUDING ALL)")
        cursor.execute(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
               WHERE conrelid = 'training_ledgerentry'::regclass AND contype = 'f'"""
        )
        for (definition,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE bench_ledger ADD {definition}")
        cursor.execute(
            """SELECT pg_get_triggerdef(oid) FROM pg_trigger
               WHERE tgrelid = 'training_ledgerentry'::regclass AND NOT tgisinternal"""
        )
        for (definition,) in cursor.fetchall():
            cursor.execute(definition.replace("training_ledgerentry", "bench_ledger"))


def empty_ledgers() -> None:
    """Take back everything that booking wrote."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE training_ledgerentry, training_bookingbatch, training_standing, training_pointswork, "
            "training_yearchanged CASCADE"
        )
    make_bench_ledger()


def vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def somebody_with_room() -> int:
    """Id of the employee with the fewest points, for whom one record more is sure to count."""
    from training.models import Standing

    return Standing.objects.order_by("total", "employee_id").values_list("employee_id", flat=True)[0]
