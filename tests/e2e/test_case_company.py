"""From nothing to a raise list in a browser, as the people of the case company do it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import time
from decimal import Decimal

import pytest

from hrsuite.demo.accounts import LOGINS
from hrsuite.demo.company import found_company
from tests.e2e.conftest import ROOT, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
LAST_YEAR = str(dt.date.today().year - 1)  # noqa: DTZ011 - the demo's own clock


def figures(printed: str) -> dict[str, str]:
    """The outcome table without the seconds."""
    found = re.findall(r"^  (\S.*?) {2,}(\S.*)$", printed, re.MULTILINE)
    return {label: value for label, value in found if label != "Seconds taken"}


def test_the_demo_prints_what_came_out(site: Site):
    table = figures(site.printed)
    assert table["People"] == "500"
    assert int(table["Learning records"].replace(",", "")) > 5_000
    assert Decimal(table["Points booked"].replace(",", "")) > 30_000
    met, total = re.match(r"(\d+) / (\d+)", table[f"Target met {LAST_YEAR}, middle managers"]).groups()
    assert int(total) == 80
    assert 40 <= int(met) <= 60
    assert 8 <= int(table["Title holders"]) <= 10
    assert 10 <= int(table["Recommended raises"]) <= 20
    assert "employees.xlsx: 500 new, 3 refused" in site.printed
    assert "row 502, Department, 'Plant 9'" in site.printed
    for login in LOGINS:
        assert login.username in table


def test_a_second_run_changes_nothing(site: Site):
    again = subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve"],
        cwd=ROOT, env=site.env, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert figures(again.stdout) == figures(site.printed)
    assert "Importing" not in again.stdout


OLD_FILES = {
    "employees.xlsx": "employees",
    "training_records.csv": "records",
    "exam_scores.xlsx": "scores",
    "kpi.xlsx": "kpi",
    "salaries.csv": "salaries",
}


@pytest.mark.parametrize("name", OLD_FILES)
def test_its_files_imported_by_hand_find_everything_there(site: Site, name: str):
    command = ["manage.py", "import_file", str(site.home / "demo" / name), "--as", OLD_FILES[name]]
    answer = subprocess.run(
        [sys.executable, *command, "--skip-bad", "--dry-run", "--json"],
        cwd=ROOT, env=site.env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    report = json.loads(answer.stdout[answer.stdout.index("{") :])
    assert (report["created"], report["changed"]) == (0, 0)
    assert report["unchanged"] > 400


@pytest.mark.parametrize("username", [login.username for login in LOGINS])
def test_every_page_of_the_navigation_is_sound(visit, site: Site, username: str):
    """On a desktop and on a phone: answers, no complaint of the console, one heading, nothing to scroll sideways."""
    page = visit(username)
    links = page.eval_on_selector_all("aside a[href^='/'], nav a[href^='/']", "all => all.map(one => one.pathname)")
    assert len(links) > 2
    wrong = []
    for path in sorted({link for link in links if not link.startswith("/admin")}):
        page.complaints.clear()
        answer = page.goto(f"{site.url}{path}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            # charts follow a new size a moment later
            page.wait_for_timeout(150)
            if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
                wrong.append(f"{path} needs {needed} px of {width}")
        if answer.status != 200 or page.complaints or page.locator("h1").count() != 1:
            wrong.append(f"{path}: {answer.status}, {page.locator('h1').count()} headings, {page.complaints}")
    assert not wrong, "\n".join(wrong)


def test_a_record_reaches_points_and_raise_list_by_itself(visit, site: Site):
    """HR enters a workshop of last year for a manager; the worker does the rest."""
    manager, payroll, hr = visit("manager", width=360), visit("payroll"), visit("hr")
    number = manager_number()
    before = total_of(manager, site)
    assert points_in_review(payroll, site, number) == before

    hr.goto(f"{site.url}/training/records/new/")
    hr.fill("input[name=employee]", number)
    hr.select_option("select[name=activity]", label="Workshop")
    hr.fill("input[name=happened_on]", f"{LAST_YEAR}-11-19")
    if hr.locator("input[name=count]").is_visible():
        hr.fill("input[name=count]", "1")
    hr.click("main form button[type=submit]")
    hr.wait_for_load_state("networkidle")
    assert not hr.locator(".invalid-feedback").all_inner_texts()

    wait_for(lambda: total_of(manager, site) == before + 5)
    wait_for(lambda: points_in_review(payroll, site, number) == before + 5)
    assert not [*hr.complaints, *manager.complaints, *payroll.complaints]


def manager_number() -> str:
    """Whose account "manager" is: the head of R&D."""
    company = found_company(today=dt.date.today())  # noqa: DTZ011
    return next(person.number for person in company.people if person.unit.code == "RD" and person.is_head)


def rows_of(page, url: str) -> list[dict[str, str]]:
    """A list as its reader exports it."""
    answer = page.request.get(url)
    assert answer.ok, url
    return list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))


def total_of(page, site: Site) -> Decimal:
    """Sum of the reader's own account of last year."""
    lines = rows_of(page, f"{site.url}/training/points/?year={LAST_YEAR}&export=csv")
    return sum((Decimal(line["Points"]) for line in lines), Decimal(0))


def points_in_review(page, site: Site, number: str) -> Decimal:
    page.goto(f"{site.url}/payroll/reviews/")
    path = (
        page.locator("main a[href^='/payroll/reviews/']").filter(has_text="middle managers").first.get_attribute("href")
    )
    lines = rows_of(page, f"{site.url}{path}?export=csv")
    return next(Decimal(line["Points"]) for line in lines if line["Number"] == number)


def wait_for(holds, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "the worker did not bring it there"
        time.sleep(0.3)


def test_strangers_pay_stays_out_of_sight(visit, site: Site):
    page = visit("employee")
    for path, status in (("/payroll/salaries/", 403), ("/payroll/reviews/", 403), ("/payroll/my/", 200)):
        assert page.goto(f"{site.url}{path}").status == status, path
