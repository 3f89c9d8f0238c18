"""Candidates in bulk, and what recruiters do to their applications."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from hrsuite.lib.errors import BadInput, BadRows
from people.models import Position
from recruitment import services
from recruitment.models import Application, Candidate
from recruitment.rules import STATUS_WORDS, status_of
from recruitment.services import CandidateRow, save_candidates

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 3, 1)


def row(at=2, **values):
    given = {"number": "K1", "name": "Wei Zhang", "job_title": "Engineer", "applied_on": DAY, "stage": "Applied"}
    return CandidateRow(row=at, **given | values)


def save(*rows):
    found = save_candidates(rows=rows, actor=None)
    return found.created, found.changed, found.unchanged


def refused(*rows):
    with pytest.raises(BadRows) as error:
        save_candidates(rows=rows, actor=None)
    return [(one.row, one.column) for one in error.value.problems]


def application(**wanted):
    return Application.objects.get(**wanted)


def url(name, one):
    return reverse(f"recruitment:{name}", kwargs={"pk": one.pk})


def test_candidates_come_in_once_and_silence_changes_nothing(world):
    full = row(
        email="wei@example.org", phone="138 0000", source="Fair", education="Master", experience_years=Decimal("2.5"),
        skills="Python", department="Sales", desired_salary=Decimal("9000.50"), gender="female",
        birth_date=dt.date(1990, 5, 1),
    )  # fmt: skip
    assert save(full, row(3, number="K2", name="Li Na", stage="待筛选")) == (2, 0, 0)
    assert save(full, row(3, number="K2", name="Li Na", stage="待筛选")) == (0, 0, 2)
    # what is empty says nothing
    assert save(row(stage="")) == (0, 0, 1)
    one = application(candidate__number="K1")
    assert (one.candidate.source, one.candidate.experience_years, one.department) == (
        "Fair", Decimal("2.5"), world.departments["SALES"],
    )  # fmt: skip
    # an earlier system calls the same stage otherwise
    assert save(row(stage="Interviewed", education="PhD")) == (0, 1, 0)
    one = application(candidate__number="K1")
    assert (one.stage, one.closed_as, one.candidate.education) == ("interviewing", "", "PhD")
    # another day is another application of the same person
    assert save(row(applied_on=DAY.replace(year=2026))) == (1, 0, 0)
    assert (Candidate.objects.count(), Application.objects.count()) == (2, 3)


def test_a_rejection_keeps_how_far_it_came_and_a_new_stage_opens_it_again(world):
    save(row(stage="复试"))
    assert save(row(stage="淘汰", closed_reason="Too far away")) == (0, 1, 0)
    one = application()
    assert (one.stage, one.closed_as, one.closed_reason) == ("interviewing", "rejected", "Too far away")
    assert save(row(stage="offer")) == (0, 1, 0)
    one = application()
    assert (one.stage, one.closed_as, one.closed_reason) == ("offered", "", "")


def test_who_is_hired_is_tied_to_the_employee_and_the_post_to_the_position(world):
    Position.objects.create(code="ENG9", name="Test engineer")
    assert save(row(job_title="test  engineer", stage="", hired_as="E001")) == (1, 0, 0)
    one = application()
    assert (one.stage, one.employee, one.position.code) == ("hired", world.people["alice"], "ENG9")


def test_without_a_number_the_e_mail_tells_then_the_phone(world):
    assert save(row(number="", email="Wei@Example.org", phone="1")) == (1, 0, 0)
    assert save(row(number="", email="wei@example.org", stage="offer")) == (0, 1, 0)
    assert save(row(number="", phone="1", stage="offer")) == (0, 0, 1)
    # two people of a number at home: nobody is guessed
    save(row(number="K5", name="Ling", phone="1"))
    assert refused(row(number="", phone="1")) == [(2, "phone")]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"name": " "}, "name"), ({"number": ""}, "number"), ({"email": "no at"}, "email"),
        ({"stage": "mood"}, "stage"), ({"desired_salary": Decimal("1.005")}, "desired_salary"),
        ({"applied_on": dt.date(2999, 1, 1)}, "applied_on"), ({"birth_date": DAY}, "birth_date"),
        ({"experience_years": Decimal(-1)}, "experience_years"),
        ({"offered_salary": Decimal(-1)}, "offered_salary"), ({"hired_as": "NOBODY", "stage": ""}, "hired_as"),
        ({"hired_as": "E001", "stage": "Rejected"}, "hired_as"), ({"department": "Nowhere"}, "department"),
        ({"closed_reason": "late"}, "closed_reason"), ({"name": "x" * 121}, "name"), ({"skills": "a\x00b"}, "skills"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_with_its_column_and_nothing_is_written(world, values, column):
    assert refused(row(number="K0"), row(3, **values)) == [(3, column)]
    assert not Candidate.objects.exists()
    # the same row without it comes in
    plain = {name: row().__dict__[name] for name in values if name in ("name", "number", "stage", "applied_on")}
    assert save(row(number="K0"), row(3, **plain)) == (2, 0, 0)


def test_rows_that_contradict_each_other_are_refused_and_repeated_ones_are_not(world):
    assert refused(row(), row(3, education="PhD"), row(4, education="Bachelor")) == [(4, "education")]
    assert refused(row(), row(3, stage="Offered")) == [(3, "stage")]
    assert save(row(), row(3)) == (1, 0, 1)


def test_every_status_word_is_known_once():
    words = [word for words in STATUS_WORDS.values() for word in words.split("|")]
    assert len(words) == len(set(words))
    assert {status_of(word.upper()) for word in words} == set(STATUS_WORDS)
    assert status_of("mood") == ""


# --- pages ------------------------------------------------------------------------------------------------------------
def test_a_recruiter_moves_an_application_from_new_to_hired(world, sign_in):
    save(row())
    rita, one = sign_in("rita"), application()
    page = url("candidate", one.candidate)
    for stage, word in [("in_review", "In review"), ("interviewing", "Interviewing"), ("offered", "Offered")]:
        assert f"Move on: {word}" in rita.get(page).content.decode()
        assert rita.get(url("move", one)).context["form"].initial["stage"] == stage
        assert rita.post(url("move", one), {"stage": stage, "offered_salary": "8000"}).status_code == 302
    # a number that nobody has
    wrong = rita.post(url("move", one), {"stage": "hired", "employee_no": "NOBODY"})
    assert "employee_no" in wrong.context["form"].errors
    assert rita.post(url("move", one), {"stage": "hired"}).status_code == 302
    assert "Name the employee" in rita.get(page).content.decode()
    rita.post(url("move", one), {"stage": "hired", "employee_no": "E001"})
    one.refresh_from_db()
    assert (one.stage, one.employee, one.offered_salary) == ("hired", world.people["alice"], 8000)
    text = rita.get(page).content.decode()
    assert "nothing is left to do" in text
    # who did it stands below
    assert str(world.users["rita"]) in text
    with pytest.raises(BadInput, match="hired"):
        services.close_application(application=one, closed_as="rejected", reason="x", actor=world.users["rita"])


def test_a_rejection_needs_a_reason_and_can_be_taken_back(world, sign_in):
    save(row(stage="Interviewing"))
    rita, one = sign_in("rita"), application()
    assert rita.post(url("close", one), {"closed_as": "rejected", "reason": " "}).context["form"].errors["reason"]
    rita.post(url("close", one), {"closed_as": "rejected", "reason": "No licence"})
    one.refresh_from_db()
    assert (one.stage, one.closed_as, one.closed_reason) == ("interviewing", "rejected", "No licence")
    assert "No licence" in rita.get(url("candidate", one.candidate)).content.decode()
    refusal = rita.post(url("move", one), {"stage": "offered"})
    assert "Open it again first." in refusal.content.decode()
    rita.post(url("reopen", one), {"go": "1"})
    one.refresh_from_db()
    assert (one.stage, one.closed_as, one.closed_reason) == ("interviewing", "", "")


def test_the_list_searches_filters_and_exports_and_the_funnel_counts_who_came_so_far(world, sign_in):
    save(
        row(source="Fair"), row(3, number="K2", name="Li Na", stage="Rejected", source="Fair"),
        row(4, number="K3", name="Tom", stage="Offered", job_title="Clerk", department="Sales"),
    )  # fmt: skip
    rita = sign_in("rita")
    base = reverse("recruitment:candidates")

    def shown(query):
        return {one.candidate.name for one in rita.get(f"{base}?{query}").context["list"].rows}

    assert shown("q=clerk") == {"Tom"}
    assert shown("status=rejected") == {"Li Na"}
    assert shown("status=applied") == {"Wei Zhang"}
    assert shown("source=Fair") == {"Wei Zhang", "Li Na"}
    assert shown("post=Clerk") == {"Tom"}
    assert shown(f"department={world.departments['SALES'].pk}") == {"Tom"}
    page = rita.get(base)
    assert page.context["chart"]["series"][0]["data"] == [3, 1, 1, 1, 0]
    assert (page.context["sums"].under_way, page.context["sums"].rejected) == (2, 1)
    lines = b"".join(rita.get(f"{base}?export=csv&status=rejected").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Rejected" in lines[1]


def test_without_candidates_the_page_leads_to_the_import_and_the_home_page_counts_new_ones(world, sign_in):
    rita = sign_in("rita")
    empty = rita.get(reverse("recruitment:candidates")).content.decode()
    assert "No candidates yet" in empty
    assert reverse("migration:upload") in empty
    save(row(), row(3, number="K2", name="Li Na", stage="Rejected"))
    assert "Look at 1 new application" in rita.get(reverse("home")).content.decode()


def test_nobody_but_recruiters_and_hr_meets_a_candidate(world, sign_in):
    save(row(name="Secret Person"))
    one = Candidate.objects.get()
    for name in ("bob", "alice", "paul", "oscar", "audrey", "charlie"):
        client = sign_in(name)
        assert client.get(url("candidate", one)).status_code == 403
        assert client.get(reverse("recruitment:candidates")).status_code == 403
        assert "Secret Person" not in client.get(reverse("home")).content.decode()
    assert "Secret Person" in sign_in("helen").get(url("candidate", one)).content.decode()
