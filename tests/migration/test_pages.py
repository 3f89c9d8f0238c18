"""The way of a file through the pages: upload, look, map, words, clean, check, import."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import ImportBatch, MappingTemplate, Term, Upload, UploadPart, UploadTable
from migration.services.choices import choices_of
from migration.services.jobs import run_jobs
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file, digest, xlsx_file
from training.models import LearningRecord

pytestmark = pytest.mark.django_db
BAD = ["N3", "C", "soon", "SALES", "REP", "L1"]


def send(client, name, data, kind="", mapping=b"", follow=True):
    """Upload and go to the first page that asks for something."""
    files = {"file": SimpleUploadedFile(name, data)}
    if mapping:
        files["mapping"] = SimpleUploadedFile("map.yaml", mapping)
    return client.post(reverse("migration:upload"), {"kind": kind, **files}, follow=follow)


def step(page):
    """The name of the page that was come to."""
    return page.resolver_match.url_name


def upload_of(page):
    return page.context["upload"]


def url(name, page, **more):
    return reverse(f"migration:{name}", kwargs={"pk": upload_of(page).pk, **more})


def check(client, page):
    """The dry run, which the page of this step asks for by itself."""
    assert client.get(url("check", page)).status_code == 200
    return client.post(url("dry_run", page), {"dry_run": "1"})


def only(page):
    (table,) = page.context["tables"]
    return table


def start(client, page, **more):
    """Import, as the worker does."""
    answer = client.post(url("start", page), {"import": "1", **more}, follow=True)
    run_jobs()
    return answer


def test_a_clean_file_is_checked_then_imported(sign_in):
    oscar = sign_in("oscar")
    before = digest()
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES], "gb18030"))
    # nothing to decide: the first page is the last one
    assert step(page) == "check"
    page = check(oscar, page)
    assert page.context["can_import"]
    assert only(page)["report"].created == 2
    assert digest() == before
    assert "Begun imports" in oscar.get(reverse("migration:imports")).content.decode()
    start(oscar, page)
    assert Employee.objects.filter(employee_no="N2", name="李娜").exists()
    assert ImportBatch.objects.get().created == 2
    assert "Begun imports" not in oscar.get(reverse("migration:imports")).content.decode()


def test_a_field_that_is_left_out_stays_out(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([[*EMPLOYEE_HEADINGS, "邮箱"], [*EMPLOYEES[0], "n1@example.com"]]))
    page = oscar.get(url("map", page))
    chosen = {field.html_name: field.value() or "" for _column, field in page.context["tables"][0]["form"].rows()}
    mail = next(name for name, value in chosen.items() if value == "email")
    page = oscar.post(url("map", page), {**chosen, mail: ""}, follow=True)
    start(oscar, page)
    assert Employee.objects.get(employee_no="N1").email == ""


def test_a_check_shows_the_columns_of_the_file(world, sign_in):
    day = f"{world.year.start_date.year - 1}-03-01"
    head = ["Date", "Employee no", "Activity", "Hours", "Source ID"]
    oscar = sign_in("oscar")
    data = csv_file([head, [day, "E001", "online", "1.5", "R1"]])
    table = only(check(oscar, send(oscar, "records.csv", data, "records")))
    assert table["headings"] == head
    assert [str(new) for _old, new in table["changes"][0][2]] == [day, "E001", "Online course", "1.50", "R1"]


def test_a_check_says_yes_and_no(world, sign_in):
    oscar = sign_in("oscar")
    day = world.year.start_date.isoformat()
    rows = [["E001", "online", day, "1", "", "Y1", "yes"], ["E003", "online", day, "1", "", "Y2", "no"]]
    page = check(oscar, send(oscar, "records.csv", csv_file([[*RECORD_HEADINGS, "Passed"], *rows])))
    assert only(page)["report"].created == 2
    assert ("yes</td>" in page.text, "no</td>" in page.text, "True" in page.text) == (True, True, False)


def test_changes_are_shown_field_by_field_with_control_totals(world, sign_in):
    oscar = sign_in("oscar")
    data = csv_file([["Employee no", "Name", "E-mail"], ["E001", "Alice", "alice.new@example.com"]])
    table = only(check(oscar, send(oscar, "staff.csv", data)))
    assert (table["report"].created, table["report"].changed) == (0, 1)
    row, status, cells = table["changes"][0]
    assert (row, status) == ("2", "changed")
    assert cells[table["headings"].index("E-mail")][1] == "alice.new@example.com"
    assert [line["label"] for line in table["lines"]] == ["People"]
    assert all(line["adds_up"] for line in table["lines"])


def test_refused_rows_stay_out_and_can_be_mended(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, BAD]))
    # a cell that is no date is a doubt
    assert step(page) == "clean"
    page = check(oscar, page)
    assert page.context["refused"] == 1
    answer = oscar.post(url("check_refused", page, table=only(page)["table"].pk), {"refused": "1"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [cell.value for cell in book.active[2]][:7] == [*BAD, 4]
    start(oscar, page, skip_bad="on")
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.refused) == (2, 1)
    assert "soon" in oscar.get(reverse("migration:detail", kwargs={"pk": batch.pk})).content.decode()
    answer = oscar.get(reverse("migration:problems", kwargs={"pk": batch.pk}))
    assert "4,入职日期,soon" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_without_the_choice_a_bad_row_keeps_everything_out(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, BAD]))
    start(oscar, page)
    assert not Employee.objects.filter(employee_no="N1").exists()
    assert not ImportBatch.objects.exists()


def test_kinds_follow_the_role(sign_in):
    pay = csv_file([["工号", "月薪", "生效日期"], ["E001", "1", "2026-01-01"]])
    oscar = sign_in("oscar")
    page = send(oscar, "pay.csv", pay, "salaries")
    assert page.context["form"].errors["kind"]
    # nor is it guessed
    page = send(oscar, "pay.csv", pay)
    assert step(page) == "look"
    table = UploadTable.objects.get()
    assert table.kind == ""
    forged = {f"table-{table.pk}-kind": "salaries", f"table-{table.pk}-is_in": "on"}
    page = oscar.post(url("look", page), forged)
    assert page.context["tables"][0][2].errors["kind"]
    paul = sign_in("paul")
    page = send(paul, "pay.csv", pay)
    assert step(page) == "check"
    assert check(paul, page).context["can_import"]


def test_uploads_are_seen_by_whoever_sent_them_alone(sign_in):
    page = send(sign_in("oscar"), "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))
    for name in ("session", "look", "map", "words", "clean", "check"):
        assert sign_in("helen").get(url(name, page)).status_code == 404
    assert "staff.csv" in sign_in("oscar").get(reverse("migration:imports")).content.decode()
    assert "staff.csv" not in sign_in("helen").get(reverse("migration:imports")).content.decode()


def test_what_is_kept_is_sealed_and_goes_in_time(sign_in, settings):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, BAD]))
    held = [bytes(one) for one in UploadPart.objects.values_list("sealed", flat=True)]
    held += [bytes(cell) for row in UploadTable.objects.values_list("inventory", "choices") for cell in row]
    assert held
    for text in ("王伟", "soon", "入职日期"):
        assert not any(text.encode() in one or text.encode("gb18030") in one for one in held)
    upload = Upload.objects.get()
    assert dt.timedelta(days=6) < upload.expires_at - upload.created_at <= dt.timedelta(days=7, seconds=5)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key" * 5, [settings.SECRET_KEY]
    client = sign_in("oscar")
    assert client.get(url("check", page)).status_code == 200
    upload.expires_at = upload.created_at
    upload.save()
    assert client.get(url("check", page)).status_code == 404
    from migration.tasks import sweep_uploads

    sweep_uploads()
    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()


def test_an_upload_is_deleted_at_once_by_a_button(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))
    oscar.post(url("delete_upload", page), {"delete": "1"})
    assert not UploadPart.objects.exists()
    assert oscar.get(url("check", page)).status_code == 404


def test_an_unusable_file_and_mapping_are_named(sign_in):
    oscar = sign_in("oscar")
    assert "The file is empty." in send(oscar, "a.csv", b" ").content.decode()
    assert "Unknown key" in send(oscar, "a.xlsx", xlsx_file([EMPLOYEE_HEADINGS]), mapping=b"x: 1").content.decode()
    assert "does not fit the ending" in send(oscar, "a.xlsx", b"a,b").content.decode()
    assert not Upload.objects.exists()
    page = send(oscar, "a.csv", b"a,b\n1,2", "employees")
    assert step(page) == "map"
    assert page.context["tables"][0]["missing"] == ["Employee number"]


def test_fields_are_named_in_the_language_of_the_reader(world, sign_in):
    world.users["oscar"].language = "zh-hans"
    world.users["oscar"].save()
    page = send(sign_in("oscar"), "a.csv", b"a,b\n1,2", "employees")
    assert page.context["tables"][0]["missing"] == ["工号"]
    assert "Employee no" not in page.content.decode()
    assert "入职日期" in sign_in("oscar").get(reverse("admin:people_employee_import")).content.decode()


def test_a_mapping_can_be_sent_along(sign_in):
    oscar = sign_in("oscar")
    data = csv_file([["No", "First", "Last", "Since"], ["N1", "Ann", "Lee", "2024-03-01"]])
    mapping = b'columns: {employee_no: No, name: "{First} {Last}", hire_date: Since}'
    page = send(oscar, "a.csv", data, "employees", mapping=mapping)
    assert step(page) == "check"
    start(oscar, page)
    assert Employee.objects.get(employee_no="N1").name == "Ann Lee"


def test_units_words_and_skipped_rows_of_a_mapping_count_once(world, sign_in):
    oscar = sign_in("oscar")
    year = world.year.start_date.year
    rows = [
        ["E001", f"{year}-03-01", "Seminar", "0.25", "done"],
        ["E001", f"{year}-03-02", "Other", "0.5", "done"],
        ["E001", f"{year}-03-03", "Other", "1", "no show"],
    ]
    mapping = b"""
columns: {employee_no: Who, happened_on: When, activity: What, hours: Days}
values: {activity: {Seminar: workshop, "*": online}}
units: {hours: 8}
skip: [{column: State, not_in: [done]}]
"""
    data = csv_file([["Who", "When", "What", "Days", "State"], *rows])
    page = send(oscar, "old.csv", data, "records", mapping=mapping)
    report = only(check(oscar, page))["report"]
    assert report.problems == []
    assert (report.rows, report.created, report.passed_over, report.refused) == (3, 2, 1, 0)
    LearningRecord.objects.all().delete()
    start(oscar, page)
    found = LearningRecord.objects.order_by("happened_on").values_list("activity__code", "minutes")
    assert list(found) == [("workshop", 120), ("online", 240)]


# --- mapping ----------------------------------------------------------------------------------------------------------
ODD = ["Nr", "Wer", "Seit", "Ort"]


def _map(page, *fields, template="", **more):
    table = page.context["tables"][0]["table"]
    said = {f"map-{table.pk}-column-{place}": name for place, name in enumerate(fields)}
    return {**said, f"map-{table.pk}-template": template, **more}


def test_a_mapping_is_made_by_hand_saved_and_recognised_next_time(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "a.csv", csv_file([ODD, ["N1", "Ann Lee", "2024-03-01", "Hall 3"]]), "employees")
    assert step(page) == "map"
    twice = oscar.post(url("map", page), _map(page, "employee_no", "name", "name", ""))
    assert "is this field already" in twice.content.decode()
    page = oscar.post(
        url("map", page),
        _map(page, "employee_no", "name", "hire_date", "attribute", template="Old system"),
        follow=True,
    )
    assert step(page) == "check"
    start(oscar, page)
    employee = Employee.objects.get(employee_no="N1")
    assert (employee.name, employee.attributes) == ("Ann Lee", {"ort": "Hall 3"})
    assert MappingTemplate.objects.get().name == "Old system"
    # the same headings in another order; the kind is known, too
    page = send(oscar, "b.csv", csv_file([ODD[::-1], ["Hall 4", "2024-04-01", "Bob Ray", "N2"]]))
    assert step(page) == "check"
    start(oscar, page)
    assert Employee.objects.get(employee_no="N2").attributes == {"ort": "Hall 4"}
    assert "recognised: Old system" in oscar.get(url("map", page)).content.decode()
    oscar.post(reverse("migration:forget_template", kwargs={"pk": MappingTemplate.objects.get().pk}), {"forget": "1"})
    assert step(send(oscar, "c.csv", csv_file([ODD, ["N3", "Cy", "2024-04-01", ""]]), "employees")) == "map"


def test_a_column_that_may_be_a_field_is_asked_about_once(sign_in):
    oscar = sign_in("oscar")
    rows = [[*EMPLOYEE_HEADINGS, "星座", "最高学历情况"], [*EMPLOYEES[0], "白羊", "本科"]]
    page = send(oscar, "staff.csv", csv_file(rows))
    assert step(page) == "map"
    (table,) = page.context["tables"]
    assert [name for name, _label in table["likely"]] == ["最高学历情况"]
    chosen = {field.html_name: field.value() or "" for _column, field in table["form"].rows()}
    page = oscar.post(url("map", page), chosen, follow=True)
    assert step(page) == "check"
    assert step(oscar.get(reverse("migration:session", kwargs={"pk": upload_of(page).pk}), follow=True)) == "check"


def test_a_column_like_no_field_stops_nobody_and_is_named_before_anything_is_written(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([[*EMPLOYEE_HEADINGS, "星座"], [*EMPLOYEES[0], "白羊"]]))
    assert step(page) == "check"
    text = check(oscar, page).content.decode()
    assert "Columns not read: 星座." in text
    assert f'href="{url("map", page)}">Choose fields for columns that are not read' in text


def test_two_columns_make_a_name_and_a_value_stands_for_a_column(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "a.csv", csv_file([["Nr", "Vor", "Nach"], ["N1", "Ann", "Lee"]]), "employees")
    table = page.context["tables"][0]["table"]
    said = _map(page, "employee_no", "name:1", "name:2", **{f"map-{table.pk}-constant-hire_date": "2024-03-01"})
    page = oscar.post(url("map", page), said, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    employee = Employee.objects.get(employee_no="N1")
    assert (employee.name, employee.hire_date) == ("Ann Lee", dt.date(2024, 3, 1))


# --- words ------------------------------------------------------------------------------------------------------------
def test_a_word_is_decided_once(world, sign_in):
    oscar = sign_in("oscar")
    rows = [["N1", "A", "2024-03-01", "Sale", "REP", "L1"], ["N2", "B", "2024-03-01", "Sale", "Wizard", "L1"]]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    assert step(page) == "words"
    asked = {one.word: (name, one) for group in page.context["fields"] for name, one in group["words"]}
    assert set(asked) == {"Sale", "Wizard"}
    assert asked["Sale"][1].rows == 2
    assert asked["Sale"][1].suggested[0][1] == "Sales"
    # undecided words keep their rows out, and say why
    refused = only(check(oscar, page))["report"]
    assert {problem.value for problem in refused.problems} == {"Sale", "Wizard"}
    wrong = oscar.post(url("words", page), {asked["Sale"][0]: "Nonsense"}, follow=True)
    assert "The suite has no such word." in wrong.content.decode()
    said = {asked["Sale"][0]: asked["Sale"][1].suggested[0][0], asked["Wizard"][0]: "new"}
    page = oscar.post(url("words", page), said, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    placed = Employee.objects.get(employee_no="N2").assignments.get()
    assert (placed.department.name, placed.position.name) == ("Sales", "Wizard")
    assert (Term.objects.get().word, Term.objects.get().actor.username) == ("Sale", "oscar")
    # known now
    more = csv_file([EMPLOYEE_HEADINGS, ["N3", "C", "2024-03-01", "SALE", "REP", "L1"]])
    page = send(oscar, "more.csv", more)
    assert step(page) == "check"
    assert check(oscar, page).context["refused"] == 0
    # and asked about again
    oscar.post(reverse("migration:revoke_term", kwargs={"pk": Term.objects.get().pk}), {"revoke": "1"})
    assert step(send(oscar, "more.csv", more)) == "words"


def test_one_answer_serves_all_words_that_are_not_decided_by_themselves(world, sign_in):
    oscar = sign_in("oscar")
    rows = [
        [f"N{n}", f"{position} Smith", "2024-03-01", "SALES", position, "L1"]
        for n, position in enumerate(["Wizard", "Witch", "Sales rep of wizards"])
    ]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    asked = {one.word: (name, one) for group in page.context["fields"] for name, one in group["words"]}
    assert set(asked) == {"Wizard", "Witch", "Sales rep of wizards"}
    # who has something more in the title is something else: suggested at most, never chosen beforehand
    assert [one.likely for _name, one in asked.values()] == ["", "", ""]
    sales_rep = next(iter(page.context["fields"]))["all"].popitem()[0]
    page = oscar.post(url("words", page), {asked["Witch"][0]: sales_rep, "all-position": "new"}, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    placed = {f"N{n}": Employee.objects.get(employee_no=f"N{n}").assignments.get().position for n in range(len(rows))}
    assert (placed["N0"].name, placed["N2"].name) == ("Wizard", "Sales rep of wizards")
    assert sales_rep in (placed["N1"].name, placed["N1"].code)


# --- doubts -----------------------------------------------------------------------------------------------------------
def _dates(*days):
    return csv_file([["工号", "姓名", "入职日期"], *([f"N{n}", f"P{n}", day] for n, day in enumerate(days, 1))])


def test_one_answer_serves_all_alike(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", _dates("3/4/2024", "3/4/2024", "5/6/2024"))
    assert step(page) == "clean"
    group = page.context["groups"][0]
    assert (group.cells, [one.cells for one in group.questions]) == (3, [2, 1])
    assert (page.context["done"], page.context["total"]) == (0, 3)
    assert "rows 2, 3 ·" in page.text
    assert "row 4 ·" in page.text
    first = group.questions[0]
    place = first.candidates.index("2024-04-03")
    page = oscar.post(url("clean", page), {f"one-{first.key}": f"={place}"}, follow=True)
    assert (page.context["done"], page.context["total"]) == (2, 3)
    second = page.context["groups"][0].questions[0]
    page = oscar.post(url("clean", page), {f"own-{second.key}": "2024-06-05", "go_on": "1"}, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    days = Employee.objects.filter(employee_no__startswith="N").values_list("hire_date", flat=True)
    assert sorted(map(str, days)) == ["2024-04-03", "2024-04-03", "2024-06-05"]
    # an answer can be taken back
    page = oscar.get(url("clean", page))
    key = next(one.key for one in page.context["decided"] if one.value == "5/6/2024")
    page = oscar.post(url("clean", page), {f"back-{key}": "on"}, follow=True)
    assert (page.context["done"], page.context["total"]) == (2, 3)


def test_a_column_is_decided_at_once(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", _dates("3/4/2024", "5/6/2024"))
    key = page.context["groups"][0].key
    page = oscar.post(url("clean", page), {f"all-{key}": "order:dmy", "go_on": "1"}, follow=True)
    assert step(page) == "check"
    assert check(oscar, page).context["refused"] == 0
    start(oscar, page)
    assert Employee.objects.get(employee_no="N1").hire_date == dt.date(2024, 4, 3)


def test_one_answer_for_all_leaves_those_alone_that_have_their_own(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", _dates("3/4/2024", "5/6/2024", "7/8/2024"))
    group = page.context["groups"][0]
    own = next(one for one in group.questions if one.value == "5/6/2024")
    said = {f"own-{own.key}": "2024-06-05", f"all-{group.key}": "drop", "go_on": "1"}
    page = oscar.post(url("clean", page), said, follow=True)
    assert step(page) == "check"
    start(oscar, page)
    days = Employee.objects.filter(employee_no__startswith="N").values_list("employee_no", "hire_date")
    assert list(days) == [("N2", dt.date(2024, 6, 5))]
    page = oscar.get(url("clean", page))
    assert (page.context["done"], page.context["total"]) == (3, 3)


def test_rules_are_switched_and_show_what_they_did(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))
    page = oscar.get(url("clean", page))
    table = page.context["tables"][0]
    ran = {one.rule: one for one in table["rules"]}
    assert ran["spaces"].samples[0] == ("姓名", " 李娜 ", "李娜", 1)
    pk = table["ready"].table.pk
    on = {f"on-{pk}-{rule}": "on" for rule in ran if rule != "spaces"}
    page = oscar.post(url("clean", page), {f"rule-{pk}": "1", **on}, follow=True)
    assert choices_of(UploadTable.objects.get()).off == ["spaces"]
    assert not next(one for one in page.context["tables"][0]["rules"] if one.rule == "spaces").is_on


def test_repeated_rows_and_notes_are_left_out_and_counted(world, sign_in):
    oscar = sign_in("oscar")
    people = [[f"N{n}", f"Person {n}", f"2024-03-0{n}", "SALES", "REP", "L1"] for n in range(1, 10)]
    rows = [["Staff list"], [], EMPLOYEE_HEADINGS, *people, people[0], ["备注：2024年导出"]]
    report = only(check(oscar, send(oscar, "staff.xlsx", xlsx_file(rows))))["report"]
    assert (report.rows, report.created, report.merged, report.passed_over, report.refused) == (11, 9, 1, 1, 0)
    assert report.changes[0].row == 4


def test_tables_side_by_side_and_rows_left_out_are_said_in_words(sign_in):
    people = [[f"N{n}", f"Person {n}", None, f"M{n}", f"Human {n}"] for n in range(1, 6)]
    page = send(sign_in("oscar"), "two.xlsx", xlsx_file([["工号", "姓名", None, "工号", "姓名"], *people]))
    content = sign_in("oscar").get(url("look", page)).text
    assert "2 tables side by side with the same headings are read as one." in content
    page = send(
        sign_in("oscar"), "form.xlsx", xlsx_file([["No", "Name", "Phone"], *[[n, None, None] for n in range(5)]])
    )
    content = sign_in("oscar").get(url("look", page)).text
    assert "empty 5" in content
    assert "blank_rows" not in content


def test_lists_say_what_to_do_and_not_that_nothing_is_there_where_nothing_matches(sign_in):
    oscar = sign_in("oscar")
    for name in ("terms", "templates"):
        assert reverse("migration:upload") in oscar.get(reverse(f"migration:{name}")).text
    page = oscar.get(reverse("migration:imports"), {"q": "nothing of this name"}).text
    assert "Nothing matches." in page
    assert "Nothing was imported yet" not in page


def test_filters_offer_the_kinds_that_the_reader_can_find(sign_in):
    def kinds(name, page):
        return [
            key for key, _label in sign_in(name).get(reverse(page)).context["list"].filters.form["kind"].field.choices
        ]

    assert kinds("paul", "migration:imports") == ["", "salaries"]
    assert "candidates" not in kinds("oscar", "migration:imports")
    assert kinds("rita", "migration:templates") == ["", "candidates"]


def test_the_navigation_knows_the_way_in_for_imports(sign_in):
    links = [link for _label, links in sign_in("oscar").get(reverse("migration:upload")).context["navigation"]
             for link in links if link["active"]]  # fmt: skip
    assert [link["url"] for link in links] == [reverse("migration:imports")]


def test_a_column_without_a_field_says_in_words_what_it_is_about(sign_in):
    client = sign_in("oscar")
    page = send(client, "phones.csv", csv_file([["员工ID", "联系电话", "Colour"], ["E001", "13800000000", "red"]]))
    content = client.get(url("look", page)).content.decode()
    assert "Phone</span>" in content
    assert ">phone</span>" not in content.replace('lt">phone</span>', "")


def test_map_asks_for_what_rows_of_new_people_lack_and_check_says_it(world, sign_in):
    oscar = sign_in("oscar")
    rows = [
        ["工号", "姓名", "入职日期", "部门", "岗位"],
        *([f"N{n}", f"Ann {n}", "2024-03-01", "SALES", "REP"] for n in "123"),
    ]
    page = send(oscar, "staff.csv", csv_file(rows))
    assert step(page) == "map"
    assert page.context["tables"][0]["wanted"] == ["Level"]
    assert "Rows of people who are new also need: Level<" in " ".join(page.content.decode().split())
    chosen = {field.html_name: field.value() or "" for _column, field in page.context["tables"][0]["form"].rows()}
    form = page.context["tables"][0]["form"]
    level = next(field.html_name for field in form.constants() if field.label == "Level")
    # without an answer the dry run says it again
    table = only(check(oscar, oscar.post(url("map", page), chosen, follow=True)))
    assert (table["refused"], table["wanted"]) == (3, ["Level"])
    assert {one.column for one in table["problems"]} == {"Level"}
    answer = oscar.post(url("map", page), {**chosen, level: "L1"}, follow=True)
    table = only(check(oscar, answer))
    assert (table["refused"], table["wanted"], table["report"].created) == (0, [], 3)


def test_clean_says_how_many_answers_settle_all_and_keeps_nothing_that_no_import_takes(world, sign_in):
    oscar = sign_in("oscar")
    head = [*EMPLOYEE_HEADINGS, "离职日期"]
    rows = [[f"N{n}", f"Ann {chr(65 + n)}", "2024-03-05", "SALES", "REP", "L1", ""] for n in range(8)]
    rows += [["N8", "Bo", "2024-03-05", "SALES", "REP", "L1", "2024-01-04"]]
    rows += [["N9", "Cy", "2024-03-06", "SALES", "REP", "L1", "2023-12-24"]]
    page = send(oscar, "staff.csv", csv_file([head, *rows]))
    assert step(page) == "clean"
    groups = page.context["groups"]
    assert len(groups) == 2
    assert "2 answers can settle all that is open." in page.content.decode()
    assert not any(group.can_keep for group in groups)
    left = next(group for group in groups if group.column == "exit_date")
    # both days exchanged, or day and month of one, come after the hire
    assert {one.value: one.candidates for one in left.questions} == {
        "2024-01-04": ("2024-03-05", "2024-04-01"), "2023-12-24": ("2024-03-06",),
    }  # fmt: skip
    page = oscar.post(url("clean", page), {f"all-{left.key}": "keep"}, follow=True)
    assert len(page.context["groups"]) == 2
    hired = next(group for group in groups if group.column == "hire_date")
    oscar.post(url("clean", page), {f"all-{left.key}": "empty", f"all-{hired.key}": "drop"})
    assert check(oscar, page).context["refused"] == 0


def test_reasons_that_differ_in_a_day_alone_are_one(world, sign_in):
    oscar = sign_in("oscar")
    head = ["Employee no", "Activity", "Date", "Hours", "Source ID"]
    days = ["2001-01-01", "2001-02-03", "2001-03-04"]
    rows = [["E001", "online", day, "1.5", f"R{n}"] for n, day in enumerate(days)]
    rows += [["NOBODY", "online", "2001-01-01", "1.5", "R9"]]
    table = only(check(oscar, send(oscar, "records.csv", csv_file([head, *rows]), "records")))
    assert [(column, count) for column, _message, count, _width in table["reasons"]] == [
        ("Date", 3),
        ("Employee no", 1),
    ]
