"""The catalogue of courses."""

from __future__ import annotations

from django.urls import reverse

from training.models import Course
from training.services.records import enter_record

LIST, ADD = reverse("training:courses"), reverse("training:add_course")


def data(world, **changes):
    base = {"code": "NEG", "name": "Negotiating", "activity": world.activities["workshop"].pk, "minutes": "240"}
    return base | {"is_active": "on"} | changes


def test_add_edit_and_take_off(world, sign_in):
    client = sign_in("helen")
    response = client.post(ADD, data(world))
    course = Course.objects.get()
    assert response["Location"] == reverse("training:course", kwargs={"pk": course.pk})
    assert (course.name, course.minutes, course.is_active) == ("Negotiating", 240, True)
    edit = reverse("training:edit_course", kwargs={"pk": course.pk})
    assert client.get(edit).context["form"].initial["name"] == "Negotiating"
    client.post(edit, data(world, name="Negotiating well", minutes="", is_active=""))
    course.refresh_from_db()
    assert (course.name, course.minutes, course.is_active) == ("Negotiating well", None, False)


def test_bad_courses_change_nothing(world, sign_in):
    client = sign_in("helen")
    client.post(ADD, data(world))
    for changes, field in [
        ({"code": "neg"}, "code"), ({"code": ""}, "code"), ({"code": "x" * 41}, "code"), ({"name": ""}, "name"),
        ({"activity": "999999"}, "activity"), ({"minutes": "0"}, "minutes"), ({"minutes": "99999999999"}, "minutes"),
    ]:  # fmt: skip
        response = client.post(ADD, data(world, **{"code": "NEW"} | changes))
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field]), changes
    assert Course.objects.count() == 1


def test_list_counts_people_once(world, sign_in):
    course = Course.objects.create(code="NEG", name="Negotiating", activity=world.activities["workshop"], skill="Sales")
    Course.objects.create(code="OLD", name="Old one", activity=world.activities["online"], is_active=False)
    day = world.year.start_date
    for name, when in [
        ("alice", day), ("alice", day), ("dave", day), ("bob", day.replace(year=day.year - 1)),
    ]:  # fmt: skip
        enter_record(employee=world.people[name], activity=course.activity, course=course, happened_on=when, actor=None)
    client = sign_in("helen")

    def names(**query):
        return [row.record.name for row in client.get(LIST, query).context["list"].table.rows]

    assert names() == ["Negotiating", "Old one"]
    assert names(q="sales") == ["Negotiating"]
    assert names(offer="False") == ["Old one"]
    assert names(activity=world.activities["online"].pk) == ["Old one"]
    assert names(sort="-participants")[0] == "Negotiating"
    page = reverse("training:course", kwargs={"pk": course.pk})
    assert client.get(page).context["course"].participants == 2
    # a manager sees the number, and the own people by name
    manager = sign_in("bob").get(page)
    assert manager.context["course"].participants == 2
    assert {row.record.employee.name for row in manager.context["list"].table.rows} == {"Alice", "Bob"}
    assert len(sign_in("rita").get(page).context["list"].table.rows) == 0
    assert "Negotiating" in b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode()


def test_employees_read_the_catalogue_but_nobody_elses_records(world, sign_in):
    course = Course.objects.create(code="NEG", name="Negotiating", activity=world.activities["workshop"])
    for name in ("alice", "dave"):
        enter_record(
            employee=world.people[name], activity=course.activity, course=course, happened_on=world.year.start_date,
            actor=None,
        )  # fmt: skip
    page, edit = (reverse(f"training:{name}", kwargs={"pk": course.pk}) for name in ("course", "edit_course"))
    alice, helen = sign_in("alice"), sign_in("helen")
    assert "Negotiating" in alice.get(LIST).content.decode()
    shown, whole = alice.get(page).content.decode(), helen.get(page).content.decode()
    assert "Negotiating" in shown
    # what HR sees on the same page
    for hidden in (edit, "Who took it", "Dave"):
        assert hidden in whole
        assert hidden not in shown
    exported = b"".join(alice.get(page, {"export": "csv"}).streaming_content).decode()
    assert "Alice" in exported
    assert "Dave" not in exported
    assert alice.get(ADD).status_code == alice.get(edit).status_code == 403


def test_a_code_of_any_letters_names_the_exported_file(world, sign_in):
    course = Course.objects.create(code='课"1', name="Negotiating", activity=world.activities["workshop"])
    page = reverse("training:course", kwargs={"pk": course.pk})
    header = sign_in("helen").get(page, {"export": "csv"})["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''course-%E8%AF%BE%221.csv"
