"""Role x route: every name of the URL table, opened by everyone. See ``tests/access.py`` for how to add a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from people import rules
from people.access import RoleBackend
from tests.access import ANONYMOUS, NOBODY, PERSON, PUBLIC, SIGNED_IN, Route, all_routes, prepare_all
from tests.world import World, build_world

#: tables that any request may write: sessions, the count of failed sign-ins, and what an upload came to when it was
#: cleaned, which the next page reads instead of cleaning again
_BOOKKEEPING = ("django_session", "people_signinattempt", "migration_uploadclean")
_WRITES = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE relname <> ALL(%s)
"""
ROUTES = all_routes()
# the mark makes pytest-django create the test database; the company below lives in one transaction around all tests
pytestmark = pytest.mark.django_db


def names_of(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every ``namespace:name`` below a resolver; a pattern without a name shows as its pattern."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from names_of(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join(part for part in (namespace, pattern.name or f"<unnamed {pattern.pattern}>") if part)


def url_table() -> list[str]:
    return [name for name in names_of(get_resolver()) if not name.startswith("admin:")]


def test_every_route_has_a_row_and_every_row_a_route():
    table, rows = set(url_table()), {route.name for route in ROUTES}
    assert not table - rows, f"without a row in tests/<app>/access.py: {sorted(table - rows)}"
    assert not rows - table, f"rows of routes that no longer exist: {sorted(rows - table)}"


def test_rows_name_roles_that_exist():
    unknown = {role for route in ROUTES for role in {*route.roles, *route.others}} - PUBLIC
    assert not unknown


def test_no_row_twice():
    rows = Counter((route.name, route.method, route.query, route.kwargs) for route in ROUTES)
    assert [row for row, count in rows.items() if count > 1] == []


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for the whole module: each cell of the table undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        prepare_all(world)
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(company) -> dict[str, Client]:
    signed_in = {ANONYMOUS: Client(raise_request_exception=False)}
    for role, person in PERSON.items():
        signed_in[role] = Client(raise_request_exception=False)
        signed_in[role].force_login(company.users[person])
    return signed_in


def _writes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WRITES, [list(_BOOKKEEPING)])
        return cursor.fetchone()[0]


def _ask(client: Client, method: str, url: str, data: dict | None = None) -> tuple[int, str, int]:
    """(status, where it redirects to, rows written), with everything undone afterwards."""
    sid = transaction.savepoint()
    # a fresh client per question: a sign-out must not reach the next cell
    cookies = client.cookies.copy()
    before = _writes()
    try:
        response = client.get(url) if method == "GET" else client.post(url, data or {})
        if response.streaming:
            b"".join(response.streaming_content)
        return response.status_code, response.headers.get("Location", ""), _writes() - before
    finally:
        transaction.savepoint_rollback(sid)
        client.cookies = cookies


def _check_let_in(route: Route, who: str, client: Client, world: World) -> None:
    url = route.url(world)
    status, location, written = _ask(client, route.method, url, dict(route.data(world)))
    assert status in {200, 302, 303, 204}, f"{who} {route.method} {url}: {status}"
    if ANONYMOUS not in route.roles and not route.to_sign_in:
        assert not location.startswith(reverse("people:sign_in")), f"{who} {url} was sent to the sign-in page"
    if route.method == "GET":
        assert not written, f"{who}: GET {url} changed {written} rows"
    else:
        assert _ask(client, "GET", url)[0] == 405, f"{who}: GET of the POST route {url} must give 405"


def _check_refused(route: Route, who: str, client: Client, world: World, expected: int) -> None:
    url = route.url(world)
    if route.method == "GET":
        assert _ask(client, "GET", url)[0] == expected, f"{who} GET {url}: {expected} expected"
    status, _location, written = _ask(client, "POST", url, dict(route.data(world)))
    allowed = {expected} if route.method == "POST" else {expected, 405}
    assert status in allowed, f"{who} POST {url}: {status}, not {expected}"
    assert not written, f"{who}: the refused POST {url} changed {written} rows"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.name}-{route.method}-{route.query}".rstrip("-"))
def test_who_may_open(route: Route, company: World, clients: dict[str, Client]):
    for role in sorted(SIGNED_IN):
        expected = route.expected(role)
        if expected == 200:
            _check_let_in(route, role, clients[role], company)
        else:
            _check_refused(route, role, clients[role], company, expected)
    if ANONYMOUS in route.roles:
        _check_let_in(route, ANONYMOUS, clients[ANONYMOUS], company)
    else:
        _check_anonymous(route, clients[ANONYMOUS], company)
    if route.stranger:
        _check_stranger(route, company, clients)


def _check_anonymous(route: Route, client: Client, world: World) -> None:
    url = route.url(world)
    for method in {"GET", route.method}:
        status, location, written = _ask(client, method, url, dict(route.data(world)))
        sent_away = status == 302 and location.startswith(reverse("people:sign_in"))
        assert sent_away or (method != route.method and status == 405), f"anonymous {method} {url}: {status} {location}"
        assert not written


def _check_stranger(route: Route, world: World, clients: dict[str, Client]) -> None:
    who, kwargs = route.stranger  # type: ignore[misc]
    if who in clients:
        client = clients[who]
    else:
        client = Client(raise_request_exception=False)
        client.force_login(world.users[who])
    url = route.url(world, kwargs)
    status, _location, written = _ask(client, route.method, url, dict(route.data(world)))
    assert (status, written) == (404, 0), f"{who} must not find {url}: {status}, {written} rows written"


# --- the admin site: one rule per role instead of a row per page ------------------------------------------------------
def _admin_lists() -> list[str]:
    return [name for name in names_of(get_resolver()) if name.startswith("admin:") and name.endswith("_changelist")]


#: role -> lists of the admin site that it opens; the other roles open none
_PEOPLE = {
    "people_employee",
    "people_assignment",
    "people_department",
    "people_position",
    "people_level",
    "people_attribute",
}
_TRAINING = {
    "training_learningrecord",
    "training_ledgerentry",
    "training_bookingbatch",
    "training_pointsyear",
    "training_activity",
    "training_course",
    "training_category",
}
ADMIN = {
    rules.HR_ADMIN: _PEOPLE
    | _TRAINING
    | {"people_leave", "performance_appraisalpart", "performance_rating", "migration_importbatch"}
    | {"recruitment_application", "recruitment_candidate"},
    rules.PAYROLL: _PEOPLE | {"payroll_salary", "migration_importbatch"},
    # the lists of scores, ratings and leaves are empty for operations, and there for their import button
    rules.OPERATIONS: _PEOPLE
    | _TRAINING
    | {"people_leave", "performance_appraisalpart", "performance_rating", "migration_importbatch"},
}


def test_admin_opens_what_the_table_says(company: World, clients: dict[str, Client]):
    opened = {}
    for role in sorted(SIGNED_IN):
        may = "admin.use" in rules.ROLE_PERMISSIONS.get(role, frozenset())
        status = _ask(clients[role], "GET", reverse("admin:index"))[0]
        assert (status == 200) is may, f"{role}: {status}"
        lists = {name: _ask(clients[role], "GET", reverse(name))[0] for name in _admin_lists()}
        opened[role] = {name.removeprefix("admin:").removesuffix("_changelist") for name in lists if lists[name] == 200}
        assert set(lists.values()) <= {200, 302, 403}
    assert {role: lists for role, lists in opened.items() if lists} == ADMIN
    assert _ask(clients[ANONYMOUS], "GET", reverse("admin:index"))[0] == 302


def test_roles_act_at_once(company: World, clients: dict[str, Client]):
    """A role taken away in mid-session is gone with the next request."""
    route = next(route for route in ROUTES if route.name == "people:people")
    sid = transaction.savepoint()
    assert clients["auditor"].get(route.url(company)).status_code == 200
    company.users["audrey"].groups.clear()
    assert clients["auditor"].get(route.url(company)).status_code == 403
    transaction.savepoint_rollback(sid)


def test_permissions_come_from_roles_only(company: World):
    """Rows of Django's permission tables add nothing, and Charlie has none."""
    assert RoleBackend().get_all_permissions(company.users[PERSON[NOBODY]]) == set()
