"""Every cleaning step by its name: what it does and which columns it looks at. Each can be switched off by name."""

# ruff: noqa: E501 - texts and words are read as one line
from __future__ import annotations

from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """Marks a text for translation; screens translate it when they show it."""
    return text


@dataclass(frozen=True)
class Rule:
    """``name`` is what commands and files call it, ``label`` what pages do. ``types``: columns it looks at; ``*`` all
    of them, ``rows`` whole rows."""

    name: str
    types: tuple[str, ...]
    label: str
    description: str


_ALL = (
    ("invisible", "*", gettext_noop("Invisible characters"), gettext_noop("Takes out zero-width and control characters.")),
    ("full_width", "*", gettext_noop("Full-width letters"), gettext_noop("Writes full-width letters, digits and signs in half width.")),
    ("lookalikes", "*", gettext_noop("Letters of other alphabets"), gettext_noop("Writes Latin letters for Cyrillic and Greek ones that look like them inside a Latin word.")),
    ("spaces", "*", gettext_noop("Spaces"), gettext_noop("Takes out spaces around a value and makes runs of them one; also non-breaking ones.")),
    ("mojibake", "*", gettext_noop("Garbled letters"), gettext_noop("Mends letters of UTF-8 that were read as Latin-1.")),
    ("markup", "*", gettext_noop("Codes of web pages"), gettext_noop("Writes codes of web pages such as &amp; as the letters they mean, and takes out tags.")),
    ("stray_marks", "*", gettext_noop("Stray quotation marks"), gettext_noop("Takes off quotation marks around a value, marks of footnotes, and a comma behind.")),
    ("encoding", "*", gettext_noop("Uncertain letters"), gettext_noop("Reports letters that two encodings, both as likely, read differently.")),
    ("placeholders", "*", gettext_noop("Words for “not known”"), gettext_noop("Empties cells that only say that nothing is known: NA, Unknown, -, 无.")),
    ("spreadsheet_errors", "*", gettext_noop("Errors of a spreadsheet"), gettext_noop("Reports ##### and errors of formulas: their value is lost.")),
    ("spreadsheet_booleans", "text name category", gettext_noop("Words turned into TRUE"), gettext_noop("Turns TRUE back into the word that a text column had.")),
    ("dates", "date", gettext_noop("Dates"), gettext_noop("Writes dates of every usual form as 2026-03-31; the column shows what comes first.")),
    ("serial_dates", "date", gettext_noop("Days as serial numbers"), gettext_noop("Turns the serial numbers of a spreadsheet into dates.")),
    ("two_digit_years", "date", gettext_noop("Years of two digits"), gettext_noop("Settles the century of years of two digits.")),
    ("swapped_dates", "date", gettext_noop("Day and month exchanged"), gettext_noop("Puts day and month back that a spreadsheet exchanged.")),
    ("value_to_date", "category text id number", gettext_noop("Values turned into dates"), gettext_noop("Turns a date back into the range, code or score it was: 20-Oct into 10-20.")),
    ("clock_times", "number text category id", gettext_noop("Hours and minutes"), gettext_noop("Reads 1:30 as 1.5 in a column of hours, and as 90 in one of minutes; writes times of the day in one way.")),
    ("numbers", "number", gettext_noop("Numbers"), gettext_noop("Writes numbers plainly, without thousands marks, currency, units and brackets.")),
    ("out_of_range", "number date", gettext_noop("Values that cannot be"), gettext_noop("Reports scores and ages that cannot be, and days decades before or after all others.")),
    ("code_form", "id phone category", gettext_noop("Form of identifiers"), gettext_noop("Takes blanks, hyphens and words off identifiers that others lack; asks about letters among digits.")),
    ("decimal_tail", "id", gettext_noop("Identifiers with decimals"), gettext_noop("Takes .0 and thousands marks off identifiers that were kept as numbers.")),
    ("leading_zeros", "id", gettext_noop("Lost leading zeros"), gettext_noop("Gives identifiers back the zeros that a spreadsheet took.")),
    ("scientific_ids", "id", gettext_noop("Identifiers like 6.3E+11"), gettext_noop("Writes out identifiers like 6.3E+11 where all digits are there, else reports them.")),
    ("id_length", "id idnumber phone", gettext_noop("Length of identifiers"), gettext_noop("Reports identifiers with fewer or more signs than nearly all others have.")),
    ("phones", "phone", gettext_noop("Phone numbers"), gettext_noop("Writes the signs between the digits of phone numbers as most of the column do.")),
    ("email", "email", gettext_noop("E-mail addresses"), gettext_noop("Takes spaces out of addresses, reports what is none, and domains that are nearly those of the others.")),
    ("truth", "truth", gettext_noop("Yes and no"), gettext_noop("Writes yes and no in one way.")),
    ("terms", "*", gettext_noop("Words of the dictionary"), gettext_noop("Turns words into the suite's own, as the terms say.")),
    ("variants", "category gender", gettext_noop("One word in several spellings"), gettext_noop("Writes words that differ in case, spaces and signs alone in one way.")),
    ("spelling", "category gender name text", gettext_noop("Misspelt words"), gettext_noop("Reports rare words that look like a frequent one misspelt or cut short, and digits among letters.")),
    ("letter_case", "name category id text", gettext_noop("Capital and small letters"), gettext_noop("Writes words in the case of the column where that is plain, else reports them.")),
    ("out_of_place", "name category id", gettext_noop("Values of another column"), gettext_noop("Reports numbers, days and addresses among words, and words among numbers.")),
    ("blank_rows", "rows", gettext_noop("Empty rows"), gettext_noop("Leaves out rows without content.")),
    ("repeated_headings", "rows", gettext_noop("Headings that come again"), gettext_noop("Leaves out headings that come again inside the table.")),
    ("totals", "rows", gettext_noop("Rows of sums"), gettext_noop("Leaves out rows that only sum others up.")),
    ("notes", "rows", gettext_noop("Notes below the table"), gettext_noop("Leaves out notes below the table, units below the headings and numbers of pages; asks about rows of a single cell.")),
    ("shifted_rows", "rows", gettext_noop("Rows that slipped sideways"), gettext_noop("Moves cells back that slipped a column to the side.")),
    ("merged_cells", "rows", gettext_noop("Merged cells"), gettext_noop("Asks about empty cells below a word that seems to stand for several rows.")),
    ("duplicates", "rows", gettext_noop("Repeated rows"), gettext_noop("Leaves out rows that repeat another one in every cell.")),
    ("near_duplicates", "rows", gettext_noop("Persons who are there twice"), gettext_noop("Reports persons who seem to be there twice.")),
    ("exchanged_names", "rows", gettext_noop("First and last name exchanged"), gettext_noop("Puts first and last names back that changed places, or reports them.")),
    ("exchanged_days", "rows", gettext_noop("Birth date and another day exchanged"), gettext_noop("Puts a birth date and another day of the row back that stand in each other's column.")),
    ("id_numbers", "rows", gettext_noop("ID numbers"), gettext_noop("Compares ID numbers with their check digit, birth date and gender.")),
    ("date_order", "rows", gettext_noop("Order of days"), gettext_noop("Reports days that cannot follow each other, such as an exit before the hire.")),
    ("status", "rows", gettext_noop("Status against exit date"), gettext_noop("Reports active employees who have an exit date, and those who left without one.")),
    ("own_manager", "rows", gettext_noop("Own manager"), gettext_noop("Reports persons who are their own manager.")),
    ("ages", "rows", gettext_noop("Age against birth date"), gettext_noop("Reports ages that the birth date of the row contradicts.")),
    ("outcomes", "rows", gettext_noop("Outcome against score"), gettext_noop("Reports who passed or failed in spite of the score.")),
)  # fmt: skip
RULES = {name: Rule(name, tuple(types.split()), label, description) for name, types, label, description in _ALL}
