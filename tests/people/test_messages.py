"""Notifications and mail."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy

from people.models import MailMessage, Notification
from people.services.mail import Mail, queue_mails, send_waiting_mail
from people.services.notifications import Note, notify, notify_all
from people.tasks import send_mail

# a sentence that Django itself translates
TEXT = gettext_lazy("This field is required.")


def test_everyone_reads_the_own_language(world):
    alice, bob = world.users["alice"], world.users["bob"]
    alice.language = "zh-hans"
    alice.save()
    assert notify_all([Note(user=alice, text=TEXT), Note(user=bob, text=TEXT)]) == 2
    assert Notification.objects.get(user=bob).text == "This field is required."
    assert Notification.objects.get(user=alice).text != "This field is required."


def test_mail_goes_with_the_note_when_asked(world, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notify(
            user=world.users["alice"],
            text="%(points)s points are missing",
            params={"points": 12},
            url="/training/",
            subject="Points\nBcc: everyone@example.com",
        )
    assert nudges == ["people.tasks.send_mail"]
    send_mail()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].subject == "Points Bcc: everyone@example.com"
    assert mail.outbox[0].recipients() == ["alice@example.com"]
    assert "12 points are missing" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/training/" in mail.outbox[0].body


def test_accounts_that_are_off_are_left_out(world):
    world.users["alice"].is_active = False
    assert notify(user=world.users["alice"], text="x", subject="y") == 0
    assert not MailMessage.objects.exists()


def test_bell_counts_opens_and_clears(world, sign_in):
    client = sign_in("alice")
    notify_all([Note(user=world.users["alice"], text=f"Note {number}", url="/account/") for number in range(3)])
    notify(user=world.users["bob"], text="Not for Alice")
    page = client.get("/notifications/")
    assert page.context["unread"] == 3
    assert "Not for Alice" not in page.content.decode()
    note = Notification.objects.filter(user=world.users["alice"]).first()
    assert client.post(f"/notifications/{note.pk}/").url == "/account/"
    assert client.get("/notifications/").context["unread"] == 2
    client.post("/notifications/read/")
    assert not Notification.objects.filter(user=world.users["alice"], read_at=None).exists()
    assert Notification.objects.filter(user=world.users["bob"], read_at=None).count() == 1


def test_failed_mail_waits_longer_each_time_and_then_stops(world, monkeypatch):
    def refuse(_backend, _messages):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    queue_mails([Mail("a@example.com", "Hello", "x")])
    waits = []
    for _turn in range(10):
        MailMessage.objects.update(next_try_at=timezone.now())
        assert send_waiting_mail() == 0
        waits.append((MailMessage.objects.get().next_try_at - timezone.now()).total_seconds())
    row = MailMessage.objects.get()
    assert waits[0] < waits[1] < waits[2]
    assert row.attempts == 8
    assert row.sent_at is None
    assert "no mail server" in row.error


def test_one_bad_mail_does_not_hold_up_the_others(world, monkeypatch):
    original = EmailBackend.send_messages

    def picky(backend, messages):
        if messages[0].to == ["bad@example.com"]:
            raise ValueError("no such mailbox")
        return original(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    queue_mails([Mail(to, "Hello", "x") for to in ("bad@example.com", "good@example.com")])
    assert send_waiting_mail() == 1
    assert [message.to for message in mail.outbox] == [["good@example.com"]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_mails():
    queue_mails([Mail(f"{number}@example.com", "Hello", "x") for number in range(40)])

    def work():
        send_waiting_mail()
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(f"{number}@example.com" for number in range(40))
