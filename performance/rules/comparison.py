"""Two groups compared within strata: differences with their confidence intervals, from sums alone.

``performance/sql/insight.sql`` makes the sums of ``match``; a test compares them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

#: fewer than this in either group say nothing
LEAST = 10
CONFIDENCE = 0.95

TOO_FEW, UNCLEAR, HIGHER, LOWER = "too_few", "unclear", "higher", "lower"


@dataclass(frozen=True)
class Matched:
    """Those who took something (1) and those who did not (0), in strata that have both.

    ``mean0`` is weighted by those who took it: as if the others sat where those sit. ``within`` are sums of squared
    deviations from the mean of the own stratum and group, ``freedom`` their degrees of freedom. ``spread0`` is the sum
    over strata of n1 squared by n0. ``alone`` took it where nobody is left to compare with, in ``alone_strata``;
    ``neither`` belong to no group: they took it before, or only failed.
    """

    strata: int
    n1: int
    n0: int
    mean1: float | None = None
    mean0: float | None = None
    within1: float = 0.0
    within0: float = 0.0
    freedom1: int = 0
    freedom0: int = 0
    spread0: float = 0.0
    alone_strata: int = 0
    alone: int = 0
    neither: int = 0

    @property
    def is_enough(self) -> bool:
        return min(self.n1, self.n0) >= LEAST


@dataclass(frozen=True)
class Estimate:
    """The first mean or share minus the second, and the interval around it."""

    difference: float
    low: float
    high: float


def match(strata: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Matched:
    """Sums over strata, each the values of those who took it and of those who did not."""
    strata = [(list(took), list(others)) for took, others in strata]
    both = [(took, others) for took, others in strata if took and others]
    alone = [took for took, others in strata if took and not others]
    n1 = sum(len(took) for took, _others in both)

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    def within(values: Sequence[float]) -> float:
        return sum((value - mean(values)) ** 2 for value in values)

    return Matched(
        strata=len(both),
        n1=n1,
        n0=sum(len(others) for _took, others in both),
        mean1=sum(sum(took) for took, _others in both) / n1 if n1 else None,
        mean0=sum(len(took) * mean(others) for took, others in both) / n1 if n1 else None,
        within1=sum(within(took) for took, _others in both),
        within0=sum(within(others) for _took, others in both),
        freedom1=sum(len(took) - 1 for took, _others in both),
        freedom0=sum(len(others) - 1 for _took, others in both),
        spread0=sum(len(took) ** 2 / len(others) for took, others in both),
        alone_strata=len(alone),
        alone=sum(len(took) for took in alone),
    )


def difference_of_means(matched: Matched, confidence: float = CONFIDENCE) -> Estimate | None:
    """Welch's interval (B. L. Welch, Biometrika 34, 1947, with Satterthwaite's degrees of freedom), stratified.

    Strata are weighted by those who took it (w = n1/N1 of each). Of either group one variance s² is taken, pooled over
    the strata; then Var = s1² Σw²/n1 + s0² Σw²/n0, which with a single stratum is Welch's s1²/n1 + s0²/n0.
    None where nothing varies or a group has nobody to tell its variance by.
    """
    if matched.mean1 is None or matched.mean0 is None or not matched.freedom1 or not matched.freedom0:
        return None
    var1 = max(matched.within1, 0.0) / matched.freedom1 / matched.n1
    var0 = max(matched.within0, 0.0) / matched.freedom0 * matched.spread0 / matched.n1**2
    if var1 + var0 <= 0:
        return None
    freedom = (var1 + var0) ** 2 / (var1**2 / matched.freedom1 + var0**2 / matched.freedom0)
    reach = student_quantile((1 + confidence) / 2, freedom) * math.sqrt(var1 + var0)
    difference = matched.mean1 - matched.mean0
    return Estimate(difference, difference - reach, difference + reach)


def difference_of_shares(matched: Matched, confidence: float = CONFIDENCE) -> Estimate | None:
    """Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 873-890, 1998, method 10).

    With strata, the share of the others is the weighted one, on the number of people that it is worth: 1 / Σw²/n0.
    With a single stratum that is n0 itself.
    """
    if matched.mean1 is None or matched.mean0 is None:
        return None
    p1, p0 = matched.mean1, matched.mean0
    low1, high1 = wilson(p1, matched.n1, confidence)
    low0, high0 = wilson(p0, matched.n1**2 / matched.spread0, confidence)
    difference = p1 - p0
    return Estimate(
        difference,
        difference - math.hypot(p1 - low1, high0 - p0),
        difference + math.hypot(high1 - p1, p0 - low0),
    )


def wilson(share: float, number: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of a share of ``number`` people (E. B. Wilson, JASA 22, 209-212, 1927), not corrected for continuity."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = share + z * z / (2 * number)
    reach = z * math.sqrt(max(share * (1 - share), 0.0) / number + z * z / (4 * number * number))
    whole = 1 + z * z / number
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def verdict(matched: Matched, estimate: Estimate | None) -> str:
    """``higher`` or ``lower`` only with enough people and an interval that leaves out zero."""
    if not matched.is_enough or estimate is None:
        return TOO_FEW
    if estimate.low > 0:
        return HIGHER
    return LOWER if estimate.high < 0 else UNCLEAR


# --- Student's t ------------------------------------------------------------------------------------------------------
def student_quantile(share: float, freedom: float) -> float:
    """The t below which ``share`` (a half or more) of Student's distribution lies, by bisection."""
    low, high = 0.0, 2.0
    while _student_below(high, freedom) < share:
        low, high = high, high * 2
    for _step in range(80):
        middle = (low + high) / 2
        if _student_below(middle, freedom) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _student_below(t: float, freedom: float) -> float:
    """Share of Student's distribution below ``t`` >= 0: 1 - I_x(f/2, 1/2) / 2 at x = f / (f + t²) (DLMF 8.17)."""
    return 1 - _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), evaluated after Lentz."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    fraction = d
    for m in range(1, 500):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d or tiny)
            c = 1 + factor / c or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * fraction
