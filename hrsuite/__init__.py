"""The wiring of HR Suite: settings, routes, the worker, the home page and the points pipeline."""

from hrsuite.celery import app as celery_app

__all__ = ["celery_app"]
