"""The pictures of the docs, taken anew: ``python -m tests.e2e.pictures http://127.0.0.1:8000`` while a fresh demo runs.

Look at each before it is committed: README and guides say in words what it shows.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parents[2] / "docs" / "images"
#: as the demo prints it; its settings are not needed to look at it
PASSWORD = "training-counts"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SIZE = {"width": 1280, "height": 900}
HEADINGS = "Staff ID;Training type;Training date;Hours;Topic"
TYPES = ("workshop", "Online course", "Internal lecture ")
#: some of an export by hand: the fourth and fifth can be two days each
DAYS = ("2026-03-14", "2026/4/9", "15.05.2026", "7 Jan 2026", "04/05/2026", "2026-06-05")


def old_file(folder: Path) -> Path:
    """Training records as somebody kept them: titles, days of every form, a day that is none, a sum."""
    lines = ["Training records 2026;;;;", "Exported 25.11.2026;;;;", HEADINGS]
    for n in range(48):
        day = "2026-02-30" if n == 20 else DAYS[n % len(DAYS)]
        hours = ("2", "1,5", "3 h")[n % 3]
        lines.append(f"N{100 + n:04d};{TYPES[n % 3]};{day};{hours};Safety at work {n % 6 + 1}")
    lines += ["N9999;workshop;2026-03-14;2;Safety at work 1", "Total;;;104;"]
    path = folder / "training-2026.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / f"{name}.png")


def sign_in(page: Page, url: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(url)
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def import_file(page: Page, url: str, file: Path) -> None:
    """The steps of an import, with a picture of each that the operations guide shows."""
    page.goto(f"{url}/migration/upload/")
    page.set_input_files("input[name=file]", file)
    page.click("form[enctype] button[type=submit]")
    page.wait_for_load_state("networkidle")
    begun = re.sub(r"(/upload/\d+)/.*", r"\1", page.url)
    page.goto(f"{begun}/look/")
    take(page, "import-look")
    page.goto(f"{begun}/clean/")
    take(page, "import-clean")
    for select in page.query_selector_all("select[name^=all-]"):
        values = select.evaluate("one => [...one.options].map(option => option.value)")
        wanted = next(value for value in ("order:dmy", "drop") if value in values)
        select.select_option(wanted)
    # a lone question has no answer for all
    for select in page.query_selector_all("section:not(:has(select[name^=all-])) select[name^=one-]"):
        select.select_option("drop")
    page.click("main form button.btn-primary")
    page.wait_for_selector("form[action$='/import/'] button")
    take(page, "import-check")
    page.click("form[action$='/import/'] button[type=submit]")
    page.wait_for_selector("a[href$='/proof/']")
    take(page, "import-job")


def main(url: str) -> None:
    browser = next(path for name in BROWSERS if (path := shutil.which(name)))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        page = playwright.chromium.launch(executable_path=browser, args=FLAGS).new_page(viewport=SIZE)  # type: ignore[arg-type]
        sign_in(page, url, "manager")
        page.goto(f"{url}/training/points/?year=2025")
        take(page, "my-points")
        sign_in(page, url, "payroll")
        page.goto(f"{url}/payroll/reviews/")
        page.click(".page-body a[href*='/reviews/']")
        take(page, "raise-review")
        sign_in(page, url, "operations")
        import_file(page, url, old_file(Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
