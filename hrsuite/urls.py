"""Every route of the suite."""

from django.contrib import admin
from django.urls import include, path

from hrsuite import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("people.urls")),
    path("training/", include("training.urls")),
    path("performance/", include("performance.urls")),
    path("payroll/", include("payroll.urls")),
    path("recruitment/", include("recruitment.urls")),
    path("migration/", include("migration.urls")),
    # before the admin's own
    path("admin/login/", views.admin_login, name="admin_login"),
    path("admin/", admin.site.urls),
]
