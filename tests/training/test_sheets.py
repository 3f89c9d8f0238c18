"""Sign-in sheets: check, enter, enter again, undo."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.urls import reverse

from people.models import Employee
from people.selectors import today
from people.services.attributes import declare_attribute
from training.models import Course, LearningRecord, LedgerEntry, PointsWork
from training.services.booking import book

URL = reverse("training:sheet")


def form(world, *lines: str, **changes) -> dict:
    return {
        "activity": world.activities["workshop"].pk,
        "happened_on": world.year.start_date.isoformat(),
        "attendees": "\n".join(lines),
        **changes,
    }


def check(client, data):
    """What each line of the check page says; proves that nothing was saved."""
    before = LearningRecord.objects.count()
    response = client.post(URL, {**data, "check": "1"})
    assert response.status_code == 200
    assert LearningRecord.objects.count() == before
    return {row["line"].text: row["problem"] or row["state"] for row in response.context.get("rows", [])}


def enter(client, data):
    return client.post(URL, {**data, "enter": "1"})


def test_check_then_enter_then_again(world, sign_in):
    client = sign_in("helen")
    data = form(world, "E001", "Bob", "E003\tCarol\tSales", "", "E001")
    assert check(client, data) == {"E001": "double", "Bob": "new", "E003\tCarol\tSales": "new"}
    response = enter(client, data)
    assert response.status_code == 302
    assert LearningRecord.objects.filter(source="sheet").count() == 3
    assert PointsWork.objects.count() == 3
    again = enter(client, data)
    assert again["Location"] == response["Location"]
    assert LearningRecord.objects.count() == 3
    assert check(client, form(world, "E001", "E004")) == {"E001": "known", "E004": "new"}
    page = client.get(response["Location"])
    assert page.context["active"] == 3
    book(employee_ids=[world.people["alice"].pk], year_id=world.year.pk, cause="test", actor_id=None)
    assert LedgerEntry.objects.get().amount == 5


def test_lines_that_cannot_be_taken(world, sign_in):
    Employee.objects.create(employee_no="E100", name="Bob", hire_date=world.people["bob"].hire_date)
    Employee.objects.create(employee_no="E101", name="New", hire_date=today())
    Employee.objects.create(
        employee_no="E102", name="Gone", hire_date=dt.date(2000, 1, 1), exit_date=dt.date(2001, 1, 1)
    )
    client = sign_in("helen")
    data = form(world, "E001", "Nobody", "Bob", "E101", "E102")
    found = check(client, data)
    assert found.pop("E001") == "new"
    assert "E002, E100" in found["Bob"]
    assert "hire date" in found["E101"]
    assert "last working day" in found["E102"]
    assert all(found.values())
    # pressing Enter regardless saves nothing either
    assert enter(client, data).status_code == 200
    assert not LearningRecord.objects.exists()


def test_bad_events(world, sign_in):
    client = sign_in("helen")
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    for changes, field in [
        ({"activity": ""}, "activity"),
        ({"activity": world.activities["exam"].pk}, "activity"),
        ({"happened_on": "2026-13-45"}, "happened_on"),
        ({"happened_on": ""}, "happened_on"),
        ({"minutes": "-1"}, "minutes"),
        ({"attendees": "   "}, "attendees"),
        ({"attendees": "E\x00"}, "attendees"),
    ]:
        response = enter(client, form(world, "E001") | changes)
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field]), changes
    assert "future" in check(client, form(world, "E001", happened_on=tomorrow))["E001"]
    assert "minutes" in check(client, form(world, "E001", activity=world.activities["online"].pk))["E001"]
    assert not LearningRecord.objects.exists()


def test_same_event_with_another_duration_is_a_problem(world, sign_in):
    client = sign_in("helen")
    enter(client, form(world, "E001", minutes="60"))
    assert "other content" in check(client, form(world, "E001", minutes="90"))["E001"]
    # another title is another event
    assert check(client, form(world, "E001", minutes="90", title="Afternoon")) == {"E001": "new"}


def test_the_course_brings_its_activity(world, sign_in):
    course = Course.objects.create(code="NEG", name="Negotiating", activity=world.activities["workshop"])
    enter(sign_in("helen"), form(world, "E001", course=course.pk, activity=""))
    record = LearningRecord.objects.get()
    assert (record.course, record.activity.code) == (course, "workshop")


def test_undo_voids_all_and_entering_again_restores(world, sign_in):
    client = sign_in("helen")
    data = form(world, "E001", "E003")
    page = enter(client, data)["Location"]
    undo = f"{page}undo/"
    client.post(undo, {"reason": " "})
    assert LearningRecord.objects.filter(status="active").count() == 2
    client.post(undo, {"reason": "Wrong day"})
    assert set(LearningRecord.objects.values_list("status", "status_reason")) == {("voided", "Wrong day")}
    assert client.get(page).context["active"] == 0
    # once more is no error
    assert client.post(undo, {"reason": "Wrong day"}).status_code == 302
    assert check(client, data) == {"E001": "again", "E003": "again"}
    enter(client, data)
    assert LearningRecord.objects.filter(status="active", revision=2).count() == 2


def test_managers_see_their_people_on_a_sheet_and_cannot_undo_it(world, sign_in):
    page = enter(sign_in("helen"), form(world, "E001", "E005"))["Location"]
    assert [str(row.record.employee) for row in sign_in("bob").get(page).context["list"].table.rows] == ["Alice (E001)"]
    assert sign_in("bob").post(f"{page}undo/", {"reason": "x"}).status_code == 403
    assert sign_in("helen").get(reverse("training:sheet_result", kwargs={"key": "nope"})).status_code == 404


def test_finding_people_to_add(world, sign_in):
    url, client = reverse("training:sheet_people"), sign_in("helen")

    def found(**query):
        return [person.name for person in client.get(url, query).context["people"]]

    assert found(find="ali") == ["Alice"]
    assert found(find="E00") == ["Alice", "Bob", "Carol", "Dave", "Erin", "Frank"]
    assert found(find="") == []
    assert found(find="\x00") == []
    assert found(department=world.departments["RD"].pk) == ["Dave", "Erin", "Frank"]
    assert found(department="999999") == []
    options = client.get(reverse("training:people_options"), {"employee": "fra"}).text
    assert 'value="E006"' in options


def declare() -> None:
    declare_attribute(owner="record", code="room", name="Room", type="text", actor=None)
    declare_attribute(owner="record", code="grade", name="Grade", type="choice", choices=["A", "B"], actor=None)
    declare_attribute(owner="record", code="fee", name="Fee", type="number", actor=None)
    declare_attribute(owner="employee", code="badge", name="Badge", type="text", actor=None)


def test_attributes_are_stated_for_all_and_differ_for_one(world, sign_in):
    declare()
    client = sign_in("helen")
    page = client.get(URL).content.decode()
    assert all(name in page for name in ("Room", "Grade", "Fee", "E001; Fee="))
    assert "Badge" not in page
    said = {"attribute_room": "Hall", "attribute_grade": "A"}
    lines = (
        "E001",
        "Bob; grade=b; Fee=12.50",
        "E003, Room=Upstairs, left, Fee=3",
        "E004\tDave\tRoom=",
        "E005；Grade＝B",
    )
    data = form(world, *lines, "E001", **said)
    found = check(client, data)
    assert (found.pop("E001"), set(found.values())) == ("double", {"new"})
    again = check(client, data)
    checked = client.post(URL, {**data, "check": "1"}).content.decode()
    assert "Room: Hall" in checked
    assert "Fee: 12.50" in checked
    result = enter(client, data)
    assert result.status_code == 302
    kept = dict(LearningRecord.objects.values_list("employee__employee_no", "attributes"))
    assert kept == {
        "E001": {"room": "Hall", "grade": "A"},
        "E002": {"room": "Hall", "grade": "B", "fee": "12.5"},
        "E003": {"room": "Upstairs, left", "grade": "A", "fee": "3"},
        "E004": {"grade": "A"},
        "E005": {"room": "Hall", "grade": "B"},
    }
    assert again | found == again
    # the same sheet again changes nothing; saying something else is a problem
    assert set(check(client, data).values()) == {"known", "double"}
    assert "other content" in check(client, form(world, "E001", **said | {"attribute_grade": "B"}))["E001"]
    export = b"".join(client.get(result["Location"], {"export": "csv"}).streaming_content).decode("utf-8-sig")
    columns = {line["Number"]: line for line in csv.DictReader(io.StringIO(export))}
    assert (columns["E002"]["Grade"], columns["E002"]["Fee"], columns["E001"]["Fee"]) == ("B", "12.5", "")


def test_attributes_that_cannot_be_taken(world, sign_in):
    declare()
    client = sign_in("helen")
    data = form(
        world, "E001", "E002; Colour=red", "E003; Grade=C", "E004; Fee=1; fee=2", "E005; Badge=7", "E001; Fee=1"
    )
    found = check(client, data)
    assert "“Colour”" in found["E002; Colour=red"]
    assert "Fee, Grade, Room" in found["E002; Colour=red"]
    assert "Grade" in found["E003; Grade=C"]
    assert "twice" in found["E004; Fee=1; fee=2"]
    assert "“Badge”" in found["E005; Badge=7"]
    assert "Line 1" in found["E001; Fee=1"]
    assert enter(client, data).status_code == 200
    wrong = enter(client, form(world, "E001", attribute_fee="much", attribute_grade="A"))
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["attribute_fee"])
    wrong = enter(client, form(world, "E001", attribute_grade="C"))
    assert list(wrong.context["form"].errors) == ["attribute_grade"]
    assert not LearningRecord.objects.exists()
    # without the mistake, the same line is taken
    assert enter(client, form(world, "E003; Grade=B")).status_code == 302
    assert LearningRecord.objects.get().attributes == {"grade": "B"}


def test_two_thousand_attendees_in_one_go(world, sign_in):
    hired = world.people["alice"].hire_date
    Employee.objects.bulk_create(Employee(employee_no=f"X{n:05}", name=f"P {n}", hire_date=hired) for n in range(2000))
    data = form(world, *(f"X{n:05}" for n in range(2000)))
    assert set(check(sign_in("helen"), data).values()) == {"new"}
    assert enter(sign_in("helen"), data).status_code == 302
    assert LearningRecord.objects.count() == 2000


def minutes_of(client) -> dict[str, int | None]:
    """What counts, by employee number."""
    active = LearningRecord.objects.filter(status="active")
    return dict(active.values_list("employee__employee_no", "minutes"))


def test_an_undone_sheet_comes_again_with_what_is_right(world, sign_in):
    client = sign_in("helen")
    page = enter(client, form(world, "E001", "E003", minutes="60"))["Location"]
    client.post(f"{page}undo/", {"reason": "90 minutes"})
    assert check(client, form(world, "E001", "E004", minutes="90")) == {"E001": "again", "E004": "new"}
    assert enter(client, form(world, "E001", "E004", minutes="90"))["Location"] == page
    assert minutes_of(client) == {"E001": 90, "E004": 90}
    restored = LearningRecord.objects.get(status="active", employee__employee_no="E001")
    assert (restored.revision, restored.supersedes.minutes, restored.created_by) == (2, 60, world.users["helen"])
    assert PointsWork.objects.filter(employee=world.people["alice"]).exists()


def test_what_was_corrected_and_voided_comes_back_as_the_sheet_says(world, sign_in):
    client, data = sign_in("helen"), form(world, "E001", minutes="60")
    page = enter(client, data)["Location"]
    first = LearningRecord.objects.get()
    content = {"activity": first.activity_id, "happened_on": first.happened_on, "employee": "E001", "minutes": "90"}
    corrected = client.post(reverse("training:correct_record", args=[first.pk]), {**content, "reason": "Longer"})
    assert corrected.status_code == 302
    # who corrected it knew better than the sheet, and the sheet says so
    assert check(client, data) == {"E001": "corrected"}
    assert "corrected since" in client.post(URL, {**data, "check": "1"}).content.decode()
    enter(client, data)
    assert minutes_of(client) == {"E001": 90}
    client.post(f"{page}undo/", {"reason": "Was right after all"})
    assert check(client, data) == {"E001": "again"}
    enter(client, data)
    assert minutes_of(client) == {"E001": 60}


def test_a_voided_attendee_is_checked_as_a_new_one(world, sign_in):
    client, data = sign_in("helen"), form(world, "E001", "E003", minutes="60")
    page = enter(client, data)["Location"]
    client.post(f"{page}undo/", {"reason": "Wrong day"})
    hired = Employee.objects.filter(employee_no="E001")
    hired.update(hire_date=today())
    problems = check(client, data)
    assert "hire date" in problems["E001"]
    assert enter(client, data).status_code == 200
    assert minutes_of(client) == {}
    world.year.status = "closed"
    world.year.save()
    assert "is closed" in check(client, data)["E003"]


def test_other_content_says_what_stands_there_and_what_to_do(world, sign_in):
    client = sign_in("helen")
    enter(client, form(world, "E001", minutes="60"))
    said = check(client, form(world, "E001", minutes="90"))["E001"]
    assert "60" in said
    assert "source id" not in said.lower()
    assert "undo that sheet" in said
    assert enter(client, form(world, "E001", minutes="90")).status_code == 200
    assert minutes_of(client) == {"E001": 60}
