"""Big files of evidence are read piece by piece: they bring what the whole file brings, or nothing."""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import signal
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from migration.models import ImportBatch, ImportedRow
from migration.services import import_file, read_mapping, sources
from migration.services.importing import Cancelled
from migration.services.streaming import stream
from tests.migration.files import csv_file, xlsx_file
from tests.migration.test_sheets_of_one_table import book
from training.models import Activity, Correction, Course, LearningRecord, PointsWork, PointsYear

pytestmark = pytest.mark.django_db

HEADINGS = [
    "employee_no",
    "activity",
    "course",
    "date",
    "hours",
    "count",
    "score",
    "passed",
    "title",
    "source",
    "source_id",
]
MAPPING = "skip: [{column: title, in: [skipped]}]\nvalues: {activity: {网课: online}}\n"


@pytest.fixture
def piecewise(monkeypatch):
    """``piecewise(True)`` streams every file, in pieces of three rows; ``piecewise(False)`` none."""

    def switch(is_on):
        monkeypatch.setattr(stream, "FROM_BYTES", 0 if is_on else 1 << 40)
        monkeypatch.setattr(stream, "FROM_ROWS", 0 if is_on else 1 << 40)
        monkeypatch.setattr(stream, "PIECE", 3)
        # small files have rules across their rows, which large ones have not
        monkeypatch.setattr(sources, "LARGE", -1)

    return switch


def dirty_rows(world, seed, *, size=40):
    """Rows of all sorts: plain, repeated, contradicting, late, in the future, unreadable, too long, passed over."""
    chance = random.Random(seed)
    year = world.year.start_date.year
    days = [f"{year}-03-04", f"{year}-05-06", f"{year}/7/8", "2099-01-01", "1990-02-02", "5/6/" + str(year), "soon", ""]
    rows = []
    for _ in range(size):
        plain = chance.random() < 0.6
        name = (
            f"R-{chance.randint(1, size)}"
            if chance.random() < 0.7
            else chance.choice(["", " R-7 ", "007", "12", "x" * 130])
        )
        activity = chance.choice(["online", "lecture", "exam", "ONLINE ", "网课", "nothing", ""][: 3 if plain else 7])
        row = [
            chance.choice(["E001", "E002", "E003", "E999", "", " E001"][: 3 if plain else 6]),
            activity,
            "" if plain else chance.choice(["", "PY1", "unknown course"]),
            days[chance.randint(0, 1)] if plain else chance.choice(days),
            "1.5" if plain or activity == "online" else chance.choice(["", "0", "2", "-1", "many", "1:30"]),
            "" if plain else chance.choice(["", "1", "2", "5000"]),
            "80" if activity == "exam" else "" if plain else chance.choice(["", "59.5", "1e9", "80.123"]),
            "" if plain else chance.choice(["", "yes", "no", "perhaps"]),
            chance.choice(["", "Talk", "a\\b\tc", "中文 主题", "skipped" if not plain else "Talk"]),
            chance.choice(["lms", "lms", ""]),
            name,
        ]
        rows.append(row + (["extra"] if chance.random() < 0.03 else []))
    return rows


def told(report):
    said = report.as_json()
    said.pop("batch")
    return said | {"refused_rows": report.refused_rows}


def state():
    columns = [
        one.attname
        for one in LearningRecord._meta.fields
        if one.attname not in ("id", "received_at", "supersedes_id", "course_id")
    ]
    late = Correction.objects.values_list("source", "source_id", "employee_id", "happened_on", "why_late")
    counts = ("rows", "created", "unchanged", "kept", "refused", "passed_over", "totals")
    return {
        "records": sorted(LearningRecord.objects.values_list(*columns, "course__code"), key=repr),
        "late": sorted(late, key=repr),
        "work": sorted(set(PointsWork.objects.values_list("employee_id", "year_id", "cause"))),
        "journal": sorted(
            (model, row, action, known.get(object_id) if model == "training.LearningRecord" else "")
            for known in [dict(LearningRecord.objects.values_list("pk", "source_id"))]
            for model, row, action, object_id in ImportedRow.objects.values_list("model", "row", "action", "object_id")
        ),
        "batches": list(ImportBatch.objects.order_by("pk").values_list(*counts)),
    }  # fmt: skip


def close_last_year(world):
    """Records of last year come too late."""
    start = world.year.start_date.replace(year=world.year.start_date.year - 1)
    PointsYear.objects.create(
        name="closed", start_date=start, end_date=world.year.start_date - dt.timedelta(days=1), status="closed"
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_pieces_bring_what_the_whole_file_brings(world, piecewise, seed, ending):
    """Twice the same dirty files, whole and in pieces, the second on top of the first: report and tables are equal."""
    rows = dirty_rows(world, seed)
    close_last_year(world)
    if seed % 3:
        # no course is created while there is one
        Course.objects.create(code="PY1", name="Python", activity=Activity.objects.get(code="online"))
    rows[3][3] = f"{world.year.start_date.year - 1}-06-06"
    make = csv_file if ending == "csv" else xlsx_file
    files = [make([HEADINGS, *rows]), make([HEADINGS, *rows[10:], *dirty_rows(world, seed + 100, size=15)])]
    found = []
    for is_on in (False, True):
        piecewise(is_on)
        with transaction.atomic():
            said = []
            for data in files:
                for skip_bad in (False, True):
                    report = import_file(
                        name=f"a.{ending}", data=data, kind="records", actor=None, mapping=read_mapping(MAPPING),
                        skip_bad=skip_bad,
                    )  # fmt: skip
                    said.append(told(report))
            found.append((said, state()))
            transaction.set_rollback(True)
    assert found[0][1]["records"], "something must get in"
    assert any(one["problems"] for one in found[0][0])
    (whole, after_whole), (pieces, after_pieces) = found
    for one, other in zip(whole, pieces, strict=True):
        for key, value in one.items():
            assert other[key] == value, key
    for key, value in after_whole.items():
        assert after_pieces[key] == value, key


def good_file(world, size, **other):
    day = world.year.start_date.replace(month=3, day=4)
    rows = [
        ["E001", "online", "", str(day), "1", "", "", "", f"Topic {n}", "lms", f"S-{n}"] for n in range(size)
    ]  # fmt: skip
    return csv_file([HEADINGS, *rows])


def test_rows_copied_straight_are_judged_with_later_ones_of_their_name(world, piecewise):
    """Pieces of new names alone go in by themselves, until a late or an unreadable row says one of them again."""
    close_last_year(world)
    day, late = f"{world.year.start_date.year}-03-04", f"{world.year.start_date.year - 1}-06-06"
    good = [["E001", "online", "", day, "1", "", "", "", f"Topic {n}", "lms", f"S-{n}"] for n in range(12)]
    rows = [
        *good,
        ["E002", "online", "", late, "1", "", "", "", "Late", "lms", "S-2"],
        ["E999", "online", "", day, "1", "", "", "", "Nobody", "lms", "S-4"],
        ["E001", "online", "", day, "2", "", "", "", "Other", "lms", "S-7"],
        ["E001", "online", "", day, "1", "", "", "", "Topic 9", "lms", "S-9"],
    ]
    found = []
    for is_on in (False, True):
        piecewise(is_on)
        with transaction.atomic():
            said = [
                told(
                    import_file(
                        name="a.csv", data=csv_file([HEADINGS, *some]), kind="records",
                        actor=world.users["erin"], skip_bad=True,
                    )
                )
                for some in (rows, [*good[:3], rows[12]], [*rows, [*good[0][:9], "lms", "S-99"]])
            ]  # fmt: skip
            found.append((said, state()))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    (first, *_others), after = found[0]
    assert (first["rows"], first["refused"] > 0, first["created"] > 0) == (16, True, True), first
    rows_of = {name: row for _model, row, _action, name in after["journal"]}
    assert rows_of["S-0"] == 2
    assert rows_of["S-11"] == 13
    assert rows_of["S-99"] == 18


def assert_nothing_is_left():
    assert [model.objects.count() for model in (LearningRecord, ImportBatch, ImportedRow, PointsWork)] == [0, 0, 0, 0]


def test_whoever_stops_it_leaves_nothing(world, piecewise):
    piecewise(True)

    def progress(phase, done, total):
        if phase == "saving" and done >= 12:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_file(name="a.csv", data=good_file(world, 60), kind="records", actor=None, progress=progress)
    assert_nothing_is_left()


def test_no_total_is_told_before_all_rows_are_counted(world, piecewise):
    piecewise(True)
    told = []
    data = good_file(world, 8)
    import_file(name="a.csv", data=data, kind="records", actor=None, progress=lambda *now: told.append(now))
    # the headings are in the first piece
    assert told[:5] == [("reading", n, 0) for n in (0, 2, 5, 8)] + [("checking", 8, 8)]
    assert [total for _phase, _done, total in told[4:]] == [8] * len(told[4:])
    assert ("saving", 8, 8) in told


def test_a_database_that_fails_in_the_middle_leaves_nothing(world, piecewise):
    """As a full disk does: the server refuses a write of one of the pieces."""
    piecewise(True)
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE FUNCTION pg_temp.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                   IF NEW.source_id = 'S-40' THEN
                       RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
                   END IF;
                   RETURN NEW;
               END $$;
               CREATE TRIGGER full_disk BEFORE INSERT ON training_learningrecord
               FOR EACH ROW EXECUTE FUNCTION pg_temp.full_disk()"""
        )
    import psycopg2

    with pytest.raises((OperationalError, psycopg2.OperationalError)), transaction.atomic():
        import_file(name="a.csv", data=good_file(world, 60), kind="records", actor=None)
    assert_nothing_is_left()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk ON training_learningrecord")
    assert import_file(name="a.csv", data=good_file(world, 60), kind="records", actor=None).created == 60


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_in_the_middle_leaves_nothing_and_starts_anew(world, tmp_path):
    """A process of its own is killed once its rows are being inserted."""
    path = tmp_path / "a.csv"
    path.write_bytes(good_file(world, 60_000))
    code = (
        "import os, signal, sys, django; django.setup()\n"
        "from migration.services import import_file\n"
        "def progress(phase, done, total):\n"
        "    if phase == 'saving' and done > 20000: os.kill(os.getpid(), signal.SIGKILL)\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "import_file(name='a.csv', data=data, kind='records', actor=None, progress=progress)\n"
    )
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env={**os.environ, "DATABASE_URL": url}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    assert_nothing_is_left()
    assert import_file(name="a.csv", data=path.read_bytes(), kind="records", actor=None).created == 60_000


def test_a_disk_without_room_for_the_report_says_so(world, tmp_path, capsys):
    """The client cannot write its workbook: exit status 2, and the message names the file."""
    path = tmp_path / "a.csv"
    path.write_bytes(
        csv_file(
            [
                HEADINGS,
                *[["E999", "online", "", "2026-03-04", "1", "", "", "", "", "lms", f"S-{n}"] for n in range(500)],
            ]
        )
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        with pytest.raises(SystemExit) as stop:
            call_command("import_file", str(path), "--as", "records", "--report", str(tmp_path / "r.xlsx"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert stop.value.code == 2
    assert "r.xlsx" in "".join(capsys.readouterr())
    assert not LearningRecord.objects.exists()


@pytest.mark.parametrize("seed", range(4))
def test_sheets_that_are_one_table_bring_in_pieces_what_they_bring_whole(world, piecewise, seed):
    """Rows of several sheets have the same numbers in the file: each is judged by itself all the same."""
    Course.objects.create(code="PY1", name="Python", activity=Activity.objects.get(code="online"))
    rows = [row[: len(HEADINGS)] for row in dirty_rows(world, seed, size=60)]
    sheets = {f"Part {n}": [HEADINGS, *rows[n * 20 : n * 20 + 20]] for n in range(3)}
    # the first row of each sheet has a name that another one has, too, and says something else
    for n, sheet in enumerate(sheets.values()):
        sheet[1] = [
            "E001",
            "online",
            "",
            f"{world.year.start_date.year}-03-0{n + 1}",
            "1",
            "",
            "",
            "",
            "",
            "lms",
            "R-same",
        ]
    data, found = book(**sheets), []
    for is_on in (False, True):
        piecewise(is_on)
        with transaction.atomic():
            report = import_file(
                name="a.xlsx", data=data, kind="records", actor=None, mapping=read_mapping(MAPPING), skip_bad=True
            )
            found.append((told(report), state()))
            transaction.set_rollback(True)
    (whole, after_whole), (pieces, after_pieces) = found
    assert [one["sheet"] for one in whole["problems"] if one["row"] == 2] == ["Part 1", "Part 2"]
    assert pieces == whole
    assert after_pieces == after_whole
