"""Admin lists of videos, pieces of work and playback. Uploads are on the film's own page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from accounts.admin.base import ReadOnlyAdmin
from kushfilms.core.errors import WrongState
from streaming.models import PlaybackSession, VideoAsset, WorkItem
from streaming.services.staff import encode_again, encode_resume, playbacks_stop
from streaming.warning_texts import warning_text


@admin.register(VideoAsset)
class VideoAssetAdmin(ReadOnlyAdmin[VideoAsset]):
    """List of videos: those in progress, and those that failed with their reason."""

    list_display = [
        "filename",
        "film",
        "status",
        "playable",
        "is_current",
        "error_message",
        "uploaded_by",
        "created_at",
    ]
    list_filter = ["status", "is_current", "kind", "error_code"]
    list_select_related = ["movie", "uploaded_by"]
    search_fields = ["filename", "movie__title"]
    ordering = ["-created_at"]
    actions = ["try_again", "encode_again"]
    exclude = ["upload_id"]
    readonly_fields = ["warning_list"]

    @admin.display(description="Warnings")
    def warning_list(self, asset: VideoAsset) -> str:
        rows = ((warning_text(row.code, row.values).message,) for row in asset.warnings.all())
        return format_html_join("", "<p>{}</p>", rows) or "None"

    @admin.display(description="Film")
    def film(self, asset: VideoAsset) -> str:
        url = f"/admin/catalog/movie/{asset.movie_id}/change/"
        return format_html('<a href="{}">{}</a>', url, asset.movie.title)

    @admin.display(boolean=True)
    def playable(self, asset: VideoAsset) -> bool:
        return asset.playable

    @admin.action(description="Resume failed encodes", permissions=["view"])
    def try_again(self, request: HttpRequest, assets: QuerySet[VideoAsset]) -> None:
        self._each(request, assets, encode_resume)

    @admin.action(description="Encode again from the source file", permissions=["view"])
    def encode_again(self, request: HttpRequest, assets: QuerySet[VideoAsset]) -> None:
        self._each(request, assets, encode_again)

    def _each(self, request: HttpRequest, assets: QuerySet[VideoAsset], begin: Any) -> None:
        for asset in assets:
            try:
                begin(asset)
            except WrongState as exc:
                self.message_user(request, f"{asset}: {exc.message}", "ERROR")
            else:
                self.message_user(request, f"Encoding {asset}.")


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnlyAdmin[WorkItem]):
    list_display = [
        "kind",
        "tier",
        "position",
        "state",
        "attempts",
        "last_error",
        "lease_owner",
        "cpu_seconds",
    ]
    list_filter = ["state", "kind", "tier"]
    search_fields = ["encode__asset__filename", "encode__asset__movie__title"]
    ordering = ["priority", "created_at", "position"]


@admin.register(PlaybackSession)
class PlaybackSessionAdmin(ReadOnlyAdmin[PlaybackSession]):
    list_display = [
        "user",
        "film",
        "device_name",
        "started_at",
        "last_heartbeat_at",
        "ended_at",
        "revoked_code",
    ]
    list_select_related = ["user", "asset__movie"]
    search_fields = ["user__email", "asset__movie__title"]
    ordering = ["-started_at"]
    actions = ["end"]

    @admin.display(description="Film")
    def film(self, session: PlaybackSession) -> str:
        return session.asset.movie.title

    @admin.action(description="Stop these streams now", permissions=["view"])
    def end(self, request: HttpRequest, sessions: QuerySet[PlaybackSession]) -> None:
        stopped = playbacks_stop(list(sessions.values_list("pk", flat=True)))
        self.message_user(request, f"Stopped {stopped} streams.")
