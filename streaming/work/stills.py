"""Storyboard, poster candidates and the moving preview, from what the low tier left."""

from pathlib import Path
from typing import Any

from catalog.models import Movie
from catalog.services import movie_stills_update
from kushfilms.core import storage
from streaming.encoding.stills import (
    PosterCandidate,
    make_preview,
    make_storyboard,
    score_poster,
)
from streaming.models import AssetKind, Encode, Tier, WorkItem, WorkKind, WorkState
from streaming.services.encodes import encode_advance
from streaming.work.job import Job

CANDIDATES = 6


def run(job: Job) -> dict[str, Any]:
    chunks = list(
        job.item.encode.work.filter(kind=WorkKind.VIDEO, tier=Tier.LOW, state=WorkState.DONE)
        .order_by("position")
        .values_list("output", flat=True)
    )
    storyboard = _storyboard(job, [still for output in chunks for still in output["thumbs"]])
    job.lease.progress(0.4)
    posters = _posters(job, [still for output in chunks for still in output["posters"]])
    job.lease.progress(0.7)
    preview = _preview(job, chunks)
    return {"storyboard": storyboard, "posters": posters, "preview": preview}


def follow(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    if encode.asset.kind == AssetKind.FEATURE:
        movie_stills_update(
            encode.asset.movie, posters=output["posters"], preview=output["preview"]
        )
    encode_advance(encode)
