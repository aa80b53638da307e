"""URLs of pages that belong to no app."""

from django.urls import path

from kushfilms.core.views import about, preferences, pwa

urlpatterns = [
    path("about", about.about, name="about"),
    path("contact", about.contact, name="contact"),
    path("preferences", preferences.preferences, name="preferences"),
    path("offline", pwa.offline, name="offline"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service-worker"),
    path("favicon.ico", pwa.favicon, name="favicon"),
    path("robots.txt", about.robots, name="robots"),
    path("styleguide", about.styleguide, name="styleguide"),
]
