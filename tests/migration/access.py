"""Who may open the pages of imports. The admin site has its table in test_admin.py."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from migration.models import ImportBatch, ImportJob, ImportJobTable, MappingTemplate, Term
from migration.services.sealing import seal_json
from migration.services.uploads import add_upload
from people.rules import AUDITOR, HR_ADMIN, OPERATIONS, PAYROLL, RECRUITER
from tests.access import Route
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file
from tests.world import World

SEE = {HR_ADMIN, OPERATIONS, PAYROLL, AUDITOR, RECRUITER}
IMPORT = {HR_ADMIN, OPERATIONS, PAYROLL, RECRUITER}


def prepare(world: World) -> None:
    problem = {"row": 2, "column": "工号", "value": "X", "message": "Unknown.", "mend": "Correct it."}
    world.extra["pay_batch"] = ImportBatch.objects.create(kind="salaries", file_name="pay.csv", problems=[problem])
    world.extra["undo_batch"] = ImportBatch.objects.create(kind="salaries", file_name="x.csv", has_journal=True)
    batch = ImportBatch.objects.create(kind="salaries", file_name="job.csv", has_journal=True)
    job = ImportJob.objects.create(actor=world.users["paul"], status="refused")
    ImportJobTable.objects.create(job=job, position=1, name="job.csv", kind="salaries", status="imported", batch=batch)
    ImportJobTable.objects.create(
        job=job, position=2, name="bad.csv", kind="salaries", status="refused", problems=[problem],
        refused_sealed=seal_json({"headings": ["工号"], "rows": [[2, "X"]]}),
        refused_until=timezone.now() + dt.timedelta(days=1),
    )  # fmt: skip
    world.extra["pay_job"] = job
    world.extra["upload"] = add_upload(
        files=[("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))], actor=world.users["oscar"]
    )
    world.extra["term"] = Term.objects.create(field="department", word="销管", folded="销管", meaning="Sales")
    world.extra["template"] = MappingTemplate.objects.create(name="Pay", kind="salaries", signature="x")
    world.extra["candidate_batch"] = ImportBatch.objects.create(
        kind="candidates", file_name="ats.csv", problems=[problem], has_journal=True
    )
    world.extra["kpi_batch"] = ImportBatch.objects.create(kind="kpi", file_name="kpi.csv", problems=[problem])


def enlarge(world: World, employees: list) -> None:
    for employee in employees:
        ImportBatch.objects.create(kind="salaries", file_name=f"{employee.pk}.csv", rows=1)
        Term.objects.create(field="position", word=f"{employee.pk}", folded=f"{employee.pk}", meaning="X")
        MappingTemplate.objects.create(name="T", kind="employees", signature=f"{employee.pk}", headings=["a", "b"])


def _pay(world: World) -> dict:
    return {"pk": world.extra["pay_batch"].pk}


def _undo(world: World) -> dict:
    return {"pk": world.extra["undo_batch"].pk}


def _job(world: World) -> dict:
    return {"pk": world.extra["pay_job"].pk}


def _job_table(world: World) -> dict:
    return _job(world) | {"position": 2}


def _upload(world: World) -> dict:
    return {"pk": world.extra["upload"].pk}


def _upload_table(world: World) -> dict:
    return _upload(world) | {"table": world.extra["upload"].files.get().tables.get().pk}


def _term(world: World) -> dict:
    return {"pk": world.extra["term"].pk}


def _template(world: World) -> dict:
    return {"pk": world.extra["template"].pk}


def _candidates(world: World) -> dict:
    return {"pk": world.extra["candidate_batch"].pk}


#: nor do those who see everybody's pay or records see people who do not work here
NO_CANDIDATES = {PAYROLL: 404, OPERATIONS: 404, AUDITOR: 404}

#: who may read imports, but not pay
NO_PAY = {HR_ADMIN: 404, OPERATIONS: 404, RECRUITER: 404}
#: who may import, but did not upload these files
NOT_THEIRS = {HR_ADMIN: 404, PAYROLL: 404, RECRUITER: 404}

ROUTES = [
    Route("migration:imports", roles=SEE, is_list=True),
    # refused rows of a pay file show amounts
    Route("migration:detail", roles={PAYROLL, AUDITOR}, kwargs=_pay, others=NO_PAY,
          stranger=(OPERATIONS, _pay)),
    Route("migration:problems", roles={PAYROLL, AUDITOR}, kwargs=_pay, others=NO_PAY,
          stranger=(HR_ADMIN, _pay)),
    Route("migration:refused", roles={PAYROLL, AUDITOR}, kwargs=_pay, others=NO_PAY,
          stranger=(HR_ADMIN, _pay)),
    Route("migration:proof", roles={PAYROLL, AUDITOR}, kwargs=_pay, others=NO_PAY,
          stranger=(HR_ADMIN, _pay)),
    # who may import the kind may take it back
    Route("migration:undo", roles={PAYROLL}, kwargs=_undo, others=NO_PAY,
          stranger=(HR_ADMIN, _undo)),
    Route("migration:job", roles={PAYROLL, AUDITOR}, kwargs=_job, others=NO_PAY,
          stranger=(OPERATIONS, _job)),
    Route("migration:job_proof", roles={PAYROLL, AUDITOR}, kwargs=_job, others=NO_PAY,
          stranger=(HR_ADMIN, _job)),
    Route("migration:job_refused", roles={PAYROLL, AUDITOR}, kwargs=_job_table, others=NO_PAY,
          stranger=(HR_ADMIN, _job_table)),
    # who may import all of its kinds may stop it and take it back
    Route("migration:cancel_job", roles={PAYROLL}, kwargs=_job, method="POST",
          others=NO_PAY, stranger=(OPERATIONS, _job)),
    Route("migration:undo_job", roles={PAYROLL}, kwargs=_job, others=NO_PAY,
          stranger=(HR_ADMIN, _job)),
    *(
        Route(f"migration:{name}", roles={HR_ADMIN, RECRUITER}, kwargs=_candidates, others=NO_CANDIDATES,
              stranger=(OPERATIONS, _candidates))
        for name in ("detail", "problems", "refused", "proof")
    ),
    Route("migration:undo", roles={HR_ADMIN, RECRUITER}, kwargs=_candidates,
          others={PAYROLL: 404, OPERATIONS: 404}, stranger=(OPERATIONS, _candidates)),
    Route("migration:upload", roles=IMPORT),
    # files on their way in are seen by whoever uploaded them alone
    *(
        Route(f"migration:{name}", roles={OPERATIONS}, kwargs=_upload, others=NOT_THEIRS,
              stranger=(HR_ADMIN, _upload))
        for name in ("session", "unlock", "look", "map", "words", "clean", "check")
    ),
    Route("migration:check_refused", roles={OPERATIONS}, kwargs=_upload_table, others=NOT_THEIRS,
          method="POST", stranger=(PAYROLL, _upload_table)),
    *(
        Route(f"migration:{name}", roles={OPERATIONS}, kwargs=_upload, others=NOT_THEIRS,
              method="POST", stranger=(HR_ADMIN, _upload))
        for name in ("dry_run", "start", "delete_upload")
    ),
    Route("migration:terms", roles=IMPORT, is_list=True),
    # a department's word, which others use: who may import people, or who said it
    Route("migration:revoke_term", roles={HR_ADMIN, OPERATIONS}, method="POST", kwargs=_term,
          others={PAYROLL: 404, RECRUITER: 404}, stranger=(RECRUITER, _term)),
    Route("migration:templates", roles=IMPORT, is_list=True),
    # of kinds that one may import
    Route("migration:forget_template", roles={PAYROLL}, method="POST", kwargs=_template,
          others=NO_PAY, stranger=(OPERATIONS, _template)),
]  # fmt: skip
