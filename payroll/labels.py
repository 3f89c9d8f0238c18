"""Words for the codes of payroll."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from payroll import rules

REASONS = {
    rules.TARGET_MISSED: _lazy("Training target missed"),
    rules.NO_TARGET: _lazy("No training target"),
    rules.NO_POINTS: _lazy("No points"),
    rules.NO_SALARY: _lazy("No salary on the eve of the raise"),
    rules.LEFT: _lazy("Leaves before the raise takes effect"),
}


def reason_texts(codes: Iterable[str]) -> list[str]:
    """Why somebody is not eligible, in words."""
    return [str(REASONS.get(code, code)) for code in codes]


def joined(texts: Iterable[str]) -> str:
    return _("; ").join(texts)
