"""Who works at the case company and what they did: the same people every time, with days relative to today.

Pure: no Django, no files. Last year is complete, this year goes up to today.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from hrsuite.demo.words import BOARD, COURSES, FIRST_EN, GIVEN_ZH, LAST_EN, LAST_ZH, LEVELS, SHARED, UNITS, Unit, Words

SEED = 20_260_101
#: of the middle managers, how many reach their target in a full year
MANAGERS_ON_TARGET = 0.66
DOMAIN = "northwind.example"


@dataclass(frozen=True)
class Person:
    number: str
    name: str
    gender: str
    email: str
    hired: dt.date
    unit: Unit
    position: str
    level: str
    is_head: bool

    @property
    def band(self) -> str:
        return LEVELS[self.level][2]


@dataclass(frozen=True)
class Event:
    """Something learnt: ``minutes`` of an online course, ``score`` of an exam, else one time."""

    person: Person
    activity: str
    course: str
    title: str
    day: dt.date
    minutes: int | None = None
    score: int | None = None


@dataclass
class Company:
    today: dt.date
    words: Words
    people: list[Person] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    #: (employee number, part code, score) of last year
    scores: list[tuple[str, str, float]] = field(default_factory=list)
    #: (employee number, monthly amount, from)
    salaries: list[tuple[str, int, dt.date]] = field(default_factory=list)

    @property
    def last_year(self) -> int:
        return self.today.year - 1


def found_company(*, today: dt.date, chinese: bool = False) -> Company:
    """The company as of ``today``."""
    dice = random.Random(SEED)  # noqa: S311 - invented people, not secrets
    company = Company(today, Words(chinese))
    company.people = list(_people(company, dice))
    for year in (company.last_year, today.year):
        for person in company.people:
            company.events += [event for event in _year_of(person, year, company.words, dice) if event.day <= today]
    company.events.sort(key=lambda event: (event.day, event.person.number))
    for person in company.people:
        if person.hired.year < today.year:
            company.scores += [
                (person.number, "kpi", round(min(100, max(45, dice.gauss(82, 9))), 1)),
                (person.number, "skills", round(min(100, max(50, dice.gauss(80, 8))), 1)),
            ]
        company.salaries += _salaries(person, company.last_year, dice)
    return company


# --- people -------------------------------------------------------------------------------------------------------
def _places() -> Iterator[tuple[Unit, str, str, bool]]:
    """(department, position, level, is head) of every employee, the board first."""
    for index in range(BOARD):
        yield UNITS[0], "BOARD", "E1", index == 0
    for unit in UNITS:
        for index in range(unit.middle):
            yield unit, "MANAGER", "M2" if index == 0 else "M1", index == 0
        for _index in range(unit.supervisors):
            yield unit, "LEAD", "L1", False
        for index in range(unit.staff):
            yield unit, unit.position, "S2" if index % 3 == 0 else "S1", False


def _people(company: Company, dice: random.Random) -> Iterator[Person]:
    taken: set[str] = set()
    # apart, so that both languages do the same things
    namer = random.Random(SEED)  # noqa: S311
    for index, (unit, position, level, is_head) in enumerate(_places(), 1):
        number = f"N{index:04d}"
        yield Person(
            number=number,
            name=_name(company.words, namer, taken),
            gender=dice.choice(("female", "male")),
            email=f"{number.lower()}@{DOMAIN}",
            hired=_hire_date(level, company, dice),
            unit=unit,
            position=position,
            level=level,
            is_head=is_head,
        )


def _name(words: Words, dice: random.Random, taken: set[str]) -> str:
    while True:
        english = f"{dice.choice(FIRST_EN)} {dice.choice(LAST_EN)}"
        chinese = dice.choice(LAST_ZH) + dice.choice(GIVEN_ZH)
        name = words(english, chinese)
        # Chinese namesakes are normal in a company of 500
        if words.chinese or name not in taken:
            taken.add(name)
            return name


def _hire_date(level: str, company: Company, dice: random.Random) -> dt.date:
    """Managers have been here for years; some of the staff joined last year and this year."""
    chance = dice.random()
    years_ago = dice.randint(2, 12)
    month, day = dice.randint(1, 12), dice.randint(1, 28)
    if level in ("S1", "S2") and chance < 0.06:
        return min(dt.date(company.today.year, month, day), company.today)
    if level in ("S1", "S2") and chance < 0.14:
        return dt.date(company.last_year, month, day)
    return dt.date(company.today.year - max(years_ago, 2), month, day)


def _salaries(person: Person, last_year: int, dice: random.Random) -> Iterator[tuple[str, int, dt.date]]:
    low, high = LEVELS[person.level][4:]
    amount = round(dice.uniform(low, high), -2)
    yield person.number, int(amount), person.hired
    if person.hired.year < last_year:
        yield person.number, int(round(amount * dice.uniform(1.02, 1.08), -1)), dt.date(last_year, 1, 1)


# --- learning -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Plan:
    """What a person does in a full year."""

    hours: float
    workshops: int
    exams: int
    lectures: int = 0
    mentoring: int = 0
    projects: int = 0


def _plan(person: Person, dice: random.Random) -> Plan:
    if person.band == "middle":
        return _plan_of_manager(person, dice)
    if person.band == "supervisor":
        sharing = dice.random() < 0.3
        return Plan(dice.uniform(9, 22), dice.randint(1, 5), dice.randint(0, 2), lectures=int(sharing))
    if person.band == "senior":
        return Plan(dice.uniform(2, 10), dice.randint(0, 3), 0, lectures=dice.randint(0, 2))
    return Plan(dice.uniform(5, 19), dice.randint(0, 4), dice.randint(0, 2), lectures=int(dice.random() < 0.04))


def _plan_of_manager(person: Person, dice: random.Random) -> Plan:
    """Enough in every category, or short in one or two of them."""
    plan = {
        "hours": dice.uniform(19.5, 25),
        "workshops": dice.choice((6, 6, 6, 7, 8)),
        "exams": dice.choice((2, 2, 3)),
        "lectures": dice.choice((1, 1, 1, 2)),
        "mentoring": int(dice.random() < 0.25),
        "projects": int(person.unit.code.startswith("RD") and dice.random() < 0.4),
    }
    short = {
        "hours": dice.uniform(7, 17),
        "workshops": dice.randint(2, 5),
        "exams": dice.randint(0, 1),
        "lectures": 0,
    }
    if dice.random() > MANAGERS_ON_TARGET:
        for key in dice.sample(sorted(short), dice.choice((1, 1, 2))):
            plan[key] = short[key]
            if key == "lectures":
                plan["mentoring"] = plan["projects"] = 0
    return Plan(**plan)  # type: ignore[arg-type]


def _year_of(person: Person, year: int, words: Words, dice: random.Random) -> list[Event]:
    """Everything a person does in ``year``, also what is still to come."""
    start = max(dt.date(year, 1, 2), person.hired)
    end = dt.date(year, 12, 24)
    plan = _plan(person, dice)
    # newcomers do what the rest of the year allows
    share = max(0.0, (end - start).days / 356)
    if share <= 0:
        return []
    learner = _Learner(person, start, end, words, dice)
    events = list(learner.online(plan.hours * share))
    events += [learner.course("W") for _ in range(round(plan.workshops * share))]
    events += [learner.exam(passed=True) for _ in range(round(plan.exams * share))]
    if dice.random() < 0.2:
        events.append(learner.exam(passed=False))
    for activity, times in (("lecture", plan.lectures), ("mentoring", plan.mentoring), ("project", plan.projects)):
        events += [learner.share(activity) for _ in range(times)]
    return events


@dataclass
class _Learner:
    person: Person
    start: dt.date
    end: dt.date
    words: Words
    dice: random.Random

    def day(self) -> dt.date:
        """A working day of the span."""
        day = self.start + dt.timedelta(days=int(self.dice.random() * (self.end - self.start).days))
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        return day

    def pick(self, kind: str) -> tuple[str, str, int]:
        code = self.dice.choice([code for code in COURSES if code.startswith(kind)])
        _activity, english, chinese, minutes, *_skill = COURSES[code]
        return code, self.words(english, chinese), minutes

    def online(self, hours: float) -> Iterator[Event]:
        left = hours * 60
        while left > 0:
            code, title, minutes = self.pick("C")
            left -= minutes
            yield Event(self.person, "online", code, title, self.day(), minutes=minutes)

    def course(self, kind: str) -> Event:
        code, title, _minutes = self.pick(kind)
        return Event(self.person, "workshop", code, title, self.day())

    def exam(self, *, passed: bool) -> Event:
        code, title, _minutes = self.pick("E")
        score = self.dice.randint(62, 99) if passed else self.dice.randint(31, 58)
        return Event(self.person, "exam", code, title, self.day(), score=score)

    def share(self, activity: str) -> Event:
        english, chinese = SHARED[activity]
        title = self.dice.choice(self.words(english, chinese))
        return Event(self.person, activity, "", title, self.day())
