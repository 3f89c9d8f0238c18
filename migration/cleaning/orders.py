"""Which of day, month and year comes first: cells that are written alike show it to each other."""

from __future__ import annotations

from collections.abc import Sequence

from migration.cleaning.day_cells import Cell, settled
from migration.cleaning.day_forms import Reading
from migration.cleaning.exchanged import SURE
from migration.cleaning.readings import ORDERS, SHORT
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Work

#: ambiguous cells beside few plain ones: somebody's slip is likelier than an order
_ODD_SHARE = 0.1
#: so few cells of another order beside so many of one are slips, which say nothing of the others
_SLIPS, _SLIP_SHARE, _PLENTY = 2, 0.015, 100
#: days of a month, how far those of a column are apart, and how many different years there are at least
_DAYS, _WIDE, _DIFFERENT = 31, 25, 5
#: dates such as 2023-24-03 from which they are no slips
_FEW_EXCHANGED, _MONTHS = 3, 12
MIXED = gettext_noop("The column has dates with the day first and dates with the month first.")
#: no year of two digits means one before
_EARLIEST = 1950


def orders_of(work: Work, column: Column, waiting: Sequence[Cell]) -> dict[str, str]:
    """family -> order; ``?`` where nothing shows it, ``!`` where its cells contradict each other."""
    given = work.hints.of(work.hints.orders, column)
    families: dict[str, list[Cell]] = {}
    for cell in waiting:
        if cell.reading is not None:
            families.setdefault(cell.reading.family, []).append(cell)
    orders = {family: given or _order_of(work, column, cells) for family, cells in families.items()}
    for family, order in orders.items():
        shorter = orders.get(family + SHORT, "")
        if order == "?" and shorter in ("dmy", "mdy"):
            # 31.12.79 shows what 03.04.1980 is
            orders[family] = shorter
        # the same dates with years of four digits tell
        longer = orders.get(family.removesuffix(SHORT), "")
        if order == "?" and family.endswith(SHORT) and len(longer) == 3:
            options = set.union(*(possible(work, column, one.reading) for one in families[family] if one.reading))
            orders[family] = longer if "ymd" not in options else order
    return orders


def read_year_first(work: Work, column: Column, cells: Sequence[Cell]) -> None:
    """2023-24-03: the day before the month. Where all cells allow it, all are such; where not, those that can be read
    both ways are noted: other rows and columns may tell (day_slips.py)."""
    texts = [cell for cell in cells if cell.reading and isinstance(cell.value, str) and cell.reading.family == "iso"]
    exchanged = [cell for cell in texts if cell.reading and cell.reading.day_second]
    if not exchanged:
        return
    plain = [cell for cell in texts if cell.reading and cell.reading.days.get("ymd", (0, 0, 0))[2] > _MONTHS]
    # a month of 13 again and again is no day of the month
    days = {cell.reading.day_second[2] for cell in exchanged if cell.reading and cell.reading.day_second}
    settles = not plain and len(exchanged) >= _FEW_EXCHANGED and len(days) > 1
    for cell in texts:
        assert cell.reading is not None
        year, month, day = cell.reading.day_second or cell.reading.days["ymd"]
        if settles:
            cell.reading = Reading({"ymd": (year, month, day) if cell in exchanged else (year, day, month)})
        elif cell not in exchanged and day <= _MONTHS and day != month:
            column.either_way.update(cell.places)
    if not settles and not work.hints.of(work.hints.orders, column):
        column.day_second = (sum(len(cell.places) for cell in exchanged), sum(len(cell.places) for cell in plain))
    else:
        column.either_way.clear()


def _order_of(work: Work, column: Column, cells: Sequence[Cell]) -> str:
    options = [
        (possible(work, column, cell.reading), cell) for cell in cells if cell.reading and not cell.reading.unsure
    ]
    options = [(one, cell) for one, cell in options if one]
    if _ends_with_years(options):
        options = [(one - {"ymd"} or one, cell) for one, cell in options]
    if not options:
        return "?"
    fitting = set.intersection(*(one for one, _cell in options))
    if not fitting:
        return _beyond_slips(options)
    if len(fitting) > 1:
        return "?"
    order = fitting.pop()
    told = [(one, len(cell.places)) for one, cell in options if len(one) == 1 or not _same(cell)]
    size = sum(count for _one, count in told)
    # each other order must be ruled out by more than somebody's slip
    against = {other: sum(count for one, count in told if other not in one) for other in {*ORDERS} - {order}}
    odd = any(count < _odd_share(other, order) * size and size - count >= 20 for other, count in against.items())
    return "?" if odd else order


def _beyond_slips(options: Sequence[tuple[set[str], Cell]]) -> str:
    """The order of nearly all cells that show one, where one or two contradict them."""
    seen = set.union(*(one for one, _cell in options))
    for order in seen:
        against = sum(len(cell.places) for one, cell in options if order not in one)
        shown = min(
            sum(len(cell.places) for one, cell in options if order in one and other not in one)
            for other in seen - {order}
        )
        if against <= _SLIPS and shown >= _PLENTY and against < _SLIP_SHARE * shown:
            return order
    return "!"


def _ends_with_years(options: Sequence[tuple[set[str], Cell]]) -> bool:
    """Whether what comes first is spread as days are, and what comes last is not: 24 at most, in hundreds of cells."""
    first: list[int] = []
    last: list[int] = []
    for _one, cell in options:
        days = cell.reading.days if cell.reading else {}
        if "dmy" in days or "ymd" in days:
            year, _month, day = days.get("ymd") or days["dmy"]
            first.append(year if "ymd" in days else day)
            last.append(day if "ymd" in days else year)
    if not last or len(set(last)) < _DIFFERENT or max(first) - min(first) < _WIDE:
        return False
    return (min(max(last), _DAYS) / _DAYS) ** len(last) < SURE


def _odd_share(other: str, order: str) -> float:
    """Few of a month's days would be years to come."""
    return _ODD_SHARE / 3 if "ymd" in (other, order) else _ODD_SHARE


def possible(work: Work, column: Column, reading: Reading) -> set[str]:
    """The orders in which the cell is a day that the column can hold: nobody was born, or hired, in years to come."""
    found = set()
    for order, day in reading.days.items():
        one = settled(work, column, reading, day)[0]
        if one is None or (reading.weekdays and one.weekday() not in reading.weekdays):
            continue
        is_usual = one.year >= _EARLIEST and (one.year <= work.today.year + 2 or column.meaning == "end_date")
        if is_usual or column.meaning == "birth_date" or not reading.short:
            found.add(order)
    # 31/06/23 is a day that does not exist, rather than one of 2031
    return found or set(reading.days) - {"ymd"}


def _same(cell: Cell) -> bool:
    """Whether it is one day in whatever order."""
    return cell.reading is not None and len(set(cell.reading.days.values())) == 1
