"""Appraisal cycles, their weighted parts, grades, and the titles that rankings award."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Employee, Scope
from training.models import PointsYear


@pghistory.track()
class AppraisalCycle(models.Model):
    """An annual appraisal. The training part is pulled from ``points_year``.

    ``max_grade_if_missed``: with the training target missed the grade is this one at best; empty only flags it.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        FINAL = "final", _("Final")

    name = models.CharField(_("name"), max_length=80, unique=True)
    points_year = models.ForeignKey(
        PointsYear,
        verbose_name=_("points year"),
        on_delete=models.PROTECT,
        related_name="cycles",
    )
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    max_grade_if_missed = models.CharField(_("best grade with the target missed"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("appraisal cycle")
        verbose_name_plural = _("appraisal cycles")
        ordering = ["-start_date"]
        constraints = [models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="cycle_dates")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class CyclePart(models.Model):
    """A weighted part of the final score; the weights of a cycle's parts add up to 100 (percent)."""

    class Source(models.TextChoices):
        TYPED = "typed", _("Imported or typed")
        TRAINING = "training", _("Training points")

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    weight = models.DecimalField(_("weight %"), max_digits=5, decimal_places=2)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.TYPED)

    class Meta:
        ordering = ["cycle_id", "-weight", "code"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "code"], name="part_code_once"),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(source="training"),
                name="part_one_training",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="part_weight_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.weight} %"


@pghistory.track()
class GradeBand(models.Model):
    """Final scores of ``min_score`` (0 to 100) and above, up to the next band, get ``grade``."""

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.CASCADE, related_name="bands")
    grade = models.CharField(_("grade"), max_length=8)
    name = models.CharField(_("name"), max_length=80)
    min_score = models.DecimalField(_("from score"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["cycle_id", "-min_score"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "grade"], name="band_grade_once"),
            models.UniqueConstraint(fields=["cycle", "min_score"], name="band_score_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} ≥ {self.min_score}"


@pghistory.track(
    pghistory.UpdateEvent(
        "change",
        condition=pghistory.AnyChange("status", "final_score", "grade", "comment"),
    )
)
class Appraisal(models.Model):
    """An employee in a cycle. ``final_score`` is null while a part is missing.

    Signed appraisals are never overwritten; what the pipeline would have written is in the parts' ``pulled_score``.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="appraisals")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="appraisals")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    final_score = models.DecimalField(_("final score"), max_digits=6, decimal_places=2, null=True)
    grade = models.CharField(_("grade"), max_length=8, blank=True, default="")
    #: of the training target; null where there is none
    target_met = models.BooleanField(_("training target met"), null=True)
    comment = models.TextField(_("comment"), blank=True, default="")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "employee"], name="appraisal_once"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(signed_at__isnull=False, final_score__isnull=False),
                name="appraisal_signed_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.cycle_id}"


class AppraisalPart(models.Model):
    """Score of a part, 0 to 100. *Missing* blocks signing; *not applicable* hands its weight to the others.

    ``pulled_score`` is the newest score from training points; it differs from ``score`` only on a signed appraisal
    or where a person typed another one (``is_locked``).
    """

    class State(models.TextChoices):
        SCORED = "scored", _("Scored")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")
        MISSING = "missing", _("Missing")

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(CyclePart, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.MISSING)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True)
    pulled_score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    is_locked = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("appraisal part")
        verbose_name_plural = _("appraisal parts")
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "part"], name="appraisal_part_once"),
            models.CheckConstraint(
                condition=(Q(state="scored") & Q(score__isnull=False)) | (~Q(state="scored") & Q(score__isnull=True)),
                name="appraisal_part_score_if_scored",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                name="appraisal_part_score_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal_id}/{self.part_id}"


class TieRule(models.TextChoices):
    """What happens to people with equal points at the line. Never decided by id."""

    INCLUDE = "include", _("include all who tie")
    EXCLUDE = "exclude", _("exclude all who tie")


class Rounding(models.TextChoices):
    """How ``share x population`` becomes a whole number."""

    HALF_UP = "half_up", _("to the nearest")
    UP = "up", _("up")
    DOWN = "down", _("down")


# every booking moves the last three: no history of those
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange(exclude=["population", "stale_at", "refreshed_at"], exclude_auto=True)
    ),
)
class Title(Scope):
    """An honour for the top ``share`` percent by points of a scope, such as Outstanding manager of the year."""

    name = models.CharField(pgettext_lazy("honour", "title"), max_length=120)
    year = models.ForeignKey(PointsYear, on_delete=models.PROTECT, related_name="titles")
    share = models.DecimalField(_("top %"), max_digits=5, decimal_places=2)
    rounding = models.CharField(_("rounding"), max_length=8, choices=Rounding, default=Rounding.HALF_UP)
    ties = models.CharField(_("ties"), max_length=8, choices=TieRule, default=TieRule.INCLUDE)
    #: people who missed their target cannot hold it
    needs_target = models.BooleanField(_("target must be met"), default=True)
    leads_promotion = models.BooleanField(_("heads the promotion list"), default=True)
    population = models.PositiveIntegerField(_("people ranked"), default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stale_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("honour", "title")
        verbose_name_plural = _("titles")
        ordering = ["-year__start_date", "name"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="title_once_a_year"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=100), name="title_share_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.year}"


class TitleCandidate(models.Model):
    """A member of the ranked population: rank by points (1 is best, ties share it), and whether the title is theirs."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="candidates")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="title_candidacies")
    points = models.DecimalField(max_digits=12, decimal_places=2)
    rank = models.PositiveIntegerField()
    target_met = models.BooleanField(null=True)
    holds = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "employee"], name="title_candidate_once")]
        # not on rank: one new record moves thousands of ranks, but only one person's points
        indexes = [models.Index(fields=["title", "-points"], name="title_candidate_points")]

    def __str__(self) -> str:
        return f"{self.title_id} {self.rank}"


@pghistory.track()
class Rating(models.Model):
    """How somebody was rated in a period, as another system says it. It never moves an appraisal's own grade.

    ``period`` is the name of a cycle, or a year or span that the suite has no cycle of. ``grade`` is one of the scale.
    """

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="ratings")
    period = models.CharField(_("period"), max_length=80)
    grade = models.CharField(_("rating"), max_length=60)
    rated_on = models.DateField(_("rated on"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-period", "employee_id"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "period"], name="rating_once"),
            models.CheckConstraint(condition=~Q(period="") & ~Q(grade=""), name="rating_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.period}: {self.grade}"
