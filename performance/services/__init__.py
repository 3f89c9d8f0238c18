"""Every write of the performance app."""

from performance.services.appraisals import (
    release_score,
    reopen_appraisal,
    sign_appraisal,
    sign_complete,
    type_score,
)
from performance.services.cycles import BandPlan, PartPlan, create_cycle, finalise_cycle
from performance.services.rating_file import RatingRow, save_ratings
from performance.services.score_file import ScoreRow, save_scores
from performance.services.scores import pull_training_scores
from performance.services.titles import (
    confirm_title,
    create_title,
    mark_titles_stale,
    refresh_stale_titles,
    reopen_title,
)

__all__ = [
    "BandPlan",
    "PartPlan",
    "RatingRow",
    "ScoreRow",
    "confirm_title",
    "create_cycle",
    "create_title",
    "finalise_cycle",
    "mark_titles_stale",
    "pull_training_scores",
    "refresh_stale_titles",
    "release_score",
    "reopen_appraisal",
    "reopen_title",
    "save_ratings",
    "save_scores",
    "sign_appraisal",
    "sign_complete",
    "type_score",
]
