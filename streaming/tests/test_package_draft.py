"""Drafts of packages: audio merged into one and removed again, over many segments."""

from dataclasses import replace
from pathlib import Path

import pytest

from streaming.encoding.added_audio import plan_added_audio, probe_added_audio
from streaming.encoding.audio import encode_audio
from streaming.encoding.conformance import check_package
from streaming.encoding.packaging import package_film
from streaming.encoding.tests import clips
from streaming.encoding.tests.films import encode_film
from streaming.services.package_draft import draft, tracks_missing


@pytest.mark.encode
def test_a_silent_film_is_given_the_sound_of_a_video_and_loses_it(tmp_path: Path) -> None:
    """Package audio alone, whose segments are a frame longer than the video's."""
    source = clips.make(tmp_path / "film.mp4", *clips.picture(seconds=5), *clips.X264)
    film = encode_film(source, tmp_path)
    silent = film.package()
    narration = clips.make(
        tmp_path / "vj.ts",
        *clips.picture(seconds=7),
        *clips.sound(seconds=7),
        *clips.X264,
        *clips.AAC,
    )
    facts = probe_added_audio(
        str(narration), size_bytes=narration.stat().st_size, film_seconds=film.plan.duration_seconds
    )
    plan = plan_added_audio(film.plan, facts, stem="a-x-lg", language="lg", label="Luganda")
    (track,) = (replace(track, index=100, default=True) for track in plan.audio)
    streams: dict[str, list[bytes]] = {one.name: [] for one in track.renditions}
    sinks = {name: lambda pipe, to=to: to.append(pipe.read()) for name, to in streams.items()}
    encode_audio(str(narration), plan, track=track, sinks=sinks)
    plan = replace(film.plan, audio=(track,))
    assert tracks_missing(silent, plan) == [track]
    sound = package_film(
        replace(plan, rungs=()),
        rungs={},
        audio=streams,
        subtitles={},
        work_dir=tmp_path / "work2",
        sink=lambda *_: None,
    )
    sound = replace(sound, objects=tuple(one for one in sound.objects if "/" in one.path))
    merged = draft(silent, plan, texts={}, sound=sound)
    assert check_package(plan, package=merged.result) == []
    name = track.renditions[0].name
    # Unmended, the two would name different target durations.
    assert "TARGETDURATION:3" in sound.playlists[f"{name}/media.m3u8"]
    assert "TARGETDURATION:2" in merged.result.playlists[f"{name}/media.m3u8"]
    assert f'<Representation id="{name}"' in merged.result.manifest

    bare = draft(merged.result, film.plan, texts={}, sound=None)
    assert check_package(film.plan, package=bare.result) == []
    assert bare.gone == {rendition.name for rendition in track.renditions}
    assert set(bare.result.objects) == set(silent.objects)
    assert bare.result.manifest == silent.manifest
