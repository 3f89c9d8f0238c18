"""Every name that a policy file uses must stand in the file or be in the suite; the nearest known one is suggested."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

from people.models import Department, Employee, Level, Position
from training.models import Activity, Category, Course, PointsYear, Policy, Rule, Target
from training.selectors.policy_document import declared_attributes, requirement_names, requirements_of
from training.services.policy_file.parse import PolicyFile
from training.services.policy_file.reader import BOUNDS, DAY_SHAPE, Mention, nearest

RECORD_NAMES = (
    "activity", "category", "course", "skill", "title", "source", "happened_on", "month", "minutes", "hours", "count",
    "score", "passed", "nth", "nth_ever", "rule",
)  # fmt: skip
EMPLOYEE_NAMES = (
    "number", "department", "position", "level", "band", "hire_date", "exit_date", "service_years", "service_months",
)  # fmt: skip
ACCOUNT_NAMES = (
    "total", "raw_total", "required", "percent", "surplus", "missing", "met", "exempt", "voided", "rank", "rank_share",
    "status", "missed_in_a_row", "met_in_a_row",
)  # fmt: skip
ACCOUNT_TREES = {"category": "category", "times": "activity", "records": "activity", "requirement": "requirement"}
#: figures of a record and of its employee that a rule can reckon with like with an attribute of type number
RECORD_NUMBERS = ("score", "hours", "minutes", "count")
EMPLOYEE_NUMBERS = ("employee.service_years", "employee.service_months")
#: of which type the names are that conditions know by themselves
NUMBERS = {
    *RECORD_NUMBERS, *EMPLOYEE_NUMBERS, "month", "nth", "nth_ever", "total", "raw_total", "required", "percent",
    "surplus", "missing", "rank", "rank_share", "missed_in_a_row", "met_in_a_row",
}  # fmt: skip
BOOLEANS = {"passed", "met", "exempt", "voided"}
DATES = {"happened_on", "employee.hire_date", "employee.exit_date"}
MEASURES = ("points", "raw", "hours", "times", "score")
EACH = ("course", "title", "activity", "category", "source")
DAYS_UNTIL = "days_until."
FIGURES = ("surplus", "total")
#: names of conditions whose values must be known
VALUES = {
    "activity": "activity",
    "category": "category",
    "course": "course",
    "rule": "rule",
    "status": "status",
    "employee.department": "department",
    "employee.position": "position",
    "employee.level": "level",
    "employee.band": "band",
}


def check_names(file: PolicyFile) -> None:
    """Note every name that nobody knows."""
    known = _Known(file)
    for mention in file.reader.mentions:
        known.check(mention)


class _Known:
    def __init__(self, file: PolicyFile) -> None:
        self.file, self.refuse = file, file.reader.refuse
        document = file.document
        self.labels = _labels()
        code = document["policy"].get("code", "")
        rules = Rule.objects.filter(policy__code=code)
        self.names: dict[str, set[str]] = {
            "category": _codes(document, "categories") | set(Category.objects.values_list("code", flat=True)),
            "activity": _codes(document, "activities") | set(Activity.objects.values_list("code", flat=True)),
            "course": _codes(document, "courses") | set(Course.objects.values_list("code", flat=True)),
            "rule": _codes(document, "rules") | set(rules.values_list("code", flat=True)),
            "year": _codes(document, "years", "name") | set(PointsYear.objects.values_list("name", flat=True)),
            "department": set(Department.objects.values_list("code", flat=True)),
            "position": set(Position.objects.values_list("code", flat=True)),
            "level": set(Level.objects.values_list("code", flat=True)),
            "band": {"staff", "supervisor", "middle", "senior"},
            "requirement": set(requirement_names(document.get("targets", ()))) | requirements_of(code),
            "status": _statuses(document),
        }
        attributes = [*declared_attributes(), *document.get("attributes", ())]
        self.types = {(row.get("owner"), row.get("code")): row for row in attributes}
        self.of_record = {str(code) for owner, code in self.types if owner == "record"}
        self.of_employee = {str(code) for owner, code in self.types if owner == "employee"}
        self.numbers = {
            str(code) for (owner, code), row in self.types.items() if owner == "record" and row.get("type") == "number"
        }

    # --- references -------------------------------------------------------------------------------
    def check(self, mention: Mention) -> None:
        path, about, name = mention.path, mention.about, mention.name
        if about in ("record", "employee", "account"):
            self._asked(mention)
        elif about == "employee_no":
            self._employee(path, name)
        elif about == "number_attribute":
            self._number_attribute(path, name)
        elif about == "employee_number":
            self._one_of(path, name, self._of_type("number"), _("employee attribute of type number"))
        elif about == "employee_date":
            self._one_of(path, name, {"hire_date", *self._of_type("date")}, _("employee attribute of type date"))
        elif about == "each":
            self._one_of(path, name, {*EACH, *self.of_record}, _("record attribute"))
        elif about == "measure":
            self._one_of(path, name, {*MEASURES, *self.numbers}, _("record attribute of type number"))
        elif about == "figure":
            if name.startswith("category."):
                self._one_of(path, name[9:], self.names["category"], self.labels["category"])
            else:
                self._one_of(path, name, {*FIGURES, "category.CODE"}, _("figure"))
        elif about.startswith("category_or_"):
            if name != about.rpartition("_")[2]:
                self._one_of(path, name, self.names["category"], self.labels["category"])
        else:
            self._one_of(path, name, self.names[about], self.labels[about])

    def _one_of(self, path: str, name: str, known: Collection[str], kind: str) -> None:
        if name in known:
            return
        meant = nearest(name, known)
        words = {"kind": kind, "value": name, "word": meant}
        mend = _("Did you mean “%(word)s”?") if meant else _("Correct it, or add the %(kind)s first.")
        self.refuse(path, name, _("There is no %(kind)s “%(value)s”.") % words, mend % words)

    def _employee(self, path: str, name: str) -> None:
        if not Employee.objects.filter(employee_no=name).exists():
            self._one_of(path, name, (), self.labels["employee"])

    def _of_type(self, kind: str) -> set[str]:
        """Employee attributes of a type."""
        return {
            str(code) for (owner, code), row in self.types.items() if owner == "employee" and row.get("type") == kind
        }

    def _number_attribute(self, path: str, name: str) -> None:
        if name in (*RECORD_NUMBERS, *EMPLOYEE_NUMBERS):
            return
        if name.startswith("employee."):
            self._one_of(path, name[9:], self._of_type("number"), _("employee attribute of type number"))
        elif name in self.of_record and name not in self.numbers:
            self.refuse(path, name, _("This attribute is not of type number."), _("Name one that states a number."))
        else:
            self._one_of(path, name, self.numbers, _("record attribute of type number"))

    # --- conditions -------------------------------------------------------------------------------
    def _asked(self, mention: Mention) -> None:
        """A name that a condition asks for, and what it is compared with."""
        name, path = mention.name, mention.path
        if name.startswith("employee."):
            self._attribute_or(path, name, "employee.", {*EMPLOYEE_NAMES, *self.of_employee}, _("employee attribute"))
            self._value(mention, "employee", name[9:])
        elif mention.about == "account":
            tree, _dot, code = name.partition(".")
            if code and tree in ACCOUNT_TREES:
                kind = ACCOUNT_TREES[tree]
                self._one_of(path, code, self.names[kind], self.labels[kind])
            elif name == "status":
                self._value(mention, "account", name)
            elif name not in ACCOUNT_NAMES:
                self._attribute_or(path, name, "", ACCOUNT_NAMES, _("figure of an account"))
            else:
                self._type(mention, {})
        elif mention.about == "employee":
            meant = f"employee.{name}"
            is_known = name in EMPLOYEE_NAMES or name in self.of_employee
            mend = _("Did you mean “%(word)s”?") % {"word": meant} if is_known else _("Names begin with “employee.”.")
            self.refuse(path, name, _("This can only ask for the employee."), mend)
        elif name.startswith(DAYS_UNTIL) and mention.about == "record":
            self._day(path, name.removeprefix(DAYS_UNTIL))
            self._type(mention, {"type": "number"})
        else:
            self._attribute_or(path, name, "", {*RECORD_NAMES, *self.of_record}, _("record attribute"))
            self._value(mention, "record", name)

    def _day(self, path: str, name: str) -> None:
        """A date that a record or its employee states."""
        if name.startswith("employee."):
            days = {"hire_date", "exit_date", *self._of_type("date")}
            self._one_of(path, name[9:], days, _("employee attribute of type date"))
        else:
            days = {str(code) for (of, code), row in self.types.items() if of == "record" and row.get("type") == "date"}
            self._one_of(path, name, days, _("record attribute of type date"))

    def _attribute_or(self, path: str, name: str, prefix: str, known: Collection[str], kind: str) -> None:
        code = name.removeprefix(prefix)
        if code in known:
            return
        meant = nearest(code, known)
        if not prefix and code in {*self.of_employee, *EMPLOYEE_NAMES}:
            meant = f"employee.{code}"
        words = {"kind": kind, "value": code, "word": f"{prefix}{meant}"}
        mend = _("Did you mean “%(word)s”?") % words if meant else _("Declare it under “attributes:”, or correct it.")
        self.refuse(path, name, _("Nobody declared the %(kind)s “%(value)s”.") % words, mend)

    def _value(self, mention: Mention, owner: str, code: str) -> None:
        kind = VALUES.get(mention.name)
        row = self.types.get((owner, code), {})
        choices = row.get("choices") if row.get("type") == "choice" else None
        if not kind and not choices:
            self._type(mention, row)
            return
        known = self.names[kind] if kind else {str(choice) for choice in choices or ()}
        if not all(_is_figure(one) for one in known):
            mend = _("Name those that fit, such as “%(name)s: [%(values)s]”.")
            words = {"name": mention.name, "values": ", ".join(sorted(known)[:2])}
            self._no_bounds(mention, _("This has no order, so nothing lies between bounds."), mend % words)
        for value in compared(mention.value):
            self._one_of(mention.path, value, known, self.labels[kind] if kind else _("choice"))

    def _type(self, mention: Mention, row: dict[str, Any]) -> None:
        is_number = row.get("type") == "number" or mention.name in NUMBERS
        if row.get("type") == "boolean" or mention.name in BOOLEANS:
            self._boolean(mention)
            message = _("This is true or false, so nothing lies between bounds.")
            self._no_bounds(mention, message, _("Write true or false."))
        if row.get("type") == "date" or mention.name in DATES:
            message, mend = _("This attribute states dates."), _("Write a day, such as 2026-01-31.")
            self._no_bounds(mention, message, mend, but=_is_day)
        elif is_number:
            message = _("This attribute states numbers.")
            self._no_bounds(mention, message, _("Write digits, such as 12 or 7.5."), but=_is_figure)
        for value in compared(mention.value) if is_number else ():
            try:
                float(value)
            except ValueError:
                message = _("This attribute states numbers.")
                self.refuse(
                    mention.path, value, message, _("Write a number, or bounds such as “{from: 60, below: 90}”.")
                )

    def _no_bounds(
        self, mention: Mention, message: str, mend: str, *, but: Callable[[Any], bool] = lambda bound: False
    ) -> None:
        """Refuse “from: 3” where nothing could ever lie, except for bounds of the right kind."""
        said = mention.value if isinstance(mention.value, dict) else {}
        for word in BOUNDS:
            if word in said and not but(said[word]):
                self.refuse(f"{mention.path}.{word}", said[word], message, mend)

    def _boolean(self, mention: Mention) -> None:
        for value in compared(mention.value):
            if value.lower() not in ("true", "false", "yes", "no", "1", "0"):
                self.refuse(mention.path, value, _("This is neither true nor false."), _("Write true or false."))


def _is_figure(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_day(value: Any) -> bool:
    return DAY_SHAPE.fullmatch(str(value)) is not None


def _labels() -> dict[str, str]:
    return {
        "category": _("category"), "activity": _("activity"), "course": _("course"), "rule": _("rule"),
        "year": _("points year"), "department": _("department"), "position": _("position"), "level": _("level"),
        "band": _("band"), "employee": _("employee"), "requirement": _("requirement"),
        "status": _("status"),
    }  # fmt: skip


def _codes(document: dict[str, Any], section: str, key: str = "code") -> set[str]:
    return {str(item[key]) for item in document.get(section, ()) if key in item}


def _statuses(document: dict[str, Any]) -> set[str]:
    """Of the policy and of its targets, in the file or in the suite."""
    tables = [document, *document.get("targets", ())]
    tables += [table.terms for model in (Policy, Target) for table in model.objects.exclude(terms={}).only("terms")]
    return {str(one["name"]) for table in tables for one in table.get("statuses", ()) if "name" in one}


def compared(value: Any) -> list[str]:
    """Texts that a condition compares with."""
    if isinstance(value, dict):
        value = value.get("not", [])
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values]
