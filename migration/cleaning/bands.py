"""Columns of bands, such as 10-49, 1000+ and 3-5 years: rare cells that are nearly one of the usual ones."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from migration.cleaning.words import ask_slip, counts_of
from migration.cleaning.work import Column, Work

_BAND = re.compile(r"[<>≤≥]\s*\d[\d,]*\D*|\d[\d,]*\s*(?:[-~–—/]|to|至)\s*\d[\d,]*\D*|\d[\d,]*\s*\+\D*", re.IGNORECASE)
#: share of the usual words that are bands, how often a usual one comes, and letters of one that a slip leaves known
_BANDS, _USUAL, _LEAST = 0.7, 10, 4
#: how often a slip comes, for each time of the usual one
_RARE_SHARE = 0.05


def report_odd_bands(work: Work, column: Column) -> None:
    """Rule ``spelling``: a rare cell of which one sign more, less or otherwise makes a usual band."""
    counts = counts_of(work, column)
    usual = [word for word, count in counts.most_common() if count >= _USUAL]
    if len(usual) < 2 or sum(bool(_BAND.fullmatch(word)) for word in usual) < _BANDS * len(usual):
        return
    for word, count in counts.items():
        if count >= _USUAL or len(word) < _LEAST:
            continue
        near = [
            other for other in usual
            if count <= max(1, _RARE_SHARE * counts[other]) and OSA.distance(word, other, score_cutoff=1) == 1
        ]  # fmt: skip
        ask_slip(work, column, word, near)
