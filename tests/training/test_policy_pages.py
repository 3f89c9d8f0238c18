"""The policy editor through HTTP."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from people.selectors import today
from training.models import Activity, Category, PointsWork, PointsYear, Policy, Rule, Target
from training.services.booking import book
from training.services.policy_file import export_policy
from training.services.records import enter_record


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(today().year, month, number)


def rule_form(**fields: object) -> dict[str, object]:
    said = {"points": "4", "basis": "per_hour", "from": day(7)} | fields
    return {
        "rules[0].activity": "online",
        "rules[0].for.department": "RD",
        **{f"rules[0].versions[0].{name}": value for name, value in said.items()},
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
    text = client.post(url, rule_form(), follow=True).content.decode()
    assert "The rule is entered." in text
    assert "4 points per hour" in text
    rule = Rule.objects.get(code="online-2")
    assert (rule.department, rule.versions.get().rate) == (world.departments["RD"], 4)
    assert PointsWork.objects.count() == len(world.people)
    # once more: the same people would have two rules
    response = client.post(url, rule_form())
    assert "already says what the same people earn" in response.content.decode()
    assert Rule.objects.count() == len(world.rules) + 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"points": "many"}, "This is not a number."),
        ({"from": "soon"}, "This is not a date."),
        ({"basis": ""}, "This field is missing."),
        ({"until": "2000-01-01"}, "last day is before"),
        ({"basis": "per_minutes"}, "per_minutes needs “minutes”."),
        ({"when.tests[0].name": "venue", "when.tests[0].value": "hall"}, "Nobody declared the record attribute"),
        ({"when.tests[0].name": "score", "when.tests[0].is": "from"}, "A single value is expected here."),
    ],
)
def test_add_rule_refuses(world, sign_in, fields, words):
    response = sign_in("helen").post(reverse("training:add_rule", args=[world.policy.pk]), rule_form(**fields))
    text = response.content.decode()
    assert "Not saved." in text
    assert words in text
    # a form does not say how a file is written
    assert "Add “basis:" not in text
    assert Rule.objects.count() == len(world.rules)


def test_a_rule_for_somebody_unknown_is_refused(world, sign_in):
    form = rule_form() | {"rules[0].for.employee": "E999"}
    response = sign_in("helen").post(reverse("training:add_rule", args=[world.policy.pk]), form)
    assert "There is no employee" in response.content.decode()


def test_change_a_rule_from_a_day_on(world, sign_in):
    client, rule = sign_in("helen"), world.rules["online"]
    url = reverse("training:add_version", args=[rule.pk])
    assert 'name="rules[0].versions[0].points" id="f:rules[0].versions[0].points" value="2"' in (
        client.get(url).content.decode()
    )
    text = client.post(url, rule_form(points="3", reason="More weight"), follow=True).content.decode()
    assert "More weight" in text
    assert "3 points per hour" in text
    assert rule.versions.get(number=1).end_date == day(6, 30)
    assert "start on this day" in client.post(url, rule_form(points="3")).content.decode()
    client.post(reverse("training:end_rule", args=[rule.pk]), {"end_date": day(12, 31)})
    assert rule.versions.get(number=2).end_date == day(12, 31)


def test_a_version_is_corrected_until_it_has_booked(world, sign_in):
    client, version = sign_in("helen"), world.rules["online"].versions.get()
    url = reverse("training:change_version", args=[version.pk])
    form = rule_form(points="2.5", **{"from": version.start_date})
    client.post(url, form)
    version.refresh_from_db()
    assert version.rate == Decimal("2.5")
    record = enter_record(
        employee=world.people["alice"], activity=world.activities["online"], happened_on=day(1), minutes=60, actor=None
    )
    book(employee_ids=[record.employee_id], year_id=world.year.pk, cause="test", actor_id=None)
    text = client.post(url, form | {"rules[0].versions[0].points": "9"}).content.decode()
    assert "Points are booked under this version" in text
    version.refresh_from_db()
    assert version.rate == Decimal("2.5")


def test_preview_speaks_plainly_and_saves_nothing(world, sign_in):
    client = sign_in("helen")
    url = reverse("training:add_rule", args=[world.policy.pk])
    text = client.post(url, rule_form(max_per_year="40") | {"_preview": "1"}).content.decode()
    assert "Online course: 4 points per hour, at most 40 points a year." in text
    assert "3 people today" in text
    assert "Fill in the fields" in client.post(url, {"_preview": "1"}).content.decode()
    text = client.post(
        reverse("training:add_version", args=[world.rules["project"].pk]),
        {"rules[0].versions[0].points": "25", "rules[0].versions[0].basis": "per_time", "_preview": "1"},
    ).content.decode()
    assert "30 points" in text
    assert "25 points" in text
    assert "1 person today" in text
    assert not PointsWork.objects.exists()


def target_form(*minimums: tuple[str, str, str], **fields: object) -> dict[str, object]:
    said = {"name": "Staff", "year": str(today().year), "total": "40", "for.band": "staff", **fields}
    for number, (category, minimum, cap) in enumerate(minimums):
        said |= {f"requirements[{number}].category": category, f"requirements[{number}].minimum": minimum}
        said[f"requirements[{number}].cap"] = cap
    # a row that was added and left empty
    said[f"requirements[{len(minimums)}]"] = ""
    return {f"targets[0].{name}": value for name, value in said.items()}


def test_targets_are_entered_changed_and_removed(world, sign_in):
    client = sign_in("helen")
    url = reverse("training:add_target", args=[world.policy.pk])
    response = client.post(url, target_form(("course", "30", ""), ("exam", "20", ""), year=world.year.name))
    assert "The minimums add up to 50, more than the total of 40" in response.content.decode()
    assert not Target.objects.filter(name="Staff").exists()
    form = target_form(("course", "30", "35"), ("exam", "10", ""), year=world.year.name)
    client.post(url, form)
    target = Target.objects.get(name="Staff")
    assert sorted(target.requirements.values_list("category__code", "minimum", "cap")) == [
        ("course", Decimal(30), Decimal(35)),
        ("exam", Decimal(10), None),
    ]
    assert "has a target of this name" in client.post(url, form).content.decode()
    edit = reverse("training:change_target", args=[target.pk])
    assert 'value="35"' in client.get(edit).content.decode()
    client.post(edit, target_form(("course", "30", "35"), total="45", name="All staff"))
    target.refresh_from_db()
    assert (target.name, target.total, target.requirements.get().category.code) == ("All staff", 45, "course")
    client.post(reverse("training:remove_target", args=[target.pk]))
    assert not Target.objects.filter(pk=target.pk).exists()


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
    assert "Line" in refused
    world.policy.refresh_from_db()
    assert world.policy.name == "Case company"
    client.post(url, {"file": SimpleUploadedFile("p.yaml", text.encode())})
    world.policy.refresh_from_db()
    assert world.policy.name == "Renamed"
    assert "not UTF-8" in client.post(url, {"file": SimpleUploadedFile("p.yaml", b"\xff\xfe")}).content.decode()


def test_a_file_in_another_encoding_is_named_with_its_line(world, sign_in, tmp_path):
    client, url = sign_in("helen"), reverse("training:import_policy")
    text = export_policy(world.policy).replace("name: Case company", "name: 销售积分制度", 1)
    line = next(number for number, one in enumerate(text.splitlines(), 1) if "销售" in one)
    said = {
        "gb18030": f"Line {line} is not UTF-8 text: the file looks like GB18030 (GBK).",
        "utf-16": "This file is not UTF-8 but UTF-16 text.",
    }
    for encoding, words in said.items():
        data = text.encode(encoding)
        page = client.post(url, {"file": SimpleUploadedFile("p.yaml", data)}).content.decode()
        assert f"{words} Save the file as UTF-8 and try again." in page
        path = tmp_path / f"{encoding}.yaml"
        path.write_bytes(data)
        for action in (("import",), ("validate",), ("change", "--reason", "why")):
            with pytest.raises(CommandError, match=re.escape(words)):
                call_command("policy", action[0], str(path), *action[1:])
    latin = "name: caf\xe9".encode("latin-1")
    page = client.post(url, {"file": SimpleUploadedFile("p.yaml", b"policy:\n" + latin)}).content.decode()
    assert "Line 2 is not UTF-8 text. Save the file" in page
    client.post(url, {"file": SimpleUploadedFile("p.yaml", text.encode("utf-8-sig"))})
    world.policy.refresh_from_db()
    assert world.policy.name == "销售积分制度"


def test_the_code_of_a_policy_is_a_code(world, sign_in):
    client, url = sign_in("helen"), reverse("training:add_policy")
    assert "Use letters, digits, hyphens" in client.post(url, {"code": "no code!", "name": "New"}).text
    assert not Policy.objects.filter(name="New").exists()
    assert client.post(url, {"code": "a_Code-1", "name": "New"}).status_code == 302
    # those that are there keep theirs
    Policy.objects.filter(name="New").update(code="no code!")
    old = Policy.objects.get(name="New")
    client.post(reverse("training:change_policy", args=[old.pk]), {"name": "Newer"})
    client.post(reverse("training:activate_policy", args=[old.pk]))
    old.refresh_from_db()
    assert (old.code, old.name, old.is_active) == ("no code!", "Newer", True)


def test_a_short_form_leads_back_above_its_heading(world, sign_in):
    client = sign_in("helen")
    for url, back, words in (
        (reverse("training:add_team_record"), reverse("training:team_records"), "Team records"),
        (
            reverse("training:start_closing", args=[world.year.pk]),
            reverse("training:year", args=[world.year.pk]),
            world.year.name,
        ),
        (reverse("training:add_activity"), reverse("training:activities"), "Activities and categories"),
        (
            reverse("training:change_policy", args=[world.policy.pk]),
            reverse("training:policy", args=[world.policy.pk]),
            world.policy.name,
        ),
    ):
        assert f'<div class="page-pretitle"><a href="{back}">{words}</a></div>' in client.get(url).text


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
        "This code is taken"
        in client.post(reverse("training:add_policy"), {"code": "new", "name": "New"}).content.decode()
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
