"""One example for each name of a field: a name means the same wherever it stands."""

from typing import Any

Spec = dict[str, Any]

UUID = "5b7c1f0e-2d4a-4c55-9a3e-6f1b0f0c9a11"
MOMENT = "2026-11-21T17:30:00Z"
DAY = "2001-05-17"

BY_FORMAT = {"uuid": UUID, "date-time": MOMENT, "date": DAY}
BY_NAME: dict[str, Any] = {
    # People
    "email": "aisha@example.ug",
    "password": "a-long-pass-phrase-9",
    "name": "Aisha Nakato",
    "locale": "lg",
    "plan": "BASIC",
    "version": "2026-11-21",
    "accessToken": "eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiI1YjdjIn0.c2ln",
    "refreshToken": "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI5YTNlIn0.c2ln",
    "downloadUrl": "https://media.kushfilms.com/exports/5b7c/kush-films-data.zip?X-Amz-Signature=9f",
    # Lists
    "count": 84,
    "next": "https://kushfilms.com/api/v1/movies?cursor=bmV4dA",
    "previous": "https://kushfilms.com/api/v1/movies?cursor=cHJldmlvdXM",
    # Films
    "title": "The Last Boda",
    "slug": "the-last-boda",
    "description": "A fare across the sleeping city.",
    "plot": "Okello has one night to bring a stranger home, and the whole of Kampala in between.",
    "director": "Nalwanga Sarah",
    "country": "Uganda",
    "language": "Luganda",
    "label": "Luganda, VJ Junior",
    "vj": "VJ Junior",
    "year": 2025,
    "duration": 5460,
    "rating": 4.3,
    "ratingCount": 218,
    "imdbRating": 6.9,
    "viewCount": 12044,
    "favoriteCount": 873,
    "commentCount": 41,
    "shareCount": 96,
    "order": 1,
    "number": 1,
    "season": 1,
    "episode": 3,
    "episodeNumber": 3,
    "seriesTitle": "Kampala Nights",
    "character": "Okello, who rides the boda",
    "biography": "Tells films in Luganda since the video halls of the nineties.",
    "photoUrl": "https://media.kushfilms.com/public/people/5b7c.webp",
    "licenceHolder": "Nile Pictures Ltd",
    "movieCount": 84,
    "creditCount": 31,
    "seasonCount": 2,
    "episodeCount": 16,
    "followerCount": 1290,
    "reason": "The subtitles are those of another film.",
    "imageUrl": "https://media.kushfilms.com/public/categories/5b7c.webp",
    "thumbnailUrl": "https://media.kushfilms.com/public/movies/5b7c/thumbnail.webp",
    "posterUrl": "https://media.kushfilms.com/public/movies/5b7c/poster.webp",
    "backdropUrl": "https://media.kushfilms.com/public/movies/5b7c/backdrop.webp",
    "previewUrl": "https://media.kushfilms.com/public/movies/5b7c/preview.webp",
    # Playing
    "streamUrl": "https://media.kushfilms.com/hls/k1.AbCd/master.m3u8",
    "dashUrl": "https://media.kushfilms.com/hls/k1.AbCd/manifest.mpd",
    "storyboardUrl": "https://media.kushfilms.com/hls/k1.AbCd/storyboard.vtt",
    "expiresIn": 12660,
    "resumeAt": 1312,
    "heartbeatSeconds": 30,
    "progress": 42,
    "width": 854,
    "height": 480,
    "codec": "avc1.4d401f",
    "bandwidth": 1104000,
    "bytes": 412000000,
    # Uploads and encodes
    "filename": "the-last-boda.mov",
    "contentType": "video/quicktime",
    "size": 7340032000,
    "uploadUrl": "https://storage.kushfilms.com/source/5b7c?X-Amz-Signature=9f",
    "uploadId": "2~JmfxQ",
    "partSize": 67108864,
    "partNumber": 1,
    "etag": "9b2cf535f27731c974343645a3985328",
    "url": "https://storage.kushfilms.com/source/5b7c?partNumber=1&X-Amz-Signature=9f",
    "attempts": 1,
    "pieces": 74,
    "piecesDone": 12,
    "secondsLeft": 940,
    "cpuSeconds": 1874.5,
    "code": "not_a_video",
    "message": "This file is not a video. Export it again from your editor and upload that.",
    "lastError": "",
}


def give_examples(result: Spec, generator: Any, request: Any, public: bool) -> Spec:  # noqa: FBT001
    """Hook of drf-spectacular: an example beside every plain property that has none."""
    for schema in result["components"]["schemas"].values():
        for name, prop in schema.get("properties", {}).items():
            if needs_example(prop) and (example := example_of(name, prop)) is not None:
                prop["example"] = example
    return result


def needs_example(prop: Spec) -> bool:
    """Enums, booleans and references explain themselves."""
    speaks = {"$ref", "allOf", "oneOf", "enum", "example", "additionalProperties"} & prop.keys()
    return not speaks and prop.get("type") not in {"boolean", "array", "object"}


def example_of(name: str, prop: Spec) -> Any:
    """None: nobody has written one yet."""
    return BY_NAME.get(name, BY_FORMAT.get(prop.get("format", "")))
