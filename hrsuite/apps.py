"""The wiring as an app, and which static files are worth serving."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class HRSuiteConfig(AppConfig):
    name = "hrsuite"
    verbose_name = _("HR Suite")
    default = True

    def ready(self) -> None:
        from hrsuite import checks  # noqa: F401, PLC0415 - registers itself


class SuiteStaticFilesConfig(StaticFilesConfig):
    """Front-end packages bring sources, maps and variants that no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map", "*.scss", "*.d.ts", "*.rtl*",
        "tabler-[!i]*", "tabler-icons-*00*", "tabler-icons.html", "tabler-icons-filled*",
        "echarts.common*", "echarts.simple*", "echarts.esm*", "echarts.js", "extension", "*.amd.js", "*.cjs.js",
    ]  # fmt: skip
