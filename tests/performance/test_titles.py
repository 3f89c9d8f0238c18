"""Titles: who is ranked, who holds, what happens at the line."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from performance import rules
from performance.models import Appraisal, Title
from performance.selectors import promotion_list
from performance.services import mark_titles_stale, refresh_stale_titles
from tests.performance.company import eighty_managers, hire, stand
from tests.performance.plan import case_cycle


@pytest.fixture
def title(world):
    return Title.objects.create(name="Outstanding manager", year=world.year, band="middle", share=10)


def refresh(world):
    mark_titles_stale(year_id=world.year.pk)
    return refresh_stale_titles()


def holders(title):
    return set(title.candidates.filter(holds=True).values_list("employee_id", flat=True))


def test_top_ten_percent_of_eighty_are_eight(world, title):
    managers = eighty_managers(world)
    assert refresh(world) == 1
    title.refresh_from_db()
    assert (title.population, title.candidates.count(), title.stale_at) == (80, 80, None)
    assert holders(title) == {employee.pk for employee in managers[:8]}
    assert title.candidates.get(employee=managers[7]).rank == 8


@pytest.mark.parametrize(("ties", "count"), [("include", 9), ("exclude", 7)])
def test_ties_at_the_line(world, title, ties, count):
    managers = eighty_managers(world)
    # places 8 and 9 have the same points
    stand(world, managers[8], 280 - 2 * 7)
    Title.objects.update(ties=ties)
    refresh(world)
    assert holders(title) == {employee.pk for employee in managers[:count]}


def test_whoever_missed_the_target_cannot_hold_it_and_the_next_moves_up(world, title):
    managers = eighty_managers(world)
    stand(world, managers[0], 280, required=300)
    refresh(world)
    assert holders(title) == {employee.pk for employee in managers[1:9]}
    first = title.candidates.get(employee=managers[0])
    assert (first.rank, first.target_met, first.holds) == (1, False, False)


def test_leavers_and_other_bands_are_not_ranked(world, title):
    managers = eighty_managers(world)
    managers[3].exit_date = world.year.start_date
    managers[3].save()
    refresh(world)
    assert not title.candidates.filter(employee__in=[managers[3], world.people["alice"]]).exists()
    title.refresh_from_db()
    assert title.population == 79


def test_a_second_refresh_writes_nothing(world, title):
    managers = eighty_managers(world)
    refresh(world)

    def versions():
        # ctid is another one once a row is written, whatever it says
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, ctid::text FROM performance_titlecandidate")
            return dict(cursor.fetchall())

    before = versions()
    assert len(before) == 80
    refresh(world)
    assert versions() == before
    # what changes is written, and shows
    stand(world, managers[79], 121)
    refresh(world)
    assert versions() != before
    # history shows what people did, not every booking
    assert title.events.count() == 1


def test_confirmed_titles_are_frozen(world, title):
    managers = eighty_managers(world)
    refresh(world)
    Title.objects.update(confirmed_at="2026-01-01T00:00Z", confirmed_by=world.users["helen"])
    stand(world, managers[70], 900)
    assert refresh(world) == 0
    assert holders(title) == {employee.pk for employee in managers[:8]}


@pytest.mark.parametrize("seed", range(4))
def test_sql_and_rules_agree(world, title, seed):
    dice = random.Random(seed)
    people = [world.people["bob"], world.people["dave"], *(hire(world, number) for number in range(30))]
    Title.objects.update(
        share=dice.choice([10, 15, 33]),
        rounding=dice.choice(["half_up", "up", "down"]),
        ties=dice.choice(["include", "exclude"]),
    )
    title.refresh_from_db()
    standings = [stand(world, p, dice.randrange(0, 12) * 10, required=dice.choice([30, 60, None])) for p in people]
    refresh(world)
    points = {s.employee_id: s.total for s in standings if s.met and s.total > 0}
    places = rules.head_count(Decimal(title.share), len(people), title.rounding)
    assert holders(title) == rules.top(points, places, title.ties)


def test_confirming_tells_the_holders_and_heads_the_promotion_list(world, title, sign_in):
    managers = eighty_managers(world)
    refresh(world)
    helen = sign_in("helen")
    page = helen.post(reverse("performance:confirm_title", kwargs={"pk": title.pk}), follow=True).content.decode()
    assert "holders have been told" in page
    assert world.users["bob"].notifications.get().text.startswith("You have been awarded the title")
    rows = list(promotion_list(world.users["helen"], world.year))
    assert [row.employee for row in rows[:8]] == managers[:8]
    assert all(row.holds for row in rows[:8])
    # everybody who met the target is on the list
    assert len(rows) == sum(1 for place in range(80) if 280 - 2 * place >= 100)
    # a second click is told so, and taking it back lets it follow again
    again = helen.post(reverse("performance:confirm_title", kwargs={"pk": title.pk}), follow=True).content.decode()
    assert "confirmed already" in again
    helen.post(reverse("performance:reopen_title", kwargs={"pk": title.pk}))
    title.refresh_from_db()
    assert title.confirmed_at is None


def test_a_manager_sees_no_grade_of_holders_elsewhere(world, title, sign_in):
    eighty_managers(world)
    dave, alice = world.people["dave"], world.people["alice"]
    stand(world, dave, 300)
    # Alice works for Bob, Dave does not
    Title.objects.update(band="", needs_target=False)
    stand(world, alice, 290)
    refresh(world)
    Title.objects.update(confirmed_at="2026-01-01T00:00Z", confirmed_by=world.users["helen"])
    cycle = case_cycle(world)
    Appraisal.objects.filter(cycle=cycle).update(grade="B")

    def grades(name):
        return {row.employee.name: row.grade for row in promotion_list(world.users[name], world.year)}

    assert {key: grades("helen")[key] for key in ("Dave", "Alice")} == {"Dave": "B", "Alice": "B"}
    assert {key: grades("bob")[key] for key in ("Dave", "Alice")} == {"Dave": None, "Alice": "B"}
    exported = sign_in("bob").get(reverse("performance:promotion"), {"export": "csv"})
    lines = {line.split(",")[1]: line for line in b"".join(exported.streaming_content).decode().splitlines()}
    assert lines["Alice"].strip().endswith(",B")
    assert not lines["Dave"].strip().endswith(",B")


def test_a_title_is_made_on_its_page_and_ranked_at_once(world, sign_in):
    managers = eighty_managers(world)
    data = {
        "name": "Star", "year": world.year.pk, "share": "10", "band": "middle", "rounding": "half_up",
        "ties": "include", "needs_target": "on",
    }  # fmt: skip
    helen, page = sign_in("helen"), reverse("performance:add_title")
    helen.post(page, data)
    assert holders(Title.objects.get(name="Star")) == {employee.pk for employee in managers[:8]}
    assert "There is a title of this name" in helen.post(page, data).content.decode()
    assert "at most 100" in helen.post(page, {**data, "name": "All", "share": "101"}).content.decode()
