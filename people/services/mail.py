"""E-mails are rows first; workers sweep the rows and send. Sent at least once: a killed worker may send one again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from hrsuite.lib.nudge import nudge_after_commit
from people.models import MailMessage

logger = logging.getLogger(__name__)
MAIL_TASK = "people.tasks.send_mail"
ATTEMPTS = 8
BATCH = 200


@dataclass(frozen=True)
class Mail:
    """Plain text to one address; ``subject`` is one line."""

    to: str
    subject: str
    body: str


def queue_mails(mails: Iterable[Mail]) -> int:
    """Write the rows in the caller's transaction. Mails without an address are left out."""
    rows = [
        # one line, whatever a name in it contains: no second header
        MailMessage(to=mail.to, subject=" ".join(mail.subject.split())[:200], body=mail.body)
        for mail in mails
        if mail.to
    ]
    if not rows:
        return 0
    with transaction.atomic():
        MailMessage.objects.bulk_create(rows, batch_size=1000)
        nudge_after_commit(MAIL_TASK)
    return len(rows)


def send_waiting_mail(*, limit: int = BATCH) -> int:
    """Send what is due, each mail in its own transaction, beside any number of other workers. Returns mails sent."""
    sent = 0
    connection = get_connection()
    try:
        for _turn in range(limit):
            outcome = _send_next(connection)
            if outcome is None:
                break
            sent += outcome
    finally:
        connection.close()
    return sent


@transaction.atomic
def _send_next(connection: BaseEmailBackend) -> bool | None:
    """True when sent, False when it failed and waits for another try, None when nothing is due."""
    mail = (
        MailMessage.objects.select_for_update(skip_locked=True)
        .filter(sent_at__isnull=True, next_try_at__lte=timezone.now(), attempts__lt=ATTEMPTS)
        .order_by("next_try_at", "id")
        .first()
    )
    if mail is None:
        return None
    mail.attempts += 1
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to], connection=connection).send()
    except Exception as error:  # noqa: BLE001 - whatever the mail server does, the row stays and is tried again
        logger.warning("mail %s failed (attempt %s): %s", mail.pk, mail.attempts, type(error).__name__)
        mail.error = f"{type(error).__name__}: {error}"[:300]
        mail.next_try_at = timezone.now() + dt.timedelta(minutes=2 ** min(mail.attempts, 6))
        mail.save(update_fields=["attempts", "error", "next_try_at"])
        return False
    mail.sent_at = timezone.now()
    # the recipient has it; links to set a password must not stay here
    mail.body, mail.error = "", ""
    mail.save(update_fields=["attempts", "sent_at", "body", "error"])
    return True
