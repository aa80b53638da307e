"""Pages of signed-in people: one frame for all of them from memory, and each viewer's own parts.

A template marks the parts of a viewer with `{% personal "partials/….html" %}`. Everything else is
the frame. It is rendered without the viewer's request, so nothing personal can get into it, and is
kept until something that it shows changes. A visitor's page has no frame: it is kept whole
(`kushfilms.core.public_cache`).
"""

import secrets
import time
import zlib
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Template, loader
from django.template.context import make_context

from kushfilms.core.public_cache import SHOWN, Entry, Shown, process_memory
from kushfilms.core.public_cache.request_key import frame_key, headers_for_all

# Between the parts of a frame; no text of a viewer can contain it.
MARK = secrets.token_hex(16)
CSRF = "csrf"
# Name in the context of a frame, whose personal parts are marked instead of rendered.
FRAME = "is_frame"
Shared = Callable[[], tuple[dict[str, Any], Shown]]


class SignedIn:
    """The `viewer` of a frame: somebody is signed in, and nothing else is known."""


def shared_page(
    request: HttpRequest,
    name: str,
    *,
    signed_in: bool,
    shared: Shared,
    personal: dict[str, Any],
    framed: bool = True,
) -> HttpResponse:
    """Render a template of which signed-in viewers share the frame.

    `shared` makes the context of the frame from the request's URL and country alone; it is called
    only where memory does not have the page. `personal` is the context of the viewer's own parts.
    Without `framed`, the viewer gets a page that is rendered as a whole.
    """
    if signed_in and framed:
        parts = _frame(request, name, shared).split(MARK)
        parts[1::2] = _own_parts(request, name, parts[1::2], personal)
        return HttpResponse("".join(parts))
    context, request.META[SHOWN] = shared()
    return HttpResponse(loader.render_to_string(name, {**personal, **context}, request))


def mark(part: str) -> str:
    """Return the place of a part in a frame."""
    return f"{MARK}{part}{MARK}"


def _frame(request: HttpRequest, name: str, shared: Shared) -> str:
    """Return the frame from memory, or render it.

    In memory it is compressed to a quarter, in a tenth of a millisecond: every film has a frame.
    """
    memory = process_memory()
    generation = memory.changes.generation
    key = (FRAME, frame_key(request.META))
    entry = memory.entry(key) if generation is not None else None
    if entry is not None:
        return zlib.decompress(entry.value).decode()
    began = time.monotonic()
    context, shown = shared()
    bare = WSGIRequest(headers_for_all(request.META))  # without a session, so nobody's
    context |= {FRAME: True, "viewer": SignedIn(), "csrf_token": mark(CSRF)}
    frame = loader.render_to_string(name, context, bare)
    if generation is not None:
        packed = zlib.compress(frame.encode(), 1)
        memory.put(key, Entry(packed, len(packed), generation, began + shown.seconds, shown.tags))
    return frame


def _own_parts(
    request: HttpRequest, name: str, parts: list[str], personal: dict[str, Any]
) -> list[str]:
    """Return the viewer's own parts of a frame, each with the same context."""
    token = get_token(request)
    context = make_context({**personal, "csrf_token": token}, request)
    rendered = {CSRF: token}
    with context.bind_template(_template(name)):
        for part in parts:
            if part not in rendered:
                rendered[part] = part_render(part, context)
    return [rendered[part] for part in parts]


def part_render(part: str, context: Context) -> str:
    return _template(part).render(context)


def _template(name: str) -> Template:
    template: Template = loader.get_template(name).template  # type: ignore[attr-defined]  # Django's
    return template
