"""Every dirt with a table made for it: what is mended, what is asked, what stays."""

# ruff: noqa: DTZ001, E501 - spreadsheets know no zones; tables read as rows

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from migration.cleaning import Hints
from tests.migration.cleaning.tables import asked, column, table

PLAIN_DAYS = ["2023-01-05", "2022-12-31", "2021-07-19", "2020-02-29", "2019-10-10", "2018-03-25"]


@pytest.mark.parametrize(
    ("dirty", "clean_text"),
    [
        ("  Ann ", "Ann"), ("Ann\u00a0Lee", "Ann Lee"), ("Ann   Lee", "Ann Lee"), ("\u200bAnn\ufeff", "Ann"),
        ("Ann\u3000Lee", "Ann Lee"), ("Ａｎｎ", "Ann"), ("王　伟", "王伟"), ("Ann\nLee", "Ann Lee"), ("A_x000D_nn", "Ann"),
        ("JosÃ©", "José"), ("Ann\u00ad", "Ann"),
    ],
)  # fmt: skip
def test_letters(dirty, clean_text):
    cells, result = column("Name", dirty)
    assert cells == [clean_text]
    assert next((one.before, one.rows) for one in result.changes) == (dirty, [2])


def test_names_drawn_apart_and_odd_genders():
    assert column("姓名", "王 伟", "王　伟", "欧阳 娜娜")[0] == ["王伟", "王伟", "欧阳娜娜"]
    assert asked(column("Sex", "Z", before=["Male", "Female"] * 4)[1]) == [(10, "Sex", "Z")]


def test_identifiers_with_marks():
    assert column("Staff code", "1,234", "1,235.0", before=["1230", "1231", "1232"])[0] == ["1234", "1235"]


def test_wide_signs_stay_in_chinese_text():
    cells, _result = column("备注", "销售部（华东）", "Ｒ＆Ｄ", "第１组")
    assert cells == ["销售部（华东）", "R&D", "第1组"]


def test_a_lost_letter_is_asked():
    assert asked(column("Name", "Jos\ufffd")[1]) == [(2, "Name", "Jos\ufffd")]


@pytest.mark.parametrize(
    "written",
    [
        "2023/1/5", "2023-01-05", "2023.1.5", "2023年1月5日", "5-Jan-23", "05-JAN-2023", "January 5, 2023", "Jan 5 2023",
        "20230105", "2023-01-05 00:00:00", "2023-01-05T00:00:00Z", "5 January 2023", "Thu, 5 Jan 2023", "二〇二三年一月五日",
        "２０２３／１／５", "5-1月-23", "2023-Jan-05", " 2023-1-5 ", "2023年01月05日 星期四", "5th Jan 2023",
    ],
)  # fmt: skip
def test_forms_of_a_date(written):
    cells, result = column("Hire date", written, before=PLAIN_DAYS)
    assert cells == ["2023-01-05"]
    assert not result.doubts


def test_a_column_tells_whether_days_come_first():
    assert column("Hire date", "03/04/2023", "25/12/2022", "13/01/2021")[0] == [
        "2023-04-03",
        "2022-12-25",
        "2021-01-13",
    ]
    assert column("Hire date", "3/4/2023", "12/25/2022", "1/13/2021")[0] == ["2023-03-04", "2022-12-25", "2021-01-13"]


def test_a_column_that_does_not_tell_is_asked():
    cells, result = column("Hire date", "03/04/2023", "05/06/2022", "07/07/2021")
    assert cells == ["03/04/2023", "05/06/2022", "2021-07-07"]
    assert result.doubts[0].candidates == ("2023-04-03", "2023-03-04")
    assert column("Hire date", "03/04/2023", hints=Hints(orders={"Hire date": "mdy"}))[0] == ["2023-03-04"]


def test_a_column_that_contradicts_itself_is_asked_where_unclear():
    cells, result = column("Hire date", "25/12/2022", "12/25/2021", "03/04/2023")
    assert cells == ["2022-12-25", "2021-12-25", "03/04/2023"]
    assert asked(result) == [(4, "Hire date", "03/04/2023")]


def test_few_plain_cells_among_many_unclear_ones_are_odd():
    _cells, result = column("Hire date", "13/01/2022", *[f"{1 + n % 12:02d}/{1 + n % 11:02d}/2021" for n in range(60)])
    assert len(result.doubts) > 40


@pytest.mark.parametrize(
    ("heading", "written", "day"),
    [
        ("DOB", "07/25/65", "1965-07-25"), ("DOB", "07/25/02", "2002-07-25"), ("Hire date", "07/25/08", "2008-07-25"),
        ("Hire date", "07/25/98", "1998-07-25"), ("DOB", dt.datetime(2065, 7, 25), "1965-07-25"), ("DOB", "2065-07-25", "1965-07-25"),
    ],
)  # fmt: skip
def test_centuries(heading, written, day):
    cells, result = column(heading, written, before=["1/31/1980", "2/28/1990"])
    assert cells == [day]
    assert not result.doubts


def test_a_century_that_is_not_clear_is_asked():
    assert asked(column("DOB", "07/25/15", before=["1/31/80"])[1]) == [(3, "DOB", "07/25/15")]
    assert asked(column("Hire date", "07/25/30", before=["1/31/10"])[1]) == [(3, "Hire date", "07/25/30")]


@pytest.mark.parametrize("serial", [44931, 44931.0, "44931", "44931.0", 44931.5])
def test_serial_numbers(serial):
    assert column("Hire date", serial, before=PLAIN_DAYS)[0] == ["2023-01-05"]


def test_serial_numbers_from_1904():
    assert column("Hire date", 44931, before=PLAIN_DAYS, hints=Hints(from_1904=True))[0] == ["2027-01-06"]


def _days(count, seed=1):
    random = Random(seed)
    return [dt.date(2000, 1, 1) + dt.timedelta(days=random.randrange(8000)) for _n in range(count)]


def test_days_and_months_that_a_spreadsheet_exchanged():
    days = _days(60)
    cells = [dt.datetime(d.year, d.day, d.month) if d.day <= 12 else d.strftime("%d-%m-%Y") for d in days]
    out, result = column("Hire date", *cells)
    assert out == [day.isoformat() for day in days]
    assert not result.doubts
    assert "swapped_dates" in {one.rule for one in result.changes}


def test_a_small_mixture_is_asked():
    out, result = column("Hire date", dt.datetime(2020, 4, 3), "25-12-2020")
    assert out == ["2020-04-03", "2020-12-25"]
    assert result.doubts[0].candidates == ("2020-03-04", "2020-04-03")


def test_real_dates_with_days_above_12_are_trusted():
    days = _days(60)
    cells = [
        dt.datetime(d.year, d.month, d.day) if number % 5 else d.strftime("%d/%m/%Y") for number, d in enumerate(days)
    ]
    out, result = column("Hire date", *cells)
    assert out == [day.isoformat() for day in days]
    assert not result.doubts


@pytest.mark.parametrize("written", ["31/02/2023", "2023-13-45", "soon", "2023", "43", "2023-05"])
def test_no_dates(written):
    assert asked(column("Hire date", written, before=PLAIN_DAYS)[1], "dates") == [(8, "Hire date", written)]


def test_months_stay_months():
    assert column("Period date", "2023-05", "2023年6月", "2023/7")[0] == ["2023-05", "2023-06", "2023-07"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12,500.50", "12500.50"), ("$1,250", "1250"), ("¥ 8000", "8000"), ("8000元", "8000"), ("1.2万", "12000"),
        ("(500)", "-500"), ("15k", "15000"), ("１２３", "123"), ("12 500", "12500"), ("1,234,567", "1234567"), ("USD 90", "90"),
        ("-¥500", "-500"), ("1.5e3", "1500"), ("500-", "-500"), ("12,34,567", "1234567"), ("−5.5", "-5.5"), (" 7 ", "7"),
        ("SIXTY THOUSAND", "60000"), ("thirty-five", "35"), ("one hundred and five", "105"), ("八十五", "85"), ("十二", "12"), ("三万五千", "35000"),
    ],
)  # fmt: skip
def test_numbers(written, number):
    assert column("Bonus amount", written, before=["100.5", "200", "350"])[0] == [number]


def test_commas_are_decimals_where_the_column_says_so():
    # groups of three digits do not begin with a zero
    assert column("Amount", "0.5", "0,848", "0.62", "1,234.5")[0] == ["0.5", "0.848", "0.62", "1234.5"]
    # thousands among numbers up to five are as likely a decimal comma
    assert asked(column("Index", "0.5", "3.25", "1", "4.75", "2", "3,125")[1]) == [(7, "Index", "3,125")]
    assert column("Amount", "1.234,56", "12,5", "1,234", "7")[0] == ["1234.56", "12.5", "1.234", "7"]
    assert asked(column("Amount", "1.234,56", "12,345.67", "1,234")[1]) == [(4, "Amount", "1,234")]


def test_percentages_follow_their_column():
    assert column("Share", "45%", before=["0.1", "0.25", "0.9"])[0] == ["0.45"]
    assert column("Percent salary hike", "11%", before=["12", "15", "20"])[0] == ["11"]


def test_units():
    assert column("Hours", "3 hours", "2天", before=["1", "4"])[1].doubts
    assert column("Length", "3 hours", "2天", before=["1", "4"])[1].doubts
    # one unit in two languages, and the heading names it
    assert column("Hours", "3 hours", "2小时", before=["1", "4"])[0] == ["3", "2"]
    assert column("Hours", "3 hours", "2 hours", before=["1", "4"])[0] == ["3", "2"]


@pytest.mark.parametrize("written", ["abc", "缺考", "absent", "two three", "二三"])
def test_no_numbers(written):
    assert asked(column("Score", written, before=list("1234567890"))[1]) == [(12, "Score", written)]


@pytest.mark.parametrize(
    ("heading", "usual", "odd"),
    [("Exam score", [60, 70, 80, 95, 100] * 3, 870), ("Rating", [1, 2, 3, 4, 5] * 4, 9), ("Age", [30, 40, 50] * 4, 300), ("Score", [60, 95] * 6, -5)],
)  # fmt: skip
def test_out_of_range(heading, usual, odd):
    assert asked(column(heading, odd, before=usual)[1], "out_of_range") == [(len(usual) + 2, heading, str(odd))]


@pytest.mark.parametrize(
    "word",
    [
        "NA",
        "N/A",
        "n/a",
        "Unknown",
        "-",
        "--",
        "无",
        "未知",
        "null",
        "None",
        "N/A-StillEmployed",
        "?",
        "TBD",
        "/",
        "暂无",
    ],
)
@pytest.mark.parametrize("heading", ["Exit date", "Department", "Salary", "Comment"])
def test_placeholders(heading, word):
    cells = {"Exit date": "2020-05-25", "Department": "Sales", "Salary": "5000", "Comment": "good"}
    out, result = column(heading, word, before=[cells[heading]] * 4)
    assert out == [""]
    assert not result.doubts
    assert ("placeholders", word, "") in [(one.rule, one.before, one.after) for one in result.changes]


def test_placeholders_that_can_be_values_are_asked():
    assert asked(column("Region", "NA", before=["EU", "AS", "SA", "AF", "OC", "EU"])[1]) == [(8, "Region", "NA")]
    assert asked(column("Last name", "Null", before=["Smith", "Lee", "Brown"])[1]) == [(5, "Last name", "Null")]
    assert column("Training", "None", hints=Hints(kept=frozenset({"none"})))[0] == ["None"]


@pytest.mark.parametrize("lost", ["#####", "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "=SUM(A1:A3)"])
def test_lost_values_are_asked(lost):
    assert asked(column("Phone", lost, before=["13800000001", "13800000002"])[1]) == [(4, "Phone", lost)]


def test_leading_zeros():
    cells, _result = table(
        ["Employee ID", "Name"], ["00123", "A"], ["00124", "B"], [125, "C"], ["126.0", "D"], ["10127", "E"]
    )
    assert cells["Employee ID"] == ["00123", "00124", "00125", "00126", "10127"]
    # nothing says that these had zeros
    assert column("Code", "9", "10", "11")[0] == ["9", "10", "11"]
    assert column("Zip", "1960", "12345", hints=Hints(widths={"Zip": 5}))[0] == ["01960", "12345"]


def test_postal_codes_one_digit_short_are_asked_about():
    assert asked(column("Zip", 1960, "12345", "2148")[1]) == [(2, "Zip", "1960"), (4, "Zip", "2148")]
    beside, result = table(["State", "Zip"], ["MA", "1960"], ["CT", "6040"])
    assert (beside["Zip"], asked(result)) == (["1960", "6040"], [(2, "Zip", "1960"), (3, "Zip", "6040")])
    # Austria has four digits
    assert not table(["State", "Zip"], ["Tirol", "6020"], ["Wien", "1010"])[1].doubts


def test_phone_numbers_are_written_alike():
    usual = ["13800000001", "13800000002", "13800000003"]
    assert column("Phone", "138-0000-0004", "138 0000 0005", before=usual)[0] == ["13800000004", "13800000005"]
    dashed = ["617-555-0101", "617-555-0102", "617-555-0103"]
    assert column("Phone", "(617) 555 0104", "6175550105", "ext. 7", before=dashed)[0] == [
        "617-555-0104", "617-555-0105", "ext. 7",
    ]  # fmt: skip


def test_scientific_identifiers():
    cells, result = table(
        ["Student ID", "Name"], ["6.31707060603E+11", "A"], ["6.31707E+11", "B"], ["631707060699", "C"]
    )
    assert cells["Student ID"] == ["631707060603", "6.31707E+11", "631707060699"]
    assert asked(result) == [(3, "Student ID", "6.31707E+11")]


def test_a_long_number_lost_its_last_digits():
    assert asked(
        table(["身份证号", "姓名"], [1.1010519491231e17, "王"], ["11010519491231002X", "李"])[1], "scientific_ids"
    )


def test_ranges_that_became_dates():
    usual = ["50-99", "100-500", "5-9", "50-99", "100-500", "5-9"]
    for written in ("20-Oct", dt.datetime(2023, 10, 20), "10月20日"):
        _cells, result = column("Company size", written, before=usual)
        # a spreadsheet makes the same day of 10/20
        assert (len(result.doubts), result.doubts[0].candidates) == (1, ("10-20", "10/20"))
        assert column("Company size", written, before=[*usual, "10-20"])[0] == ["10-20"]
    assert column("Company size", "Oct-49", before=usual)[1].doubts[0].candidates == ("10-49", "10/49")
    # as the column writes it elsewhere
    assert column("Company size", "Oct-49", before=[*usual, "10/49"])[0] == ["10/49"]
    _cells, result = column("Room", "5-Jan", before=["A-12", "B-7", "C-9"])
    assert result.doubts[0].candidates == ("1-5", "5-1", "1/5", "5/1")


def test_a_name_that_a_spreadsheet_took_for_a_truth():
    assert column("Last name", True, before=["Smith", "Lee", "Brown"])[0] == ["True"]


def test_yes_and_no_are_written_in_one_way():
    cells = column(
        "Over time", "Y", "是", "TRUE", True, "no", "否", "0", before=["Yes", "No", "Yes", "No", "Yes", "No"]
    )[0]
    assert cells == ["Yes", "Yes", "Yes", "Yes", "No", "No", "No"]


def test_genders_are_written_in_one_way():
    cells = column("Sex", "M ", "女", "male", "f", before=["Male", "Female", "Male", "Female"])[0]
    assert cells == ["Male", "Female", "Male", "Female"]


@pytest.mark.parametrize(
    ("odd", "usual"),
    [("Produciton", "Production"), ("Graduaet", "Graduate"), ("销售管理", "销售管理部"), ("Sales Dept", "Sales")],
)
def test_a_plain_slip_is_asked_about_even_where_it_comes_often(odd, usual):
    cells = [usual, "Other word", "Third one"] * 40
    cells[10:40:10] = [odd] * 3
    mended, cleaned = column("Department", *cells)
    assert mended == cells
    assert [value for _row, _name, value in asked(cleaned)] == [odd] * 3


@pytest.mark.parametrize(
    ("odd", "usual"), [("研发二部", "研发一部"), ("Team B", "Team A"), ("Analyst II", "Analyst I")]
)
def test_other_words_are_no_slips(odd, usual):
    cells = [usual] * 60 + ["Other word"] * 30
    cells[10:40:10] = [odd] * 3
    mended, cleaned = column("Department", *cells)
    assert (mended, asked(cleaned)) == (cells, [])


def test_variants_take_the_usual_spelling():
    assert column("Company type", *["Pvt Ltd"] * 9, "Pvt. Ltd", "NGO", "NGO", "N.G.O.")[0][9:] == [
        "Pvt Ltd",
        "NGO",
        "NGO",
        "NGO",
    ]
    usual = ["Full-Time", "Part-Time"] * 5
    assert column("Type", "full time", "FULL-TIME", "FullTime ", before=usual)[0] == ["Full-Time"] * 3


def test_a_grade_with_a_minus_is_no_spelling_of_the_one_without():
    for usual in (["B"] * 30 + ["A"] * 9, ["A"] * 4 + ["B"] * 5):
        cells, result = column("Rating", "B-", "A-", "B-", "A-", before=usual)
        assert (cells, result.doubts) == (["B-", "A-", "B-", "A-"], [])
    # a blank before it makes no other grade
    assert column("Rating", "B -", before=["B", "B-", "B-"] * 9)[0] == ["B-"]


def test_slips_of_the_pen_are_asked_and_numerals_are_none():
    _cells, result = column("Department", "Prodution", before=["Production", "Sales"] * 8)
    assert result.doubts[0].candidates[0] == "Production"
    assert not column("Grade name", "Technician III", before=["Technician I", "Technician II"] * 8)[1].doubts


def test_terms_decide_words():
    hints = Hints(terms={"部门": {"销管": "销售管理"}})
    assert column("部门", "销管", before=["销售管理", "研发"] * 3, hints=hints)[0] == ["销售管理"]


def test_names_in_capitals():
    out, result = column(
        "Name", "JOHN SMITH", "ANN LEE", before=["Ann Lee", "Bo Li", "Cy Fox", "Di Ray", "Ed Day", "Fi Poe"]
    )
    assert out == ["JOHN SMITH", "Ann Lee"]
    assert result.doubts[0].candidates[0] == "John Smith"


@pytest.mark.parametrize("heading", ["备注", "Note", "Twitter ID"])
def test_a_remark_to_somebody_is_no_address(heading):
    cells, result = column(heading, *["@x", ""] * 20)
    assert cells == ["@x", ""] * 20
    assert not result.doubts


def test_emails():
    out, result = column(
        "Email", "ann @x.com", "ann m@x.com", "nobody", before=["a@b.com", "c@d.org", "e@f.org", "g@h.io"]
    )
    assert out[0] == "ann@x.com"
    assert [value for _row, _column, value in asked(result)] == ["ann m@x.com", "nobody"]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["85/2/3", "68-5-6", "91/12/30"], ["1985-02-03", "1968-05-06", "1991-12-30"]),
        # the third as a year would lie ahead: the first is one
        (["02/10/1", "13/12/28", "14/11/30"], ["2002-10-01", "2013-12-28", "2014-11-30"]),
        (["05.06.11", "30.01.14", "13.12.09"], ["2011-06-05", "2014-01-30", "2009-12-13"]),
        # those with years of four digits show what comes first
        (["4/3/19", "5/6/21", "9/20/2019"], ["2019-04-03", "2021-05-06", "2019-09-20"]),
    ],
)
def test_years_of_two_digits_in_front_and_behind(cells, days):
    found, result = column("Hire date", *cells)
    assert found == days
    assert not result.doubts
    assert {"dates", "two_digit_years"} >= {one.rule for one in result.changes}


def test_years_of_two_digits_that_nothing_places_are_asked():
    found, result = column("Hire date", "02/03/04", "05/06/07")
    assert found == ["02/03/04", "05/06/07"]
    assert result.doubts[0].candidates == ("2004-03-02", "2004-02-03", "2002-03-04")


def test_a_clock_in_columns_of_hours_and_minutes():
    assert column("Training hours", "1:30", "2:20", dt.time(0, 45), "1h 15min", "2", before=["1", "1.5", "8"])[0] == [
        "1.5", "2.3333", "0.75", "1.25", "2",
    ]  # fmt: skip
    found, result = column("学习时长（分钟）", "1:30", "45", "1小时20分", before=["30", "60"])
    assert found == ["90", "45", "80"]
    assert [(one.rule, one.before, one.after) for one in result.changes] == [
        ("clock_times", "1:30", "90"), ("clock_times", "1小时20分", "80"),
    ]  # fmt: skip
    assert column("Hours", "1:30", "0:45", "10:00")[0] == ["1.5", "0.75", "10"]
    assert column("Absenteeism time in hours", "3:00", before=["1", "8", "2"])[0] == ["3"]


def test_a_clock_where_the_column_names_no_unit():
    result = column("Duration", "1:30", before=["30", "60", "45"])[1]
    assert asked(result) == [(5, "Duration", "1:30")]
    assert result.doubts[0].candidates == ("1.5", "90", "1:30")
    # times of the day stay
    for heading in ("Clock in", "Start hour", "上班时间"):
        assert column(heading, "08:30", "09:15", "07:45")[0] == ["08:30", "09:15", "07:45"]


def test_points_that_mark_thousands():
    usual = ["45000", "52300", "61000", "38900", "70250"]
    assert column("Salary", "55.497", "€48.250", before=usual)[0] == ["55497", "48250"]
    assert column("Distance", "239.554", "306.345")[0] == ["239.554", "306.345"]
    assert column("Salary", "4.125", "3.999", before=["4.5", "3.25"])[0] == ["4.125", "3.999"]
    assert column("Salary", "1.317", "2.500,50")[0] == ["1317", "2500.50"]


def test_points_that_nothing_tells_are_asked_alike():
    result = column("Monthly income", "79.430", "81.250")[1]
    assert asked(result, "numbers") == [(2, "Monthly income", "79.430"), (3, "Monthly income", "81.250")]
    assert result.doubts[0].candidates == ("79430", "79.430")


def test_words_and_cases_that_a_column_is_written_with_stay():
    usual = [str(number % 9) for number in range(40)]
    assert not column("Last new job", *["never"] * 6, before=usual)[1].doubts
    assert len(column("Exam score", *["absent"] * 6, before=usual)[1].doubts) == 6
    industries = ["Banks", "Retail", "Consult"] * 30
    assert not column("Industry", *["manufacture"] * 9, before=industries)[1].doubts
    assert asked(column("Industry", "manufacture", before=industries)[1]) == [(92, "Industry", "manufacture")]


def test_days_that_stand_for_none():
    found, result = column("Termination date", "0000-00-00", "1/0/1900", "1900-01-01", before=PLAIN_DAYS)
    assert found == ["", "", "1900-01-01"]
    assert asked(result) == [(10, "Termination date", "1900-01-01")]
    assert result.doubts[0].candidates == ("", "1900-01-01")


def test_serial_numbers_under_headings_with_a_date_in_them():
    for heading in ("recorddate_key", "Timestamp", "Eintrittsdatum", "orighiredate_key"):
        assert column(heading, "39082", "41774")[0] == ["2006-12-31", "2014-05-15"]
    for heading in ("Candidate number", "Earnings to date", "Last update count"):
        assert column(heading, "39082", "41774")[0] == ["39082", "41774"]


def test_words_that_only_resemble_each_other_are_no_slips():
    for usual, other in (
        ("Accounting", "Accountant"),
        ("Administration", "Administrative"),
        ("IT Director", "BI Director"),
    ):
        assert not asked(column("Job title", other, before=[usual, "Sales"] * 60)[1], "spelling")
    assert asked(column("Job title", "Acounting", before=["Accounting", "Sales"] * 60)[1], "spelling")


def test_yes_and_no_among_0_and_1():
    found, result = column("Work accident", "FALSE", "N", "是", "true", before=["0", "1", "0", "0"] * 6)
    assert found == ["0", "0", "1", "1"]
    assert not result.doubts
    assert not column("Full or Part-Time", "F", "F", "P", "F", before=["F"] * 30)[1].doubts


def test_numbers_in_words_are_no_row_that_slipped():
    rows = [[f"E{n:03d}", str(n % 5), str(n % 4), str(n % 3), "Sales"] for n in range(30)]
    rows[7][1:4] = ["two", "three", "one"]
    found, result = table(["Employee ID", "A", "B", "C", "Department"], *rows)
    assert (found["A"][7], found["B"][7], found["C"][7]) == ("2", "3", "1")
    assert not result.doubts


def test_days_of_leavers_with_short_years():
    found, result = column(
        "Termination date", "06.08.10", "31.12.17", before=[f"{n:02d}.{n % 12 + 1:02d}.1{n % 8}" for n in range(1, 29)]
    )
    assert found == ["2010-08-06", "2017-12-31"]
    assert not result.doubts
