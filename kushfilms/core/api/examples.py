"""Examples in the OpenAPI description, by the name of a field."""

from typing import Any

Spec = dict[str, Any]

UUID = "5b7c1f0e-2d4a-4c55-9a3e-6f1b0f0c9a11"
MOMENT = "2026-11-21T17:30:00Z"
DAY = "2001-05-17"

BY_FORMAT = {"uuid": UUID, "date-time": MOMENT, "date": DAY}
BY_NAME: dict[str, Any] = {
    # People
    "email": "aisha@example.ug",
    "pendingEmail": "aisha.nakato@example.ug",
    "password": "a-long-pass-phrase-9",
    "name": "Aisha Nakato",
    "locale": "lg",
    "plan": "BASIC",
    "version": "2026-11-21",
    "accessToken": "eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiI1YjdjIn0.c2ln",
    "refreshToken": "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI5YTNlIn0.c2ln",
    "currentPassword": "a-long-pass-phrase-9",
    "newPassword": "another-long-one-12",
    "token": "kIlwLqjH0f2mK4n7",
    "deviceToken": "5b7c1f0e.c2lnbmVk",
    "avatarUrl": "https://media.kushfilms.com/public/avatars/5b7c.webp",
    "device": "Samsung TV",
    "deviceName": "Sitting room",
    "place": "Kampala, Uganda",
    "ip": "102.86.4.17",
    # A second factor
    "secret": "JBSWY3DPEHPK3PXP",
    "otpauthUri": "otpauth://totp/Kush%20Films:aisha%40example.ug?secret=JBSWY3DPEHPK3PXP&issuer=Kush%20Films",
    "TotpConfirmInput.code": "492039",
    # A TV's sign-in, with the names of RFC 8628
    "device_code": "Gm7nq0Zr2VtYw4xL",
    "user_code": "WDJB-MJHT",
    "verification_uri": "https://kushfilms.com/tv",
    "verification_uri_complete": "https://kushfilms.com/tv?code=WDJB-MJHT",
    "expires_in": 900,
    "interval": 5,
    "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
    "error": "authorization_pending",
    # Notifications
    "actionUrl": "/movies/the-last-boda",
    "unread": 3,
    "metadata": {"movieId": UUID},
    "downloadUrl": "https://media.kushfilms.com/exports/5b7c/kush-films-data.zip?X-Amz-Signature=9f",
    # Money
    "amountMinor": 499,
    "amount": "USD 4.99",
    "refunded": "USD 0.00",
    "refundedMinor": 0,
    "currency": "USD",
    "promise": "All films",
    "screens": 4,
    "trialDays": 0,
    "sessionUrl": "https://checkout.stripe.com/c/pay/cs_live_a1b2",
    "portalUrl": "https://billing.stripe.com/p/session/live_a1b2",
    "nextPlan": "BASIC",
    "upgradePlan": "",
    "payUrl": "https://invoice.stripe.com/i/acct_1/live_a1b2",
    "receiptUrl": "https://pay.stripe.com/receipts/payment/a1b2",
    "failureMessage": "Your card was declined.",
    "PaymentOutput.description": "Subscription creation",
    # Lists
    "count": 84,
    "next": "https://kushfilms.com/api/v1/movies?cursor=bmV4dA",
    "previous": "https://kushfilms.com/api/v1/movies?cursor=cHJldmlvdXM",
    # Comments, reports, takedown notices
    "content": "Watched it twice. That last ride across the bridge!",
    "likeCount": 12,
    "replyCount": 4,
    "details": "The same link under every film.",
    "reason": "Advertising under several films",
    "hiddenReason": "Advertising",
    "banReason": "Advertising under several films",
    "days": 7,
    "banDays": 7,
    "openCount": 2,
    "resolution": "Hidden, and the account warned.",
    "film": "the-last-boda",
    "movieTitle": "The Last Boda",
    "claimantName": "Grace Achieng",
    "claimantEmail": "grace@example.ug",
    "organisation": "Achieng Pictures Ltd",
    "postalAddress": "P.O. Box 7062, Kampala",
    "phone": "+256 700 123456",
    "work": "The feature film “Boda ya Nkomerero”, 2019.",
    "statement": "I produced the film and hold its rights; I gave no licence to show it.",
    "signature": "Grace Achieng",
    "note": "Contract of 4 March 2019 seen.",
    "decisionNote": "Contract of 4 March 2019 seen.",
    "reversalNote": "The claimant withdrew it.",
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
    "followerCount": 310,
    "kind": "series",
    "sequence": 14,
    "review": "The rain in the last scene is worth the data.",
    "order": 1,
    "season": 1,
    "episode": 3,
    "number": 1,
    "character": "Okello",
    "biography": "Has narrated more than a thousand films in Luganda.",
    "photoUrl": "https://media.kushfilms.com/public/people/5b7c.webp",
    "episodeNumber": 3,
    "seriesTitle": "Kampala Nights",
    "licenceHolder": "Nile Pictures Ltd",
    "movieCount": 84,
    "creditCount": 31,
    "seasonCount": 2,
    "episodeCount": 16,
    "imageUrl": "https://media.kushfilms.com/public/categories/5b7c.webp",
    "thumbnailUrl": "https://media.kushfilms.com/public/movies/5b7c/thumbnail.webp",
    "posterUrl": "https://media.kushfilms.com/public/movies/5b7c/poster.webp",
    "backdropUrl": "https://media.kushfilms.com/public/movies/5b7c/backdrop.webp",
    "previewUrl": "https://media.kushfilms.com/public/movies/5b7c/preview.webp",
    # Playing
    "streamUrl": "https://media.kushfilms.com/hls/k1.AbCd/master.m3u8",
    "streamPath": f"/api/v1/movies/{UUID}/trailer",
    "TrailerOutput.duration": 95,
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
    "AddedAudioTrackOutput.id": 17,
    "AddedSubtitleOutput.id": 17,
    "SubtitleInput.file": "WEBVTT\n\n00:01.500 --> 00:03.000\nOli otya?",
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
    "CueOutput.start": 12.4,
    "CueOutput.end": 15.1,
    "CueOutput.text": "Where are we going?",
    "SubtitlePreviewOutput.encoding": "utf-8",
    "SubtitlePreviewOutput.damagedLetters": 0,
    "SubtitlePreviewOutput.lines": 842,
}


def give_examples(result: Spec, generator: Any, request: Any, public: bool) -> Spec:  # noqa: FBT001
    """Add an example to every plain property that has none (hook of drf-spectacular)."""
    for component, schema in result["components"]["schemas"].items():
        for name, prop in schema.get("properties", {}).items():
            if needs_example(prop) and (example := example_of(component, name, prop)) is not None:
                prop["example"] = example
    return result


def needs_example(prop: Spec) -> bool:
    """Return whether a property needs an example; enums, booleans and references do not."""
    explained = {"$ref", "allOf", "oneOf", "enum", "example", "additionalProperties"} & prop.keys()
    return not explained and prop.get("type") not in {"boolean", "array", "object"}


def example_of(component: str, name: str, prop: Spec) -> Any:
    """Return the example of a property, or None."""
    by_name = BY_NAME.get(f"{component}.{name}", BY_NAME.get(name))
    return BY_FORMAT.get(prop.get("format", "")) if by_name is None else by_name
