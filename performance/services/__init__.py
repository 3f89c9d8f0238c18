"""Every write of the performance app."""

from performance.services.scores import pull_training_scores
from performance.services.titles import mark_titles_stale, refresh_stale_titles

__all__ = ["mark_titles_stale", "pull_training_scores", "refresh_stale_titles"]
