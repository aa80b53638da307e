"""The URL map. Pages at the root, the JSON API below `/api/`, media below `/hls` and `/public`."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from kushfilms.core.health import healthz, readyz

API = [
    path("", include("accounts.api.urls")),
    path("", include("catalog.api.urls")),
    path("", include("streaming.api.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(API)),
    path("api/schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("catalog.urls")),
    path("", include("streaming.urls")),
]
if apps.is_installed("kushfilms.demo"):
    urlpatterns.append(path("", include("kushfilms.demo.urls")))

handler400 = "kushfilms.errors.bad_request"
handler403 = "kushfilms.errors.permission_denied"
handler404 = "kushfilms.errors.not_found"
handler500 = "kushfilms.errors.server_error"
