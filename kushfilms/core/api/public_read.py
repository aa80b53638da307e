"""Public reads: one representation for everyone, revalidated with an ETag."""

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

# Phones and edges keep the response but revalidate it every time: a change shows at once, and a
# 304 costs a viewer some 200 bytes.
PUBLIC_READ = "public, no-cache"


class PublicRead(APIView):
    # No docstring: drf-spectacular would copy it into the description of every subclass.
    #
    # No person is looked up, so all clients get the same bytes and a stale token does no harm.
    # `kept_in_memory`: the response depends only on its URL, the client's country, changes
    # notified on the channel `catalogue` and, with a minute's tolerance, the time and counters
    # (`kushfilms.core.public_cache`).

    kept_in_memory: ClassVar[bool] = False
    authentication_classes: list[type[BaseAuthentication]] = []

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Any:
        final: HttpResponse = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response) and final.status_code == 200:
            final["Cache-Control"] = PUBLIC_READ
            if settings.COUNTRY_HEADER:
                patch_vary_headers(final, [settings.COUNTRY_HEADER])

            def revalidate(rendered: HttpResponse) -> HttpResponse | None:
                """Set the ETag; return a 304 for a client that has these bytes already."""
                digest = hashlib.blake2b(rendered.content, digest_size=12).hexdigest()
                rendered["ETag"] = etag = f'"{digest}"'
                conditional: HttpResponse | None = get_conditional_response(
                    request._request, etag=etag, response=rendered
                )
                return conditional

            final.add_post_render_callback(revalidate)
        return final
