"""The first account of a new installation."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from people.models import User
from tests.world import World

PASSWORD = "a-long-enough-one"


@pytest.mark.django_db
def test_first_admin_sets_a_password_and_gets_in(client: Client, capsys):
    call_command("first_admin", "root", "--email", "root@example.com")
    path = re.search(r"https?://[^/]+(/\S+)", capsys.readouterr().out)[1]
    page = client.get(path, follow=True)
    client.post(page.request["PATH_INFO"], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert Client().login(username="root", password=PASSWORD)
    assert User.objects.get(username="root").has_perm("people.change_people")


@pytest.mark.django_db
def test_there_is_only_one_first_admin(world: World):
    with pytest.raises(CommandError, match="There is an HR admin already"):
        call_command("first_admin", "root")
    assert not User.objects.filter(username="root").exists()
