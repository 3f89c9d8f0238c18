"""Accounts and roles."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from hrsuite.lib.errors import BadInput
from people import rules
from people.models import MailMessage, User
from people.selectors import roles_of
from people.services.accounts import create_account, deactivate_account, set_roles


def test_roles_are_given_and_taken(world, sign_in):
    helen, alice = world.users["helen"], world.users["alice"]
    client = sign_in("alice")
    assert client.get("/people/").status_code == 403
    assert set_roles(user=alice, roles=[rules.AUDITOR], actor=helen)
    assert client.get("/people/").status_code == 200
    assert not set_roles(user=alice, roles=[rules.AUDITOR], actor=helen)
    set_roles(user=alice, roles=[], actor=helen)
    assert client.get("/people/").status_code == 403
    assert LogEntry.objects.filter(user=helen, object_id=str(alice.pk)).count() == 2


@pytest.mark.parametrize(
    ("who", "roles", "words"),
    [
        ("helen", [rules.HR_ADMIN, rules.PAYROLL], "your own roles"),
        ("alice", ["emperor"], "no such role"),
        ("alice", [rules.MANAGER], "no such role"),
    ],
)
def test_roles_that_are_refused(world, who, roles, words):
    with pytest.raises(BadInput, match=words):
        set_roles(user=world.users[who], roles=roles, actor=world.users["helen"])


def test_the_last_admin_stays(world):
    with pytest.raises(BadInput, match="last HR admin"):
        set_roles(user=world.users["helen"], roles=[], actor=world.users["paul"])
    with pytest.raises(BadInput, match="last HR admin"):
        deactivate_account(user=world.users["helen"], actor=world.users["paul"])
    assert rules.HR_ADMIN in roles_of(User.objects.get(username="helen"))


def test_nobody_switches_off_the_own_account(world):
    with pytest.raises(BadInput, match="your own account"):
        deactivate_account(user=world.users["helen"], actor=world.users["helen"])


@pytest.mark.parametrize(
    ("change", "words"),
    [({}, "account already"), ({"user": None, "email": ""}, "no e-mail address")],
)
def test_accounts_that_are_refused(world, change, words):
    alice = world.people["alice"]
    for name, value in change.items():
        setattr(alice, name, value)
    alice.save()
    with pytest.raises(BadInput, match=words):
        create_account(employee=alice, actor=world.users["helen"])
    assert not MailMessage.objects.exists()


def test_the_profile_opens_and_closes_accounts(world, sign_in):
    alice, helen = world.people["alice"], sign_in("helen")
    helen.post(f"/people/{alice.pk}/account/close/")
    assert not User.objects.get(username="alice").is_active
    helen.post(f"/people/{alice.pk}/account/open/")
    assert User.objects.get(username="alice").is_active
    assert MailMessage.objects.get().to == "alice@example.com"
    helen.post(f"/people/{alice.pk}/roles/", {"roles": [rules.RECRUITER]})
    assert rules.RECRUITER in roles_of(User.objects.get(username="alice"))


def test_roles_are_check_boxes_of_the_theme(world, sign_in):
    page = sign_in("helen").get(f"/people/{world.people['bob'].pk}/roles/").content.decode()
    assert page.count('class="form-check-input"') == len(rules.GRANTED_ROLES)
