"""The history of a policy is told in the spelling of its file: of terms that changed, the lines that differ."""

from __future__ import annotations

import pytest
from django.urls import reverse

from training.services.policy_editor import save_part

pytestmark = pytest.mark.django_db


def test_of_changed_terms_the_lines_that_differ(world, sign_in):
    limit = {"name": "Online", "activity": "online", "at_most": 7, "per": "month"}
    save_part(policy=world.policy, part={"limits": [limit]}, actor=world.users["helen"])
    save_part(policy=world.policy, part={"limits": [{**limit, "at_most": 9}]}, actor=world.users["helen"])

    page = sign_in("helen").get(reverse("training:policy_history", args=[world.policy.pk]))

    fields = [field for change in page.context["changes"] for field in change.fields if "at_most" in str(field)]
    newest, oldest = fields
    assert newest[1:] == ("at_most: 7", "at_most: 9")
    assert "name: Online" in oldest[2]
    assert "{&quot;" not in page.content.decode()
