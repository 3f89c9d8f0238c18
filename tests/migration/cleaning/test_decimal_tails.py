"""Identifiers that were numbers for a while: 1001.0, 0420.0, 1005,0, and E1005.0, which no number ever was."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import column

PLAIN = [f"{number:04d}" for number in range(418, 448)]


@pytest.mark.parametrize("tail", [".0", ".00", ",0"])
@pytest.mark.parametrize("every", [1, 7])
@pytest.mark.parametrize("first", [418, 1418])
def test_the_tail_goes_and_zeros_in_front_stay(tail, every, first):
    ids = [f"{number:04d}" for number in range(first, first + 30)]
    dirty = [f"{one}{tail}" if place % every == 0 else one for place, one in enumerate(ids)]
    found, result = column("Badge no", *dirty)
    assert (found, result.doubts) == (ids, [])


def test_a_zero_that_went_with_the_tail_comes_back():
    dirty = [f"{int(one)}.0" if place % 4 == 0 else one for place, one in enumerate(PLAIN)]
    found, result = column("Badge no", *dirty)
    assert (found, result.doubts) == (PLAIN, [])


def test_a_code_with_a_tail_is_asked_about():
    codes = [f"E{number}" for number in range(1001, 1031)]
    dirty = [*codes[:4], f"{codes[4]}.0", *codes[5:]]
    found, result = column("Badge no", *dirty)
    assert found == dirty
    assert [(one.row, one.value, one.candidates) for one in result.doubts] == [(6, "E1005.0", ("E1005", "E1005.0"))]
    # numbers of versions are what they are
    versions = [f"V{number}.{number % 3}" for number in range(10, 40)]
    found, result = column("Badge no", *versions)
    assert (found, result.doubts) == (versions, [])
