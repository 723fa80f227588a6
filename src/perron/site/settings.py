"""Django settings, derived from `perron.config`: nothing here reads the environment.

A page asks nothing of any third party: the content security policy names no host but this one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from perron.config import config
from perron.site.secret import secret_key
from perron.territory import territory

_config = config()
_site = Path(__file__).parent
_public = urlsplit(_config.public_url)
#: Loopback names are always answered: a reverse proxy and the health checks speak to them.
_loopback = ["127.0.0.1", "localhost", "[::1]"]

SECRET_KEY = secret_key(_config.home)
DEBUG = _config.debug
ALLOWED_HOSTS = [
    *_loopback,
    *_config.allowed_hosts,
    *([_public.hostname] if _public.hostname else []),
]
CSRF_TRUSTED_ORIGINS = [_config.public_url.rstrip("/")] if _public.scheme == "https" else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "perron.site.components",
    "perron.site.accounts",
    "perron.site.directory",
    "perron.site.ledger",
    "perron.site.economy",
    "perron.site.strategy",
    "perron.site.documents",
    "perron.site.operations",
    "perron.site.portal",
]

MIDDLEWARE = [
    "perron.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "perron.site.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "perron.site.middleware.MessageLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "perron.site.urls"
WSGI_APPLICATION = "perron.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_site / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "perron.site.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "perron.site.components.templatetags.perron"],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": dict(dj_database_url.parse(_config.database_url))
}
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the start of a
    # transaction, where deferred ones fail halfway (measured: docs/decisions/0003-databases.md).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
else:
    # What the address itself says (the host of a socket, sslmode) stays.
    _said = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {**_said, "pool": {"min_size": 1, "max_size": 8}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("English"))]
# French comes first by rule of typography only, then what the whole package shares.
LOCALE_PATHS = [_site / "locale", _site.parent / "locale"]
LANGUAGE_COOKIE_NAME = "perron_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = territory(_config.territory).timezone

STATIC_URL = "/static/"
STATICFILES_DIRS = [_site / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
# Files are served from where they are installed: no collection step, nothing to forget.
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = _config.media
MEDIA_URL = "/media/"

EMAIL_BACKEND = "perron.site.mail.Unsent"
EMAIL_TIMEOUT = 10
EMAIL_SUBJECT_PREFIX = ""
if _mail := _config.mail:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = _mail.sender

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "perron_session"
CSRF_FAILURE_VIEW = "perron.site.portal.views.stale_form"
CSRF_COOKIE_NAME = "perron_csrf"
CSRF_COOKIE_HTTPONLY = True
if _public.scheme == "https":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
if _config.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "perron.site.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": _config.log_level},
    "loggers": {
        # Each request is logged once, by our middleware, with its identifier and without address.
        "django.server": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}
