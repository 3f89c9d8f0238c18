"""Limits of a rule that ends because another one follows it for other people; through HTTP and the ledger."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from people.selectors import today
from training.models import Rule, Standing
from training.services.records import enter_record
from training.services.work import queue_points_for_all


def day(month: int) -> dt.date:
    return dt.date(today().year, month, 1)


def hours(world, month: int, number: int) -> None:
    enter_record(
        employee=world.people["alice"], activity=world.activities["online"], happened_on=day(month), actor=None,
        minutes=60 * number,
    )  # fmt: skip


def total(world) -> float:
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    return float(Standing.objects.get(employee=world.people["alice"], year=world.year).total)


def limited(world, **limit: object) -> Rule:
    version = world.rules["online"].versions.get()
    version.terms = {"limits": [limit]}
    version.save()
    hours(world, 1, 12)
    return world.rules["online"]


def test_limits_of_a_rule_hold_for_it_and_its_follower_together(world, sign_in):
    rule, client = limited(world, at_most=20), sign_in("helen")
    assert total(world) == 20
    url = reverse("training:change_scope", args=[rule.pk])
    page = client.get(url).content.decode()
    assert "Its limits hold for both rules together, as limits of the policy; change them there: at most 20" in page
    form = {"rules[0].for.department": "SALES", "rules[0].versions[0].from": day(7)}
    assert client.post(url, form).status_code == 302
    hours(world, 8, 12)
    assert total(world) == 20
    world.policy.refresh_from_db()
    assert world.policy.terms["limits"] == [{"at_most": 20, "rule": ["online", "online-2"]}]
    follower = Rule.objects.get(code="online-2")
    assert "limits" not in follower.versions.get().terms
    # whoever follows the follower is under the same limit
    again = {"rules[0].for.department": "HQ", "rules[0].versions[0].from": day(9)}
    page = client.post(reverse("training:change_scope", args=[follower.pk]), again)
    assert page.status_code == 302, page.content.decode()
    hours(world, 10, 5)
    assert total(world) == 20
    world.policy.refresh_from_db()
    assert world.policy.terms["limits"] == [{"at_most": 20, "rule": ["online", "online-2", "online-3"]}]


def test_limits_that_cannot_be_shared_are_named_before(world, sign_in):
    rule, client = limited(world, at_most=20), sign_in("helen")
    posted = {"points": "2", "basis": "per_hour", "from": day(3), "limits[0].at_most": "10"}
    add = reverse("training:add_version", args=[rule.pk])
    done = client.post(add, {f"rules[0].versions[0].{name}": value for name, value in posted.items()})
    assert done.status_code == 302, done.content.decode()
    assert total(world) == 20
    url = reverse("training:change_scope", args=[rule.pk])
    words = "These limits begin anew for the new rule, so whoever falls under both may reach them twice: at most 10"
    assert words in client.get(url).content.decode()
    form = {"rules[0].for.department": "SALES", "rules[0].versions[0].from": day(7)}
    assert client.post(url, form).status_code == 302
    hours(world, 8, 12)
    assert total(world) == 30, "what an earlier version earned under its own limit stays"
