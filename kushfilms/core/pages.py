"""How pages may be kept: by the viewer's own browser, which asks each time and gets a 304."""

from django.views.decorators.cache import cache_control

page_cache = cache_control(private=True, no_cache=True)
