"""Courses, activities, policies and rules, records, targets, the ledger and what is derived from it."""

from training.models.catalogue import (
    Activity,
    Category,
    CategoryClosure,
    Course,
    Measure,
)
from training.models.ledger import (
    BookingBatch,
    EntryKind,
    LedgerEntry,
    PointsWork,
    Standing,
    YearChanged,
    YearFigures,
)
from training.models.periods import PointsYear
from training.models.policy import (
    Basis,
    Policy,
    Rule,
    RuleVersion,
    Target,
    TargetRequirement,
)
from training.models.records import LearningRecord, RecordStatus, Reminder

__all__ = [
    "Activity",
    "Basis",
    "BookingBatch",
    "Category",
    "CategoryClosure",
    "Course",
    "EntryKind",
    "LearningRecord",
    "LedgerEntry",
    "Measure",
    "PointsWork",
    "PointsYear",
    "Policy",
    "RecordStatus",
    "Reminder",
    "Rule",
    "RuleVersion",
    "Standing",
    "Target",
    "TargetRequirement",
    "YearChanged",
    "YearFigures",
]
