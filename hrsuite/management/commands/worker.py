"""A Celery worker with beat in one process, for development beside ``runserver``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hrsuite.celery import app


class Command(BaseCommand):
    help = "Run a Celery worker with beat. Production runs them apart, see docker-compose.yml."

    def handle(self, *args: Any, **options: Any) -> None:
        app.worker_main(["worker", "--beat", "--concurrency=2", "--loglevel=INFO"])
