"""Django's settings. Importing them makes nothing: no directory, no file, no connection."""

from __future__ import annotations

import os
import secrets as random
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from anze.cli.home import CHECKOUT, current_home

HOME = current_home()
_secrets = HOME.secrets()

DEBUG = False
SECRET_KEY = _secrets.get("secret_key") or random.token_urlsafe(32)
ALLOWED_HOSTS = [
    name for name in os.environ.get("ANZE_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name
]
_https = os.environ.get("ANZE_HTTPS") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS if _https]

CATALOGUE_DIR = CHECKOUT / "catalogue"
ATTACHMENTS_DIR = HOME.attachments
POSITIONS_DIR = HOME.positions
# Months that positions are kept; fewer than the rule asks for are refused.
POSITION_MONTHS = int(os.environ.get("ANZE_POSITION_MONTHS", "6"))
LARGEST_ATTACHMENT = 50 * 1024 * 1024


def _embedded(user: str, password: str) -> dict[str, Any]:
    return {
        "HOST": str(HOME.socket),
        "PORT": "5432",
        "NAME": "anze",
        "USER": user,
        "PASSWORD": _secrets.get(password, ""),
    }


def _external(url: str) -> dict[str, Any]:
    parts: dict[str, Any] = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    return {
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "NAME": parts.pop("dbname", "anze"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "OPTIONS": parts,
    }


def _database(variable: str, user: str, password: str) -> dict[str, Any]:
    url = os.environ.get(variable)
    return {
        "ENGINE": "django.db.backends.postgresql",
        **(_external(url) if url else _embedded(user, password)),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }


# `default` is bound by row-level security. `owner` is not: migrations, backup, restore, and the job that
# moves days of positions into files.
DATABASES = {
    "default": _database("DATABASE_URL", "anze_app", "app_password"),
    "owner": _database("ANZE_OWNER_URL", "anze_owner", "owner_password"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "procrastinate.contrib.django",
    "anze.records.journal",
    "anze.records.tenants",
    "anze.records.key_periods",
    "anze.records.demands",
    "anze.records.health",
    "anze.records.people",
    "anze.records.signatures",
    "anze.records.fleet",
    "anze.records.evidence",
    "anze.records.confirmations",
    "anze.records.duties",
    "anze.records.reminders",
    "anze.records.handovers",
    "anze.records.imports",
    "anze.records.assessments",
    "anze.web.ui",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "anze.jobs.tasks",
    "anze.jobs.chains",
    "anze.jobs.estimates",
    "anze.jobs.positions",
    "anze.jobs.reminders",
    "anze.jobs.uplink",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anze.api.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anze.config.headers.ContentSecurityPolicy",
    "anze.web.middleware.ActingMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "anze.config.urls"
WSGI_APPLICATION = "anze.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((CHECKOUT / "anze" / "web").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [path for path in [CHECKOUT / "anze" / "web" / "static"] if path.is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/signin/"
CSRF_FAILURE_VIEW = "anze.web.ui.errors.csrf_failure"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "anze.web.signin.pages.locked_out"
AXES_VERBOSE = False
# django-axes keeps what was typed beside a failure; passwords are masked by itself.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "old", "new", "again"]

# Everybody may switch on a second factor; officers and the administrator can be made to.
SECOND_FACTOR_REQUIRED = os.environ.get("ANZE_SECOND_FACTOR") == "required"
OTP_TOTP_ISSUER = "安责"

SESSION_COOKIE_NAME = "anze_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Where links in messages lead; without it they carry none.
SITE = os.environ.get("ANZE_SITE", f"https://{ALLOWED_HOSTS[0]}" if _https else "").rstrip("/")

# Mail; without a host none is sent, and the pages say so.
EMAIL_HOST = os.environ.get("ANZE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("ANZE_SMTP_PORT", "465"))
EMAIL_HOST_USER = os.environ.get("ANZE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ANZE_SMTP_PASSWORD", "")
EMAIL_USE_SSL = os.environ.get("ANZE_SMTP_SECURITY", "ssl") == "ssl"
EMAIL_USE_TLS = os.environ.get("ANZE_SMTP_SECURITY", "ssl") == "starttls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("ANZE_MAIL_FROM", EMAIL_HOST_USER)

# Short messages: a program or an HTTP address of the installation's provider.
SMS_COMMAND = os.environ.get("ANZE_SMS_COMMAND", "")
SMS_URL = os.environ.get("ANZE_SMS_URL", "")
SMS_TOKEN = os.environ.get("ANZE_SMS_TOKEN", "")

# Webhooks reach the public internet over HTTPS; anything else has to be named here.
WEBHOOK_HTTP = os.environ.get("ANZE_WEBHOOK_HTTP") == "1"
WEBHOOK_NETWORKS = tuple(name for name in os.environ.get("ANZE_WEBHOOK_NETWORKS", "").split(",") if name)

FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
