"""Policy files through the commands: in, again, out, and refused with line and mend."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from people.models import Assignment, Attribute, Department, Position
from training.models import (
    Activity,
    Category,
    LearningRecord,
    LedgerEntry,
    PointsWork,
    PointsYear,
    Policy,
    Rule,
    RuleVersion,
    Target,
)
from training.services.booking import book

CASE = settings.BASE_DIR / "examples" / "case_company" / "policy.yaml"
SMALL = """\
policy: {code: small, name: Small}
years:
  - {name: FY26, start: 2026-04-01, end: 2027-03-31}
categories:
  - {code: learn, name: Learning}
  - {code: deep, name: Deep, parent: learn}
activities:
  - {code: talk, name: Talk, category: deep, measure: times}
rules:
  - code: talks
    activity: talk
    for: {band: staff}
    versions:
      - {from: 2026-04-01, points: 1.5, basis: per_time}
      - {from: 2026-07-01, points: 2, basis: per_time, max_per_year: 20}
targets:
  - name: Staff
    year: FY26
    for: {band: staff}
    total: 10
    pro_rata: none
    requirements:
      - {category: learn, minimum: 6, cap: 8}
"""


def run(*arguments: str) -> tuple[str, str]:
    """(standard output, standard error) of a command."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def small(tmp_path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def departments(db) -> None:
    from people.models import Department

    Department.objects.create(code="RD", name="R&D")


def test_import_twice_changes_nothing(small, db):
    run("policy", "import", str(small), "--activate")
    out, _err = run("policy", "import", str(small), "--activate")
    assert "0 new, 0 changed, 7 unchanged" in out
    assert "in force" in out
    assert Policy.objects.get().is_active
    first, second = RuleVersion.objects.order_by("start_date")
    assert (str(first.end_date), second.end_date, second.max_per_year) == ("2026-06-30", None, 20)
    assert Target.objects.get().requirements.get().cap == 8


def test_validate_writes_nothing(small, db):
    out, _err = run("policy", "validate", str(small))
    assert "Valid: 7 new" in out
    assert not Policy.objects.exists()
    assert not PointsYear.objects.exists()


def test_the_case_company_round_trips(departments, tmp_path):
    run("policy", "import", str(CASE), "--activate")
    out, _err = run("policy", "export", "case-company")
    comments = "".join(line for line in CASE.read_text().splitlines(keepends=True) if line.startswith("#"))
    assert comments + out == CASE.read_text()
    copy = tmp_path / "copy.yaml"
    copy.write_text(out)
    again, _err = run("policy", "import", str(copy))
    assert "0 new, 0 changed" in again


def test_years_can_be_moved(departments):
    run("policy", "import", str(CASE), "--shift-years", "4")
    assert set(PointsYear.objects.values_list("name", flat=True)) == {"2029", "2030"}
    assert str(RuleVersion.objects.first().start_date) == "2028-01-01"


def line_of(text: str, wanted: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if wanted in line)


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("minimum: 6, cap: 8", "minimum: 12", "requirements:", ["minimums", "12", "10", "Lower a minimum"]),
        ("cap: 8", "cap: 4", "cap: 4", ["cap", "Raise the cap"]),
        ("points: 1.5", "until: 2026-07-15, points: 1.5", "2026-07-01", ["overlaps", "2026-07-15"]),
        ("from: 2026-07-01", "from: 2026-04-01", "max_per_year", ["start on this day"]),
        ("from: 2026-07-01", "from: 01/07/2026", "01/07", ["01/07/2026", "not a date", "2026-01-31"]),
        ("points: 1.5", "points: many", "many", ["many", "not a number"]),
        ("activity: talk", "activity: walk", "activity: walk", ["activity", "walk", "There is no"]),
        ("for: {band: staff}\n    versions", "for: {band: boss}\n    versions", "boss", ["boss", "staff, supervisor"]),
        ("year: FY26", "year: FY27", "year: FY27", ["year", "FY27"]),
        (
            "basis: per_time, max",
            "basis: per_houre, max",
            "per_houre",
            ["basis", "Did you mean “per_hour”", "per_pass"],
        ),
        ("total: 10", "totl: 10", "totl", ["Unknown field", "total"]),
        ("measure: times", "measure: dance", "dance", ["dance", "hours, times, exam"]),
        ("parent: learn", "parent: deep", "parent: deep", ["circle"]),
        ("rules:", "rules: [", None, ["not valid YAML"]),
        ("total: 10", "total 10", "total 10", ["not valid YAML"]),
        ("rules:", "limits: [{category: learn, share_of_total: 1/0}]\nrules:", "1/0", ["not a number", "7.5"]),
        ("rules:", "limits: [{category: learn, at_most: 1/3}]\nrules:", "1/3", ["limits[0].at_most", "not a number"]),
        (
            "rules:",
            "statuses: [{name: pass, when: {met: true}}]\noutcomes:\n  - {name: prize, when: {status: past}}\nrules:",
            "past}",
            ["outcomes[0].when.status", "no status", "Did you mean “pass”"],
        ),
        (
            "rules:",
            "ranking: {by: total, only: {status: {not: [good]}}}\nrules:",
            "good]",
            ["no status", "add the status first"],
        ),
        (
            "rules:",
            "statuses: [{name: pass, when: {met: true}}]\nranking: {by: total, only: {status: {from: 3}}}\nrules:",
            "from: 3",
            ["no order"],
        ),
        ("rules:", "ranking: {by: total\nbreaches: []\nrules:", "by: total", ["not valid YAML"]),
        ("rules:", "ranking: {by: 'total}\nrules:", "'total", ["not valid YAML"]),
        (
            "rules:",
            "carry_over: [{of: total, into: learn, above: cap}]\nrules:",
            "above: cap",
            ["The total has no cap"],
        ),
        (
            "rules:",
            "carry_over:\n  - of: learn\n    above: cap\n    expires_after: 2\nrules:",
            "expires_after: 2",
            ["expires_after", "leave out “above: cap”"],
        ),
        ("rules:", "carry_over: [{of: learn, above: roof}]\nrules:", "roof", ["minimum, cap"]),
        ("cap: 8", "take: mean", "take: mean", ["take", "sum, average"]),
        ("cap: 8", "take: average, measure: times", "take: average", ["has no average", "another “measure”"]),
        (
            "cap: 8",
            "take: average, substitutes: [{category: learn}]",
            "take: average",
            ["substitutes", "Nothing can stand in"],
        ),
        ("cap: 8", "best: 0", "best: 0", ["best"]),
        (
            "rules:",
            "breaches:\n  - when: {activity: talk}\n    voids: period\n    after: -1\nrules:",
            "after: -1",
            ["breaches[0].after"],
        ),
        (
            "rules:",
            "limits:\n  - at_most: 1\n    when:\n      days_until.handed_in: {to: 30}\nrules:",
            "days_until",
            ["handed_in", "record attribute of type date"],
        ),
        (
            "rules:",
            "limits:\n  - at_most: 1\n    when:\n      days_until.employee.hire_date: soon\nrules:",
            "days_until",
            ["soon", "states numbers"],
        ),
        ("rules:", "limits:\n  - at_most: 1\n    when:\n      rule: tolk\nrules:", "rule: tolk", ["no rule", "tolk"]),
        ("total: 10", "total: 10\n    window: {}", "window: {}", ["targets[0].window", "says no days", "leave it out"]),
        ("cap: 8", "window: {}", "window: {}", ["requirements[0].window", "says no days"]),
        *[
            (
                "years:",
                f"attributes:\n  - {{owner: record, code: mode, {kind}}}\nlimits:\n  - at_most: 1\n    when:\n"
                f"      mode: {{{bound}}}\nyears:",
                bound,
                [f"limits[0].when.mode.{bound.partition(':')[0]}", *words],
            )
            for kind, bound, words in (
                ("type: choice, choices: [online, room]", "from: 3", ["has no order", "mode: [online, room]"]),
                ("type: boolean", "to: 1", ["true or false, so nothing"]),
                ("type: date", "above: 3", ["states dates", "2026-01-31"]),
                ("type: number", "below: 2026-07-01", ["states numbers", "such as 12"]),
            )
        ],
        ("rules:", "limits:\n  - at_most: 1\n    when:\n      activity: {from: 3}\nrules:", "{from: 3}", ["no order"]),
        ("code: deep", "code: deep one!", "code: deep one!", ["categories[1].code", "no spaces", "letters, digits"]),
        ("code: talk, name", "code: '!talk', name", "'!talk'", ["activities[0].code", "no spaces"]),
    ],
)
def test_errors_name_the_line_and_the_mend(small, db, old, new, at, words):
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    small.write_text(text)
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("policy", "import", str(small), stdout=io.StringIO(), stderr=err)
    problems = err.getvalue()
    for word in words:
        assert word in problems, problems
    if at:
        numbers = {int(line.split(":")[1]) for line in problems.splitlines()}
        assert line_of(text, at) in numbers, problems
    assert not Policy.objects.exists()
    assert not PointsYear.objects.exists()
    assert not PointsWork.objects.exists()


def test_bounds_fit_choices_of_numbers_and_older_codes_stay(small, db):
    numbered = (
        SMALL.replace(
            "years:",
            """attributes:
  - {owner: record, code: stage, type: choice, choices: [1, 2, 3]}
limits:
  - at_most: 1
    when:
      stage: {from: 2}
years:""",
            1,
        )
        .replace("code: deep, name", "code: old one!, name")
        .replace("category: deep", "category: old one!")
    )
    Category.objects.create(code="old one!", name="Deep")
    text = numbered.replace("Learning", "学习")
    for field in ("code", "activity"):
        text = text.replace(f"{field}: talk\n", f"{field}: 讲课/1.a_b-c\n").replace(
            f"{field}: talk,", f"{field}: 讲课/1.a_b-c,"
        )
    small.write_text(text)
    run("policy", "import", str(small))
    assert Category.objects.get(code="old one!").parent.name == "学习"
    assert Activity.objects.get().code == "讲课/1.a_b-c"


def test_places_are_created_while_nobody_works_anywhere_or_where_asked_for(small, world):
    small.write_text(SMALL.replace("for: {band: staff}\n    versions", "for: {department: XX}\n    versions", 1))
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("policy", "import", str(small), stdout=io.StringIO(), stderr=err)
    assert "There is no department “XX”" in err.getvalue()
    # the world's year would overlap the file's
    world.policy.targets.all().delete()
    world.year.delete()
    call_command("policy", "import", str(small), "--create-missing", stdout=io.StringIO())
    assert Department.objects.get(code="XX").parent is None
    Assignment.objects.all().delete()
    small.write_text(SMALL.replace("for: {band: staff}\n    versions", "for: {position: YY}\n    versions", 1))
    call_command("policy", "validate", str(small), stdout=io.StringIO())
    assert not Position.objects.filter(code="YY").exists()
    call_command("policy", "import", str(small), stdout=io.StringIO())
    assert Position.objects.filter(code="YY").exists()


def test_an_attribute_is_declared_by_the_file_or_the_policy_is_refused(small, db):
    asked = SMALL.replace("for: {band: staff}\n    versions:", "versions:", 1).replace(
        "basis: per_time, max", "when: {employee.ward: Surgery, mode: online}, basis: per_time, max", 1
    )
    small.write_text(asked)
    err = io.StringIO()
    with pytest.raises(CommandError, match="2 problems"):
        call_command("policy", "import", str(small), stdout=io.StringIO(), stderr=err)
    assert "Nobody declared the employee attribute “ward”" in err.getvalue()
    assert "Nobody declared the record attribute “mode”" in err.getvalue()
    assert not Attribute.objects.exists()
    call_command("attribute", "declare", "employee", "ward", "--type", "text", stdout=io.StringIO())
    declared = "attributes:\n  - {owner: record, code: mode, type: choice, choices: [online, in person]}\n"
    small.write_text(asked + declared)
    call_command("policy", "import", str(small), stdout=io.StringIO())
    assert list(Attribute.objects.values_list("owner", "code")) == [("employee", "ward"), ("record", "mode")]
    small.write_text(asked.replace("mode: online", "mode: by post") + declared)
    with pytest.raises(CommandError):
        call_command("policy", "import", str(small), stdout=io.StringIO(), stderr=err)
    assert "by post" in err.getvalue()


def test_every_problem_is_told_at_once(small, db):
    small.write_text(SMALL.replace("activity: talk", "activity: walk").replace("year: FY26", "year: FY27"))
    err = io.StringIO()
    with pytest.raises(CommandError, match="2 problems"):
        call_command("policy", "import", str(small), stderr=err, stdout=io.StringIO())
    assert len(err.getvalue().splitlines()) == 2


def test_what_has_booked_points_changes_by_a_new_version_only(small, world):
    small.write_text(
        f"""\
policy: {{code: case, name: Case company}}
rules:
  - code: workshop
    activity: workshop
    versions:
      - {{from: {world.year.start_date.year - 5}-01-01, points: 6, basis: per_time}}
"""
    )
    alice = world.people["alice"]
    LearningRecord.objects.create(
        employee=alice,
        activity=world.activities["workshop"],
        happened_on=world.year.start_date,
        source="t",
        source_id="1",
    )
    book(employee_ids=[alice.pk], year_id=world.year.pk, cause="test", actor_id=None)
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("policy", "import", str(small), stderr=err, stdout=io.StringIO())
    assert "add a version with a later" in err.getvalue()
    assert world.rules["workshop"].versions.get().rate == 5
    # the same file is fine while nothing is booked under it
    text = small.read_text().replace("workshop", "exam").replace("per_time", "per_pass")
    small.write_text(text)
    out, _err = run("policy", "import", str(small))
    assert "changed: rule exam" in out
    assert "not in the file, left: rule workshop" in out
    assert Rule.objects.count() == len(world.rules)


def test_points_command(world):
    bob = world.people["bob"]
    for number in range(2):
        LearningRecord.objects.create(
            employee=bob, activity=world.activities["lecture"], happened_on=world.year.start_date, source="t",
            source_id=str(number),
        )  # fmt: skip
    book(employee_ids=[p.pk for p in world.people.values()], year_id=world.year.pk, cause="t", actor_id=None)
    assert LedgerEntry.objects.count() == 2
    out, _err = run("points", "--policy", "case", "--period", world.year.name, "--json")
    answer = json.loads(out)
    row = next(row for row in answer["employees"] if row["employee_no"] == bob.employee_no)
    assert (row["total"], row["required"], row["met"], row["missing"]) == (30, 100, False, 70)
    assert row["categories"] == {"sharing": {"counted": 30, "raw": 30}}
    assert row["missing_by_category"] == {"course": 40, "exam": 20, "workshop": 30}
    assert answer["summary"] == {"employees": 6, "with_target": 2, "met": 0, "points": 30}
    text, _err = run("points", "--policy", "case", "--period", world.year.name)
    assert "0 of 2 with a target met it, 30 points" in text
    only_met, _err = run("points", "--policy", "case", "--period", world.year.name, "--met")
    assert "Bob" not in only_met


@pytest.mark.parametrize(("policy", "period"), [("none", "2026"), ("case", "1999")])
def test_points_command_says_what_it_does_not_know(world, policy, period):
    with pytest.raises(CommandError, match="There is no"):
        run("points", "--policy", policy, "--period", period)
