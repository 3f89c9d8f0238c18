"""Open the first account of a new installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hrsuite.lib.errors import BadInput
from people.services.accounts import create_first_admin, password_link


class Command(BaseCommand):
    help = "Open the account of the first HR admin and print the link that sets its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, username: str, email: str, **options: Any) -> None:
        try:
            user = create_first_admin(username=username, email=email)
        except BadInput as error:
            raise CommandError(f"{error.message} {error.mend}") from error
        self.stdout.write(f"Set the password of {user.username} here within a day:\n{password_link(user)}")
