"""Courses, activities, policies and rules, records, targets, the ledger and what is derived from it."""

from training.models.appeals import Appeal, AppealState
from training.models.catalogue import (
    Activity,
    Category,
    CategoryClosure,
    Course,
    Measure,
)
from training.models.changes import ChangeEffect, ChangeState, PolicyChange, Simulation
from training.models.closing import (
    Correction,
    CorrectionState,
    ReopeningState,
    SnapshotLine,
    YearReopening,
    YearSnapshot,
)
from training.models.ledger import (
    SHARE,
    BookingBatch,
    EntryKind,
    LedgerEntry,
    PointsWork,
    Standing,
    YearChanged,
    YearFigures,
)
from training.models.paths import LearningPath, PathItem
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
from training.models.teams import TeamRecord

__all__ = [
    "SHARE",
    "Activity",
    "Appeal",
    "AppealState",
    "Basis",
    "BookingBatch",
    "Category",
    "CategoryClosure",
    "ChangeEffect",
    "ChangeState",
    "Correction",
    "CorrectionState",
    "Course",
    "EntryKind",
    "LearningPath",
    "LearningRecord",
    "LedgerEntry",
    "Measure",
    "PathItem",
    "PointsWork",
    "PointsYear",
    "Policy",
    "PolicyChange",
    "RecordStatus",
    "Reminder",
    "ReopeningState",
    "Rule",
    "RuleVersion",
    "Simulation",
    "SnapshotLine",
    "Standing",
    "Target",
    "TargetRequirement",
    "TeamRecord",
    "YearChanged",
    "YearFigures",
    "YearReopening",
    "YearSnapshot",
]
