"""An upload outlives a role: what it may no longer import it does not show either."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from migration.models import UploadTable
from migration.services.uploads import add_upload
from payroll.services import SalaryRow, save_salaries
from people import rules
from tests.migration.files import csv_file

pytestmark = pytest.mark.django_db

PAY = [["Employee no", "From", "Amount"], ["E001", "2025-01-01", "9100"]]


@pytest.fixture
def pay(world):
    save_salaries(rows=[SalaryRow(2, "E001", Decimal(8123), world.people["alice"].hire_date)], actor=None)
    return add_upload(files=[("pay.csv", csv_file(PAY))], actor=world.users["paul"], kind="salaries")


def test_the_dry_run_shows_no_pay_to_whom_the_role_was_taken(world, sign_in, pay):
    address = reverse("migration:dry_run", args=[pay.pk])
    assert sign_in("paul").post(address).status_code == 200
    world.users["paul"].groups.set([Group.objects.get(name=rules.OPERATIONS)])
    for page in ("words", "clean"):
        assert sign_in("paul").get(reverse(f"migration:{page}", args=[pay.pk])).status_code == 302
    answer = sign_in("paul").post(address, follow=True)
    assert "You may not import this kind of table" in answer.content.decode()
    assert "8,123" not in answer.content.decode()
    assert "8123" not in answer.content.decode()


def test_a_table_that_was_left_out_meanwhile_has_no_refused_rows(world, sign_in, pay):
    other = add_upload(
        files=[("pay.csv", csv_file(PAY)), ("more.csv", csv_file([PAY[0], ["E002", "2025-01-01", "1"]]))],
        actor=world.users["paul"], kind="salaries",
    )  # fmt: skip
    first, second = UploadTable.objects.filter(file__upload=other)
    UploadTable.objects.filter(pk=second.pk).update(is_skipped=True)
    refused = [reverse("migration:check_refused", args=[other.pk, one.pk]) for one in (first, second)]
    assert [sign_in("paul").post(one).status_code for one in refused] == [200, 404]
