"""What imports by command know: templates, words of the dictionary, headings by their meaning, passwords."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import pytest
import pyzipper
from django.core.management import call_command

from migration.cleaning.meanings import meaning_of
from migration.models import Kind, Term
from migration.services.matching import Seen, kind_of, suggest
from migration.services.templates import save_template
from migration.services.terms import Word, decide_terms, suggestions
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file, xlsx_file
from tests.migration.test_uploads import PASSWORD, locked, zipped

#: written by a zip program with the old encryption, which Python only reads
ZIPCRYPTO = """
UEsDBAoACQAAAACXeV3qJdesXgAAAFIAAAAKABwAc3RhZmZ6LmNzdlVUCQADQC8Ha0AvB2t1eAsAAQQAAAAABAAAAACG7PkqWiz28Hsj602akj
470IWSHt5l4a7atb8tWDRoelYqMYtei1+CSDOPwrrLn05g+uFL4raDiBy1+wWvlcSLlzBzOchX5iJLge8ehsTUFqkhpDcgngu/Nll6LyMGUEsH
COol16xeAAAAUgAAAFBLAQIeAwoACQAAAACXeV3qJdesXgAAAFIAAAAKABgAAAAAAAEAAACkgQAAAABzdGFmZnouY3N2VVQFAANALwdrdXgLAA
EEAAAAAAQAAAAAUEsFBgAAAAABAAEAUAAAALIAAAAAAA==
"""

pytestmark = pytest.mark.django_db


def run(command, *arguments):
    """(exit status, what was printed, what was printed as an error)."""
    out, error = io.StringIO(), io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=error)
    except SystemExit as stop:
        return stop.code, out.getvalue(), error.getvalue()
    return 0, out.getvalue(), error.getvalue()


def write(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_words_decided_once_serve_commands_and_files_say_otherwise(world, tmp_path):
    rows = [["N1", "A", "2024-03-01", "销管", "REP", "L1"]]
    path = write(tmp_path, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    assert run("import_file", path, "--as", "employees")[0] == 1
    decide_terms(decided=[("department", "销管", "Sales")], actor=None)
    assert run("import_file", path, "--as", "employees")[0] == 0
    assert Employee.objects.get(employee_no="N1").assignments.get().department.code == "SALES"
    terms = write(tmp_path, "terms.yaml", "department: {销管: R&D}".encode())
    other = write(tmp_path, "other.csv", csv_file([EMPLOYEE_HEADINGS, ["N2", *rows[0][1:]]]))
    assert run("import_file", other, "--as", "employees", "--terms", terms)[0] == 0
    assert Employee.objects.get(employee_no="N2").assignments.get().department.name == "R&D"
    # deciding again replaces
    decide_terms(decided=[("department", " 销 管", "R&D")], actor=None)
    assert [one.meaning for one in Term.objects.all()] == ["R&D"]


def test_a_template_serves_commands_and_a_mapping_says_otherwise(world, tmp_path):
    headings = ["Nr", "Wer", "Seit", "Bis"]
    save_template(
        name="Old system", kind="employees", headings=headings,
        mapping={"columns": {"employee_no": "Nr", "name": "Wer", "hire_date": "Seit"}}, actor=None,
    )  # fmt: skip
    path = write(tmp_path, "old.csv", csv_file([headings, ["N1", "Ann", "2024-03-01", "2025-01-31"]]))
    status, out, _error = run("import_file", path, "--as", "employees", "--json")
    assert status == 0
    assert "Mapped as in the template Old system." in json.loads(out)["notes"]
    assert Employee.objects.get(employee_no="N1").exit_date is None
    mapping = write(tmp_path, "m.yaml", b"columns: {employee_no: Nr, name: Wer, hire_date: Seit, exit_date: Bis}")
    assert run("import_file", path, "--as", "employees", "--mapping", mapping)[0] == 0
    assert str(Employee.objects.get(employee_no="N1").exit_date) == "2025-01-31"
    # of other kinds it says nothing
    assert run("import_file", path, "--as", "leaves")[0] == 2


def test_columns_are_recognised_by_what_they_mean(world, tmp_path):
    rows = [["EE ID", "First Name", "Surname", "Employment date"], ["N1", "Ann", "Lee", "2024-03-01"]]
    path = write(tmp_path, "hr.csv", csv_file(rows))
    status, out, _error = run("import_file", path, "--as", "employees", "--json")
    assert status == 0
    said = next(note for note in json.loads(out)["notes"] if note.startswith("Recognised"))
    assert "EE ID → employee_no" in said
    assert "Employment date → hire_date" in said
    employee = Employee.objects.get(employee_no="N1")
    assert (employee.name, str(employee.hire_date)) == ("Ann Lee", "2024-03-01")


def test_protected_workbooks_open_with_a_password_file(world, tmp_path):
    path = write(tmp_path, "staff.xlsx", locked(xlsx_file([EMPLOYEE_HEADINGS, *EMPLOYEES])))
    secret = write(tmp_path, "secret.txt", f"{PASSWORD}\r\n".encode())
    wrong = write(tmp_path, "wrong.txt", b"guess")
    status, _out, error = run("import_file", path, "--as", "employees")
    assert status == 2
    assert "--password-file" in error
    assert run("import_file", path, "--as", "employees", "--password-file", wrong)[0] == 2
    picture = write(tmp_path, "picture.png", b"\x89PNG\r\n")
    status, _out, error = run("import_file", path, "--as", "employees", "--password-file", picture)
    assert (status, "picture.png" in error, "no UTF-8 text" in error) == (2, True, True)
    status, out, _error = run("inspect_file", path, "--password-file", secret, "--json")
    assert (status, json.loads(out)["tables"][0]["kind"]) == (0, "employees")
    assert run("import_file", path, "--as", "employees", "--password-file", secret)[0] == 0
    assert Employee.objects.filter(employee_no="N1").exists()


def locked_zip(staff: bytes, how: str) -> bytes:
    if how == "zipcrypto":
        return base64.b64decode(ZIPCRYPTO)
    if how == "workbook inside":
        return zipped(staff__xlsx=locked(staff))
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr("staff.xlsx", staff)
    return target.getvalue()


@pytest.mark.parametrize("how", ["zipcrypto", "aes", "workbook inside"])
def test_protected_zips_open_with_their_password(world, tmp_path, how):
    staff = xlsx_file([EMPLOYEE_HEADINGS, *EMPLOYEES])
    path = write(tmp_path, "staff.zip", locked_zip(staff, how))
    secret = write(tmp_path, "secret.txt", f"{PASSWORD}\n".encode())
    wrong = write(tmp_path, "wrong.txt", b"guess")
    status, _out, error = run("import_file", path, "--as", "employees")
    assert status == 2
    assert "--password-file" in error
    status, _out, error = run("import_file", path, "--as", "employees", "--password-file", wrong)
    assert status == 2
    assert "does not open with this password" in error
    assert run("import_file", path, "--as", "employees", "--password-file", secret)[0] == 0
    assert Employee.objects.filter(employee_no="N1").exists()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("销管", "销售管理"),
        ("Prodution", "Production"),
        ("R&D dept.", "R&D"),
        ("生产", "生产部"),
        ("sales mgmt", "Sales"),
    ],
)
def test_words_are_suggested_by_likeness(word, meant):
    words = ["销售管理", "Production", "R&D", "生产部", "Sales", "Finance", "人力资源"]
    assert suggestions(word, {one: one for one in words})[0][0] == meant
    assert suggestions("完全不同", {one: one for one in words}) == []


@pytest.mark.parametrize(
    ("word", "known", "is_likely"),
    [
        ("Internal", "Internal lecture", False), ("Project Management", "Project management basics", False),
        ("内训", "内训讲师", False), ("管理", "管理培训", False),
        ("Engineer", "Engineering manager", False), ("销管", "销售管理", True), ("Salse", "Sales", True),
        ("Sale", "Sales", True), ("Sales", "Sales department", True),
    ],
)  # fmt: skip
def test_a_part_of_a_word_is_suggested_and_not_chosen_beforehand(word, known, is_likely):
    found = Word("position", word, 1, suggestions(word, {"x": known}))
    assert found.likely == ("x" if is_likely else "")


GROUPED = [
    Seen("Person/Employee No", "id", "employee_no"), Seen("Person/Name", "name", "name"),
    Seen("Training/Date", "date", "happened_on"), Seen("Training/Activity", "category", "activity"),
    Seen("Training/Hours", "number", "duration"), Seen("Result/Passed", "truth", "truth"),
    Seen("Result/Score", "number", "score"),
]  # fmt: skip


def test_below_a_heading_over_several_columns_the_second_row_names_the_field():
    assert kind_of(GROUPED) == "records"
    assert suggest("records", GROUPED) == {
        "employee_no": "Person/Employee No", "happened_on": "Training/Date", "activity": "Training/Activity",
        "hours": "Training/Hours", "score": "Result/Score", "passed": "Result/Passed",
    }  # fmt: skip


@pytest.mark.parametrize(("topic", "beside"), [("Training/Topic", "Note"), ("Training/主题", "备注")])
def test_a_heading_of_the_second_row_comes_before_a_column_of_remarks(topic, beside):
    columns = [*GROUPED, Seen(topic, "category", ""), Seen(beside, "text", "")]
    assert suggest("records", columns)["title"] == topic
    # alone it is better than nothing
    assert suggest("records", [*GROUPED, Seen(beside, "text", "")])["title"] == beside


def test_results_of_an_exam_are_scores_and_no_kpi():
    types = {"Employee": "text", "Exam": "category", "Date of exam": "date", "Mark": "number"}
    assert kind_of([Seen(name, type_, meaning_of(name)) for name, type_ in types.items()]) == Kind.SCORES


def test_whose_rows_they_are_tells_nothing_of_what_they_are():
    numbers = Seen("Staff ID", "id", "employee_no")
    assert kind_of([numbers, Seen("When", "date", ""), Seen("Length", "number", "")]) == ""
    assert kind_of([numbers, Seen("Department", "category", "department")]) == "assignments"


@pytest.mark.parametrize("names", [("2025/Hours", "2025/Cost", "2026/Hours", "2026/Cost"), ("Team/Hours", "Name")])
def test_a_lower_heading_that_stands_alone_or_twice_names_nothing(names):
    columns = [*GROUPED[:3], *(Seen(name, "number", "") for name in names)]
    assert "hours" not in suggest("records", columns)


@pytest.mark.parametrize("kind", [Kind.RECORDS, Kind.SCORES])
@pytest.mark.parametrize("heading", ["序号", "No.", "Serial no", "学号"])
def test_numbers_that_only_count_the_rows_are_no_source_id(kind, heading):
    """The next list counts from 1 as well."""
    columns = [Seen(heading, "id", "record_no"), Seen("工号", "id", "employee_no"), Seen("日期", "date", "happened_on")]
    assert "source_id" not in suggest(kind, columns)
    columns.append(Seen("流水号", "id", "record_no"))
    assert suggest(kind, columns)["source_id"] == "流水号"


@pytest.mark.parametrize("order", [1, -1])
def test_the_most_usual_heading_wins_wherever_it_stands(order):
    columns = [Seen("编号", "id", "employee_no"), Seen("工号", "id", "employee_no"), Seen("姓名", "name", "name")]
    assert suggest(Kind.EMPLOYEES, columns[::order])["employee_no"] == "工号"


@pytest.mark.parametrize(
    ("kind", "columns", "expected"),
    [
        (
            Kind.RECORDS,
            {"User ID": "id", "Course Title": "category", "Completed Date": "date", "Duration in Minutes": "number"},
            ["employee_no", "course", "happened_on", "minutes"],
        ),
        (
            Kind.SCORES,
            {"User ID": "id", "Exam date": "date", "Final Grade (%)": "number", "Pass/Fail": "truth"},
            ["employee_no", "happened_on", "score", "passed"],
        ),
        (
            Kind.SCORES,
            {"学员工号": "id", "考试日期": "date", "Score (%)": "number", "考核结果": "truth"},
            ["employee_no", "happened_on", "score", "passed"],
        ),
        (Kind.EMPLOYEES, {"员工编码": "id", "姓名": "name", "入司时间": "date"}, ["employee_no", "name", "hire_date"]),
    ],
)
def test_headings_of_other_systems(kind, columns, expected):
    found = suggest(kind, [Seen(name, type_, meaning_of(name)) for name, type_ in columns.items()])
    assert {found[name]: name for name in expected} == dict(zip(columns, expected, strict=True))
