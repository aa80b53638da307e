"""URL map: pages at the root, the JSON API below `/api/`, media below `/hls` and `/public`."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.api.views import LoginView
from billing.api.views import CheckoutView
from billing.api.webhooks import StripeWebhookView
from catalog.api.views import MovieListView, MovieView
from kushfilms.core.health import healthz, readyz
from kushfilms.core.views.api_schema import SchemaView
from streaming.api.playback import ProgressView, StreamView

# Django tries one route after the other: heartbeats, the most frequent call of all, come first.
API = [
    path("", include("streaming.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("catalog.api.urls")),
    path("", include("billing.api.urls")),
]

# The older client contract of TVs (SPEC, section 3): the same views under other names.
TV_ALIASES = [
    path("auth/login", LoginView.as_view(), name="tv-login"),
    path("videos", MovieListView.as_view(), name="tv-videos"),
    path("videos/<str:reference>", MovieView.as_view(), name="tv-video"),
    path("videos/<str:reference>/play", StreamView.as_view(), name="tv-play"),
    path("videos/<str:reference>/progress", ProgressView.as_view(), name="tv-progress"),
    path("subscription/checkout", CheckoutView.as_view(), name="tv-checkout"),
    path("subscription/webhook", StripeWebhookView.as_view(), name="tv-webhook"),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(API)),
    path("api/webhooks/stripe", StripeWebhookView.as_view(), name="stripe-webhook"),
    path("api/", include(TV_ALIASES)),
    path("api/schema", SchemaView.as_view(), name="api-schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("", include("kushfilms.core.urls")),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("catalog.urls")),
    path("", include("streaming.urls")),
]
if apps.is_installed("dev.demo"):
    urlpatterns.append(path("", include("dev.demo.urls")))

handler400 = "kushfilms.error_pages.bad_request"
handler403 = "kushfilms.error_pages.permission_denied"
handler404 = "kushfilms.error_pages.not_found"
handler500 = "kushfilms.error_pages.server_error"
