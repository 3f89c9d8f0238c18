"""What the case company's other systems know: candidates of the recruiting system, ratings of former years."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence

from hrsuite.demo.company import SEED, Company
from hrsuite.demo.words import FIRST_EN, GIVEN_ZH, LAST_EN, LAST_ZH, POSITIONS

Row = Sequence[object]
APPLICANTS = 160
#: what is applied for, and how often
WANTED = ("ENGINEER", "REP", "OPERATOR", "TESTER", "AGENT")
#: (English, Chinese, weight)
STATUSES = (
    ("Applied", "待筛选", 30), ("In review", "筛选中", 24), ("Interviewing", "面试中", 30), ("Offered", "待入职", 12),
    ("Rejected", "已淘汰", 50), ("Withdrawn", "已放弃", 14),
)  # fmt: skip
SOURCES = (("Job board", "招聘网站", 5), ("Referral", "内部推荐", 3), ("Campus", "校园招聘", 3), ("Agency", "猎头", 1))
EDUCATION = (("Bachelor", "本科"), ("Master", "硕士"), ("College", "大专"))
SKILLS = (
    ("customer negotiation", "客户谈判"), ("communication", "沟通"), ("data analysis", "数据分析"),
    ("lean production", "精益生产"), ("project management", "项目管理"),
)  # fmt: skip
#: words of the old appraisals, best first
RATINGS = (("A", 15), ("B", 55), ("C", 24), ("D", 6))


def candidates(company: Company) -> Iterable[Row]:
    words = company.words
    # apart, so that people and what they learn stay the same
    dice = random.Random(SEED + 1)  # noqa: S311 - invented people, not secrets
    yield words(
        (
            "Applicant ID", "Applicant name", "E-mail", "Applied for", "Application date", "Source", "Education level",
            "Years of experience", "Desired salary", "Skills", "Status", "Rejection reason",
        ),
        (
            "应聘编号", "应聘者", "邮箱", "应聘岗位", "应聘日期", "招聘渠道", "学历", "工作年限", "期望薪资", "技能",
            "状态", "淘汰原因",
        ),
    )  # fmt: skip
    for number in range(1, APPLICANTS + 1):
        name = words(f"{dice.choice(FIRST_EN)} {dice.choice(LAST_EN)}", dice.choice(LAST_ZH) + dice.choice(GIVEN_ZH))
        status = dice.choices(STATUSES, [weight for _en, _zh, weight in STATUSES])[0]
        source = dice.choices(SOURCES, [weight for _en, _zh, weight in SOURCES])[0]
        years = dice.randint(0, 15)
        reason = words("Too little experience", "经验不足") if status[0] == "Rejected" else ""
        yield (
            f"R{number:04d}", name, f"r{number:04d}@applicants.example",
            words(*POSITIONS[dice.choice(WANTED)]),
            (company.today - dt.timedelta(days=dice.randint(3, 120))).isoformat(), words(*source[:2]),
            words(*dice.choice(EDUCATION)), years, 6000 + 500 * years + 100 * dice.randint(0, 20),
            words(", ", "、").join(words(*one) for one in dice.sample(SKILLS, 2)), words(*status[:2]), reason,
        )  # fmt: skip


def ratings(company: Company) -> Iterable[Row]:
    """Of the year before last, for which the suite has no cycle."""
    dice = random.Random(SEED + 2)  # noqa: S311 - invented people, not secrets
    year = company.last_year - 1
    yield company.words(("Employee no", "Appraisal rating", "Year"), ("工号", "绩效等级", "年度"))
    for person in company.people:
        if person.hired.year < year:
            yield (
                person.number,
                dice.choices([one for one, _w in RATINGS], [weight for _one, weight in RATINGS])[0],
                year,
            )
