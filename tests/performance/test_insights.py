"""What goes with a course: pages, groups, matching; every figure is worked out by hand or by the plain twin."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.urls import reverse

from migration.services import Mapping, import_file
from people.models import Department, Employee
from people.selectors import today
from performance.models import AppraisalPart, Rating
from performance.rules.comparison import match
from performance.rules.scales import ranks
from performance.selectors import insight as selectors
from tests.migration.files import csv_file
from tests.performance.company import hire, stand
from tests.performance.plan import case_cycle
from training.models import Course, LearningPath, LearningRecord, PointsYear

INSIGHTS = reverse("performance:insights")
_numbers = itertools.count(1)


@pytest.fixture
def course(world):
    return Course.objects.create(code="LEAN-1", name="Lean production", activity=world.activities["online"])


@pytest.fixture
def cycle(world):
    return case_cycle(world)


def take(world, employee, course, *, day: dt.date | None = None, **values):
    return LearningRecord.objects.create(
        employee=employee, activity=course.activity, course=course, happened_on=day or world.year.start_date,
        minutes=60, source="test", source_id=str(next(_numbers)), **values,
    )  # fmt: skip


def people(world, department: str, level: str, count: int) -> list[Employee]:
    return [hire(world, next(_numbers), department=department, level=level) for _number in range(count)]


def kpi(cycle, employees, scores) -> None:
    for employee, score in zip(employees, scores, strict=True):
        found = AppraisalPart.objects.filter(appraisal__cycle=cycle, appraisal__employee=employee, part__code="kpi")
        assert found.update(state="scored", score=score) == 1


def detail(course) -> str:
    return reverse("performance:insight", kwargs={"kind": "course", "pk": course.pk})


def lines(response) -> dict:
    return {line["found"].outcome: line for line in response.context["lines"]}


@pytest.fixture
def lean(world, course):
    """Two departments: within them those who took it score 3 and 5 more; plainly it would be less than a point."""
    sales, rd = people(world, "SALES", "L1", 14), people(world, "RD", "L1", 8)
    lonely, earlier, failed = people(world, "HQ", "L4", 1)[0], *people(world, "SALES", "L1", 2)
    cycle = case_cycle(world)
    kpi(cycle, sales[:6], [81, 82, 83] * 2)
    kpi(cycle, sales[6:], [78, 80] * 4)
    kpi(cycle, rd[:4], [71, 73] * 2)
    kpi(cycle, rd[4:], [66, 68] * 2)
    kpi(cycle, [lonely, earlier, failed], [100, 0, 0])
    for employee in [*sales[:6], *rd[:4], lonely]:
        take(world, employee, course)
    # twice is once; what was voided did not happen
    take(world, sales[0], course)
    take(world, sales[6], course, status="voided")
    take(world, earlier, course, day=world.year.start_date - dt.timedelta(days=1))
    take(world, failed, course, passed=False)
    return cycle


def test_people_of_the_same_department_and_level_are_compared(lean, course, sign_in):
    response = sign_in("helen").get(detail(course))
    line = lines(response)["kpi"]
    matched, estimate = line["found"].matched, line["found"].estimate
    assert (matched.strata, matched.n1, matched.n0) == (2, 10, 12)
    assert (matched.alone, matched.alone_strata, matched.neither) == (1, 1, 2)
    # (82 x 6 + 72 x 4) / 10 and (79 x 6 + 67 x 4) / 10
    assert (matched.mean1, matched.mean0) == (pytest.approx(78), pytest.approx(74.2))
    # s1² = 8/8, s0² = 12/10; 1/10 + 1.2 x (36/8 + 16/4) / 100 = 0.202; f = 0.202² / (0.1²/8 + 0.102²/10) = 17.82;
    # t = 2.1025
    assert estimate.difference == pytest.approx(3.8)
    assert estimate.high - estimate.difference == pytest.approx(2.1025 * 0.202**0.5, abs=1e-3)
    assert (line["verdict"], line["difference"], line["interval"]) == ("higher", "+3.80", "+2.86 to +4.74")
    assert (line["mean1"], line["mean0"]) == ("78.00", "74.20")
    for says in [
        "A difference is no proof of a cause.",
        "1 who took it, in 1 places",
        "2 took it earlier or only failed",
    ]:
        assert says in response.text


@pytest.fixture
def rated(world, course):
    """As an old system rated the year, brought by an import: 4 exceeds, 3 fully meets, 2 needs improvement."""
    sales, rd = people(world, "SALES", "L1", 14), people(world, "RD", "L1", 8)
    unrated, lonely = people(world, "SALES", "L1", 1)[0], people(world, "HQ", "L4", 1)[0]
    case_cycle(world)
    words = {2: "Needs Improvement", 3: "Fully Meets", 4: "Exceeds"}
    scores = [*[4, 4, 3] * 2, *[3, 2] * 4, *[3, 4] * 2, *[3, 2] * 2, 4]
    rows = [
        [one.employee_no, str(world.year.start_date.year), words[score]]
        for one, score in zip([*sales, *rd, lonely], scores, strict=True)
    ]
    # another year says nothing of this one
    rows.append([sales[0].employee_no, "2001", "PIP"])
    report = import_file(
        name="ratings.csv", data=csv_file([["Employee no", "Cycle", "Rating"], *rows]), kind="ratings", actor=None,
        mapping=Mapping(create=frozenset({"ratings"})),
    )  # fmt: skip
    assert (report.created, report.problems) == (24, [])
    for employee in [*sales[:6], *rd[:4], lonely]:
        take(world, employee, course)
    assert unrated.pk
    return rd


def test_ratings_that_were_imported_are_compared_too(world, rated, course, sign_in):
    client = sign_in("helen")
    line = lines(client.get(detail(course)))["imported"]
    matched, estimate = line["found"].matched, line["found"].estimate
    # whoever has no rating is in no group
    assert (matched.strata, matched.n1, matched.n0, matched.alone) == (2, 10, 12, 1)
    # (22/6 x 6 + 3.5 x 4) / 10 and (2.5 x 6 + 2.5 x 4) / 10
    assert (matched.mean1, matched.mean0) == (pytest.approx(3.6), pytest.approx(2.5))
    # s1² = (4/3 + 1) / 8, s0² = (2 + 1) / 10; s1²/10 + s0² x (36/8 + 16/4) / 100 = 0.0546667;
    # f = 0.0546667² / (0.0291667²/8 + 0.0255²/10) = 17.44; t = 2.1058
    assert estimate.difference == pytest.approx(1.1)
    assert estimate.high - estimate.difference == pytest.approx(2.1058 * 0.0546667**0.5, abs=1e-3)
    assert (line["verdict"], line["difference"], line["interval"]) == ("higher", "+1.10", "+0.61 to +1.59")
    page = client.get(INSIGHTS, {"outcome": "imported"})
    assert [(row["name"], row["n1"], row["n0"]) for row in page.context["list"].rows] == [("Lean production", 10, 12)]
    rare = Course.objects.create(code="RARE", name="Rarely taken", activity=world.activities["online"])
    take(world, rated[0], rare)
    assert lines(client.get(detail(rare)))["imported"]["verdict"] == "too few to say"


def test_ratings_in_words_of_unknown_order_are_not_compared(world, course, sign_in):
    Rating.objects.create(
        employee=people(world, "SALES", "L1", 1)[0], period=str(world.year.start_date.year), grade="Purple"
    )
    assert "imported" not in lines(sign_in("helen").get(detail(course)))


@pytest.mark.parametrize(
    ("grades", "scales", "numbers"),
    [
        (["3", "4.5", "1"], [], [3, 4.5, 1]),
        (["Exceeds", "PIP", "Fully_Meets"], [], [4, 1, 3]),
        (["优秀", "合格"], [], [5, 3]),
        # a scale of the suite goes before what is well known
        (["A", "B"], [["A", "B"]], [1, 2]),
        (["A", "B"], [["X", "Y"]], [5, 4]),
        (["A", "3"], [], []),
        (["Purple", "Exceeds"], [], []),
    ],
)
def test_words_count_by_their_order(grades, scales, numbers):
    assert [float(one) for one in ranks(grades, scales).values()] == numbers


def test_the_ranking_shows_intervals_and_leaves_out_what_is_too_small(world, lean, course, sign_in):
    rare = Course.objects.create(code="RARE", name="Rarely taken", activity=world.activities["online"])
    take(world, Employee.objects.filter(assignments__department__code="RD").last(), rare)
    client = sign_in("audrey")
    response = client.get(INSIGHTS)
    assert [(row["name"], row["n1"], row["n0"], row["verdict"]) for row in response.context["list"].rows] == [
        ("Lean production", 10, 12, "higher"),
        ("Rarely taken", 1, 7, "too few to say"),
    ]
    chart = response.context["chart"]["option"]
    assert chart["yAxis"]["data"] == ["Lean production"]
    low, *middle, high = chart["series"][0]["data"][0]["value"]
    assert (low, middle, high) == (pytest.approx(2.86, abs=0.01), [3.8] * 3, pytest.approx(4.74, abs=0.01))
    assert chart["suite"]["links"][0].startswith(detail(course))
    assert "1 is not shown: fewer than 10 in a group." in response.text
    table = b"".join(client.get(INSIGHTS, {"export": "csv"}).streaming_content).decode("utf-8-sig").splitlines()
    assert table[0] == (
        "Name,Took it,Did not,Result with it,Result without,Difference,95 % confidence interval,"
        "Upper end of the interval,Verdict"
    )
    assert table[1] == "Lean production,10,12,78.00,74.20,3.80,2.86,4.74,higher"
    by_activity = client.get(INSIGHTS, {"kind": "activity"})
    assert [row["name"] for row in by_activity.context["list"].rows] == ["Online course"]


def test_who_left_is_compared_by_shares(world, course, sign_in):
    """9 of 10 against 3 of 10: Newcombe prints 0.1705 to 0.8090."""
    year = PointsYear.objects.create(
        name="before", start_date=dt.date(today().year - 1, 1, 1), end_date=dt.date(today().year - 1, 12, 31)
    )
    took, others = people(world, "HQ", "L4", 10), people(world, "HQ", "L4", 10)
    for employee in took:
        take(world, employee, course, day=year.start_date)
    gone = [*took[:9], *others[:3]]
    Employee.objects.filter(pk__in=[one.pk for one in gone]).update(exit_date=world.year.start_date)
    # gone before the last day: not among those who could leave after it
    early = people(world, "HQ", "L4", 1)[0]
    Employee.objects.filter(pk=early.pk).update(exit_date=year.start_date)
    response = sign_in("helen").get(detail(course), {"of": f"year-{year.pk}"})
    found = lines(response)
    assert set(found) == {"points", "leaving"}
    estimate = found["leaving"]["found"].estimate
    assert (estimate.low, estimate.high) == (pytest.approx(0.1705, abs=5e-5), pytest.approx(0.8090, abs=5e-5))
    assert (found["leaving"]["difference"], found["leaving"]["mean0"]) == ("+60.0 pp", "30.0 %")
    assert found["leaving"]["found"].is_bad
    assert "so far; the 12 months end on" in response.text
    # no reason to make it mandatory
    assert "reason=&" in response.context["mandatory_url"]


def test_departments_are_the_unit_of_their_productivity(world, course, sign_in):
    employees = []
    for number in range(20):
        code = f"D{number}"
        world.departments[code] = Department.objects.create(code=code, name=code, parent=world.departments["HQ"])
        employees += people(world, code, "L1", 2)
    cycle = case_cycle(world)
    # means of the first ten departments 80, 82, …; of the others 70, 72, …
    kpi(cycle, employees, [*[79, 81, 81, 83] * 5, *[69, 71, 71, 73] * 5])
    # half of the people are enough, fewer are not
    for employee in employees[:20:2]:
        take(world, employee, course)
    line = lines(sign_in("helen").get(detail(course)))["department"]
    assert (line["found"].matched.n1, line["found"].matched.n0, line["found"].matched.mean1) == (10, 10, 81)
    # s² = 10/9 each: se = (2/9)^½ = 0.4714, f = 18, t = 2.1009
    assert (line["difference"], line["interval"], line["verdict"]) == ("+10.00", "+9.01 to +10.99", "higher")


def test_the_button_opens_a_path_that_says_why(lean, course, sign_in):
    client = sign_in("helen")
    url = client.get(detail(course)).context["mandatory_url"]
    form = client.get(url).context["form"]
    assert (form["name"].value(), form["code"].value(), form["due_days"].value()) == (
        "Lean production",
        "must-lean-1",
        30,
    )
    reason = form["reason"].value()
    assert "KPI score +3.80 against colleagues (95 % confidence interval +2.86 to +4.74; 10 and 12 compared)" in reason
    assert "no proof of a cause" in reason
    assert client.get(url).context["items"].forms[0]["what"].value() == f"course:{course.pk}"
    # whoever thinks better of it is back at the finding, and nowhere else
    assert client.get(url).context["cancel_url"].startswith(detail(course))
    strange = client.get(reverse("training:add_path"), {"back": "https://example.com/"})
    assert strange.context["cancel_url"] == reverse("training:paths")
    sent = {
        "name": "Lean", "code": "lean", "reason": reason, "start_date": "2026-01-01", "is_active": "on",
        "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-what": f"course:{course.pk}",
        "items-0-minimum": "1", "items-0-period": "once",
    }  # fmt: skip
    client.post(url, sent)
    made = LearningPath.objects.get()
    assert (made.origin, made.items.get().course) == ("Courses and results: Annual", course)
    text = client.get(detail(course)).text
    assert "Already mandatory by:" in text
    assert "Make it mandatory" not in sign_in("audrey").get(detail(course)).text


@pytest.mark.parametrize("what", ["", "course:0", "course:x", f"course:{10**30}", "person:1", "skill:"])
def test_odd_addresses_fill_in_nothing(world, sign_in, what):
    page = sign_in("helen").get(reverse("training:add_path"), {"what": what, "name": "x" * 500})
    assert page.status_code == 200
    assert len(page.context["form"]["name"].value()) == 120
    assert not page.context["items"].forms[0]["what"].value()


def test_odd_choices_and_unknown_things(world, cycle, course, sign_in):
    client = sign_in("helen")
    page = client.get(INSIGHTS, {"of": "cycle-x", "outcome": "shoe size", "kind": "skill"})
    assert (page.context["outcome"], page.context["kind"]) == ("kpi", "course")
    assert "nothing can be said yet" in page.text
    assert "too few to say" in client.get(detail(course)).text
    for kind, key in [("course", 0), ("skill", course.pk)]:
        assert client.get(reverse("performance:insight", kwargs={"kind": kind, "pk": key})).status_code == 404


def test_before_anything_is_there(world, course, sign_in):
    PointsYear.objects.update(start_date=today() + dt.timedelta(days=1), end_date=today() + dt.timedelta(days=300))
    client = sign_in("helen")
    assert "Nothing to compare yet" in client.get(INSIGHTS).text
    assert "Nothing to compare yet" in client.get(detail(course)).text


def test_the_statement_makes_the_sums_of_the_rules(world, course):
    """Random people, places and results: SQL and the plain function agree."""
    dice = random.Random(20261125)
    strata: dict[tuple[str, str], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    scored = []
    for department, level in itertools.product(["HQ", "SALES", "RD"], ["L1", "L3", "L4"]):
        for employee in people(world, department, level, dice.randrange(6)):
            took, points = dice.random() < 0.4, Decimal(dice.randrange(20000)) / 100
            stand(world, employee, points)
            if took:
                take(world, employee, course)
            scored.append(employee.pk)
            strata[department, level][0 if took else 1].append(float(points))
    # the others stay out: they are not on staff
    Employee.objects.exclude(pk__in=scored).update(exit_date=world.year.start_date - dt.timedelta(days=1))
    basis = next(iter(selectors.bases(world.users["helen"])))
    found = selectors.findings_of(world.users["helen"], basis, "course", course.pk)[0].matched
    expected = match(strata.values())
    for name in expected.__dataclass_fields__:
        assert getattr(found, name) == pytest.approx(getattr(expected, name)), name
