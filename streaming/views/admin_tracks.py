"""Actions on a film's tracks from its admin page; each redirects back to the page."""

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
    PREVIEW_CUES,
    subtitle_add,
    subtitle_preview,
    subtitle_remove,
)
from streaming.services.trailers import trailer_remove


def _act(
    request: HttpRequest, movie_id: UUID, action: Callable[[Movie], object], *, success: str
) -> HttpResponse:
    """Run an action and redirect with its success or its error. Raises PermissionDenied."""
    if not request.user.has_perm("streaming.upload_videoasset"):
        raise PermissionDenied
    back = reverse("admin:catalog_movie_change", args=[movie_id])
    try:
        action(movie_for_staff(movie_id))
    except KushError as exc:
        messages.error(request, exc.message)
    else:
        messages.success(request, success)
    return HttpResponseRedirect(f"{back}#tracks")


@largest_body(MOST_BYTES + FORM_BYTES)
@require_POST
def subtitles(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    """Add subtitles from `file`, `language`, `label` and `default`.

    With `step` "preview" the answer shows the first lines and a form that sends the cleaned text
    as `text`.
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

    success = "Subtitles added. Viewers get them in a moment; running playback is not interrupted."
    return _act(request, movie_id, add, success=success)


def _subtitle_bytes(request: HttpRequest) -> bytes:
    """Return the file, or its text from the preview. Raises InvalidInput."""
    if text := request.POST.get("text", ""):
        return text.encode()
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInput("Choose a subtitle file.")
    return bytes(file.read(MOST_BYTES + 1))


def _subtitle_preview(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    """Show the first lines and save nothing. Raises PermissionDenied."""
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
        "rows": [(stamp(cue.start)[:8], shown_text(cue)) for cue in read.cues[:PREVIEW_CUES]],
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
        success="Subtitles removed.",
    )


@require_POST
def audio_remove(request: HttpRequest, movie_id: UUID, track_id: int) -> HttpResponse:
    return _act(
        request,
        movie_id,
        lambda movie: audio_track_remove(movie, track_id=track_id),
        success="Audio track removed. Running playback is not interrupted.",
    )


@require_POST
def narrator(request: HttpRequest, movie_id: UUID, track_id: int) -> HttpResponse:
    """Set the VJ of a track from `vj-<track>`: a name, `@address`, or nothing."""
    name = request.POST.get(f"vj-{track_id}", "")[:140].replace("\0", "")
    return _act(
        request,
        movie_id,
        lambda movie: narrator_set(movie, track_id=track_id, name=name),
        success=f"Narrator saved: {name.strip()}." if name.strip() else "Narrator removed.",
    )


@require_POST
def trailer_hide(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    return _act(request, movie_id, trailer_remove, success="Trailer removed.")


trailer_remove_view = admin.site.admin_view(trailer_hide)
subtitles_view = admin.site.admin_view(subtitles)
subtitles_remove_view = admin.site.admin_view(subtitles_remove)
audio_remove_view = admin.site.admin_view(audio_remove)
narrator_view = admin.site.admin_view(narrator)
