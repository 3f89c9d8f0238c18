"""Pieces that are copied straight: their references hold as those of every other row."""

from __future__ import annotations

import threading

import pghistory
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from hrsuite.lib.retry import is_race
from training.models import Activity, LearningRecord
from training.services.records import lane as module
from training.services.records.lane import Lane, Piece

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[True, False], ids=["together", "row by row"])
def checks_together(request, monkeypatch):
    """The same with a role that may not leave out the check of each row."""
    if not request.param:
        monkeypatch.setattr(module, "_MAY_CHECK_TOGETHER", "SELECT false")
    return request.param


def piece(*people: int, activity: int | None = None, course: str = "\\N") -> Piece:
    activity = activity or Activity.objects.get(code="online").pk
    rows = list(range(2, 2 + len(people)))
    lines = [
        f"lms\tS-{row}\t{who}\t{activity}\t{course}\t2026-03-04\t60\t\\N\t\\N\t\\N\tTopic\t{{}}"
        for row, who in zip(rows, people, strict=True)
    ]
    return Piece(rows=rows, lines=lines)


def copy(*pieces: Piece, actor=None) -> None:
    with transaction.atomic(), Lane(actor=actor) as lane:
        for one in pieces:
            lane.add(one)
        lane.settle([])


def test_rows_whose_references_are_there_get_in(world, checks_together):
    with pghistory.context(user=world.users["erin"].pk, job=1):
        copy(piece(*[one.pk for one in world.people.values()]), actor=world.users["erin"])
    assert LearningRecord.objects.count() == len(world.people)
    assert {one.created_by for one in LearningRecord.objects.all()} == {world.users["erin"]}


@pytest.mark.parametrize("wrong", [{}, {"activity": 987654321}, {"course": "987654321"}])
def test_a_reference_to_nothing_takes_all_of_it_back(world, checks_together, wrong):
    alice = world.people["alice"].pk
    rows = piece(alice, alice, **wrong) if wrong else piece(alice, 987654321)
    with pytest.raises(IntegrityError) as refused, connection.wrap_database_errors:
        copy(rows)
    # worked again, the import does not find it, and says so
    assert is_race(refused.value)
    assert not LearningRecord.objects.exists()


def test_triggers_are_back_when_the_pieces_are_in(world):
    copy(piece(world.people["alice"].pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        assert cursor.fetchone() == ("origin",)


def test_a_trigger_of_the_table_itself_is_never_left_out(world):
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE FUNCTION pg_temp.loud() RETURNS trigger LANGUAGE plpgsql AS
                   $$ BEGIN NEW.title := 'seen'; RETURN NEW; END $$;
               CREATE TRIGGER loud BEFORE INSERT ON training_learningrecord
               FOR EACH ROW EXECUTE FUNCTION pg_temp.loud()"""
        )
    copy(piece(world.people["alice"].pk))
    assert LearningRecord.objects.get().title == "seen"


@pytest.mark.django_db(transaction=True)
def test_nobody_removes_what_copied_rows_name(checks_together):
    """Whoever is named by rows that are not committed yet cannot be deleted beside them."""
    from tests.world import build_world

    bob, found = build_world().people["bob"].pk, []

    def remove() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '300ms'")
                cursor.execute("SELECT FROM people_employee WHERE id = %s FOR UPDATE", [bob])
            found.append("held by nobody")
        except DatabaseError as error:
            found.append(error.__cause__.pgcode)
        finally:
            connection.close()

    with transaction.atomic():
        copy(piece(bob))
        other = threading.Thread(target=remove)
        other.start()
        other.join(20)
    assert found == ["55P03"]
