"""Pages of no app."""

from django.urls import path

from kushfilms.core.views import preferences, shell, words

urlpatterns = [
    path("about", words.about, name="about"),
    path("contact", words.contact, name="contact"),
    path("preferences", preferences.preferences, name="preferences"),
    path("offline", shell.offline, name="offline"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.service_worker, name="service-worker"),
    path("favicon.ico", shell.favicon, name="favicon"),
    path("robots.txt", words.robots, name="robots"),
    path("styleguide", words.styleguide, name="styleguide"),
]
