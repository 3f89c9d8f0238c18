"""What a department achieves: kept, shared among its people as the policy says, taken back when it is voided."""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
import re
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse

from hrsuite.lib.errors import BadInput, BadRows
from hrsuite.pipeline import run_pipeline
from people.selectors import today
from people.services.attributes import declare_attribute
from people.services.bulk import AssignmentRow, save_assignments
from people.services.employees import Place, change_employee, create_employee, record_departure, transfer_employee
from people.services.organisation import move_department
from training.models import Activity, LedgerEntry, PointsYear, Standing, TeamRecord
from training.services.closing import close_year
from training.services.policy_file import export_policy, import_policy, parse
from training.services.records import TeamRow, save_team_records, void_team_record
from training.services.work import queue_points_for_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def prize(world: Any) -> Any:
    """A prize of 12 points for a team, shared equally; Sales has three people."""
    document = yaml.safe_load(export_policy(world.policy))
    document["activities"].append({"code": "team-prize", "category": "sharing"})
    document["rules"].append(
        {
            "code": "team-prize",
            "activity": "team-prize",
            "team": {"share": "equal"},
            "versions": [{"from": world.year.start_date, "basis": "per_time", "points": 12}],
        }
    )
    document["teams"] = {"from_members": "sum"}
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    return world


def row(world: Any, **said: Any) -> TeamRow:
    values = {"department": "SALES", "activity": "team-prize", "source": "test", "source_id": "1", "title": "Fair"}
    return TeamRow(**{"row": 2, "happened_on": world.year.start_date} | values | said)


def totals(world: Any) -> dict[str, float]:
    rows = Standing.objects.filter(year=world.year, total__gt=0).select_related("employee")
    return {one.employee.name: float(one.total) for one in rows}


def test_a_share_for_each_member_and_all_of_it_taken_back(prize):
    assert save_team_records(rows=[row(prize)], actor=prize.users["helen"], cause="test").created == 1
    run_pipeline()

    assert totals(prize) == {"Alice": 4, "Bob": 4, "Carol": 4}
    lines = LedgerEntry.objects.all()
    record = TeamRecord.objects.get()
    assert {(line.kind, line.record_id, line.reason) for line in lines} == {("team", None, f"Fair #{record.pk}")}

    void_team_record(record=record, reason="belongs to another team", actor=prize.users["helen"])
    run_pipeline()
    assert totals(prize) == {}


def test_two_of_the_same_title_count_twice_and_the_same_one_once(prize):
    first, second = row(prize), row(prize, source_id="2")
    outcome = save_team_records(rows=[first, second, first], actor=None, cause="test")
    run_pipeline()

    assert (outcome.created, outcome.unchanged) == (2, 1)
    assert totals(prize)["Bob"] == 8


def test_what_is_wrong_is_said_and_nothing_saved(prize):
    rows = [
        row(prize, department="NOWHERE"),
        row(prize, row=3, activity="dance"),
        row(prize, row=4, happened_on=dt.date(2999, 1, 1)),
    ]

    with pytest.raises(BadRows) as caught:
        save_team_records(rows=rows, actor=None, cause="test")

    assert [problem.column for problem in caught.value.problems] == ["department", "activity", "happened_on"]
    assert not TeamRecord.objects.exists()


def test_a_team_record_is_checked_like_any_other(prize):
    declare_attribute(owner="record", code="prizes", type="number", actor=None)
    rows = [
        row(prize, title="x" * 201),
        row(prize, row=3, count=0),
        row(prize, row=4, source_id=""),
        row(prize, row=5, attributes={"prizes": "many"}),
        row(prize, row=6, course="nowhere"),
    ]

    with pytest.raises(BadRows) as caught:
        save_team_records(rows=rows, actor=None, cause="test")

    assert [problem.column for problem in caught.value.problems] == ["title", "count", "source_id", "prizes", "course"]
    save_team_records(rows=[row(prize, attributes={"prizes": " 2.50"})], actor=None, cause="test")
    assert TeamRecord.objects.get().attributes == {"prizes": "2.5"}
    with pytest.raises(BadInput, match="has values already"):
        declare_attribute(owner="record", code="prizes", type="text", actor=None)


def test_the_end_of_a_year_is_the_end_for_teams_too(prize):
    save_team_records(rows=[row(prize)], actor=None, cause="test")
    run_pipeline()
    PointsYear.objects.update(status="closing", closing_until=today() - dt.timedelta(days=1))
    with pytest.raises(BadRows, match="were taken until"):
        save_team_records(rows=[row(prize, source_id="late")], actor=None, cause="test")

    close_year(year=prize.year, reason="over", actor=None)
    with pytest.raises(BadRows, match="is closed"):
        save_team_records(rows=[row(prize, source_id="late")], actor=None, cause="test")
    with pytest.raises(BadInput, match="is closed"):
        void_team_record(record=TeamRecord.objects.get(), reason="wrong", actor=None)
    assert TeamRecord.objects.get().status == "active"


def test_a_file_names_departments_and_the_command_answers_for_teams(prize, tmp_path):
    path = tmp_path / "records.csv"
    day = prize.year.start_date.isoformat()
    path.write_text(
        "employee_no,team,activity,happened_on,title\n"
        f",SALES,team-prize,{day},Fair\n{prize.people['erin'].employee_no},,lecture,{day},Talk\n"
    )
    for _twice in range(2):
        call_command("import_file", str(path), "--as", "records", stdout=StringIO())
    run_pipeline()

    assert totals(prize) == {"Alice": 4, "Bob": 4, "Carol": 4, "Erin": 15}
    out = StringIO()
    call_command("points", "--policy", "case", "--period", prize.year.name, "--teams", "--json", stdout=out)
    teams = {team["department"]: team for team in json.loads(out.getvalue())["teams"]}
    assert (teams["SALES"]["own"], teams["SALES"]["members"], teams["SALES"]["total"]) == (12, 12, 24)
    assert (teams["HQ"]["own"], teams["HQ"]["members"]) == (0, 27)


def test_others_get_more_or_less_when_somebody_comes_or_goes(prize):
    helen, people, places = prize.users["helen"], prize.people, prize.departments
    day = prize.year.start_date + dt.timedelta(days=10)
    save_team_records(rows=[row(prize, happened_on=day)], actor=None, cause="test")
    run_pipeline()
    assert totals(prize) == {"Alice": 4, "Bob": 4, "Carol": 4}
    lab = Place(places["RD-LAB"], prize.positions["ENGINEER"], prize.levels["L1"])
    sales = Place(places["SALES"], prize.positions["REP"], prize.levels["L1"])

    # a transfer that is entered afterwards
    transfer_employee(employee=people["carol"], place=lab, start_date=day - dt.timedelta(days=1), actor=helen)
    run_pipeline()
    assert totals(prize) == {"Alice": 6, "Bob": 6}

    record_departure(employee=people["alice"], last_day=day - dt.timedelta(days=2), reason="other", actor=helen)
    run_pipeline()
    assert totals(prize) == {"Bob": 12}

    new = create_employee(employee_no="E900", name="Zoe", hire_date=day, place=sales, actor=helen)
    run_pipeline()
    assert totals(prize) == {"Bob": 6, "Zoe": 6}

    change_employee(employee=new, actor=helen, hire_date=day + dt.timedelta(days=1))
    run_pipeline()
    assert totals(prize) == {"Bob": 12}


def test_others_share_anew_after_an_import_or_when_a_department_moves(prize):
    people, places = prize.people, prize.departments
    day = prize.year.start_date + dt.timedelta(days=10)
    save_team_records(rows=[row(prize, happened_on=day, department="RD")], actor=None, cause="test")
    run_pipeline()
    assert totals(prize) == {"Dave": 4, "Erin": 4, "Frank": 4}

    rows = [AssignmentRow(2, people["carol"].employee_no, "RD-LAB", "ENGINEER", "L1", start_date=day)]
    save_assignments(rows=rows, actor=prize.users["helen"])
    run_pipeline()
    assert totals(prize) == {"Carol": 3, "Dave": 3, "Erin": 3, "Frank": 3}

    move_department(department=places["RD-LAB"], parent=places["SALES"], actor=prize.users["helen"])
    run_pipeline()
    assert totals(prize) == {"Dave": 12}


def test_attributes_of_records_are_asked_in_the_form_of_a_team(prize, sign_in):
    declare_attribute(owner="record", code="place", name="Place won", type="number", actor=None)
    client, url = sign_in("helen"), reverse("training:add_team_record")
    assert "Place won" in client.get(url).content.decode()
    form = {
        "department": prize.departments["SALES"].pk,
        "activity": Activity.objects.get(code="team-prize").pk,
        "happened_on": prize.year.start_date,
        "title": "Fair",
        "source_id": "form-1",
        "attribute_place": "first",
    }
    assert client.post(url, form).context["form"].errors
    assert not TeamRecord.objects.exists()
    assert client.post(url, form | {"attribute_place": "2"}).status_code == 302
    client.post(url, form | {"source_id": "form-2", "attribute_place": ""})
    stated = dict(TeamRecord.objects.values_list("source_id", "attributes"))
    assert stated == {"form-1": {"place": "2"}, "form-2": {}}


def test_the_form_of_a_team_asks_what_the_activity_needs(prize, sign_in):
    """The browser hides the rest; without it every field is there."""
    client, url = sign_in("helen"), reverse("training:add_team_record")
    page = client.get(url).content.decode()
    assert "js/records.js" in page
    assert all(f'name="{name}"' in page for name in ("minutes", "count", "score", "result"))
    prize_one, exam = Activity.objects.get(code="team-prize"), prize.activities["exam"]
    measures = json.loads(html.unescape(re.search(r'data-measures="([^"]*)"', page)[1]))
    assert (measures[str(prize_one.pk)], measures[str(exam.pk)]) == ("times", "exam")
    Activity.objects.filter(pk=exam.pk).update(pass_mark=None)
    form = {
        "department": prize.departments["SALES"].pk, "activity": exam.pk, "happened_on": prize.year.start_date,
        "title": "Quality award", "source_id": "form-1", "score": "70",
    }  # fmt: skip
    assert "State whether it was passed" in client.post(url, form).content.decode()
    assert client.post(url, form | {"result": "yes"}).status_code == 302
    assert TeamRecord.objects.values_list("score", "passed").get() == (70, True)


def test_exports_of_team_records_have_a_column_for_every_attribute(prize, sign_in):
    declare_attribute(owner="record", code="place", name="Place won", type="number", actor=None)
    declare_attribute(owner="record", code="abroad", name="Abroad", type="boolean", actor=None)
    declare_attribute(owner="employee", code="badge", name="Badge", type="text", actor=None)
    rows = [row(prize, attributes={"place": "2", "abroad": "no"}), row(prize, source_id="2", title="Match")]
    save_team_records(rows=rows, actor=None, cause="test")
    client, url = sign_in("helen"), reverse("training:team_records")

    export = b"".join(client.get(url, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    lines = {line["Title"]: line for line in csv.DictReader(StringIO(export))}
    assert (lines["Fair"]["Place won"], lines["Fair"]["Abroad"]) == ("2", "No")
    assert (lines["Match"]["Place won"], lines["Match"]["Abroad"]) == ("", "")
    assert "Badge" not in lines["Fair"]
    assert client.get(url).status_code == 200
