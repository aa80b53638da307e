"""Uploads of audio as staff make them, and decoding of the tracks that viewers get."""

import json
from pathlib import Path
from typing import Any

import requests
from rest_framework.test import APIClient

from catalog.models import Movie
from kushfilms.core import storage
from streaming.encoding.tests import clips
from streaming.encoding.tools import ffmpeg_path, ffprobe_path, run_tool
from streaming.models import Package, VideoAsset

Api = APIClient


def announce(api: Api, movie: Movie, path: Path, **fields: Any) -> Any:
    fields = {"filename": path.name, "size": path.stat().st_size, "language": "Luganda"} | fields
    return api.post(f"/api/v1/admin/movies/{movie.pk}/audio-tracks", fields, format="json")


def upload_audio(api: Api, movie: Movie, path: Path, **fields: Any) -> VideoAsset:
    """Announce, send and complete an upload; the workers do the rest."""
    answer = announce(api, movie, path, **fields)
    assert answer.status_code == 201, answer.content
    ticket = answer.json()
    requests.put(ticket["uploadUrl"], data=path.read_bytes(), timeout=30).raise_for_status()
    done = api.post(f"/api/v1/admin/videos/{ticket['videoId']}/complete", {}, format="json")
    assert done.status_code == 202, done.content
    return VideoAsset.objects.get(pk=ticket["videoId"])


def decoded(package: Package, rendition: str, folder: Path) -> tuple[float, float]:
    """Decode a rendition; return its seconds and the second at which its beep begins."""
    names = [item.key for item in storage.list_objects(f"{package.prefix}{rendition}/")]
    segments = sorted(
        (n for n in names if n.endswith(".m4s")), key=lambda n: int(n.split("/")[-1][:-4])
    )
    path = folder / f"{rendition}.mp4"
    keys = [f"{package.prefix}{rendition}/init.mp4", *segments]
    path.write_bytes(b"".join(storage.get_bytes(key) for key in keys))
    lines: list[str] = []
    probe = [ffprobe_path(), "-v", "error", "-show_entries", "packet=pts_time,duration_time",
             "-of", "json", str(path)]  # fmt: skip
    assert run_tool(probe, on_line=lines.append, timeout_seconds=30).exit_code == 0
    last = json.loads("".join(lines))["packets"][-1]
    listen = [ffmpeg_path(), "-v", "info", "-xerror", "-i", str(path), "-af",
              "silencedetect=n=-30dB:d=0.3", "-f", "null", "-"]  # fmt: skip
    silences = run_tool(listen, timeout_seconds=30)
    assert silences.exit_code == 0, silences.stderr
    begins = silences.stderr.partition("silence_end: ")[2].split(" ")[0]
    return float(last["pts_time"]) + float(last["duration_time"]), float(begins)


def folders(package: Package) -> set[str]:
    """Return the directories of a package."""
    listed = storage.list_objects(package.prefix)
    return {item.key.removeprefix(package.prefix).partition("/")[0] for item in listed}


def objects_in(package: Package, names: list[str]) -> list[str]:
    folders = tuple(f"{package.prefix}{name}/" for name in names)
    return [
        item.key for item in storage.list_objects(package.prefix) if item.key.startswith(folders)
    ]


def audio_file(folder: Path, name: str, seconds: float, *args: str) -> Path:
    return clips.make(folder / name, *clips.sound(seconds=seconds), *args)
