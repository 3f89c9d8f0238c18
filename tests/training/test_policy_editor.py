"""The editor says everything that a policy file can say, and loses nothing on the way."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from people.models import Department, Employee, Level, Position
from training.forms.policy_terms.labels import DEFAULTS, HELPS, LABELS, label
from training.models import PointsYear, Policy, RuleVersion
from training.selectors.policy_words.sections import SECTIONS
from training.services.policy_file import export_policy, import_policy, parse
from training.services.policy_file.grammar import GROUPS

SCHEMES = ("engineers", "hospital", "manufacturer")


class Form(HTMLParser):
    """What a browser would post of the editor's form: without what stands in templates."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.is_in, self.depth, self.select = False, 0, ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self.is_in = said.get("id") == "terms-form"
        elif tag == "template":
            self.depth += 1
        elif self.depth or not self.is_in:
            return
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in said:
            self.data.setdefault(self.select, []).append(value)
        elif tag == "input" and (said.get("type") != "checkbox" or "checked" in said):
            self.data.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "template"
        self.is_in = self.is_in and tag != "form"


@pytest.fixture
def scheme(request: Any, world: Any) -> Policy:
    """An example policy where its departments and people are."""
    Department.objects.get_or_create(code="RD", defaults={"name": "R&D"})
    Position.objects.get_or_create(code="ENG", defaults={"name": "Engineer"})
    Level.objects.get_or_create(code="M1", defaults={"name": "M1", "band": "middle", "rank": 90})
    Employee.objects.get_or_create(employee_no="M3", defaults={"name": "Mei", "hire_date": dt.date(2020, 1, 1)})
    Policy.objects.all().delete()
    PointsYear.objects.all().delete()
    done = import_policy(file=parse(Path(f"examples/policies/{request.param}/policy.yaml").read_text()), actor=None)
    assert done.policy
    return done.policy


def pages(policy: Policy) -> list[str]:
    versions = RuleVersion.objects.filter(rule__policy=policy)
    return [
        *(reverse("training:policy_section", args=[policy.pk, key]) for key in (*SECTIONS, "policy")),
        *(reverse("training:change_version", args=[version.pk]) for version in versions),
        *(reverse("training:change_target", args=[target.pk]) for target in policy.targets.all()),
    ]


def plain(value: Any) -> Any:
    """A list of one code says the same as the code."""
    if isinstance(value, dict):
        return {
            key: alone(part) if key in ("activity", "category", "rule") else plain(part) for key, part in value.items()
        }
    return [plain(part) for part in value] if isinstance(value, list) else value


def alone(part: Any) -> Any:
    return part[0] if isinstance(part, list) and len(part) == 1 else plain(part)


@pytest.mark.parametrize("scheme", SCHEMES, indirect=True)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_saving_every_page_as_it_is_changes_nothing(scheme, sign_in, language):
    client, before = sign_in("helen"), yaml.safe_load(export_policy(scheme))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page = client.get(reverse("training:policy_section", args=[scheme.pk, "limits"])).content.decode()
    assert f'<html lang="{language}' in page
    for url in pages(scheme):
        posted = Form(client.get(url).content.decode()).data
        response = client.post(url, posted)
        assert response.status_code == 302, (url, [*response.context["page"].errors], posted)
        after = yaml.safe_load(export_policy(Policy.objects.get(pk=scheme.pk)))
        assert plain(after) == plain(before), url


@pytest.mark.parametrize("scheme", SCHEMES, indirect=True)
def test_saving_every_text_as_it_is_changes_nothing(scheme, sign_in):
    client, before = sign_in("helen"), export_policy(scheme)
    for url in [*pages(scheme), reverse("training:policy_text", args=[scheme.pk])]:
        text = client.get(url, {"as": "text"}).context["text"]
        response = client.post(f"{url}?as=text", {"text": text})
        assert response.status_code == 302, (url, response.context["problems"])
    assert export_policy(Policy.objects.get(pk=scheme.pk)) == before


def test_limits_are_entered(world, sign_in):
    client, url = sign_in("helen"), reverse("training:policy_section", args=[world.policy.pk, "limits"])
    form = {
        "limits[1].category": ["course", "exam"], "limits[1].at_most": "20", "limits[1].per": "quarter",
        "limits[1].when.tests[0].name": "score", "limits[1].when.tests[0].is": "from",
        "limits[1].when.tests[0].value": "60", "limits[1].when.tests[1].name": "score",
        "limits[1].when.tests[1].is": "below", "limits[1].when.tests[1].value": "90",
        "limits[1].when.groups[0].join": "any",
        "limits[1].when.groups[0].parts[0].tests[0].name": "employee.band",
        "limits[1].when.groups[0].parts[0].tests[0].is": "is",
        "limits[1].when.groups[0].parts[0].tests[0].value": "staff, Middle management",
        "limits[1].when.groups[0].parts[2].tests[0].name": "passed",
        "limits[1].when.groups[0].parts[2].tests[0].value": "yes",
        "limits[7].ratio_to.category": "course", "limits[7].ratio_to.at_most": "2", "limits[7].activity": "lecture",
        "limits[8]": "",
    }  # fmt: skip
    text = client.post(url, {**form, "_preview": "1"}).content.decode()
    assert "at most 20 points a quarter" in text
    client.post(url, form)
    world.policy.refresh_from_db()
    said = yaml.safe_load(export_policy(world.policy))["limits"]
    assert said == [
        {
            "category": ["course", "exam"],
            "when": {
                "score": {"from": 60, "below": 90},
                "any": [{"employee.band": ["staff", "middle"]}, {"passed": True}],
            },
            "at_most": 20,
            "per": "quarter",
        },
        {"activity": "lecture", "ratio_to": {"category": "course", "at_most": 2}},
    ]
    page = client.get(reverse("training:policy", args=[world.policy.pk])).content.decode()
    assert "at most 2 times the points of Course" in page or "at most 2 times the points of" in page
    # a mistake stands at its field, and nothing is lost
    wrong = {**form, "limits[1].at_most": "many", "limits[9].name": "empty"}
    text = client.post(url, wrong).content.decode()
    assert "This is not a number." in text
    assert "A limit needs a figure." in text
    assert 'value="many"' in text
    client.post(url, {"limits[0]": ""})
    world.policy.refresh_from_db()
    assert "limits" not in world.policy.terms


def test_rows_without_a_script(world, sign_in):
    client, url = sign_in("helen"), reverse("training:policy_section", args=[world.policy.pk, "statuses"])
    form = {"statuses[0].name": "good", "statuses[0]": ""}
    text = client.post(url, {**form, "_add": "statuses|"}).content.decode()
    assert 'name="statuses[1].name"' in text
    text = client.post(url, {**form, "_add": "statuses[0].when|test"}).content.decode()
    assert 'name="statuses[0].when.tests[0].name"' in text
    text = client.post(url, {**form, "_remove": "statuses[0]"}).content.decode()
    assert 'name="statuses[0].name" id' not in text.partition("<template")[0]
    world.policy.refresh_from_db()
    assert world.policy.terms == {}


def test_mistakes_in_text_name_their_lines(world, sign_in):
    client, url = sign_in("helen"), reverse("training:policy_section", args=[world.policy.pk, "limits"])
    text = "# mine\nlimits:\n  - categori: course\n    at_most: 3\n"
    response = client.post(f"{url}?as=text", {"text": text})
    assert [(problem.row, problem.column) for problem in response.context["problems"]] == [(3, "limits[0].categori")]
    assert "categori: course" in response.content.decode()
    # the part cannot carry the policy away
    other = client.post(f"{reverse('training:policy_text', args=[world.policy.pk])}", {"text": "policy: {code: x}"})
    assert "file of another policy" in other.content.decode()
    assert not Policy.objects.filter(code="x").exists()


def test_a_file_is_checked_before_it_is_brought_in(world, sign_in):
    client, url = sign_in("helen"), reverse("training:import_policy")
    text = export_policy(world.policy).replace("points: 30", "points: 31").encode()
    page = client.post(url, {"file": SimpleUploadedFile("p.yaml", text), "check": "1"}).content.decode()
    assert "Would be changed" in page
    assert '<span class="is-gone">-         points: 30' in page
    assert '<span class="is-new">+         points: 31' in page
    assert world.rules["project"].versions.get().rate == 30
    assert (
        "nothing would change" in client.post(url, {"text": export_policy(world.policy), "check": "1"}).content.decode()
    )
    assert "Choose a file, or write the policy below." in client.post(url, {"text": " "}).content.decode()


@pytest.mark.parametrize("key", [*SCHEMES, "case_company"])
def test_a_policy_begins_with_an_example(world, sign_in, key):
    before = export_policy(world.policy)
    form = {"code": "mine", "name": "Mine", "description": "", "example": key}
    response = sign_in("helen").post(reverse("training:add_policy"), form, follow=True)
    policy = Policy.objects.get(code="mine")
    assert response.redirect_chain == [(reverse("training:policy", args=[policy.pk]), 302)]
    assert policy.name == "Mine"
    assert policy.rules.exists()
    assert not policy.is_active
    # what the suite has stays as it is
    kept = yaml.safe_load(before), yaml.safe_load(export_policy(world.policy))
    for name in ("policy", "rules", "targets", "years"):
        assert kept[0].get(name) == kept[1].get(name)


def test_every_field_has_its_words():
    for group, fields in GROUPS.items():
        if group in ("file", "attribute", "year", "category", "activity", "course"):
            continue
        for name in fields:
            if (group, name) not in {("rule", "versions")}:
                assert label(group, name)
    with translation.override("en"):
        for table in (LABELS, HELPS, DEFAULTS):
            assert all(str(words) for words in table.values())


def test_a_category_of_its_own(world, sign_in):
    client, category = sign_in("helen"), world.categories["course"]
    url = reverse("training:change_category", args=[category.pk])
    client.post(url, {"name": "Courses", "is_apart": "on", "window": "04-01", "floor": "0"})
    category.refresh_from_db()
    assert category.terms == {"in_total": False, "window": "04-01", "floor": 0}
    page = client.get(url).content.decode()
    assert 'value="04-01"' in page
    assert "checked" in page
    assert "Enter a valid value" in client.post(url, {"name": "Courses", "window": "April"}).content.decode()
    client.post(url, {"name": "Courses"})
    category.refresh_from_db()
    assert category.terms == {}


def test_what_somebody_else_changed_meanwhile_is_not_undone(world, sign_in):
    client, url = sign_in("helen"), reverse("training:policy_section", args=[world.policy.pk, "limits"])
    page = client.get(url).content.decode()
    state = re.search(r'name="_state" value="(\w+)"', page)[1]
    form = {"limits[0].activity": "online", "limits[0].at_most": "9"}
    assert client.post(url, form | {"_state": state}).status_code == 302
    other = {"limits[0].activity": "workshop", "limits[0].at_most": "5", "_state": state}
    refused = client.post(url, other).content.decode()
    assert "Somebody else has changed this since you opened it." in refused
    assert 'value="5"' in refused
    world.policy.refresh_from_db()
    assert [limit["at_most"] for limit in world.policy.terms["limits"]] == [9]
    text = client.post(f"{url}?as=text", {"text": "limits: [{at_most: 7}]", "_state": state}).content.decode()
    assert "Somebody else has changed this since you opened it." in text
    assert "at_most: 7" in text
    again = re.search(r'name="_state" value="(\w+)"', refused)[1]
    assert client.post(url, other | {"_state": again}).status_code == 302
    world.policy.refresh_from_db()
    assert [limit["at_most"] for limit in world.policy.terms["limits"]] == [5]
