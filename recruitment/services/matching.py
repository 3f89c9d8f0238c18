"""Whom and which application a row is about: looked up in a few queries, written in a few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hrsuite.lib.errors import RowProblem
from people.models import Department, Employee, Position
from recruitment.models import Application, Candidate
from recruitment.rules import CLOSED, HIRED, OFFERED, folded, status_of

if TYPE_CHECKING:
    from recruitment.services.files import CandidateRow

PERSONAL = ("gender", "birth_date", "email", "phone", "source", "education", "experience_years", "skills")
FILED = ("desired_salary", "offered_salary", "closed_reason")
#: what of a row makes an application
_APPLIES = ("job_title", "department", "applied_on", "stage", "hired_as", *FILED)
#: how a row calls what is kept under another name
_COLUMNS = {"employee": "hired_as"}
_CHUNK = 2000


@dataclass
class Found:
    """What a row did: a new candidate or application, or other values."""

    is_new: bool
    is_changed: bool


@dataclass
class Open:
    """A candidate or application at work, and which row said what of it."""

    it: Any
    is_new: bool
    said: dict[str, int] = field(default_factory=dict)
    is_touched: bool = False


class Directory:
    """Everything that the rows may refer to, and what they make of it."""

    def __init__(self, rows: Sequence[CandidateRow]) -> None:
        numbers = {row.number.strip() for row in rows} - {""}
        emails = {row.email.strip().lower() for row in rows if not row.number.strip()} - {""}
        phones = {row.phone.strip() for row in rows if not (row.number.strip() or row.email.strip())} - {""}
        self._by_number: dict[str, Open] = {}
        self._by_email: dict[str, list[Open]] = defaultdict(list)
        self._by_phone: dict[str, list[Open]] = defaultdict(list)
        self._people: list[Open] = []
        #: of each person, as they stand in the list of people
        self._applications: dict[int, list[Open]] = defaultdict(list)
        self._load(numbers, emails, phones)
        self._positions = _names(Position.objects.all())
        self._departments = _names(Department.objects.all())
        hired = {row.hired_as.strip() for row in rows} - {""}
        self._employees = {one.employee_no: one for one in _in_chunks(Employee.objects.all(), "employee_no", hired)}

    def _load(self, numbers: set[str], emails: set[str], phones: set[str]) -> None:
        rows = Candidate.objects.annotate(lowered=Lower("email")).select_for_update(of=("self",)).order_by("pk")
        known: dict[int, Candidate] = {}
        for name, wanted in (("number", numbers), ("lowered", emails), ("phone", phones)):
            known |= {one.pk: one for one in _in_chunks(rows, name, wanted)}
        opened = {pk: Open(one, is_new=False) for pk, one in known.items()}
        for one in opened.values():
            self._index(one)
        held = Application.objects.select_for_update(of=("self",)).order_by("pk")
        for application in _in_chunks(held, "candidate_id", known):
            self._applications[id(opened[application.candidate_id])].append(Open(application, is_new=False))

    def _index(self, one: Open) -> None:
        self._people.append(one)
        if one.it.number:
            self._by_number[one.it.number] = one
        if one.it.email:
            self._by_email[one.it.email.lower()].append(one)
        if one.it.phone:
            self._by_phone[one.it.phone].append(one)

    # --- a row --------------------------------------------------------------------------------------------------------
    def take(self, row: CandidateRow) -> Found | list[RowProblem]:
        """Apply the row, or say what stands against it."""
        person = self._person(row)
        if isinstance(person, RowProblem):
            return [person]
        found = Found(is_new=person.is_new and not person.said, is_changed=False)
        values = {"name": row.name.strip(), **{name: _plain(getattr(row, name)) for name in PERSONAL}}
        problems = _fill(person, values, row, found)
        # who is new applies, whatever the row leaves out; of others a row may say something of the person alone
        says_more = any(_plain(getattr(row, name)) not in ("", None) for name in _APPLIES)
        if says_more or not self._applications[id(person)]:
            problems += self._apply(person, row, found)
        return problems or found

    def _person(self, row: CandidateRow) -> Open | RowProblem:
        number, email, phone = row.number.strip(), row.email.strip(), row.phone.strip()
        if number:
            known = [self._by_number[number]] if number in self._by_number else []
        else:
            known = self._by_email[email.lower()] if email else self._by_phone[phone]
        if len(known) > 1:
            return RowProblem(
                row.row, "email" if email else "phone", email or phone,
                _("%(n)s candidates have it.") % {"n": len(known)}, _("Add the candidate number."),
            )  # fmt: skip
        if known:
            return known[0]
        made = Candidate(number=number or None, name=row.name.strip(), email=email, phone=phone)
        self._index(Open(made, is_new=True))
        return self._people[-1]

    def _apply(self, person: Open, row: CandidateRow, found: Found) -> list[RowProblem]:
        values: dict[str, Any] = {name: _plain(getattr(row, name)) for name in FILED}
        values |= {"applied_on": row.applied_on}
        problems = []
        if row.department.strip():
            values["department"] = self._departments.get(folded(row.department))
            if values["department"] is None:
                problems.append(
                    RowProblem(
                        row.row, "department", row.department, _("There is no such department."),
                        _("Create it first, or say what it means."),
                    )
                )  # fmt: skip
        if row.hired_as.strip():
            values["employee"] = self._employees.get(row.hired_as.strip())
            if values["employee"] is None:
                problems.append(
                    RowProblem(
                        row.row, "hired_as", row.hired_as, _("Nobody has this employee number."),
                        _("Import the employee first, or mend the number."),
                    )
                )  # fmt: skip
        application = self._application(person, row)
        if isinstance(application, RowProblem):
            return [*problems, application]
        found.is_new |= application.is_new and not application.said
        problems += _set_status(application, row, found)
        return problems + _fill(application, values, row, found)

    def _application(self, person: Open, row: CandidateRow) -> Open | RowProblem:
        """The one that the row is about; a new one where none is."""
        held = self._applications[id(person)]
        title = folded(row.job_title)
        alike = [one for one in held if not title or folded(one.it.job_title) == title]
        if row.applied_on:
            same_day = [one for one in alike if one.it.applied_on == row.applied_on]
            # one without a day gets it
            alike = same_day or [one for one in alike if one.it.applied_on is None]
        if len(alike) > 1:
            return RowProblem(
                row.row, "job_title", row.job_title, _("The candidate has several such applications."),
                _("State the post and the day of the application."),
            )  # fmt: skip
        if alike:
            return alike[0]
        made = Application(candidate=person.it, job_title=row.job_title.strip(), applied_on=row.applied_on)
        made.position = self._positions.get(title) if title else None
        held.append(Open(made, is_new=True))
        return held[-1]

    # --- writing ------------------------------------------------------------------------------------------------------
    def write(self) -> None:
        Candidate.objects.bulk_create([one.it for one in self._people if one.is_new], batch_size=_CHUNK)
        touched = [one.it for one in self._people if one.is_touched and not one.is_new]
        Candidate.objects.bulk_update(touched, ["name", *PERSONAL], batch_size=_CHUNK)
        filed = [one for held in self._applications.values() for one in held]
        for one in filed:
            if one.is_new:
                # the candidate has an id by now
                one.it.candidate = one.it.candidate
        Application.objects.bulk_create([one.it for one in filed if one.is_new], batch_size=_CHUNK)
        Application.objects.bulk_update(
            [one.it for one in filed if one.is_touched and not one.is_new],
            ["applied_on", "stage", "closed_as", "department", "employee", *FILED],
            batch_size=_CHUNK,
        )


def _fill(one: Open, values: dict[str, Any], row: CandidateRow, found: Found) -> list[RowProblem]:
    """Put the values in that say something; two rows of a file must not contradict each other."""
    problems = []
    for name, value in values.items():
        if value in ("", None):
            continue
        if getattr(one.it, name) != value:
            if name in one.said:
                message = _("Row %(row)s says something else of the same candidate.") % {"row": one.said[name]}
                shown = getattr(row, _COLUMNS.get(name, name))
                mend = _("Keep one of the two, or give each person their own number.")
                problems.append(RowProblem(row.row, _COLUMNS.get(name, name), shown, message, mend))
                continue
            setattr(one.it, name, value)
            one.is_touched = found.is_changed = True
        one.said.setdefault(name, row.row)
    one.said.setdefault("", row.row)
    return problems


def _set_status(one: Open, row: CandidateRow, found: Found) -> list[RowProblem]:
    status = status_of(row.stage) if row.stage.strip() else (HIRED if row.hired_as.strip() else "")
    if not status:
        return []
    if status != one.it.status:
        if "status" in one.said:
            message = _("Row %(row)s says something else of the same application.") % {"row": one.said["status"]}
            return [RowProblem(row.row, "stage", row.stage, message, _("Keep the row with the newest status."))]
        put(one.it, status)
        one.is_touched = found.is_changed = True
    one.said["status"] = row.row
    return []


def put(application: Application, status: str) -> None:
    """Move it there. How far it came stays when it ends; a hire that is taken back came as far as the offer."""
    if status in CLOSED:
        application.stage = OFFERED if application.stage == HIRED else application.stage
        application.closed_as = status
    else:
        application.stage, application.closed_as, application.closed_reason = status, "", ""
    if status != HIRED:
        application.employee = None


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _in_chunks(rows: QuerySet[Any], name: str, wanted: Iterable[Any]) -> Iterator[Any]:
    listed = sorted(one for one in wanted if not (isinstance(one, str) and "\x00" in one))
    for start in range(0, len(listed), _CHUNK):
        yield from rows.filter(**{f"{name}__in": listed[start : start + _CHUNK]})


def _names(rows: Iterable[Any]) -> dict[str, Any]:
    """Folded code or name -> the row; a name that two have is nobody's."""
    named: dict[str, list[Any]] = defaultdict(list)
    listed = list(rows)
    for one in listed:
        named[folded(one.name)].append(one)
    found = {name: alike[0] for name, alike in named.items() if len(alike) == 1}
    return found | {folded(one.code): one for one in listed}
