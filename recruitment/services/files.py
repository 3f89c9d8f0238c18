"""Candidates in bulk: the rows of a recruiting file, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from hrsuite.lib.errors import BadRows, Outcome
from people.models import User
from recruitment.services.matching import Directory, Found
from recruitment.services.reading import wrong_in

#: two imports that both miss a candidate would both create them
_LOCK = 0x63616E64


@dataclass(frozen=True)
class CandidateRow:
    """A candidate and what they apply for. What is empty says nothing: what is known stays.

    ``number`` tells the candidate; without one the e-mail does, or else the phone. ``stage`` is a status in any of the
    words of ``rules.STATUS_WORDS``, ``hired_as`` the number of the employee that the candidate became.
    """

    row: int
    name: str
    number: str = ""
    gender: str = ""
    birth_date: dt.date | None = None
    email: str = ""
    phone: str = ""
    source: str = ""
    education: str = ""
    experience_years: Decimal | None = None
    skills: str = ""
    job_title: str = ""
    department: str = ""
    applied_on: dt.date | None = None
    stage: str = ""
    closed_reason: str = ""
    desired_salary: Decimal | None = None
    offered_salary: Decimal | None = None
    hired_as: str = ""


def save_candidates(*, rows: Sequence[CandidateRow], actor: User | None) -> Outcome:
    """Save candidates with their applications. Raises BadRows with every problem, having written nothing.

    The same candidate, post and day is the same application. A file that comes again changes nothing.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        directory = Directory(rows)
        problems = []
        found: list[Found] = []
        for row in rows:
            wrong = wrong_in(row)
            if not wrong:
                one = directory.take(row)
                wrong = one if isinstance(one, list) else []
                if isinstance(one, Found):
                    found.append(one)
            problems += wrong
        if problems:
            raise BadRows(sorted(problems, key=lambda one: one.row))
        directory.write()
    created = sum(one.is_new for one in found)
    changed = sum(not one.is_new and one.is_changed for one in found)
    return Outcome(created=created, changed=changed, unchanged=len(found) - created - changed)
