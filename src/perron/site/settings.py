"""Django settings, derived from `perron.config`: nothing here reads the environment.

A page asks nothing of any third party: the content security policy names no host but this one.
"""

from __future__ import annotations

from datetime import timedelta
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
    "axes",
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
    # Below our own apps, whose templates win.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
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
    "perron.site.accounts.visits.Visits",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it replaces the answer to one attempt too many
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
# A clock and a list of requests for each process; what must hold across processes is in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "perron.site.accounts.backends.PeopleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"

# Accounts come by an invitation only (perron.site.accounts.services); the address signs in.
ACCOUNT_ADAPTER = "perron.site.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "perron.site.accounts.sign_in_forms.SignInForm",
    "change_password": "perron.site.accounts.sign_in_forms.ChangeForm",
    "set_password": "perron.site.accounts.sign_in_forms.SetForm",
    "reset_password": "perron.site.accounts.sign_in_forms.ResetForm",
    "reset_password_from_key": "perron.site.accounts.sign_in_forms.ResetKeyForm",
    "reauthenticate": "perron.site.accounts.sign_in_forms.AgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Perron : "
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme or "http"
MFA_ADAPTER = "perron.site.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "perron.site.accounts.sign_in_forms.CodeForm",
    "reauthenticate": "perron.site.accounts.sign_in_forms.CodeAgainForm",
    "activate_totp": "perron.site.accounts.sign_in_forms.ActivateForm",
    "add_webauthn": "perron.site.accounts.sign_in_forms.AddKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who invited vouches for the address
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Perron"
# A browser takes a key of http on loopback only: a demonstration, a trial.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _public.scheme != "https"

SOCIALACCOUNT_ADAPTER = "perron.site.accounts.adapters.OutsideAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "agence",
                "name": _config.oidc_name,
                "client_id": _config.oidc_client_id,
                "secret": _config.oidc_client_secret,
                "settings": {"server_url": _config.oidc_issuer.rstrip("/")},
            }
        ]
        if _config.oidc_issuer
        else [],
    }
}

# Five failures of one address from one place close the door for fifteen minutes. In the database, so
# that it holds whichever process answers; the password is never kept.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "perron.site.accounts.throttle.address_tried"
AXES_CLIENT_IP_CALLABLE = "perron.site.accounts.throttle.where_from"
AXES_LOCKOUT_CALLABLE = "perron.site.accounts.throttle.closed"
AXES_SENSITIVE_PARAMETERS = [
    "login",
    "email",
    "username",
    "ip_address",
    "next",
    "csrfmiddlewaretoken",
]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

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
        # It would write who tried, and from where.
        "axes": {"level": "ERROR"},
    },
}
