"""What a customer sets up by hand before the first file comes in: the tree, the levels, the policy, the courses."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction

from hrsuite.demo.company import Company
from hrsuite.demo.words import COURSES, LEVELS, POLICY, POSITIONS, UNITS
from people.models import Department, User
from people.services.organisation import create_department, save_level, save_position
from training.models import Activity, PointsYear
from training.services.courses import create_course
from training.services.policy_file import import_policy, parse, shift_years
from training.services.years import set_year_status

POLICY_FILE = "examples/case_company/policy.yaml"
#: the year that the file calls this year
YEAR_IN_FILE = 2026


@transaction.atomic
def build_organisation(company: Company, actor: User) -> None:
    departments: dict[str, Department] = {}
    for unit in UNITS:
        departments[unit.code] = create_department(
            code=unit.code, name=company.words(unit.en, unit.zh), parent=departments.get(unit.parent), actor=actor
        )
    for code, names in POSITIONS.items():
        save_position(position=None, code=code, name=company.words(*names), actor=actor)
    for code, (english, chinese, band, rank, *_pay) in LEVELS.items():
        save_level(level=None, code=code, name=company.words(english, chinese), band=band, rank=rank, actor=actor)


@transaction.atomic
def set_policy(company: Company, actor: User) -> None:
    """The policy of ``examples/``, moved to the years around today; last year is in its late window."""
    text = (Path(settings.BASE_DIR) / POLICY_FILE).read_text(encoding="utf-8")
    text = shift_years(text, company.today.year - YEAR_IN_FILE)
    if company.words.chinese:
        text = yaml.safe_dump(_translated(yaml.safe_load(text)), allow_unicode=True, sort_keys=False)
    import_policy(file=parse(text), activate=True, actor=actor)
    last_year = PointsYear.objects.get(end_date__year=company.last_year)
    set_year_status(year=last_year, status=PointsYear.Status.CLOSING, actor=actor)


def _translated(node: object) -> object:
    if isinstance(node, dict):
        return {key: _translated(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_translated(value) for value in node]
    return POLICY.get(node, node) if isinstance(node, str) else node


@transaction.atomic
def fill_catalogue(company: Company, actor: User) -> None:
    activities = {activity.code: activity for activity in Activity.objects.all()}
    for code, (activity, english, chinese, minutes, skill_en, skill_zh) in COURSES.items():
        create_course(
            code=code,
            name=company.words(english, chinese),
            activity=activities[activity],
            actor=actor,
            minutes=minutes,
            skill=company.words(skill_en, skill_zh),
        )
