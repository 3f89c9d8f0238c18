"""Points policies: rules with versions, targets with requirements."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.history import tracked
from people.models import Scope
from people.models.employees import day_range, id_range
from training.models.catalogue import Activity, Category
from training.models.periods import PointsYear
from training.models.terms import TermsField


class StandingRows(models.Manager[Any]):
    """Rows that were not withdrawn: whoever asks for rules or versions gets those that count.

    A withdrawn row stays for the ledger lines that it wrote (foreign keys still find it); ``everything`` has all.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class Basis(models.TextChoices):
    """What the rate is multiplied with."""

    PER_HOUR = "per_hour", _("per hour")
    PER_MINUTES = "per_minutes", _("per number of minutes")
    PER_TIME = "per_time", _("per time")
    PER_EVENT = "per_event", _("per event")
    PER_PASS = "per_pass", _("per exam passed")
    PER_ATTRIBUTE = "per_attribute", _("per unit of an attribute")


@tracked
class Policy(models.Model):
    """A set of rules and targets. Only an active policy books points."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("in force"), default=False)
    #: rounding, floor, multipliers, limits, … of the policy file
    terms = TermsField()

    class Meta:
        verbose_name = _("points policy")
        verbose_name_plural = _("points policies")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@tracked
class Rule(Scope):
    """An activity earns points for the people of a scope. How many, and from when, stands in its versions."""

    policy = models.ForeignKey(Policy, verbose_name=_("policy"), on_delete=models.CASCADE, related_name="rules")
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        on_delete=models.PROTECT,
        related_name="rules",
    )
    code = models.CharField(_("code"), max_length=60)
    priority = models.SmallIntegerField(_("priority"), default=0)
    #: adds, team
    terms = TermsField()
    #: taken back with the change of policy that brought it, or left out by one
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StandingRows()
    everything = models.Manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["activity__code", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "code"], condition=Q(withdrawn_at__isnull=True), name="rule_code_once_per_policy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity} · {self.scope_text()}"


@tracked
class RuleVersion(models.Model):
    """What a rule says between two days (both included; empty end is open). Versions of a rule do not overlap.

    ``rate`` points per unit of ``basis``; 0 where bands or tiers in ``terms`` say how many.
    ``max_per_record`` caps one record before anything else, ``max_per_year`` caps the activity for an
    employee within a points year.
    """

    rule = models.ForeignKey(Rule, verbose_name=_("rule"), on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    basis = models.CharField(_("basis"), max_length=16, choices=Basis)
    rate = models.DecimalField(_("points"), max_digits=10, decimal_places=4)
    max_per_record = models.DecimalField(
        _("at most per record"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    max_per_year = models.DecimalField(_("at most per year"), max_digits=10, decimal_places=2, null=True, blank=True)
    start_date = models.DateField(_("valid from"))
    end_date = models.DateField(_("valid until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    #: when, bands, tiers, limits, … of the policy file
    terms = TermsField()
    #: taken back with the change of policy that brought it, or replaced by one
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StandingRows()
    everything = models.Manager()

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        ordering = ["rule_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number_once"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="rule_version_basis_known"),
            models.CheckConstraint(
                condition=Q(max_per_record__isnull=True) | Q(max_per_record__gte=0),
                name="rule_version_record_cap",
            ),
            models.CheckConstraint(
                condition=Q(max_per_year__isnull=True) | Q(max_per_year__gte=0),
                name="rule_version_year_cap",
            ),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="rule_version_dates",
            ),
            ExclusionConstraint(
                name="rule_version_no_overlap",
                expressions=[
                    (id_range("rule_id"), RangeOperators.OVERLAPS),
                    (day_range("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.number}"


@tracked
class Target(Scope):
    """Points that the people of a scope need in a points year: a total, and minimums per category.

    The assignment on the reference day decides which target is somebody's: the last day that they were
    on staff within the year. ``pro_rata`` reduces total and minimums for joiners and leavers.
    """

    class ProRata(models.TextChoices):
        NONE = "none", _("not reduced")
        MONTHS = "months", _("by months on staff")
        DAYS = "days", _("by days on staff")

    policy = models.ForeignKey(
        Policy,
        verbose_name=_("policy"),
        on_delete=models.CASCADE,
        related_name="targets",
    )
    year = models.ForeignKey(
        PointsYear,
        verbose_name=_("points year"),
        on_delete=models.PROTECT,
        related_name="targets",
    )
    name = models.CharField(_("name"), max_length=120)
    total = models.DecimalField(_("total points"), max_digits=10, decimal_places=2)
    pro_rata = models.CharField(_("joiners and leavers"), max_length=8, choices=ProRata, default=ProRata.MONTHS)
    priority = models.SmallIntegerField(_("priority"), default=0)
    #: when, window, a detailed pro_rata, statuses, outcomes, and all requirements where a row cannot say one
    terms = TermsField()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-year__start_date", "name"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "year", "name"], name="target_name_once"),
            models.CheckConstraint(condition=Q(total__gte=0), name="target_total_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.year}"


@tracked
class TargetRequirement(models.Model):
    """Minimum and cap of a category (with everything below it) within a target.

    Points above the cap are kept as full value but do not count.
    """

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="requirements")
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+")
    minimum = models.DecimalField(_("at least"), max_digits=10, decimal_places=2, default=0)
    cap = models.DecimalField(_("counts at most"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["target_id", "category__code"]
        constraints = [
            models.UniqueConstraint(fields=["target", "category"], name="requirement_category_once"),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="requirement_minimum_not_negative"),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gte=F("minimum")),
                name="requirement_cap_above_minimum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} ≥ {self.minimum}"
