"""Django's settings, built from the declared ones (`hutong.kernel.settings`)."""

from typing import Any

from hutong.kernel import settings as declared
from hutong.project import keys
from hutong.project.database import databases
from hutong.project.security import *  # noqa: F403 - headers, sessions, passwords: one file of their own

HOME = declared.home()
DEBUG = False
SECRET_KEY = keys.secret_key(HOME)
ALLOWED_HOSTS = [each.strip() for each in str(declared.value("HUTONG_HOSTS")).split(",") if each.strip()]

CAPABILITIES = [
    "cockpit",
    "indicators",
    "onemap",
    "posture",
    "portal",
    "market",
    "privacy",
    "exchange",
    "docking",
    "catalog",
    "lake",
    "ledger",
    "accounts",
    "packs",
    "ui",
    "kernel",
]
INSTALLED_APPS = [
    "hutong.project",
    "hutong.demo",
    *(f"hutong.{name}" for name in CAPABILITIES),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "hutong.accounts.adminsite.HutongAdminConfig",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "hutong.accounts.middleware.border",
    "hutong.project.middleware.errors",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hutong.kernel.language.middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hutong.project.middleware.readable",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hutong.accounts.middleware.sessions",
    "hutong.accounts.middleware.acting",
    "hutong.accounts.middleware.rates",
    "axes.middleware.AxesMiddleware",
    "hutong.project.middleware.methods",
]
ROOT_URLCONF = "hutong.project.urls"
WSGI_APPLICATION = "hutong.project.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "hutong.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hutong.ui.context.page",
            ],
        },
    }
]
DATABASES = databases(HOME)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "hutong.ui.vendor.VendorFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refused": {"()": "hutong.project.logs.Refused"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refused"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
