"""Who has how many points: ``points --policy P --period Y [--as-of DATE] [--met] [--json]``."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.management.commands._documents import document_of, is_file, no_period, no_policy
from training.rules.engine import UnknownPeriod
from training.selectors.accounts import account_as_json, accounts_under, employee_names, teams_under
from training.selectors.completion import standings_of_policy, waiting_work
from training.selectors.policies import category_codes, policy_by_code, year_by_name

CHUNK = 2000


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass
class Summary:
    employees: int = 0
    with_target: int = 0
    met: int = 0
    points: Decimal = Decimal(0)

    def add(self, standing: Any) -> None:
        self.employees += 1
        self.with_target += standing.required is not None
        self.met += bool(standing.met)
        self.points += standing.total

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "points": _number(self.points)}

    def __str__(self) -> str:
        return (
            f"{self.employees} people, {self.met} of {self.with_target} with a target met it, "
            f"{_number(self.points)} points"
        )


def _row(standing: Any, codes: dict[str, str]) -> dict[str, Any]:
    return {
        "employee_no": standing.employee.employee_no,
        "name": standing.employee.name,
        "department": standing.department.code if standing.department else None,
        "target": standing.target.name if standing.target else None,
        "total": _number(standing.total),
        "raw_total": _number(standing.full_total),
        "required": _number(standing.required),
        "met": standing.met,
        "missing": _number(max(standing.required - standing.total, Decimal(0)))
        if standing.required is not None
        else None,
        "categories": {
            codes.get(key, key): {"counted": _number(Decimal(str(counted))), "raw": _number(Decimal(str(full)))}
            for key, (counted, full) in sorted(standing.categories.items(), key=lambda item: codes.get(item[0], ""))
        },
        "missing_by_category": {
            codes.get(key, key): _number(Decimal(str(value)))
            for key, value in sorted(standing.missing.items(), key=lambda item: codes.get(item[0], ""))
        },
        "formula": standing.detail.get("formula"),
        "exempt": standing.detail.get("exempt", False),
        "voided": standing.detail.get("voided", False),
        "requirements": standing.detail.get("requirements", []),
        "status": standing.status or None,
        "rank": standing.detail.get("rank"),
        "outcomes": [{"name": name, **said} for name, said in standing.outcomes.items()],
    }


def _line(row: dict[str, Any]) -> str:
    categories = ", ".join(f"{code} {points['counted']}" for code, points in row["categories"].items()) or "–"
    if row["met"] is None:
        outcome = "no target"
    elif row["met"]:
        outcome = f"met ({row['required']})"
    else:
        parts = [f"{code} {points}" for code, points in row["missing_by_category"].items()]
        if row["missing"]:
            parts.insert(0, f"{row['missing']} in total")
        outcome = f"not met ({row['required']}): missing {', '.join(parts)}"
    cells = [row["employee_no"], row["name"], row["total"], categories, outcome]
    cells += [part for part in (row.get("status"), ", ".join(one["name"] for one in row.get("outcomes", ()))) if part]
    return "\t".join(str(cell) for cell in cells)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day: write year-month-day, such as 2026-06-30") from None


HEADINGS = "number\tname\tpoints\tby category\ttarget\tstatus\toutcomes"


class Command(BaseCommand):
    help = "Print per employee: points in total and by category, required, met or missing; then who met the target."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--policy", required=True, help="code of the policy, or a policy file (.yaml)")
        parser.add_argument("--period", required=True, help="name of the points year")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="from records up to that day")
        parser.add_argument("--met", action="store_true", help="only those who met the target")
        parser.add_argument("--teams", action="store_true", help="departments instead of people")
        parser.add_argument(
            "--booked", action="store_true", help="read what is booked; left out: worked out afresh from the records"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["teams"]:
            self._teams(options)
        elif not options["booked"]:
            self._worked_out(options)
        elif is_file(options["policy"]) or options["as_of"]:
            raise CommandError("What is booked is booked by the policies in force, as of now: leave --booked out.")
        else:
            self._booked(options)

    def _teams(self, options: dict[str, Any]) -> None:
        """Departments with achievements of their own, and what comes from their people."""
        document = document_of(options["policy"])
        try:
            rows = teams_under(document, period=options["period"], as_of=options["as_of"])
        except UnknownPeriod as error:
            raise no_period(document, options["period"]) from error
        if options["json"]:
            answer = {"policy": document["policy"].get("code"), "period": options["period"], "teams": rows}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        self.stdout.write("department\tname\town points\tfrom members\ttotal")
        for row in rows:
            self.stdout.write("\t".join(str(row[name]) for name in ("department", "name", "own", "members", "total")))

    def _worked_out(self, options: dict[str, Any]) -> None:
        """By the rules as they stand in the file or policy, from the records; what is booked is not looked at."""
        document = document_of(options["policy"])
        try:
            accounts = accounts_under(document, period=options["period"], as_of=options["as_of"])
        except UnknownPeriod as error:
            raise no_period(document, options["period"]) from error
        names = employee_names()
        rows = [account_as_json(account, name=names.get(account.employee_no, "")) for account in accounts]
        rows = [row for row in rows if row["met"] or not options["met"]]
        summary = Summary(
            employees=len(accounts),
            with_target=sum(account.required is not None for account in accounts),
            met=sum(bool(account.met) for account in accounts),
            points=sum((account.total for account in accounts), Decimal(0)),
        )
        policy = str(document["policy"].get("code"))
        if options["json"]:
            as_of = options["as_of"].isoformat() if options["as_of"] else None
            answer = {"policy": policy, "period": options["period"], "as_of": as_of, "employees": rows}
            self.stdout.write(json.dumps({**answer, "summary": summary.as_json()}, ensure_ascii=False, indent=2))
            return
        self.stdout.write(HEADINGS)
        for row in rows:
            self.stdout.write(_line(row))
        self.stdout.write(f"{policy} {options['period']}: {summary}")

    def _booked(self, options: dict[str, Any]) -> None:
        policy, year = policy_by_code(options["policy"]), year_by_name(options["period"])
        if policy is None:
            raise no_policy(options["policy"])
        if year is None:
            raise CommandError(f"There is no points year {options['period']}.")
        if not policy.is_active:
            raise CommandError(
                f"Policy {policy.code} is not in force, so nothing is booked. "
                f"Put it in force: manage.py policy import FILE --activate"
            )
        summary = Summary()
        rows = self._rows(standings_of_policy(year, policy.pk), summary, only_met=options["met"])
        waiting = waiting_work()
        if options["json"]:
            people = list(rows)
            answer = {
                "policy": policy.code,
                "period": year.name,
                "status": year.status,
                "employees": people,
                "summary": summary.as_json(),
                "waiting": waiting,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(HEADINGS)
            for row in rows:
                self.stdout.write(_line(row))
            self.stdout.write(f"{policy.code} {year.name}: {summary}")
        if waiting:
            self.stderr.write(f"{waiting} rows of points work wait: the figures move when they are booked "
                              "(manage.py book_points).")  # fmt: skip

    def _rows(self, standings: Any, summary: Summary, *, only_met: bool) -> Iterator[dict[str, Any]]:
        codes = category_codes()
        for standing in standings.iterator(chunk_size=CHUNK):
            summary.add(standing)
            if standing.met or not only_met:
                yield _row(standing, codes)
