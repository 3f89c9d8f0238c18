"""Windows that are longer than the year, in what is booked: adjustments of earlier years, and nothing carried twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from tests.training.test_settled_carry import carried, company, document_of, load, recount  # noqa: F401
from training.models import Standing
from training.services.records import adjust_points

pytestmark = pytest.mark.django_db


def following(world: Any) -> Standing:
    return Standing.objects.get(year__name="next", employee=world.people["bob"])


def test_an_adjustment_of_this_year_counts_in_a_window_of_the_next_one(company):  # noqa: F811
    """Thirty points of this year, and what is given by hand later on."""
    document = document_of(company, carry_over=[{"of": "total", "into": "course"}])
    two_years = {"name": "two", "year": "next", "total": 40, "window": {"years": 2}, "pro_rata": "none"}
    document["targets"].append(two_years)
    load(document)
    recount()
    assert (following(company).total, following(company).met) == (30, False)
    assert carried(company) == {}

    bob, helen = company.people["bob"], company.users["helen"]
    adjust_points(
        employee=bob, year=company.year, category=company.categories["course"], amount=Decimal(10),
        reason="Forgotten", actor=helen,
    )  # fmt: skip
    run_pipeline()
    assert (following(company).total, following(company).met) == (40, True)

    # of its own, with a requirement of two years
    two_years |= {"total": 5, "requirements": [{"name": "both", "minimum": 41, "window": {"years": 2}}]}
    del two_years["window"]
    load(document)
    recount()
    standing = following(company)
    [both] = standing.detail["requirements"]
    assert (standing.total, carried(company)) == (30, {"course": 30})
    assert (both["counted"], both["missing"], standing.met) == (40, 1, False)


def test_a_joiner_is_asked_for_the_part_of_the_window_and_sees_how(company, sign_in):  # noqa: F811
    """On staff for the last half of this year and the whole of the next one."""
    bob = company.people["bob"]
    bob.hire_date = company.year.start_date.replace(month=7)
    bob.save(update_fields=["hire_date"])
    document = document_of(company)
    document["targets"].append({"name": "two", "year": "next", "total": 40, "window": {"years": 2}})
    load(document)
    recount()

    standing = following(company)
    assert (standing.required, standing.share) == (30, Decimal("0.75"))
    page = sign_in("bob").get(reverse("training:my_points"), {"year": "next"}).content.decode()
    assert "40 × 18/24 = 30" in page
    assert "Points of the last 2 years count" in page
