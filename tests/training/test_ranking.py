"""The ranking: places with ties, populations, one's own place."""

from __future__ import annotations

import pytest
from django.urls import reverse

from people.models import Employee
from people.selectors import today
from training.models import LearningRecord
from training.services.booking import book

URL = "training:ranking"
TOTALS = {"alice": 3, "bob": 2, "carol": 2, "dave": 1}


@pytest.fixture
def booked(world):
    """Workshops of 5 points each: Alice 15, Bob and Carol 10, Dave 5, Erin and Frank none."""
    for name, times in TOTALS.items():
        LearningRecord.objects.create(
            employee=world.people[name], activity=world.activities["workshop"], happened_on=world.year.start_date,
            count=times, source="test", source_id=name,
        )  # fmt: skip
    ids = [person.pk for person in world.people.values()]
    book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None)
    return world


def places(response) -> dict[str, int]:
    table = response.context["list"].table
    return {row.record.employee.name: row.get_cell("place") for row in table.page.object_list}


def test_ties_share_a_place(booked, sign_in):
    response = sign_in("helen").get(reverse(URL))
    assert places(response) == {"Alice": 1, "Bob": 2, "Carol": 2, "Dave": 4, "Erin": 5, "Frank": 5}


def test_department_and_band_are_populations_and_a_search_is_not(booked, sign_in):
    client = sign_in("helen")
    assert places(client.get(reverse(URL), {"department": booked.departments["RD"].pk})) == {
        "Dave": 1, "Erin": 2, "Frank": 2,
    }  # fmt: skip
    assert places(client.get(reverse(URL), {"band": "middle"})) == {"Bob": 1, "Dave": 2}
    assert places(client.get(reverse(URL), {"q": "dave"})) == {"Dave": 4}


def test_own_place(booked, sign_in):
    response = sign_in("carol").get(reverse(URL))
    text = response.content.decode()
    assert "Your place: 2 of 6" in text
    assert text.count('class="table-primary') + text.count("table-primary ") >= 1
    assert "Your place" not in sign_in("helen").get(reverse(URL)).content.decode()


def test_leavers_are_not_ranked(booked, sign_in):
    Employee.objects.filter(name="Alice").update(exit_date=today() - today().resolution)
    assert places(sign_in("helen").get(reverse(URL)))["Bob"] == 1


def test_export_has_the_places(booked, sign_in):
    response = sign_in("helen").get(reverse(URL), {"export": "csv", "sort": "name"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[1:4] == ["1,Alice,Sales,15.00,", "2,Bob,Sales,10.00,Not yet", "2,Carol,Sales,10.00,"]


def test_lists_are_not_counted(booked, sign_in, django_assert_max_num_queries):
    client = sign_in("helen")
    with django_assert_max_num_queries(60) as queries:
        client.get(reverse(URL))
    assert not [query["sql"] for query in queries if "COUNT(*)" in query["sql"] and "training_standing" in query["sql"]]
