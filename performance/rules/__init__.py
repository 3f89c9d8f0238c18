"""Scores, grades, top shares and comparisons as pure functions."""

from performance.rules.scores import (
    CENT,
    HUNDRED,
    MISSING,
    NOT_APPLICABLE,
    SCORED,
    Part,
    effective_weights,
    final_score,
    grade_of,
    head_count,
    top,
    training_score,
)

__all__ = [
    "CENT",
    "HUNDRED",
    "MISSING",
    "NOT_APPLICABLE",
    "SCORED",
    "Part",
    "effective_weights",
    "final_score",
    "grade_of",
    "head_count",
    "top",
    "training_score",
]
