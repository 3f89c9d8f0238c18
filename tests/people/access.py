"""Who may open the pages of people, and the home page."""

from __future__ import annotations

from tests.access import SIGNED_IN, Route

ROUTES = [
    Route("home", roles=SIGNED_IN),
]
