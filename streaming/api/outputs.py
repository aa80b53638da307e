"""What the answers look like, for the schema; `test_answers_match_the_schema` holds them to it."""

from typing import Any

from rest_framework import serializers

from streaming.models import AssetKind, AssetStatus, TrackSource

Output = serializers.Serializer[Any]


class SignedPartOutput(Output):
    partNumber = serializers.IntegerField()
    url = serializers.URLField()


class UploadTicketOutput(Output):
    """`uploadUrl` for one PUT; or `uploadId`, `partSize` (bytes) and the parts still missing."""

    videoId = serializers.UUIDField()
    movieId = serializers.UUIDField()
    expiresIn = serializers.IntegerField(help_text="seconds the URLs are good for")
    uploadUrl = serializers.URLField(required=False)
    uploadId = serializers.CharField(required=False)
    partSize = serializers.IntegerField(required=False)
    parts = SignedPartOutput(many=True, required=False)


class ArrivedPartOutput(Output):
    partNumber = serializers.IntegerField()
    size = serializers.IntegerField()
    etag = serializers.CharField()


class PartsOutput(UploadTicketOutput):
    size = serializers.IntegerField(help_text="bytes announced")
    arrived = ArrivedPartOutput(many=True)


class VideoErrorOutput(Output):
    code = serializers.CharField()
    message = serializers.CharField(help_text="a sentence for the uploader")


class VideoWarningOutput(Output):
    code = serializers.CharField()
    message = serializers.CharField(help_text="a sentence for staff")


class RungOutput(Output):
    height = serializers.IntegerField(help_text="0: audio only")
    name = serializers.CharField()
    codec = serializers.CharField()
    bandwidth = serializers.IntegerField(help_text="peak, bits a second")
    bytes = serializers.IntegerField(help_text="the whole film, with sound")
    status = serializers.ChoiceField(choices=["WAITING", "ENCODING", "READY", "FAILED"])
    progress = serializers.IntegerField(help_text="percent")


class EncodeOutput(Output):
    secondsLeft = serializers.IntegerField(allow_null=True)
    attempts = serializers.IntegerField()
    lastError = serializers.CharField(allow_blank=True)
    piecesDone = serializers.IntegerField()
    pieces = serializers.IntegerField()
    cpuSeconds = serializers.FloatField()
    startedAt = serializers.DateTimeField()
    finishedAt = serializers.DateTimeField(allow_null=True)


class SubtitleOutput(Output):
    language = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not its own label
    default = serializers.BooleanField()


class ForcedSubtitleOutput(SubtitleOutput):
    forced = serializers.BooleanField()


class AudioTrackOutput(SubtitleOutput):
    vj = serializers.CharField(allow_blank=True, help_text="the narrator of a translated track")


class AddedSubtitleOutput(ForcedSubtitleOutput):
    id = serializers.IntegerField()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not its own source
        choices=TrackSource.choices
    )


class CueOutput(Output):
    start = serializers.FloatField(help_text="seconds")
    end = serializers.FloatField(help_text="seconds")
    text = serializers.CharField()


class SubtitlePreviewOutput(Output):
    encoding = serializers.CharField(help_text="the code page the letters were read in")
    damagedLetters = serializers.IntegerField(help_text="letters that show as U+FFFD")
    lines = serializers.IntegerField()
    cues = CueOutput(many=True, help_text="the first ten")


class SubtitlesOutput(Output):
    live = serializers.BooleanField(help_text="false: the film is being packaged with them")
    results = AddedSubtitleOutput(many=True)


class AddedAudioTrackOutput(AudioTrackOutput):
    id = serializers.IntegerField()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not its own source
        choices=TrackSource.choices
    )


class ComingAudioTrackOutput(AudioTrackOutput):
    videoId = serializers.UUIDField(help_text="of its upload: GET admin/videos/:id")
    filename = serializers.CharField()
    status = serializers.ChoiceField(choices=AssetStatus.choices)
    error = VideoErrorOutput(allow_null=True)


class AudioTracksOutput(Output):
    live = serializers.BooleanField(help_text="false: the film is being packaged with them")
    results = AddedAudioTrackOutput(many=True)
    coming = ComingAudioTrackOutput(many=True, help_text="uploads that are not in the film yet")


class VideoOutput(Output):
    id = serializers.UUIDField()
    movieId = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=AssetKind.choices)
    filename = serializers.CharField()
    size = serializers.IntegerField()
    status = serializers.ChoiceField(choices=AssetStatus.choices)
    playable = serializers.BooleanField()
    current = serializers.BooleanField(help_text="the one viewers get")
    progress = serializers.IntegerField(help_text="percent")
    duration = serializers.FloatField(help_text="seconds")
    error = VideoErrorOutput(allow_null=True)
    warnings = VideoWarningOutput(
        many=True, help_text="what the film is not, or has not, that the file is or has"
    )
    renditions = RungOutput(many=True)
    encode = EncodeOutput(allow_null=True)
    audioTracks = AudioTrackOutput(many=True)
    subtitles = ForcedSubtitleOutput(many=True)


class StreamMovieOutput(Output):
    id = serializers.UUIDField()
    title = serializers.CharField()


class StreamSessionOutput(Output):
    id = serializers.UUIDField()
    heartbeatSeconds = serializers.IntegerField()


class QualityOutput(Output):
    height = serializers.IntegerField(help_text="0: audio only")
    width = serializers.IntegerField()
    codec = serializers.CharField()
    bandwidth = serializers.IntegerField(help_text="peak, bits a second")
    bytes = serializers.IntegerField(help_text="what the whole film costs, with sound")


class MediaOutput(Output):
    streamUrl = serializers.URLField(help_text="HLS; good without headers or cookies")
    dashUrl = serializers.URLField()
    expiresIn = serializers.IntegerField(help_text="seconds")
    movie = StreamMovieOutput()
    duration = serializers.FloatField(help_text="seconds")
    qualities = QualityOutput(many=True)
    subtitles = ForcedSubtitleOutput(many=True)
    audioTracks = AudioTrackOutput(many=True)


class TrailerStreamOutput(MediaOutput):
    """Good for anyone, for a quarter of an hour longer than it lasts."""


class StreamOutput(MediaOutput):
    resumeAt = serializers.IntegerField(help_text="seconds")
    session = StreamSessionOutput()
    storyboardUrl = serializers.URLField(allow_null=True)
    ads = serializers.ListField(child=serializers.DictField())


class WatchOutput(Output):
    """With a session also a fresh `streamUrl` and how many seconds it is good for."""

    progress = serializers.IntegerField(help_text="seconds")
    completed = serializers.BooleanField()
    streamUrl = serializers.URLField(required=False)
    expiresIn = serializers.IntegerField(required=False)
