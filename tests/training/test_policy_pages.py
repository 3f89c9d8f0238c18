"""The policy editor through HTTP."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from people.selectors import today
from training.models import Activity, Category, PointsWork, PointsYear, Policy, Rule, Target
from training.services.policy_file import export_policy


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(today().year, month, number)


def rule_form(world, **fields: object) -> dict[str, object]:
    return {
        "activity": world.activities["online"].pk,
        "rate": "4",
        "basis": "per_hour",
        "start_date": day(7),
        "department": world.departments["RD"].pk,
        **fields,
    }


def test_policy_page_says_what_earns_and_what_is_needed(world, sign_in):
    response = sign_in("audrey").get(reverse("training:policy", args=[world.policy.pk]))
    text = response.content.decode()
    assert "30 points each time" in text
    assert "10 points per exam passed" in text
    assert "Middle management" in text
    assert "Add rule" not in text, "an auditor reads"
    assert "Add rule" in sign_in("helen").get(reverse("training:policy", args=[world.policy.pk])).content.decode()


def test_add_rule(world, sign_in):
    client = sign_in("helen")
    url = reverse("training:add_rule", args=[world.policy.pk])
    response = client.post(url, rule_form(world), follow=True)
    assert "R&amp;D: 4 points per hour for Online course." in response.content.decode()
    rule = Rule.objects.get(code="online-2")
    assert (rule.department, rule.versions.get().rate) == (world.departments["RD"], 4)
    assert PointsWork.objects.count() == len(world.people)
    # once more: the same people would have two rules
    response = client.post(url, rule_form(world))
    assert "already says what the same people earn" in response.content.decode()
    assert Rule.objects.count() == len(world.rules) + 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rate": "-1"}, "greater than or equal to 0"),
        ({"start_date": "soon"}, "valid date"),
        ({"employee": "E999"}, "There is no employee E999"),
        ({"end_date": "2000-01-01"}, "last day is before"),
    ],
)
def test_add_rule_refuses(world, sign_in, fields, words):
    response = sign_in("helen").post(reverse("training:add_rule", args=[world.policy.pk]), rule_form(world, **fields))
    assert words in response.content.decode()
    assert Rule.objects.count() == len(world.rules)


def test_change_a_rule_from_a_day_on(world, sign_in):
    client, rule = sign_in("helen"), world.rules["online"]
    url = reverse("training:add_version", args=[rule.pk])
    assert 'value="2"' in client.get(url).content.decode()
    form = {"rate": "3", "basis": "per_hour", "start_date": day(7), "reason": "More weight"}
    text = client.post(url, form, follow=True).content.decode()
    assert "More weight" in text
    assert "3 points per hour" in text
    assert rule.versions.get(number=1).end_date == day(6, 30)
    assert "must not overlap" in client.post(url, {**form, "start_date": day(7)}).content.decode()
    client.post(reverse("training:end_rule", args=[rule.pk]), {"end_date": day(12, 31)})
    assert rule.versions.get(number=2).end_date == day(12, 31)


def test_preview_speaks_plainly_and_saves_nothing(world, sign_in):
    client = sign_in("helen")
    url = reverse("training:preview_rule", args=[world.policy.pk])
    text = client.get(url, rule_form(world, max_per_year="40")).content.decode()
    assert "R&amp;D: 4 points per hour, at most 40 points a year for Online course." in text
    assert "3 people today" in text
    assert "Fill in the fields" in client.get(url, {"rate": "x"}).content.decode()
    text = client.get(
        reverse("training:preview_version", args=[world.rules["project"].pk]), {"rate": "25", "basis": "per_time"}
    ).content.decode()
    assert "30 points" in text
    assert "25 points" in text
    assert "1 person today" in text
    assert not PointsWork.objects.exists()


def target_form(world, *minimums: tuple[str, str, str], **fields: object) -> dict[str, object]:
    form: dict[str, object] = {
        "name": "Staff", "year": world.year.pk, "total": "40", "pro_rata": "months", "band": "staff",
        "needs-TOTAL_FORMS": len(minimums) + 1, "needs-INITIAL_FORMS": 0, **fields,
    }  # fmt: skip
    for number, (category, minimum, cap) in enumerate(minimums):
        form[f"needs-{number}-category"] = world.categories[category].pk
        form[f"needs-{number}-minimum"], form[f"needs-{number}-cap"] = minimum, cap
    # a line that was added and left empty
    form[f"needs-{len(minimums)}-category"] = ""
    return form


def test_targets_are_entered_changed_and_removed(world, sign_in):
    client = sign_in("helen")
    url = reverse("training:add_target", args=[world.policy.pk])
    response = client.post(url, target_form(world, ("course", "30", ""), ("exam", "20", "")))
    assert "The minimums add up to 50, more than the total of 40" in response.content.decode()
    assert not Target.objects.filter(name="Staff").exists()
    client.post(url, target_form(world, ("course", "30", "35"), ("exam", "10", "")))
    target = Target.objects.get(name="Staff")
    assert sorted(target.requirements.values_list("category__code", "minimum", "cap")) == [
        ("course", Decimal(30), Decimal(35)),
        ("exam", Decimal(10), None),
    ]
    edit = reverse("training:change_target", args=[target.pk])
    assert 'value="35"' in client.get(edit).content.decode()
    form = target_form(world, ("course", "30", "35"), ("exam", "10", ""), total="45")
    form |= {"needs-INITIAL_FORMS": 2, "needs-1-DELETE": "on"}
    client.post(edit, form)
    target.refresh_from_db()
    assert (target.total, target.requirements.get().category.code) == (45, "course")
    client.post(reverse("training:remove_target", args=[target.pk]))
    assert not Target.objects.filter(pk=target.pk).exists()


def test_one_more_requirement_line(world, sign_in):
    text = sign_in("helen").get(reverse("training:target_line"), {"needs-TOTAL_FORMS": "3"}).content.decode()
    assert 'name="needs-3-minimum"' in text
    assert 'name="needs-3-DELETE"' in text
    assert 'value="4"' in text


def test_files_go_out_and_come_back(world, sign_in):
    client = sign_in("helen")
    response = client.get(reverse("training:export_policy", args=[world.policy.pk]))
    assert response.content.decode() == export_policy(world.policy)
    text = response.content.decode().replace("name: Case company", "name: Renamed")
    url = reverse("training:import_policy")
    bad = SimpleUploadedFile("p.yaml", text.replace("points: 5", "points: five").encode())
    refused = client.post(url, {"file": bad}).content.decode()
    assert "rules[5].versions[0].points" in refused
    assert "This is not a number." in refused
    world.policy.refresh_from_db()
    assert world.policy.name == "Case company"
    client.post(url, {"file": SimpleUploadedFile("p.yaml", text.encode())})
    world.policy.refresh_from_db()
    assert world.policy.name == "Renamed"
    assert "not UTF-8" in client.post(url, {"file": SimpleUploadedFile("p.yaml", b"\xff\xfe")}).content.decode()


def test_new_policy_goes_in_force_and_stops(world, sign_in):
    client = sign_in("helen")
    client.post(reverse("training:add_policy"), {"code": "new", "name": "New"})
    policy = Policy.objects.get(code="new")
    client.post(reverse("training:activate_policy", args=[policy.pk]))
    policy.refresh_from_db()
    assert policy.is_active
    client.post(reverse("training:stop_policy", args=[policy.pk]))
    client.post(reverse("training:change_policy", args=[policy.pk]), {"name": "Newer"})
    policy.refresh_from_db()
    assert (policy.is_active, policy.name) == (False, "Newer")
    assert (
        "already exists" in client.post(reverse("training:add_policy"), {"code": "new", "name": "New"}).content.decode()
    )


def test_years_do_not_overlap(world, sign_in):
    client = sign_in("helen")
    form = {"name": "Next", "start_date": day(12, 1), "end_date": day(12, 31)}
    assert "must not overlap" in client.post(reverse("training:add_year"), form).content.decode()
    assert PointsYear.objects.count() == 1


def test_activities_and_categories(world, sign_in):
    client = sign_in("helen")
    client.post(
        reverse("training:add_category"), {"code": "ethics", "name": "Ethics", "parent": world.categories["course"].pk}
    )
    category = Category.objects.get(code="ethics")
    response = client.post(
        reverse("training:change_category", args=[world.categories["course"].pk]), {"name": "C", "parent": category.pk}
    )
    assert "cannot stand below itself" in response.content.decode()
    form = {"code": "talk", "name": "Talk", "category": category.pk, "measure": "times"}
    client.post(reverse("training:add_activity"), form)
    activity = Activity.objects.get(code="talk")
    client.post(
        reverse("training:change_activity", args=[activity.pk]),
        {"name": "Talks", "category": world.categories["exam"].pk, "measure": "times", "is_active": "on"},
    )
    activity.refresh_from_db()
    assert (activity.name, activity.category) == ("Talks", world.categories["exam"])
    assert "Talks" in client.get(reverse("training:activities")).content.decode()
