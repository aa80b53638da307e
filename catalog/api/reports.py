"""API of reports: `reports`, and `admin/reports` and `admin/comments` for moderators."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, needs, principal
from catalog.api.report_serializers import (
    HideInput,
    ModeratedCommentOutput,
    ReportInput,
    ReportMadeOutput,
    ReportOutput,
    ResolveInput,
)
from catalog.models import Report, ReportOutcome, ReportState, ReportTarget
from catalog.selectors.comments import comment_get
from catalog.selectors.reports import report_get, report_target, reports_queue
from catalog.services.comments import comment_hide, comment_restore
from catalog.services.report_rules import Decision
from catalog.services.reports import report_claim, report_create, report_resolve, report_restore
from kushfilms.core.api.pagination import NumberedPagination
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.errors import InvalidInput


class ReportCreateView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("reports")]

    @extend_schema(
        summary="Report a comment, film or person",
        description="A second open report about the same target returns the first one.",
        request=ReportInput,
        responses={201: ReportMadeOutput, 404: None},
    )
    def post(self, request: Request) -> Response:
        values = validated(ReportInput, request)
        report = report_create(
            report_target(ReportTarget(values["targetType"]), values["targetId"]),
            reporter_id=principal(request).user_id,
            reason=values["reason"],
            details=values["details"],
            now=timezone.now(),
        )
        return Response(ReportMadeOutput(report).data, status=201)


@extend_schema_view(
    get=extend_schema(
        summary="List reports",
        description="Oldest first, each with the number of open reports about its target.",
        operation_id="admin_reports_list",
        parameters=[OpenApiParameter("status", str, enum=ReportState.values)],
    )
)
class ReportListView(ListAPIView[Report]):
    permission_classes = [needs("catalog.view_report")]
    serializer_class = ReportOutput
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Report]:
        state = self.request.query_params.get("status", "")
        if state and state not in ReportState.values:
            fault = f"One of {', '.join(ReportState.values)}."
            raise InvalidInput("status cannot be used.", fields={"status": [fault]})
        return reports_queue(state=state)


class ReportActionView(APIView):
    permission_classes = [needs("catalog.resolve_report")]

    def answer(self, report: Report) -> Response:
        return Response(ReportOutput(report_get(report.pk)).data)


class ReportView(ReportActionView):
    @extend_schema(
        summary="Get a report",
        description="With its target, and the decision if there is one.",
        operation_id="admin_reports_retrieve",
        responses=ReportOutput,
    )
    def get(self, request: Request, report_id: UUID) -> Response:
        return self.answer(report_get(report_id))


class ReportClaimView(ReportActionView):
    @extend_schema(
        summary="Claim a report",
        description="Reserves every open report about the target for you for 30 minutes. "
        "Idempotent. 409 `claimed` by another moderator.",
        request=None,
        responses=ReportOutput,
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        by = principal(request)
        return self.answer(report_claim(report_get(report_id), by=by, now=timezone.now()))


class ReportResolveView(ReportActionView):
    @extend_schema(
        summary="Decide a report",
        description="Decides every open report about the same target, and carries out the outcome.",
        request=ResolveInput,
        responses=ReportOutput,
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        values = validated(ResolveInput, request)
        decision = Decision(
            outcome=ReportOutcome(values["outcome"]),
            resolution=values["resolution"],
            ban_days=values["banDays"],
        )
        by = principal(request)
        now = timezone.now()
        return self.answer(report_resolve(report_get(report_id), decision=decision, by=by, now=now))


class ReportRestoreView(ReportActionView):
    @extend_schema(
        summary="Undo the outcome of a report",
        description="Shows the comment, publishes the film, or lifts the ban.",
        request=None,
        responses=ReportOutput,
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        by = principal(request)
        return self.answer(report_restore(report_get(report_id), by=by, now=timezone.now()))


class CommentHideView(APIView):
    permission_classes = [needs("catalog.hide_comment")]

    @extend_schema(
        summary="Hide a comment",
        description="Also hides the replies below it. 409 `hidden` when it is hidden already.",
        request=HideInput,
        responses=ModeratedCommentOutput,
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        reason: str = validated(HideInput, request)["reason"]
        comment = comment_hide(comment_get(comment_id), reason=reason)
        return Response(ModeratedCommentOutput(comment).data)


class CommentRestoreView(APIView):
    permission_classes = [needs("catalog.hide_comment")]

    @extend_schema(
        summary="Show a hidden comment again",
        description="409 `not_hidden` when it is not hidden.",
        request=None,
        responses=ModeratedCommentOutput,
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        comment = comment_restore(comment_get(comment_id))
        return Response(ModeratedCommentOutput(comment).data)
