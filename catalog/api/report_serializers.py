"""JSON of reports. The names are the contract's (SPEC, sections 2 and 3)."""

from typing import Any

from rest_framework import serializers

from catalog.models import Comment, Movie, Report, ReportOutcome, ReportReason, ReportState
from catalog.models.reports import ReportTarget
from kushfilms.core.api.fields import LineField, ParagraphsField

LONGEST_BAN_DAYS = 3650


class ReportInput(serializers.Serializer[Any]):
    targetType = serializers.ChoiceField(choices=ReportTarget.choices)
    targetId = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    details = ParagraphsField(max_length=1000, required=False, allow_blank=True, default="")


class ReportMadeOutput(serializers.Serializer[Any]):
    """The report as its reporter sees it."""

    id = serializers.UUIDField()
    targetType = serializers.ChoiceField(choices=ReportTarget.choices, source="target_type")
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    status = serializers.ChoiceField(choices=ReportState.choices, source="state")
    createdAt = serializers.DateTimeField(source="created_at")


class AccountReference(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class TargetOutput(serializers.Serializer[Any]):
    """The reported item, with what is needed to judge it."""

    id = serializers.UUIDField()
    title = serializers.CharField(
        help_text="A film's title, a person's name, or the title of a comment's film."
    )
    content = serializers.CharField(help_text="A comment's text, or a film's description.")
    author = AccountReference(allow_null=True)
    visible = serializers.BooleanField(help_text="Whether viewers see it now.")


def target_json(report: Report) -> dict[str, Any]:
    target = report.target
    if isinstance(target, Comment):
        visible = not target.hidden and target.deleted_at is None
        return _target(target.pk, target.movie.title, target.content, target.user, visible=visible)
    if isinstance(target, Movie):
        return _target(target.pk, target.title, target.description, None, visible=target.published)
    return _target(target.pk, target.name, "", target, visible=not target.is_banned)


def _target(pk: Any, title: str, content: str, author: Any, *, visible: bool) -> dict[str, Any]:
    return {"id": pk, "title": title, "content": content, "author": author, "visible": visible}


class ReportOutput(ReportMadeOutput):
    target = serializers.SerializerMethodField()
    details = serializers.CharField()
    reporter = AccountReference(allow_null=True)
    reviewer = AccountReference(allow_null=True)
    claimedAt = serializers.DateTimeField(source="claimed_at", allow_null=True)
    outcome = serializers.ChoiceField(choices=ReportOutcome.choices, allow_blank=True)
    resolution = serializers.CharField()
    resolvedAt = serializers.DateTimeField(source="resolved_at", allow_null=True)
    restoredAt = serializers.DateTimeField(source="restored_at", allow_null=True)
    openCount = serializers.IntegerField(
        source="same_count", default=0, help_text="Open reports about the same target."
    )

    def get_target(self, report: Report) -> TargetOutput:  # the annotation is for the schema
        return TargetOutput(target_json(report)).data  # type: ignore[return-value]


class ResolveInput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=ReportOutcome.choices)
    resolution = ParagraphsField(max_length=500, required=False, allow_blank=True, default="")
    banDays = serializers.IntegerField(
        min_value=1, max_value=LONGEST_BAN_DAYS, required=False, allow_null=True, default=None
    )


class HideInput(serializers.Serializer[Any]):
    reason = LineField(max_length=500)


class ModeratedCommentOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    content = serializers.CharField()
    hidden = serializers.BooleanField()
    hiddenReason = serializers.CharField(source="hidden_reason")
