"""Who may have words asked again: who said what they mean, and who answers for their field."""

from __future__ import annotations

import pytest
from django.urls import reverse

from migration.models import Term
from migration.rules import TERM_PERMISSIONS
from migration.services.terms import WORDED
from tests.migration.files import csv_file
from tests.migration.test_pages import send, step, url

pytestmark = pytest.mark.django_db

CANDIDATES = [
    ["应聘编号", "姓名", "性别", "应聘岗位", "应聘日期", "状态"],
    ["C1", "王芳", "女士", "Sales rep", "2025-03-02", "等背调"],
]


def said(username, world, field, word, meaning):
    return Term.objects.create(
        field=field, word=word, folded=word, meaning=meaning, actor=world.users[username] if username else None
    )


def revoke(client, term):
    return client.post(reverse("migration:revoke_term", kwargs={"pk": term.pk}), {"revoke": "1"}).status_code


def test_every_field_of_the_dictionary_has_somebody_who_answers_for_it():
    assert set(TERM_PERMISSIONS) == set(WORDED)


def test_a_recruiter_takes_back_words_of_candidates_and_what_they_said_themselves(world, sign_in):
    theirs = said("helen", world, "gender", "女士", "female")
    nobodys = said(None, world, "department", "销管", "Sales")
    own = said("rita", world, "department", "销售", "Sales")
    of_candidates = said("helen", world, "stage", "等背调", "interviewing")
    rita = sign_in("rita")
    listed = rita.get(reverse("migration:terms")).content.decode()
    for term in (theirs, nobodys):
        assert term.word in listed
        assert reverse("migration:revoke_term", kwargs={"pk": term.pk}) not in listed
        assert revoke(rita, term) == 404
    for term in (own, of_candidates):
        assert reverse("migration:revoke_term", kwargs={"pk": term.pk}) in listed
        assert revoke(rita, term) == 302
    assert set(Term.objects.all()) == {theirs, nobodys}
    # who imports people answers for them, whoever said them
    assert revoke(sign_in("oscar"), theirs) == 302
    assert revoke(sign_in("helen"), nobodys) == 302
    assert not Term.objects.exists()


def test_the_page_of_words_asks_again_only_for_who_may(world, sign_in):
    gender = said("helen", world, "gender", "女士", "female")
    stage = said("helen", world, "stage", "等背调", "interviewing")
    rita = sign_in("rita")
    page = rita.get(url("words", send(rita, "ats.csv", csv_file(CANDIDATES))))
    decided = {one.word: one for one, _label in page.context["decided"]}
    assert {word: one.can_ask for word, one in decided.items()} == {"女士": False, "等背调": True}
    text = page.content.decode()
    assert f'value="{decided["女士"].key}"' not in text
    assert "decided by others" in text
    rita.post(url("words", page), {"again": [one.key for one in decided.values()]})
    assert list(Term.objects.all()) == [gender]
    assert step(rita.get(url("session", page), follow=True)) == "words"
    assert not Term.objects.filter(pk=stage.pk).exists()
