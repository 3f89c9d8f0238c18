"""The policy language (docs/policy-format.md), evaluated in plain Python for one employee at a time. No Django."""

from training.rules.engine.account import Account, Line, Need, Outcome
from training.rules.engine.evaluate import evaluate, evaluate_team
from training.rules.engine.inputs import Adjustment, Leave, Person, Post, Record
from training.rules.engine.keep import keep, leave, needs_left, restore
from training.rules.engine.outcomes import finish as _finish
from training.rules.engine.plan import Plan, UnknownPeriod


def finish(plan: Plan, *, period: str, accounts: list[Account]) -> list[Account]:
    """Rank, status and outcomes of a period's accounts."""
    return _finish(plan, [account for account in accounts if account.period == period])


__all__ = [
    "Account",
    "Adjustment",
    "Leave",
    "Line",
    "Need",
    "Outcome",
    "Person",
    "Plan",
    "Post",
    "Record",
    "UnknownPeriod",
    "evaluate",
    "evaluate_team",
    "finish",
    "keep",
    "leave",
    "needs_left",
    "restore",
]
