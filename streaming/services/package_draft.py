"""Drafts of a package made from another: objects to copy, to drop and to write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from re import sub

from streaming.encoding.captions import segment_captions
from streaming.encoding.dash import set_captions, set_sound
from streaming.encoding.master import master_playlist
from streaming.encoding.package_output import CONTENT_TYPES
from streaming.encoding.plan import AudioTrackPlan, EncodePlan, SubtitleTrackPlan
from streaming.encoding.results import PackagedObject, PackageResult
from streaming.services.package_tracks import FACTS

MASTER = "master.m3u8"
MANIFEST = "manifest.mpd"
TARGET = r"#EXT-X-TARGETDURATION:\d+"


@dataclass(frozen=True)
class Draft:
    """`gone` are directories that are not copied; `written` are texts by path, playlists last."""

    plan: EncodePlan
    result: PackageResult
    gone: frozenset[str]
    written: dict[str, str]

    def replaces(self, path: str) -> bool:
        return path in {MASTER, MANIFEST, FACTS} or _folder(path) in self.gone


def tracks_missing(before: PackageResult, plan: EncodePlan) -> list[AudioTrackPlan]:
    """Return the planned audio tracks that the package does not hold yet."""
    packaged = {rendition.name for rendition in before.renditions}
    return [track for track in plan.audio if not packaged.issuperset(_names(track))]


def draft(
    before: PackageResult, plan: EncodePlan, *, texts: dict[str, str], sound: PackageResult | None
) -> Draft:
    """Return the draft of the package that `plan` describes.

    `texts` are the WebVTT files of added subtitles by name, `sound` the package of the audio tracks
    that `before` lacks.
    """
    packaged = {rendition.name for rendition in before.renditions}
    captions = {_folder(path) for path in before.playlists if path != MASTER} - packaged
    tracks = [track for track in plan.subtitles if track.name in captions or track.name in texts]
    sounds = {rendition.name for rendition in before.renditions if rendition.kind == "audio"}
    wanted = {name for track in plan.audio for name in _names(track)}
    gone = frozenset(captions - {track.name for track in tracks} | sounds - wanted)
    written, playlists = _captions(plan, [t for t in tracks if t.name not in captions], texts=texts)
    if sound is not None:
        playlists |= _in_step(sound, before)
        written |= {path: playlists[path] for path in playlists if path not in written}
    copied = {p: text for p, text in before.playlists.items() if p != MASTER and _stays(p, gone)}
    playlists = {**copied, **playlists}
    stay = [rendition for rendition in before.renditions if rendition.name not in gone]
    renditions = (*stay, *(sound.renditions if sound else ()))
    playlists[MASTER] = master_playlist(
        plan, renditions=renditions, subtitles=tracks, media=playlists
    )
    manifest = set_sound(before.manifest, plan.audio, added=sound.manifest if sound else "")
    manifest = set_captions(manifest, tracks)
    # Written last, when every object they name is stored.
    written |= {MASTER: playlists[MASTER], MANIFEST: manifest}
    result = replace(
        before,
        objects=_objects(before, sound, gone=gone, written=written),
        renditions=renditions,
        playlists=playlists,
        manifest=manifest,
    )
    return Draft(plan, result, gone, written)


def _captions(
    plan: EncodePlan, tracks: Sequence[SubtitleTrackPlan], *, texts: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the files to write by path, and which of them are playlists."""
    written: dict[str, str] = {}
    playlists: dict[str, str] = {}
    for track in tracks:
        captions = segment_captions(texts[track.name], plan=plan, track=track)
        path = f"{track.name}/media.m3u8"
        playlists[path] = captions.playlist
        written |= {**captions.files, path: captions.playlist}
    return written, playlists


def _in_step(sound: PackageResult, before: PackageResult) -> dict[str, str]:
    """Return the new playlists with the film's target duration: the packager had only the sound."""
    film = next(text for path, text in before.playlists.items() if path.endswith("/media.m3u8"))
    (target,) = (line for line in film.splitlines() if line.startswith("#EXT-X-TARGETDURATION"))
    media = {path: text for path, text in sound.playlists.items() if path != MASTER}
    return {path: sub(TARGET, target, text) for path, text in media.items()}


def _objects(
    before: PackageResult,
    sound: PackageResult | None,
    *,
    gone: frozenset[str],
    written: dict[str, str],
) -> tuple[PackagedObject, ...]:
    stay = [item for item in before.objects if _stays(item.path, gone)]
    packaged = sound.objects if sound else ()
    copied = [item for item in (*stay, *packaged) if item.path not in written]
    texts = [
        PackagedObject(
            path=path,
            bytes=len(text.encode()),
            content_type=CONTENT_TYPES[PurePath(path).suffix],
        )
        for path, text in written.items()
    ]
    return (*copied, *texts)


def _names(track: AudioTrackPlan) -> list[str]:
    return [rendition.name for rendition in track.renditions]


def _folder(path: str) -> str:
    return path.partition("/")[0]


def _stays(path: str, gone: frozenset[str]) -> bool:
    return _folder(path) not in gone
