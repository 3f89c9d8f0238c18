"""Completion: whose numbers a manager sees, who is behind, and that nobody is reminded twice a day."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from people.models import Assignment, Employee, MailMessage, Notification
from people.selectors import today
from training.models import LearningRecord, Reminder
from training.services.booking import book
from training.services.scopes import Whom
from training.services.targets import Goal, create_target

URL = "training:completion"


@pytest.fixture
def booked(world):
    """Staff need 10 points; Alice has 15, Carol 5, Erin none. Bob and Dave need 100 and have none."""
    create_target(
        policy=world.policy, year=world.year, goal=Goal("Staff", 10, (), "none"), whom=Whom(band="staff"), actor=None
    )
    for name, activity in [("alice", "lecture"), ("carol", "workshop")]:
        LearningRecord.objects.create(
            employee=world.people[name], activity=world.activities[activity], happened_on=world.year.start_date,
            source="test", source_id=name,
        )  # fmt: skip
    book_all(world)
    return world


def book_all(world) -> None:
    ids = list(Employee.objects.values_list("pk", flat=True))
    book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None)


def names(response) -> set[str]:
    return {row.record.employee.name for row in response.context["list"].table.page.object_list}


def test_hr_sees_the_whole_tree(booked, sign_in):
    response = sign_in("helen").get(reverse(URL))
    focus = response.context["focus"]
    assert (focus.name, focus.people, focus.with_target, focus.met) == ("Headquarters", 6, 5, 1)
    assert [(branch.name, branch.met, branch.with_target) for branch in response.context["branches"]] == [
        ("R&D", 0, 2),
        ("Sales", 1, 3),
    ]
    assert names(response) == {"Carol", "Erin", "Bob", "Dave"}


def test_a_manager_sees_the_own_subtree_only(booked, sign_in):
    client = sign_in("bob")
    response = client.get(reverse(URL))
    assert (response.context["focus"].name, response.context["focus"].people) == ("Sales", 3)
    assert names(response) == {"Carol", "Bob"}
    elsewhere = {"department": booked.departments["RD"].pk}
    assert client.get(reverse(URL), elsewhere).status_code == 404
    assert client.get(reverse("training:completion_branch", args=[booked.departments["RD"].pk])).status_code == 404
    assert client.get(reverse("training:completion_branch", args=[booked.departments["SALES"].pk])).status_code == 200


def test_another_office_does_not_widen_what_a_manager_sees(booked, sign_in):
    """Payroll sees everyone's pay, an auditor everyone's completion; neither reminds beyond the own department."""
    booked.users["bob"].groups.add(Group.objects.get(name="payroll"))
    assert names(sign_in("bob").get(reverse(URL))) == {"Carol", "Bob"}
    booked.users["bob"].groups.add(Group.objects.get(name="auditor"))
    client = sign_in("bob")
    assert names(client.get(reverse(URL))) == {"Carol", "Bob", "Erin", "Dave"}
    client.post(reverse("training:remind"), {"year": booked.year.name})
    assert set(Reminder.objects.values_list("employee__name", flat=True)) == {"Carol", "Bob"}


def test_filters_search_and_export(booked, sign_in):
    client = sign_in("helen")
    assert names(client.get(reverse(URL), {"status": "met"})) == {"Alice"}
    assert names(client.get(reverse(URL), {"status": "none"})) == {"Frank"}
    assert len(names(client.get(reverse(URL), {"status": "all"}))) == 6
    assert names(client.get(reverse(URL), {"q": "car"})) == {"Carol"}
    lab = {"department": booked.departments["RD"].pk, "status": "behind", "sort": "-name"}
    assert names(client.get(reverse(URL), lab)) == {"Erin", "Dave"}
    text = b"".join(client.get(reverse(URL), {"export": "csv"}).streaming_content).decode()
    assert "Carol (E003),Sales,5.00,10.00,50 %" in text
    assert "Courses 40; Exams 20; Sharing 10; Workshops 30" in text


def test_leavers_are_left_out(booked, sign_in):
    carol = booked.people["carol"]
    Employee.objects.filter(pk=carol.pk).update(exit_date=today().replace(day=1) - today().resolution)
    for who in ("helen", "bob"):
        assert "Carol" not in names(sign_in(who).get(reverse(URL)))


def test_remind_one_and_then_all(booked, sign_in):
    client = sign_in("bob")
    form = {"employee": booked.people["carol"].pk, "year": booked.year.name}
    response = client.post(reverse("training:remind"), form, follow=True)
    assert "1 person was reminded." in response.content.decode()
    note = Notification.objects.get()
    assert note.user == booked.users["carol"]
    assert "5 of the 10" in note.text
    assert MailMessage.objects.get().to == "carol@example.com"
    # all of Sales that are behind: Bob himself, Carol was told already
    response = client.post(reverse("training:remind"), {"year": booked.year.name}, follow=True)
    text = response.content.decode()
    assert "1 person was reminded. 1 had been reminded today already." in text
    assert set(Reminder.objects.values_list("employee__name", flat=True)) == {"Carol", "Bob"}
    client.post(reverse("training:remind"), {"year": booked.year.name})
    assert Notification.objects.count() == Reminder.objects.count() == 2


@pytest.mark.parametrize(("who", "status"), [("erin", 404), ("alice", 404), ("nobody", 404)])
def test_only_those_behind_and_visible_can_be_reminded_one_by_one(booked, sign_in, who, status):
    pk = booked.people[who].pk if who in booked.people else "x"
    response = sign_in("bob").post(reverse("training:remind"), {"employee": pk, "year": booked.year.name})
    if who == "alice":
        # visible, but there is nothing to remind of
        assert response.status_code == 302
    else:
        assert response.status_code == status
    assert not Reminder.objects.exists()


def test_back_leads_nowhere_else(booked, sign_in):
    response = sign_in("bob").post(reverse("training:remind"), {"back": "https://evil.example/", "year": ""})
    assert response.url == reverse(URL)


def test_people_without_account_get_an_e_mail_or_are_counted(booked, sign_in):
    for name in ("carol", "erin"):
        booked.people[name].user = None
        booked.people[name].save()
    Employee.objects.filter(name="Erin").update(email="")
    response = sign_in("helen").post(reverse("training:remind"), {"year": booked.year.name}, follow=True)
    assert "3 people were reminded. 1 has neither an account nor an e-mail address." in response.content.decode()
    assert MailMessage.objects.count() == 3
    assert Notification.objects.count() == 2


def test_number_of_queries_does_not_grow(booked, sign_in, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(100) as captured:
            client.get(reverse(URL), {"status": "all"})
        return len(captured)

    client = sign_in("helen")
    count()
    few = count()
    for number in range(60):
        employee = Employee.objects.create(employee_no=f"N{number}", name=f"New {number}", hire_date=today())
        Assignment.objects.create(
            employee=employee, department=booked.departments["RD-LAB"], position=booked.positions["ENGINEER"],
            level=booked.levels["L1"], start_date=today(),
        )  # fmt: skip
    book_all(booked)
    assert count() == few
