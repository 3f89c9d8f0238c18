"""Words and stages of applications; no Django."""

# ruff: noqa: E501 - Chinese letters are counted double
from __future__ import annotations

import re
import unicodedata

#: how far an application has come
APPLIED, IN_REVIEW, INTERVIEWING, OFFERED, HIRED = STAGES = (
    "applied", "in_review", "interviewing", "offered", "hired",
)  # fmt: skip
#: how it ended without a hire
REJECTED, WITHDRAWN = CLOSED = ("rejected", "withdrawn")
STATUSES = (*STAGES, *CLOSED)

#: words that other systems use for a status
STATUS_WORDS = {
    APPLIED: "applied|new|submitted|received|open|application received|已投递|已应聘|新简历|待筛选|待处理|新应聘|已申请",
    IN_REVIEW: "in review|review|under review|screening|screened|shortlisted|phone screen|筛选中|初筛|简历筛选|筛选通过|"
    "初筛通过|待面试|待安排面试",
    INTERVIEWING: "interviewing|interview|interviewed|in interview|assessment|面试|面试中|初试|复试|终试|笔试|已面试|面试通过",
    OFFERED: "offered|offer|offer made|offer sent|offer extended|offer accepted|待入职|已发offer|发放offer|offer中|录用审批|"
    "拟录用|已录用|录用",
    HIRED: "hired|joined|onboarded|accepted and joined|placed|已入职|入职|已报到",
    REJECTED: "rejected|declined|not selected|unsuccessful|failed|refused|已淘汰|淘汰|不合适|未通过|不录用|已拒绝|面试未通过|"
    "筛选未通过|不通过",
    WITHDRAWN: "withdrawn|withdrew|candidate withdrew|offer declined|declined by candidate|放弃|已放弃|拒绝offer|候选人放弃|"
    "放弃入职|主动放弃",
}


def folded(text: str) -> str:
    """Compared without case, blanks and signs."""
    return re.sub(r"[\s_\-()\[\]./:#]+", "", unicodedata.normalize("NFKC", text)).casefold()


_SPELLINGS = {status: (status, *words.split("|")) for status, words in STATUS_WORDS.items()}
STATUS_SPELLINGS = frozenset(word for words in _SPELLINGS.values() for word in words)
KNOWN_STATUSES = {folded(word): status for status, words in _SPELLINGS.items() for word in words}


def status_of(word: str) -> str:
    """The status that a word means; empty where nobody knows it."""
    return KNOWN_STATUSES.get(folded(word), "")


def next_stage(stage: str) -> str:
    """What comes after ``stage``; empty after the last one."""
    place = STAGES.index(stage) + 1
    return STAGES[place] if place < len(STAGES) else ""
