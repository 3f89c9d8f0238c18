"""Decisions through the pages: what they pay, what they refuse, what they show to whom."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse

from hrsuite.lib.errors import BadInput
from payroll import services
from payroll.models import RaiseRecommendation, Salary
from people.selectors import today
from tests.payroll import access

NEXT_YEAR = dt.date(today().year + 1, 1, 1)


@pytest.fixture
def review(world):
    access.prepare(world)
    return world.extra["review"]


def row_of(review, world, name):
    return review.recommendations.get(employee=world.people[name])


def url(name, row):
    return reverse(f"payroll:{name}", kwargs={"pk": row.pk})


def salaries(world, name):
    rows = Salary.objects.filter(employee=world.people[name]).order_by("start_date")
    return [(row.amount, row.start_date, row.end_date) for row in rows]


def test_approval_writes_the_dated_salary(world, review, sign_in):
    row = row_of(review, world, "alice")
    response = sign_in("paul").post(url("approve", row), follow=True)
    assert "The raise of Alice is approved." in response.content.decode()
    hired = world.people["alice"].hire_date
    assert salaries(world, "alice") == [
        (Decimal(10_000), hired, NEXT_YEAR - dt.timedelta(days=1)),
        (Decimal(10_500), NEXT_YEAR, None),
    ]
    row.refresh_from_db()
    assert (row.status, row.decided_amount, row.decided_by) == ("approved", Decimal(10_500), world.users["paul"])
    # a second click changes nothing
    response = sign_in("paul").post(url("approve", row), follow=True)
    assert "has decided this already" in response.content.decode()
    assert len(salaries(world, "alice")) == 2


def test_change_needs_a_reason_and_a_sensible_amount(world, review, sign_in):
    row, paul = row_of(review, world, "erin"), sign_in("paul")
    assert row.recommended is False
    assert row.old_amount == Decimal(10_004)
    for data, words in [
        ({"amount": "11000"}, "This field is required"),
        ({"amount": "9000", "reason": "x"}, "no more than the current pay"),
        ({"amount": "110000", "reason": "x"}, "more than double"),
    ]:
        assert words in paul.post(url("change", row), data).content.decode()
    assert len(salaries(world, "erin")) == 1
    paul.post(url("change", row), {"amount": "11000.50", "reason": "Offer from a rival"})
    assert salaries(world, "erin")[1][:2] == (Decimal("11000.50"), NEXT_YEAR)
    row.refresh_from_db()
    assert (row.status, row.decision_reason) == ("changed", "Offer from a rival")


def test_not_eligible_cannot_be_raised(world, review, sign_in):
    RaiseRecommendation.objects.filter(employee=world.people["erin"]).update(eligible=False)
    page = sign_in("paul").post(url("change", row_of(review, world, "erin")), {"amount": "11000", "reason": "anyway"})
    assert "not eligible" in page.content.decode()
    assert len(salaries(world, "erin")) == 1


def test_reject_keeps_the_pay(world, review, sign_in):
    row = row_of(review, world, "alice")
    sign_in("paul").post(url("reject", row), {"reason": "Leaves in spring"})
    row.refresh_from_db()
    assert (row.status, row.decision_reason) == ("rejected", "Leaves in spring")
    assert len(salaries(world, "alice")) == 1


def test_nobody_decides_their_own_raise(world, review, sign_in):
    world.users["alice"].groups.add(Group.objects.get(name="payroll"))
    row = row_of(review, world, "alice")
    page = sign_in("alice").post(url("approve", row), follow=True).content.decode()
    assert "your own raise" in page
    preview = sign_in("alice").get(reverse("payroll:approve_all", kwargs={"pk": review.pk}))
    assert "Alice" not in preview.content.decode().split("<main")[1]
    assert services.approve_recommended(review=review, expected=2, actor=world.users["alice"]) == 2
    row.refresh_from_db()
    assert row.status == "draft"


def test_approve_all_shows_the_sums_first(world, review, sign_in):
    paul, page = sign_in("paul"), reverse("payroll:approve_all", kwargs={"pk": review.pk})
    preview = paul.get(page).content.decode()
    # Alice 10,000, Bob 10,001 and Carol 10,002, each 5 % more
    assert "30,003.00" in preview
    assert "31,503.15" in preview
    assert "1,500.15" in preview
    refused = paul.post(page, {"expected": "2"}, follow=True).content.decode()
    assert "The list has changed" in refused
    assert Salary.objects.filter(start_date=NEXT_YEAR).count() == 0
    paul.post(page, {"expected": "3"})
    amounts = Salary.objects.filter(start_date=NEXT_YEAR).order_by("amount").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("10500.00"), Decimal("10501.05"), Decimal("10502.10")]


def test_taking_back_restores_the_salary(world, review, sign_in):
    row, paul = row_of(review, world, "alice"), sign_in("paul")
    before = salaries(world, "alice")
    paul.post(url("approve", row))
    paul.post(url("reopen", row), {"reason": "Wrong person"})
    assert salaries(world, "alice") == before
    row.refresh_from_db()
    assert (row.status, row.salary) == ("draft", None)
    history = paul.get(url("recommendation", row)).content.decode()
    assert "Approved" in history
    assert "Wrong person" in history


def test_a_fixed_term_comes_back_as_it_was(world, review):
    end = NEXT_YEAR + dt.timedelta(days=200)
    Salary.objects.filter(employee=world.people["alice"]).update(end_date=end)
    row, paul = row_of(review, world, "alice"), world.users["paul"]
    services.approve_raise(recommendation=row, actor=paul)
    assert salaries(world, "alice")[1][2] == end
    services.reopen_decision(recommendation=row, reason="Mistake", actor=paul)
    assert [one[2] for one in salaries(world, "alice")] == [end]


def test_a_later_review_ranks_what_the_decision_pays(world, review, sign_in):
    later = services.create_review(
        name="Spring", year=world.year, population_date=today(), effective_date=NEXT_YEAR + dt.timedelta(days=90),
        share=Decimal(50), raise_percent=Decimal(5), actor=None,
    )  # fmt: skip
    paul, spring = sign_in("paul"), row_of(later, world, "alice")
    assert spring.old_amount == Decimal(10_000)
    paul.post(url("approve", row_of(review, world, "alice")))
    assert "has changed since it was ranked" in paul.post(url("approve", spring), follow=True).content.decode()
    assert services.refresh_stale_reviews() == 1
    spring.refresh_from_db()
    assert (spring.old_amount, spring.new_amount) == (Decimal(10_500), Decimal(11_025))
    # taken back, it ranks the former pay again
    paul.post(url("reopen", row_of(review, world, "alice")), {"reason": "Mistake"})
    assert services.refresh_stale_reviews() == 1
    spring.refresh_from_db()
    assert spring.old_amount == Decimal(10_000)


def test_a_raise_in_force_cannot_be_taken_back(world, review):
    row = row_of(review, world, "alice")
    services.approve_raise(recommendation=row, actor=world.users["paul"])
    Salary.objects.filter(employee=world.people["alice"], end_date__isnull=False).update(
        end_date=today() - dt.timedelta(days=1)
    )
    Salary.objects.filter(start_date=NEXT_YEAR).update(start_date=today())
    with pytest.raises(BadInput, match="in force since"):
        services.reopen_decision(recommendation=row, reason="Too late", actor=world.users["paul"])
    row.refresh_from_db()
    assert row.status == "approved"


def test_close_waits_for_every_decision(world, review, sign_in):
    paul, close = sign_in("paul"), reverse("payroll:close_review", kwargs={"pk": review.pk})
    assert "3 recommended raises are not decided yet" in paul.post(close, follow=True).content.decode()
    services.approve_recommended(review=review, expected=3, actor=world.users["paul"])
    assert "The review is closed." in paul.post(close, follow=True).content.decode()
    refused = paul.post(url("reject", row_of(review, world, "erin")), {"reason": "late"}).content.decode()
    assert "This review is closed" in refused


def test_hr_follows_the_review_without_amounts(world, review, sign_in):
    helen = sign_in("helen")
    pages = [reverse("payroll:review", kwargs={"pk": review.pk}), url("recommendation", row_of(review, world, "alice"))]
    pages.append(pages[0] + "?export=csv")
    for page in pages:
        response = helen.get(page)
        text = b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()
        assert "Alice" in text
        assert "10,0" not in text
        assert "1000" not in text


def test_a_manager_sees_pay_of_the_own_people_only(world, review, sign_in):
    page = sign_in("bob").get(reverse("payroll:review", kwargs={"pk": review.pk})).content.decode()
    assert "Alice" in page
    assert "10,000.00" in page
    for stranger in ("Dave", "Erin", "10,003.00", "10,001.00"):
        assert stranger not in page


def test_my_pay_shows_the_decision_and_no_draft(world, review, sign_in):
    alice, page = sign_in("alice"), reverse("payroll:my_pay")
    assert "Access raise" not in alice.get(page).content.decode()
    services.approve_raise(recommendation=row_of(review, world, "alice"), actor=world.users["paul"])
    shown = alice.get(page).content.decode()
    assert "Access raise" in shown
    assert "10,500.00" in shown
    assert "10,002.00" not in shown


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_give_one_salary(world):
    access.prepare(world)
    row = row_of(world.extra["review"], world, "alice")
    start, outcomes = threading.Barrier(2), []

    def decide():
        start.wait()
        try:
            services.approve_raise(recommendation=row, actor=world.users["paul"])
            outcomes.append("approved")
        except BadInput as error:
            outcomes.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == sorted(["approved", "Paul has decided this already."])
    assert len(salaries(world, "alice")) == 2
