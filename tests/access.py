"""Who may open what: the format of the access table. Each app keeps its own rows in ``tests/<app>/access.py``.

A row says which roles a route lets in; everybody else gets 403, an anonymous visitor is sent to the sign-in page::

    ROUTES = [
        Route("training:my_points", roles={EMPLOYEE, MANAGER}),
        Route("people:profile", roles={HR_ADMIN, EMPLOYEE}, kwargs=lambda w: {"pk": w.people["alice"].pk},
              stranger=(EMPLOYEE, lambda w: {"pk": w.people["dave"].pk})),
        Route("training:remind", roles={MANAGER}, method="POST", data=lambda w: {"employee": w.people["alice"].pk}),
    ]

Every name of the URL table needs a row (``tests/test_access.py`` compares both ways), the admin site excepted. Beside
ROUTES a module may define

* ``prepare(world)``: called once; makes what the rows point at and keeps it in ``world.extra``;
* ``enlarge(world, employees)``: adds rows for these new people, for the query counts of ``is_list`` routes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import reverse

from people.rules import AUDITOR, EMPLOYEE, HR_ADMIN, MANAGER, OPERATIONS, PAYROLL, RECRUITER, ROLES
from tests.world import World

#: an account without any role (Charlie), and a visitor without an account
NOBODY = "nobody"
ANONYMOUS = "anonymous"
#: everyone with an account; everyone at all
SIGNED_IN = frozenset({*ROLES, NOBODY})
PUBLIC = SIGNED_IN | {ANONYMOUS}

#: the person of the test world who stands for a role
PERSON = {
    HR_ADMIN: "helen",
    PAYROLL: "paul",
    RECRUITER: "rita",
    OPERATIONS: "oscar",
    AUDITOR: "audrey",
    MANAGER: "bob",
    EMPLOYEE: "alice",
    NOBODY: "charlie",
}

Keywords = Callable[[World], Mapping[str, Any]]


def nothing(_world: World) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Route:
    """A name of the URL table and who may use it.

    ``roles`` are let in: 200, or a redirect elsewhere than to the sign-in page. ``method`` "POST" means that only POST
    is answered (GET gives 405). ``others`` gives a role a status of its own, such as 404 where the role may use the
    page, but not for this object. ``stranger`` is (role or person, kwargs of an object they must not find): 404.
    """

    name: str
    roles: Collection[str]
    kwargs: Keywords = nothing
    query: str = ""
    method: str = "GET"
    data: Keywords = nothing
    stranger: tuple[str, Keywords] | None = None
    others: Mapping[str, int] = field(default_factory=dict)
    is_list: bool = False
    #: the answer leads to the sign-in page by intention
    to_sign_in: bool = False

    def url(self, world: World, kwargs: Keywords | None = None) -> str:
        path = reverse(self.name, kwargs=dict((kwargs or self.kwargs)(world)) or None)
        return f"{path}?{self.query.lstrip('?')}" if self.query else path

    def expected(self, role: str) -> int:
        """200 stands for "let in"."""
        if role in self.others:
            return self.others[role]
        # whoever is a manager is an employee too
        let_in = role in self.roles or (role == MANAGER and EMPLOYEE in self.roles)
        return 200 if let_in else 403


def modules() -> list[Any]:
    """The ``access`` module of every test package."""
    here = Path(__file__).parent
    return [importlib.import_module(f"tests.{path.parent.name}.access") for path in sorted(here.glob("*/access.py"))]


def all_routes() -> list[Route]:
    return [route for module in modules() for route in module.ROUTES]


def prepare_all(world: World) -> None:
    for module in modules():
        if hasattr(module, "prepare"):
            module.prepare(world)
