"""Runs of the whole engine on local files, as the worker layer calls it."""

from __future__ import annotations

import array
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from streaming.encoding.audio import encode_audio
from streaming.encoding.facts import Notice, SourceFacts
from streaming.encoding.packaging import package_film
from streaming.encoding.plan import EncodePlan
from streaming.encoding.planner import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.results import ChunkResult, PackageResult
from streaming.encoding.selfcheck import check_film
from streaming.encoding.subtitles import extract_subtitle
from streaming.encoding.tools import ffmpeg_path, run_tool
from streaming.encoding.video import encode_chunk


@dataclass
class Film:
    facts: SourceFacts
    plan: EncodePlan
    folder: Path
    chunks: list[ChunkResult] = field(default_factory=list)
    rungs: dict[str, list[Path]] = field(default_factory=dict)
    audio: dict[str, Path] = field(default_factory=dict)
    subtitles: dict[str, Path] = field(default_factory=dict)

    @property
    def package_dir(self) -> Path:
        return self.folder / "package"

    def package(self, **options) -> PackageResult:
        def sink(path: str, local: Path, content_type: str) -> None:
            target = self.package_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(local, target)

        return package_film(
            self.plan,
            rungs={name: (p.read_bytes() for p in paths) for name, paths in self.rungs.items()},
            audio={name: [path.read_bytes()] for name, path in self.audio.items()},
            subtitles=self.subtitles,
            work_dir=self.folder / "work",
            sink=sink,
            **options,
        )

    def checked(self, source: Path, package: PackageResult) -> tuple[Notice, ...]:
        lowest = self.plan.rungs[0].name
        return check_film(
            str(source),
            self.plan,
            renditions=package.renditions,
            lowest=(path.read_bytes() for path in self.rungs[lowest]),
            audio={
                track.index: [self.audio[track.renditions[0].name].read_bytes()]
                for track in self.plan.audio
            },
        )

    def whole(self, name: str) -> Path:
        """Return a packaged rendition as one playable file."""
        parts = [self.package_dir / name / "init.mp4"]
        parts += sorted((self.package_dir / name).glob("*.m4s"), key=lambda path: int(path.stem))
        target = self.folder / f"{name}.mp4"
        target.write_bytes(b"".join(path.read_bytes() for path in parts))
        return target


def encode_film(
    source: Path, folder: Path, *, segment_gops: int = 1, chunk_segments: int = 1
) -> Film:
    facts = probe_source(str(source), size_bytes=source.stat().st_size)
    plan = plan_encode(facts, segment_gops=segment_gops, chunk_segments=chunk_segments)
    assert SourceFacts.from_json(facts.to_json()) == facts
    assert EncodePlan.from_json(plan.to_json()) == plan
    film = Film(facts=facts, plan=plan, folder=folder)
    for tier in plan.tiers:
        for chunk in plan.chunks:
            out = folder / tier / str(chunk.index)
            out.mkdir(parents=True)
            result = encode_chunk(str(source), plan, chunk=chunk, tier=tier, out_dir=out)
            film.chunks.append(result)
            for item in result.files:
                film.rungs.setdefault(item.rung, []).append(item.path)
    for track in plan.audio:
        for rendition in track.renditions:
            film.audio[rendition.name] = folder / f"{rendition.name}.sound.mp4"
        sinks = {r.name: _to_file(film.audio[r.name]) for r in track.renditions}
        encode_audio(str(source), plan, track=track, sinks=sinks)
    for subtitle in plan.subtitles:
        out = folder / f"{subtitle.name}.vtt"
        if extract_subtitle(str(source), plan, track=subtitle, out_path=out).cues:
            film.subtitles[subtitle.name] = out
    return film


def _to_file(path: Path):
    def sink(stream: BinaryIO) -> None:
        with path.open("wb") as out:
            shutil.copyfileobj(stream, out)

    return sink


def decode_errors(path: Path) -> str:
    result = run_tool(
        [ffmpeg_path(), "-hide_banner", "-nostdin", "-xerror", "-v", "error", "-i", str(path),
         "-map", "0:v?", "-map", "0:a?", "-f", "null", "-"],
        timeout_seconds=120,
    )  # fmt: skip
    return result.stderr if result.exit_code == 0 else f"exit {result.exit_code}: {result.stderr}"


def frame_means(path: Path, folder: Path) -> list[int]:
    """Return the mean luma of every frame: each scaled to one grey pixel."""
    raw = folder / "luma.raw"
    run_tool(
        [ffmpeg_path(), "-nostdin", "-v", "error", "-y", "-i", str(path), "-fps_mode",
         "passthrough",
         "-vf", "scale=1:1:flags=area,format=gray", "-f", "rawvideo", str(raw)],
        timeout_seconds=120,
    )  # fmt: skip
    return list(raw.read_bytes())


def samples(path: Path, folder: Path) -> array.array[int]:
    """Decode to mono 16-bit samples at 48 kHz."""
    raw = folder / "sound.raw"
    run_tool(
        [ffmpeg_path(), "-nostdin", "-v", "error", "-y", "-i", str(path), "-ac", "1", "-f", "s16le",
         str(raw)],
        timeout_seconds=120,
    )  # fmt: skip
    return array.array("h", raw.read_bytes())
