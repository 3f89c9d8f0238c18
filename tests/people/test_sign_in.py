"""Signing in and out, passwords, languages, sessions."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from people import rules
from people.models import MailMessage, SignInAttempt
from people.services.accounts import activate_account, create_account, deactivate_account
from people.services.mail import send_waiting_mail

SIGN_IN = "/sign-in/"
PASSWORD = "long enough words"


@pytest.fixture
def alice(world):
    world.users["alice"].set_password(PASSWORD)
    world.users["alice"].save()
    return world.users["alice"]


def try_in(client: Client, username: str = "alice", password: str = PASSWORD, address: str = "10.1.2.3", **data):
    return client.post(SIGN_IN, {"username": username, "password": password, **data}, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (1000, 15)]
)
def test_lock_time(failures, minutes):
    assert rules.lock_time(failures) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2ff::9", "2001:db8:1:200::/56"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_address_block(address, block):
    assert rules.address_block(address) == block


def test_sign_in_starts_a_new_session_and_leads_on(alice, client):
    client.get(SIGN_IN)
    response = try_in(client, next="/account/")
    assert (response.status_code, response.url) == (302, "/account/")
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https:evil.example", "\\\\evil.example", "http://evil.example/", "javascript:alert(1)"]
)
def test_next_stays_on_this_site(alice, client, evil):
    assert try_in(client, next=evil).url == "/"


def test_the_answer_is_the_same_for_unknown_wrong_and_switched_off(world, alice, client):
    world.users["carol"].set_password(PASSWORD)
    world.users["carol"].is_active = False
    world.users["carol"].save()
    tries = [("alice", "wrong"), ("nobody-here", PASSWORD), ("carol", PASSWORD)]
    pages = [re.sub(r'value="[^"]*"|"X-CSRFToken": "\w+"', "", try_in(client, *one).content.decode()) for one in tries]
    assert "do not fit" in pages[0]
    assert pages[0] == pages[1] == pages[2]


def test_guessing_locks_this_account_from_this_block_only(alice):
    guesser = Client()
    for _turn in range(5):
        try_in(guesser, password="wrong")
    assert "Too many wrong passwords" in try_in(guesser).content.decode()
    assert "Too many wrong passwords" in try_in(guesser, address="10.1.2.77").content.decode()
    # Alice herself, elsewhere, is not locked out
    assert try_in(Client(), address="10.9.9.9").status_code == 302
    # nothing in the table says who it was
    assert not SignInAttempt.objects.filter(key__icontains="alice").exists()
    SignInAttempt.objects.update(locked_until_at=timezone.now())
    assert try_in(guesser).status_code == 302
    assert not SignInAttempt.objects.exists()


def test_unknown_accounts_lock_alike(world, client):
    for _turn in range(5):
        page = try_in(client, username="ghost", password="wrong")
    assert "Too many wrong passwords" in page.content.decode()


def test_the_admin_uses_the_same_door(alice, client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(SIGN_IN)
    try_in(client)
    assert client.get("/admin/login/").status_code == 403


def test_sign_out_kills_the_session(alice, client):
    try_in(client)
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert stolen.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert stolen.get("/account/").status_code == 302


def test_switching_off_kills_sessions_for_good(world, alice, client):
    try_in(client)
    deactivate_account(user=alice, actor=world.users["helen"])
    assert client.get("/account/").status_code == 302
    activate_account(user=alice, actor=world.users["helen"])
    assert client.get("/account/").status_code == 302


def test_leavers_are_out_the_day_after(world, alice, client):
    try_in(client)
    person = world.people["alice"]
    person.exit_date = timezone.localdate()
    person.save()
    assert client.get("/account/").status_code == 200
    person.exit_date -= dt.timedelta(days=1)
    person.save()
    assert client.get("/account/").status_code == 302
    assert "do not fit" in try_in(Client()).content.decode()


def test_changing_the_password_ends_other_sessions(alice, client):
    try_in(client)
    other = Client()
    try_in(other)
    new = "another long sentence"
    refused = client.post("/account/password/", {"old_password": "x", "new_password1": new, "new_password2": new})
    assert refused.status_code == 200
    client.post("/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize("bad", ["short", "1234567890", "password123", "alice@example.com"])
def test_weak_passwords_are_refused(alice, client, bad):
    try_in(client)
    client.post("/account/password/", {"old_password": PASSWORD, "new_password1": bad, "new_password2": bad})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def link_in(body: str) -> str:
    return re.search(r"https?://[^/]+(/account/password/\S+)", body)[1]


def set_by_link(client: Client, link: str, password: str):
    page = client.get(link, follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_reset_by_mail_works_once_and_says_nothing(alice, client, nudges):
    known = client.post("/account/password/forgotten/", {"identifier": "ALICE@example.com"}, HTTP_HOST="localhost")
    unknown = client.post("/account/password/forgotten/", {"identifier": "ghost"})
    assert known.status_code == unknown.status_code == 200
    assert "link is on its way" in known.content.decode()
    waiting = MailMessage.objects.get()
    assert waiting.body.count("http://127.0.0.1:8000/account/password/") == 1
    link = link_in(waiting.body)
    # asked again at once: no second mail
    client.post("/account/password/forgotten/", {"identifier": "alice"})
    assert MailMessage.objects.count() == 1
    assert set_by_link(client, link, "a brand new sentence").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("a brand new sentence")
    assert "no longer works" in set_by_link(Client(), link, "a third long sentence").content.decode()


def test_invitation_reset_and_language(world, client):
    erin = world.people["erin"]
    world.users["erin"].delete()
    erin.refresh_from_db()
    user = create_account(employee=erin, actor=world.users["helen"])
    assert not user.has_usable_password()
    assert send_waiting_mail() == 1
    assert mail.outbox[0].to == ["erin@example.com"]
    assert MailMessage.objects.get().body == "", "a link must not stay in the table"
    set_by_link(client, link_in(mail.outbox[0].body), PASSWORD)
    assert try_in(client, username=erin.employee_no).status_code == 302


def test_language_is_kept_with_the_account(alice, client):
    client.post("/account/language/", {"language": "zh-hans", "next": SIGN_IN})
    assert client.get(SIGN_IN).headers["Content-Language"] == "zh-hans"
    try_in(client)
    client.post("/account/language/", {"language": "en", "next": "/account/"})
    assert client.get("/account/").headers["Content-Language"] == "en"
    response = client.post("/account/language/", {"language": "xx", "next": "//evil.example"})
    assert response.url == "/"
    alice.refresh_from_db()
    assert alice.language == "en"


def test_headers_of_signed_in_pages(alice, client):
    try_in(client)
    response = client.get("/account/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    cookie = client.cookies["hrsuite_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] <= 12 * 3600


def test_posts_need_the_token(alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post("/sign-out/").status_code == 403
    assert strict.post("/account/language/", {"language": "en"}).status_code == 403
