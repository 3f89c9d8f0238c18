"""Django settings. The strictest value is the default; laxness is typed out with its reason."""

import os
from pathlib import Path

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.env import database_from_url, envbool, envint, envlist

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("HRSUITE_VAR", BASE_DIR / "var"))

DEBUG = envbool("DEBUG", False)
# The demo and the tests run over plain http on loopback; production must not.
LOCAL = envbool("HRSUITE_LOCAL", False)

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not LOCAL:
        raise ImproperlyConfigured("SECRET_KEY is not set: put 50 random characters in the environment.")
    SECRET_KEY = "local-only-key-for-demo-and-tests-never-used-in-production-0123456789"  # noqa: S105

# former keys open what they sealed and signed until it is gone
SECRET_KEY_FALLBACKS = envlist("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = envlist("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if LOCAL else "")
CSRF_TRUSTED_ORIGINS = envlist("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    # without its own admin site: ours asks for admin.use
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.import_export",
    "hrsuite.admin_app.SuiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hrsuite.apps.SuiteStaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "import_export",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "csp",
    "people",
    "training",
    "performance",
    "payroll",
    "recruitment",
    "migration",
    "hrsuite",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "people.middleware.UserLanguageMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "people.middleware.NoStoreMiddleware",
    "hrsuite.lib.retry.RetryMiddleware",
]

FORM_RENDERER = "hrsuite.lib.forms.SuiteRenderer"
ROOT_URLCONF = "hrsuite.urls"
WSGI_APPLICATION = "hrsuite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "hrsuite.navigation.navigation",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **database_from_url(os.environ.get("DATABASE_URL", "postgresql://127.0.0.1:5432/hrsuite")),
        "CONN_MAX_AGE": 60,
        # one killed backend drops every session, so look before use
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.access.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:sign_in"
SESSION_COOKIE_AGE = 12 * 3600
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- language -------------------------------------------------------------------------------------
LANGUAGE_CODE = os.environ.get("HRSUITE_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = os.environ.get("TIME_ZONE", "Asia/Shanghai")
FORMAT_MODULE_PATH = "hrsuite.formats"
USE_I18N = True
USE_TZ = True

# --- static files ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "staticfiles"
# front-end packages are installed from npm and served from where they are; none is copied or committed
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        (f"vendor/{name}", NODE_MODULES / folder)
        for name, folder in {
            "tabler/css": "@tabler/core/dist/css",
            "tabler/js": "@tabler/core/dist/js",
            "icons": "@tabler/icons-webfont/dist",
            "echarts": "echarts/dist",
            "htmx": "htmx.org/dist",
        }.items()
    ),
]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "hrsuite.lib.storage.SuiteStaticStorage"
    },
}
# local runs serve static/ without a collectstatic step
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = LOCAL

# --- mail -----------------------------------------------------------------------------------------
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND",
    "django.core.mail.backends.filebased.EmailBackend" if LOCAL else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = envint("EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = envbool("EMAIL_USE_TLS", not LOCAL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "hrsuite@localhost")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")

# --- background work ------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# must stay under half the visibility timeout, or Redis hands a running task out again
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    "health_check_interval": 10,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# sweeping finds work whose nudge was lost; a nudge makes it instant
SWEEP_SECONDS = envint("HRSUITE_SWEEP_SECONDS", 5)
CELERY_BEAT_SCHEDULE = {
    "sweep-points": {
        "task": "hrsuite.tasks.run_pipeline",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 3},
    },
    "run-imports": {
        "task": "migration.tasks.run_imports",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 3},
    },
    "send-mail": {
        "task": "people.tasks.send_mail",
        "schedule": 15,
        "options": {"expires": 45},
    },
    "sweep-uploads": {
        "task": "migration.tasks.sweep_uploads",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "refresh-figures": {
        "task": "training.tasks.refresh_figures",
        "schedule": 60,
        "options": {"expires": 120},
    },
}

# --- backups --------------------------------------------------------------------------------------
# a public age key; its secret half stays elsewhere, or in BACKUP_IDENTITY_FILE where backups are to be proved here
BACKUP_RECIPIENT = os.environ.get("BACKUP_RECIPIENT", "")
BACKUP_IDENTITY_FILE = os.environ.get("BACKUP_IDENTITY_FILE", "")
BACKUP_DIR = Path(os.environ.get("BACKUP_DIR", VAR_DIR / "backups"))
BACKUP_KEEP = envint("BACKUP_KEEP", 14)
# what an import calls to keep its tables as they were, and for how many days they are kept
BACKUP_BEFORE_IMPORT = "hrsuite.backups.tables.back_up_tables"
IMPORT_BACKUP_DAYS = envint("IMPORT_BACKUP_DAYS", 14)
# hour of the day of the daily backup
BACKUP_HOUR = envint("BACKUP_HOUR", 2)
if not 0 <= BACKUP_HOUR <= 23:
    raise ImproperlyConfigured(f"BACKUP_HOUR={BACKUP_HOUR}: use an hour from 0 to 23.")
if BACKUP_RECIPIENT:
    # asks whether it is due: one message that nobody takes, and one night without beat, cost no backup
    CELERY_BEAT_SCHEDULE["backup"] = {
        "task": "hrsuite.tasks.backup",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    }

# --- points ---------------------------------------------------------------------------------------
# how a record's points are rounded to two places: half_up or down
POINTS_ROUNDING = os.environ.get("POINTS_ROUNDING", "half_up")
# employees booked in one transaction
POINTS_SLICE = envint("POINTS_SLICE", 2000)
# days after a booking, or after the end of the year for what is missing in it, to appeal
APPEAL_DAYS = envint("APPEAL_DAYS", 30)
EVIDENCE_MAX_BYTES = envint("EVIDENCE_MAX_BYTES", 5 * 1024 * 1024)

# --- security -------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "hrsuite_session" if LOCAL else "__Host-hrsuite_session"
CSRF_COOKIE_NAME = "hrsuite_csrf" if LOCAL else "__Host-hrsuite_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = envbool("SECURE_SSL_REDIRECT", not LOCAL)
# containers ask for their own health over plain http
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
if envbool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        # ECharts and Tabler set inline style attributes
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
    # the admin's Alpine.js evaluates expressions; it gets its own policy there
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "hrsuite.lib.disk.TemporaryFiles",
]
UPLOAD_MAX_BYTES = envint("UPLOAD_MAX_BYTES", 256 * 1024 * 1024)
# days until an upload that nobody imported is deleted
UPLOAD_KEEP_DAYS = envint("UPLOAD_KEEP_DAYS", 7)
# days until the rows that an import refused are deleted
REFUSED_KEEP_DAYS = envint("REFUSED_KEEP_DAYS", 30)

FILTERS_EMPTY_CHOICE_LABEL = _("All")
DJANGO_TABLES2_TEMPLATE = "components/_table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table table-vcenter card-table"}

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False

UNFOLD = {
    "SITE_TITLE": _("HR Suite"),
    "SITE_HEADER": _("HR Suite"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("img/logo.svg"),
    "STYLES": [lambda request: static("css/admin.css")],
    # the green of the pages
    "COLORS": {
        "primary": {
            "50": "oklch(98.4% .014 180.72)",
            "100": "oklch(95.3% .051 180.8)",
            "200": "oklch(91% .096 180.43)",
            "300": "oklch(85.5% .138 181.07)",
            "400": "oklch(77.7% .152 181.91)",
            "500": "oklch(60% .118 184.7)",
            "600": "oklch(51.1% .096 186.39)",
            "700": "oklch(43.7% .078 188.22)",
            "800": "oklch(38.6% .063 188.42)",
            "900": "oklch(32% .054 190)",
            "950": "oklch(27.7% .046 192.52)",
        }
    },
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/logo.svg")}],
    "SHOW_HISTORY": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"django.db.backends": {"level": "INFO"}},
}
