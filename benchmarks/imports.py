"""Files of learning records to committed rows: the suite's import, the stock path of django-import-export, bare COPY.

All read the same file and write the same table, with its indexes, references and constraints. The suite also cleans,
validates every row, keeps a journal and control totals, and queues the points of everybody concerned.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, measured

HEADINGS = ["employee_no", "activity", "course", "date", "hours", "score", "title", "source", "source_id", "location"]
#: rows of the sample that goes through django-import-export, whose rate is what is compared
STOCK_ROWS = 5_000
_COPY = """
COPY training_learningrecord (
    employee_id, activity_id, course_id, happened_on, received_at, minutes, count, score, passed, title, source,
    source_id, revision, status, status_reason, attributes
) FROM STDIN
"""


def prepare() -> None:
    """A catalogue of courses, a pass mark and an attribute that the rows name."""
    from people.models import Attribute
    from people.services.attributes import declare_attribute
    from training.models import Activity, Course

    online = Activity.objects.get(code="online")
    if not Course.objects.filter(code="C1").exists():
        Course.objects.bulk_create(Course(code=f"C{n}", name=f"Course {n}", activity=online) for n in range(1, 301))
    Activity.objects.filter(code="exam").update(pass_mark=60)
    declare_attribute(
        owner=Attribute.Owner.RECORD, code="location", type=Attribute.Type.TEXT, name="Location", actor=None
    )


def rows(count: int, prefix: str) -> Iterator[list[str]]:
    """Evenly many rows of each kind; whoever joined this year is left out, so that every row is good."""
    from people.models import Employee
    from training.models import PointsYear

    year = PointsYear.objects.get()
    numbers = list(Employee.objects.filter(hire_date__lt=year.start_date).values_list("employee_no", flat=True))
    chance = random.Random(4)
    days = (min(dt.date.today(), year.end_date) - year.start_date).days  # noqa: DTZ011 - any day will do
    activities = ["online"] * 5 + ["workshop"] * 2 + ["exam", "lecture", "mentoring"]
    for n in range(count):
        activity = activities[n % len(activities)]
        yield [
            chance.choice(numbers),
            activity,
            f"C{chance.randint(1, 300)}" if activity == "online" else "",
            (year.start_date + dt.timedelta(days=chance.randint(0, max(days - 1, 0)))).isoformat(),
            chance.choice(["0.5", "1", "1.5", "2", "3", "4"]) if activity in ("online", "workshop") else "",
            str(chance.randint(400, 1000) / 10) if activity == "exam" else "",
            f"Topic {chance.randint(1, 2000)}",
            "lms",
            f"{prefix}-{n:08}",
            chance.choice(["Hangzhou", "Suzhou", "Wuhan", "Online"]),
        ]


def write_csv(path: Path, count: int, prefix: str) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count, prefix))


def write_xlsx(path: Path, count: int, prefix: str) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for row in rows(count, prefix):
        cells: list[Any] = [*row]
        cells[3] = dt.date.fromisoformat(row[3])
        cells[4], cells[5] = (float(text) if text else None for text in row[4:6])
        sheet.append(cells)
    book.save(path)


def compare(
    *, csv_rows: int, xlsx_rows: int, postmaster: int | None, say: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Figures of each way; everything that was imported is taken back."""
    prepare()
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as home:
        table, book, sample = Path(home, "a.csv"), Path(home, "a.xlsx"), Path(home, "b.csv")
        write_csv(table, csv_rows, "csv")
        write_xlsx(book, xlsx_rows, "xlsx")
        write_csv(sample, STOCK_ROWS, "stock")
        ways: list[tuple[str, int, Callable[[], int]]] = [
            ("csv", csv_rows, lambda: _suite(table)),
            ("csv again", csv_rows, lambda: _suite(table)),
            ("xlsx", xlsx_rows, lambda: _suite(book)),
            ("bare COPY", csv_rows, lambda: _bare(table)),
            ("django-import-export", STOCK_ROWS, lambda: _stock(sample)),
        ]
        for name, count, work in ways:
            if name == "bare COPY":
                _take_back()
            done = measured(work, postmaster=postmaster)
            found[name] = _figures(done, count)
            one = found[name]
            say(
                f"import, {name}: {count:,} rows in {one['seconds']:.1f} s, {one['rows_per_second']:,} rows/s, "
                f"cpu {one['cpu_seconds']:.1f} s; python {one['python_mb']} MB at most"
            )
        _take_back()
    for name in ("bare COPY", "django-import-export"):
        for figure in ("rows_per_second", "rows_per_cpu_second"):
            ratio = round(found["csv"][figure] / max(found[name][figure], 1), 2)
            found["csv"][f"{figure}, times {name}"] = ratio
            say(f"import, csv / {name}: {ratio} x ({figure.replace('_', ' ')})")
    return found


def _figures(done: Measured, count: int) -> dict[str, Any]:
    return {
        "rows": count,
        "seconds": done.seconds,
        "cpu_seconds": done.cpu_seconds,
        "rows_per_second": round(count / done.seconds),
        "rows_per_cpu_second": round(count / max(done.cpu_seconds, 0.01)),
        "python_mb": done.python_mb,
        "postgres_mb": done.postgres_mb,
    }


def _suite(path: Path) -> int:
    from migration.services import import_file

    report = import_file(name=path.name, data=path.read_bytes(), kind="records", actor=None)
    if report.status != "imported" or report.refused:
        raise AssertionError(f"{path.name}: {report.problems[:3]}")
    return report.created


def _bare(path: Path) -> int:
    """Read the file, look up ids, COPY: no cleaning, no validation, no journal, nothing queued."""
    from django.db import connection, transaction

    from people.models import Employee
    from training.models import Activity, Course

    people = dict(Employee.objects.values_list("employee_no", "pk"))
    activities, courses = (dict(model.objects.values_list("code", "pk")) for model in (Activity, Course))
    passed = {"": "\\N"}

    def lines() -> Iterator[str]:
        with path.open(newline="") as file:
            for no, activity, course, day, hours, score, title, source, name, place in list(csv.reader(file))[1:]:
                minutes = str(int(float(hours) * 60)) if hours else "\\N"
                count = "1" if activity in ("workshop", "lecture", "mentoring") else "\\N"
                result = passed.get(score) or ("t" if float(score) >= 60 else "f")
                named, marks = courses.get(course, "\\N"), score or "\\N"
                yield (
                    f"{people[no]}\t{activities[activity]}\t{named}\t{day}\tnow\t{minutes}\t"
                    f"{count}\t{marks}\t{result}\t{title}\t{source}\t{name}\t1\tactive\t\t"
                    f'{{"location": "{place}"}}\n'
                )

    text = io.StringIO("".join(lines()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(_COPY, text, 1 << 17)
        return int(cursor.rowcount)


def _stock(path: Path) -> int:
    """A ModelResource as its documentation shows it: keys by code, in bulk. It does less: no durations, attributes or
    results, and no check but those of its widgets and the database."""
    from import_export import fields, resources, widgets
    from tablib import Dataset

    from people.models import Employee
    from training.models import Activity, Course, LearningRecord

    class Records(resources.ModelResource):
        employee = fields.Field("employee", "employee_no", widgets.ForeignKeyWidget(Employee, "employee_no"))
        activity = fields.Field("activity", "activity", widgets.ForeignKeyWidget(Activity, "code"))
        course = fields.Field("course", "course", widgets.ForeignKeyWidget(Course, "code"))
        happened_on = fields.Field("happened_on", "date", widgets.DateWidget("%Y-%m-%d"))
        score = fields.Field("score", "score", widgets.DecimalWidget())

        class Meta:
            model = LearningRecord
            import_id_fields = ("source", "source_id")
            fields = ("employee", "activity", "course", "happened_on", "score", "title", "source", "source_id")
            use_bulk = True
            skip_diff = True

    data = Dataset().load(path.read_text(), format="csv")
    result = Records().import_data(data, dry_run=False, raise_errors=True, use_transactions=True)
    return int(result.totals["new"])


def _take_back() -> None:
    from django.db import connection

    from migration.models import ImportBatch

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM training_learningrecord WHERE source = 'lms'")
        cursor.execute("TRUNCATE training_pointswork CASCADE")
    ImportBatch.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE training_learningrecord, migration_importedrow")
