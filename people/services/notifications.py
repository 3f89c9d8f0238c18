"""Tell people something: a line in their bell and, where asked, an e-mail, in their own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from people.models import Notification, User
from people.selectors import unread_notifications
from people.services.mail import Mail, queue_mails


@dataclass(frozen=True)
class Note:
    """One message to one user.

    ``text`` is lazy (``gettext_lazy``) with ``%(name)s`` places that ``params`` fill; lazy params are translated too.
    ``url`` is a path of this site. With a ``subject`` (lazy) the note goes out by e-mail as well.
    """

    user: User
    text: str | Promise
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    subject: str | Promise = ""


def language_of(user: User) -> str:
    """The language to write to ``user`` in."""
    return user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _words(note: Note) -> str:
    text = str(note.text)
    return text % {key: str(value) for key, value in note.params.items()} if note.params else text


def _mail(note: Note, text: str) -> Mail:
    lines = [_("Hello %(name)s,") % {"name": str(note.user)}, "", text]
    if note.url:
        lines += ["", f"{settings.SITE_URL.rstrip('/')}{note.url}"]
    lines += ["", _("This message was written by HR Suite; please do not answer it.")]
    return Mail(to=note.user.email, subject=str(note.subject), body="\n".join(lines))


def notify_all(notes: Sequence[Note]) -> int:
    """Write all notes, and the mails of those with a subject, in the caller's transaction. Returns their number.

    Accounts that are switched off are left out.
    """
    rows: list[Notification] = []
    mails: list[Mail] = []
    for note in notes:
        if not note.user.is_active:
            continue
        with override(language_of(note.user)):
            text = _words(note)
            rows.append(Notification(user=note.user, text=text[:500], url=note.url))
            if note.subject:
                mails.append(_mail(note, text))
    with transaction.atomic():
        Notification.objects.bulk_create(rows, batch_size=1000)
        queue_mails(mails)
    return len(rows)


def notify(
    *,
    user: User,
    text: str | Promise,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    subject: str | Promise = "",
) -> int:
    """One note to one user; see :class:`Note`."""
    return notify_all([Note(user=user, text=text, params=params or {}, url=url, subject=subject)])


def mark_read(*, user: User, ids: Iterable[int] | None = None) -> int:
    """Mark the user's own notifications as read: those of ``ids``, or all. Returns how many were unread."""
    unread = unread_notifications(user)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=timezone.now())
