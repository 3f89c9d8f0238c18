"""Letters and digits that went astray: in domains, at the end of long numbers, in front of words, in a GB18030 file."""

from __future__ import annotations

import pytest

from migration.services.encodings import readings_of
from tests.migration.cleaning.tables import asked, column, table

MAILS = [f"person{n}@{'gmail.com' if n % 2 else 'firm.example.org'}" for n in range(60)]


@pytest.mark.parametrize(
    ("value", "meant"),
    [("x@gmail.con", "x@gmail.com"), ("x@gmal.com", "x@gmail.com"), ("x@firm.exmple.org", "x@firm.example.org")],
)
def test_a_domain_that_is_nearly_that_of_the_others_is_asked(value, meant):
    _cells, result = column("Email", value, before=MAILS)
    assert asked(result) == [(62, "Email", value)]
    assert result.doubts[0].candidates == (meant, value)


def test_domains_of_their_own_stay():
    assert not column("Email", "a@web.de", "b@gmx.net", "c@mail.com", before=MAILS)[1].doubts


def test_numbers_that_lost_their_last_digits_to_a_spreadsheet_are_asked():
    cards = [f"6222{440333284590000 + 7_919_773 * n:015d}" for n in range(1, 50)]
    cards[20] = cards[20][:15] + "0000"
    _cells, result = column("银行卡号", *cards)
    assert asked(result) == [(22, "银行卡号", cards[20])]
    # numbers that end so by nature
    assert not column("银行卡号", *[f"6222{n:011d}0000" for n in range(40)])[1].doubts


def test_a_first_letter_that_is_gone_is_a_slip():
    usual = ["Operations", "Finance", "Sales"] * 20
    for value, meant in (("perations", "Operations"), ("inance", "Finance"), ("Dinance", "Finance")):
        assert column("Department", value, before=usual)[1].doubts[0].candidates[0] == meant


def test_two_words_cut_short_are_no_candidates_for_each_other():
    _cells, result = column("City", "San Fran", "San Franc", before=["San Francisco", "Oakland"] * 15)
    assert [one.candidates[0] for one in result.doubts] == ["San Francisco", "San Francisco"]


def test_the_word_of_another_column_is_no_gender_and_no_status():
    rows = [
        [f"E{n}", "Male" if n % 2 else "Female", "Single" if n % 3 else "Married", "Active" if n % 5 else "On leave"]
        for n in range(60)
    ]
    headings = ["Employee ID", "Gender", "Marital status", "Employment status"]
    assert not table(headings, *rows)[1].doubts
    rows[10][1], rows[30][3] = "Single", "Male"
    assert {(12, "Gender", "Single"), (32, "Employment status", "Male")} <= set(asked(table(headings, *rows)[1]))


def test_signs_that_nobody_sees_leave_a_text_gb18030():
    lines = [f"E{n},Ann{chr(0x200B)} Lee,{chr(0x201C)}Sales{chr(0x201D)},20{chr(0xAD)}00" for n in range(20)]
    text = "\n".join(["id,name,team,pay", *lines]).encode("gb18030")
    assert readings_of(lambda: iter([text]))[0].codec == "gb18030"


def test_a_gender_among_other_words_is_asked_also_where_genders_are_written_otherwise():
    rows = [
        [f"E{n}", "男" if n % 2 else "女", "在职" if n % 5 else "离职", f"王{'安博成东'[n % 4]}"] for n in range(60)
    ]
    rows[30][2] = "Male"
    assert (32, "员工状态", "Male") in asked(table(["工号", "性别", "员工状态", "姓名"], *rows)[1])


def test_a_lone_quotation_mark_behind_a_word_goes():
    cells, result = column("Pay zone", "Zone A’", 'Main Zone"', before=["Zone A", "Main Zone", "Master's"] * 15)
    assert cells == ["Zone A", "Main Zone"]
    assert not result.doubts
    assert column("Size", '5" pipe', "6'", before=["4' rod", "Pipe"] * 15)[0] == ['5" pipe', "6'"]


def test_a_quotation_mark_behind_hours_may_mean_minutes():
    _cells, result = column("Training hours", "90'", before=[str(n % 9 + 1) for n in range(40)])
    assert [one.candidates for one in result.doubts] == [("1.5", "90")]
