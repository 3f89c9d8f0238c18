"""Bars of the points page for categories without a minimum."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from training.services.booking import book
from training.services.records import adjust_points, enter_record


@pytest.mark.parametrize(("taken", "widths"), [(0, [75, 25]), (10, [100])])
def test_a_bar_without_a_minimum_shows_its_part_of_all_points(world, sign_in, taken, widths):
    """Alice: 15 for a lecture and 5 for a workshop; a category in the red has no bar."""
    alice, helen = world.people["alice"], world.users["helen"]
    for activity in ("lecture", "workshop"):
        enter_record(
            employee=alice, activity=world.activities[activity], happened_on=world.year.start_date, actor=helen
        )
    if taken:
        adjust_points(
            employee=alice, year=world.year, category=world.activities["workshop"].category, amount=Decimal(-taken),
            reason="Late", actor=helen,
        )  # fmt: skip
    book(employee_ids=[alice.pk], year_id=world.year.pk, cause="test", actor_id=None)
    text = sign_in("alice").get(reverse("training:my_points")).text
    shown = text.count('class="points-fill')
    assert shown == len(widths)
    assert [f'style="width:{width}%"' in text for width in widths] == [True] * len(widths)
