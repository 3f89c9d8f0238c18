"""Workbooks as other programs write them, and what a workbook hides: read rightly, and said."""

# ruff: noqa: E501 - parts of workbooks read as lines

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from hrsuite.lib.errors import BadInput
from migration.services.cleansing import clean_files
from migration.services.importing import import_file
from migration.services.inspecting import inspect_file
from migration.services.mapping import read_mapping
from migration.services.saying import say
from people.models import Employee

PLAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
STYLES = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="[$-409]d\\-mmm\\-yy;@"/><numFmt numFmtId="165" formatCode="&quot;$&quot;#,##0.00"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="49"/></cellXfs>'
)
HEADINGS = ["Employee no", "Name", "Salary", "Hire date"]


def book(*sheets, shared="", strict=False, about="", hidden=()):
    """A workbook of the sheets' inner XML, named S1, S2 …"""
    main, relation = STRICT if strict else PLAIN
    names = [f"S{number}" for number in range(1, len(sheets) + 1)]
    links = [(f"worksheets/{name}.xml", "worksheet") for name in names] + [("styles.xml", "styles")]
    links += [("sharedStrings.xml", "sharedStrings")] if shared else []
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}">{about}<sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{n}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""} r:id="rId{n}"/>'
            for n, name in enumerate(names, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{relation}/{kind}" Target="{target}"/>'
            for n, (target, kind) in enumerate(links, 1)
        )
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{STYLES}</styleSheet>',
        **({"xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>'} if shared else {}),
        **{
            f"xl/worksheets/{name}.xml": f'<worksheet xmlns="{main}">{xml}</worksheet>'
            for name, xml in zip(names, sheets, strict=True)
        },
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def rows_of(*rows, places=True):
    """XML of rows: a text, or (attributes, inside) of a cell."""
    xml = ""
    for number, row in enumerate(rows, 1):
        xml += f'<row r="{number}">' if places else "<row>"
        for place, cell in enumerate(row):
            attributes, inside = cell if isinstance(cell, tuple) else ('t="inlineStr"', f"<is><t>{cell}</t></is>")
            at = f'r="{chr(65 + place)}{number}" ' if places else ""
            xml += f"<c {at}{attributes}>{inside}</c>"
        xml += "</row>"
    return f"<sheetData>{xml}</sheetData>"


def number(value, style=0):
    return f's="{style}"', f"<v>{value}</v>"


def staff(day):
    return [[f"E{n:03}", f"Person {chr(64 + n)}", number(5000 + n), day(n)] for n in range(1, 6)]


WANTED = [[f"E{n:03}", f"Person {chr(64 + n)}", str(5000 + n), f"2020-01-{n:02}"] for n in range(1, 6)]
SERIALS = rows_of(HEADINGS, *staff(lambda n: number(43830 + n, 1)))


def cleaned(data, mapping=""):
    (table,) = clean_files([("a.xlsx", data)], mapping=read_mapping(mapping) if mapping else None)
    return table


@pytest.mark.parametrize(
    "data",
    [
        book(SERIALS),
        book(SERIALS, strict=True),
        book(rows_of(HEADINGS, *staff(lambda n: ('t="d"', f"<v>2020-01-{n:02}T00:00:00</v>")))),
        book(rows_of(HEADINGS, *staff(lambda n: ('t="d"', f"<v>2020-01-{n:02}</v>")), places=False)),
        book(rows_of(HEADINGS, *staff(lambda n: ('t="str"', f"<f>A1</f><v>2020-01-{n:02}</v>")))),
        book(
            rows_of(HEADINGS, *staff(lambda n: number(43830 + n - 1462, 1))),
            about='<workbookPr date1904="1"/>',
            strict=True,
        ),
    ],
)
def test_days_and_texts_of_other_programs(data):
    table = cleaned(data)
    assert [cells for _number, cells in table.cleaned.rows] == WANTED
    assert not table.doubts


def test_texts_in_parts_formats_and_truths():
    """Letters of several fonts, how a word is spoken, money, percent, and digits kept as text."""
    shared = '<si><r><t>Per</t></r><r><rPr><b/></rPr><t>son A</t></r></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>'
    rows = [
        [
            f"E{n:03}",
            ('t="s"', "<v>0</v>"),
            ('t="s"', "<v>1</v>"),
            number("5000.5", 2),
            number("0.15", 3),
            ('s="4" t="str"', f"<v>00{n}</v>"),
            ('t="b"', f"<v>{n % 2}</v>"),
        ]
        for n in range(6)
    ]
    table = cleaned(
        book(rows_of(["Employee no", "Name", "City", "Salary", "Bonus rate", "Code", "Overtime"], *rows), shared=shared)
    )
    assert table.cleaned.rows[1][1][1:6] == ["Person A", "東京", "5000.5", "0.15", "001"]
    assert [cells[6].lower() for _number, cells in table.cleaned.rows] == ["false", "true"] * 3


@pytest.mark.parametrize("cut", [None, -12, 60])
def test_a_book_without_its_shared_texts_is_damaged(cut):
    data = book(
        rows_of(["Employee no", "Name"], *[[f"E{n}", ('t="s"', "<v>0</v>")] for n in range(5)]),
        shared="<si><t>Ann</t></si>" * 3,
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            is_shared = name == "xl/sharedStrings.xml"
            if not is_shared or cut:
                archive.writestr(name, source.read(name)[:cut] if is_shared else source.read(name))
    with pytest.raises(BadInput, match="damaged"):
        cleaned(target.getvalue())


def test_errors_of_the_strict_format_are_doubts():
    rows = [[f"E{n}", number(50 + n)] for n in range(8)]
    data = book(rows_of(["Employee no", "Score"], *rows, ["E8", ('t="e"', "<f>1/0</f><v>#DIV/0!</v>")]), strict=True)
    assert [(one.row, one.value) for one in cleaned(data).doubts] == [(10, "#DIV/0!")]


# --- what is hidden ---------------------------------------------------------------------------------------------------
def test_a_hidden_sheet_is_named_and_read_only_when_a_mapping_names_it():
    data = book(SERIALS, rows_of(["Employee no", "Score"], ["E1", number(5)]), hidden=["S1"])
    table = cleaned(data)
    assert table.source.sheet == "S2"
    assert [say(one) for one in table.cleaned.notes] == [
        "Hidden sheets were not read: S1. A mapping that names one reads it."
    ]
    assert [one["sheet"] for one in inspect_file(name="a.xlsx", data=data)["tables"]] == ["S2"]
    assert "S1" in inspect_file(name="a.xlsx", data=data)["tables"][0]["read"][0]
    named = cleaned(data, "sheet: S1")
    assert [cells for _number, cells in named.cleaned.rows] == WANTED
    assert not named.cleaned.notes
    with pytest.raises(BadInput, match="hidden: S1"):
        cleaned(book(SERIALS, hidden=["S1"]))


def test_hidden_rows_and_columns_are_read_and_said():
    hidden = SERIALS.replace('<row r="3">', '<row r="3" hidden="1">').replace(
        '<row r="5">', '<row hidden="true" r="5" spans="1:4">'
    )
    data = book(
        f'<cols><col min="2" max="2" width="9" hidden="1"/><col min="7" max="16384" hidden="1"/></cols>{hidden}'
    )
    table = cleaned(data)
    assert [cells for _number, cells in table.cleaned.rows] == WANTED
    assert [say(one) for one in table.cleaned.notes] == [
        "Rows that the sheet hides were read, too: 2 (3, 5).", "Columns that the sheet hides were read, too: B.",
    ]  # fmt: skip
    assert not cleaned(book(SERIALS)).cleaned.notes


@pytest.mark.django_db
@pytest.mark.parametrize("large", [3, 30_000])
def test_numbers_of_days_count_from_1904_in_large_tables_too(world, monkeypatch, large):
    monkeypatch.setattr("migration.services.sources.LARGE", large)
    people = Employee.objects.order_by("employee_no")[:5]
    rows = rows_of(
        ["Employee no", "Name", "Birth date"],
        *[[one.employee_no, one.name, number(30000 + n)] for n, one in enumerate(people)],
    )
    data = book(rows, about='<workbookPr date1904="1"/>')
    report = import_file(name="a.xlsx", data=data, kind="employees", actor=None, dry_run=True, with_changes=True)
    assert not report.problems
    found = [one.fields["birth_date"][1] for one in report.changes]
    assert found == [dt.date(1904, 1, 1) + dt.timedelta(30000 + n) for n in range(5)]
