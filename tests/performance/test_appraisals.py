"""Appraisals through the pages: scores, signature, reopening, cycles, KPI rows, own page."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse

from hrsuite.lib.errors import BadInput, BadRows, Outcome
from people.models import Employee
from people.selectors import today
from performance.models import Appraisal, AppraisalCycle, AppraisalPart
from performance.services import (
    BandPlan,
    PartPlan,
    ScoreRow,
    finalise_cycle,
    pull_training_scores,
    reopen_appraisal,
    save_scores,
)
from tests.performance.company import stand
from tests.performance.plan import BANDS, PARTS, case_cycle
from training.models import PointsWork


@pytest.fixture
def cycle(world):
    for number, employee in enumerate(world.people.values()):
        stand(world, employee, 50 + 10 * number, required=100)
    return case_cycle(world)


def appraisal_of(world, name):
    return Appraisal.objects.get(employee=world.people[name])


def part_of(world, name, code="kpi"):
    return AppraisalPart.objects.get(appraisal__employee=world.people[name], part__code=code)


def go(client, name, target, data=None):
    address = reverse(f"performance:{name}", kwargs={"pk": target.pk})
    return client.post(address, data or {"token": "as in a browser"}, follow=True).content.decode()


def test_opening_a_cycle_gives_everybody_an_appraisal(world, sign_in):
    data = {
        "name": "This year", "points_year": world.year.pk, "start_date": "2026-01-01", "end_date": "2026-12-31",
        "max_grade_if_missed": "B",
        "parts-TOTAL_FORMS": 3, "parts-INITIAL_FORMS": 0,
        "parts-0-code": "kpi", "parts-0-name": "KPI", "parts-0-weight": "90", "parts-0-source": "typed",
        "parts-1-code": "training", "parts-1-name": "Training", "parts-1-weight": "5", "parts-1-source": "training",
        "parts-2-code": "", "parts-2-name": "", "parts-2-weight": "", "parts-2-source": "typed",
        "bands-TOTAL_FORMS": 2, "bands-INITIAL_FORMS": 0,
        "bands-0-grade": "A", "bands-0-name": "Good", "bands-0-min_score": "80",
        "bands-1-grade": "B", "bands-1-name": "Rest", "bands-1-min_score": "0",
    }  # fmt: skip
    helen, page = sign_in("helen"), reverse("performance:add_cycle")
    refused = helen.post(page, data).content.decode()
    assert "The weights add up to 95" in refused
    assert not AppraisalCycle.objects.exists()
    helen.post(page, {**data, "parts-1-weight": "10"})
    cycle = AppraisalCycle.objects.get()
    assert cycle.appraisals.count() == len(world.people)
    # nobody has been booked yet, so that is queued
    assert PointsWork.objects.count() == len(world.people)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parts": [PartPlan(code, "A", Decimal(50), "training") for code in "ab"]}, "Only one"),
        ({"parts": [PartPlan("a", "A", Decimal(50)), PartPlan("a", "B", Decimal(50))]}, "same code"),
        ({"parts": [PartPlan("a", "A", Decimal(0)), *PARTS]}, "more than 0"),
        ({"bands": BANDS[:2]}, "cover scores"),
        ({"bands": []}, "needs grades"),
        ({"max_grade_if_missed": "Z"}, "no such grade"),
    ],
)  # fmt: skip
def test_contradictions_are_refused(world, changes, words):
    with pytest.raises(BadInput, match=words):
        case_cycle(world, **changes)
    assert not AppraisalCycle.objects.exists()


def test_a_missing_part_blocks_the_signature(world, cycle, sign_in):
    bob = sign_in("bob")
    assert "A score is missing" in go(bob, "sign", appraisal_of(world, "alice"))
    go(bob, "score", part_of(world, "alice"), {"score": "80"})
    # 80 x 90 % + 50 x 10 %
    assert appraisal_of(world, "alice").final_score == Decimal(77)
    assert "is signed" in go(bob, "sign", appraisal_of(world, "alice"), {"comment": "Good"})
    signed = appraisal_of(world, "alice")
    assert (signed.status, signed.signed_by, signed.comment) == ("signed", world.users["bob"], "Good")
    assert "This appraisal is signed" in go(bob, "score", part_of(world, "alice"), {"score": "90"})
    assert part_of(world, "alice").score == Decimal(80)


def test_reopening_needs_a_reason_and_follows_points_again(world, cycle, sign_in):
    helen = sign_in("helen")
    go(helen, "score", part_of(world, "alice"), {"score": "80"})
    go(helen, "sign", appraisal_of(world, "alice"))
    stand(world, world.people["alice"], 100)
    pull_training_scores(employee_ids=[world.people["alice"].pk], year_id=world.year.pk)
    shown = helen.get(reverse("performance:appraisal", kwargs={"pk": appraisal_of(world, "alice").pk}))
    assert "Points say 100 now; 50 counts." in shown.content.decode()
    assert "This field is required" in go(helen, "reopen", appraisal_of(world, "alice"))
    go(helen, "reopen", appraisal_of(world, "alice"), {"reason": "New points"})
    # 80 x 90 % + 100 x 10 %
    assert appraisal_of(world, "alice").final_score == Decimal(82)


def test_a_typed_training_score_needs_a_reason_and_can_be_released(world, cycle, sign_in):
    helen, part = sign_in("helen"), part_of(world, "alice", "training")
    assert "This needs a reason" in go(helen, "score", part, {"score": "70"})
    go(helen, "score", part, {"score": "70", "reason": "Record lost"})
    part.refresh_from_db()
    assert (part.score, part.pulled_score, part.is_locked) == (Decimal(70), Decimal(50), True)
    go(helen, "release", part)
    part.refresh_from_db()
    assert (part.score, part.is_locked) == (Decimal(50), False)


def test_not_applicable_hands_its_weight_on(world, cycle, sign_in):
    helen = sign_in("helen")
    go(helen, "score", part_of(world, "alice"), {"score": "80"})
    go(helen, "score", part_of(world, "alice", "training"), {"not_applicable": "on", "reason": "On leave"})
    assert appraisal_of(world, "alice").final_score == Decimal(80)


def seen(client, cycle):
    """What the list to sign hands back."""
    return {"seen": client.get(reverse("performance:sign_ready", kwargs={"pk": cycle.pk})).context["seen"]}


def test_a_list_that_has_moved_is_not_signed(world, cycle, sign_in):
    helen = sign_in("helen")
    go(helen, "score", part_of(world, "alice"), {"score": "80"})
    read = seen(helen, cycle)
    go(helen, "score", part_of(world, "alice"), {"score": "20"})
    assert "The list has changed" in go(helen, "sign_ready", cycle, read)
    assert not Appraisal.objects.filter(status="signed").exists()
    assert "1 appraisal is signed" in go(helen, "sign_ready", cycle, seen(helen, cycle))


def test_nobody_signs_or_scores_their_own(world, cycle, sign_in):
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=80)
    pull_training_scores(employee_ids=None, year_id=world.year.pk)
    world.users["alice"].groups.add(*world.users["helen"].groups.all())
    alice = sign_in("alice")
    assert "your own appraisal" in go(alice, "sign", appraisal_of(world, "alice"))
    assert "your own appraisal" in go(alice, "score", part_of(world, "alice"), {"score": "100"})
    go(alice, "sign_ready", cycle, seen(alice, cycle))
    statuses = dict(Appraisal.objects.values_list("employee__name", "status"))
    assert statuses.pop("Alice") == "draft"
    assert set(statuses.values()) == {"signed"}


def test_a_manager_signs_only_below(world, cycle, sign_in):
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=80)
    pull_training_scores(employee_ids=None, year_id=world.year.pk)
    bob = sign_in("bob")
    go(bob, "sign_ready", cycle, seen(bob, cycle))
    signed = set(Appraisal.objects.filter(status="signed").values_list("employee__name", flat=True))
    assert signed == {"Alice", "Carol"}


def test_final_is_final(world, cycle, sign_in):
    helen = sign_in("helen")
    assert "6 appraisals are not signed yet" in go(helen, "finalise", cycle)
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=80)
    pull_training_scores(employee_ids=None, year_id=world.year.pk)
    go(helen, "sign_ready", cycle, seen(helen, cycle))
    assert "The cycle is final." in go(helen, "finalise", cycle)
    assert "This cycle is final" in go(helen, "reopen", appraisal_of(world, "alice"), {"reason": "x"})


def test_the_draft_of_somebody_who_leaves_later_keeps_the_cycle_open(world, cycle, sign_in):
    helen, day = sign_in("helen"), today()
    Appraisal.objects.exclude(employee=world.people["alice"]).update(
        status="signed", final_score=80, signed_at="2026-01-01T00:00Z"
    )
    Employee.objects.filter(pk=world.people["alice"].pk).update(exit_date=day + dt.timedelta(days=30))
    assert "1 appraisals are not signed yet" in go(helen, "finalise", cycle)
    Employee.objects.filter(pk=world.people["alice"].pk).update(exit_date=day - dt.timedelta(days=1))
    assert "The cycle is final." in go(helen, "finalise", cycle)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_opened_again_while_a_cycle_becomes_final(world):
    stand(world, world.people["alice"], 50, required=100)
    cycle, helen = case_cycle(world), world.users["helen"]
    Appraisal.objects.update(status="signed", final_score=80, signed_at="2026-01-01T00:00Z")
    alice, answers = appraisal_of(world, "alice"), []

    def reopen():
        try:
            reopen_appraisal(appraisal=alice, reason="Late", actor=helen)
        except BadInput as error:
            answers.append(error.message)
        finally:
            connection.close()

    thread = threading.Thread(target=reopen)
    with transaction.atomic():
        finalise_cycle(cycle=cycle, actor=helen)
        thread.start()
        # long enough to slip through where nothing holds it
        thread.join(1)
    thread.join(30)
    assert answers == ["This cycle is final."]
    assert appraisal_of(world, "alice").status == "signed"


def test_own_appraisal_shows_parts_and_the_missed_target(world, cycle, sign_in):
    go(sign_in("helen"), "score", part_of(world, "alice"), {"score": "95"})
    alice, mine = sign_in("alice"), reverse("performance:my_appraisals")
    page = alice.get(mine).content.decode()
    assert "once the appraisal is signed" in page
    assert "brings 5" in page
    assert not any(secret in page for secret in ("90.5", "85.5", ">95<"))
    go(sign_in("helen"), "sign", appraisal_of(world, "alice"))
    page = alice.get(mine).content.decode()
    # 95 x 90 % + 50 x 10 % would be an S
    assert "90.5" in page
    assert "The training target is missed: the grade is B at best." in page
    assert reverse("performance:score", kwargs={"pk": part_of(world, "alice").pk}) not in page


def test_list_filters_and_exports(world, cycle, sign_in):
    go(sign_in("helen"), "score", part_of(world, "alice"), {"score": "80"})
    page = reverse("performance:appraisals")
    ready = sign_in("helen").get(page, {"show": "ready"}).content.decode()
    assert "Alice" in ready
    assert "Carol" not in ready
    mine = b"".join(sign_in("bob").get(page, {"export": "csv"}).streaming_content).decode()
    assert "Alice" in mine
    assert "Erin" not in mine


def score_rows(*rows):
    return [ScoreRow(number, no, "Annual", part, Decimal(score)) for number, (no, part, score) in enumerate(rows, 2)]


def test_kpi_rows_are_saved_and_settled(world, cycle):
    rows = score_rows(("E001", "kpi", "80"), ("E002", "KPI", "90.5"))
    assert save_scores(rows=rows, actor=world.users["helen"]) == Outcome(created=2)
    assert appraisal_of(world, "alice").final_score == Decimal(77)
    again = score_rows(("E001", "kpi", "80"), ("E002", "KPI", "91"))
    assert save_scores(rows=again, actor=world.users["helen"]) == Outcome(changed=1, unchanged=1)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("E999", "kpi", "80"), "employee_no", "Nobody has this employee number"),
        (("E002", "sales", "80"), "part", "no such part"),
        (("E002", "training", "80"), "part", "comes from training points"),
        (("E002", "kpi", "101"), "score", "between 0 and 100"),
        (("E001", "kpi", "81"), "employee_no", "Row 2 has a score"),
        (("E003", "kpi", "81"), "employee_no", "is signed"),
    ],
)
def test_bad_kpi_rows_are_named_and_nothing_is_written(world, cycle, row, column, words):
    AppraisalPart.objects.filter(appraisal=appraisal_of(world, "carol")).update(state="scored", score=80)
    Appraisal.objects.filter(employee=world.people["carol"]).update(
        status="signed", final_score=80, signed_at="2026-01-01T00:00Z"
    )
    with pytest.raises(BadRows) as refused:
        save_scores(rows=score_rows(("E001", "kpi", "80"), row), actor=world.users["helen"])
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert part_of(world, "alice").state == "missing"


def test_unknown_cycle_is_named(world, cycle):
    with pytest.raises(BadRows, match="no such appraisal cycle"):
        save_scores(rows=[ScoreRow(2, "E001", "Other", "kpi", Decimal(80))], actor=None)


def test_a_bar_opens_the_list_of_its_grade(world, sign_in):
    bands = [BandPlan("A+", "Best", Decimal(60)), BandPlan("B", "Rest", Decimal(0))]
    cycle = case_cycle(world, bands=bands)
    Appraisal.objects.filter(employee=world.people["alice"]).update(grade="A+")
    helen = sign_in("helen")
    chart = helen.get(reverse("performance:cycle", kwargs={"pk": cycle.pk})).context["chart"]
    page = helen.get(chart["suite"]["links"][0])
    assert [row.record.employee.name for row in page.context["list"].table.rows] == ["Alice"]
