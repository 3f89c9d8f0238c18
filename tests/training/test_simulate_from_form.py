"""A change entered in the forms of the editor becomes a draft: nothing moves until it is applied."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from training.models import PolicyChange
from training.services.policy_file import export_policy

pytestmark = pytest.mark.django_db

LIMIT = {
    "limits[0]": "limit",
    "limits[0].name": "Online a month",
    "limits[0].activity": "online",
    "limits[0].at_most": "7",
    "limits[0].per": "month",
}


def text_of(answer: Any) -> str:
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', answer.content.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_a_section_is_simulated_before_anything_is_saved(world, sign_in):
    client, section = sign_in("helen"), reverse("training:policy_section", args=[world.policy.pk, "limits"])
    before = export_policy(world.policy)
    assert "Simulate this change" in client.get(section).content.decode()

    answer = client.post(section, LIMIT | {"_simulate": "1"})

    text, draft = text_of(answer), reverse("training:draft_change", args=[world.policy.pk])
    assert f'action="{draft}"' in answer.content.decode()
    assert "Online a month" in text
    assert export_policy(world.policy) == before
    assert not PolicyChange.objects.exists()

    answer = client.post(draft, {"text": text, "reason": "Too much online", "from_day": ""})
    change = PolicyChange.objects.get()
    assert answer.url == reverse("training:policy_change", args=[change.pk])
    assert export_policy(world.policy) == before
    assert "Online a month" in client.get(answer.url).content.decode()


def test_what_the_form_refuses_is_no_draft(world, sign_in):
    section = reverse("training:policy_section", args=[world.policy.pk, "limits"])

    answer = sign_in("helen").post(section, LIMIT | {"limits[0].at_most": "seven", "_simulate": "1"})

    assert "This is not a number." in answer.content.decode()
    assert 'name="limits[0].at_most"' in answer.content.decode()
