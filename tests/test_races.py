"""Two people at the same moment: both get an answer in words, never an error page."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import connection, models
from django.urls import reverse

from people import rules
from people.models import User
from people.selectors import today
from people.services import organisation
from people.services.accounts import set_roles
from training.models import LedgerEntry, Rule
from training.services import activities, booking, closing, policies, policy_editor, unused
from training.services.records import enter_record


def together(*calls: Callable[[], object]) -> list[object]:
    """What the calls answer, each on a thread and connection of its own."""
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        start.wait()
        try:
            answers[place] = call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@contextmanager
def late_by_one(monkeypatch, module, name):
    """The first two callers of this check both finish it before either goes on to write."""
    check, both, turns = getattr(module, name), threading.Barrier(2), iter(range(2))

    def slow(*args, **kwargs):
        result = check(*args, **kwargs)
        if next(turns, None) is not None:
            both.wait(10)
        return result

    monkeypatch.setattr(module, name, slow)
    yield


@pytest.mark.django_db(transaction=True)
def test_the_same_code_twice_at_once_is_refused_in_words(world, sign_in, monkeypatch):
    clients = [sign_in("helen"), sign_in("helen")]
    page = reverse("people:add_position")
    with late_by_one(monkeypatch, organisation, "_check_code"):
        answers = together(*[lambda c=c: c.post(page, {"code": "NEW", "name": "New"}) for c in clients])
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert "This code is in use." in refused.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_behind_the_form_is_said_in_words(world, sign_in, monkeypatch):
    clients, page = [sign_in("helen"), sign_in("helen")], reverse("training:add_policy")
    with late_by_one(monkeypatch, policies, "check_fields"):
        answers = together(*[
            lambda c=c: c.post(page, {"code": "new", "name": "New"}, headers={"referer": page}, follow=True)
            for c in clients
        ])  # fmt: skip
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sum("of this code" in a.content.decode() or "This code is taken" in a.content.decode() for a in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_two_admins_take_the_role_from_each_other(world):
    first, second = world.users["helen"], world.users["paul"]
    set_roles(user=second, roles=[rules.HR_ADMIN], actor=first)
    for _round in range(5):
        answers = together(
            lambda: set_roles(user=second, roles=[], actor=first), lambda: set_roles(user=first, roles=[], actor=second)
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["BadInput", "bool"], answers
        admins = User.objects.filter(groups__name=rules.HR_ADMIN)
        assert admins.count() == 1
        left = admins.get()
        set_roles(user=second if left == first else first, roles=[rules.HR_ADMIN], actor=left)


@pytest.mark.parametrize(("way", "waits"), [("slice", False), ("slice", True), ("close", True)])
@pytest.mark.django_db(transaction=True)
def test_a_rule_is_for_others_while_points_are_booked_under_it(world, monkeypatch, way, waits):
    """Without the lock the rule changes in place while its points are on their way into the ledger."""
    if not waits:
        monkeypatch.setattr(policy_editor, "let_bookings_end", lambda: None)
    rule, alice = world.rules["online"], world.people["alice"]
    first, july = dt.date(today().year, 1, 1), dt.date(today().year, 7, 1)
    enter_record(employee=alice, activity=world.activities["online"], happened_on=first, minutes=60, actor=None)
    is_booked, go_on = threading.Event(), threading.Event()

    def pause(*_said: object) -> None:
        is_booked.set()
        assert go_on.wait(20)

    def book() -> None:
        if way == "slice":
            booking.book_next_slice(follow_up=pause)
        else:
            closing.close_year(year=world.year, reason="Over", actor=world.users["helen"])

    def change() -> object:
        assert is_booked.wait(20)
        threading.Timer(1.0, go_on.set).start()
        item = {"for": {"department": "RD"}, "versions": [{"from": july}]}
        done = policy_editor.change_scope(rule=rule, item=item, actor=world.users["helen"])
        return done, go_on.is_set()

    if way == "close":
        monkeypatch.setattr(closing, "locked", lambda year, before=closing.locked: (pause(), before(year))[1])
    _booked, answer = together(book, change)

    assert LedgerEntry.objects.filter(employee=alice, rule_version__rule=rule).exists()
    rule.refresh_from_db()
    assert isinstance(answer, tuple), answer
    _done, came_after = answer
    assert came_after is waits
    assert (rule.department is None) is waits
    assert Rule.objects.filter(code="online-2", department=world.departments["RD"]).exists() is waits


@pytest.mark.parametrize("kind", ["rule", "version", "category", "activity"])
@pytest.mark.django_db(transaction=True)
def test_what_two_remove_at_once_is_gone_and_no_error(world, sign_in, monkeypatch, kind):
    """Both have found the row before either removes it; whoever comes second is told that it is not there."""
    row: models.Model
    if kind == "version":
        terms = policies.Terms.of(world.rules["online"].versions.get())
        row = policies.add_version(rule=world.rules["online"], terms=terms, start_date=today(), actor=None)
    elif kind == "rule":
        row = world.rules["online"]
    else:
        row = spare = activities.create_category(code="spare", name="Spare", actor=None)
        if kind == "activity":
            row = activities.create_activity(code="talk", name="Talk", category=spare, actor=None)
    name, both = f"remove_{kind}", threading.Barrier(2)
    service = getattr(unused, name)
    monkeypatch.setattr(unused, name, lambda **said: (both.wait(20), service(**said))[1])
    clients, page = [sign_in("helen"), sign_in("helen")], reverse(f"training:remove_{kind}", args=[row.pk])
    answers = together(*[lambda c=c: c.post(page, {"go": "1"}) for c in clients])
    assert sorted(getattr(answer, "status_code", answer) for answer in answers) == [302, 404]
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_put_into_a_category_that_goes_is_asked_for_again(world, sign_in, monkeypatch):
    """The form has found the category before it is removed, the service writes after that."""
    spare = activities.create_category(code="spare", name="Spare", actor=None)
    before = activities.create_activity

    def late(**said):
        assert sign_in("helen").post(reverse("training:remove_category", args=[spare.pk]), {"go": "1"}).url
        return before(**said)

    monkeypatch.setattr(activities, "create_activity", late)
    form = {"code": "talk", "name": "Talk", "category": spare.pk, "measure": "times"}
    page = sign_in("helen").post(reverse("training:add_activity"), form)
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["category"])
