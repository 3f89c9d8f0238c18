"""Set-based statements, one file each; ``{name}`` marks a fragment filled in by the caller."""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def load(name: str) -> str:
    """Text of ``name``.sql beside this file."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
