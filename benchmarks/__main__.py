"""``python -m benchmarks``: measure booking, the way to the raise list and the pages, and say whether the aims are met.

Options may also come from the environment: EMPLOYEES, RECORDS, ROUNDS, OUT, KEEP.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks.scratch import has_nested_caps, load_company, open_scratch

ROOT = Path(__file__).resolve().parent.parent
#: name, value, at most, unit
Aim = tuple[str, float, float, str]


def main() -> None:
    options = _options()
    postmaster, is_new = open_scratch(options.var, keep=options.keep)
    # after Django is set up: these read its settings
    from benchmarks import imports, loop, pages, points, ways

    year = points_year()
    if is_new:
        say(f"loading {options.employees:,} employees with {options.records} records each")
        load_company(employees=options.employees, records=options.records, year=year, nested_caps=options.nested_caps)
    figures: dict[str, Any] = {
        "employees": options.employees,
        "records_each": options.records,
        "nested_caps": has_nested_caps(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    aims: list[Aim] = []
    if options.ways:
        figures["ways"] = ways.compare(year=year, rounds=options.rounds, postmaster=postmaster, say=say)
        aims += [
            (f"{name.replace('_', ' ')}, {what.replace('_', ' ')} / plain SQL (cpu)", part["cpu_ratio"], at_most, "x")
            for name, at_most in (("simple", 1.5), ("caps_in_caps", 3), ("engine", 3))
            for what, part in figures["ways"][name].items()
        ]
        finish(figures, aims, options.out)
        return
    if options.imports:
        figures["imports"] = imports.compare(**sizes(options), postmaster=postmaster, say=say)
        finish(figures, import_aims(figures["imports"]), options.out)
        return
    if not options.skip_booking:
        figures |= points.compare(year=year, rounds=options.rounds, postmaster=postmaster, say=say)
        report_booking(figures)
        at_most = 3 if figures["nested_caps"] else 1.5
        aims += [
            ("first booking / plain SQL", figures["first_booking"]["ratio"], at_most, "x"),
            ("second booking / plain SELECT", figures["second_booking"]["ratio"], at_most, "x"),
        ]
    loop.prepare(say)
    figures["raise_list"] = loop.measure(rounds=3, say=say)
    aims.append(("new record on the raise list", figures["raise_list"]["seconds"], 1, "s"))
    figures["pages"] = pages.measure(say=say)
    aims += [(name, page["ms"], 100, "ms") for name, page in figures["pages"].items()]
    if options.import_rows:
        figures["imports"] = imports.compare(**sizes(options), postmaster=postmaster, say=say)
        aims += import_aims(figures["imports"])
    finish(figures, aims, options.out)


def sizes(options: argparse.Namespace) -> dict[str, int]:
    """Rows of the files to import."""
    return {"csv_rows": options.import_rows, "xlsx_rows": options.import_rows // 5}


def import_aims(found: dict[str, dict[str, Any]]) -> list[Aim]:
    return [
        (
            "import of a csv, microseconds a row (20,000 rows/s)",
            round(1e6 / found["csv"]["rows_per_second"], 1),
            50,
            "us",
        ),
        ("import of a xlsx, microseconds a row", round(1e6 / found["xlsx"]["rows_per_second"], 1), 50, "us"),
        ("memory of the importing process", max(found[name]["python_mb"] for name in ("csv", "xlsx")), 600, "MB"),
    ]


def finish(figures: dict[str, Any], aims: list[Aim], out: str) -> None:
    """Judge the aims; write everything to the file that ``--out`` names."""
    figures["aims"] = [judged(aim) for aim in aims]
    if out:
        Path(out).write_text(json.dumps(figures, indent=2) + "\n")


def points_year() -> int:
    """This year, in the installation's time zone."""
    from people.selectors import today

    return today().year


def report_booking(figures: dict[str, Any]) -> None:
    for name in ("first_booking", "second_booking"):
        part = figures[name]
        say(
            f"{name.replace('_', ' ')}: product {part['product_seconds']:.1f} s, plain {part['plain_seconds']:.1f} s "
            f"(cpu {part['product_cpu_seconds']:.1f} s and {part['plain_cpu_seconds']:.1f} s, {part['cpu_ratio']} x); "
            f"memory: python {part['product_python_mb']} MB, postgres {part['product_postgres_mb']} MB "
            f"(plain {part['plain_postgres_mb']} MB)"
        )


def judged(aim: Aim) -> dict[str, Any]:
    """Say whether an aim is met."""
    name, value, at_most, unit = aim
    is_met = value <= at_most
    say(f"{'met    ' if is_met else 'NOT MET'}  {name}: {value} {unit} (aim {at_most})")
    return {"name": name, "value": value, "aim": at_most, "unit": unit, "met": is_met}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    env = os.environ.get
    parser.add_argument("--employees", type=int, default=int(env("EMPLOYEES") or 100_000))
    parser.add_argument("--records", type=int, default=int(env("RECORDS") or 50), help="per employee")
    parser.add_argument(
        "--rounds", type=int, default=int(env("ROUNDS") or 1), help="runs of each side; the best counts"
    )
    parser.add_argument("--out", default=env("OUT", ""), help="write the figures to this file as JSON")
    parser.add_argument("--keep", action="store_true", default=bool(env("KEEP")), help="use the loaded company again")
    parser.add_argument("--skip-booking", action="store_true", help="only the raise list and the pages; needs --keep")
    parser.add_argument("--imports", action="store_true", help="only the import of files")
    parser.add_argument(
        "--import-rows", type=int, default=int(env("IMPORT_ROWS") or 200_000), help="of the csv; a fifth for the xlsx"
    )
    parser.add_argument("--nested-caps", action="store_true", help="a company with caps inside caps")
    parser.add_argument(
        "--ways", action="store_true", help="only compare the statement and the policy engine with plain SQL"
    )
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "bench", help="folder of the scratch servers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
