"""The product's own booking next to plain SQL that does the same for everybody at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, measured
from benchmarks.scratch import empty_ledgers, has_nested_caps, vacuum

HERE = Path(__file__).parent


def compare(*, year: int, rounds: int, postmaster: int | None, say: Callable[[str], None]) -> dict[str, Any]:
    """First and second booking, product and plain, in alternating order. The last one leaves the product's ledger."""
    first: dict[str, list[Measured]] = {"plain": [], "product": []}
    for turn in range(rounds):
        # the order changes, so that neither always finds warm files
        for name in ("plain", "product") if turn % 2 == 0 else ("product", "plain"):
            empty_ledgers()
            done = measured(plain_first(year) if name == "plain" else book_everybody, postmaster=postmaster)
            first[name].append(done)
            say(f"first booking, {name}: {done.result:,} rows in {done.seconds:.1f} s")
    if rounds % 2 == 0:
        empty_ledgers()
        book_everybody()
    vacuum()
    second: dict[str, list[Measured]] = {"plain": [], "product": []}
    for turn in range(rounds):
        for name in ("product", "plain") if turn % 2 == 0 else ("plain", "product"):
            done = measured(plain_second(year) if name == "plain" else book_everybody, postmaster=postmaster)
            second[name].append(done)
            if done.result:
                raise AssertionError(f"{name} found {done.result} differences where there are none")
            say(f"second booking, {name}: nothing written in {done.seconds:.1f} s")
    return {"first_booking": summary(first), "second_booking": summary(second)}


def book_everybody() -> int:
    """Queue everybody and run the pipeline, as ``manage.py book_points --all`` and a worker do. Returns the entries."""
    from hrsuite.pipeline import run_pipeline
    from training.services.work import queue_points_for_all

    queue_points_for_all(cause="benchmark", actor=None)
    run = run_pipeline()
    if run.failures:
        raise AssertionError("a slice failed")
    return run.entries


def plain_first(year: int) -> Callable[[], int]:
    def work() -> int:
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            # what the product gives itself: here it is faster, too
            cursor.execute("SET LOCAL enable_nestloop = off")
            cursor.execute(
                "INSERT INTO training_bookingbatch (cause, created_at, entries, points) "
                "VALUES ('plain', now(), 0, 0) RETURNING id"
            )
            cursor.execute(_sql("plain_write"), {"year": year, "batch": cursor.fetchone()[0]})
            return cursor.rowcount

    return work


def plain_second(year: int) -> Callable[[], int]:
    def work() -> int:
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off")
            cursor.execute(_sql("plain_compare"), {"year": year})
            return cursor.fetchone()[0]

    return work


def _sql(name: str) -> str:
    caps = "plain_nested_caps" if has_nested_caps() else "plain_caps"
    text = (HERE / f"{name}.sql").read_text().replace("{desired}", (HERE / "plain.sql").read_text())
    return text.replace("{caps}", (HERE / f"{caps}.sql").read_text())


def summary(runs: dict[str, list[Measured]]) -> dict[str, Any]:
    """The best of each, and how many times the plain SQL's seconds the product took."""
    best = {name: min(done, key=lambda one: one.seconds) for name, done in runs.items()}
    return {
        "plain_seconds": best["plain"].seconds,
        "product_seconds": best["product"].seconds,
        "ratio": round(best["product"].seconds / best["plain"].seconds, 2),
        "plain_cpu_seconds": best["plain"].cpu_seconds,
        "product_cpu_seconds": best["product"].cpu_seconds,
        "cpu_ratio": round(best["product"].cpu_seconds / max(best["plain"].cpu_seconds, 0.01), 2),
        "allplain_seconds": [one.seconds for one in runs["plain"]],
        "all_product_seconds": [one.seconds for one in runs["product"]],
        "rows": best["product"].result,
        "plain_postgres_mb": max(one.postgres_mb for one in runs["plain"]),
        "product_postgres_mb": max(one.postgres_mb for one in runs["product"]),
        "product_python_mb": max(one.python_mb for one in runs["product"]),
    }
