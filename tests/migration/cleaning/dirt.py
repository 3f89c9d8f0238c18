"""Known ways in which tables get dirty, put on clean ones; and the judge who compares cell by cell afterwards."""

# ruff: noqa: DTZ001 - spreadsheets know no zones; tables read as rows
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from migration.cleaning import Cleaned, Hints, clean, find_table

TODAY = dt.date(2026, 11, 25)


@dataclass
class Sheet:
    """``rows``: cells as a file would hold them; ``truth``: the clean row of each, None for rows that are no data.
    ``kinds``: of columns: id name text category date number score truth."""

    headings: list[str]
    kinds: list[str]
    rows: list[list[Any]]
    truth: list[list[str] | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.truth:
            self.truth = [[str(cell) for cell in row] for row in self.rows]

    def copy(self) -> Sheet:
        return Sheet(self.headings, self.kinds, [list(row) for row in self.rows], list(self.truth))

    def of(self, *kinds: str) -> list[int]:
        return [place for place, kind in enumerate(self.kinds) if kind in kinds]


@dataclass
class Verdict:
    cells: int = 0
    wrong: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    doubts: int = 0
    needless: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    lost_rows: list[int] = field(default_factory=list)
    ghost_rows: list[int] = field(default_factory=list)
    mended: int = 0


def run(sheet: Sheet, hints: Hints | None = None, first: int = 1) -> Cleaned:
    rows = [(first, list(sheet.headings)), *((number, row) for number, row in enumerate(sheet.rows, first + 1))]
    layout = find_table(rows)
    assert layout is not None
    return clean(layout, today=TODAY, hints=hints)


def judge(sheet: Sheet, cleaned: Cleaned, first: int = 1) -> Verdict:
    verdict = Verdict()
    asked = {(one.row, one.column): one for one in cleaned.doubts}
    rows_asked = {one.row for one in cleaned.doubts if not one.column}
    got = dict(cleaned.rows)
    places = {heading: place for place, heading in enumerate(cleaned.headings)}
    for index, truth in enumerate(sheet.truth):
        number = first + 1 + index
        if truth is None:
            if number in got and number not in rows_asked and not any(row == number for row, _c in asked):
                verdict.ghost_rows.append(number)
            continue
        if number not in got:
            verdict.lost_rows.append(number)
            continue
        if number in rows_asked:
            verdict.cells += len(truth)
            verdict.doubts += 1
            judge_asked_row(verdict, sheet, index, got[number], places, first)
            continue
        for place, heading in enumerate(sheet.headings):
            verdict.cells += 1
            now, was = got[number][places[heading]], sheet.rows[index][place] if place < len(sheet.rows[index]) else ""
            good = same(now, truth[place])
            doubt = asked.get((number, heading))
            if doubt is not None:
                verdict.doubts += 1
                if same(was, truth[place]) and good:
                    verdict.needless.append((number, heading, str(was), truth[place], f"{doubt.rule}: {doubt.reason}"))
            elif not good:
                verdict.wrong.append((number, heading, str(was), truth[place], now))
            elif not same(was, truth[place]):
                verdict.mended += 1
    return verdict


def judge_asked_row(
    verdict: Verdict, sheet: Sheet, index: int, now: Sequence[str], places: dict[str, int], first: int = 1
) -> None:
    """A question about a row covers what came wrong in it; cells that came right must still be so."""
    came, truth, number = sheet.rows[index], sheet.truth[index] or [], first + 1 + index
    right = [place for place, value in enumerate(truth) if place < len(came) and same(came[place], value)]
    for place in right:
        heading = sheet.headings[place]
        if not same(now[places[heading]], truth[place]):
            verdict.wrong.append((number, heading, str(came[place]), truth[place], now[places[heading]]))
    if len(right) == len(truth):
        verdict.needless.append((number, "", "", "", "the whole row"))


def same(one: Any, other: str) -> bool:
    if isinstance(one, (dt.datetime, dt.date)):
        one = one.isoformat()[:10]
    text = "" if one is None else str(one)
    if text == other:
        return True
    try:
        return Decimal(text) == Decimal(other) and not _padded(text) and not _padded(other)
    except InvalidOperation:
        return False


def _padded(text: str) -> bool:
    return text[:1] == "0" and text[1:2].isdigit()


# --- operations -------------------------------------------------------------------------------------------------------
Operation = Callable[[Sheet, Random], None]


def _some(sheet: Sheet, random: Random, columns: Sequence[int], share: float = 0.05) -> list[tuple[list[Any], int]]:
    """(row, column) of some filled cells, at least one per column."""
    found = []
    for place in columns:
        rows = [row for row in sheet.rows if row[place] not in ("", None)]
        if rows:
            found += [(row, place) for row in random.sample(rows, max(1, int(share * len(rows))))]
    return found


def _day(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def spaces(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, range(len(sheet.kinds))):
        text, blank = (
            str(row[place]),
            random.choice([" ", "  ", "\u00a0", "\u3000", "\t", "\u200b", "\ufeff", "\u2009"]),
        )
        row[place] = random.choice([blank + text, text + blank, blank + text + blank])
        if " " in text and random.random() < 0.5:
            row[place] = text.replace(" ", random.choice(["  ", "\u00a0", " \u200b"]), 1)


def full_width(sheet: Sheet, random: Random) -> None:
    table = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
    for row, place in _some(sheet, random, sheet.of("id", "name", "number", "score", "date", "category")):
        row[place] = str(row[place]).translate(table)


def _written(pattern: str, share: float) -> Operation:
    def operation(sheet: Sheet, random: Random) -> None:
        for place in sheet.of("date"):
            for row in sheet.rows:
                if (day := _day(row[place])) and random.random() < share:
                    row[place] = _format(day, pattern)

    return operation


def _format(day: dt.date, pattern: str) -> str:
    pattern = pattern.replace("%-d", str(day.day)).replace("%-m", str(day.month))
    return day.strftime(pattern)


def dates_mixed(sheet: Sheet, random: Random) -> None:
    """Every form whose order is plain, and one that its column decides."""
    forms = [
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%d-%b-%Y",
        "%B %d, %Y",
        "%Y年%-m月%-d日",
        "%Y/%-m/%-d",
        "%d/%m/%Y",
        "%Y-%m-%d 00:00:00",
    ]
    for place in sheet.of("date"):
        for row in sheet.rows:
            if day := _day(row[place]):
                row[place] = _format(day, random.choice(forms))


def dates_contradicting(sheet: Sheet, random: Random) -> None:
    for place in sheet.of("date"):
        for row in sheet.rows:
            if day := _day(row[place]):
                row[place] = _format(day, "%m/%d/%Y" if random.random() < 0.9 else "%d/%m/%Y")


def serials(sheet: Sheet, random: Random) -> None:
    for place in sheet.of("date"):
        for row in sheet.rows:
            if (day := _day(row[place])) and random.random() < 0.2:
                number = (day - dt.date(1899, 12, 30)).days
                row[place] = random.choice([number, float(number), str(number)])


def real_dates(sheet: Sheet, random: Random) -> None:
    for place in sheet.of("date"):
        for row in sheet.rows:
            if (day := _day(row[place])) and random.random() < 0.8:
                row[place] = dt.datetime(day.year, day.month, day.day)


def exchanged(sheet: Sheet, random: Random) -> None:
    """A spreadsheet that expects months first opens days first."""
    for place in sheet.of("date"):
        for row in sheet.rows:
            if day := _day(row[place]):
                small = day.day <= 12
                row[place] = dt.datetime(day.year, day.day, day.month) if small else day.strftime("%d/%m/%Y")


def exchanged_in_csv(sheet: Sheet, random: Random) -> None:
    for place in sheet.of("date"):
        for row in sheet.rows:
            if day := _day(row[place]):
                row[place] = f"{day.year}-{day.day:02d}-{day.month:02d}" if day.day <= 12 else day.strftime("%d/%m/%Y")


def numbers_marked(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, sheet.of("number"), 0.3):
        number = Decimal(str(row[place]))
        forms = [
            f"{number:,}",
            f"${number:,}",
            f"¥{number}",
            f"{number} 元",
            f" {number:,} ",
            f"￥{number:,}",
            f"{number}.00" if number == int(number) else f"{number}",
        ]
        if number > 10000:
            forms.append(f"{(number / 10000).normalize():f}万")
        row[place] = random.choice(forms)


def zeros_lost(sheet: Sheet, random: Random) -> None:
    """Identifiers of one width lose their zeros; the truth has them."""
    for place in sheet.of("id"):
        width = max(len(str(row[place])) for row in sheet.rows) + 2
        for index, row in enumerate(sheet.rows):
            full = str(row[place]).zfill(width)
            truth = sheet.truth[index]
            if truth is not None:
                sheet.truth[index] = [*truth[:place], full, *truth[place + 1 :]]
            row[place] = random.choice([int(full), str(int(full)), f"{int(full)}.0"]) if random.random() < 0.3 else full


def lost_values(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, range(len(sheet.kinds)), 0.02):
        row[place] = random.choice(["#####", "########", "#N/A", "#REF!", "#VALUE!", "#DIV/0!"])


def placeholders(sheet: Sheet, random: Random) -> None:
    """Cells of which nothing is known: empty in truth."""
    words = [
        "NA",
        "N/A",
        "Unknown",
        "unknown",
        "-",
        "--",
        "null",
        "NULL",
        "None",
        "n/a",
        "无",
        "未知",
        "N/A-StillEmployed",
        "?",
        "TBD",
        "nan",
    ]
    for place in range(len(sheet.kinds)):
        if sheet.kinds[place] == "id":
            continue
        for index in random.sample(range(len(sheet.rows)), max(1, len(sheet.rows) // 50)):
            truth = sheet.truth[index]
            if truth is not None:
                sheet.truth[index] = [*truth[:place], "", *truth[place + 1 :]]
                sheet.rows[index][place] = random.choice(words)


def scores_broken(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, sheet.of("score"), 0.02):
        row[place] = random.choice([999, -5, "abc", "缺考", "absent", 1000, "85分半", "缓考"])


def shifted(sheet: Sheet, random: Random) -> None:
    for index in random.sample(range(len(sheet.rows)), max(1, len(sheet.rows) // 50)):
        row, place = sheet.rows[index], random.randrange(1, len(sheet.kinds) // 2)
        way = random.randrange(3)
        if way == 0:
            row.insert(place, "")
        elif way == 1:
            row.insert(place, "")
            row.pop()
        else:
            row.pop(place)
            row.append("")


def duplicates(sheet: Sheet, random: Random) -> None:
    for index in sorted(random.sample(range(len(sheet.rows)), max(1, len(sheet.rows) // 50)), reverse=True):
        at = random.choice([index + 1, len(sheet.rows)])
        sheet.rows.insert(at, list(sheet.rows[index]))
        sheet.truth.insert(at, None)


def furniture(sheet: Sheet, random: Random) -> None:
    """Blank rows, headings again, sums, a note at the end."""
    size = len(sheet.kinds)
    for _time in range(3):
        at = random.randrange(1, len(sheet.rows))
        for row in (
            ["" for _ in range(size)],
            list(sheet.headings),
            ["Total", *[""] * (size - 2), "123"],
            ["小计", *["" for _ in range(size - 1)]],
        ):
            sheet.rows.insert(at, row)
            sheet.truth.insert(at, None)
    for row in (["合计", *[""] * (size - 2), 999], ["注：本表由人事部导出", *[""] * (size - 1)]):
        sheet.rows.append(row)
        sheet.truth.append(None)


def case_variants(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, sheet.of("category"), 0.05):
        text = str(row[place])
        row[place] = random.choice(
            [text.upper(), text.lower(), f"{text} ", text.replace("-", " "), text.replace(" ", "  ")]
        )


def slips(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, sheet.of("category"), 0.005):
        text = str(row[place])
        if len(text) < 6 or any(map(str.isdigit, text)):
            continue
        at = random.randrange(1, len(text) - 2)
        row[place] = random.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            ]
        )


def names_shouted(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, sheet.of("name"), 0.03):
        row[place] = random.choice([str(row[place]).upper(), str(row[place]).lower()])


def truth_words(sheet: Sheet, random: Random) -> None:
    for row, place in _some(sheet, random, sheet.of("truth"), 0.2):
        if str(row[place]) not in ("Yes", "No"):
            continue
        yes = str(row[place]).lower() in ("yes", "y", "true", "1", "是")
        row[place] = random.choice(
            ["Y", "yes", "是", "TRUE", "true", " Yes", "1", True]
            if yes
            else ["N", "no", "否", "FALSE", "false", "No ", "0", False]
        )


OPERATIONS: dict[str, Operation] = {
    "spaces": spaces,
    "full_width": full_width,
    "dates d/m/Y": _written("%d/%m/%Y", 1.0),
    "dates m/d/Y": _written("%-m/%-d/%Y", 1.0),
    "dates m/d/y": _written("%m/%d/%y", 1.0),
    "dates d-b-y": _written("%-d-%b-%y", 1.0),
    "dates d.m.Y, some": _written("%d.%m.%Y", 0.3),
    "dates Chinese, some": _written("%Y年%-m月%-d日", 0.3),
    "dates mixed": dates_mixed,
    "dates contradicting": dates_contradicting,
    "serials": serials,
    "real dates": real_dates,
    "exchanged": exchanged,
    "exchanged in csv": exchanged_in_csv,
    "numbers": numbers_marked,
    "zeros lost": zeros_lost,
    "lost values": lost_values,
    "placeholders": placeholders,
    "scores": scores_broken,
    "shifted": shifted,
    "duplicates": duplicates,
    "furniture": furniture,
    "case": case_variants,
    "slips": slips,
    "names shouted": names_shouted,
    "truth": truth_words,
}
