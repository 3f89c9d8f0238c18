"""What the selects of the policy editor offer, and of which type a condition's value is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.forms.scopes import department_codes
from training.selectors.policies import year_names
from training.selectors.policy_words.names import ACCOUNT, EMPLOYEE, RECORD, Names

NUMBERS = {
    "month", "minutes", "hours", "count", "score", "nth", "nth_ever", "employee.service_years",
    "employee.service_months", "total", "raw_total", "required", "percent", "surplus", "missing", "rank", "rank_share",
    "missed_in_a_row", "met_in_a_row",
}  # fmt: skip
BOOLEANS = {"passed", "met", "exempt", "voided"}
DATES = {"happened_on", "employee.hire_date", "employee.exit_date"}
RECORD_NUMBERS = ("score", "hours", "minutes", "count")
EACH = ("course", "title", "activity", "category", "source")
MEASURES = {
    "points": gettext_lazy("points"),
    "raw": gettext_lazy("points before limits"),
    "hours": gettext_lazy("hours"),
    "times": gettext_lazy("number of records"),
    "score": gettext_lazy("score"),
}
Options = list[tuple[str, str]]


class Known:
    """Options of selects; every kind is read once."""

    def __init__(self, document: Mapping[str, Any], requirements: Options) -> None:
        self.names = Names(document)
        self.requirements = requirements

    def options(self, about: str) -> Options:
        """(code, name) of everything that a reference may be."""
        if about == "year":
            return year_names()
        if about == "department":
            return department_codes()
        if about == "number_attribute":
            figures = [(name, str(RECORD[name])) for name in RECORD_NUMBERS]
            return [*self.numbers, *figures, *self._attributes("employee", "number", prefix="employee.")]
        if about == "employee_number":
            return self._attributes("employee", "number")
        if about == "employee_date":
            return [("hire_date", str(EMPLOYEE["hire_date"])), *self._attributes("employee", "date")]
        if about == "each":
            return [(name, str(RECORD[name])) for name in EACH] + self._attributes("record")
        if about == "measure":
            return [(value, str(label)) for value, label in MEASURES.items()] + self.numbers
        if about == "figure":
            return [("surplus", _("surplus")), ("total", _("total points"))] + [
                (f"category.{code}", _("points of %(name)s") % {"name": name})
                for code, name in self.names.table("category").items()
            ]
        if about == "category_or_total":
            return [("total", _("the total")), *self.options("category")]
        if about == "category_or_period":
            return [("period", _("the whole period")), *self.options("category")]
        return list(self.names.table(about).items())

    @cached_property
    def numbers(self) -> Options:
        return self._attributes("record", "number")

    def _attributes(self, owner: str, kind: str = "", prefix: str = "") -> Options:
        return [
            (f"{prefix}{code}", str(row.get("name", code)))
            for (of, code), row in self.names.attributes.items()
            if of == owner and (not kind or row.get("type") == kind)
        ]

    # --- conditions -------------------------------------------------------------------------------
    def asked(self, about: str) -> list[tuple[str, Options]]:
        """Groups of names that a condition may ask for."""
        employee = [(f"employee.{code}", str(label)) for code, label in EMPLOYEE.items()]
        groups = [(_("Employee"), employee + self._attributes("employee", prefix="employee."))]
        if about == "record":
            record = [(code, str(label)) for code, label in RECORD.items()]
            groups.insert(0, (_("Record"), record + self._attributes("record")))
            groups.append((_("Days from the record until"), self._days_until()))
        if about == "account":
            groups.insert(0, (_("Account"), [(code, str(label)) for code, label in ACCOUNT.items()]))
            groups += self._account_trees()
        return [(str(label), options) for label, options in groups]

    def _days_until(self) -> Options:
        own = [(f"employee.{code}", str(EMPLOYEE[code])) for code in ("hire_date", "exit_date")]
        stated = [*self._attributes("record", "date"), *own, *self._attributes("employee", "date", prefix="employee.")]
        return [(f"days_until.{code}", label) for code, label in stated]

    def _account_trees(self) -> list[tuple[str, Options]]:
        categories, activities = self.names.table("category"), self.names.table("activity")
        return [
            (_("Points of a category"), [(f"category.{code}", name) for code, name in categories.items()]),
            (_("Records that count"), [(f"times.{code}", name) for code, name in activities.items()]),
            (_("All records"), [(f"records.{code}", name) for code, name in activities.items()]),
            (_("Requirements"), [(f"requirement.{code}", name) for code, name in self.requirements]),
        ]

    def type_of(self, name: str) -> str:
        owner, _dot, code = name.partition(".")
        if name in NUMBERS or owner in ("category", "times", "records", "days_until"):
            return "number" if _dot or name in NUMBERS else "text"
        if name in BOOLEANS or owner == "requirement":
            return "boolean"
        if name in DATES:
            return "date"
        row = self.names.attributes.get(("employee", code) if owner == "employee" else ("record", name), {})
        return str(row.get("type", "text"))

    @cached_property
    def values(self) -> dict[str, Options]:
        """What a name may be compared with, where that is a list."""
        found: dict[str, Options] = {}
        for kind in ("activity", "category", "course", "rule"):
            found[kind] = list(self.names.table(kind).items())[:300]
        for kind in ("department", "position", "level", "band"):
            found[f"employee.{kind}"] = list(self.names.table(kind).items())[:300]
        answers = [(_("yes"), ""), (_("no"), "")]
        found |= dict.fromkeys([*BOOLEANS, *(f"requirement.{code}" for code, _name in self.requirements)], answers)
        for (owner, code), row in self.names.attributes.items():
            name = f"employee.{code}" if owner == "employee" else code
            if row.get("type") == "boolean":
                found[name] = answers
            elif row.get("choices"):
                found[name] = [(str(one), str(one)) for one in row["choices"]]
        return found

    def code_of(self, name: str, text: str) -> str:
        """The code of what was given by its name."""
        options = self.values.get(name, ())
        if any(text == code for code, _label in options):
            return text
        return next((code for code, label in options if label.casefold() == text.casefold()), text)
