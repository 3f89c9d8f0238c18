"""Find people by what somebody types: a number, a name, a pasted list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Attribute, Department, Employee
from people.selectors import in_department, on_staff, people_list, visible_departments, visible_employees

NOBODY = gettext_lazy("Nobody has this number or name. Correct the line or remove it.")
#: a cell like ``Language=English``; commas belong to the value unless another such cell follows
_STATED = re.compile(r"(?:^|[\t;；,，])([^=＝\t;；,，]+)[=＝]([^\t;；]*?)(?=$|[\t;；]|[,，][^=＝\t;；,，]+[=＝])")


@dataclass
class Line:
    """A line of a pasted list: what it says, whom it names, or what is wrong with it."""

    number: int
    text: str
    employee: Employee | None = None
    problem: str = ""
    #: the earlier line that names the same person
    again: int = 0
    #: code of an attribute -> what the line states for its person alone
    stated: dict[str, str] = field(default_factory=dict)


def find_people(user: Any, text: str, limit: int = 8) -> QuerySet[Employee]:
    """People on staff whose name or number holds every word; with ``department_name``."""
    found = on_staff(people_list(user))
    for word in text.split()[:4]:
        found = found.filter(name__icontains=word) | found.filter(employee_no__icontains=word)
    return found.order_by("name", "employee_no")[:limit] if text.strip() else found.none()


def people_of(user: Any, department: Department) -> QuerySet[Employee]:
    """Visible people on staff in the department and below it."""
    return on_staff(in_department(visible_employees(user), department)).order_by("name", "employee_no")


def department_of(user: Any, pk: str) -> Department | None:
    return visible_departments(user).filter(pk=pk).first() if pk.isdecimal() else None


def read_lines(user: Any, text: str, attributes: Mapping[str, Attribute] | None = None) -> list[Line]:
    """Every line that is not empty, looked up by employee number first and by name second.

    With ``attributes``, cells like ``Language=English`` state one of them, by name or code.
    """
    lines = [Line(number, raw.strip()) for number, raw in enumerate(text.splitlines(), 1) if raw.strip()]
    whom = {line.number: line.text for line in lines}
    if attributes is not None:
        names = {one.name.casefold(): code for code, one in attributes.items()}
        codes = names | {code.casefold(): code for code in attributes}
        whom = {line.number: _split(line, codes, attributes) for line in lines}
    by_number, by_name = _looked_up(user, {word for said in whom.values() for word in _words(said)})
    seen: dict[int, Line] = {}
    for line in lines:
        if not line.problem:
            _resolve(line, whom[line.number], by_number, by_name)
        if line.employee:
            first = seen.setdefault(line.employee.pk, line)
            line.again = first.number if first is not line else 0
            if line.again and line.stated and line.stated != first.stated:
                line.problem = _("Line %(line)s says something else of the same person. Keep one of them.") % {
                    "line": line.again
                }
    return lines


def _split(line: Line, codes: Mapping[str, str], attributes: Mapping[str, Attribute]) -> str:
    """Take what the line states of attributes; answers the rest, which says who it is."""
    for name, value in _STATED.findall(line.text):
        code = codes.get(name.strip().casefold())
        if code is None:
            known = ", ".join(one.name for one in attributes.values()) or "–"
            line.problem = _("Records have no attribute “%(name)s”. Use one of: %(known)s.") % {
                "name": name.strip(), "known": known,
            }  # fmt: skip
        elif code in line.stated:
            line.problem = _("“%(name)s” is stated twice. Keep one of them.") % {"name": attributes[code].name}
        else:
            line.stated[code] = value.strip()
    return _STATED.sub("", line.text).strip()


def _words(text: str) -> list[str]:
    """What of a line may be a number or a name: all of it, or one of its cells, as copied from a spreadsheet."""
    cells = [cell.strip() for mark in ("\t", ",", ";", "，") for cell in text.split(mark)]
    return [word for word in dict.fromkeys([text, *cells, *text.split()[:1]]) if word and "\x00" not in word]


def _looked_up(user: Any, words: set[str]) -> tuple[dict[str, Employee], dict[str, list[Employee]]]:
    people = visible_employees(user)
    by_number = {employee.employee_no: employee for employee in people.filter(employee_no__in=words)}
    by_name: dict[str, list[Employee]] = defaultdict(list)
    for employee in on_staff(people).filter(name__in=words):
        by_name[employee.name].append(employee)
    return by_number, by_name


def _resolve(line: Line, said: str, by_number: dict[str, Employee], by_name: dict[str, list[Employee]]) -> None:
    for word in _words(said):
        if word in by_number:
            line.employee = by_number[word]
            return
    for word in _words(said):
        named = by_name.get(word, [])
        if len(named) == 1:
            line.employee = named[0]
            return
        if named:
            numbers = ", ".join(sorted(employee.employee_no for employee in named))
            line.problem = _("Several people have this name. Use a number: %(numbers)s.") % {"numbers": numbers}
            return
    line.problem = str(NOBODY)


def one_person(user: Any, text: str) -> tuple[Employee | None, str]:
    """Who is meant, or what is wrong."""
    lines = read_lines(user, text.replace("\n", " "))
    if not lines:
        return None, _("Enter an employee number or a name.")
    found, problem = lines[0].employee, lines[0].problem
    return found, _("Nobody has this number or name. Correct it.") if problem == str(NOBODY) else problem
