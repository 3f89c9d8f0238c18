"""What was imported, and what is stored about the subjects of a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from migration.models import ImportBatch, ImportJob, ImportJobTable, Kind, MappingTemplate, Term, Upload, UploadTable
from migration.rules import KIND_PERMISSIONS, TERM_PERMISSIONS
from payroll.models import Salary
from people.models import Assignment, Employee, Leave, User
from people.rules import GRANTED_ROLES, ROLE_PERMISSIONS
from people.selectors import reaches_everyone
from performance.models import AppraisalPart, Rating
from recruitment.models import Application, Candidate
from training.models import Course, LearningRecord, RecordStatus

Rows = Sequence[tuple[int, dict[str, Any]]]
#: subject -> field -> value
State = dict[tuple[Any, ...], dict[str, Any]]


def kinds_of(user: Any) -> list[str]:
    """Kinds of files that the user may import."""
    return [kind for kind in Kind.values if user.has_perm(KIND_PERMISSIONS[kind])]


def kind_of_others(user: Any, kind: str) -> tuple[str, list[str]] | None:
    """What people call a kind that ``user`` may not import, and the roles that may; None where there is none."""
    if kind not in Kind.values or user.has_perm(KIND_PERMISSIONS[kind]):
        return None
    roles = [role for role in GRANTED_ROLES if KIND_PERMISSIONS[kind] in ROLE_PERMISSIONS[role]]
    return str(Kind(kind).label), roles


def shown_kinds(user: Any) -> list[str]:
    """Kinds whose imports ``user`` may read: pay with pay, candidates with candidates, and what they import themselves;
    the rest is for those who see everybody's records."""
    own = set(kinds_of(user))
    if reaches_everyone(user, "training.view_records"):
        own |= set(Kind.values)
    needed = {Kind.SALARIES: "payroll.view_salaries", Kind.CANDIDATES: "recruitment.view_candidates"}
    return [one for one in Kind.values if one in own and user.has_perm(needed.get(Kind(one), "migration.view_imports"))]


#: megabytes where thousands of rows were refused: read where a page shows them
_LONG = ("problems", "refused_sealed")


def visible_batches(user: Any) -> QuerySet[ImportBatch]:
    """Batches that ``user`` may see: their refused rows show what stands in them."""
    if not user.has_perm("migration.view_imports"):
        return ImportBatch.objects.none()
    found = ImportBatch.objects.select_related("actor", "undone_by").defer(*_LONG)
    return found.filter(kind__in=shown_kinds(user))


def same_file_imported(*, kind: str, sha256: str) -> bool:
    return ImportBatch.objects.filter(kind=kind, sha256=sha256).exists()


def imported_as(sha256: str) -> set[str]:
    """The kinds that a file has come in as."""
    return set(ImportBatch.objects.filter(sha256=sha256, undone_at=None).values_list("kind", flat=True))


def undoable_batches(user: Any) -> QuerySet[ImportBatch]:
    """Who may import a kind may take such an import back."""
    return visible_batches(user).filter(kind__in=kinds_of(user))


def visible_jobs(user: Any) -> QuerySet[ImportJob]:
    """Jobs all of whose tables ``user`` may see as batches: their refused rows show what stands in them."""
    if not user.has_perm("migration.view_imports"):
        return ImportJob.objects.none()
    hidden = ImportJobTable.objects.exclude(kind__in=shown_kinds(user))
    return ImportJob.objects.select_related("actor", "cancelled_by").exclude(pk__in=hidden.values("job"))


def changeable_jobs(user: Any) -> QuerySet[ImportJob]:
    """Who may import every kind of a job may stop it and take it back."""
    others = ImportJobTable.objects.exclude(kind__in=kinds_of(user))
    return visible_jobs(user).exclude(pk__in=others.values("job"))


def open_jobs(user: Any) -> QuerySet[ImportJob]:
    """Those that wait for a worker or run, the oldest first."""
    return visible_jobs(user).filter(status__in=ImportJob.OPEN).prefetch_related("tables").order_by("pk")


def open_job_of(user: Any, upload: int) -> ImportJob | None:
    """The import that waits for a worker, or runs, of an upload of ``user``."""
    return ImportJob.objects.filter(upload=upload, upload__actor=user, status__in=ImportJob.OPEN).first()


def tables_of_job(job: ImportJob) -> list[ImportJobTable]:
    found = job.tables.select_related("batch").defer("refused_sealed", *(f"batch__{name}" for name in _LONG))
    return list(found.order_by("position"))


def batch_numbered(number: int) -> ImportBatch | None:
    return ImportBatch.objects.filter(pk=number).first()


def imports(numbers: Collection[int] = ()) -> QuerySet[ImportBatch]:
    """All imports for whoever works on the server, the newest first; with ``numbers`` these."""
    found = ImportBatch.objects.select_related("actor").defer(*_LONG)
    return found.filter(pk__in=numbers) if numbers else found


def account_named(username: str) -> User | None:
    return User.objects.filter(username=username, is_active=True).first()


def subject_of(kind: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """What a row is about: compared with the keys of :func:`stored`."""
    number = values.get("employee_no", "").strip()
    match kind:
        case Kind.EMPLOYEES | Kind.DEPARTURES:
            return (number,)
        case Kind.COURSES:
            return ((values.get("code") or values.get("name", "")).strip().casefold(),)
        case Kind.ASSIGNMENTS | Kind.SALARIES | Kind.LEAVES:
            return (number, values.get("start_date"))
        case Kind.KPI:
            return (number, values.get("cycle", ""), values.get("part", ""))
        case Kind.RATINGS:
            day = values.get("rated_on")
            return (number, (values.get("cycle", "") or (str(day.year) if day else "")).casefold())
        case Kind.CANDIDATES:
            return _applied(values.get("candidate_no", ""), values.get("email", ""), values.get("phone", ""), values)
        case _:
            return (number, values.get("happened_on"), values.get("source_id", ""))


def stored(kind: str, rows: Rows) -> State:
    """What is stored about the people of ``rows``, by subject."""
    numbers = sorted({values.get("employee_no", "").strip().replace("\x00", "") for _number, values in rows})
    match kind:
        case Kind.EMPLOYEES:
            return _employees(numbers)
        case Kind.DEPARTURES:
            return _departures(numbers)
        case Kind.COURSES:
            return _courses()
        case Kind.ASSIGNMENTS:
            return _assignments(numbers)
        case Kind.LEAVES:
            return _leaves(numbers)
        case Kind.SALARIES:
            return _salaries(numbers)
        case Kind.KPI:
            return _scores(numbers)
        case Kind.RATINGS:
            return _ratings(numbers)
        case Kind.CANDIDATES:
            return _candidates(rows)
        case _:
            return _records(numbers, {values.get("source_id", "") for _number, values in rows})


def _employees(numbers: list[str]) -> State:
    names = ("name", "hire_date", "exit_date", "gender", "birth_date", "email", "education")
    state: State = {
        (number,): dict(zip(names, rest, strict=True)) | attributes
        for number, attributes, *rest in Employee.objects.filter(employee_no__in=numbers).values_list(
            "employee_no", "attributes", *names
        )
    }
    held = Assignment.objects.filter(employee__employee_no__in=numbers).order_by("start_date")
    # the newest assignment wins
    for number, *place in held.values_list("employee__employee_no", *_PLACE):
        # who was entered between the two queries is new to both next time
        if (number,) in state:
            state[(number,)] |= dict(zip(("department", "position", "level", "is_head"), place, strict=True))
    return state


def _departures(numbers: list[str]) -> State:
    found = Employee.objects.filter(employee_no__in=numbers, exit_date__isnull=False)
    return {
        (number,): {"exit_date": day, "reason": attributes.get("exit_reason", "")}
        for number, day, attributes in found.values_list("employee_no", "exit_date", "attributes")
    }


def _courses() -> State:
    names = ("code", "name", "activity", "minutes", "skill", "summary", "is_active")
    state: State = {}
    for values in Course.objects.values_list("code", "name", "activity__name", *names[3:]):
        said = dict(zip(names, values, strict=True))
        state.setdefault((said["name"].casefold(),), said)
        state[(said["code"].casefold(),)] = said
    return state


_PLACE = ("department__name", "position__name", "level__name", "is_head")


def _assignments(numbers: list[str]) -> State:
    held = Assignment.objects.filter(employee__employee_no__in=numbers)
    names = ("department", "position", "level", "is_head", "end_date")
    return {
        (number, start): dict(zip(names, rest, strict=True))
        for number, start, *rest in held.values_list("employee__employee_no", "start_date", *_PLACE, "end_date")
    }


def _leaves(numbers: list[str]) -> State:
    found = Leave.objects.filter(employee__employee_no__in=numbers)
    names = ("kind", "end_date", "reason")
    return {
        (number, start): dict(zip(names, rest, strict=True))
        for number, start, *rest in found.values_list("employee__employee_no", "start_date", *names)
    }


def _salaries(numbers: list[str]) -> State:
    found = Salary.objects.filter(employee__employee_no__in=numbers)
    return {
        (number, start): {"amount": amount, "currency": currency, "reason": reason}
        for number, start, amount, currency, reason in found.values_list(
            "employee__employee_no", "start_date", "amount", "currency", "reason"
        )
    }


def _scores(numbers: list[str]) -> State:
    found = AppraisalPart.objects.filter(appraisal__employee__employee_no__in=numbers, score__isnull=False)
    state: State = {}
    for number, cycle, code, name, score in found.values_list(
        "appraisal__employee__employee_no", "appraisal__cycle__name", "part__code", "part__name", "score"
    ):
        for key in {
            (number, cycle, code),
            (number, cycle, name),
            (number, "", code),
            (number, cycle, ""),
            (number, "", ""),
        }:
            state.setdefault(key, {"score": score})
    return state


def _ratings(numbers: list[str]) -> State:
    names = ("grade", "rated_on", "comment")
    state: State = {}
    for number, period, *rest in Rating.objects.filter(employee__employee_no__in=numbers).values_list(
        "employee__employee_no", "period", *names
    ):
        said = dict(zip(("rating", *names[1:]), rest, strict=True))
        state[number, period.casefold()] = said
        # a row without a period means the only cycle that is open
        state.setdefault((number, ""), said)
    return state


def _applied(number: str, email: str, phone: str, values: dict[str, Any]) -> tuple[Any, ...]:
    who = number.strip() or email.strip().lower() or phone.strip()
    return (who, values.get("job_title", "").strip().casefold(), values.get("applied_on"))


def _candidates(rows: Rows) -> State:
    """By application, and by candidate alone for rows that say nothing of one."""
    said = [{name: values.get(name, "").strip() for name in ("candidate_no", "email", "phone")} for _n, values in rows]
    numbers = {one["candidate_no"] for one in said} - {""}
    emails = {one["email"].lower() for one in said if not one["candidate_no"]} - {""}
    phones = {one["phone"] for one in said if not (one["candidate_no"] or one["email"])} - {""}
    known = Candidate.objects.annotate(lowered=Lower("email")).filter(
        Q(number__in=numbers) | Q(lowered__in=emails) | Q(phone__in=phones)
    )
    names = ("name", "gender", "birth_date", "email", "phone", "source", "education", "experience_years", "skills")
    filed = ("job_title", "department", "applied_on", "stage", "closed_reason", "desired_salary", "offered_salary")
    state: State = {}
    for one in known.prefetch_related(Prefetch("applications", Application.objects.select_related("department"))):
        mine = {name: getattr(one, name) for name in names}
        keys = {one.number or "", one.email.lower(), one.phone} - {""}
        for application in [None, *one.applications.all()]:
            values = dict(mine)
            if application is not None:
                values |= {name: getattr(application, name) for name in filed if name not in ("department", "stage")}
                values |= {"department": str(application.department or ""), "stage": application.status}
            for key in keys:
                state.setdefault(_applied(key, "", "", values if application is not None else {}), values)
    return state


def _records(numbers: list[str], ids: set[str]) -> State:
    found = LearningRecord.objects.filter(employee__employee_no__in=numbers, status=RecordStatus.ACTIVE)
    if "" not in ids:
        found = found.filter(source_id__in=sorted(ids))
    names = ("activity", "course", "minutes", "count", "score", "passed", "title")
    return {
        (number, day, source_id): dict(zip(names, rest, strict=True)) | attributes
        for number, day, source_id, attributes, *rest in found.values_list(
            "employee__employee_no",
            "happened_on",
            "source_id",
            "attributes",
            "activity__name",
            "course__name",
            *names[2:],
        )
    }


# --- the way in -------------------------------------------------------------------------------------------------------
def visible_uploads(user: Any) -> QuerySet[Upload]:
    """Only who uploaded sees it, while it is kept and they may import at all."""
    if not kinds_of(user):
        return Upload.objects.none()
    return Upload.objects.filter(actor=user, expires_at__gt=timezone.now())


def open_uploads(user: Any) -> QuerySet[Upload]:
    """Begun and not imported yet; previews of the admin site have no tables."""
    handed_over = ImportJob.objects.filter(status__in=[*ImportJob.OPEN, ImportJob.Status.DONE], upload__isnull=False)
    found = visible_uploads(user).exclude(pk__in=handed_over.values("upload"))
    # a protected file has no tables yet
    begun = Q(files__tables__isnull=False) | Q(files__is_locked=True)
    return found.filter(begun).distinct().prefetch_related("files")


def upload_tables(upload: Upload) -> QuerySet[UploadTable]:
    """All of them, those left out too, as they stand in the files."""
    return UploadTable.objects.filter(file__upload=upload).select_related("file").order_by("file", "position", "pk")


def visible_terms(user: Any) -> QuerySet[Term]:
    """Words that every import uses; ``can_revoke`` says which of them ``user`` may take back."""
    if not kinds_of(user):
        return Term.objects.none()
    can_revoke = ExpressionWrapper(_theirs(user), output_field=BooleanField())
    return Term.objects.select_related("actor").annotate(can_revoke=can_revoke)


def revocable_terms(user: Any) -> QuerySet[Term]:
    """What ``user`` said of words, and what others said of those that ``user`` answers for."""
    return visible_terms(user).filter(_theirs(user))


def _theirs(user: Any) -> Q:
    fields = [field for field, permission in TERM_PERMISSIONS.items() if user.has_perm(permission)]
    return Q(actor=user) | Q(field__in=fields)


def visible_templates(user: Any) -> QuerySet[MappingTemplate]:
    return MappingTemplate.objects.filter(kind__in=kinds_of(user)).select_related("actor")
