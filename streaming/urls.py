"""Media of the embedded run (a CDN's in production) and the watch page."""

from django.urls import path, re_path

from streaming import edge, views

urlpatterns = [
    path("watch/<slug:slug>", views.watch, name="watch"),
    re_path(r"^hls/(?P<token>[^/]+)/(?P<name>.+)$", edge.hls, name="hls"),
    re_path(r"^public/(?P<name>.+)$", edge.public, name="public"),
]
