"""The way of a file through the pages of an import, on a phone: nothing to scroll sideways, names for all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.conftest import Site
from tests.e2e.pictures import old_file

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
WIDTH = 360
STEPS = ("Look", "Map", "Words", "Clean", "Check")


def fits(page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= WIDTH, f"{name} needs {needed} px"


def test_a_file_walks_from_upload_to_undo(visit, site: Site, tmp_path: Path):
    page = visit("operations", width=WIDTH)
    page.goto(f"{site.url}/migration/upload/")
    assert page.get_by_text("or drop them here").is_visible()
    file = old_file(tmp_path)
    page.set_input_files("input[name=file]", file)
    # chosen files are named before they are sent
    assert page.get_by_text(file.name).first.is_visible()
    fits(page, "upload")
    page.click("form[enctype] button[type=submit]")
    page.wait_for_load_state("networkidle")
    begun = re.sub(r"(/upload/\d+)/.*", r"\1", page.url)
    for name in STEPS[:-1]:
        page.goto(f"{begun}/{name.lower()}/")
        fits(page, name)
        # those that are shown as a sign alone have their names, too
        for other in STEPS:
            assert other == name or page.get_by_role("link", name=other, exact=True).count() == 1
    page.goto(f"{begun}/check/")
    page.get_by_role("button", name="Import the good rows").click(timeout=60_000)
    page.wait_for_selector("a[href$='/proof/']", timeout=60_000)
    fits(page, "import")
    page.get_by_role("link", name=file.name).click()
    fits(page, "proof")
    page.get_by_role("link", name="Undo").click()
    fits(page, "undo")
    page.fill("input[name=reason]", "A trial")
    page.get_by_role("button", name="Undo the import").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("Undone by").is_visible()
    fits(page, "undone")
    assert not page.complaints


def test_an_upload_is_deleted_by_whoever_says_yes(visit, site: Site, tmp_path: Path):
    page = visit("operations", width=WIDTH)
    page.goto(f"{site.url}/migration/upload/")
    page.set_input_files("input[name=file]", old_file(tmp_path))
    page.click("form[enctype] button[type=submit]")
    page.wait_for_load_state("networkidle")
    begun = re.sub(r"(/upload/\d+)/.*", r"\1", page.url)
    page.goto(f"{begun}/look/")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete now").click()
    assert page.url.endswith("/look/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete now").click()
    page.wait_for_url(f"{site.url}/migration/imports/")
    assert page.get_by_text("The uploaded files are deleted.").is_visible()
