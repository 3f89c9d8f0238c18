"""Files as old systems write them, made in the tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import connection
from openpyxl import Workbook

EMPLOYEE_HEADINGS = ["工号", "姓名", "入职日期", "部门", "岗位", "职级"]
EMPLOYEES = [
    ["N1", "王伟", "2024-03-01", "SALES", "REP", "L1"],
    ["N2", " 李娜 ", "2024/4/1", "R&D", "Engineer", "Staff"],
]
RECORD_HEADINGS = ["Employee no", "Activity", "Date", "Hours", "Title", "Source ID"]


def csv_file(rows: Iterable[Sequence[Any]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Sequence[Any]], *more: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    for number, content in enumerate([rows, *more]):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in content:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def digest() -> str:
    """Of every row of every table that is not about sessions or uploads: equal where nothing was written."""
    total = sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            # an upload writes down who asked; the histories of all else are looked at themselves
            if table in {"django_session", "people_signinattempt", "pghistory_context"} or table.startswith(
                "migration_upload"
            ):
                continue
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            )
            total.update(f"{table} {cursor.fetchone()[0]}".encode())
    return total.hexdigest()
