"""Learning records: saved in bulk, corrected, voided and restored. Every change queues points work."""

from training.services.records.adjust import adjust_points
from training.services.records.change import (
    check_restated,
    correct_record,
    enter_record,
    restate_records,
    restore_record,
    void_record,
    void_records,
)
from training.services.records.rows import RecordRow
from training.services.records.save import check_records, save_records
from training.services.records.teams import TeamRow, enter_team_record, save_team_records, void_team_record

__all__ = [
    "RecordRow",
    "TeamRow",
    "adjust_points",
    "check_records",
    "check_restated",
    "correct_record",
    "enter_record",
    "enter_team_record",
    "restate_records",
    "restore_record",
    "save_records",
    "save_team_records",
    "void_record",
    "void_records",
    "void_team_record",
]
