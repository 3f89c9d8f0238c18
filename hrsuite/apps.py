"""Which static files are worth serving."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class SuiteStaticFilesConfig(StaticFilesConfig):
    """Front-end packages bring sources, maps and variants that no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map", "*.scss", "*.d.ts", "tabler-[!i]*", "tabler-icons-*00*", "tabler-icons.html", "tabler-icons-filled*", "*.rtl*",
        "echarts.common*", "echarts.simple*", "echarts.esm*", "echarts.js", "extension", "*.amd.js", "*.cjs.js",
    ]  # fmt: skip
