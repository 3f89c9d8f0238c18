"""Who may open the pages of training."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import yaml

from hrsuite.lib.documents import Document
from people.models import Employee
from people.rules import AUDITOR, EMPLOYEE, HR_ADMIN, MANAGER, OPERATIONS, RECRUITER
from people.selectors import today
from tests.access import Route
from tests.world import World
from training.models import (
    Appeal,
    ChangeEffect,
    Correction,
    Course,
    LearningRecord,
    PointsYear,
    PolicyChange,
    TeamRecord,
)
from training.services.appeals import Happening, submit_appeal
from training.services.booking import book
from training.services.changes import apply_change, draft_change, request_simulation, work_off
from training.services.closing import close_year, request_reopening
from training.services.paths import Item, save_path
from training.services.policy_file import export_policy
from training.services.records import RecordRow, adjust_points, enter_record, save_records, void_record
from training.services.scopes import Whom
from training.services.sheets import Event, enter_sign_in_sheet

SEE_RECORDS = {MANAGER, HR_ADMIN, OPERATIONS, AUDITOR}
SEE_COURSES = {EMPLOYEE, MANAGER, HR_ADMIN, RECRUITER, OPERATIONS, AUDITOR}
SEE_POINTS = {MANAGER, HR_ADMIN, AUDITOR}
READ_POLICIES = {MANAGER, HR_ADMIN, AUDITOR}


def _policy(world: World) -> dict[str, int]:
    return {"pk": world.policy.pk}


def _rule(world: World) -> dict[str, int]:
    return {"pk": world.rules["online"].pk}


def _version(world: World) -> dict[str, int]:
    return {"pk": world.rules["online"].versions.get().pk}


def _target(world: World) -> dict[str, int]:
    return {"pk": world.target.pk}


def _path(world: World) -> dict[str, int]:
    return {"pk": world.extra["path"].pk}


COMPLETION = [
    Route("training:dashboard", roles={HR_ADMIN, AUDITOR}, is_list=True),
    Route("training:retry_work", roles={HR_ADMIN}, method="POST"),
    Route("training:ranking", roles={EMPLOYEE, MANAGER, HR_ADMIN, AUDITOR}, is_list=True),
    Route("training:completion", roles={MANAGER, HR_ADMIN, AUDITOR}, query="status=all", is_list=True),
    Route(
        "training:completion_branch",
        roles={MANAGER, HR_ADMIN, AUDITOR},
        kwargs=lambda w: {"pk": w.departments["SALES"].pk},
        stranger=(MANAGER, lambda w: {"pk": w.departments["RD"].pk}),
    ),
    Route("training:remind", roles={MANAGER, HR_ADMIN}, method="POST", data=lambda w: {"year": w.year.name}),
]
POLICIES = [
    Route("training:policies", roles=READ_POLICIES, is_list=True),
    Route("training:policy", roles=READ_POLICIES, kwargs=_policy),
    Route("training:export_policy", roles=READ_POLICIES, kwargs=_policy),
    Route("training:policy_history", roles={HR_ADMIN, AUDITOR}, kwargs=_policy),
    Route("training:catalogue_history", roles={HR_ADMIN, AUDITOR}),
    Route("training:rule", roles=READ_POLICIES, kwargs=_rule),
    Route("training:activities", roles=READ_POLICIES, is_list=True),
    Route("training:add_policy", roles={HR_ADMIN}),
    Route("training:import_policy", roles={HR_ADMIN}),
    Route("training:change_policy", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:activate_policy", roles={HR_ADMIN}, kwargs=_policy, method="POST"),
    Route("training:stop_policy", roles={HR_ADMIN}, kwargs=_policy, method="POST"),
    Route("training:add_rule", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:policy_text", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:policy_section", roles={HR_ADMIN}, kwargs=lambda w: {**_policy(w), "key": "limits"}),
    Route("training:add_version", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:change_version", roles={HR_ADMIN}, kwargs=_version),
    Route("training:change_scope", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:remove_rule", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:remove_version", roles={HR_ADMIN}, kwargs=_version),
    Route("training:end_rule", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:add_target", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:change_target", roles={HR_ADMIN}, kwargs=_target),
    Route("training:remove_target", roles={HR_ADMIN}, kwargs=_target, method="POST"),
    Route("training:add_year", roles={HR_ADMIN}),
    Route("training:add_activity", roles={HR_ADMIN}),
    Route("training:change_activity", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.activities["online"].pk}),
    Route("training:remove_activity", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.activities["online"].pk}),
    Route("training:remove_category", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.categories["course"].pk}),
    Route("training:add_category", roles={HR_ADMIN}),
    Route("training:change_category", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.categories["course"].pk}),
]


def _change(world: World) -> dict[str, int]:
    return {"pk": world.extra["draft change"].pk}


def _applied(world: World) -> dict[str, int]:
    return {"pk": world.extra["applied change"].pk}


#: managers read what was decided, not what is only thought of
CHANGES = [
    Route("training:policy_changes", roles=READ_POLICIES, is_list=True),
    Route("training:policy_change", roles=READ_POLICIES, kwargs=_applied),
    Route(
        "training:policy_change",
        roles={HR_ADMIN, AUDITOR},
        kwargs=_change,
        query="show=all",
        others={MANAGER: 404},
        is_list=True,
    ),
    Route("training:export_change", roles={HR_ADMIN, AUDITOR}, kwargs=_change, others={MANAGER: 404}),
    Route("training:draft_change", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:simulate_change", roles={HR_ADMIN}, kwargs=_change, method="POST", data=lambda w: {"year": ""}),
    Route("training:apply_change", roles={HR_ADMIN}, kwargs=_change, method="POST"),
    Route("training:discard_change", roles={HR_ADMIN}, kwargs=_change, method="POST"),
    Route("training:reverse_change", roles={HR_ADMIN}, kwargs=_applied),
]
POINTS = [
    Route("training:my_points", roles={EMPLOYEE}, is_list=True),
    Route(
        "training:points_of",
        roles={EMPLOYEE, *SEE_POINTS},
        kwargs=lambda w: {"pk": w.people["alice"].pk},
        stranger=(EMPLOYEE, lambda w: {"pk": w.people["carol"].pk}),
        is_list=True,
    ),
    Route(
        "training:points_of",
        roles=SEE_POINTS,
        kwargs=lambda w: {"pk": w.people["carol"].pk},
        others={EMPLOYEE: 404},
        stranger=(MANAGER, lambda w: {"pk": w.people["dave"].pk}),
    ),
    Route(
        "training:entry",
        roles={EMPLOYEE, *SEE_POINTS},
        kwargs=lambda w: {"pk": w.extra["alice line"].pk},
        stranger=(MANAGER, lambda w: {"pk": w.extra["dave line"].pk}),
    ),
    Route("training:adjust", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.people["alice"].pk}),
]
RECORDS = [
    Route("training:records", roles=SEE_RECORDS, is_list=True),
    Route("training:add_record", roles={HR_ADMIN}),
    Route("training:people_options", roles={HR_ADMIN}, query="employee=a"),
    Route(
        "training:record",
        roles=SEE_RECORDS,
        kwargs=lambda w: {"pk": w.extra["alice record"].pk},
        stranger=(MANAGER, lambda w: {"pk": w.extra["dave record"].pk}),
    ),
    Route("training:correct_record", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["alice record"].pk}),
    Route("training:void_record", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["alice record"].pk}),
    Route("training:restore_record", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["void record"].pk}),
    Route("training:sheet", roles={HR_ADMIN}),
    Route("training:sheet_people", roles={HR_ADMIN}, query="find=a"),
    Route(
        "training:sheet_result",
        roles=SEE_RECORDS,
        kwargs=lambda w: {"key": w.extra["sheet"]},
        stranger=("dave", lambda w: {"key": w.extra["sheet"]}),
    ),
    Route(
        "training:sheet_undo",
        roles={HR_ADMIN},
        kwargs=lambda w: {"key": w.extra["sheet"]},
        method="POST",
        data=lambda _w: {"reason": "wrong day"},
    ),
]
COURSES = [
    Route("training:courses", roles=SEE_COURSES, is_list=True),
    Route("training:course", roles=SEE_COURSES, kwargs=lambda w: {"pk": w.extra["course"].pk}, is_list=True),
    Route("training:add_course", roles={HR_ADMIN}),
    Route("training:edit_course", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["course"].pk}),
]
APPEALS = [
    Route("training:appeals", roles={HR_ADMIN, AUDITOR}, is_list=True),
    Route("training:my_appeals", roles={EMPLOYEE}, is_list=True),
    Route("training:add_appeal", roles={EMPLOYEE}),
    Route(
        "training:appeal",
        roles={EMPLOYEE, HR_ADMIN, AUDITOR},
        kwargs=lambda w: {"pk": w.extra["alice appeal"].pk},
        others={MANAGER: 404},
        stranger=("carol", lambda w: {"pk": w.extra["alice appeal"].pk}),
    ),
    Route(
        "training:appeal_evidence",
        roles={EMPLOYEE, HR_ADMIN, AUDITOR},
        kwargs=lambda w: {"pk": w.extra["alice appeal"].pk},
        others={MANAGER: 404},
        stranger=("carol", lambda w: {"pk": w.extra["alice appeal"].pk}),
    ),
    Route(
        "training:withdraw_appeal",
        roles={EMPLOYEE},
        kwargs=lambda w: {"pk": w.extra["alice appeal"].pk},
        method="POST",
        others={MANAGER: 404},
        stranger=("carol", lambda w: {"pk": w.extra["alice appeal"].pk}),
    ),
    Route("training:decide_appeal", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["alice appeal"].pk}),
    Route(
        "training:preview_appeal",
        roles={HR_ADMIN},
        kwargs=lambda w: {"pk": w.extra["alice appeal"].pk},
        method="POST",
        data=lambda _w: {"state": "rejected"},
    ),
]
PATHS = [
    Route("training:paths", roles={MANAGER, HR_ADMIN, AUDITOR}, is_list=True),
    Route("training:path", roles={MANAGER, HR_ADMIN, AUDITOR}, kwargs=_path, is_list=True),
    Route("training:add_path", roles={HR_ADMIN}),
    Route("training:path_line", roles={HR_ADMIN}),
    Route("training:edit_path", roles={HR_ADMIN}, kwargs=_path),
    Route("training:end_path", roles={HR_ADMIN}, kwargs=_path),
]
YEARS = [
    Route("training:years", roles={HR_ADMIN, AUDITOR}, is_list=True),
    Route("training:year", roles={HR_ADMIN, AUDITOR}, kwargs=lambda w: {"pk": w.year.pk}),
    Route("training:start_closing", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.year.pk}),
    Route("training:open_year", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.year.pk}, method="POST"),
    Route("training:close_year", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.year.pk}),
    Route("training:request_reopening", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["closed year"].pk}),
    Route("training:reopening", roles={HR_ADMIN, AUDITOR}, kwargs=lambda w: {"pk": w.extra["reopening"].pk}),
    Route(
        "training:decide_reopening",
        roles={HR_ADMIN},
        kwargs=lambda w: {"pk": w.extra["reopening"].pk},
        method="POST",
        data=lambda _w: {"decision": "refuse"},
    ),
    Route(
        "training:snapshot",
        roles={HR_ADMIN, AUDITOR},
        kwargs=lambda w: {"pk": w.extra["snapshot"].pk},
        is_list=True,
    ),
    Route("training:corrections", roles={HR_ADMIN, AUDITOR}, is_list=True),
    Route("training:correction", roles={HR_ADMIN, AUDITOR}, kwargs=lambda w: {"pk": w.extra["late record"].pk}),
    Route("training:decide_correction", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["late record"].pk}),
]
TEAMS = [
    Route("training:team_records", roles=SEE_RECORDS, is_list=True),
    Route("training:add_team_record", roles={HR_ADMIN}),
    Route("training:void_team_record", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.extra["team record"].pk}),
]
ROUTES = [*TEAMS, *YEARS, *POINTS, *RECORDS, *COURSES, *APPEALS, *PATHS, *COMPLETION, *POLICIES, *CHANGES]


def prepare(world: World) -> None:
    helen, day, workshop = world.users["helen"], world.year.start_date, world.activities["workshop"]
    world.extra["course"] = Course.objects.create(code="NEG", name="Negotiating", activity=workshop, minutes=240)
    for name in ("alice", "dave"):
        employee = world.people[name]
        world.extra[f"{name} record"] = enter_record(
            employee=employee, activity=workshop, course=world.extra["course"], happened_on=day, actor=helen
        )
        world.extra[f"{name} line"] = adjust_points(
            employee=employee, year=world.year, category=world.categories["sharing"], amount=Decimal(1), reason="Test",
            actor=helen,
        )  # fmt: skip
    voided = enter_record(employee=world.people["carol"], activity=workshop, happened_on=day, actor=helen)
    world.extra["void record"] = void_record(record=voided, reason="Test", actor=helen)
    sales = [world.people["alice"], world.people["carol"]]
    world.extra["sheet"] = enter_sign_in_sheet(event=Event(workshop, day), employees=sales, actor=helen).key

    world.extra["path"] = save_path(
        code="neg", name="Negotiating", whom=Whom(), items=[Item(course=world.extra["course"], minimum=3)], actor=None
    )
    world.extra["alice appeal"] = submit_appeal(
        employee=world.people["alice"],
        text="I held it too",
        missing=Happening(workshop, day),
        evidence=Document("list.pdf", "pdf", b"%PDF-1.4 %%EOF"),
        actor=world.users["alice"],
    )

    world.extra["team record"] = TeamRecord.objects.create(
        department=world.departments["SALES"], activity=world.activities["lecture"],
        happened_on=world.year.start_date, title="Fair", source="test", source_id="team",
    )  # fmt: skip
    _close_a_year(world)
    _change_the_policy(world)


def _close_a_year(world: World) -> None:
    """The year before the last one is closed; a record came too late, and somebody wants it reopened."""
    helen, start = world.users["helen"], dt.date(world.year.start_date.year - 2, 1, 1)
    year = PointsYear.objects.create(name="Closed", start_date=start, end_date=dt.date(start.year, 12, 31))
    world.extra["snapshot"] = close_year(year=year, reason="Over", actor=helen)
    world.extra["closed year"] = year
    world.extra["late record"] = enter_record(
        employee=world.people["alice"], activity=world.activities["workshop"], happened_on=dt.date(start.year, 11, 1),
        actor=helen,
    )  # fmt: skip
    world.extra["reopening"] = request_reopening(year=year, reason="Late file", until=today(), actor=helen)


def _change_the_policy(world: World) -> None:
    """One change that is applied, and a draft on top of it with its simulation."""
    for name, points in (("applied", 6), ("draft", 7)):
        said = yaml.safe_load(export_policy(world.policy))
        rule = next(rule for rule in said["rules"] if rule["code"] == "lecture")
        rule["versions"][-1]["points"] = points
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
        change = draft_change(policy=world.policy, text=text, reason="Test", actor=None)
        if name == "applied":
            change = apply_change(change=change, actor=None)
        world.extra[f"{name} change"] = change
    simulation = request_simulation(change=world.extra["draft change"], year=world.year, actor=None)
    work_off(simulation)
    simulation.refresh_from_db()
    world.extra["simulation"] = simulation


def enlarge(world: World, employees: list[Employee]) -> None:
    """A record of the course and a booked line for each, and as many records and lines again for Alice."""
    alice, start = world.people["alice"], LearningRecord.objects.count()
    rows = [
        RecordRow(
            row=number, employee_no=one.employee_no, activity="workshop", course="NEG", source="access",
            happened_on=world.year.start_date, source_id=f"{start + number}",
        )
        for number, one in enumerate([*employees, *[alice] * len(employees)])
    ]  # fmt: skip
    save_records(rows=rows, actor=None, cause="access")
    ids: list[Any] = [alice.pk, *(one.pk for one in employees)]
    book(employee_ids=ids, year_id=world.year.pk, cause="access", actor_id=None)
    Appeal.objects.bulk_create(
        Appeal(
            employee=one, year=world.year, activity=world.activities["workshop"], happened_on=world.year.start_date,
            text="Missing", deadline=world.year.end_date,
        )
        for one in [*employees, *[alice] * len(employees)]
    )  # fmt: skip
    Correction.objects.bulk_create(
        Correction(
            year=world.extra["closed year"], employee=one, activity="Workshop", happened_on=world.year.start_date,
            source="access", source_id=f"late-{start + number}", why_late="closed",
        )
        for number, one in enumerate(employees)
    )  # fmt: skip
    ChangeEffect.objects.bulk_create(
        ChangeEffect(simulation=world.extra["simulation"], employee=one, before=1, after=2, difference=1)
        for one in employees
    )
    PolicyChange.objects.bulk_create(
        PolicyChange(
            policy=world.policy, reason=f"Change {number}", base="", document="", created_by=world.users["helen"]
        )
        for number in range(len(employees))
    )
    for number in range(0, len(employees), 50):
        save_path(
            code=f"p-{start + number}", name="More", whom=Whom(), items=[Item(activity=world.activities["exam"])],
            actor=None,
        )  # fmt: skip
    Course.objects.bulk_create(
        Course(code=f"C{start + number}", name=f"Course {start + number}", activity=world.activities["online"])
        for number in range(len(employees))
    )
