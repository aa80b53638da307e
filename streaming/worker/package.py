"""Packaging of an encode: streamed through the packager, checked, listed, made live."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils import timezone

from kushfilms.core import storage
from streaming.encoding.conformance import check_package
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import Notice
from streaming.encoding.ladder import RungTier
from streaming.encoding.packaging import package_film, video_directory
from streaming.encoding.plan import EncodePlan
from streaming.encoding.results import PackageResult, RenditionFacts
from streaming.encoding.selfcheck import check_film
from streaming.models import (
    AudioTrack,
    Encode,
    Package,
    PackageStage,
    Rendition,
    Tier,
    VideoAsset,
    WorkItem,
    WorkKind,
    WorkState,
)
from streaming.services.encodes import (
    encode_advance,
    encode_finish,
    package_create,
    package_go_live,
)
from streaming.services.package_tracks import (
    FACTS,
    audio_stream_keys,
    audio_tracks_of,
    package_check_stored,
    package_facts_write,
    plan_with_tracks,
)
from streaming.services.warnings import warnings_set
from streaming.worker.context import WorkContext

logger = logging.getLogger(__name__)
AUDIO_ONLY = "audio"


def run_package(context: WorkContext) -> dict[str, Any]:
    early = context.item.tier == Tier.LOW
    stage = PackageStage.EARLY if early else PackageStage.FULL
    package = package_create(context.item.encode, stage=stage)
    sound = audio_tracks_of(package.asset)
    plan = plan_with_tracks(context.plan, asset=package.asset, sound=sound)
    names = [rung.name for rung in plan.rungs if not early or rung.tier is RungTier.LOW]
    work_dir = context.directory / "package"
    work_dir.mkdir()
    stored: dict[str, int] = {}

    def sink(path: str, file: Path, content_type: str) -> None:
        context.lease.check()
        stored[path] = file.stat().st_size
        storage.put_file(f"{package.prefix}{path}", file, content_type=content_type)

    video = _outputs(context, WorkKind.VIDEO)
    result = package_film(
        plan,
        rungs={name: _chunk_stream(video, name) for name in names},
        audio=_audio_streams(context, sound),
        subtitles=_subtitle_files(context, package.asset),
        work_dir=work_dir,
        sink=sink,
        should_stop=context.lease.should_stop,
    )
    _check_rules(plan, result)
    for path, file, content_type in _storyboard(context):
        sink(path, file, content_type)
    notices = () if early else _self_check(context, plan, result, video=video, names=names)
    stored[FACTS] = package_facts_write(package, result)
    package_check_stored(package, stored)
    return {
        "package": package.pk,
        "objects": len(stored),
        "bytes": sum(stored.values()),
        "storyboard": "storyboard.vtt" in stored,
        "renditions": _rung_rows(context.plan, result),
        "notices": [notice.to_json() for notice in notices],
    }


def follow_package(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    package = Package.objects.get(pk=output["package"])
    package.object_count = output["objects"]
    package.total_bytes = output["bytes"]
    package.has_storyboard = output["storyboard"]
    package.verified_at = timezone.now()
    package.save()
    for summary in output["renditions"]:
        Rendition.objects.update_or_create(
            encode=encode,
            name=summary["name"],
            defaults={
                "codec": summary["codec"],
                "bandwidth": summary["bandwidth"],
                "average_bandwidth": summary["average"],
                "total_bytes": summary["bytes"],
                "status": WorkState.DONE,
            },
        )
    package_go_live(encode, package)
    if package.stage == PackageStage.FULL:
        notices = [Notice.from_json(notice) for notice in output.get("notices", ())]
        warnings_set(encode.asset, "CHECK", notices)
        encode_finish(encode)
    else:
        encode_advance(encode)


def _self_check(
    context: WorkContext,
    plan: EncodePlan,
    result: PackageResult,
    *,
    video: list[dict[str, Any]],
    names: list[str],
) -> tuple[Notice, ...]:
    """Return the differences between the finished film and its file.

    A check that cannot run does not keep the film back.
    """
    own = {
        track.index: storage.get_blocks(output["renditions"][track.renditions[0].name])
        for track, output in zip(context.plan.audio, _outputs(context, WorkKind.AUDIO), strict=True)
    }
    try:
        return check_film(
            context.source_url,
            replace(plan, audio=context.plan.audio),
            renditions=result.renditions,
            lowest=_chunk_stream(video, names[0]),
            audio=own,
            should_stop=context.lease.should_stop,
        )
    except EncodingError as exc:
        if exc.retryable:
            raise
        logger.warning("%s: self-check failed: %s", context.item.encode_id, exc.detail[-500:])
        return ()


def _outputs(context: WorkContext, kind: WorkKind) -> list[dict[str, Any]]:
    """Return the outputs of the finished pieces of a kind, in film order."""
    pieces = context.item.encode.work.filter(kind=kind, state=WorkState.DONE).order_by("position")
    return list(pieces.values_list("output", flat=True))


def _chunk_stream(outputs: list[dict[str, Any]], rung: str) -> Iterator[bytes]:
    """Yield the rung's chunks back to back, opening each only when its turn comes."""
    for output in outputs:
        for file in output["files"]:
            if file["rung"] == rung:
                yield from storage.get_blocks(file["key"])


def _audio_streams(context: WorkContext, rows: list[AudioTrack]) -> dict[str, Iterator[bytes]]:
    """Return the embedded and the added audio streams by rendition name."""
    keys = audio_stream_keys(rows)
    for output in _outputs(context, WorkKind.AUDIO):
        keys |= output["renditions"]
    return {name: storage.get_blocks(key) for name, key in keys.items()}


def _subtitle_files(context: WorkContext, asset: VideoAsset) -> dict[str, Path]:
    """Return the files of non-empty subtitles, embedded and added, by directory name.

    Embedded subtitles that staff removed are among them, but not in the plan that is packaged.
    """
    keys = {
        track.name: output["key"]
        for track, output in zip(
            context.plan.subtitles, _outputs(context, WorkKind.SUBTITLE), strict=True
        )
        if output["key"]
    }
    keys |= dict(asset.subtitles.exclude(key="").values_list("name", "key"))
    files = {name: context.directory / f"{name}.vtt" for name in keys}
    for name, path in files.items():
        storage.get_file(keys[name], path)
    return files


def _storyboard(context: WorkContext) -> Iterator[tuple[str, Path, str]]:
    """Yield the seek bar's pictures of the stills: `(path, file, content type)`."""
    for output in _outputs(context, WorkKind.STILLS):
        for entry in output["storyboard"]:
            file = context.directory / entry["path"]
            storage.get_file(entry["key"], file)
            yield entry["path"], file, entry["type"]


def _check_rules(plan: EncodePlan, result: PackageResult) -> None:
    """Refuse a package that breaks a rule of HLS. Raises EncodingError."""
    violations = check_package(plan, package=result)
    if violations:
        detail = "; ".join(str(violation) for violation in violations[:20])
        raise EncodingError(ErrorCode.INTERNAL, detail=detail)


def _rung_rows(plan: EncodePlan, result: PackageResult) -> list[dict[str, Any]]:
    """Return the measured figures of each rung, and the film's bytes at it: picture and sound."""
    facts = {rendition.name: rendition for rendition in result.renditions}
    sound = {group: _default_audio(plan, group, facts) for group in ("lo", "hi")}
    rungs = []
    for rung in plan.rungs:
        video = facts.get(video_directory(rung.name))
        if video is not None:
            audio = sound["hi" if rung.tier is RungTier.HIGH else "lo"] or sound["lo"]
            rungs.append(_rung_row(rung.name, video, audio))
    if audio_only := sound["lo"]:
        rungs.append(_rung_row(AUDIO_ONLY, audio_only, None))
    return rungs


def _default_audio(
    plan: EncodePlan, group: str, facts: dict[str, RenditionFacts]
) -> RenditionFacts | None:
    """Return the rendition of a group that plays by default."""
    for track in sorted(plan.audio, key=lambda track: not track.default):
        for rendition in track.renditions:
            if group in rendition.groups and rendition.name in facts:
                return facts[rendition.name]
    return None


def _rung_row(name: str, facts: RenditionFacts, audio: RenditionFacts | None) -> dict[str, Any]:
    parts = [part for part in (facts, audio) if part is not None]
    return {
        "name": name,
        "codec": ",".join(part.codec for part in parts),
        "bandwidth": sum(part.peak_bps for part in parts),
        "average": sum(part.average_bps for part in parts),
        "bytes": sum(part.bytes for part in parts),
    }
