"""How far an import is that is read as a whole, and whoever stops it in between."""

from __future__ import annotations

import pytest

from migration.models import ImportBatch
from migration.services import import_file, pieces
from migration.services.importing import Cancelled
from payroll.models import Salary
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, csv_file, digest

pytestmark = pytest.mark.django_db
PEOPLE = [EMPLOYEE_HEADINGS, *([f"N{n}", f"Name {n}", "2024-03-01", "SALES", "REP", "L1"] for n in range(1200))]


@pytest.fixture
def pay(world):
    """Two raises of each person, far from each other in the file."""
    numbers = sorted(one.employee_no for one in world.people.values())
    days = ["2024-06-01", "2024-09-01"]
    return [["Employee no", "Salary", "Start date"], *([one, "9000", day] for day in days for one in numbers)]


def bring(rows, kind, progress):
    return import_file(name="a.csv", data=csv_file(rows), kind=kind, actor=None, progress=progress)


def test_checking_and_saving_of_people_tell_in_between(world):
    told = []
    report = bring(PEOPLE, "employees", lambda *now: told.append(now))
    assert (report.created, report.refused) == (1200, 0)
    assert [done for phase, done, _total in told if phase == "checking"] == [0, 500, 1000]
    assert ("saving", 600, 1200) in told


def test_rows_of_people_are_saved_piece_by_piece(world, pay, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 4)
    told = []
    report = bring(pay, "salaries", lambda *now: told.append(now))
    assert (report.created, report.refused) == (len(pay) - 1, 0)
    steps = [done for phase, done, _total in told if phase == "saving"]
    assert steps == [*range(0, len(pay) - 1, 4), len(pay) - 1]
    # the later raise ends the earlier one, though others stand between them
    assert not Salary.objects.filter(start_date="2024-06-01", end_date=None).exists()
    again = bring(pay, "salaries", lambda *now: None)
    assert (again.created, again.unchanged) == (0, len(pay) - 1)


def test_every_bad_row_is_named_whatever_its_piece_and_nothing_is_written(world, pay, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 2)
    rows = [*pay, ["NOBODY", "1", "2024-06-01"], [pay[1][0], "1", "2024-06-01"]]
    before = digest()
    report = bring(rows, "salaries", lambda *now: None)
    assert (report.status, [one.row for one in report.problems]) == ("refused", [len(rows) - 1, len(rows)])
    assert digest() == before


@pytest.mark.parametrize("at", [("checking", 500), ("saving", 600)])
def test_whoever_stops_it_in_between_leaves_nothing(world, at):
    def stop(phase, done, total):
        if (phase, done) == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        bring(PEOPLE, "employees", stop)
    assert not Employee.objects.filter(name="Name 1").exists()
    assert not ImportBatch.objects.exists()
