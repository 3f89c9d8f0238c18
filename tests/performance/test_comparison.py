"""The statistics behind insights, against published examples and sums done by hand."""

from __future__ import annotations

import math

import pytest

from performance.rules import comparison
from performance.rules.comparison import Matched, difference_of_means, difference_of_shares, match, verdict

#: extra hours of sleep with two drugs: the data of Student's paper of 1908, "sleep" in R
SLEEP1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def shares(yes1: int, n1: int, yes0: int, n0: int) -> Matched:
    return match([([1] * yes1 + [0] * (n1 - yes1), [1] * yes0 + [0] * (n0 - yes0))])


@pytest.mark.parametrize(
    ("freedom", "t"),
    [(1, 12.7062), (2, 4.3027), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799), (1e6, 1.95997)],
)
def test_t_as_in_printed_tables(freedom, t):
    assert comparison.student_quantile(0.975, freedom) == pytest.approx(t, abs=6e-5)


def test_welch_as_r_prints_it():
    # t.test(extra ~ group, data = sleep): 95 percent confidence interval -3.3654832 0.2054832
    found = difference_of_means(match([(SLEEP1, SLEEP2)]))
    assert found.difference == pytest.approx(-1.58)
    assert (found.low, found.high) == (pytest.approx(-3.3654832, abs=1e-7), pytest.approx(0.2054832, abs=1e-7))


@pytest.mark.parametrize(
    ("yes", "number", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_prints_it(yes, number, low, high):
    """Newcombe, Statistics in Medicine 17, 857-872 (1998), table I, method 3."""
    found = comparison.wilson(yes / number, number)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_difference_of_shares_as_newcombe_prints_it(counts, low, high):
    """Newcombe, Statistics in Medicine 17, 873-890 (1998), table II, method 10."""
    found = difference_of_shares(shares(*counts))
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_strata_by_hand():
    """Two departments of different level: the plain difference is 10, within each it is 2 and 5."""
    matched = match(
        [
            ([82, 84, 86], [80, 84]),  # means 84 and 82, difference 2
            ([65], [58, 60, 62]),  # means 65 and 60, difference 5
            ([90, 92], []),  # nobody to compare with
            ([], [10, 20]),  # nobody took it
        ]
    )
    assert (matched.strata, matched.n1, matched.n0, matched.alone, matched.alone_strata) == (2, 4, 5, 2, 1)
    # (84 x 3 + 65 x 1) / 4 and (82 x 3 + 60 x 1) / 4: the difference is (2 x 3 + 5 x 1) / 4
    assert (matched.mean1, matched.mean0) == (79.25, 76.5)
    # squares about the own mean: 4 + 0 + 4, 0; and 4 + 4, 4 + 0 + 4
    assert (matched.within1, matched.within0, matched.freedom1, matched.freedom0) == (8, 16, 2, 3)
    assert matched.spread0 == pytest.approx(9 / 2 + 1 / 3)
    found = difference_of_means(matched)
    # variances 4 and 16/3; 4/4 + 16/3 x (4.5 + 1/3) / 16 = 1 + 1.6111; f = 2.6111² / (1/2 + 1.6111²/3) = 4.9984
    assert found.difference == pytest.approx(2.75)
    assert found.high - found.difference == pytest.approx(2.5708 * math.sqrt(2.61111), abs=2e-3)


def test_verdict_needs_ten_of_each_and_an_interval_without_zero():
    few = match([([90.0 + n % 2 for n in range(9)], [50.0 + n % 2 for n in range(30)])])
    assert verdict(few, difference_of_means(few)) == comparison.TOO_FEW
    many = match([([90.0 + n % 2 for n in range(10)], [50.0 + n % 2 for n in range(10)])])
    assert verdict(many, difference_of_means(many)) == comparison.HIGHER
    back = match([([50.0 + n % 2 for n in range(10)], [90.0 + n % 2 for n in range(10)])])
    assert verdict(back, difference_of_means(back)) == comparison.LOWER
    same = match([([50.0 + n % 2 for n in range(10)], [50.0 + n % 2 for n in range(10)])])
    assert verdict(same, difference_of_means(same)) == comparison.UNCLEAR


def test_nothing_to_tell_the_variance_by():
    assert difference_of_means(match([])) is None
    assert difference_of_means(match([([5.0], [4.0, 5.0])])) is None
    assert difference_of_means(match([([5.0, 5.0], [5.0, 5.0])])) is None
    assert difference_of_shares(match([])) is None
