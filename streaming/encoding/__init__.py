"""The encoding engine: pure Python around ffmpeg and Shaka Packager, no Django, no state.

    facts = probe_source(source, size_bytes=...)            # probe.py: refuses unusable files
    plan = plan_encode(facts)                               # planner.py: all decided, as JSON
    encode_chunk(source, plan, chunk=..., tier=..., ...)    # video.py: any worker, any order
    encode_audio(source, plan, track=..., sinks=...)        # audio.py: whole film, streamed
    extract_subtitle(source, plan, track=..., ...)          # subtitles.py
    package_film(plan, rungs=..., audio=..., ...)           # packaging.py: CMAF, HLS and DASH
    check_package(plan, package=...)                        # conformance.py: [] or do not publish
    make_storyboard, rank_posters, make_preview             # stills.py

`source` is a local path or an HTTP URL, read by seeking and never fetched whole. Memory and disk
are bounded by the chunk, not by the film. Every failure is an EncodingError (errors.py) with a
code, a sentence for the uploader, and whether trying again can help.

Time: film zero is the source's first frame (or sound that clearly leads it). Output frame k is
shown at k / frame_rate. Chunks are ranges of these frames on the segment grid, so chunk files made
anywhere join without a seam. RungTier LOW (rungs up to 360p) comes first: it makes a film playable.
"""
