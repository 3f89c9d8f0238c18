"""Columns of numbers: units, open ends, codes for nothing, scores beyond their scale."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.migration.cleaning.tables import asked, column


def test_codes_for_not_known_are_asked_about():
    hours = [str(number) for number in range(1, 60)]
    assert asked(column("Training hours", "9999", before=hours)[1]) == [(61, "Training hours", "9999")]
    assert asked(column("Training hours", "-5", "9999", before=hours)[1]) == [
        (61, "Training hours", "-5"), (62, "Training hours", "9999"),
    ]  # fmt: skip
    assert asked(column("Dependants", "-1", before=hours)[1]) == [(61, "Dependants", "-1")]
    # among thousands it is a number
    assert not column("Amount", "999", before=["1200", "880", "2400"])[1].doubts
    assert not column("Balance", "-1", before=["-20", "14", "3"])[1].doubts


def test_scores_far_beyond_the_scale_are_asked_about_even_where_they_are_many():
    usual = ["4.3", "3.9", "1.2", "5", "2.25"] * 20
    asked_about = asked(column("EngagementSurvey", *["55"] * 5, before=usual)[1])
    assert [value for _row, _name, value in asked_about] == ["55"] * 5
    # a scale of ten
    assert not column("Rating", *["7", "8", "9"] * 3, before=usual)[1].doubts


def test_open_ends_are_words_of_the_column():
    usual = [str(number) for number in range(1, 20)] * 5
    cells, result = column("Experience", *[">20", "<1"] * 4, "20+", before=usual)
    assert cells == [*[">20", "<1"] * 4, "20+"]
    assert asked(result) == [(105, "Experience", "20+")]


def test_the_unit_that_the_heading_names_is_plain():
    cells, result = column("培训学时", "2小时", "4h", "1.5 学时", "2天", "90分钟", before=["2", "4", "8"])
    assert cells == ["2", "4", "1.5", "2天", "90分钟"]
    assert [value for _row, _name, value in asked(result)] == ["2天", "90分钟"]


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("1h30", "1.5"), ("1h 30m", "1.5"), ("1.5 hrs", "1.5"), ("90 min", "1.5"), ("45m", "0.75"), ("½", "0.5"),
        ("1½", "1.5"), ("2 1/2", "2.5"), ("PT1H30M", "1.5"), ("PT90M", "1.5"), ("01:30:00", "1.5"), ("1:30 h", "1.5"),
        ("1 hour and 30 minutes", "1.5"), ("1小时半", "1.5"), ("半小时", "0.5"), ("90分钟", "1.5"),
    ],
)  # fmt: skip
def test_how_long_something_took_is_read_in_the_unit_of_the_heading(cell, hours):
    cells, result = column("Training hours", cell, before=["2", "3", "1.5", "8"] * 4)
    assert cells == [hours]
    assert not result.doubts
    if "½" not in cell and "/" not in cell:
        minutes = format((Decimal(hours) * 60).normalize(), "f")
        assert column("Minutes", cell, before=["20", "30", "90"] * 5)[0] == [minutes]


def test_half_of_a_minute_is_asked_about():
    cells, result = column("Minutes", "1½", before=["20", "30", "90"] * 5)
    assert cells == ["1½"]
    assert result.doubts[0].candidates == ("90", "1.5")


def test_days_among_hours_are_asked_about():
    cells, result = column("Training hours", "2 days", before=["2", "3", "1.5", "8"] * 4)
    assert cells == ["2 days"]
    assert len(result.doubts) == 1


@pytest.mark.parametrize("pay", ["6250600", "10", "999", "0"])
def test_a_pay_far_from_all_others_is_asked_about(pay):
    usual = [str(45_000 + 1_037 * n) for n in range(60)]
    assert asked(column("Annual Salary", pay, before=usual)[1]) == [(62, "Annual Salary", pay)]


def test_pays_that_differ_by_nature_are_believed():
    # hours and years, part of the year, and nothing
    assert not column("Salary", "15.50", before=["22.10", "45000", "61000", "18.75"] * 20)[1].doubts
    assert not column("Bonus", "25000", before=["0", "0", "1200", "500"] * 20)[1].doubts
    assert not column("Salary", "320000", before=[str(45_000 + 1_037 * n) for n in range(60)])[1].doubts


def test_absences_ten_times_as_many_as_all_others_are_asked_about():
    usual = [str(n % 19 + 1) for n in range(120)]
    assert [one[2] for one in asked(column("Absences", "190", "1000", before=usual)[1])] == ["190", "1000"]
