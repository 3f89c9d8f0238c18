"""The policy language once more: plain, slow, one thing after the other, written from docs/policy-format.md alone.

It shares nothing with ``training``. People, posts, leaves, records and adjustments are read by attribute, so that the
same objects go through this and through the engine; the answers carry the names of the engine's ``Account``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

FOREVER = dt.date.max
DAY = dt.timedelta(days=1)
SUM_LIMITS = ("share_of_total", "share_of_required", "share_of", "ratio_to")


# --- numbers and days --------------------------------------------------------------------------------
def number(value: Any) -> Fraction:
    return Fraction(str(value))


def day_of(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def rounded(value: Fraction, how: Mapping[str, Any] | None) -> Fraction:
    """`{step, mode}`; two places half up where nothing is said."""
    step = number((how or {}).get("step", "0.01"))
    mode = (how or {}).get("mode", "half_up")
    sign, units = (-1 if value < 0 else 1), abs(value) / step
    whole = floor(units)
    rest = units - whole
    half = Fraction(1, 2)
    ups = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2),
    }
    whole += bool(ups[mode])
    return sign * whole * step


def cents(value: Fraction) -> Fraction:
    return rounded(value, None)


def decimal(value: Fraction) -> Decimal:
    value = cents(value)
    return Decimal(value.numerator) / Decimal(value.denominator)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months on; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def bucket(per: str, day: dt.date) -> Any:
    return {
        "day": day,
        "week": day - dt.timedelta(days=day.weekday()),
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month - 1) // 3),
        "half_year": (day.year, (day.month - 1) // 6),
        "calendar_year": day.year,
        "period": None,
    }[per]


def month_day(text: Any, first: dt.date) -> dt.date:
    """The first such day of the year that is not before ``first``."""
    month, day = (int(part) for part in str(text).split("-"))
    for year in (first.year, first.year + 1):
        found = dt.date(year, month, day)
        if found >= first:
            return found
    raise AssertionError


def step_day(said: Any, first: dt.date) -> dt.date:
    return day_of(said) if len(str(said)) == 10 else month_day(said, first)


# --- what comes out ----------------------------------------------------------------------------------
@dataclass
class Line:
    record: Any
    kind: str
    category: str
    rule: str
    raw: Fraction
    counted: Fraction
    activity: str = ""
    day: dt.date | None = None
    version: Mapping[str, Any] = field(default_factory=dict)
    total_only: bool = False
    #: the days of the period that it counts in
    home: tuple[dt.date, dt.date] | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Need:
    name: str
    required: Decimal
    counted: Decimal
    missing: Decimal
    met: bool
    parts: list[Need] = field(default_factory=list)


@dataclass
class Lot:
    """Points that were carried into a category, and how often already."""

    into: str
    age: int
    amount: Fraction


@dataclass
class Account:
    employee_no: str
    total: Decimal = Decimal(0)
    raw_total: Decimal = Decimal(0)
    categories: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    target: str | None = None
    required: Decimal | None = None
    share: Fraction | None = None
    met: bool | None = None
    exempt: bool = False
    missing: Decimal = Decimal(0)
    requirements: list[Need] = field(default_factory=list)
    status: str | None = None
    outcomes: list[tuple[str, Any, Decimal | None]] = field(default_factory=list)
    rank: int | None = None
    voided: bool = False
    # for the next period and for `finish`
    sheet: Any = None


# --- the document ------------------------------------------------------------------------------------
class Book:
    """The document with its lists by name."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.policy = document.get("policy", {})
        self.categories = {one["code"]: one for one in document.get("categories", [])}
        self.activities = {one["code"]: one for one in document.get("activities", [])}
        self.courses = {one["code"]: one for one in document.get("courses", [])}
        self.types = {(one["owner"], one["code"]): one["type"] for one in document.get("attributes", [])}
        self.years = {str(one["name"]): (day_of(one["start"]), day_of(one["end"])) for one in document.get("years", [])}
        self.rules = [one for one in document.get("rules", []) if not one.get("team")]

    def many(self, name: str) -> Sequence[Mapping[str, Any]]:
        return self.document.get(name) or []

    def path(self, category: str) -> list[str]:
        found = []
        while category:
            found.append(category)
            category = self.categories.get(category, {}).get("parent") or ""
        return found

    def in_total(self, category: str) -> bool:
        return all(self.categories.get(code, {}).get("in_total", True) for code in self.path(category))

    def attribute(self, owner: str, code: str, stored: Any) -> Any:
        if stored is None or stored == "":
            return None
        kind = self.types.get((owner, code), "text")
        if kind == "number":
            return number(stored)
        if kind == "date":
            return day_of(stored)
        return stored

    def period_before(self, period: str) -> str | None:
        start = self.years[period][0]
        return next((name for name, (_first, last) in self.years.items() if last + DAY == start), None)


# --- conditions --------------------------------------------------------------------------------------
def holds(when: Any, ask: Callable[[str], Any]) -> bool:
    """``ask`` gives the value of a name: None where not stated, a list where any of its members may fit."""
    for name, wanted in (when or {}).items():
        if name == "all":
            good = all(holds(one, ask) for one in wanted)
        elif name == "any":
            good = any(holds(one, ask) for one in wanted)
        elif name == "not":
            good = not holds(wanted, ask)
        else:
            good = fits(wanted, ask(name))
        if not good:
            return False
    return True


def fits(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return all(_compares(word, bound, value) for word, bound in wanted.items())
    if isinstance(wanted, list | tuple):
        return any(fits(one, value) for one in wanted)
    if value is None:
        return False
    if isinstance(value, list):
        return any(_same(wanted, one) for one in value)
    return _same(wanted, value)


def _compares(word: str, bound: Any, value: Any) -> bool:
    if word == "known":
        return (value is not None and value != []) == bound
    if word == "not":
        return not fits(bound, value)
    if value is None:
        return False
    if word == "one_of":
        return fits(bound, value)
    bound = day_of(bound) if isinstance(value, dt.date) else number(bound)
    return {"from": value >= bound, "above": value > bound, "to": value <= bound, "below": value < bound}[word]


def _same(wanted: Any, value: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return wanted is value
    if isinstance(value, Fraction):
        return number(wanted) == value
    if isinstance(value, dt.date):
        return day_of(wanted) == value
    return str(wanted) == str(value)


class Facts:
    """What can be asked about one person and their records."""

    def __init__(self, book: Book, person: Any, records: Sequence[Any]) -> None:
        self.book, self.person = book, person
        self.records = sorted(records, key=lambda one: (one.happened_on, one.id))

    def post_on(self, day: dt.date) -> Any:
        return next((one for one in self.person.posts if one.start <= day <= (one.end or FOREVER)), None)

    def post_for_target(self, day: dt.date, year: tuple[dt.date, dt.date]) -> Any:
        """The first post known reaches back to the first day, the last one on to the last."""
        last = min(self.person.exit_date or FOREVER, year[1])
        posts = [one for one in self.person.posts if one.start <= last and (one.end or FOREVER) >= year[0]]
        known = [one for one in posts if one.start <= day]
        return known[-1] if known else next((one for one in posts if one is self.person.posts[0]), None)

    def employee(self, name: str, day: dt.date, post: Any) -> Any:
        person = self.person
        if name == "number":
            return person.employee_no
        if name == "department":
            return list(post.departments) if post and post.departments else None
        if name in ("position", "level", "band"):
            return (getattr(post, name) if post else None) or None
        if name in ("hire_date", "exit_date"):
            return getattr(person, name)
        if name == "service_months":
            full, hired = 0, person.hire_date
            while (hired.year * 12 + hired.month - 1 + full + 1, hired.day) <= (day.year * 12 + day.month - 1, day.day):
                full += 1
            return Fraction(full)
        if name == "service_years":
            years = day.year - person.hire_date.year
            years -= (day.month, day.day) < (person.hire_date.month, person.hire_date.day)
            return Fraction(years)
        return self.book.attribute("employee", name, person.attributes.get(name))

    def passed(self, record: Any) -> bool | None:
        mark = self.book.activities.get(record.activity, {}).get("pass_mark")
        if record.passed is None and record.score is not None and mark is not None:
            return number(record.score) >= number(mark)
        return record.passed  # type: ignore[no-any-return]

    def nth(self, record: Any, first: dt.date, last: dt.date) -> int:
        def key(one: Any) -> tuple[Any, ...]:
            return (one.activity, one.course, "" if one.course else one.title)

        place = 0
        for one in self.records:
            if key(one) == key(record) and first <= one.happened_on <= last:
                place += 1
            if one is record:
                break
        return place

    def asker(
        self, record: Any, *, category: str = "", rule: str = "", span: tuple[dt.date, dt.date]
    ) -> Callable[[str], Any]:
        day = record.happened_on

        def ask(name: str) -> Any:
            if name.startswith("employee."):
                return self.employee(name[9:], day, self.post_on(day))
            if name == "category":
                return self.book.path(category or self.book.activities.get(record.activity, {}).get("category", ""))
            if name == "rule":
                return rule or None
            if name == "skill":
                return self.book.courses.get(record.course, {}).get("skill") or None
            if name in ("activity", "course", "title", "source"):
                return getattr(record, name) or None
            if name == "happened_on":
                return day
            if name == "month":
                return Fraction(day.month)
            if name in ("minutes", "count", "score"):
                value = getattr(record, name)
                return None if value is None else number(value)
            if name == "hours":
                return None if record.minutes is None else number(record.minutes) / 60
            if name == "passed":
                return self.passed(record)
            if name == "nth":
                return Fraction(self.nth(record, *span))
            if name == "nth_ever":
                return Fraction(self.nth(record, dt.date.min, FOREVER))
            if name.startswith("days_until."):
                asked = name.split(".", 1)[1]
                until = ask(asked)
                return Fraction((until - day).days) if isinstance(until, dt.date) else None
            return self.book.attribute("record", name, record.attributes.get(name))

        return ask


# --- whom something is for ---------------------------------------------------------------------------
def closeness(scope: Mapping[str, Any] | None, person: Any, post: Any) -> tuple[int, ...] | None:
    """Greater is more specific; None does not fit."""
    scope = scope or {}
    if "employee" in scope and str(scope["employee"]) != person.employee_no:
        return None
    departments = list(post.departments) if post else []
    nearness = -1
    if "department" in scope:
        if scope["department"] not in departments:
            return None
        nearness = 1000 - departments.index(scope["department"])
    for name in ("position", "level", "band"):
        if name in scope and (post is None or getattr(post, name) != str(scope[name])):
            return None
    return (int("employee" in scope), int("position" in scope), nearness, int("level" in scope), int("band" in scope))


# --- one employee, one period ------------------------------------------------------------------------
class Sheet:
    """Works out one account, step by step as the page lists them."""

    def __init__(self, document: Any, period: str, person: Any, records: Any, adjustments: Any, as_of: Any) -> None:
        self.book = Book(document)
        self.period, self.person, self.as_of = str(period), person, as_of
        self.adjustments = adjustments
        self.facts = Facts(self.book, person, [one for one in records if one.happened_on <= (as_of or FOREVER)])
        self.all_records = records
        self.year = self.book.years[self.period]
        #: what is asked is for these days, a part of which somebody may have been on staff
        self.whole = self.year
        #: the period that is judged, also where another one is looked at
        self.judged = self.period
        #: in the window of a requirement: the periods in it
        self.homes: list[tuple[dt.date, dt.date]] = []
        #: the requirements that the one looked at stands in
        self.around: list[Mapping[str, Any]] = []
        self.lines: list[Line] = []
        self.lots: list[Lot] = []
        self.cut: dict[str, Fraction] = defaultdict(Fraction)
        self.account = Account(person.employee_no, sheet=self)

    def run(self) -> Account:
        self.choose_target()
        self.span = self.target_span()
        self.ask_share()
        self.value_records()
        self.limit()
        self.convert()
        self.carry()
        self.adjust()
        self.void()
        self.round_sums()
        self.lift_to_floors()
        self.check_target()
        self.sum_up()
        return self.account

    # --- the target and its share --------------------------------------------------------------------
    def on_staff(self, span: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date] | None:
        first = max(span[0], self.person.hire_date)
        last = min(span[1], self.person.exit_date or FOREVER)
        return (first, last) if first <= last else None

    def target_at(self, day: dt.date) -> Mapping[str, Any] | None:
        post = self.facts.post_for_target(day, self.whole)
        best = None
        for place, target in enumerate(self.book.many("targets")):
            if str(target["year"]) != self.period:
                continue
            close = closeness(target.get("for"), self.person, post)
            if close is None or not holds(target.get("when"), self.ask_employee(day)):
                continue
            weight = (close, bool(target.get("when")), target.get("priority", 0), place)
            if best is None or weight > best[0]:
                best = (weight, target)
        return best[1] if best else None

    def held(self, day: dt.date, staff: tuple[dt.date, dt.date]) -> Mapping[str, Any] | None:
        """The target of the post of a day, which is chosen on the last day of that post."""
        post = self.facts.post_for_target(day, self.whole)
        while day < staff[1] and self.facts.post_for_target(day + DAY, self.whole) is post:
            day += DAY
        return self.target_at(day)

    def ask_employee(self, day: dt.date) -> Callable[[str], Any]:
        post = self.facts.post_for_target(day, self.whole)
        return lambda name: self.facts.employee(name.removeprefix("employee."), day, post)

    def choose_target(self) -> None:
        staff = self.on_staff(self.year)
        self.target = self.target_at(staff[1]) if staff else None
        self.target_day = staff[1] if staff else self.year[1]

    def target_span(self) -> tuple[dt.date, dt.date]:
        """A target's window takes the place of the period."""
        return self.window((self.target or {}).get("window"))

    def window(self, window: Mapping[str, Any] | None) -> tuple[dt.date, dt.date]:
        if not window:
            return self.year
        long = 12 * window.get("years", 0) + window.get("months", 0)
        if long:
            last = min(self.as_of or FOREVER, self.year[1])
            if "since" not in window:
                return add_months(last + DAY, -long), last
            first = self.facts.employee(window["since"], last, None)
            if first is None or first > last:
                return self.year
            begins = [add_months(first, long * number_of) for number_of in range(200)]
            return max(begin for begin in begins if begin <= last), last
        return day_of(window["from"]), day_of(window["until"])

    def whole_window(self, window: Mapping[str, Any] | None) -> tuple[dt.date, dt.date]:
        """A window that is longer than the period, if somebody was there; cycles of their own begin with them."""
        if not window or "since" in window:
            return self.year
        first, last = self.window(window)
        if "from" not in window:
            long = 12 * window.get("years", 0) + window.get("months", 0)
            first, last = add_months(self.year[1] + DAY, -long), self.year[1]
        is_longer = last - first > self.year[1] - self.year[0]
        return (first, last) if is_longer and self.on_staff((first, last)) else self.year

    def pro_rata(self) -> dict[str, Any]:
        said = (self.target or {}).get("pro_rata", "months")
        return {"joiners": said, "leavers": said} if isinstance(said, str) else dict(said)

    def ask_share(self) -> None:
        self.share, self.exempt, self.weights = Fraction(1), False, None
        #: the required total, where a window of its own is looked at
        self.in_all: Fraction | None = None
        if self.target is None:
            return
        how, staff = self.pro_rata(), self.on_staff(self.year)
        if staff is None:
            return
        hired = self.joined_on(how)
        if hired > self.year[1]:
            self.share, self.exempt = Fraction(0), True
            return
        joined, left = hired > self.year[0], (self.person.exit_date or FOREVER) < self.year[1]
        wait = how.get("exempt_months")
        if (
            (joined and how.get("joiners") == "exempt")
            or (left and how.get("leavers") == "exempt")
            or (wait and add_months(hired, int(wait)) > self.year[1])
        ):
            self.share, self.exempt = Fraction(0), True
            return
        self.share = self.share_within(self.target.get("window")) * self.own_part(how)
        if self.weights is not None:
            self.weights = [(one, share * self.own_part(how)) for one, share in self.weights]
        # away for the whole period
        self.exempt = self.share == 0

    def share_within(self, window: Mapping[str, Any] | None) -> Fraction:
        """Who had several targets and weighs them has them by the parts of the period alone."""
        how, staff = self.pro_rata(), self.on_staff(self.year)
        assert staff
        if how.get("transfers") == "weighted":
            share = self.share_of(how, staff)
            if self.weights is not None:
                return share
        self.whole = self.whole_window(window)
        staff = self.on_staff(self.whole)
        assert staff
        share = self.share_of(how, staff)
        self.whole = self.year
        return share

    def joined_on(self, how: Mapping[str, Any]) -> dt.date:
        """Hired, or what a day of their own says."""
        if "since" not in how:
            return self.person.hire_date  # type: ignore[no-any-return]
        return self.facts.employee(how["since"], self.year[1], None) or self.person.hire_date

    def own_part(self, how: Mapping[str, Any]) -> Fraction:
        """What an employee's own number says, such as half time."""
        stated = self.book.attribute("employee", how["attribute"], self.person.attributes.get(how["attribute"])) if (
            "attribute" in how) else None  # fmt: skip
        return Fraction(1) if stated is None else stated  # type: ignore[no-any-return]

    def share_of(self, how: Mapping[str, Any], staff: tuple[dt.date, dt.date]) -> Fraction:
        joiners, leavers = how.get("joiners", "months"), how.get("leavers", "months")
        span, share = self.whole, Fraction(1)
        since = self.theirs_since(staff)
        is_weighted = self.whole == self.year and how.get("transfers") == "weighted"
        if is_weighted and len({id(self.held(day, staff)) for day, _ in days_of(staff)}) > 1:
            # whoever kept one target all the time has no transfer to weigh
            since, self.weights = staff[0], self.weighted(how, staff)
        since = max(since, self.joined_on(how))
        begin = since if joiners in ("months", "days") else span[0]
        end = staff[1] if leavers in ("months", "days") else span[1]
        units = {unit for unit in (joiners, leavers) if unit in ("months", "days")}
        if len(units) == 1:
            share = self.part(units.pop(), how, begin, end)
        elif units:
            share = self.part(joiners, how, begin, span[1]) - (1 - self.part(leavers, how, span[0], end))
        if isinstance(joiners, list) and self.joined_on(how) > self.year[0]:
            in_order = sorted(joiners, key=lambda one: step_day(one["from"], self.year[0]))
            reached = [one for one in in_order if step_day(one["from"], self.year[0]) <= self.joined_on(how)]
            if reached:
                share -= 1 - number(reached[-1]["share"])
        return max(Fraction(0), share - self.away(how, (since, staff[1])))

    def part(self, unit: str, how: Mapping[str, Any], begin: dt.date, end: dt.date) -> Fraction:
        if unit == "days":
            return Fraction((end - begin).days + 1, (self.whole[1] - self.whole[0]).days + 1)
        return Fraction(self.months(how, begin, end), len(months_of(self.whole)))

    def months(self, how: Mapping[str, Any], begin: dt.date, end: dt.date) -> int:
        return sum(self.is_asked(how, month, begin, end) for month in months_of(self.whole))

    def is_asked(self, how: Mapping[str, Any], month: tuple[dt.date, dt.date], begin: dt.date, end: dt.date) -> bool:
        first, last = month
        days = (min(end, last) - max(begin, first)).days + 1
        whole = (min(last, self.whole[1]) - max(first, self.whole[0])).days + 1
        return {"begun": days >= 1, "full": days == whole, "half": days >= 15}[how.get("months", "begun")]

    def theirs_since(self, staff: tuple[dt.date, dt.date]) -> dt.date:
        """The first day of the span on which the target was theirs."""
        day = staff[0]
        while day < staff[1]:
            if self.held(day, staff) is self.target:
                return day
            day += DAY
        return day

    def weighted(self, how: Mapping[str, Any], staff: tuple[dt.date, dt.date]) -> list[tuple[Any, Fraction]]:
        found: dict[int, list[Any]] = {}
        unit = "days" if "days" in (how.get("joiners"), how.get("leavers")) else "months"
        pieces = months_of(self.year) if unit == "months" else list(days_of(self.year))
        for first, last in pieces:
            if last < staff[0] or first > staff[1]:
                continue
            if unit == "months" and not self.is_asked(how, (first, last), *staff):
                continue
            target = self.held(min(last, staff[1]), staff)
            if target is not None:
                found.setdefault(id(target), [target, 0])[1] += 1
        return [(target, Fraction(many, len(pieces))) for target, many in found.values()]

    def away(self, how: Mapping[str, Any], staff: tuple[dt.date, dt.date]) -> Fraction:
        unit = how.get("leave", "none")
        if unit == "none":
            return Fraction(0)
        days = set()
        for leave in self.person.leaves:
            last = leave.end or FOREVER
            if "leave_kinds" in how and leave.kind not in how["leave_kinds"]:
                continue
            if leave.end and (leave.end - leave.start).days + 1 < how.get("leave_from_days", 0):
                continue
            for day, _same_day in days_of((max(staff[0], leave.start), min(staff[1], last))):
                days.add(day)
        if unit == "days":
            return Fraction(len(days), (self.whole[1] - self.whole[0]).days + 1)
        full = [one for one in months_of(self.whole) if all(day in days for day, _ in days_of(one))]
        return Fraction(len(full), len(months_of(self.whole)))

    def needed(self, amount: Any, *, fixed: bool = False) -> Fraction:
        how = self.pro_rata().get("rounding")
        if fixed and not self.exempt:
            return number(amount)
        return rounded(number(amount) * self.share, how)

    def required(self) -> Fraction:
        if self.target is None:
            return Fraction(0)
        if self.weights is not None and not self.exempt:
            whole = sum((number(one["total"]) * share for one, share in self.weights), Fraction(0))
            return rounded(whole, self.pro_rata().get("rounding"))
        return self.needed(self.target["total"])

    # --- steps 1 to 3 --------------------------------------------------------------------------------
    def span_of(self, category: str) -> tuple[dt.date, dt.date] | None:
        for code in self.book.path(category):
            window = self.book.categories.get(code, {}).get("window")
            if window:
                first = month_day(window, self.span[0])
                after = month_day(window, self.span[1] + DAY)
                return (first, after - DAY) if first <= self.span[1] else None
        return self.span

    def own_span(self, category: str, record: Any = None) -> tuple[dt.date, dt.date]:
        """Within what the first, second … of a record are counted."""
        return self.span_of(category or self.book.activities.get(record.activity, {}).get("category", "")) or self.span

    def rules_for(self, record: Any) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """The one that wins, and those that add."""
        best, adding = None, []
        for place, rule in enumerate(self.book.rules):
            version = version_on(rule, record.happened_on)
            if rule["activity"] != record.activity or version is None:
                continue
            close = closeness(rule.get("for"), self.person, self.facts.post_on(record.happened_on))
            category = version.get("category") or self.book.activities[record.activity]["category"]
            ask = self.facts.asker(record, category=category, rule=rule["code"], span=self.own_span(category))
            if close is None or not holds(version.get("when"), ask):
                continue
            if rule.get("adds"):
                adding.append((rule, version))
                continue
            newest = (day_of(version["from"]), place)
            weight = (close, bool(version.get("when")), rule.get("priority", 0), newest)
            if best is None or weight > best[0]:
                best = (weight, (rule, version))
        return ([best[1]] if best else []) + adding

    def value_records(self) -> None:
        so_far: dict[Any, Fraction] = defaultdict(Fraction)
        for record in self.facts.records:
            for rule, version in self.rules_for(record):
                category = version.get("category") or self.book.activities[record.activity]["category"]
                span = self.span_of(category)
                if span is None or not span[0] <= record.happened_on <= span[1]:
                    continue
                raw = self.value(record, rule, version, category, so_far)
                top = version.get("max_per_record")
                counted = raw if top is None else min(raw, number(top))
                self.lines.append(
                    Line(
                        record, "record", category, rule["code"], raw, counted, record.activity,
                        record.happened_on, version,
                    )
                )  # fmt: skip

    def value(self, record: Any, rule: Any, version: Any, category: str, so_far: dict[Any, Fraction]) -> Fraction:
        ask = self.facts.asker(record, category=category, rule=rule["code"], span=self.own_span(category))
        quantity = self.quantity(record, version, ask)
        every = version.get("every")
        if every:
            key = (rule["code"], bucket(every.get("within", "period"), record.happened_on))
            before = so_far[key]
            so_far[key] += quantity
            quantity = Fraction(floor(so_far[key] / every["times"]) - floor(before / every["times"]))
        if quantity == 0:
            return Fraction(0)
        has_own = "points" in version or "tiers" in version
        if not has_own and not any(holds(band.get("when"), ask) for band in version.get("bands", [])):
            return Fraction(0)
        value = self.priced(quantity, version, ask)
        for one in [*version.get("multipliers", []), *self.book.many("multipliers")]:
            if holds(one.get("when"), ask):
                factor = ask(one["attribute"]) if "attribute" in one else number(one["times"])
                value *= 1 if factor is None else factor
        for one in version.get("bonus", []):
            if holds(one.get("when"), ask):
                value += number(one["points"])
        value = self.rounded_record(value, version)
        least = version.get("min_per_record")
        return max(value, number(least)) if least is not None and value > 0 else value

    def rounded_record(self, value: Fraction, version: Any) -> Fraction:
        policy = self.book.policy.get("rounding")
        by_record = policy is None or policy.get("of", "record") == "record"
        if version.get("rounding"):
            return rounded(value, version["rounding"])
        # sums are rounded from exact records, otherwise three thirds were 0.99
        return rounded(value, policy) if by_record else value

    def quantity(self, record: Any, version: Any, ask: Callable[[str], Any]) -> Fraction:
        basis = version["basis"]
        once = number(record.count) if record.count is not None else Fraction(1)
        if basis == "per_hour":
            found = number(record.minutes or 0) / 60
        elif basis == "per_minutes":
            found = number(record.minutes or 0) / number(version["minutes"])
        elif basis == "per_time":
            found = once
        elif basis == "per_event":
            found = Fraction(1)
        elif basis == "per_pass":
            found = once if self.facts.passed(record) else Fraction(0)
        else:
            found = ask(version["attribute"]) or Fraction(0)
        return rounded(found, version["units"]) if version.get("units") else found

    def priced(self, quantity: Fraction, version: Any, ask: Callable[[str], Any]) -> Fraction:
        for band in version.get("bands", []):
            if holds(band.get("when"), ask):
                return quantity * number(band["points"])
        if not version.get("tiers"):
            return quantity * number(version.get("points", 0))
        found, done = Fraction(0), Fraction(0)
        for tier in version["tiers"]:
            upper = min(quantity, number(tier["up_to"])) if "up_to" in tier else quantity
            if upper > done:
                found += (upper - done) * number(tier["points"])
                done = upper
        return found

    # --- step 4 --------------------------------------------------------------------------------------
    def limit(self) -> None:
        late = []
        for rule in sorted(self.book.rules, key=lambda one: (one["activity"], one["code"])):
            for version in sorted(rule["versions"], key=lambda one: day_of(one["from"])):
                for limit in version.get("limits", []):
                    if any(name in limit for name in SUM_LIMITS):
                        late.append(({"rule": rule["code"], **limit}, version))
                    else:
                        self.first_come({"rule": rule["code"], **limit}, version)
        self.max_per_year()
        for limit in self.book.many("limits"):
            if any(name in limit for name in SUM_LIMITS):
                late.append((limit, None))
            else:
                self.first_come(limit, None)
        caps = [] if self.exempt else self.caps((self.target or {}).get("requirements") or [])
        for requirement in sorted(caps, key=lambda one: -len(self.book.path(one["category"]))):
            self.first_come({"category": requirement["category"], "at_most": requirement["cap"]}, None)
        for looks_at_others in (False, True):
            for limit, own in late:
                if ("share_of_required" not in limit) is looks_at_others:
                    self.compare_sums(limit, own)

    def caps(self, requirements: Iterable[Any]) -> Iterable[Any]:
        for one in requirements:
            if not self.asked(one):
                continue
            if one.get("cap") is not None:
                yield one
            for below in ("requirements", "any", "all"):
                yield from self.caps(one.get(below) or [])

    def asked(self, requirement: Any) -> bool:
        return holds(requirement.get("only_if"), self.ask_employee(self.target_day))

    def is_about(self, line: Line, what: Mapping[str, Any]) -> bool:
        """category, activity, rule and when of limits and requirements; lines without a record have but a category."""
        for name, has in (("category", self.book.path(line.category)), ("activity", [line.activity])):
            if name in what:
                wanted = what[name] if isinstance(what[name], list) else [what[name]]
                if not set(wanted) & set(has):
                    return False
        if "rule" in what and line.rule not in (what["rule"] if isinstance(what["rule"], list) else [what["rule"]]):
            return False
        if what.get("when"):
            if line.record is None:
                return False
            span = self.home_of(line)
            ask = self.facts.asker(line.record, category=line.category, rule=line.rule, span=span)
            return holds(what["when"], ask)
        return True

    def is_aside(self, line: Line) -> bool:
        """Added to an activity of the total, in a bucket aside of it: there only for whoever names its category."""
        rule = next((one for one in self.book.rules if one["code"] == line.rule), {})
        own = self.book.activities.get(line.activity, {}).get("category", "")
        return bool(rule.get("adds")) and self.book.in_total(own) and not self.book.in_total(line.category)

    def is_limited(self, line: Line, what: Mapping[str, Any]) -> bool:
        named = "category" in what or "rule" in what
        return self.is_about(line, what) and (named or not self.is_aside(line))

    def home_of(self, line: Line) -> tuple[dt.date, dt.date]:
        """Within what the first, second … are counted: in the window of a requirement, each period by itself."""
        if line.home is None:
            return self.own_span(line.category)
        lent = copy(self)
        lent.span = line.home
        return lent.own_span(line.category)

    def groups(self, limit: Mapping[str, Any]) -> list[list[Line]]:
        found: dict[Any, list[Line]] = defaultdict(list)
        for line in self.lines:
            if self.is_limited(line, limit):
                found[self.group(limit, line)].append(line)
        return list(found.values())

    def time_of(self, per: str, line: Line) -> Any:
        return line.record.id if per == "record" else bucket(per, line.day)  # type: ignore[union-attr]

    def group(self, limit: Mapping[str, Any], line: Line) -> Any:
        per, each = limit.get("per", "period"), limit.get("each")
        time = self.time_of(per, line)
        if each == "category":
            return time, line.category
        if each in ("course", "title", "activity", "source"):
            return time, getattr(line.record, each)
        return time, self.book.attribute("record", each, line.record.attributes.get(each)) if each else None

    def first_come(self, limit: Mapping[str, Any], own: Mapping[str, Any] | None) -> None:
        """A version's own limit counts all records of its rule, and cuts those of the version."""
        for lines in self.groups(limit):
            used, taken, counting = Fraction(0), Fraction(0), set()
            if limit.get("keep") == "highest" and "times" in limit:
                worth: dict[Any, Fraction] = {}
                for line in lines:
                    if line.counted:
                        worth[line.record.id] = worth.get(line.record.id, Fraction(0)) + line.counted
                best = []
                while worth and len(best) < limit["times"]:
                    best.append(max(worth, key=lambda one: worth[one]))
                    del worth[best[-1]]
                for line in lines:
                    if line.record.id not in best and (own is None or line.version is own):
                        line.counted = Fraction(0)
            for line in lines:
                if own is None or line.version is own:
                    full = "times" in limit and len(counting) >= limit["times"]
                    if full and line.record.id not in counting:
                        line.counted = Fraction(0)
                    if "at_most" in limit and line.counted > 0:
                        whole = line.counted
                        line.counted = max(Fraction(0), min(line.counted, number(limit["at_most"]) - used))
                        if set(limit) <= {"category", "at_most", "name"} and isinstance(limit.get("category"), str):
                            self.cut[limit["category"]] += whole - line.counted
                    if "deduct_at_most" in limit and line.counted < 0:
                        line.counted = max(line.counted, min(Fraction(0), taken - number(limit["deduct_at_most"])))
                used += line.counted
                taken -= min(line.counted, Fraction(0))
                if line.counted != 0:
                    counting.add(line.record.id)

    def max_per_year(self) -> None:
        used: dict[Any, Fraction] = defaultdict(Fraction)
        for line in self.lines:
            top = line.version.get("max_per_year")
            key = (line.activity, self.is_aside(line), self.time_of("period", line))
            if top is not None and line.counted > 0:
                line.counted = max(Fraction(0), min(line.counted, number(top) - used[key]))
            used[key] += line.counted

    def compare_sums(self, limit: Mapping[str, Any], own: Mapping[str, Any] | None) -> None:
        if "share_of_required" in limit and (self.target is None or self.exempt):
            return
        for lines in self.groups(limit):
            lines = [line for line in lines if own is None or line.version is own]
            if not lines:
                continue
            room = self.room(limit, lines)
            if room is None:
                continue
            over = sum((line.counted for line in lines), Fraction(0)) - room
            for line in reversed(lines):
                if over > 0 and line.counted > 0:
                    cut = min(over, line.counted)
                    line.counted -= cut
                    over -= cut

    def room(self, limit: Mapping[str, Any], lines: list[Line]) -> Fraction | None:
        down = {"step": "0.01", "mode": "down"}
        if "share_of_required" in limit:
            return rounded(number(limit["share_of_required"]) * self.required(), down)
        time = self.group({**limit, "each": None}, lines[0])
        same_time = [one for one in self.lines if self.group({**limit, "each": None}, one) == time]
        if "share_of_total" in limit:
            share = number(limit["share_of_total"])
            others = [one for one in same_time if one not in lines and self.book.in_total(one.category)]
            rest = max(Fraction(0), sum((one.counted for one in others), Fraction(0)))
            return None if share >= 1 else rounded(rest * share / (1 - share), down)
        if "share_of" in limit:
            whole, share = limit["share_of"], number(limit["share_of"]["at_most"])
            about = {name: whole[name] for name in ("category", "activity", "when") if name in whole}
            others = [one for one in same_time if one not in lines and self.is_limited(one, about)]
            rest = max(Fraction(0), sum((one.counted for one in others), Fraction(0)))
            return None if share >= 1 else rounded(rest * share / (1 - share), down)
        what = {name: limit["ratio_to"][name] for name in ("category", "activity", "when") if name in limit["ratio_to"]}
        against = sum((one.counted for one in same_time if self.is_limited(one, what)), Fraction(0))
        return max(Fraction(0), against * number(limit["ratio_to"]["at_most"]))

    # --- step 5 --------------------------------------------------------------------------------------
    def points(self, category: str | None = None, *, lines: Iterable[Line] | None = None) -> Fraction:
        """Counted points of a category with everything below it, or of the total."""
        chosen = self.lines if lines is None else lines
        if category is None:
            return sum((one.counted for one in chosen if self.book.in_total(one.category)), Fraction(0))
        return sum((one.counted for one in chosen if category in self.book.path(one.category)), Fraction(0))

    def add(self, kind: str, category: str, counted: Fraction, *, raw: Fraction | None = None, **more: Any) -> None:
        raw = counted if raw is None else raw
        if counted or raw:
            self.lines.append(Line(None, kind, category, "", raw, counted, **more))

    def convert(self) -> None:
        for one in self.book.many("conversions"):
            rate, sources = number(one["rate"]), [x for x in self.lines if one["from"] in self.book.path(x.category)]

            def worth(there: Fraction, one: Any = one, rate: Fraction = rate) -> tuple[Fraction, Fraction]:
                whole = rounded(max(Fraction(0), there) * rate, one.get("rounding"))
                return whole, whole if "at_most" not in one else min(whole, number(one["at_most"]))

            def until(day: dt.date, worth: Any = worth, sources: Any = sources) -> Fraction:
                """What it had brought by the end of a day, first come, first counted."""
                return worth(sum((counted_until(line, day) for line in sources), Fraction(0)))[1]  # type: ignore[no-any-return]

            whole, amount = worth(self.points(one["from"]))
            self.add("conversion", one["into"], amount, raw=whole, extra={"until": until})
            if one.get("moves") and rate:
                gone = {"until": lambda day, until=until, rate=rate: -cents(until(day) / rate)}
                self.add("conversion", one["from"], -cents(amount / rate), extra=gone)

    def carry(self) -> None:
        """A target that looks further back than its period has the points themselves."""
        before = self.book.period_before(self.period)
        if before is None or not (self.book.many("carry_over") or self.book.many("debts")):
            return
        if self.span[0] < self.year[0]:
            return
        sheet = Sheet(
            self.book.document, before, self.person, self.all_records, self.adjustments, self.as_of
        )  # fmt: skip
        account = sheet.run()
        if sheet.target is None or sheet.exempt:
            return
        for one in self.book.many("carry_over"):
            self.carry_surplus(one, sheet, account)
        for one in self.book.many("debts"):
            short = sheet.missing_of(one["of"], account) * number(one.get("factor", 1))
            short = cents(short) if "at_most" not in one else min(cents(short), number(one["at_most"]))
            self.add("debt", one.get("into") or one["of"], -short)

    def minimum_of(self, of: str) -> Fraction | None:
        """What is required of the total or of a category; None where nothing is."""
        if of == "total":
            return self.required()
        return max((self.minimum(one) for one in self.plain_minimums(of)), default=None)

    def plain_minimums(self, of: str) -> list[Mapping[str, Any]]:
        """Requirements of points of this one category, and of nothing else."""
        others = ("activity", "when", "measure", "take", "best", "each", "window", "any", "all")
        listed = (self.target or {}).get("requirements") or []
        plain = [one for one in listed if one.get("category") == of and not any(name in one for name in others)]
        return [one for one in plain if self.asked(one)]

    def missing_of(self, of: str, account: Account) -> Fraction:
        """After what stood in for it."""
        if of == "total":
            return number(account.missing)
        listed = [one for one in (self.target or {}).get("requirements") or [] if self.asked(one)]
        plain = self.plain_minimums(of)
        needs = [need for one, need in zip(listed, account.requirements, strict=True) if one in plain]
        return max((number(one.missing) for one in needs), default=Fraction(0))

    def sum_of(self, of: str) -> Fraction:
        return self.final_total() if of == "total" else self.points(of)

    def carry_cut(self, one: Mapping[str, Any], sheet: Sheet, account: Account) -> None:
        if one.get("only_if_met") and not account.met:
            return
        amount = cents(sheet.cut[one["of"]] * number(one.get("share", 1)))
        amount = min(amount, number(one.get("at_most", amount)))
        into = one.get("into") or one["of"]
        self.add("carry", into, amount, total_only=one.get("counts_for") == "total")
        self.lots.append(Lot(into, 1, amount))

    def carry_surplus(self, one: Mapping[str, Any], sheet: Sheet, account: Account) -> None:
        if one.get("above") == "cap":
            self.carry_cut(one, sheet, account)
            return
        needed = sheet.minimum_of(one["of"])
        if needed is None or (one.get("only_if_met") and not account.met):
            return
        surplus = max(Fraction(0), sheet.sum_of(one["of"]) - needed)
        # what was carried in is used first; what is left of it may be too old to go on
        whole = one["of"] == "total"
        lots = [x for x in sheet.lots if (self.book.in_total(x.into) if whole else one["of"] in self.book.path(x.into))]
        carried = sum((lot.amount for lot in lots), Fraction(0))
        own = min(surplus, max(Fraction(0), sheet.sum_of(one["of"]) - carried))
        left = surplus - own
        short = max(Fraction(0), sheet.final_total() - sheet.required()) if one.get("within_total") else None
        kept = []
        for lot in sorted(lots, key=lambda lot: lot.age):
            amount = min(left, lot.amount)
            left -= amount
            if lot.age < int(one.get("expires_after", 1)):
                kept.append(Lot(lot.into, lot.age, amount))
        if "earned_in_last_months" in one:
            since = add_months(sheet.span[1] + DAY, -int(one["earned_in_last_months"]))
            recent = [line for line in sheet.lines if line.day and since <= line.day]
            own, kept = min(own, max(Fraction(0), sheet.points(None if one["of"] == "total" else one["of"],
                                                                lines=recent))), []  # fmt: skip
        lots = [Lot("", 0, own), *kept]
        if short is not None:
            for lot in lots:
                lot.amount = min(lot.amount, short)
                short -= lot.amount
        room = cents(sum((lot.amount for lot in lots), Fraction(0)) * number(one.get("share", 1)))
        if "at_most" in one:
            room = min(room, number(one["at_most"]))
        into = one.get("into") or one["of"]
        self.add("carry", into, room, total_only=one.get("counts_for") == "total")
        for lot in lots:
            amount = min(room, lot.amount)
            room -= amount
            self.lots.append(Lot(into, lot.age + 1, amount))

    def adjust(self) -> None:
        """Each stands on the last day of its period; those of the period itself count whatever the window."""
        for one in self.adjustments:
            days = self.book.years.get(str(one.period))
            its_last_day_counts = days is not None and self.span[0] <= days[1] <= self.span[1]
            if str(one.period) == self.period == self.judged or its_last_day_counts:
                self.add("adjustment", one.category, number(one.amount), home=days)

    # --- step 6 --------------------------------------------------------------------------------------
    def void(self) -> None:
        for breach in self.book.many("breaches"):
            if not any(self.breaks(breach, record) for record in self.facts.records):
                continue
            voids = breach["voids"] if isinstance(breach["voids"], list) else [breach["voids"]]
            self.account.voided = self.account.voided or "period" in voids
            for line in self.lines:
                if line.counted > 0 and ("period" in voids or set(voids) & set(self.book.path(line.category))):
                    line.counted = Fraction(0)
            for code in list(self.cut):
                if "period" in voids or set(voids) & set(self.book.path(code)):
                    self.cut[code] = Fraction(0)

    def breaks(self, breach: Mapping[str, Any], record: Any) -> bool:
        spans = [self.span]
        name = self.book.period_before(self.period) if self.period else None
        while name is not None:
            spans.append(self.book.years[name])
            name = self.book.period_before(name)
        after = breach.get("after", 0)
        return any(
            first <= record.happened_on <= last and holds(breach["when"], self.facts.asker(record, span=(first, last)))
            for first, last in spans[after : after + breach.get("periods", 1)]
        )

    def round_sums(self) -> None:
        how = self.book.policy.get("rounding") or {}
        if how.get("of") == "category":
            for category in {line.category for line in self.lines}:
                own = sum((one.counted for one in self.lines if one.category == category), Fraction(0))
                self.add("rounding", category, rounded(own, how) - own, raw=Fraction(0))

        if how.get("of") == "total":
            self.add("rounding", "", rounded(self.points(), how) - self.points(), raw=Fraction(0))

    def lift_to_floors(self) -> None:
        floors = [one for one in self.book.categories.values() if one.get("floor") is not None]
        for one in sorted(floors, key=lambda one: -len(self.book.path(one["code"]))):
            missing = number(one["floor"]) - self.points(one["code"])
            if missing > 0:
                self.add("floor", one["code"], missing, raw=Fraction(0))
        least = self.book.policy.get("floor")
        if least is not None and self.points() < number(least):
            self.add("floor", "", number(least) - self.points(), raw=Fraction(0))

    whole_total: Fraction | None = None

    def final_total(self) -> Fraction:
        return cents(self.points()) if self.whole_total is None else self.whole_total

    # --- step 7 --------------------------------------------------------------------------------------
    def check_target(self) -> None:
        account, target = self.account, self.target
        if target is None:
            return
        account.target, account.exempt, account.share = target["name"], self.exempt, self.share
        required, total = self.required(), self.final_total()
        account.required = decimal(required)
        account.missing = decimal(max(Fraction(0), required - total))
        self.lent: dict[str, Fraction] = defaultdict(Fraction)
        if not self.exempt:
            counting = [line for line in self.lines if not line.total_only]
            account.requirements = self.needs(target.get("requirements") or [], counting)
        account.met = self.exempt or (total >= required and all(one.met for one in account.requirements))

    def needs(self, requirements: Iterable[Any], lines: list[Line], *, named: bool = False) -> list[Need]:
        return [self.need(one, lines, named=named) for one in requirements if self.asked(one)]

    def need(self, one: Mapping[str, Any], lines: list[Line], *, named: bool = False) -> Need:
        name = one.get("name", "")
        for word, enough in (("any", any), ("all", all)):
            if word in one:
                parts = self.needs(one[word], lines, named=named)
                met = not parts or enough(part.met for part in parts)
                return Need(name, Decimal(0), Decimal(0), Decimal(0), met, parts)
        if "total" in one:
            required, counted = self.needed(one["total"], fixed=one.get("fixed", False)), self.final_total()
            return self.answer(name, required, counted, [])
        if one.get("window"):
            other = self.looking_at(self.window(one["window"]))
            counting = [line for line in other.lines if not line.total_only]
            # a share of the required total is one of the target's, whatever the window
            other.in_all = self.required()
            if self.weights is None:
                other.share = self.share_within(one["window"]) * self.own_part(self.pro_rata())
            without = {name: value for name, value in one.items() if name != "window"}
            return other.need(without, counting, named=named)
        mine = [line for line in lines if self.is_about(line, one)]
        required = self.minimum(one)
        named = named or "category" in one
        inside = copy(self)
        inside.around = [*self.around, one]
        inner = inside.needs(one.get("requirements") or [], mine, named=named)
        mine = mine if named else [line for line in mine if not self.is_aside(line)]
        if "each" in one:
            pieces = [self.measured(one, self.within(mine, span), span) for span in self.spans(one["each"])]
            parts = [self.answer("", required, counted, [], one) for counted in pieces]
            need = self.answer(name, required, min(pieces, default=Fraction(0)), inner)
            return replace(need, met=all(part.met for part in [*parts, *inner]), parts=[*parts, *inner])
        counted = self.measured(one, mine, self.span)
        counted += self.stand_in(one, max(Fraction(0), required - counted), lines)
        return self.answer(name or one.get("category", ""), required, counted, inner, one)

    def looking_at(self, span: tuple[dt.date, dt.date]) -> Sheet:
        """The same account with the points of other days; what is required stays."""
        other = copy(self)
        other.span, other.whole_total = span, self.final_total()
        if span != self.span:
            periods = self.periods_in(span)
            other.lines = [line for name, days in periods for line in self.piece(name, days, span)]
            other.homes = [days for _name, days in periods]
        return other

    def periods_in(self, span: tuple[dt.date, dt.date]) -> list[tuple[str, tuple[dt.date, dt.date]]]:
        """The period and all others that the span touches: where none is stated, one as long as its neighbour."""
        named = {days: name for name, days in self.book.years.items()}
        found = [self.year]
        while found[0][0] > span[0]:
            before = [days for days in named if days[1] + DAY == found[0][0] and found[0] in named]
            found.insert(0, before[0] if before else beside(found[0], -1))
        while found[-1][1] < span[1]:
            after = [days for days in named if days[0] - DAY == found[-1][1] and found[-1] in named]
            found.append(after[0] if after else beside(found[-1], 1))
        touching = [days for days in found if days == self.year or (days[0] <= span[1] and days[1] >= span[0])]
        return [(named.get(days, ""), days) for days in touching]

    def piece(self, name: str, days: tuple[dt.date, dt.date], span: tuple[dt.date, dt.date]) -> list[Line]:
        """What counts in another period by the same target, as far as it lies within the span."""
        one = copy(self)
        one.account, one.cut, one.lots = Account(""), defaultdict(Fraction), []
        one.lines, one.span = [], days
        one.value_records()
        one.limit()
        window = copy(self)
        window.span = span
        kept = []
        for line in one.lines:
            its_days = window.span_of(line.category)
            if its_days and line.day and its_days[0] <= line.day <= its_days[1]:
                kept.append(line)
        one.lines = kept
        one.convert()
        before = self.book.period_before(name) if name and days[0] <= self.year[0] else None
        if before and span[0] <= self.book.years[before][1] <= span[1] and self.span[0] >= self.year[0]:
            one.carry_what_caps_took(before)
        one.span = (max(days[0], span[0]), min(days[1], span[1]))
        one.period = name
        one.adjust()
        one.span = days
        if one.lines:
            one.void()
            one.round_sums()
            one.lift_to_floors()
        for line in one.lines:
            line.home = line.home or days
        return one.lines

    def carry_what_caps_took(self, before: str) -> None:
        sheet = Sheet(
            self.book.document, before, self.person, self.all_records, self.adjustments, self.as_of
        )  # fmt: skip
        account = sheet.run()
        for one in self.book.many("carry_over"):
            if sheet.target is not None and not sheet.exempt and one.get("above") == "cap":
                self.carry_cut(one, sheet, account)

    def answer(
        self, name: str, required: Fraction, counted: Fraction, parts: list[Need], one: Mapping[str, Any] | None = None
    ) -> Need:
        counted = cents(counted)
        missing = max(Fraction(0), required - counted)
        too_much = one is not None and "maximum" in one and counted > number(one["maximum"])
        met = not missing and not too_much and all(part.met for part in parts)
        return Need(name, decimal(required), decimal(counted), decimal(missing), met, parts)

    def minimum(self, one: Mapping[str, Any]) -> Fraction:
        if "share_of_total" in one:
            share = number(one["share_of_total"]) * max(Fraction(0), self.final_total())
            return rounded(share, self.pro_rata().get("rounding"))
        if "share_of_required" in one:
            whole = self.required() if self.in_all is None else self.in_all
            return rounded(number(one["share_of_required"]) * whole, self.pro_rata().get("rounding"))
        if "each" in one or one.get("take") == "average":
            return number(one.get("minimum", 0))
        return self.needed(one.get("minimum", 0), fixed=one.get("fixed", False))

    def measured(self, one: Mapping[str, Any], lines: list[Line], span: tuple[dt.date, dt.date]) -> Fraction:
        if one.get("measure") != "score" and "best" not in one and one.get("take") != "average":
            return self.added_up(one, lines)
        if one.get("measure") == "score":
            figures = [number(record.score) for record in self.scored(one, span)]
        else:
            about = {name: one[name] for name in ("category", "activity", "when", "measure") if name in one}
            each: dict[int, list[Line]] = defaultdict(list)
            for line in lines:
                if line.record is not None:
                    each[line.record.id].append(line)
            counting = [mine for mine in each.values() if any(line.counted for line in mine)]
            field = {"hours": "minutes"}.get(str(one.get("measure")))
            if field:
                counting = [mine for mine in counting if getattr(mine[0].record, field) is not None]
            elif one.get("measure") not in (None, "points", "raw", "times"):
                code = one["measure"]
                counting = [
                    mine
                    for mine in counting
                    if self.book.attribute("record", code, mine[0].record.attributes.get(code)) is not None  # type: ignore[union-attr]
                ]
            figures = [self.added_up(about, mine) for mine in counting]
        figures = sorted(figures)[-one["best"] :] if "best" in one else figures
        whole = sum(figures, Fraction(0))
        return cents(whole / len(figures)) if one.get("take") == "average" and figures else whole

    def scored(self, one: Mapping[str, Any], span: tuple[dt.date, dt.date]) -> list[Any]:
        """Records that state a score, whatever they earn."""
        found = []
        for record in self.facts.records:
            if record.score is None or not span[0] <= record.happened_on <= span[1]:
                continue
            category = self.book.activities.get(record.activity, {}).get("category", "")
            home = next((days for days in self.homes if days[0] <= record.happened_on <= days[1]), None)
            line = Line(record, "", category, "", Fraction(0), Fraction(0), record.activity, home=home)
            ask = self.facts.asker(record, category=category, span=self.home_of(line))
            if all(
                self.is_about(line, {name: other[name] for name in ("category", "activity") if name in other})
                and holds(other.get("when"), ask)
                for other in [*self.around, one]
            ):
                found.append(record)
        return found

    def added_up(self, one: Mapping[str, Any], lines: list[Line]) -> Fraction:
        measure = one.get("measure", "points")
        if not any(name in one for name in ("category", "activity", "when")) and measure in ("points", "raw"):
            lines = [line for line in lines if self.book.in_total(line.category)]
        if measure == "points":
            return sum((line.counted for line in lines), Fraction(0))
        if measure == "raw":
            return sum((line.raw for line in lines), Fraction(0))
        counting = {line.record.id: line.record for line in lines if line.record is not None and line.counted}
        if measure == "times":
            return Fraction(len(counting))
        if measure == "hours":
            return sum((number(record.minutes or 0) / 60 for record in counting.values()), Fraction(0))
        stated = [self.book.attribute("record", measure, one.attributes.get(measure)) for one in counting.values()]
        return sum((value for value in stated if value is not None), Fraction(0))

    def within(self, lines: list[Line], span: tuple[dt.date, dt.date]) -> list[Line]:
        """Records by their day; adjustments where their whole period lies within."""
        found = []
        for line in lines:
            if "until" in line.extra and line.counted:
                amount = line.extra["until"](span[1]) - line.extra["until"](span[0] - DAY)
                found.append(replace(line, raw=amount, counted=amount))
                continue
            home = line.home if line.kind == "adjustment" else None
            first, last = home or (line.day, line.day)
            if first and last and span[0] <= first and last <= span[1]:
                found.append(line)
        return found

    def spans(self, each: Any) -> list[tuple[dt.date, dt.date]]:
        """The pieces of the period in which somebody was on staff."""
        first, last = self.span
        if each == "year" or isinstance(each, Mapping):
            years, long = [], 1 if each == "year" else int(each["years"])
            turn = 0
            while add_months(first, 12 * turn) <= last:
                end = add_months(first, 12 * (turn + long)) - DAY
                # the last one may be cut off, but none begins in it beside others
                if not years or add_months(first, 12 * (turn + long - 1)) <= last:
                    years.append((add_months(first, 12 * turn), min(end, last)))
                turn += 1
        else:
            years, day = [], first
            while day <= last:
                same = [one for one, _ in days_of((day, min(last, day + dt.timedelta(days=366))))
                        if bucket(each, one) == bucket(each, day)]  # fmt: skip
                years.append((same[0], same[-1]))
                day = same[-1] + DAY
        staff, since = self.on_staff(self.span), self.joined_on(self.pro_rata())
        return [one for one in years if staff and one[0] <= staff[1] and one[1] >= max(staff[0], since)]

    def stand_in(self, one: Mapping[str, Any], missing: Fraction, lines: list[Line]) -> Fraction:
        """Only what the other category does not need itself, and only once."""
        found = Fraction(0)
        for other in one.get("substitutes", []):
            code, rate = other["category"], number(other.get("rate", 1))
            spare = self.points(code, lines=lines) - self.lent[code] - (self.minimum_of(code) or 0)
            spare = max(Fraction(0), spare)
            if "at_most" in other:
                spare = min(spare, number(other["at_most"]))
            used = min(spare, (missing - found) / rate)
            self.lent[code] += used
            found += used * rate
        return found

    def sum_up(self) -> None:
        account, book = self.account, self.book
        raw = sum((one.raw for one in self.lines if book.in_total(one.category)), Fraction(0))
        account.total, account.raw_total = decimal(self.final_total()), decimal(raw)
        account.lines = self.lines
        for code in book.categories:
            mine = [one for one in self.lines if code in book.path(one.category)]
            sums = decimal(self.points(code)), decimal(sum((one.raw for one in mine), Fraction(0)))
            if any(sums):
                account.categories[code] = sums


def months_of(span: tuple[dt.date, dt.date]) -> list[tuple[dt.date, dt.date]]:
    """The calendar months a span touches, whole."""
    found, day = [], span[0].replace(day=1)
    while day <= span[1]:
        after = add_months(day, 1)
        found.append((day, after - DAY))
        day = after
    return found


def beside(span: tuple[dt.date, dt.date], step: int) -> tuple[dt.date, dt.date]:
    """Days as many months long before (-1) or after (1) a span, or as many days where it has no whole months."""
    after = span[1] + DAY
    for many in range(1, 1200):
        if add_months(span[0], many) == after:
            return (add_months(span[0], -many), span[0] - DAY) if step < 0 else (after, add_months(after, many) - DAY)
    many = (after - span[0]).days
    return (span[0] - many * DAY, span[0] - DAY) if step < 0 else (after, span[1] + many * DAY)


def days_of(span: tuple[dt.date, dt.date]) -> Iterable[tuple[dt.date, dt.date]]:
    day = span[0]
    while day <= span[1]:
        yield day, day
        day += DAY


def counted_until(line: Line, day: dt.date) -> Fraction:
    if "until" in line.extra:
        return line.extra["until"](day)  # type: ignore[no-any-return]
    return line.counted if line.day and line.day <= day else Fraction(0)


def version_on(rule: Mapping[str, Any], day: dt.date) -> Mapping[str, Any] | None:
    versions = sorted(rule["versions"], key=lambda one: day_of(one["from"]))
    for place, version in enumerate(versions):
        until = day_of(version["until"]) if version.get("until") else FOREVER
        if place + 1 < len(versions):
            until = min(until, day_of(versions[place + 1]["from"]) - DAY)
        if day_of(version["from"]) <= day <= until:
            return version  # type: ignore[no-any-return]
    return None


# --- ranking, statuses, outcomes ---------------------------------------------------------------------
def in_a_row(sheet: Sheet, account: Account, *, met: bool) -> int:
    """Periods until this one in which the target was met (missed) without a break; others are passed over."""
    found = 0
    while True:
        if account.target is not None and not account.exempt:
            if account.met is not met:
                return found
            found += 1
        before = sheet.book.period_before(sheet.period)
        if before is None:
            return found
        sheet = Sheet(sheet.book.document, before, sheet.person, sheet.all_records, sheet.adjustments, sheet.as_of)
        account = sheet.run()


def ask_account(account: Account, number_ranked: int = 0) -> Callable[[str], Any]:
    sheet: Sheet = account.sheet

    def ask(name: str) -> Any:
        required = None if account.required is None else number(account.required)
        total = number(account.total)
        if name.startswith("employee."):
            return sheet.ask_employee(sheet.target_day)(name)
        if name.startswith("category."):
            return cents(sheet.points(name[9:]))
        if name.startswith("times."):
            mine = [one for one in sheet.lines if one.activity == name[6:] and one.counted]
            return Fraction(len({one.record.id for one in mine}))
        if name.startswith("requirement."):
            return next((one.met for one in account.requirements if one.name == name[12:]), None)
        if name.endswith("_in_a_row"):
            return Fraction(in_a_row(sheet, account, met=name.startswith("met")))
        if name == "percent":
            return total / required * 100 if required else None
        if name == "surplus":
            return None if required is None else max(Fraction(0), total - required)
        if name == "missing" and required is None:
            return None
        if name == "rank_share":
            return None if account.rank is None else Fraction(account.rank, number_ranked)
        value = getattr(account, name)
        return number(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value

    return ask


def evaluate(
    document: Mapping[str, Any],
    period: str,
    person: Any,
    records: Sequence[Any],
    adjustments: Sequence[Any] = (),
    as_of: dt.date | None = None,
) -> Account:
    """One employee, not ranked yet."""
    return Sheet(document, period, person, records, adjustments, as_of).run()


def finish(document: Mapping[str, Any], accounts: Sequence[Account]) -> list[Account]:
    """Ranks, statuses and outcomes of all."""
    ranked = _rank(document, accounts)
    for account in accounts:
        ask = ask_account(account, ranked.get(account.employee_no, 0))
        target = account.sheet.target or {}
        for one in [*(target.get("statuses") or []), *(document.get("statuses") or [])]:
            if holds(one.get("when"), ask):
                account.status = one["name"]
                break
        for one in [*(target.get("outcomes") or []), *(document.get("outcomes") or [])]:
            if one["name"] not in [name for name, *_ in account.outcomes] and holds(one.get("when"), ask):
                account.outcomes.append((one["name"], one.get("value"), _reward(one.get("reward"), ask)))
    return list(accounts)


def _reward(reward: Mapping[str, Any] | None, ask: Callable[[str], Any]) -> Decimal | None:
    if not reward:
        return None
    of = max(Fraction(0), ask(reward["of"]) or Fraction(0))
    units = Fraction(floor(of / number(reward["every"]))) if "every" in reward else of
    amount = units * number(reward["amount"])
    return decimal(min(amount, number(reward["at_most"])) if "at_most" in reward else amount)


def _rank(document: Mapping[str, Any], accounts: Sequence[Account]) -> dict[str, int]:
    """Sets the ranks; how many were ranked together with somebody."""
    ranking = document.get("ranking")
    if not ranking:
        return {}
    groups: dict[Any, list[tuple[Fraction, Account]]] = defaultdict(list)
    for account in accounts:
        ask = ask_account(account)
        by = ask(ranking.get("by", "total"))
        if account.target is None or account.exempt or not holds(ranking.get("only"), ask):
            continue
        within = ranking.get("within", "policy")
        if within == "target":
            group = account.target
        elif within == "policy":
            group = None
        else:
            group = ask(f"employee.{within}")
            group = group[0] if isinstance(group, list) else group
        groups[group].append((by or Fraction(0), account))
    found = {}
    for members in groups.values():
        for by, account in members:
            account.rank = 1 + sum(1 for other, _ in members if other > by)
            found[account.employee_no] = len(members)
    return found
