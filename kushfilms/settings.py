"""Settings, all from the environment. Names follow the owner's (SPEC, section 6).

`ENVIRONMENT` is `production` unless it says otherwise, so a forgotten variable fails safe:
`kushfilms.core.checks` then refuses to start on a missing or placeholder secret.
"""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import environ
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from kushfilms.core.logs import logging_settings
from kushfilms.core.redis_connection import BreakerConnection

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

if "ENVIRONMENT" not in env.ENVIRON and (BASE_DIR / ".local" / "env").exists():
    # `manage.py` typed by hand beside a running `make run` finds the same stack.
    env.read_env(str(BASE_DIR / ".local" / "env"))

ENVIRONMENT = env.str("ENVIRONMENT", default="production")
NOT_PRODUCTION = {"development", "embedded", "test"}
ENVIRONMENTS = NOT_PRODUCTION | {"production", "staging"}
# Staging follows the rules of production. So does an unknown name, which the checks refuse.
PRODUCTION = ENVIRONMENT not in NOT_PRODUCTION
DEBUG = env.bool("DEBUG", default=False)
LOCAL_DIR = Path(env.str("LOCAL_DIR", default=str(BASE_DIR / ".local")))

SECRET_KEY = env.str("SECRET_KEY", default="")
FRONTEND_URL = env.str(
    "FRONTEND_URL", default="" if PRODUCTION else "http://127.0.0.1:8000"
).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS", default=[FRONTEND_URL] if FRONTEND_URL else []
)

INSTALLED_APPS = [
    "kushfilms.core",
    "accounts",
    "djstripe",
    "billing",
    "catalog",
    "streaming",
    "kushfilms.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "csp",
]
if ENVIRONMENT in {"embedded", "test"}:
    # The demo app has logins with public passwords, so only these environments install it.
    if find_spec("dev") is None:
        raise ImproperlyConfigured(
            f"ENVIRONMENT={ENVIRONMENT} needs the `dev` folder of the repository, which is not "
            "part of a production installation. Use ENVIRONMENT=production, or copy the folder."
        )
    INSTALLED_APPS.append("dev.demo")

MIDDLEWARE = [
    "kushfilms.core.context.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kushfilms.core.page_middleware.PageSecurityPolicy",
    "kushfilms.core.middleware.PermissionsPolicyMiddleware",
    "kushfilms.core.middleware.TextCompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kushfilms.core.client_ids.ClientMiddleware",
    "kushfilms.core.private_answers.PrivateByDefault",
    "kushfilms.core.page_middleware.PageSession",
    "kushfilms.core.page_middleware.PageLocale",
    "kushfilms.core.page_middleware.PageCsrf",
    "kushfilms.core.page_middleware.PageAuthentication",
    "accounts.auth.middleware.PrincipalMiddleware",
    "kushfilms.core.page_middleware.PageMessages",
    "kushfilms.core.page_middleware.PageFrames",
    "kushfilms.error_pages.PageErrorMiddleware",
]

ROOT_URLCONF = "kushfilms.urls"
WSGI_APPLICATION = "kushfilms.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "kushfilms.core.site_context.site",
                "accounts.context_processors.viewer",
            ],
        },
    },
]

# ── Truth ───────────────────────────────────────────────────────────────────────────────
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///kushfilms")}
DATABASES["default"].update(
    ENGINE="kushfilms.core.db.postgresql",
    ATOMIC_REQUESTS=False,  # transactions are short and live in services
    CONN_HEALTH_CHECKS=True,
    CONN_MAX_AGE=60,
    OPTIONS={
        **DATABASES["default"].get("OPTIONS", {}),
        "connect_timeout": 3,
        # To notice a network that drops packets; for a hanging server see postgresql.monitor.
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        # Uses after which the server keeps a statement's plan (`prepared_cursor`). 0: never, as
        # behind a pooler in transaction mode without support for prepared statements.
        "prepare_threshold": env.int("DATABASE_PREPARE_AFTER", default=5) or None,
        # A request that waits longer than this for a row gets an error. Prepared statements are
        # planned once, for any values: planning a search takes four times as long as running it.
        # All other statements are planned for their values.
        "options": "-c statement_timeout=30000 -c lock_timeout=10000"
        " -c plan_cache_mode=force_generic_plan",
    },
)

# ── What may be lost ────────────────────────────────────────────────────────────────────
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kush",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
            # A pickle would run the code of whatever has write access to Redis.
            "CONNECTION_POOL_KWARGS": {"connection_class": BreakerConnection},
            "SERIALIZER": "kushfilms.core.cache_json.JSONSerializer",
            # Redis may vanish at any moment: a cache that cannot answer is a miss.
            "IGNORE_EXCEPTIONS": True,
        },
    }
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

# Memory of each web process for public responses and parts of responses
# (docs/adr/0007-public-reads.md); 0: none. 10,000 details take 16 MiB.
PUBLIC_CACHE_BYTES = env.int("PUBLIC_CACHE_BYTES", default=24 * 1024**2)

# ── Storage: Cloudflare R2, or anything that speaks S3 ──────────────────────────────────
R2_ENDPOINT = env.str("R2_ENDPOINT", default="")
# The endpoint for uploads from browsers, where that differs from the servers' endpoint.
R2_PUBLIC_ENDPOINT = env.str("R2_PUBLIC_ENDPOINT", default=R2_ENDPOINT)
R2_ACCESS_KEY_ID = env.str("R2_ACCESS_KEY_ID", default="")
R2_SECRET_ACCESS_KEY = env.str("R2_SECRET_ACCESS_KEY", default="")
R2_BUCKET_NAME = env.str("R2_BUCKET_NAME", default="kushfilms")
# The host of media for players and browsers. Empty: this site's own edge view serves them.
CDN_URL = env.str("CDN_URL", default="").rstrip("/")
# `kid:secret` pairs, comma separated; the first signs, all verify. To rotate, put the new pair in
# front and drop the old one when its last token has expired.
CDN_SIGN_SECRET = env.str("CDN_SIGN_SECRET", default="")

# ── People ──────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
# E-mails are unique by a constraint on their lower case, which this check does not look for.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "accounts.auth.hashers.OwaspArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Hashes at once in one web process; with one process per core (operators.md) that is all cores.
PASSWORD_HASHES_AT_ONCE = env.int("PASSWORD_HASHES_AT_ONCE", default=1)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.auth.password_rules.VisiblePasswordValidator"},
    {"NAME": "accounts.auth.password_rules.GuessablePasswordValidator"},
]
# In its own cookie: a viewer without a message has none, and no session is read.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
JWT_ACCESS_SECRET = env.str("JWT_ACCESS_SECRET", default="")
JWT_REFRESH_SECRET = env.str("JWT_REFRESH_SECRET", default="")
ACCESS_TOKEN_LIFETIME = timedelta(minutes=15)
REFRESH_TOKEN_LIFETIME = timedelta(days=7)
WEB_SESSION_LIFETIME = timedelta(days=30)
# An app's sign-in ends at this age, however often it is refreshed (ASVS 7.3.2).
APP_SESSION_LONGEST = timedelta(days=env.int("APP_SESSION_LONGEST_DAYS", default=180))
# Time between the request to delete an account and its deletion, to change one's mind.
ACCOUNT_DELETION_GRACE = timedelta(days=14)
# The date of the current terms and privacy notice, which a consent records.
LEGAL_TEXTS_VERSION = "2026-11-21"
# How long a deleted film, with its original, can be restored.
DELETED_FILMS_KEPT = timedelta(days=30)
# No page counts visits yet, so no page asks for consent to it.
VISITS_COUNTED = False

# Staff without a second factor have no access to the back office.
STAFF_TOTP_REQUIRED = env.bool("STAFF_TOTP_REQUIRED", default=PRODUCTION)

# The cookie holds only the signed id of our Session row, and the row decides whether it is valid,
# so a sign-out or a ban ends it everywhere (docs/adr/0002-sessions.md).
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = int(WEB_SESSION_LIFETIME.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
# A browser restricts a cookie of this prefix to its host, `/` and HTTPS (ASVS 3.3.3).
_HOST_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_HOST_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{_HOST_PREFIX}csrftoken"
# The known device of `accounts.services.known_devices`, and the id of the client
# (`kushfilms.core.client_ids`).
DEVICE_COOKIE_NAME = f"{_HOST_PREFIX}device"
CLIENT_COOKIE_NAME = f"{_HOST_PREFIX}client"
LANGUAGE_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kushfilms.error_pages.csrf_failure"
# Number of our own proxies in front; only as many hops of X-Forwarded-For are trusted.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# The header of our CDN with the client's country, `CF-IPCountry` at Cloudflare. Empty: unknown.
# Set it only where no client can reach us except through the CDN.
COUNTRY_HEADER = env.str("COUNTRY_HEADER", default="")
# The country of the chart on the home page, ISO 3166 alpha-2.
HOME_COUNTRY = "UG"

PAYMENT_ORIGINS = env.list(
    "PAYMENT_ORIGINS",
    default=["https://checkout.stripe.com", "https://billing.stripe.com"],
)
_MEDIA_ORIGINS = [origin for origin in (CDN_URL, R2_PUBLIC_ENDPOINT) if origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_MEDIA_ORIGINS],
        "media-src": ["'self'", "blob:", *_MEDIA_ORIGINS],
        "connect-src": ["'self'", *_MEDIA_ORIGINS],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        # This also applies to a form that redirects to the payment service.
        "form-action": ["'self'", *PAYMENT_ORIGINS],
        "frame-ancestors": ["'none'"],
    }
}

# Origins of web apps that call the API with bearer tokens; `*` for every origin.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])

# ── API ─────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "accounts.api.authentication.SiteSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_PARSER_CLASSES": ["kushfilms.core.api.parsers.LimitedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["kushfilms.core.api.renderers.FastJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["kushfilms.core.api.throttles.DefaultLimit"],
    "EXCEPTION_HANDLER": "kushfilms.core.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kush Films API",
    "DESCRIPTION": "Films, viewers and playback for phones, TVs and the web.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Several models have a "status"; these are the schema's names of their enums.
    "ENUM_NAME_OVERRIDES": {
        "PlanEnum": "billing.models.Plan",
        "PaidPlanEnum": "billing.api.serializers.PAID_PLANS",
        "SubscriptionStatusEnum": "billing.models.SubscriptionStatus",
        "PaymentStatusEnum": "billing.models.PaymentStatus",
        "NotificationTypeEnum": "accounts.models.NotificationType",
        "MovieKindEnum": "catalog.models.MovieKind",
        "VideoKindEnum": "streaming.models.AssetKind",
        "VideoStatusEnum": "streaming.models.AssetStatus",
        "ReportStatusEnum": "catalog.models.ReportState",
        "TakedownStatusEnum": "catalog.models.TakedownStatus",
    },
    "SWAGGER_UI_DIST": "SIDECAR",  # from our own static files, not from a CDN
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PREPROCESSING_HOOKS": ["kushfilms.core.api.schema.ours_only"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kushfilms.core.api.schema.describe_errors",
        "kushfilms.core.api.examples.give_examples",
    ],
}
# Requests per window, by scope (SPEC, section 3).
THROTTLE_RATES = {
    # Sign-in (accounts.services.lock_out), per account: tries of a network, failures of a client,
    # failures of all clients before unknown ones take turns.
    "login": "5/60",
    "login_failures": "10/900",
    "login_account": "20/3600",
    # Over all accounts: failures of a client, of a network's clients without an id of ours that
    # is an hour old, and of a network.
    "login_client": "30/900",
    "login_strangers": "100/900",
    "login_network": "1000/900",
    "forgot": "5/3600",  # per network and account
    "forgot_network": "2000/3600",  # over all accounts
    "forgot_mails": "3/3600",  # mails to one account, from all clients
    "link": "30/900",  # tries of a client to use a link from a mail
    "verify_resend": "3/3600",
    "email_change": "5/3600",  # new addresses of one person
    # The current password typed by a signed-in person: per sign-in, and over all their sign-ins.
    "password": "5/300",
    "password_account": "20/300",
    # Accounts made by one client. THROTTLE_CEILINGS bounds its whole network.
    "register": "20/3600",
    "client_ids": "20/3600",
    # Codes requested by one client within the life of a code.
    "device_code": "60/900",
    # Codes that one person may look up: enough for typing errors, too few for guessing.
    "device_code_tries": "20/900",
    "movies": "100/60",
    "comments": "10/60",
    "avatars": "10/3600",
    # Signed URLs for avatars, of which some are never used.
    "avatar_uploads": "20/3600",
    "keeping": "120/60",
    "ratings": "30/60",
    "shares": "30/60",
    # Counted shares of one film from one address, which thousands of people may share.
    "share_address": "60/3600",
    "reports": "30/3600",
    "takedowns": "10/3600",
    # Mails to one mailbox, and to all; further ones wait.
    "mail_recipient": "20/3600",
    "mail_all": "20000/3600",
    "admin_videos": "20/60",
    "export": "5/86400",
    "checkout": "30/3600",
    "anonymous": "100/900",
    "signed_in": "1200/900",
}
# Multiples of a client's limit for its network: for all clients without an id of ours that is an
# hour old, and for all clients. Thousands of people are behind one address of a carrier.
THROTTLE_CEILINGS = {
    "strangers": env.int("THROTTLE_STRANGERS", default=25),
    "network": env.int("THROTTLE_NETWORK", default=200),
}

# ── Background work ─────────────────────────────────────────────────────────────────────
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Workers log as `LOGGING` configures, not in Celery's own format.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"streaming.tasks.work_encode": {"queue": "encode"}}
# Wake-ups may be lost, so no process waits long for a broker that hangs.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "socket_keepalive": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
# Longest time until a lost wake-up or a dead worker's expired lease is noticed.
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=10.0)
CELERY_BEAT_SCHEDULE = {
    "core-sweep-jobs": {"task": "kushfilms.core.tasks.sweep_jobs", "schedule": SWEEP_SECONDS},
    "accounts-end-bans": {"task": "accounts.tasks.end_bans", "schedule": 60.0},
    "accounts-sweep-grants": {"task": "accounts.tasks.sweep_grants", "schedule": 3600.0},
    "accounts-sweep-avatar-uploads": {
        "task": "accounts.tasks.sweep_avatar_uploads",
        "schedule": 3600.0,
    },
    "billing-send-plan-reminders": {
        "task": "billing.tasks.send_plan_reminders",
        "schedule": 3600.0,
    },
    "billing-reconcile": {"task": "billing.tasks.reconcile", "schedule": 24 * 3600.0},
    "catalog-count-plays": {"task": "catalog.tasks.count_plays", "schedule": 30.0},
    "catalog-compute-trends": {"task": "catalog.tasks.compute_trends", "schedule": 300.0},
    "catalog-relate-movies": {"task": "catalog.tasks.relate_movies", "schedule": 6 * 3600.0},
    "catalog-schedule": {"task": "catalog.tasks.sweep_schedule", "schedule": SWEEP_SECONDS},
    "catalog-remove-deleted": {
        "task": "catalog.tasks.remove_deleted_movies",
        "schedule": 3600.0,
    },
    "streaming-sweep": {"task": "streaming.tasks.sweep_work", "schedule": SWEEP_SECONDS},
    "streaming-sweep-storage": {"task": "streaming.tasks.sweep_storage", "schedule": 300.0},
    "streaming-sweep-sources": {
        "task": "streaming.tasks.sweep_sources",
        "schedule": 24 * 3600.0,
    },
    "streaming-publish-revocations": {
        "task": "streaming.tasks.publish_revocations",
        "schedule": 60.0,
    },
}

# ── Plans ───────────────────────────────────────────────────────────────────────────────
# A month's price in minor units (cents).
PLAN_CURRENCY = env.str("PLAN_CURRENCY", default="USD")
PLAN_PRICES = {
    "BASIC": env.int("PLAN_PRICE_BASIC", default=299),
    "PREMIUM": env.int("PLAN_PRICE_PREMIUM", default=499),
}

# ── Money ────────────────────────────────────────────────────────────────────────────────
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_LIVE_MODE = STRIPE_SECRET_KEY.startswith(("sk_live", "rk_live"))
# Comma separated; all verify, so that a secret can be rotated without losing an event.
STRIPE_WEBHOOK_SECRET = env.list("STRIPE_WEBHOOK_SECRET", default=[])
# Price ids of a plan, comma separated; the first is sold, all are recognised.
STRIPE_PRICE_BASIC = env.list("STRIPE_PRICE_BASIC", default=[])
STRIPE_PRICE_PREMIUM = env.list("STRIPE_PRICE_PREMIUM", default=[])
if _stripe_host := env.str("STRIPE_API_HOST", default=""):
    STRIPE_API_HOST = _stripe_host  # the sandbox's; dj-stripe checks whether the name exists
    SILENCED_SYSTEM_CHECKS.append("djstripe.W002")
# The version that dj-stripe declares, set here because its client would otherwise override it;
# webhooks use the same version.
STRIPE_API_VERSION = "2026-05-27.dahlia"
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
# dj-stripe's 600 migration steps take over a minute of processor time on an empty database, in
# every test worker. Ours is one step to the same tables; `makemigrations djstripe` writes the
# difference after an upgrade, and its check runs in the tests.
MIGRATION_MODULES = {"djstripe": "billing.stripe_tables.migrations"}
# Days that films stay open after a renewal failed or its event did not arrive.
BILLING_GRACE_DAYS = env.int("BILLING_GRACE_DAYS", default=7)
# Days of a free trial, once per person; 0: none.
BILLING_TRIAL_DAYS = env.int("BILLING_TRIAL_DAYS", default=0)

# ── Encoding ────────────────────────────────────────────────────────────────────────────
ENCODE_LEASE_SECONDS = env.int("ENCODE_LEASE_SECONDS", default=45)
ENCODE_MAX_ATTEMPTS = env.int("ENCODE_MAX_ATTEMPTS", default=6)
ENCODE_WORK_DIR = Path(env.str("ENCODE_WORK_DIR", default=str(LOCAL_DIR / "work")))
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=50 * 1024**3)
UPLOAD_SINGLE_PUT_BYTES = 64 * 1024**2
UPLOAD_LIFETIME = timedelta(days=3)

# ── Playback ────────────────────────────────────────────────────────────────────────────
HEARTBEAT_SECONDS = env.int("HEARTBEAT_SECONDS", default=30)
# A token outlives the film by this much, for pauses; heartbeats also renew it.
STREAM_TOKEN_GRACE_SECONDS = env.int("STREAM_TOKEN_GRACE_SECONDS", default=7200)
# Concurrent streams by plan. A stream counts while its last heartbeat is younger than three beats.
STREAM_LIMITS = {"FREE": 1, "BASIC": 2, "PREMIUM": 4}

# Price of a megabyte for a viewer who has not set their bundle price: UCC's figures of December
# 2024, about UGX 10,000 a month for 5 GB.
DATA_UGX_PER_MB = env.float("DATA_UGX_PER_MB", default=2.0)

# ── Languages, times, files ─────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("lg", "Luganda"), ("sw", "Kiswahili")]
# Django does not include Luganda.
LANG_INFO["lg"] = {"bidi": False, "code": "lg", "name": "Luganda", "name_local": "Luganda"}
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["kushfilms.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
DISPLAY_TIME_ZONE = "Africa/Kampala"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# Files with a hash in their name never change: Django's, and esbuild's chunks.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-](?:[0-9a-f]{12}|[0-9A-Z]{8})\.[a-z0-9]+$"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
# Threads of each web process that make responses; waiting for clients takes none.
WEB_THREADS = env.int("WEB_THREADS", default=2)
# Seconds in which a body must arrive, plus a second for each 16 KiB of it.
REQUEST_BODY_SECONDS = env.float("REQUEST_BODY_SECONDS", default=20.0)

# ── Mail ────────────────────────────────────────────────────────────────────────────────
FROM_EMAIL = env.str("FROM_EMAIL", default="noreply@kushfilms.com")
# Address of our support.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="help@kushfilms.com")
DEFAULT_FROM_EMAIL = f"Kush Films <{FROM_EMAIL}>"
AWS_SES_REGION = env.str("AWS_SES_REGION", default="")
EMAIL_TIMEOUT = 20
if PRODUCTION:
    EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    ANYMAIL = {"AMAZON_SES_CLIENT_PARAMS": {"region_name": AWS_SES_REGION}}
else:
    # Sent mail is shown at /outbox, and stored in files.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = LOCAL_DIR / "outbox"

LOGGING = logging_settings(json_lines=PRODUCTION)
