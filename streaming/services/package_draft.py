"""A package to be, out of one there is: what is copied, what goes, what is written anew."""

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

MASTER, MANIFEST = "master.m3u8", "manifest.mpd"
TARGET = r"#EXT-X-TARGETDURATION:\d+"


@dataclass(frozen=True)
class Draft:
    """`gone` are directories that are not copied, `written` texts by path, the playlists last."""

    plan: EncodePlan
    result: PackageResult
    gone: frozenset[str]
    written: dict[str, str]

    def replaces(self, path: str) -> bool:
        return path in {MASTER, MANIFEST, FACTS} or _folder(path) in self.gone


def tracks_missing(before: PackageResult, plan: EncodePlan) -> list[AudioTrackPlan]:
    """Sound the package does not hold yet."""
    held = {rendition.name for rendition in before.renditions}
    return [track for track in plan.audio if not held.issuperset(_names(track))]


def draft(
    before: PackageResult, plan: EncodePlan, *, texts: dict[str, str], sound: PackageResult | None
) -> Draft:
    """`texts` are the WebVTT files of added subtitles, `sound` the package of the missing sound."""
    captions = _caption_folders(before)
    tracks = [track for track in plan.subtitles if track.name in captions or track.name in texts]
    gone = frozenset(
        captions - {track.name for track in tracks} | _sound_folders(before) - _wanted(plan)
    )
    written, playlists = _captions(plan, [t for t in tracks if t.name not in captions], texts=texts)
    if sound is not None:
        playlists |= _in_step(sound, before)
        written |= {path: playlists[path] for path in playlists if path not in written}
    kept = {p: text for p, text in before.playlists.items() if p != MASTER and _stays(p, gone)}
    playlists = {**kept, **playlists}
    made = sound.renditions if sound else ()
    renditions = (*(one for one in before.renditions if one.name not in gone), *made)
    playlists[MASTER] = master_playlist(
        plan, renditions=renditions, subtitles=tracks, media=playlists
    )
    manifest = set_sound(before.manifest, plan.audio, added=sound.manifest if sound else "")
    manifest = set_captions(manifest, tracks)
    # Last, when all they name is there.
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
    """Files to write and, of these, the playlists."""
    written: dict[str, str] = {}
    playlists: dict[str, str] = {}
    for track in tracks:
        captions = segment_captions(texts[track.name], plan=plan, track=track)
        path = f"{track.name}/media.m3u8"
        playlists[path] = captions.playlist
        written |= {**captions.files, path: captions.playlist}
    return written, playlists


def _in_step(sound: PackageResult, before: PackageResult) -> dict[str, str]:
    """The new playlists, with the film's target duration: the packager saw the sound alone."""
    film = next(text for path, text in before.playlists.items() if path.endswith("/media.m3u8"))
    (target,) = (line for line in film.splitlines() if line.startswith("#EXT-X-TARGETDURATION"))
    media = {path: text for path, text in sound.playlists.items() if path != MASTER}
    return {path: sub(TARGET, target, text) for path, text in media.items()}


def _objects(
    before: PackageResult, sound: PackageResult | None, *, gone: frozenset[str],
    written: dict[str, str],
) -> tuple[PackagedObject, ...]:  # fmt: skip
    copied = [one for one in before.objects if _stays(one.path, gone) and one.path not in written]
    made = [one for one in sound.objects if one.path not in written] if sound else []
    return (*copied, *made, *(_object(path, text) for path, text in written.items()))


def _object(path: str, text: str) -> PackagedObject:
    content_type = CONTENT_TYPES[PurePath(path).suffix]
    return PackagedObject(path=path, bytes=len(text.encode()), content_type=content_type)


def _caption_folders(result: PackageResult) -> set[str]:
    media = {rendition.name for rendition in result.renditions}
    return {_folder(path) for path in result.playlists if path != MASTER} - media


def _sound_folders(result: PackageResult) -> set[str]:
    return {rendition.name for rendition in result.renditions if rendition.kind == "audio"}


def _wanted(plan: EncodePlan) -> set[str]:
    return {name for track in plan.audio for name in _names(track)}


def _names(track: AudioTrackPlan) -> list[str]:
    return [rendition.name for rendition in track.renditions]


def _folder(path: str) -> str:
    return path.partition("/")[0]


def _stays(path: str, gone: frozenset[str]) -> bool:
    return _folder(path) not in gone
