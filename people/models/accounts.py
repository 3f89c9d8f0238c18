"""Users of the suite. Roles are groups; what a role may do stands in ``people/rules.py``."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in. ``employee`` (reverse one-to-one) ties the account to the personnel record."""

    language = models.CharField(_("language"), max_length=10, blank=True, default="")

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class SignInAttempt(models.Model):
    """Failed sign-ins of one (account, address block); the key is a hash, no name is kept."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    locked_until_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.failures}"
