"""Every write of the payroll app."""

from payroll.services.decisions import (
    approve_raise,
    approve_recommended,
    change_raise,
    reject_raise,
    reopen_decision,
)
from payroll.services.reviews import (
    close_review,
    create_review,
    mark_reviews_stale,
    rebuild_population,
    refresh_stale_reviews,
)
from payroll.services.salaries import SalaryRow, save_salaries
from payroll.services.simulated import Flip, raise_flips

__all__ = [
    "Flip",
    "SalaryRow",
    "approve_raise",
    "approve_recommended",
    "change_raise",
    "close_review",
    "create_review",
    "mark_reviews_stale",
    "raise_flips",
    "rebuild_population",
    "refresh_stale_reviews",
    "reject_raise",
    "reopen_decision",
    "save_salaries",
]
