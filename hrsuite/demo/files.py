"""The case company's old spreadsheets, as a customer would hand them over: two encodings, blanks, a few bad rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from hrsuite.demo.company import Company, Event
from hrsuite.demo.hiring import candidates, ratings
from hrsuite.demo.words import ACTIVITIES, LEVELS, POSITIONS

Row = Sequence[object]


def write_files(company: Company, folder: Path, *, cycle: str) -> dict[str, Path]:
    """Write all seven files into ``folder``. Returns kind of import -> file, in the order they have to come in."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "employees": folder / "employees.xlsx",
        "records": folder / "training_records.csv",
        "scores": folder / "exam_scores.xlsx",
        "kpi": folder / "kpi.xlsx",
        "ratings": folder / "old_ratings.csv",
        "salaries": folder / "salaries.csv",
        "candidates": folder / "candidates.xlsx",
    }
    _write_workbook(files["employees"], _employees(company))
    _write_csv(files["records"], _records(company), encoding="gbk")
    _write_workbook(files["scores"], _exams(company))
    _write_workbook(files["kpi"], _kpi(company, cycle))
    _write_csv(files["ratings"], ratings(company), encoding="gbk")
    _write_csv(files["salaries"], _salaries(company), encoding="utf-8-sig")
    _write_workbook(files["candidates"], candidates(company))
    return files


def _write_workbook(path: Path, rows: Iterable[Row]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem)
    for row in rows:
        sheet.append(list(row))
    book.save(path)


def _write_csv(path: Path, rows: Iterable[Row], *, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def _employees(company: Company) -> Iterable[Row]:
    words = company.words
    yield words(
        (
            "Employee no",
            "Name",
            "Gender",
            "Hire date",
            "E-mail",
            "Department",
            "Position",
            "Level",
            "Head of department",
        ),
        ("工号", "姓名", "性别", "入职日期", "邮箱", "部门", "岗位", "职级", "部门负责人"),
    )
    genders = {"female": words("F", "女"), "male": words("M", "男")}
    for index, person in enumerate(company.people):
        # the old system padded every tenth name, and kept some dates as text
        yield (
            person.number,
            person.name + ("  " if index % 10 == 3 else ""),
            genders[person.gender],
            f"{person.hired:%Y/%m/%d}" if index % 7 == 5 else person.hired,
            person.email,
            words(person.unit.en, person.unit.zh),
            words(*POSITIONS[person.position]),
            words(*LEVELS[person.level][:2]),
            words("yes", "是") if person.is_head else words("no", "否"),
        )
    plant, operator, level = words("Plant 1", "一车间"), words(*POSITIONS["OPERATOR"]), words(*LEVELS["S1"][:2])
    no = words("no", "否")
    yield ("N9001", words("Pat Unknown", "赵未知"), "", dt.date(company.last_year, 5, 6), "",
           words("Plant 9", "九车间"), operator, level, no)  # fmt: skip
    yield "N9002", words("Kim Nodate", "钱无期"), "", f"{company.last_year}-02-30", "", plant, operator, level, no
    yield "N9003", "", "", dt.date(company.last_year, 5, 6), "", plant, operator, level, no


def _record(event: Event, number: str, company: Company) -> Row:
    words = company.words
    return (
        number,
        event.person.number,
        event.person.name,
        words(*ACTIVITIES[event.activity]),
        event.course,
        event.title,
        event.day.isoformat(),
        f"{event.minutes / 60:g}" if event.minutes else "",
        "" if event.minutes else 1,
    )


def _records(company: Company) -> Iterable[Row]:
    words = company.words
    yield words(
        ("Record no", "Employee no", "Name", "Training type", "Course code", "Topic", "Date", "Hours", "Times"),
        ("记录编号", "工号", "姓名", "培训类型", "课程编码", "主题", "培训日期", "学时", "次数"),
    )
    events = [event for event in company.events if event.activity != "exam"]
    for index, event in enumerate(events, 1):
        yield _record(event, f"T{index:05d}", company)
    online, workshop = words(*ACTIVITIES["online"]), words(*ACTIVITIES["workshop"])
    day, number = dt.date(company.last_year, 6, 15), company.people[200].number
    yield "T90001", "N0999", "", online, "C01", "", day.isoformat(), 2, ""
    yield "T90002", number, "", online, "C02", "", f"{company.last_year}-13-05", 2, ""
    yield "T90003", number, "", online, "C02", "", day.isoformat(), words("two", "两小时"), ""
    yield "T90004", number, "", words("Sailing trip", "团建"), "", "", day.isoformat(), "", 1
    yield "T90005", number, "", workshop, "W01", "", "1999-03-01", "", 1


def _exams(company: Company) -> Iterable[Row]:
    words = company.words
    yield words(
        ("Exam ID", "Employee no", "Activity", "Course code", "Exam", "Exam date", "Score"),
        ("成绩编号", "工号", "积分项", "课程编码", "考试", "考试日期", "成绩"),
    )
    exam = words(*ACTIVITIES["exam"])
    events = [event for event in company.events if event.activity == "exam"]
    for index, event in enumerate(events, 1):
        yield f"X{index:05d}", event.person.number, exam, event.course, event.title, event.day, event.score
    day = dt.date(company.last_year, 9, 9)
    yield "X90001", company.people[210].number, exam, "E02", "", day, words("absent", "缺考")
    yield "X90002", "N0998", exam, "E02", "", day, 88


def _kpi(company: Company, cycle: str) -> Iterable[Row]:
    words = company.words
    yield words(("Employee no", "Appraisal cycle", "Appraisal part", "Score"), ("工号", "考核周期", "考核项", "得分"))
    for number, part, score in company.scores:
        yield number, cycle, part, score
    yield "N0997", cycle, "kpi", 80
    yield company.people[50].number, cycle, "mood", 80


def _salaries(company: Company) -> Iterable[Row]:
    words = company.words
    yield words(
        ("Employee no", "Monthly salary", "Effective date", "Currency", "Reason"),
        ("工号", "月薪", "生效日期", "币种", "原因"),
    )
    for number, amount, day in company.salaries:
        reason = words("Annual adjustment", "年度调薪") if day == dt.date(company.last_year, 1, 1) else ""
        yield number, f"{amount:,}", day.isoformat(), "CNY", reason
    yield company.people[60].number, words("to be agreed", "面议"), f"{company.last_year}-07-01", "CNY", ""
    yield "N0996", "8,000", f"{company.last_year}-07-01", "CNY", ""
