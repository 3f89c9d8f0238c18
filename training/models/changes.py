"""Changes of a policy: a draft, what it would do to everybody, applied as one batch, reversed by one."""

from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Employee
from training.models.ledger import BookingBatch
from training.models.periods import PointsYear
from training.models.policy import Policy


class ChangeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPLIED = "applied", _("Applied")
    REVERSED = "reversed", _("Reversed")
    DISCARDED = "discarded", _("Discarded")


@pghistory.track()
class PolicyChange(models.Model):
    """A policy as somebody wants it. ``base`` and ``document`` are policy files: before, and after.

    ``decided_*`` tells who applied or discarded it; a reversal has a person, a time and a reason of its own.
    ``batch`` and ``reversal_batch`` are what was booked by it, empty where the policy was not in force.
    """

    policy = models.ForeignKey(Policy, verbose_name=_("policy"), on_delete=models.CASCADE, related_name="changes")
    reason = models.CharField(_("reason"), max_length=200)
    base = models.TextField(_("before"))
    document = models.TextField(_("after"))
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("drafted by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("drafted"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    batch = models.OneToOneField(BookingBatch, null=True, on_delete=models.PROTECT, related_name="change")
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reversed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reversed_at = models.DateTimeField(_("reversed"), null=True)
    reversal_reason = models.CharField(_("reason of the reversal"), max_length=200, blank=True, default="")
    reversal_batch = models.OneToOneField(BookingBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("change of a policy")
        verbose_name_plural = _("changes of policies")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="policy_change_state_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="policy_change_reason"),
            models.CheckConstraint(
                condition=Q(state="draft", decided_at__isnull=True) | ~Q(state="draft") & Q(decided_at__isnull=False),
                name="policy_change_decision_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="reversed", reversed_at__isnull=False) & ~Q(reversal_reason="")
                | ~Q(state="reversed") & Q(reversed_at__isnull=True, reversal_batch__isnull=True),
                name="policy_change_reversal_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} #{self.pk}"


class Simulation(models.Model):
    """What a change does to everybody in a points year, worked out in lots. The row itself is the work.

    ``last_id`` is the employee up to whom it is done; ``finished_at`` tells that statuses and ranks are in as well.
    """

    change = models.ForeignKey(PolicyChange, on_delete=models.CASCADE, related_name="simulations")
    year = models.ForeignKey(PointsYear, verbose_name=_("points year"), on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    people = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["change", "year"], name="simulation_once_per_year")]

    def __str__(self) -> str:
        return f"{self.change_id}/{self.year_id}"


class ChangeEffect(models.Model):
    """Somebody's year before and after a change. ``outcomes_*`` are names; ``categories`` maps codes to [before, after]
    where they differ. ``kept`` is what a ranking needs, until the simulation is finished.
    """

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="effects", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+", db_index=False)
    before = models.DecimalField(_("before"), max_digits=12, decimal_places=2)
    after = models.DecimalField(_("after"), max_digits=12, decimal_places=2)
    difference = models.DecimalField(_("difference"), max_digits=12, decimal_places=2)
    required_before = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    required_after = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    met_before = models.BooleanField(null=True)
    met_after = models.BooleanField(null=True)
    status_before = models.CharField(max_length=100, blank=True, default="")
    status_after = models.CharField(max_length=100, blank=True, default="")
    outcomes_before = models.JSONField(default=list)
    outcomes_after = models.JSONField(default=list)
    categories = models.JSONField(default=dict)
    kept: Any = models.JSONField(null=True)

    class Meta:
        ordering = ["difference", "employee_id"]
        constraints = [models.UniqueConstraint(fields=["simulation", "employee"], name="effect_once")]
        indexes = [models.Index(fields=["simulation", "difference"], name="effect_difference")]

    def __str__(self) -> str:
        return f"{self.simulation_id}/{self.employee_id}: {self.difference}"
