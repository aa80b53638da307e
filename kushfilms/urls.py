"""The URL map. Pages at the root, the JSON API below `/api/`, media below `/hls` and `/public`."""

from django.contrib import admin
from django.urls import path

from kushfilms.core.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
