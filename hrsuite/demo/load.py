"""From an empty database to the running case company. Each step is skipped where its result is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.utils import translation

from hrsuite.demo.accounts import open_accounts, open_admin_account
from hrsuite.demo.company import DOMAIN, Company
from hrsuite.demo.files import write_files
from hrsuite.demo.imports import bring_in
from hrsuite.demo.rewards import cycle_name, open_appraisals, open_rewards, review_name
from hrsuite.demo.setup import build_organisation, fill_catalogue, set_policy
from payroll.models import CompensationReview, Salary
from people.models import Department, Employee, User
from performance.models import AppraisalCycle, AppraisalPart, Rating
from recruitment.models import Candidate
from training.models import Course, LearningRecord, Policy

#: one demo at a time builds the company
LOCK = 7_106_455


class NotOurs(RuntimeError):
    """The database belongs to somebody else."""


@dataclass(frozen=True)
class Step:
    label: str
    is_done: Callable[[], bool]
    run: Callable[[], object]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def load(company: Company, folder: Path, say: Callable[[str], None]) -> int:
    """Build what is missing. Returns the number of steps that had something to do."""
    language = "zh-hans" if company.words.chinese else "en"
    with _one_at_a_time(), translation.override(language):
        ours = Employee.objects.filter(email__endswith=f"@{DOMAIN}")
        strangers = Employee.objects.exclude(pk__in=ours).count()
        # whom visitors of the demo imported stays
        if strangers and not ours.exists():
            raise NotOurs(
                f"The database holds {strangers} people who do not belong to the case company. "
                "Nothing was changed. Point DATABASE_URL at an empty database, or unset it."
            )
        actor = open_admin_account()
        done = 0
        for step in _steps(company, folder, actor, say, language):
            if not step.is_done():
                say(step.label)
                step.run()
                done += 1
        return done


def _steps(company: Company, folder: Path, actor: User, say: Callable[[str], None], language: str) -> Iterator[Step]:
    words = company.words
    files: dict[str, Path] = {}

    def file_of(kind: str) -> Path:
        if not files:
            files.update(write_files(company, folder, cycle=cycle_name(company)))
        return files[kind]

    def importing(kind: str) -> Callable[[], None]:
        # nobody may enter the own score, so the scores come in without a person
        who = None if kind in ("kpi", "ratings") else actor
        return lambda: bring_in(file_of(kind), kind, words=words, actor=who, say=say)

    yield Step(
        words("Setting up departments, positions and levels", "建立部门、岗位与职级"),
        Department.objects.exists,
        lambda: build_organisation(company, actor),
    )
    yield Step(words("Importing people", "导入员工"), Employee.objects.exists, importing("employees"))
    yield Step(
        words("Opening accounts", "开通账号"),
        Employee.objects.filter(user__isnull=False).exists,
        lambda: open_accounts(language=language if words.chinese else ""),
    )
    yield Step(
        words("Putting the points policy in force", "启用积分制度"),
        Policy.objects.filter(is_active=True).exists,
        lambda: set_policy(company, actor),
    )
    yield Step(
        words("Filling the course catalogue", "建立课程目录"),
        Course.objects.exists,
        lambda: fill_catalogue(company, actor),
    )
    not_exams = LearningRecord.objects.exclude(activity__code="exam")
    yield Step(words("Importing learning records", "导入学习记录"), not_exams.exists, importing("records"))
    exams = LearningRecord.objects.filter(activity__code="exam")
    yield Step(words("Importing exam scores", "导入考试成绩"), exams.exists, importing("scores"))
    cycle = AppraisalCycle.objects.filter(name=cycle_name(company))
    yield Step(
        words("Opening last year's appraisals", "开启上年度考核"), cycle.exists, lambda: open_appraisals(company, actor)
    )
    scored = AppraisalPart.objects.filter(part__code="kpi", state=AppraisalPart.State.SCORED)
    yield Step(words("Importing KPI scores", "导入绩效得分"), scored.exists, importing("kpi"))
    yield Step(
        words("Importing ratings of former years", "导入往年绩效等级"), Rating.objects.exists, importing("ratings")
    )
    yield Step(words("Importing candidates", "导入应聘者"), Candidate.objects.exists, importing("candidates"))
    yield Step(words("Importing salaries", "导入薪资"), Salary.objects.exists, importing("salaries"))
    review = CompensationReview.objects.filter(name=review_name(company))
    yield Step(
        words("Opening the title and the raise review", "建立荣誉与调薪评审"),
        review.exists,
        lambda: open_rewards(company, actor),
    )
