"""The admin site with the suite's own door."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class SuiteAdminConfig(AdminConfig):
    default_site = "hrsuite.admin_site.SuiteAdminSite"
