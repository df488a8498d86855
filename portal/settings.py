"""Django settings. What differs between installations comes from portal.env."""

import os
import sys

from portal import env, mail_url

BASE_DIR = env.ROOT
DEBUG = env.flag("CROSSDOCK_DEBUG")
SECRET_KEY = env.kept_secret("CROSSDOCK_SECRET_KEY", "secret-key")
SECRET_ENCRYPTION_KEYS = env.listing("CROSSDOCK_ENCRYPTION_KEYS") or [
    env.kept_secret("CROSSDOCK_ENCRYPTION_KEY", "encryption-key")
]
ALLOWED_HOSTS = env.listing("CROSSDOCK_HOSTS", "*")
PLATFORM_NAME = "Crossdock"
PLATFORM_DOMAIN = os.environ.get("CROSSDOCK_DOMAIN", "localhost")
WEB_PORT = int(os.environ.get("CROSSDOCK_PORT", "8000"))
ALLOWED_NETWORKS = env.listing("CROSSDOCK_ALLOWED_NETWORKS")
ALLOWED_FILES = env.listing("CROSSDOCK_ALLOWED_FILES")
# Where partners' own domains lead to, whom to ask what they say, and who asks for certificates:
# see docs/domains.md.
EDGE_NAME = os.environ.get("CROSSDOCK_EDGE", f"edge.{PLATFORM_DOMAIN}").lower()
EDGE_ADDRESSES = env.listing("CROSSDOCK_EDGE_ADDRESSES")
DNS_SERVERS = env.listing("CROSSDOCK_DNS")
TLS_PORT = 443
TLS_ASK_FROM = env.listing("CROSSDOCK_TLS_ASK_FROM", "127.0.0.0/8,::1/128")

# Both sides keep people and sessions of their own: the platform console in public, each partner in
# its schema, so that a session never crosses.
_BOTH_SIDES = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "portal.accounts",
    "auditlog",
    "portal.audit",
    "billing",  # a partner bills its customers, and the platform its partners
]
SHARED_APPS = [
    "django_tenants", "portal.tenants", "portal.jobs", "django_q", "portal.console", *_BOTH_SIDES,
]  # fmt: skip
TENANT_APPS = [
    *_BOTH_SIDES,
    "portal.customers",
    "portal.support",
    "integrations",
    "monitoring",
    "portal.webhooks",
    "portal.privacy",
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *[app for app in TENANT_APPS if app not in SHARED_APPS],
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "django.forms",
    "django_htmx",
    "template_partials",
    "rules",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "portal.pages",
    "portal.api",
]
TENANT_MODEL = "tenants.Partner"
TENANT_DOMAIN_MODEL = "tenants.Domain"
PUBLIC_SCHEMA_URLCONF = "portal.urls_platform"
ROOT_URLCONF = "portal.urls"
DATABASES = {"default": env.database()}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = (
    True  # the search path is set once per schema and connection, not per cursor
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.pages.middleware.BrowserRules",  # around everything: files and refusals have them too
    "whitenoise.middleware.WhiteNoiseMiddleware",  # before the partner: a file costs no query
    "portal.tenants.middleware.CertificateAsked",  # whoever asks knows no site's name
    "portal.tenants.middleware.PartnerByHost",
    "portal.tenants.middleware.PrimaryHost",
    "portal.pages.middleware.KeptByNobody",
    "portal.api.middleware.RequestIds",
    "portal.pages.middleware.OpenForBusiness",
    "portal.pages.middleware.ReadableRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.middleware.SessionsInUse",
    "portal.support.middleware.ActingForCustomers",  # before rights and rows: they are the customer's
    "portal.api.middleware.ApiTokens",  # after it: a token has no session
    "portal.accounts.middleware.PermissionRequired",
    "portal.accounts.middleware.SecondStepWhereAsked",  # before the row limit: it asks who has one
    "portal.accounts.middleware.RowsOfTheirs",
    "portal.pages.middleware.NotForAll",
    "portal.pages.middleware.ReadersManner",
    "portal.audit.middleware.WhoActs",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context.shell",
            ]
        },
    }
]
WSGI_APPLICATION = "portal.wsgi.application"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.EmailBackend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds; mails say "an hour"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "portal.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("CROSSDOCK_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
# A year, for the asked host alone: hosts below it are the partner's to decide about.
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.pages.views.errors.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # of customers' pages; staff read English
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.core.plotly_script.PackagedScript",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/plotly-[0-9a-f]{16}\.min\.js$"
WHITENOISE_AUTOREFRESH = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a mapping of 1,000 rows, a contract of 300 fields
# A file of the largest size, and the form around it.
PAGES_MAX_BODY = DATA_UPLOAD_MAX_MEMORY_SIZE + 64 * 1024
DOOR_MAX_BODY = 10 * 1024 * 1024  # bytes; a larger document is answered 413

# The queue only wakes workers; PostgreSQL holds the work. save_limit must stay -1: with any other
# value each finished task locks every stored success.
Q_CLUSTER = {
    "name": "crossdock",
    "workers": int(os.environ.get("CROSSDOCK_WORKERS", "4")),
    "timeout": 240,
    "retry": 300,
    "max_attempts": 1,
    "ack_failures": True,
    "poll": 0.05,
    "bulk": 4,
    "queue_limit": 8,
    "recycle": 2000,
    "save_limit": -1,
    "catch_up": False,
    "label": "Jobs",
}
if redis_url := os.environ.get("CROSSDOCK_REDIS_URL"):
    Q_CLUSTER["redis"] = redis_url
else:
    Q_CLUSTER["orm"] = "default"

_mail = mail_url.read(os.environ.get("CROSSDOCK_EMAIL_URL", ""))
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.tls, _mail.ssl
EMAIL_FILE_PATH = _mail.folder
EMAIL_TIMEOUT = 10  # seconds: somebody waits for the page
MAIL_FROM = os.environ.get("CROSSDOCK_EMAIL_FROM", "")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.accounts.rules.DeniedUnlessDeclared"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# No name of ours and no host: the document is the partner's.
SPECTACULAR_SETTINGS = {
    "TITLE": "API",
    "DESCRIPTION": "Everything the pages can do. Begin with the page “How to begin”.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["portal.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": ["portal.api.schema.with_headers"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
AUDITLOG_DISABLE_REMOTE_ADDR = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
LOGGING_CONFIG = None
# Both off unless they are set: see docs/observability.md.
METRICS_TOKEN = os.environ.get("CROSSDOCK_METRICS_TOKEN", "")
TRACES_URL = os.environ.get("CROSSDOCK_TRACES_URL", "")
TRACES_SERVICE = os.environ.get("CROSSDOCK_TRACES_SERVICE", "crossdock")
LOG_JSON = env.flag("CROSSDOCK_LOG_JSON", default=not sys.stderr.isatty())
