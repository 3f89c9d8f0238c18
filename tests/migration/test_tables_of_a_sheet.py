"""Several tables in one sheet: none is mixed into another, each can be chosen; tables on their side are turned."""

from __future__ import annotations

import pytest

from hrsuite.lib.errors import BadInput
from migration.models import Upload, UploadTable
from migration.selectors import upload_tables
from migration.services.cleansing import clean_files
from migration.services.importing import import_file
from migration.services.inspecting import inspect_file
from migration.services.mapping import read_mapping
from migration.services.readying import ready_tables
from migration.services.saying import say
from migration.services.steps import choose_kind
from migration.services.uploads import add_upload
from people.models import Employee
from tests.migration.files import csv_file, xlsx_file

HEADINGS = ["Employee no", "Name", "Department", "Salary", "Hire date"]
STAFF = [
    [f"E{n:03}", f"Person {chr(64 + n)}", ("Sales", "IT")[n % 2], str(5000 + n), f"2020-01-{n:02}"]
    for n in range(1, 21)
]
MORE = [
    [f"F{n:03}", f"Other {chr(64 + n)}", ("Sales", "IT")[n % 2], str(6000 + n), f"2021-01-{n:02}"] for n in range(1, 9)
]
UNITS = [["Department", "Head", "Budget"], ["Sales", "Ann", "100"], ["IT", "Bob", "200"]]
ORDER = [3, 1, 0, 4, 2]


def other_order(row):
    return [row[place] for place in ORDER]


def beside(left, right):
    height = max(len(left), len(right))
    padded = [[*rows, *[[""] * len(rows[0])] * (height - len(rows))] for rows in (left, right)]
    return [[*a, "", *b] for a, b in zip(*padded, strict=True)]


def cleaned(rows, mapping="", kind=""):
    said = read_mapping(mapping) if mapping else None
    (table,) = clean_files([("a.xlsx", xlsx_file(rows))], mapping=said, kind=kind)
    return table


def cells_of(table):
    return [cells for _number, cells in table.cleaned.rows]


@pytest.mark.parametrize("between", [[], [[]]])
@pytest.mark.parametrize("kept", [[0, 1, 2, 3, 4], [1, 0, 4]])
def test_the_same_headings_in_another_order_rule_the_rows_below_them(between, kept):
    rows = [[row[place] for place in ORDER if place in kept] for row in (HEADINGS, *MORE)]
    for make in (csv_file, xlsx_file):
        name = "a.csv" if make is csv_file else "a.xlsx"
        (table,) = clean_files([(name, make([HEADINGS, *STAFF, *between, *rows]))])
        assert cells_of(table) == [*STAFF, *([cell if n in kept else "" for n, cell in enumerate(row)] for row in MORE)]
        assert not table.doubts
        assert any("another order" in say(note) for note in table.cleaned.notes)


def test_a_row_of_words_that_are_no_headings_changes_nothing():
    table = cleaned([HEADINGS, *STAFF, ["E021", "Salary", "Department", "5000", "2020-02-01"], *MORE])
    assert cells_of(table)[-8:] == MORE
    assert not any("another order" in say(note) for note in table.cleaned.notes)


@pytest.mark.parametrize("same", [True, False])
def test_tables_of_the_same_headings_side_by_side_are_one_in_any_order(same):
    right = [HEADINGS, *MORE] if same else [*map(other_order, [HEADINGS, *MORE])]
    assert cells_of(cleaned(beside([HEADINGS, *STAFF], right))) == [*STAFF, *MORE]


@pytest.mark.parametrize(
    "rows", [[HEADINGS, *STAFF, [], *UNITS], [*UNITS, [], HEADINGS, *STAFF], beside([HEADINGS, *STAFF], UNITS)]
)  # fmt: skip
def test_another_table_is_named_listed_and_read_when_a_mapping_says_so(rows):
    main = cleaned(rows)
    assert (cells_of(main), main.doubts) == (STAFF, [])
    assert any("table: 2" in say(note) for note in main.cleaned.notes)
    second = cleaned(rows, "table: 2")
    assert ([one.name for one in second.cleaned.columns], cells_of(second)) == (UNITS[0], UNITS[1:])
    listed = inspect_file(name="a.xlsx", data=xlsx_file(rows))["tables"]
    assert [(one["table"], one["rows"]) for one in listed] == [(1, 20), (2, 2)]
    with pytest.raises(BadInput, match="no such table"):
        cleaned(rows, "table: 3")


def test_the_table_about_people_is_read_however_long_the_list_beside_it():
    codes = [["Code", "Meaning"], *([f"C{n}", f"Meaning {n}"] for n in range(40))]
    assert cells_of(cleaned(beside([HEADINGS, *STAFF[:6]], codes))) == STAFF[:6]


@pytest.mark.django_db
def test_pages_offer_the_other_tables_and_leave_them_out_until_chosen(world):
    data = xlsx_file(
        [HEADINGS, *STAFF, [], *map(other_order, [HEADINGS, *MORE])],
        [HEADINGS, *STAFF, [], ["Candidate", "Score", "Result"], ["Ann", "5", "ok"]],
    )
    upload = add_upload(files=[("a.xlsx", data)], actor=world.users["oscar"])
    tables = list(upload_tables(upload))
    assert [(one.sheet, one.is_skipped) for one in tables] == [
        ("Sheet", False),
        ("Sheet1", False),
        ("Sheet1 (2)", True),
    ]
    choose_kind(table=tables[2], kind="scores", is_in=True, actor=Upload.objects.get().actor)
    (ready,) = ready_tables([UploadTable.objects.get(pk=tables[2].pk)])
    assert [cells for _number, cells in ready.clean.cleaned.rows] == [["Ann", "5", "yes"]]
    assert Upload.objects.get().files.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("lies", [False, True])
def test_an_import_reads_the_table_that_the_mapping_names_and_turns_it(world, lies):
    people = Employee.objects.order_by("employee_no")[:3]
    known = [
        ["Employee no", "Name", "Birth date"],
        *([one.employee_no, one.name, f"1990-01-0{n}"] for n, one in enumerate(people, 1)),
    ]
    other = [["Course", "Hours"], ["Excel", "5"], ["Word", "7"], ["Safety", "3"], ["Law", "4"]]
    data = xlsx_file(turned(known) if lies else [*other, [], *known])
    (number,) = [one["table"] for one in inspect_file(name="a.xlsx", data=data)["tables"] if one["kind"] == "employees"]
    said = read_mapping(f"table: {number}")
    report = import_file(
        name="a.xlsx", data=data, kind="employees", mapping=said, actor=None, dry_run=True, with_changes=True
    )
    assert not report.problems
    assert [str(one.fields["birth_date"][1]) for one in report.changes] == ["1990-01-01", "1990-01-02", "1990-01-03"]
    assert any("on its side" in note for note in report.notes) is lies


# --- tables on their side ---------------------------------------------------------------------------------------------
def turned(rows):
    return [list(row) for row in zip(*rows, strict=True)]


@pytest.mark.parametrize("count", [1, 2, 20])
@pytest.mark.parametrize("titles", [[], [["Staff"], []]])
def test_a_table_on_its_side_is_turned_and_said(count, titles):
    table = cleaned([*titles, *turned([HEADINGS, *STAFF[:count]])])
    assert ([one.name for one in table.cleaned.columns], cells_of(table)) == (HEADINGS, STAFF[:count])
    assert any("on its side" in say(note) for note in table.cleaned.notes)
    assert [number for number, _cells in table.cleaned.rows] == list(range(2, count + 2))


def test_a_lying_table_may_have_a_share():
    rows = [["E1", "Ann Lee", "30", "11%"], ["E2", "Bo Fox", "41", "12%"], ["E3", "Cy Ray", "52", "13%"]]
    table = cleaned(turned([["Employee ID", "Name", "Age", "Salary hike percent"], *rows]))
    assert [cells[:3] for cells in cells_of(table)] == [row[:3] for row in rows]


def test_a_mapping_says_whether_a_table_lies_on_its_side():
    lying = turned([HEADINGS, *STAFF[:3]])
    assert cells_of(cleaned(lying, "turned: no")) != STAFF[:3]
    odd = turned([["Aa", "Bb", "Cc", "Dd"], ["1", "2", "3", "4"], ["5", "6", "7", "8"]])
    table = cleaned(odd, "turned: yes")
    assert ([one.name for one in table.cleaned.columns], cells_of(table)) == (
        ["Aa", "Bb", "Cc", "Dd"],
        [["1", "2", "3", "4"], ["5", "6", "7", "8"]],
    )
    with pytest.raises(BadInput, match="yes or no"):
        read_mapping("turned: maybe")


def test_a_list_of_what_columns_mean_is_not_turned():
    rows = [
        ["Field", "Meaning"],
        ["Employee no", "a number"],
        ["Name", "of the person"],
        ["Hire date", "the first day"],
        ["Salary", "per month"],
    ]
    assert not any("was turned" in say(note) for note in cleaned(rows).cleaned.notes)
