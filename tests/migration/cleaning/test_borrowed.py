"""Words of one column that stand in another: a slip of pasting, or a word that both columns have."""

from __future__ import annotations

from tests.migration.cleaning.tables import asked, table

DEPARTMENTS, RATINGS = ["Sales", "Production", "IT"], ["Fully Meets", "Exceeds", "PIP"]
MANAGERS = ["Ann Hill", "Bob Wolf", "Dee King", "Ed Lee"]
HEADINGS = ["Employee ID", "Manager name", "Department", "Performance score"]


def rows(count=60):
    return [[f"E{1000 + n}", MANAGERS[n % 4], DEPARTMENTS[n * 7 % 3], RATINGS[n // 2 * 5 % 3]] for n in range(count)]


def test_each_word_of_another_column_is_a_doubt():
    dirty = rows()
    dirty[9][3], dirty[20][2], dirty[33][3], dirty[40][1] = dirty[9][1], "PIP", "Sales", "Exceeds"
    columns, result = table(HEADINGS, *dirty)
    assert columns["Department"][20] == "PIP"
    assert [(one.row, one.column, one.value) for one in result.doubts] == [
        (11, "Performance score", dirty[9][1]), (22, "Department", "PIP"),
        (35, "Performance score", "Sales"), (42, "Manager name", "Exceeds"),
    ]  # fmt: skip


def test_two_words_that_changed_places_have_each_other_as_candidates():
    dirty = rows()
    dirty[20][2], dirty[20][3] = dirty[20][3], dirty[20][2]
    _columns, result = table(HEADINGS, *dirty)
    assert [(one.row, one.value, one.candidates) for one in result.doubts] == [
        (22, dirty[20][2], (dirty[20][3],)), (22, dirty[20][3], (dirty[20][2],)),
    ]  # fmt: skip


def test_words_that_two_columns_share_are_nothing_odd():
    """Departments of now and before; a department that is also the name of one position; managers among persons."""
    clean = [[*row, row[2] if number % 5 else "Sales"] for number, row in enumerate(rows())]
    for row in clean[3:12]:
        row[4] = "Legal"
    clean[3][2] = "Legal"
    assert not asked(table([*HEADINGS, "Former department"], *clean)[1])
    persons = [[*row, f"Person {number}"] for number, row in enumerate(rows())]
    persons[7][4] = "Ann Hill"
    assert not asked(table([*HEADINGS, "Name"], *persons)[1])
    towns = [[row[0], "Jackson" if number < 20 else "Leeds", f"Hill{number}"] for number, row in enumerate(rows())]
    towns[30][2] = "Jackson"
    assert not asked(table(["Employee ID", "Branch", "Last name"], *towns)[1])


def test_words_such_as_other_belong_to_any_column():
    genders = [["Male", "Female"][number % 2] for number in range(60)]
    subjects = [["STEM", "Arts", "Other"][number % 3] for number in range(60)]
    genders[7] = "Other"
    clean = [[f"E{1000 + n}", *pair] for n, pair in enumerate(zip(genders, subjects, strict=True))]
    assert not asked(table(["Employee ID", "Gender", "Major"], *clean)[1])
