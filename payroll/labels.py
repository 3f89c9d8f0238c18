"""Words for the codes of payroll."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payroll import rules

REASONS = {
    rules.TARGET_MISSED: _("Training target missed"),
    rules.NO_TARGET: _("No training target"),
    rules.NO_POINTS: _("No points"),
    rules.POLICY_OUTCOME: _("Not eligible by the points policy"),
    rules.NO_SALARY: _("No salary on the eve of the raise"),
    rules.LEFT: _("Leaves before the raise takes effect"),
}


def reason_texts(codes: Iterable[str]) -> list[str]:
    """Why somebody is not eligible, in words."""
    return [str(REASONS.get(code, code)) for code in codes]


def joined(texts: Iterable[str]) -> str:
    return gettext("; ").join(texts)
