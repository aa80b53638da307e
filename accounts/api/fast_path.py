"""`auth/me` without Django (`kushfilms.core.fast_path`)."""

from collections.abc import Sequence

from accounts.api.serializers import ProfileOutput
from accounts.auth.principal import Principal
from accounts.selectors import profile_cached
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.fast_path.requests import FastRequest
from kushfilms.core.fast_path.routes import Answer, Route

# A serializer for each request would cost as much as writing it.
write_profile = ProfileOutput().to_representation


def me_answers(asked: Sequence[tuple[FastRequest, Principal]]) -> list[Answer]:
    return [json_bytes(write_profile(profile_cached(person))) for _, person in asked]


ROUTES = [Route("GET", "/api/v1/auth/me", "signed_in", "GET, HEAD, OPTIONS", me_answers)]
