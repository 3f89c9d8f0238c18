"""Background tasks of people. A task takes no data: the work is rows."""

from celery import shared_task

from people.services import mail


@shared_task(name="people.tasks.send_mail")
def send_mail() -> None:
    """Send the mails that are due."""
    mail.send_waiting_mail()
