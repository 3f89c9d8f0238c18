"""Who may open the pages of imports. The admin site has its table in test_admin.py."""

from __future__ import annotations

from migration.models import ImportBatch
from people.rules import AUDITOR, HR_ADMIN, OPERATIONS, PAYROLL
from tests.access import Route
from tests.world import World

SEE = {HR_ADMIN, OPERATIONS, PAYROLL, AUDITOR}
IMPORT = {HR_ADMIN, OPERATIONS, PAYROLL}


def prepare(world: World) -> None:
    problem = {"row": 2, "column": "工号", "value": "X", "message": "Unknown.", "mend": "Correct it."}
    world.extra["pay_batch"] = ImportBatch.objects.create(kind="salaries", file_name="pay.csv", problems=[problem])
    world.extra["undo_batch"] = ImportBatch.objects.create(kind="salaries", file_name="x.csv", has_journal=True)
    world.extra["kpi_batch"] = ImportBatch.objects.create(kind="kpi", file_name="kpi.csv", problems=[problem])


def enlarge(world: World, employees: list) -> None:
    for employee in employees:
        ImportBatch.objects.create(kind="salaries", file_name=f"{employee.pk}.csv", rows=1)


def _pay(world: World) -> dict:
    return {"pk": world.extra["pay_batch"].pk}


def _undo(world: World) -> dict:
    return {"pk": world.extra["undo_batch"].pk}


ROUTES = [
    Route("migration:imports", roles=SEE, is_list=True),
    # refused rows of a pay file show amounts
    Route("migration:detail", roles={PAYROLL, AUDITOR}, kwargs=_pay, others={HR_ADMIN: 404, OPERATIONS: 404},
          stranger=(OPERATIONS, _pay)),
    Route("migration:problems", roles={PAYROLL, AUDITOR}, kwargs=_pay, others={HR_ADMIN: 404, OPERATIONS: 404},
          stranger=(HR_ADMIN, _pay)),
    Route("migration:refused", roles={PAYROLL, AUDITOR}, kwargs=_pay, others={HR_ADMIN: 404, OPERATIONS: 404},
          stranger=(HR_ADMIN, _pay)),
    Route("migration:proof", roles={PAYROLL, AUDITOR}, kwargs=_pay, others={HR_ADMIN: 404, OPERATIONS: 404},
          stranger=(HR_ADMIN, _pay)),
    # who may import the kind may take it back
    Route("migration:undo", roles={PAYROLL}, kwargs=_undo, others={HR_ADMIN: 404, OPERATIONS: 404},
          stranger=(HR_ADMIN, _undo)),
    Route("migration:upload", roles=IMPORT),
    Route("migration:confirm", roles=IMPORT, method="POST"),
]  # fmt: skip
