"""Forms of changes of policies. They check shape; the services decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from training.forms.policies import PolicyFileForm
from training.services.changes import REASON_LENGTH


class DraftForm(PolicyFileForm):
    """The whole policy as a file, written here or uploaded, and why."""

    activate = None  # type: ignore[assignment]
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("Others will read it beside the points that move."),
    )
    from_day = forms.DateField(
        label=_("New terms from"),
        widget=DayInput(),
        required=False,
        help_text=_("Only where terms that have booked points change: until the day before they stay as they are."),
    )


class ReverseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)
