"""Every write of the payroll app."""

from payroll.services.reviews import mark_reviews_stale, refresh_stale_reviews

__all__ = ["mark_reviews_stale", "refresh_stale_reviews"]
