"""The Celery application. Redis carries hints only; work to be done lives in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrsuite.settings")

app = Celery("hrsuite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
