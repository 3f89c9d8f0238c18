"""Who may open the pages of training."""

from __future__ import annotations

from people.rules import AUDITOR, HR_ADMIN, MANAGER
from tests.access import Route
from tests.world import World

READ_POLICIES = {MANAGER, HR_ADMIN, AUDITOR}


def _policy(world: World) -> dict[str, int]:
    return {"pk": world.policy.pk}


def _rule(world: World) -> dict[str, int]:
    return {"pk": world.rules["online"].pk}


def _target(world: World) -> dict[str, int]:
    return {"pk": world.target.pk}


COMPLETION = [
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
    Route("training:rule", roles=READ_POLICIES, kwargs=_rule),
    Route("training:activities", roles=READ_POLICIES, is_list=True),
    Route("training:add_policy", roles={HR_ADMIN}),
    Route("training:import_policy", roles={HR_ADMIN}),
    Route("training:change_policy", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:activate_policy", roles={HR_ADMIN}, kwargs=_policy, method="POST"),
    Route("training:stop_policy", roles={HR_ADMIN}, kwargs=_policy, method="POST"),
    Route("training:add_rule", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:preview_rule", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:add_version", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:preview_version", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:end_rule", roles={HR_ADMIN}, kwargs=_rule),
    Route("training:add_target", roles={HR_ADMIN}, kwargs=_policy),
    Route("training:change_target", roles={HR_ADMIN}, kwargs=_target),
    Route("training:remove_target", roles={HR_ADMIN}, kwargs=_target, method="POST"),
    Route("training:target_line", roles={HR_ADMIN}),
    Route("training:add_year", roles={HR_ADMIN}),
    Route(
        "training:year_status",
        roles={HR_ADMIN},
        kwargs=lambda w: {"pk": w.year.pk},
        method="POST",
        data=lambda _w: {"status": "closing"},
    ),
    Route("training:add_activity", roles={HR_ADMIN}),
    Route("training:change_activity", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.activities["online"].pk}),
    Route("training:add_category", roles={HR_ADMIN}),
    Route("training:change_category", roles={HR_ADMIN}, kwargs=lambda w: {"pk": w.categories["course"].pk}),
]
ROUTES = [*COMPLETION, *POLICIES]
