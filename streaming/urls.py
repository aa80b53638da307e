"""Media of the embedded run (a CDN's in production)."""

from django.urls import re_path

from streaming import edge

urlpatterns = [
    re_path(r"^hls/(?P<token>[^/]+)/(?P<name>.+)\Z", edge.hls, name="hls"),
    re_path(r"^public/(?P<name>.+)\Z", edge.public, name="public"),
]
