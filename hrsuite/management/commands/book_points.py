"""Book waiting points work in this process, for installations and imports without a worker."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from hrsuite.pipeline import run_pipeline
from training.selectors.dashboard import failed_work
from training.services.work import queue_points_for_all


class Command(BaseCommand):
    help = "Book waiting points work and refresh appraisals, titles and raise recommendations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="check everybody's points of every year not closed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            queue_points_for_all(cause="Recount of everybody", actor=None)
        run = run_pipeline()
        self.stdout.write(f"{run.entries} entries, {run.points} points, {run.slices} slices")
        people, reason = failed_work()
        if people:
            text = ngettext(
                "The points of %(people)s employee could not be booked: %(reason)s. "
                "They are tried again by themselves; mend what the reason names, then try on the training dashboard.",
                "The points of %(people)s employees could not be booked: %(reason)s. "
                "They are tried again by themselves; mend what the reason names, then try on the training dashboard.",
                people,
            )
            raise CommandError(text % {"people": people, "reason": " ".join(reason.split()).rstrip(".")})
