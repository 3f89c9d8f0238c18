"""Rules for others than before, what is taken away again, and what the editor refuses; through HTTP."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from people.selectors import today
from training.models import Activity, Category, LedgerEntry, PointsWork, Policy, Rule, Target
from training.services.booking import book
from training.services.records import enter_record

SCOPE = {"rules[0].activity": "online", "rules[0].for.department": "RD", "rules[0].adds": "yes"}


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(today().year, month, number)


@pytest.fixture
def booked(world):
    """The rule for online courses, with Alice's hour booked under it."""
    rule = world.rules["online"]
    enter_record(
        employee=world.people["alice"], activity=world.activities["online"], happened_on=day(1), minutes=60, actor=None
    )
    book(employee_ids=[world.people["alice"].pk], year_id=world.year.pk, cause="test", actor_id=None)
    PointsWork.objects.all().delete()
    return rule


def test_a_rule_that_booked_nothing_is_for_others(world, sign_in):
    client, rule = sign_in("helen"), world.rules["online"]
    url = reverse("training:change_scope", args=[rule.pk])
    page = client.get(url).content.decode()
    assert 'name="rules[0].for.department"' in page
    assert 'name="rules[0].versions[0].from"' not in page, "nothing is booked, so no day is asked"
    response = client.post(url, SCOPE | {"rules[0].team": "", "rules[0].priority": "3"})
    assert response.url == reverse("training:rule", args=[rule.pk])
    rule.refresh_from_db()
    assert (rule.department, rule.priority, rule.terms) == (world.departments["RD"], 3, {"adds": True})
    assert rule.versions.get().number == 1
    assert PointsWork.objects.exists()
    client.post(url, {"rules[0].activity": "online"})
    rule.refresh_from_db()
    assert (rule.department, rule.priority, rule.terms) == (None, 0, {})


def test_a_rule_that_has_booked_is_followed_by_one_for_others(world, sign_in, booked):
    client, url = sign_in("helen"), reverse("training:change_scope", args=[booked.pk])
    page = client.get(url).content.decode()
    assert "Points are booked under this rule" in page
    form = {**SCOPE, "rules[0].versions[0].from": day(7), "rules[0].versions[0].reason": "Only R&D"}
    lines = LedgerEntry.objects.count()
    refused = client.post(url, form | {"rules[0].versions[0].from": "2000-01-01"}).content.decode()
    assert "Choose a day within it, after its first." in refused
    assert "This is not a date." in client.post(url, form | {"rules[0].versions[0].from": "soon"}).content.decode()
    same = {name: value for name, value in form.items() if "for" not in name and "adds" not in name}
    assert "It is for the same people as before." in client.post(url, same).content.decode()
    assert Rule.objects.count() == len(world.rules)
    assert booked.versions.get().end_date is None
    assert client.post(url, form).status_code == 302
    booked.refresh_from_db()
    follower = Rule.objects.get(policy=world.policy, code="online-2")
    assert (booked.department, booked.terms, booked.versions.get().end_date) == (None, {}, day(6, 30))
    assert (follower.department, follower.terms) == (world.departments["RD"], {"adds": True})
    version = follower.versions.get()
    assert (version.start_date, version.rate, version.reason) == (day(7), booked.versions.get().rate, "Only R&D")
    assert LedgerEntry.objects.count() == lines, "booked lines are never rewritten"
    assert PointsWork.objects.exists()


def test_what_names_a_rule_names_its_follower_too(world, sign_in, booked):
    limits = [
        {"rule": "online", "at_most": 60, "per": "quarter"},
        {"when": {"not": {"rule": ["online", "project"]}}, "at_most": 9, "per": "month"},
        {"rule": "project", "at_most": 5},
    ]
    world.policy.terms = {"limits": limits}
    world.policy.save()
    version = world.rules["project"].versions.get()
    version.terms = {"limits": [{"when": {"rule": {"not": "online"}}, "at_most": 3}]}
    version.save()
    client, url = sign_in("helen"), reverse("training:change_scope", args=[booked.pk])
    page = client.get(url).content.decode()
    assert "What names this rule by its code will name both: Limits." in page
    assert "These also name this rule, and stay as they are: project. Add the new rule&#x27;s code online-2" in page
    form = {**SCOPE, "rules[0].versions[0].from": day(7)}
    response = client.post(url, form)
    assert response.status_code == 302, response.content.decode()
    world.policy.refresh_from_db()
    first, second, third = world.policy.terms["limits"]
    assert first == limits[0] | {"rule": ["online", "online-2"]}
    assert second["when"]["not"]["rule"] == ["online", "project", "online-2"]
    assert third == limits[2]
    version.refresh_from_db()
    assert version.terms["limits"][0]["when"] == {"rule": {"not": "online"}}


def test_a_refused_follower_leaves_the_rule_as_it_was(world, sign_in, booked):
    form = {"rules[0].for.employee": "E999", "rules[0].versions[0].from": day(7)}
    page = sign_in("helen").post(reverse("training:change_scope", args=[booked.pk]), form).content.decode()
    assert "There is no employee" in page
    assert booked.versions.get().end_date is None
    assert Rule.objects.count() == len(world.rules)


def test_preview_tells_whom_the_others_are(world, sign_in):
    url = reverse("training:change_scope", args=[world.rules["online"].pk])
    page = sign_in("helen").post(url, SCOPE | {"_preview": "1"}).content.decode()
    assert "Online course: 2 points per hour" in page
    assert "3 people today" in page


def test_an_unused_rule_is_removed_and_a_used_one_is_not(world, sign_in, booked):
    client, other = sign_in("helen"), world.rules["project"]
    url = reverse("training:remove_rule", args=[other.pk])
    assert "Remove rule" in client.get(url).content.decode()
    assert client.post(url, {"go": "1"}).url == reverse("training:policy", args=[world.policy.pk])
    assert not Rule.everything.filter(pk=other.pk).exists()
    assert PointsWork.objects.exists()
    page = client.post(reverse("training:remove_rule", args=[booked.pk]), {"go": "1"}).content.decode()
    assert "Points are booked under rule" in page
    assert "End it" in page
    assert Rule.objects.filter(pk=booked.pk).exists()
    shown = client.get(reverse("training:rule", args=[booked.pk])).content.decode()
    assert reverse("training:remove_rule", args=[booked.pk]) not in shown


def test_a_rule_that_the_policy_names_stays(world, sign_in):
    rule = world.rules["project"]
    world.policy.terms = {"limits": [{"rule": "project", "at_most": 60}]}
    world.policy.save()
    page = sign_in("helen").post(reverse("training:remove_rule", args=[rule.pk]), {"go": "1"}).content.decode()
    assert "Something else in the policy names rule" in page
    assert Rule.objects.filter(pk=rule.pk).exists()


def test_an_unused_version_is_removed_and_the_one_before_goes_on(world, sign_in, booked):
    client = sign_in("helen")
    form = {"points": "3", "basis": "per_hour", "from": day(7)}
    client.post(
        reverse("training:add_version", args=[booked.pk]),
        {f"rules[0].versions[0].{name}": value for name, value in form.items()},
    )
    first, second = booked.versions.order_by("start_date")
    assert first.end_date == day(6, 30)
    refused = client.post(reverse("training:remove_version", args=[first.pk]), {"go": "1"}).content.decode()
    assert "Points are booked under version 1, so it stays." in refused
    client.post(reverse("training:remove_version", args=[second.pk]), {"go": "1"})
    assert [(one.pk, one.end_date) for one in booked.versions.all()] == [(first.pk, None)]
    last = world.rules["project"].versions.get()
    refused = client.post(reverse("training:remove_version", args=[last.pk]), {"go": "1"}).content.decode()
    assert "A rule has at least one version." in refused


def test_unused_categories_and_activities_are_removed(world, sign_in, booked):
    client = sign_in("helen")
    used = world.categories["course"]
    page = client.post(reverse("training:remove_category", args=[used.pk]), {"go": "1"}).content.decode()
    assert "is used by" in page or "names “course”" in page
    page = client.post(
        reverse("training:remove_activity", args=[world.activities["online"].pk]), {"go": "1"}
    ).content.decode()
    assert "has learning records, so it stays." in page
    assert Category.objects.filter(pk=used.pk).exists()
    client.post(reverse("training:add_category"), {"code": "spare", "name": "Spare", "parent": used.pk})
    spare = Category.objects.get(code="spare")
    client.post(
        reverse("training:add_activity"), {"code": "talk", "name": "Talk", "category": spare.pk, "measure": "times"}
    )
    talk = Activity.objects.get(code="talk")
    page = client.post(reverse("training:remove_category", args=[spare.pk]), {"go": "1"}).content.decode()
    assert "is used by: activity" in page
    for name, row in (("remove_activity", talk), ("remove_category", spare)):
        page = client.get(reverse(f"training:{name.replace('remove', 'change')}", args=[row.pk])).content.decode()
        assert reverse(f"training:{name}", args=[row.pk]) in page
        response = client.post(reverse(f"training:{name}", args=[row.pk]), {"go": "1"})
        assert response.url == reverse("training:activities")
        assert not type(row).objects.filter(pk=row.pk).exists()


def test_whatever_stays_says_why_instead_of_offering_to_remove_it(world, sign_in, booked):
    client, other = sign_in("helen"), world.rules["project"]
    said = {
        "rule": (booked, "training:rule", "Points are booked under rule"),
        "activity": (world.activities["online"], "training:change_activity", "has learning records, so it stays."),
        "category": (world.categories["course"], "training:change_category", "Take it out of that policy first."),
    }
    for kind, (row, page, words) in said.items():
        url = reverse(f"training:remove_{kind}", args=[row.pk])
        shown = client.get(reverse(page, args=[row.pk])).content.decode()
        assert url not in shown
        assert "It cannot be removed. " in shown
        assert words in shown
        asked = client.get(url).content.decode()
        assert ("<form" not in asked.split("<main")[-1], "Back" in asked) == (True, True)
    world.policy.terms = {"limits": [{"rule": "project", "at_most": 60}]}
    world.policy.save()
    shown = client.get(reverse("training:rule", args=[other.pk])).content.decode()
    assert "It cannot be removed. Something else in the policy names rule" in shown
    first = booked.versions.get()
    form = {"points": "3", "basis": "per_hour", "from": day(7)}
    posted = {f"rules[0].versions[0].{name}": value for name, value in form.items()}
    client.post(reverse("training:add_version", args=[booked.pk]), posted)
    second = booked.versions.order_by("start_date").last()
    shown = client.get(reverse("training:rule", args=[booked.pk])).content.decode()
    links = [reverse("training:remove_version", args=[one.pk]) in shown for one in (first, second)]
    assert links == [False, True]
    assert "so it stays." in client.get(reverse("training:remove_version", args=[first.pk])).content.decode()
    assert "<form" in client.get(reverse("training:remove_version", args=[second.pk])).content.decode()


def test_the_history_says_who_removed_what(world, sign_in):
    client, rule = sign_in("helen"), world.rules["online"]
    client.post(
        reverse("training:add_version", args=[rule.pk]),
        {f"rules[0].versions[0].{name}": value for name, value in {"points": "3", "basis": "per_hour"}.items()}
        | {"rules[0].versions[0].from": day(7)},
    )
    client.post(reverse("training:remove_version", args=[rule.versions.latest("start_date").pk]), {"go": "1"})
    client.post(reverse("training:remove_rule", args=[rule.pk]), {"go": "1"})
    client.post(reverse("training:add_category"), {"code": "spare", "name": "Spare"})
    spare = Category.objects.get(code="spare")
    form = {"code": "talk", "name": "Talk", "category": spare.pk, "measure": "times"}
    client.post(reverse("training:add_activity"), form)
    client.post(reverse("training:remove_activity", args=[Activity.objects.get(code="talk").pk]), {"go": "1"})
    client.post(reverse("training:remove_category", args=[spare.pk]), {"go": "1"})

    def told(page: str, *args: object) -> list[tuple[str, str, bool]]:
        response = sign_in("audrey").get(reverse(f"training:{page}", args=args))
        assert ": removed" in response.content.decode()
        return [(one.subject, one.actor, one.is_removed) for one in response.context["changes"]]

    helen = str(world.users["helen"])
    policy = told("policy_history", world.policy.pk)
    assert sorted(one for one in policy if one[2]) == [
        ("Rule online", helen, True), ("Rule online, version 1", helen, True), ("Rule online, version 2", helen, True),
    ]  # fmt: skip
    assert ("Rule online", "", False) in policy
    assert ("Rule online, version 2", helen, False) in policy
    catalogue = told("catalogue_history")
    assert sorted(one for one in catalogue if one[1]) == [
        ("Activity talk", helen, False), ("Activity talk", helen, True),
        ("Category spare", helen, False), ("Category spare", helen, True),
    ]  # fmt: skip
    assert sign_in("bob").get(reverse("training:policy_history", args=[world.policy.pk])).status_code == 403


def test_a_category_that_a_policy_names_stays(world, sign_in):
    client = sign_in("helen")
    client.post(reverse("training:add_category"), {"code": "spare", "name": "Spare"})
    spare = Category.objects.get(code="spare")
    world.policy.terms = {"statuses": [{"name": "good", "when": {"category.spare": {"from": 3}}}]}
    world.policy.save()
    page = client.post(reverse("training:remove_category", args=[spare.pk]), {"go": "1"}).content.decode()
    assert "names “spare”" in page
    assert Category.objects.filter(pk=spare.pk).exists()


# --- what the forms refuse --------------------------------------------------------------------------------------------
def version_form(**fields: object) -> dict[str, object]:
    said = {"points": "4", "basis": "per_hour", "from": day(7)} | fields
    return {f"rules[0].versions[0].{name}": value for name, value in said.items()}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"max_per_year": "-1"}, "Use 0 or more."),
        ({"max_per_record": "-1"}, "Use 0 or more."),
        ({"from": "2026-02-30"}, "This is not a date."),
        ({"until": "never"}, "This is not a date."),
        ({"until": "2000-01-01"}, "last day is before"),
        ({"points": "x"}, "This is not a number."),
    ],
)
def test_a_new_version_is_refused(world, sign_in, fields, words):
    rule = world.rules["online"]
    page = sign_in("helen").post(reverse("training:add_version", args=[rule.pk]), version_form(**fields))
    assert "Not saved." in page.content.decode()
    assert words in page.content.decode()
    assert rule.versions.get().end_date is None


def test_versions_do_not_overlap(world, sign_in):
    client, rule = sign_in("helen"), world.rules["online"]
    add = reverse("training:add_version", args=[rule.pk])
    client.post(add, version_form(**{"from": day(7)}))
    first, second = rule.versions.order_by("start_date")
    page = client.post(add, version_form(**{"from": day(3), "until": day(8)})).content.decode()
    assert "verlap" in page
    page = client.post(
        reverse("training:change_version", args=[first.pk]),
        version_form(**{"from": first.start_date, "until": day(9)}),
    ).content.decode()
    assert "overlap" in page
    first.refresh_from_db()
    assert (first.end_date, rule.versions.count(), second.start_date) == (day(6, 30), 2, day(7))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"total": "-5"}, "Use 0 or more."),
        ({"total": "many"}, "This is not a number."),
        ({"total": ""}, "This field is missing."),
        ({"name": ""}, "This field is missing."),
        ({"year": "1066"}, "1066"),
        ({"for.department": "NOWHERE"}, "NOWHERE"),
        ({"requirements[0].category": "nothing", "requirements[0].minimum": "3"}, "nothing"),
        ({"requirements[0].category": "course", "requirements[0].minimum": "-3"}, "Use 0 or more."),
        (
            {
                "requirements[0].category": "course",
                "requirements[0].minimum": "9",
                "requirements[0].cap": "5",
            },
            "but at least 9 are required",
        ),
    ],
)
def test_a_target_is_refused(world, sign_in, fields, words):
    said = {"name": "Staff", "year": world.year.name, "total": "40", "for.band": "staff"} | fields
    form = {f"targets[0].{name}": value for name, value in said.items()}
    page = sign_in("helen").post(reverse("training:add_target", args=[world.policy.pk]), form).content.decode()
    assert "Not saved." in page
    assert words in page
    assert Target.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("rules[0].activity", "juggling", "juggling"), ("rules[0].for.department", "NOWHERE", "NOWHERE")],
)
def test_a_rule_with_an_unknown_code_is_refused(world, sign_in, name, value, words):
    form = {"rules[0].activity": "online", "rules[0].for.department": "RD", **version_form(), name: value}
    page = sign_in("helen").post(reverse("training:add_rule", args=[world.policy.pk]), form).content.decode()
    assert "Not saved." in page
    assert words in page
    assert Rule.objects.count() == len(world.rules)


# --- from nothing -----------------------------------------------------------------------------------------------------
def test_a_new_policy_begins_with_the_year(world, sign_in):
    client, url = sign_in("helen"), reverse("training:add_rule", args=[world.policy.pk])
    start = 'name="rules[0].versions[0].from" id="f:rules[0].versions[0].from" value="{}"'
    assert start.format(today()) in client.get(url).content.decode(), "in force: nothing earlier is moved unasked"
    world.policy.is_active = False
    world.policy.save()
    page = client.get(url).content.decode()
    assert start.format(world.year.start_date) in page
    assert '<label class="form-label required" for="f:rules[0].versions[0].basis">' in page
    assert '<label class="form-label" for="f:rules[0].code">' in page, "it is named after the activity"
    assert f'<a href="{reverse("people:attributes")}">attributes</a>' in page


@pytest.mark.parametrize(
    ("route", "form"),
    [
        ("add_policy", {"code": "training", "name": "Again"}),
        ("add_category", {"code": "course", "name": "Again"}),
        ("add_activity", {"code": "online", "name": "Again", "measure": "hours"}),
    ],
)
def test_a_taken_code_is_refused_with_what_to_do(world, sign_in, route, form):
    if route == "add_policy":
        form = form | {"code": world.policy.code}
    form = form | ({"category": world.categories["course"].pk} if route == "add_activity" else {})
    page = sign_in("helen").post(reverse(f"training:{route}"), form).content.decode()
    assert "This code is taken. Choose another code." in page


def test_carry_over_of_the_total_asks_for_its_category(world, sign_in):
    url = reverse("training:policy_section", args=[world.policy.pk, "carry_over"])
    form = {"carry_over[0].of": "total", "carry_over[0].at_most": "10"}
    page = sign_in("helen").post(url, form).content.decode()
    assert "The surplus of the total needs a category. Choose the category it counts in (into)." in page
    assert sign_in("helen").post(url, form | {"carry_over[0].into": "course"}).status_code == 302


def test_outcomes_say_that_they_are_for_people_of_other_policies_too(world, sign_in):
    client, words = sign_in("helen"), "Another policy is in force too, and this is for everybody with a target"
    urls = [reverse("training:policy_section", args=[world.policy.pk, key]) for key in ("outcomes", "limits")]
    assert words not in client.get(urls[0]).content.decode()
    Policy.objects.create(code="other", name="Other", is_active=True)
    assert words in client.get(urls[0]).content.decode()
    assert words not in client.get(urls[1]).content.decode()
