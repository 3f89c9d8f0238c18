"""What a row of a recruiting file may not say, whoever it is about."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from hrsuite.lib.errors import RowProblem
from people.models import Employee
from people.selectors import today
from recruitment.models import Application, Candidate
from recruitment.rules import CLOSED, HIRED, status_of

if TYPE_CHECKING:
    from recruitment.services.files import CandidateRow

#: field of a row -> where it is kept
_KEPT: dict[str, Any] = {
    "number": Candidate, "name": Candidate, "email": Candidate, "phone": Candidate, "source": Candidate,
    "education": Candidate, "job_title": Application, "closed_reason": Application,
}  # fmt: skip
_MOST_YEARS = Decimal(70)
_MOST_MONEY = Decimal(10) ** 10


def wrong_in(row: CandidateRow) -> list[RowProblem]:
    """Every problem that the row has by itself."""
    return [*_texts(row), *_days(row), *_amounts(row), *_status(row)]


def _bad(row: CandidateRow, column: str, message: str, mend: str) -> RowProblem:
    return RowProblem(row.row, column, getattr(row, column), message, mend)


def _texts(row: CandidateRow) -> list[RowProblem]:
    found = []
    if not row.name.strip():
        found.append(_bad(row, "name", _("The name is missing."), _("Enter it.")))
    for column, model in _KEPT.items():
        text: str = getattr(row, column)
        most = model._meta.get_field(column).max_length
        if len(text.strip()) > most:
            message = _("Longer than %(longest)s characters.") % {"longest": most}
            found.append(RowProblem(row.row, column, text[:60], message, _("Shorten it.")))
    for column in (*_KEPT, "skills", "department", "hired_as"):
        if "\x00" in getattr(row, column):
            found.append(_bad(row, column, _("This holds an invisible character."), _("Type it anew.")))
    if row.email.strip():
        try:
            validate_email(row.email.strip())
        except ValidationError:
            found.append(_bad(row, "email", _("This is no e-mail address."), _("Correct it, or leave it empty.")))
    if row.gender and row.gender not in Employee.Gender.values:
        found.append(_bad(row, "gender", _("There is no such gender."), _("Use female, male or other.")))
    if not (row.number.strip() or row.email.strip() or row.phone.strip()):
        found.append(
            RowProblem(
                row.row, "number", row.name, _("Nothing tells this candidate from others of the same name."),
                _("Add a candidate number, an e-mail address or a phone number."),
            )
        )  # fmt: skip
    return found


def _days(row: CandidateRow) -> list[RowProblem]:
    found = []
    if row.applied_on and row.applied_on > today():
        found.append(_bad(row, "applied_on", _("This day has not come yet."), _("Correct the day.")))
    last = row.applied_on or today()
    if row.birth_date and row.birth_date >= last:
        message = _("Nobody applies before they are born.") if row.applied_on else _("This day has not come yet.")
        found.append(_bad(row, "birth_date", message, _("Correct one of the two days.")))
    return found


def _amounts(row: CandidateRow) -> list[RowProblem]:
    found = []
    if row.experience_years is not None and not 0 <= row.experience_years <= _MOST_YEARS:
        found.append(_bad(row, "experience_years", _("Nobody has worked for so long."), _("Enter 0 to 70 years.")))
    for column in ("desired_salary", "offered_salary"):
        amount = getattr(row, column)
        if amount is not None and not 0 <= amount < _MOST_MONEY:
            found.append(_bad(row, column, _("This cannot be a salary."), _("Correct the amount.")))
    for column in ("experience_years", "desired_salary", "offered_salary"):
        amount = getattr(row, column)
        if amount is not None and amount.is_finite() and amount != round(amount, 2):
            found.append(_bad(row, column, _("More than two decimal places."), _("Round it.")))
    return found


def _status(row: CandidateRow) -> list[RowProblem]:
    status = status_of(row.stage) if row.stage.strip() else ""
    if row.stage.strip() and not status:
        return [
            _bad(
                row, "stage", _("The suite does not know this status."),
                _("Use applied, in review, interviewing, offered, hired, rejected or withdrawn, or say what it means."),
            )
        ]  # fmt: skip
    if row.hired_as.strip() and status not in ("", HIRED):
        return [
            _bad(
                row, "hired_as", _("Who is an employee now was hired, but the status says otherwise."),
                _("Correct one of the two."),
            )
        ]  # fmt: skip
    if row.closed_reason.strip() and status not in ("", *CLOSED):
        return [
            _bad(
                row, "closed_reason", _("A reason to reject, but the application is not rejected or withdrawn."),
                _("Correct the status, or remove the reason."),
            )
        ]  # fmt: skip
    return []
