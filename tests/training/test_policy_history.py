"""The history of a policy is told in the spelling of its file: of terms that changed, the lines that differ."""

from __future__ import annotations

import pytest
from django.urls import reverse

from hrsuite.lib.history import events_of
from training.models import Activity
from training.services.activities import change_activity
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


def test_what_was_there_before_its_history_began_is_changed_not_entered(world, sign_in):
    activity = world.activities["workshop"]
    events_of(Activity).filter(pgh_obj_id=activity.pk).delete()
    kept = {"category": activity.category, "measure": activity.measure}
    change_activity(activity=activity, name="Workshops", **kept, actor=world.users["helen"])

    page = sign_in("helen").get(reverse("training:catalogue_history"))

    [change] = [one for one in page.context["changes"] if one.subject == f"Activity {activity.code}"]
    told = page.content.decode()
    assert ("name", None, "Workshops") in change.fields
    assert f"Activity {activity.code}: changed" in told
    assert f"Activity {activity.code}: entered" not in told
