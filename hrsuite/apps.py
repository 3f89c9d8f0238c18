from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HRSuiteConfig(AppConfig):
    name = "hrsuite"
    verbose_name = _("HR Suite")

    def ready(self) -> None:
        from hrsuite import checks  # noqa: F401, PLC0415 - registers itself
