"""Cleaning of tables from old systems: named rules, stated changes, and doubts instead of guesses. No Django here."""

from migration.cleaning.decisions import BadAnswerError, read_decisions, read_terms
from migration.cleaning.layout import Layout, find_table
from migration.cleaning.registry import RULES, Rule
from migration.cleaning.run import Cleaned, Fields, clean
from migration.cleaning.work import Change, Doubt, Dropped, Hints, Say

__all__ = [
    "RULES", "BadAnswerError", "Change", "Cleaned", "Doubt", "Dropped", "Fields", "Hints", "Layout", "Rule", "Say",
    "clean", "find_table", "read_decisions", "read_terms",
]  # fmt: skip
