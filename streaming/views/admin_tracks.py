"""What the film's page in the back office does to its tracks. Each answers with the page again."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from catalog.models import Movie
from catalog.selectors.admin import movie_for_staff
from kushfilms.core.body_guard.limits import FORM_BYTES, largest_body
from kushfilms.core.errors import InvalidInput, KushError
from streaming.encoding.captions import shown_text, stamp, write_vtt
from streaming.services.audio_uploads import audio_track_remove
from streaming.services.narrators import narrator_set
from streaming.services.subtitles import (
    MOST_BYTES,
    subtitle_add,
    subtitle_preview,
    subtitle_remove,
)
from streaming.services.trailers import trailer_remove

PREVIEWED = 10


def _act(
    request: HttpRequest, movie_id: UUID, do: Callable[[Movie], object], *, said: str
) -> HttpResponse:
    """One click: do it, or say why not. Raises PermissionDenied."""
    if not request.user.has_perm("streaming.upload_videoasset"):
        raise PermissionDenied
    back = reverse("admin:catalog_movie_change", args=[movie_id])
    try:
        do(movie_for_staff(movie_id))
    except KushError as exc:
        messages.error(request, exc.message)
    else:
        messages.success(request, said)
    return HttpResponseRedirect(f"{back}#tracks")


@largest_body(MOST_BYTES + FORM_BYTES)
@require_POST
def subtitles(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    """POST: `file`, `language`, `label`, `default`. With `step` "preview" the answer shows the
    first lines and a form that sends all of it again, read, as `text`.
    """
    if request.POST.get("step") == "preview":
        return _subtitle_preview(request, movie_id)

    def add(movie: Movie) -> None:
        subtitle_add(
            movie,
            data=_subtitle_bytes(request),
            language=request.POST.get("language", "")[:60],
            label=request.POST.get("label", "")[:60],
            default="default" in request.POST,
        )

    said = "The subtitles are on their way into the film. Whoever watches it goes on undisturbed."
    return _act(request, movie_id, add, said=said)


def _subtitle_bytes(request: HttpRequest) -> bytes:
    """The file, or what was read of it when it was shown. Raises InvalidInput."""
    if text := request.POST.get("text", ""):
        return text.encode()
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInput("Choose a subtitle file from your machine.")
    return bytes(file.read(MOST_BYTES + 1))


def _subtitle_preview(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    """Nothing is kept. Raises PermissionDenied."""
    if not request.user.has_perm("streaming.upload_videoasset"):
        raise PermissionDenied
    movie = movie_for_staff(movie_id)
    language = request.POST.get("language", "")[:60]
    try:
        read = subtitle_preview(movie, data=_subtitle_bytes(request), language=language)
    except KushError as exc:
        messages.error(request, exc.message)
        back = reverse("admin:catalog_movie_change", args=[movie_id])
        return HttpResponseRedirect(f"{back}#tracks")
    context = {
        **admin.site.each_context(request),
        "title": f"Subtitles of {movie.title}",
        "movie": movie,
        "read": read,
        "rows": [(stamp(cue.start)[:8], shown_text(cue)) for cue in read.cues[:PREVIEWED]],
        "text": write_vtt(read.cues),
        "language": language,
        "label": request.POST.get("label", "")[:60],
        "default": "default" in request.POST,
    }
    return render(request, "streaming/subtitle_preview.html", context)


@require_POST
def subtitles_remove(request: HttpRequest, movie_id: UUID, subtitle_id: int) -> HttpResponse:
    return _act(
        request,
        movie_id,
        lambda movie: subtitle_remove(movie, subtitle_id=subtitle_id),
        said="The subtitles are being taken off the film.",
    )


@require_POST
def audio_remove(request: HttpRequest, movie_id: UUID, track_id: int) -> HttpResponse:
    return _act(
        request,
        movie_id,
        lambda movie: audio_track_remove(movie, track_id=track_id),
        said="The sound is being taken off the film. Whoever listens to it goes on undisturbed.",
    )


@require_POST
def narrator(request: HttpRequest, movie_id: UUID, track_id: int) -> HttpResponse:
    """POST: `vj-<track>`, a name, `@address`, or nothing."""
    name = request.POST.get(f"vj-{track_id}", "")[:140].replace("\0", "")
    return _act(
        request,
        movie_id,
        lambda movie: narrator_set(movie, track_id=track_id, name=name),
        said=f"{name.strip()} tells this track." if name.strip() else "Nobody tells this track.",
    )


@require_POST
def trailer_hide(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    return _act(request, movie_id, trailer_remove, said="Nobody is shown the trailer any more.")


trailer_remove_view = admin.site.admin_view(trailer_hide)
subtitles_view = admin.site.admin_view(subtitles)
subtitles_remove_view = admin.site.admin_view(subtitles_remove)
audio_remove_view = admin.site.admin_view(audio_remove)
narrator_view = admin.site.admin_view(narrator)
