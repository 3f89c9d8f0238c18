"""Who may open the pages of people, and the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from people.models import Attribute, Department, Employee, Leave, Notification
from people.rules import AUDITOR, EMPLOYEE, HR_ADMIN, MANAGER, OPERATIONS, PAYROLL
from tests.access import ANONYMOUS, PUBLIC, SIGNED_IN, Route
from tests.world import World

SEE_PEOPLE = frozenset({HR_ADMIN, PAYROLL, OPERATIONS, AUDITOR, MANAGER})


def prepare(world: World) -> None:
    helen = world.users["helen"]
    world.extra["note"] = Notification.objects.create(user=helen, text="Five reviews wait.", url="/")
    world.extra["leave"] = Leave.objects.create(
        employee=world.people["alice"], kind="parental", start_date=world.people["alice"].hire_date
    )
    world.extra["attribute"] = Attribute.objects.create(owner="employee", code="ward", name="Ward", type="text")
    world.extra["empty department"] = Department.objects.create(
        code="EMPTY", name="Nobody yet", parent=world.departments["HQ"]
    )


def enlarge(world: World, employees: list[Employee]) -> None:
    Notification.objects.bulk_create(Notification(user=world.users["helen"], text=one.name) for one in employees)


def person(name: str) -> Any:
    return lambda world: {"pk": world.people[name].pk}


def department(code: str) -> Any:
    return lambda world: {"pk": world.departments[code].pk}


def note(world: World) -> Mapping[str, Any]:
    return {"pk": world.extra["note"].pk}


def leave(world: World) -> Mapping[str, Any]:
    return {"pk": world.extra["leave"].pk}


def attribute(world: World) -> Mapping[str, Any]:
    return {"pk": world.extra["attribute"].pk}


def nobody(_world: World) -> Mapping[str, Any]:
    return {"pk": 999_999_999}


ROUTES = [
    Route("home", roles=SIGNED_IN, is_list=True),
    Route("healthz", roles=PUBLIC),
    # who is signed in and still lands here lacks the permission
    Route("admin_login", roles={ANONYMOUS}),
    Route("people:sign_in", roles=PUBLIC),
    Route("people:sign_out", roles=SIGNED_IN, method="POST", to_sign_in=True),
    Route("people:set_language", roles=PUBLIC, method="POST", data=lambda _: {"language": "zh-hans", "next": "/"}),
    Route("people:forgotten", roles=PUBLIC),
    Route("people:set_password", roles=PUBLIC, kwargs=lambda _: {"uidb64": "MQ", "token": "x-y"}),
    Route("people:change_password", roles=SIGNED_IN),
    Route("people:account", roles=SIGNED_IN),
    Route("people:notifications", roles=SIGNED_IN, is_list=True),
    Route("people:read_all", roles=SIGNED_IN, method="POST"),
    Route(
        "people:open_notification",
        roles={HR_ADMIN},
        method="POST",
        kwargs=note,
        others=dict.fromkeys(SIGNED_IN - {HR_ADMIN}, 404),
    ),
    Route("people:people", roles=SEE_PEOPLE, is_list=True, stranger=None),
    Route("people:people", roles=SEE_PEOPLE, query="export=csv"),
    Route("people:people", roles=SEE_PEOPLE, query="export=xlsx&status=all"),
    Route("people:profile", roles=SEE_PEOPLE | {EMPLOYEE}, kwargs=person("alice"), stranger=("carol", person("alice"))),
    Route("people:profile", roles=SEE_PEOPLE - {MANAGER}, kwargs=person("erin"), others={EMPLOYEE: 404, MANAGER: 404}),
    Route("people:history", roles={HR_ADMIN, AUDITOR}, kwargs=person("alice"), stranger=(AUDITOR, nobody)),
    Route("people:add_employee", roles={HR_ADMIN}),
    Route("people:change_employee", roles={HR_ADMIN}, kwargs=person("alice"), stranger=(HR_ADMIN, nobody)),
    Route("people:transfer", roles={HR_ADMIN}, kwargs=person("alice"), stranger=(HR_ADMIN, nobody)),
    Route("people:departure", roles={HR_ADMIN}, kwargs=person("alice"), stranger=(HR_ADMIN, nobody)),
    Route("people:undo_departure", roles={HR_ADMIN}, method="POST", kwargs=person("alice")),
    Route("people:open_account", roles={HR_ADMIN}, method="POST", kwargs=person("alice")),
    Route("people:close_account", roles={HR_ADMIN}, method="POST", kwargs=person("alice")),
    Route("people:roles", roles={HR_ADMIN}, kwargs=person("alice"), stranger=(HR_ADMIN, nobody)),
    Route("people:add_leave", roles={HR_ADMIN}, kwargs=person("alice"), stranger=(HR_ADMIN, nobody)),
    Route("people:change_leave", roles={HR_ADMIN}, kwargs=leave, stranger=(HR_ADMIN, nobody)),
    Route("people:delete_leave", roles={HR_ADMIN}, method="POST", kwargs=leave),
    Route("people:attributes", roles={HR_ADMIN}, is_list=True),
    Route("people:declare_attribute", roles={HR_ADMIN}),
    Route("people:change_attribute", roles={HR_ADMIN}, kwargs=attribute, stranger=(HR_ADMIN, nobody)),
    Route("people:retire_attribute", roles={HR_ADMIN}, method="POST", kwargs=attribute),
    Route("people:organisation", roles=SEE_PEOPLE, is_list=True),
    Route("people:add_department", roles={HR_ADMIN}),
    Route("people:change_department", roles={HR_ADMIN}, kwargs=department("SALES"), stranger=(HR_ADMIN, nobody)),
    Route("people:move_department", roles={HR_ADMIN}, kwargs=department("SALES"), stranger=(HR_ADMIN, nobody)),
    Route(
        "people:delete_department",
        roles={HR_ADMIN},
        method="POST",
        kwargs=lambda world: {"pk": world.extra["empty department"].pk},
    ),
    Route("people:places", roles=SEE_PEOPLE),
    Route("people:add_position", roles={HR_ADMIN}),
    Route("people:change_position", roles={HR_ADMIN}, kwargs=lambda world: {"pk": world.positions["REP"].pk}),
    Route("people:add_level", roles={HR_ADMIN}),
    Route("people:change_level", roles={HR_ADMIN}, kwargs=lambda world: {"pk": world.levels["L1"].pk}),
]
