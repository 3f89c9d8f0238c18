"""What import contracts cannot see. Each rule says what to do; each exemption has a reason and fails when stale."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
#: lowest first, as in the contract of pyproject.toml
ORDER = ["people", "training", "performance", "payroll", "recruitment", "migration", "hrsuite"]
LINES = 400

#: routes that no permission guards, and why
OPEN_ROUTES = {
    "healthz": "load balancers ask it; it says nothing but ok",
    "home": "shows to everyone with an account only what their role may see",
    "admin_login": "sends to the one sign-in page",
    "people:sign_in": "the door",
    "people:sign_out": "whoever is in may leave",
    "people:set_language": "the visitor's own language",
    "people:forgotten": "for those who cannot sign in",
    "people:set_password": "guarded by the token in the mail",
    "people:change_password": "the own password",
    "people:account": "the own account",
    "people:notifications": "the own bell",
    "people:read_all": "the own bell",
    "people:open_notification": "the own bell; others' are not found",
}

#: (path, what): a use of something forbidden, and why it is right there
EXEMPT: dict[tuple[str, str], str] = {}

FORBIDDEN = {
    "mark_safe": "Let the template escape; use format_html with arguments for markup.",
    "csrf_exempt": "Every unsafe request carries the token; an API with its own keys needs an exemption here.",
    "eval": "No code from data: use a table of functions.",
    "exec": "No code from data: use a table of functions.",
    "delay": "Write a row and nudge (hrsuite.lib.nudge): a message can be lost, and sending can block.",
    "apply_async": "Write a row and nudge (hrsuite.lib.nudge): a message can be lost, and sending can block.",
    "send_task": "Write a row and nudge (hrsuite.lib.nudge): a message can be lost, and sending can block.",
    "extra": "SQL goes into a .sql file or a named constant, with parameters.",
    "RawSQL": "SQL goes into a .sql file or a named constant, with parameters.",
    "pickle": "Pickles run code: use JSON.",
}
EXEMPT[("hrsuite/lib/nudge.py", "send_task")] = "the one place that sends, on its own thread"


def sources(*, tests: bool = False) -> Iterator[Path]:
    """Our Python files, without migrations."""
    folders = [*ORDER, *(["tests"] if tests else [])]
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in ORDER]


def test_every_app_has_a_place():
    ours = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and not Path(config.path).is_relative_to(ROOT / ".venv")
    }
    assert ours == set(ORDER), "Give the app a place in ORDER and in the contract of pyproject.toml."
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one for one in contracts if one["id"] == "apps")["layers"]
    listed = [part for layer in reversed(layers) for part in re.split(r"\s*[|:]\s*", layer) if "." not in part]
    assert listed == ORDER[:-1]


def test_no_foreign_key_points_upwards():
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, (models.ForeignKey, models.ManyToManyField, models.OneToOneField))
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert not upwards, "The upper app keeps the reference to the lower one, not the other way."


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, ":".join(part for part in (namespace, pattern.namespace) if part))
        else:
            yield ":".join(part for part in (namespace, pattern.name or str(pattern.pattern)) if part), pattern


def test_every_route_names_a_permission_or_a_reason():
    unguarded = {
        name
        for name, pattern in patterns(get_resolver())
        if not name.startswith("admin:") and not getattr(pattern.callback, "required_permissions", ())
    }
    assert not unguarded - set(OPEN_ROUTES), "Wear @requires(...), or say in OPEN_ROUTES why the route is open."
    assert not set(OPEN_ROUTES) - unguarded, "Stale: these routes are guarded or gone."


def test_migrations_are_complete(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_migrations_say_what_they_do():
    badly_named = [
        shown(path)
        for app in ORDER
        for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))
        if "_auto_" in path.name or not re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)
    ]
    assert not badly_named, "Name the migration by what it does: makemigrations --name add_year_changed."


@pytest.mark.parametrize("app", ORDER)
def test_migrations_import_no_app_code(app):
    """What an old migration does must not change with today's code."""
    for path in (ROOT / app / "migrations").glob("[0-9]*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            ours = [name for name in names if name.split(".")[0] in ORDER and name not in MIGRATION_IMPORTS]
            assert not ours, f"{shown(path)} imports {ours}: use apps.get_model, or copy what it needs."


#: field and user classes that migrations have to name
MIGRATION_IMPORTS = {"people.models", "people.models.employees", "people.models.accounts"}


def test_files_stay_short():
    long = [f"{shown(path)}: {count}" for path in sources() if (count := len(path.read_text().splitlines())) > LINES]
    assert not long, f"Split files over {LINES} lines into a package by noun."


def test_functions_stay_short():
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert not long, "Split functions: under 50 lines is the habit, 60 the end."


def uses(path: Path) -> Iterator[tuple[str, int]]:
    """Names out of FORBIDDEN that a file calls, imports or decorates with."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            # "eval" and "exec" as methods are something else (redis, re)
            if name in FORBIDDEN and not (isinstance(node.func, ast.Attribute) and name in {"eval", "exec"}):
                yield name, node.lineno
        elif isinstance(node, (ast.ImportFrom, ast.Import)):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name in FORBIDDEN)


def test_nothing_forbidden_is_used():
    found = {(shown(path), name, line) for path in sources() for name, line in uses(path)}
    bad = [
        f"{path}:{line} {name}: {FORBIDDEN[name]}" for path, name, line in sorted(found) if (path, name) not in EXEMPT
    ]
    assert not bad, "\n".join(bad)
    stale = set(EXEMPT) - {(path, name) for path, name, _line in found}
    assert not stale, "These exemptions excuse nothing any more: remove them."


def test_no_words_are_hidden_from_translators():
    """What stands in the braces of an f-string is not collected."""
    words = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "pgettext_lazy"}
    bad = [
        f"{shown(path)}:{call.lineno} {ast.unparse(call)}"
        for path in sources()
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in words
    ]
    assert not bad, "Say it in a line before the f-string."


TEMPLATE_RULES = {
    r"\|\s*safe(seq)?\b": "Let the template escape.",
    r"{%\s*autoescape\s+off": "Let the template escape.",
    r"<script(?![^>]*\bsrc=)": "The content security policy forbids inline scripts: put it into static/js/.",
    r"\son[a-z]+\s*=\s*[\"']": "The content security policy forbids inline handlers: listen in static/js/.",
    r"hx-on": "htmx evaluates it, which the policy forbids: listen in static/js/.",
    r"https?://(?!www\.w3\.org)": "Nothing is loaded from elsewhere; build links with {% url %}.",
    r"<form(?=[^>]*method=[\"']post)(?![\s\S]{0,400}?csrf_token)": "A form that posts carries {% csrf_token %}.",
}
#: (template, rule) -> why
TEMPLATES_EXEMPT: dict[tuple[str, str], str] = {}


def test_templates_keep_the_rules():
    found: set[tuple[str, str]] = set()
    bad = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        for rule, mend in TEMPLATE_RULES.items():
            for match in re.finditer(rule, text):
                found.add((shown(path), rule))
                line = text[: match.start()].count("\n") + 1
                if (shown(path), rule) not in TEMPLATES_EXEMPT:
                    bad.append(f"{shown(path)}:{line} {match.group()[:40]!r}: {mend}")
    assert not bad, "\n".join(bad)
    assert not set(TEMPLATES_EXEMPT) - found, "These exemptions excuse nothing any more: remove them."


def test_private_modules_are_listed():
    """The contracts name every screen, form and task module that exists."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    protected = {name for one in contracts if one["type"] == "protected" for name in one["protected_modules"]}
    kinds = ("views", "forms", "lists", "tasks", "admin")
    exist = {
        f"{app}.{kind}"
        for app in ORDER[:-1]
        for kind in kinds
        if (ROOT / app / f"{kind}.py").exists() or (ROOT / app / kind / "__init__.py").exists()
    }
    assert exist == protected, "Add the new module to its private-… contract in pyproject.toml."
    views = next(one for one in contracts if one["id"] == "views-read-through-selectors")["source_modules"]
    assert {name for name in exist if name.endswith(".views")} <= set(views)
    pure = next(one for one in contracts if one["id"] == "pure-rules")["source_modules"]
    has_rules = [app for app in ORDER[:-1] if any(ROOT.glob(f"{app}/rules.py")) or (ROOT / app / "rules").is_dir()]
    assert {f"{app}.rules" for app in has_rules} == set(pure)


#: tasks that take longer than Redis waits for them, and why it may hand them out twice
LONG_TASKS = {
    "hrsuite.tasks.backup": "holds a lock, and looks whether the backup is made",
    "migration.tasks.run_imports": "holds a lock; the work is rows",
}


def test_tasks_end_before_redis_hands_them_out_again():
    from hrsuite.celery import app

    app.loader.import_default_modules()
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert timeout / 2 > settings.CELERY_TASK_TIME_LIMIT
    ours = [task for name, task in app.tasks.items() if name.split(".")[0] in ORDER]
    long = {task.name for task in ours if (task.time_limit or settings.CELERY_TASK_TIME_LIMIT) >= timeout / 2}
    assert long - set(LONG_TASKS) == set(), "Do a part and nudge, or hold a lock (hrsuite.lib.alone) and say so here."
    assert set(LONG_TASKS) <= long, "Stale: these are no long tasks any more."


def test_scheduled_tasks_exist():
    from hrsuite.celery import app

    app.loader.import_default_modules()
    missing = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(app.tasks)
    assert not missing
