"""The department tree, positions and levels."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hrsuite.lib.errors import BadInput
from people.models import Department
from people.selectors import visible_employees
from people.services.organisation import (
    create_department,
    delete_department,
    move_department,
    save_level,
    save_position,
)
from people.tree import grow
from training.models import PointsWork


def worked_on(world) -> set[str]:
    ids = set(PointsWork.objects.values_list("employee_id", flat=True))
    return {name for name, person in world.people.items() if person.pk in ids}


def test_a_moved_department_moves_rights_and_points(world):
    lab, sales = world.departments["RD-LAB"], world.departments["SALES"]
    assert move_department(department=lab, parent=sales, actor=world.users["helen"])
    assert worked_on(world) == {"erin", "frank"}
    assert world.people["erin"] in visible_employees(world.users["bob"])
    assert world.people["erin"] not in visible_employees(world.users["dave"])
    assert not move_department(department=lab, parent=sales, actor=world.users["helen"])


@pytest.mark.parametrize("below", ["RD", "RD-LAB"])
def test_no_rings(world, below):
    with pytest.raises(BadInput, match="below itself"):
        move_department(department=world.departments["RD"], parent=world.departments[below], actor=world.users["helen"])
    assert not PointsWork.objects.exists()


def test_only_empty_departments_are_deleted(world):
    helen = world.users["helen"]
    new = create_department(code="NEW", name="New", parent=world.departments["HQ"], actor=helen)
    delete_department(department=new, actor=helen)
    with pytest.raises(BadInput, match="still belong"):
        delete_department(department=world.departments["SALES"], actor=helen)
    assert Department.objects.filter(code="SALES").exists()


def test_codes_are_unique(world):
    helen = world.users["helen"]
    with pytest.raises(BadInput, match="in use"):
        create_department(code="SALES", name="Sales again", parent=None, actor=helen)
    with pytest.raises(BadInput, match="in use"):
        save_position(position=None, code="REP", name="Rep", actor=helen)
    save_position(position=world.positions["REP"], code="REP", name="Representative", actor=helen)


def test_another_band_books_its_holders_again(world):
    save_level(
        level=world.levels["L2"], code="L2", name="Supervisor", band="middle", rank=2, actor=world.users["helen"]
    )
    assert worked_on(world) == {"frank"}


def test_tree_adds_up_and_starts_at_what_is_shown(world, sign_in):
    branches = sign_in("dave").get("/people/departments/").context["branches"]
    assert [(branch.department.code, branch.depth, branch.own, branch.total) for branch in branches] == [
        ("RD", 0, 1, 3),
        ("RD-LAB", 1, 2, 2),
    ]
    assert grow([], counts={}, heads={}) == []


def test_organisation_page_for_hr(world, sign_in):
    page = sign_in("helen").get("/people/departments/").content.decode()
    assert "Head: Bob" in page
    assert timezone.localdate().isoformat() not in page
    assert sign_in("helen").post(f"/people/departments/{world.departments['SALES'].pk}/delete/", follow=True).context


def test_move_page(world, sign_in):
    lab = world.departments["RD-LAB"]
    client = sign_in("helen")
    page = client.post(f"/people/departments/{world.departments['RD'].pk}/move/", {"parent": lab.pk})
    assert "cannot be moved below itself" in page.content.decode()
    client.post(f"/people/departments/{lab.pk}/move/", {"parent": ""})
    lab.refresh_from_db()
    assert lab.parent is None
