"""A policy in plain sentences, in the reader's language: docs/policy-format.md read aloud."""

from training.selectors.policy_words.conditions import condition_words
from training.selectors.policy_words.names import Names
from training.selectors.policy_words.rules import rule_notes, version_words
from training.selectors.policy_words.sections import Line, Section, basics_lines, policy_sections
from training.selectors.policy_words.targets import target_lines

__all__ = [
    "Line",
    "Names",
    "Section",
    "basics_lines",
    "condition_words",
    "policy_sections",
    "rule_notes",
    "target_lines",
    "version_words",
]
