"""Ratings of other systems: in the words of a scale, refused otherwise, seen as appraisals are."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from hrsuite.lib.errors import BadRows
from performance.models import Appraisal, Rating
from performance.services import RatingRow, save_ratings
from tests.performance.plan import case_cycle

pytestmark = pytest.mark.django_db


def row(number=2, **values):
    return RatingRow(row=number, **{"employee_no": "E001", "grade": "Exceeds", "period": "2019"} | values)


def save(*rows, new_words=False, actor=None):
    found = save_ratings(rows=rows, actor=actor, new_words=new_words)
    return found.created, found.changed, found.unchanged


def refused(*rows, new_words=False, actor=None):
    with pytest.raises(BadRows) as error:
        save_ratings(rows=rows, actor=actor, new_words=new_words)
    return [(one.row, one.column) for one in error.value.problems]


def test_the_first_file_brings_its_words_the_next_ones_must_use_them(world):
    assert save(row(), row(3, employee_no="E002", grade="exceeds")) == (2, 0, 0)
    assert set(Rating.objects.values_list("grade", flat=True)) == {"Exceeds"}
    assert save(row(), row(3, employee_no="E002", grade=" EXCEEDS ")) == (0, 0, 2)
    assert refused(row(period="2020", grade="Wonderful")) == [(2, "rating")]
    assert save(row(period="2020", grade="Wonderful"), new_words=True) == (1, 0, 0)
    # silence keeps the comment, another grade changes
    assert save(row(comment="Well done", rated_on=dt.date(2026, 2, 1))) == (0, 1, 0)
    assert save(row(grade="Wonderful")) == (0, 1, 0)
    kept = Rating.objects.get(employee=world.people["alice"], period="2019")
    assert (kept.grade, kept.comment, kept.rated_on) == ("Wonderful", "Well done", dt.date(2026, 2, 1))


def test_a_cycle_of_the_suite_keeps_its_own_scale_by_grade_or_name(world):
    cycle = case_cycle(world)
    band = cycle.bands.first()
    assert save(row(period=cycle.name, grade=band.name.upper())) == (1, 0, 0)
    assert Rating.objects.get().grade == band.grade
    assert refused(row(3, employee_no="E002", period=cycle.name, grade="Fully Meets"), new_words=True) == [
        (3, "rating")
    ]
    # the appraisal itself is not moved
    assert Appraisal.objects.get(cycle=cycle, employee=world.people["alice"]).grade != "Fully Meets"


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"employee_no": "NOBODY"}, "employee_no"), ({"period": ""}, "cycle"), ({"period": "x" * 81}, "cycle"),
        ({"rated_on": dt.date(2999, 1, 1)}, "rated_on"), ({"rated_on": dt.date(1980, 1, 1)}, "rated_on"),
        ({"comment": "x" * 501}, "comment"), ({"grade": "x" * 61}, "rating"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(world, values, column):
    assert refused(row(employee_no="E002"), row(3, **values)) == [(3, column)]
    assert not Rating.objects.exists()
    assert save(row(employee_no="E002"), row(3)) == (2, 0, 0)


def test_two_rows_of_a_person_and_period_must_agree_and_nobody_rates_themselves(world):
    assert refused(row(), row(3, grade="Meets"), row(4)) == [(3, "rating")]
    assert save(row(), row(3)) == (1, 0, 1)
    assert refused(row(period="2018"), actor=world.users["alice"]) == [(2, "employee_no")]
    # without a period the day tells the year
    assert save(row(period="", rated_on=dt.date(2026, 1, 2))) == (1, 0, 0)
    assert Rating.objects.filter(period="2026").exists()


def test_ratings_are_listed_charted_and_shown_beside_the_appraisal(world, sign_in):
    case_cycle(world)
    save(row(), row(3, employee_no="E003", grade="Meets"), row(4, period="2018", grade="Meets"), new_words=True)
    helen = sign_in("helen")
    base = reverse("performance:ratings")
    page = helen.get(base)
    assert page.context["period"] == "2019"
    assert page.context["chart"]["yAxis"]["data"] == ["Exceeds", "Meets"]
    assert [one.grade for one in helen.get(f"{base}?period=2018").context["list"].rows] == ["Meets"]
    assert {one.grade for one in helen.get(f"{base}?grade=Exceeds").context["list"].rows} == {"Exceeds"}
    one = Appraisal.objects.get(employee=world.people["alice"])
    text = helen.get(reverse("performance:appraisal", kwargs={"pk": one.pk})).content.decode()
    assert "Ratings of other systems" in text
    assert "Exceeds" in text
    # one's own, and nobody else's
    mine = sign_in("alice").get(reverse("performance:my_appraisals")).content.decode()
    assert "Exceeds" in mine
    assert "Ratings of other systems" not in sign_in("dave").get(reverse("performance:my_appraisals")).content.decode()


def test_a_manager_sees_the_ratings_of_the_own_subtree_alone(world, sign_in):
    everyone = [one.employee_no for one in world.people.values()]
    save(*(row(place, employee_no=number) for place, number in enumerate(everyone, 2)))
    seen = {one.employee.employee_no for one in sign_in("bob").get(reverse("performance:ratings")).context["list"].rows}
    assert seen
    assert seen < set(everyone)
    assert world.people["bob"].employee_no not in seen
