"""Remind people who are behind: a line in the application and an e-mail, once a day at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from people.models import Employee, User
from people.selectors import today
from people.services.mail import Mail, queue_mails
from people.services.notifications import Note, notify_all
from training.models import PointsYear, Standing
from training.selectors.paths import open_items, people_behind

SLICE = 1000
# a row that is there already says that the person was reminded today
_REMEMBER = """
INSERT INTO training_reminder (employee_id, year_id, sent_on, sent_by_id)
SELECT unnest(%s::bigint[]), %s, %s, %s
ON CONFLICT (employee_id, sent_on) DO NOTHING
RETURNING employee_id
"""
TEXT = _("You have %(total)s of the %(required)s training points of %(year)s. See what is missing and how to get it.")
TEXT_WITH_ITEMS = _(
    "You have %(total)s of the %(required)s training points of %(year)s. Mandatory and still open: %(items)s. "
    "See what is missing and how to get it."
)
TEXT_ITEMS = _("Mandatory training is still open: %(items)s. See until when.")
SUBJECT = _("Your training points")
ITEMS_NAMED = 4


@dataclass(frozen=True)
class Reminded:
    """How many were reminded now, had been today already, and can be reached neither by account nor by e-mail."""

    sent: int = 0
    already: int = 0
    unreachable: int = 0


def remind(*, standings: QuerySet[Standing], year: PointsYear, actor: User, of_items: bool = False) -> Reminded:
    """Remind the people behind among ``standings`` (those that the actor may see: the caller's duty).

    What is mandatory and open for them is named; ``of_items`` reminds those too who are behind with that only.
    """
    sent = already = unreachable = 0
    late = Q(met=False)
    if of_items:
        people = Employee.objects.filter(pk__in=standings.order_by().values("employee_id"))
        late |= Q(employee__in=people_behind(people, year))
    behind = standings.filter(late).select_related("employee__user")
    for rows in _slices(behind):
        with transaction.atomic():
            reachable = [row for row in rows if row.employee.user or row.employee.email]
            unreachable += len(rows) - len(reachable)
            new = _remember([row.employee_id for row in reachable], year, actor)
            already += len(reachable) - len(new)
            sent += len(new)
            _tell([row for row in reachable if row.employee_id in new], year)
    return Reminded(sent, already, unreachable)


def _slices(rows: QuerySet[Standing]) -> Iterator[Sequence[Standing]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:SLICE]):
        last = chunk[-1].pk
        yield chunk


def _remember(employee_ids: Iterable[int], year: PointsYear, actor: User) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [list(employee_ids), year.pk, today(), actor.pk])
        return {row[0] for row in cursor.fetchall()}


def _tell(rows: Sequence[Standing], year: PointsYear) -> None:
    url = reverse("training:my_points")
    items: dict[int, list[str]] = defaultdict(list)
    for gap in open_items(Employee.objects.filter(pk__in=[row.employee_id for row in rows]), year):
        items[gap.employee_id].append(gap.text)
    notes, mails = [], []
    for row in rows:
        named = items[row.employee_id]
        text = (TEXT_WITH_ITEMS if named else TEXT) if row.met is False else TEXT_ITEMS
        params = {"total": _figure(row.total), "required": _figure(row.required or 0), "year": year.name}
        params["items"] = ", ".join(named[:ITEMS_NAMED]) + (", …" if len(named) > ITEMS_NAMED else "")
        if row.employee.user:
            notes.append(Note(user=row.employee.user, text=text, params=params, url=url, subject=SUBJECT))
        else:
            mails.append(Mail(to=row.employee.email, subject=str(SUBJECT), body=str(text) % params))
    notify_all(notes)
    queue_mails(mails)


def _figure(value: object) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return number_format(text)
