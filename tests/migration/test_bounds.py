"""Texts without end are refused before they are taken apart: what is read stays in proportion to the file."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from hrsuite.lib.errors import BadInput
from migration.rules import BesideRow
from migration.services import content, reading, sources
from migration.services.content import Content, look_through
from migration.services.reading import check_lines
from migration.services.sources import read_beginnings, read_sources

LINE = b"E001,Ann,2024-01-01\n"


def pieces_of(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 3, 7, 10, 64, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_is_as_long_whatever_pieces_it_comes_in(monkeypatch, size, end):
    monkeypatch.setattr(reading, "MOST_OF_LINE", 10)
    good = end.join([b"a" * (10 - len(end))] * 5) + end
    check_lines("a.csv", pieces_of(good, size))
    for bad in (good + b"a" * 11, good + b"a" * 11 + end + good, b"a" * 11 + good):
        with pytest.raises(BadInput, match="A line is longer"):
            check_lines("a.csv", pieces_of(bad, size))


def test_no_step_takes_a_line_without_end(monkeypatch):
    monkeypatch.setattr(reading, "MOST_OF_LINE", 1000)
    data = LINE * 5 + b"a" * 1001
    with pytest.raises(BadInput, match="A line is longer"):
        read_sources(name="a.csv", data=data)
    with pytest.raises(BadInput, match="A line is longer"):
        look_through("a.csv", Content.of(data))
    assert len(read_sources(name="a.csv", data=LINE * 500)[0].rows) == 500


@pytest.mark.parametrize(("name", "most"), [("MOST_LINES", 9), ("MOST_CELLS", 19)])
def test_a_text_of_endless_lines_or_cells_is_not_held_as_a_whole(monkeypatch, name, most):
    monkeypatch.setattr(reading, name, most)
    with pytest.raises(BadInput, match="lines, or cells without end"):
        read_sources(name="a.csv", data=LINE * 10)
    assert len(read_sources(name="a.csv", data=LINE * 9)[0].rows) == 9


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_no_text_has_more_lines_than_rows_have_numbers(monkeypatch, end):
    """Row 25 would be called row 5 of a second table, were there 20 numbers for each."""
    line = LINE.replace(b"\n", end)
    monkeypatch.setattr(BesideRow, "APART", 20)
    assert look_through("a.csv", Content.of(line * 19)).lines == 19
    with pytest.raises(BadInput, match="more than 19 lines"):
        look_through("a.csv", Content.of(line * 20))
    monkeypatch.setattr(reading, "MOST_LINES", 9)
    with pytest.raises(BadInput, match="more than 9 lines"):
        read_sources(name="a.csv", data=line * 10)


def test_a_long_text_whose_lines_end_with_a_return_is_looked_at_by_its_beginning(monkeypatch):
    monkeypatch.setattr(content, "LONG", 1000)
    monkeypatch.setattr(sources, "LARGE", 20)
    monkeypatch.setattr(sources, "BEGINNING", 10)
    data = b"Employee no,Name,Day\r" + LINE.replace(b"\n", b"\r") * 60
    (found,) = read_beginnings(name="a.csv", content=Content.of(data))
    assert (len(found.rows), found.total, found.rows[9]) == (10, 61, (10, ["E001", "Ann", "2024-01-01"]))
    assert Content.of(data).head(100).endswith(b"2024-01-01\r")


def test_a_file_above_the_limit_is_not_read_to_its_end(tmp_path, settings, capsys):
    settings.UPLOAD_MAX_BYTES = 1 << 20
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        # a hole: it takes no room, and would as bytes
        file.truncate(1 << 36)
    with pytest.raises(SystemExit) as stop:
        call_command("import_file", str(path), "--as", "employees", "--out", str(tmp_path / "c.csv"))
    assert stop.value.code == 2
    assert "larger than 1 MB" in capsys.readouterr().err
    assert not (tmp_path / "c.csv").exists()
