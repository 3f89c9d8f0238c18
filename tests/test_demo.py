"""The case company as data: who is in it, and that it cannot mix with anybody else's."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from hrsuite.demo import serve
from hrsuite.demo.company import DOMAIN, Company, found_company
from hrsuite.demo.files import write_files
from hrsuite.demo.load import NotOurs, load
from hrsuite.demo.rewards import effective_date
from people.models import Department
from tests.world import World

NOVEMBER = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def company() -> Company:
    return found_company(today=NOVEMBER)


def test_500_people_80_of_them_middle_managers(company: Company):
    bands = Counter(person.band for person in company.people)
    assert sum(bands.values()) == 500
    assert bands["middle"] == 80
    assert {"RD", "SALES", "PROD"} <= {person.unit.code for person in company.people}
    assert len({person.number for person in company.people}) == 500


@pytest.mark.parametrize("today", [dt.date(2026, 1, 1), dt.date(2028, 2, 29), NOVEMBER, dt.date(2026, 12, 31)])
def test_nothing_happens_before_hire_or_after_today(today: dt.date):
    company = found_company(today=today)
    assert all(event.person.hired <= event.day <= today for event in company.events)
    assert all(person.hired <= today for person in company.people)
    assert {event.day.year for event in company.events} <= {today.year - 1, today.year}
    assert effective_date(today) > today


def test_the_same_company_every_time_in_both_languages(company: Company):
    assert found_company(today=NOVEMBER).events == company.events
    chinese = found_company(today=NOVEMBER, chinese=True)
    assert len(chinese.people) == 500
    assert [event.day for event in chinese.events] == [event.day for event in company.events]
    assert chinese.salaries == company.salaries
    assert all(ord(letter) > 0x2E80 for person in chinese.people for letter in person.name)


def test_the_record_file_is_gbk_and_needs_to_be(company: Company, tmp_path: Path):
    data = write_files(company, tmp_path, cycle="2025")["records"].read_bytes()
    assert "精益生产" in data.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


@pytest.mark.django_db
def test_a_database_with_other_people_is_left_alone(company: Company, world: World, tmp_path: Path):
    before = Department.objects.count()
    with pytest.raises(NotOurs, match="Nothing was changed"):
        load(company, tmp_path, print)
    assert Department.objects.count() == before


@pytest.mark.django_db
def test_whom_visitors_of_the_demo_imported_stays(
    company: Company, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world.people["alice"].email = f"alice@{DOMAIN}"
    world.people["alice"].save(update_fields=["email"])
    monkeypatch.setattr("hrsuite.demo.load._steps", lambda *_given: iter(()))
    assert load(company, tmp_path, print) == 0


def test_a_busy_port_is_seen_and_the_next_one_offered():
    with serve.socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not serve.is_free(port)
        assert serve.free_port_after(port) > port
    assert serve.is_free(port)
