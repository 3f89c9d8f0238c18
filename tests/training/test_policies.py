"""Rules, versions, targets and years: what is refused changes nothing, what is accepted is queued for booking."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from hrsuite.lib.errors import BadInput
from people.selectors import today
from training.models import (
    Category,
    LearningRecord,
    LedgerEntry,
    PointsWork,
    PointsYear,
    Policy,
    Rule,
    RuleVersion,
    Standing,
    Target,
)
from training.services.booking import book
from training.services.policies import (
    Terms,
    activate_policy,
    add_version,
    create_policy,
    create_rule,
    end_rule,
    stop_policy,
)
from training.services.scopes import Whom
from training.services.targets import Goal, Need, change_target, create_target
from training.services.years import create_year, set_year_status

HOURLY = Terms("per_hour", Decimal(3))


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(today().year, month, number)


# --- versions ---------------------------------------------------------------------------------------------------------
def test_a_change_ends_the_open_version_the_day_before_and_queues_everybody(
    world, nudges, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        version = add_version(
            rule=world.rules["online"], terms=HOURLY, start_date=day(7), reason="More", actor=world.users["helen"]
        )
    first, second = world.rules["online"].versions.order_by("start_date")
    assert (first.end_date, first.rate) == (day(6, 30), 2)
    assert (second.pk, second.number, second.rate, second.end_date) == (version.pk, 2, 3, None)
    assert second.created_by == world.users["helen"]
    assert set(PointsWork.objects.values_list("employee_id", flat=True)) == {p.pk for p in world.people.values()}
    assert nudges == ["hrsuite.tasks.run_pipeline"]


@pytest.mark.parametrize(
    ("start", "end"),
    [((3, 1), None), ((2, 1), None), ((2, 1), (12, 31)), ((3, 31), None)],
    ids=["same day", "before, open", "before, across", "within a written end"],
)
def test_overlapping_versions_are_refused(world, start, end):
    rule = world.rules["online"]
    rule.versions.update(start_date=day(3), end_date=day(3, 31))
    with pytest.raises(BadInput) as refusal:
        add_version(rule=rule, terms=HOURLY, start_date=day(*start), end_date=day(*end) if end else None, actor=None)
    assert (refusal.value.field, refusal.value.value) == ("start_date", day(*start))
    assert str(day(3, 31)) in refusal.value.message
    assert refusal.value.mend
    assert rule.versions.count() == 1
    assert not PointsWork.objects.exists()


def test_versions_apply_to_the_days_they_are_in_force(world):
    add_version(rule=world.rules["online"], terms=HOURLY, start_date=day(7), actor=None)
    for number, month in enumerate((6, 7)):
        LearningRecord.objects.create(
            employee=world.people["alice"],
            activity=world.activities["online"],
            happened_on=day(month),
            minutes=60,
            source="test",
            source_id=str(number),
        )
    book(employee_ids=[world.people["alice"].pk], year_id=world.year.pk, cause="test", actor_id=None)
    assert [entry.amount for entry in LedgerEntry.objects.order_by("record__happened_on")] == [2, 3]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms("per_minute", Decimal(3)), "basis"),
        (Terms("per_hour", Decimal("1.23456")), "rate"),
        (Terms("per_hour", Decimal(1), max_per_record=Decimal(-2)), "max_per_record"),
        (Terms("per_hour", Decimal(1), max_per_year=Decimal(-2)), "max_per_year"),
    ],
)
def test_bad_terms_are_refused(world, terms, field):
    with pytest.raises(BadInput) as refusal:
        add_version(rule=world.rules["online"], terms=terms, start_date=day(7), actor=None)
    assert refusal.value.field == field
    assert world.rules["online"].versions.get().end_date is None


def test_an_ended_rule_earns_nothing_afterwards(world):
    end_rule(rule=world.rules["online"], end_date=day(6, 30), actor=None)
    assert world.rules["online"].versions.get().end_date == day(6, 30)
    with pytest.raises(BadInput):
        end_rule(rule=world.rules["online"], end_date=dt.date(1999, 1, 1), actor=None)


# --- rules ------------------------------------------------------------------------------------------------------------
def test_a_second_rule_for_the_same_case_is_refused(world):
    case = {"policy": world.policy, "activity": world.activities["online"], "terms": HOURLY, "actor": None}
    with pytest.raises(BadInput) as refusal:
        create_rule(whom=Whom(), start_date=day(7), **case)
    assert "online" in refusal.value.message
    assert Rule.objects.count() == len(world.rules)
    narrower = create_rule(whom=Whom(department=world.departments["RD"]), start_date=day(7), **case)
    assert (narrower.code, narrower.scope_text()) == ("online-2", "R&D")


def test_a_scope_that_contradicts_itself_is_refused(world):
    with pytest.raises(BadInput) as refusal:
        create_rule(
            policy=world.policy,
            activity=world.activities["online"],
            terms=HOURLY,
            whom=Whom(level=world.levels["L1"], band="middle"),
            start_date=day(7),
            actor=None,
        )
    assert refusal.value.field == "band"


def test_two_policies_in_force_must_not_contradict_each_other(world):
    other = create_policy(code="other", name="Other", actor=None)
    create_rule(
        policy=other, activity=world.activities["online"], terms=HOURLY, whom=Whom(), start_date=day(1), actor=None
    )
    assert not PointsWork.objects.exists(), "a policy that is not in force queues nothing"
    with pytest.raises(BadInput) as refusal:
        activate_policy(policy=other, actor=None)
    assert "case" in refusal.value.message
    stop_policy(policy=world.policy, actor=None)
    activate_policy(policy=other, actor=None)
    assert list(Policy.objects.filter(is_active=True)) == [other]
    assert PointsWork.objects.count() == 2 * len(world.people)


# --- targets ----------------------------------------------------------------------------------------------------------
def needs(world, **minimums: int) -> list[Need]:
    return [Need(world.categories[code], Decimal(minimum)) for code, minimum in minimums.items()]


def test_minimums_above_the_total_are_refused(world):
    goal = Goal("Staff", Decimal(40), needs(world, course=30, exam=11))
    with pytest.raises(BadInput) as refusal:
        create_target(policy=world.policy, year=world.year, goal=goal, whom=Whom(band="staff"), actor=None)
    assert (refusal.value.field, refusal.value.value) == ("requirements", 41)
    assert "41" in refusal.value.message
    assert "40" in refusal.value.message
    assert not Target.objects.filter(name="Staff").exists()


def test_minimums_inside_each_other_count_once(world):
    inner = Category.objects.create(code="ethics", name="Ethics", parent=world.categories["course"])
    goal = Goal("Staff", Decimal(30), [*needs(world, course=30), Need(inner, Decimal(12))])
    target = create_target(policy=world.policy, year=world.year, goal=goal, whom=Whom(band="staff"), actor=None)
    assert target.requirements.count() == 2
    too_much = Goal("Staff", Decimal(30), [*needs(world, course=10), Need(inner, Decimal(31))])
    with pytest.raises(BadInput):
        change_target(target=target, goal=too_much, whom=Whom(band="staff"), actor=None)


@pytest.mark.parametrize(
    ("minimum", "cap", "field"), [(20, 10, "cap"), (-1, None, "minimum")], ids=["cap below minimum", "negative"]
)
def test_bad_requirements_are_refused(world, minimum, cap, field):
    need = Need(world.categories["course"], Decimal(minimum), None if cap is None else Decimal(cap))
    with pytest.raises(BadInput) as refusal:
        change_target(target=world.target, goal=Goal("X", Decimal(100), [need]), whom=Whom(), actor=None)
    assert refusal.value.field == field
    assert world.target.requirements.count() == 4


def test_a_second_target_for_the_same_people_is_refused(world):
    with pytest.raises(BadInput) as refusal:
        create_target(
            policy=world.policy, year=world.year, goal=Goal("Again", Decimal(5)), whom=Whom(band="middle"), actor=None
        )
    assert "Middle managers" in refusal.value.message


def test_a_changed_target_moves_standings_and_an_unchanged_one_queues_nothing(world):
    whom = Whom(band="middle")
    goal = Goal("Middle managers", Decimal(100), needs(world, course=40, workshop=30, exam=20, sharing=10), "none")
    assert not change_target(target=world.target, goal=goal, whom=whom, actor=None)
    assert not PointsWork.objects.exists()
    assert change_target(
        target=world.target, goal=Goal("Middle managers", Decimal(50), [], "none"), whom=whom, actor=None
    )
    assert PointsWork.objects.count() == len(world.people)
    book(employee_ids=[world.people["bob"].pk], year_id=world.year.pk, cause="test", actor_id=None)
    assert Standing.objects.get().required == 50


# --- years ------------------------------------------------------------------------------------------------------------
def test_overlapping_years_are_refused(world):
    with pytest.raises(BadInput) as refusal:
        create_year(name="Fiscal", start_date=day(4), end_date=day(4) + dt.timedelta(days=364), actor=None)
    assert refusal.value.field == "start_date"
    assert PointsYear.objects.count() == 1


def test_a_closed_year_is_not_booked_and_reopens_with_a_second_person(world):
    set_year_status(year=world.year, status="closing", actor=None)
    set_year_status(year=world.year, status="closed", actor=None)
    PointsWork.objects.all().delete()
    add_version(rule=world.rules["online"], terms=HOURLY, start_date=day(7), actor=None)
    assert not PointsWork.objects.exists()
    with pytest.raises(BadInput):
        change_target(target=world.target, goal=Goal("X", Decimal(1)), whom=Whom(), actor=None)
    for status in ("open", "closing"):
        with pytest.raises(BadInput, match="second person"):
            set_year_status(year=world.year, status=status, actor=None)
    assert not PointsWork.objects.exists()


def test_history_of_versions_is_kept(world):
    add_version(rule=world.rules["online"], terms=HOURLY, start_date=day(7), actor=None)
    assert RuleVersion.objects.count() == len(world.rules) + 1
    assert RuleVersion._meta.apps.get_model("training", "RuleVersionEvent").objects.filter(pgh_label="update").exists()
