"""User accounts: opened for an employee, given roles, switched off; passwords by a link that works once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override

from hrsuite.lib.errors import BadInput
from people import rules
from people.models import Employee, MailMessage, User
from people.selectors import has_left
from people.services.mail import Mail, queue_mails
from people.services.notifications import language_of

# a second request within this time sends nothing: nobody's mailbox is flooded
RESET_PAUSE = dt.timedelta(minutes=2)
# two admins who take the role from each other at once: the second one must see what the first one did
_ADMINS_LOCK = 7_301_002


def password_link(user: User) -> str:
    """Where ``user`` sets a password; works once and for a day. The host is configured, never taken from a request."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("people:set_password", kwargs={"uidb64": uid, "token": default_token_generator.make_token(user)})
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def create_account(*, employee: Employee, actor: User | None, username: str = "") -> User:
    """Open an account without a password for ``employee`` and mail the invitation.

    Raises BadInput where there is one already, the name is taken, or there is no address to write to.
    """
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=employee.pk)
        username = (username or employee.employee_no).strip()
        _check_new_account(employee, username)
        user = User(username=username, email=employee.email, first_name=employee.name[:150])
        user.set_unusable_password()
        user.save()
        employee.user = user
        employee.save(update_fields=["user"])
        _log(actor, user, "account opened")
        send_invitation(user=user)
    return user


def _check_new_account(employee: Employee, username: str) -> None:
    if employee.user_id:
        raise BadInput(
            "employee", employee.name, _("This employee has an account already."), _("Reset its password instead.")
        )
    if not employee.email:
        raise BadInput(
            "email",
            "",
            _("There is no e-mail address to send the invitation to."),
            _("Add the address to the employee first."),
        )
    if User.objects.filter(username__iexact=username).exists():
        raise BadInput("username", username, _("This user name is taken."), _("Choose another one."))


def send_invitation(*, user: User) -> None:
    """Mail the link that sets the first password."""
    with override(language_of(user)):
        queue_mails(
            [
                Mail(
                    to=user.email,
                    subject=_("Your account in HR Suite"),
                    body=_(
                        "Hello %(name)s,\n\nan account was opened for you. Your user name is %(username)s.\n"
                        "Set your password here within a day:\n\n%(link)s"
                    )
                    % {"name": str(user), "username": user.username, "link": password_link(user)},
                )
            ]
        )


def request_password_reset(*, identifier: str) -> int:
    """Mail a link to the account of that user name or e-mail address. Returns mails written; tell nobody how many."""
    identifier = identifier.strip()
    if not identifier:
        return 0
    users = User.objects.filter(Q(username__iexact=identifier) | Q(email__iexact=identifier), is_active=True)
    mails = [_reset_mail(user) for user in users[:5] if user.email and not has_left(user) and not _asked_lately(user)]
    return queue_mails(mails)


def _asked_lately(user: User) -> bool:
    since = timezone.now() - RESET_PAUSE
    with override(language_of(user)):
        subject = _("Set a new password for HR Suite")
    return MailMessage.objects.filter(to=user.email, subject=subject, created_at__gte=since).exists()


def _reset_mail(user: User) -> Mail:
    with override(language_of(user)):
        return Mail(
            to=user.email,
            subject=_("Set a new password for HR Suite"),
            body=_(
                "Hello %(name)s,\n\nyou (or somebody else) asked for a new password for the user name %(username)s.\n"
                "Set it here within a day:\n\n%(link)s\n\nIf it was not you, do nothing: your password stays as it is."
            )
            % {"name": str(user), "username": user.username, "link": password_link(user)},
        )


def set_language(*, user: User, language: str) -> None:
    """Store the language the user reads; empty means the browser's."""
    if language and language not in dict(settings.LANGUAGES):
        raise BadInput("language", language, _("This language is not offered."), _("Choose one from the list."))
    user.language = language
    user.save(update_fields=["language"])


def set_roles(*, user: User, roles: Collection[str], actor: User) -> bool:
    """Give ``user`` exactly these granted roles, from the next request on. Returns whether anything changed.

    Nobody changes the own roles, and the last HR admin stays: both would let one person out of everybody's sight.
    """
    unknown = set(roles) - set(rules.GRANTED_ROLES)
    if unknown:
        raise BadInput("roles", ", ".join(sorted(unknown)), _("There is no such role."), _("Choose from the list."))
    if user.pk == actor.pk:
        raise BadInput("roles", "", _("You cannot change your own roles."), _("Ask another HR admin."))
    with transaction.atomic():
        _lock_admins()
        User.objects.select_for_update().get(pk=user.pk)
        before = set(user.groups.filter(name__in=rules.GRANTED_ROLES).values_list("name", flat=True))
        if before == set(roles):
            return False
        if rules.HR_ADMIN in before - set(roles):
            _keep_an_admin(user)
        user.groups.remove(*Group.objects.filter(name__in=before - set(roles)))
        user.groups.add(*[Group.objects.get_or_create(name=role)[0] for role in set(roles) - before])
        user.__dict__.pop("_roles_cache", None)
        _log(actor, user, f"roles: {', '.join(sorted(before)) or '-'} -> {', '.join(sorted(roles)) or '-'}")
    return True


def _lock_admins() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADMINS_LOCK])


def _keep_an_admin(user: User) -> None:
    admins = User.objects.filter(groups__name=rules.HR_ADMIN, is_active=True)
    if not admins.exclude(pk=user.pk).exists():
        raise BadInput(
            "roles", "", _("This is the last HR admin."), _("Make somebody else an HR admin first, then try again.")
        )


def deactivate_account(*, user: User, actor: User | None) -> None:
    """Switch the account off. Its sessions and links die at once and stay dead if it is switched on again."""
    if actor and user.pk == actor.pk:
        raise BadInput("account", str(user), _("You cannot switch off your own account."), _("Ask another HR admin."))
    with transaction.atomic():
        _lock_admins()
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active and user.groups.filter(name=rules.HR_ADMIN).exists():
            _keep_an_admin(user)
        user.is_active = False
        # sessions hold a hash of the password: a new one ends them all
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        _log(actor, user, "account switched off")


def activate_account(*, user: User, actor: User | None) -> None:
    """Switch the account on again; a new invitation goes out, because the old password is gone."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.is_active = True
        user.save(update_fields=["is_active"])
        _log(actor, user, "account switched on")
        send_invitation(user=user)


def _log(actor: User | None, user: User, message: str) -> None:
    if actor is not None:
        LogEntry.objects.log_actions(actor.pk, _one(user), CHANGE, change_message=message, single_object=True)


def _one(user: User) -> Iterable[User]:
    return User.objects.filter(pk=user.pk)


@transaction.atomic
def create_first_admin(*, username: str, email: str) -> User:
    """The HR admin of a new installation, without a password yet. Raises BadInput where there is one already."""
    if User.objects.filter(groups__name=rules.HR_ADMIN, is_active=True).exists():
        raise BadInput(
            "username", username, _("There is an HR admin already."), _("Ask an HR admin to open the account.")
        )
    if User.objects.filter(username__iexact=username).exists():
        raise BadInput("username", username, _("This user name is taken."), _("Choose another one."))
    user = User.objects.create_user(username, email=email)
    user.groups.add(Group.objects.get_or_create(name=rules.HR_ADMIN)[0])
    return user
