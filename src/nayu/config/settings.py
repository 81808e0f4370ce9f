"""Settings, all from the environment. Without any, an embedded SQLite under ./var serves."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from nayu.notices.domain import SMTP, MailSettings, MailSettingsWrong, mail_settings

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("NAYU_VAR", "var")).resolve()


def _secret_key() -> str:
    """From NAYU_SECRET_KEY, else one made once and kept under var/."""
    if key := os.environ.get("NAYU_SECRET_KEY"):
        return key
    kept = VAR / "secret_key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        kept.chmod(0o600)
    return kept.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("NAYU_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("NAYU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("NAYU_ORIGINS", "").split(",") if o]

# The sample city says so on every page, and its clock stands still.
SAMPLE_CITY = os.environ.get("NAYU_SAMPLE_CITY") == "1"
TODAY: date | None = (
    date.fromisoformat(os.environ["NAYU_TODAY"]) if os.environ.get("NAYU_TODAY") else None
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "nayu.db",
    "nayu.ui",
    "nayu.search",
    "nayu.jobs",
    "nayu.accounts",
    "nayu.audit",
    "nayu.agencies",
    "nayu.attachments",
    "nayu.approvals",
    "nayu.strategy",
    "nayu.projects",
    "nayu.budget",
    "nayu.coach",
    "nayu.publication",
    "nayu.allocation",
    "nayu.consultation",
    "nayu.workbooks",
    "nayu.notices",
    "nayu.documents",
    "nayu.portal",
    "nayu.practice",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nayu.config.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nayu.config.middleware.content_security_policy",
    "nayu.config.middleware.signed_out_parts",
    "nayu.config.middleware.person",
    "nayu.config.middleware.broken_rules",
    "nayu.config.middleware.body_limit",
]

ROOT_URLCONF = "nayu.config.urls"
WSGI_APPLICATION = "nayu.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nayu.config.context.frame",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'nayu.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A write transaction takes its lock when it begins, since SQLite has no row locks.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA foreign_keys=ON; PRAGMA cache_size=-64000;",
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Sample people have a known password; a fast hash keeps the sample city quick to build.
if SAMPLE_CITY or os.environ.get("NAYU_TESTS") == "1":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_ADAPTER = "nayu.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "nayu.config.refusals.csrf_failed"
LOGIN_REDIRECT_URL = "/my-work/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "th"
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
LANGUAGES = [("th", "ไทย"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "files"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"


def _mail() -> MailSettings:
    try:
        return mail_settings(
            os.environ,
            sample_city=SAMPLE_CITY,
            read=lambda path: Path(path).read_text(encoding="utf-8"),
        )
    except MailSettingsWrong as wrong:
        raise ImproperlyConfigured(str(wrong)) from None


MAIL = _mail()
# The sign-in's own mails (a forgotten password) leave by the same way.
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if MAIL.backend == SMTP else 'console'}.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = MAIL.host, MAIL.port, MAIL.timeout_seconds
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.tls == "starttls", MAIL.tls == "implicit"
DEFAULT_FROM_EMAIL = MAIL.sender

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
