"""Pages of moderators: comments, ratings, reports and copyright claims."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.forms import BAN_LENGTHS
from accounts.admin.people import acting_user
from accounts.roles import Role
from catalog.admin.report_html import report_buttons_html, report_target_html
from catalog.models import Comment, Rating, Report, ReportOutcome, ReportState, TakedownNotice
from catalog.selectors.reports import REPORT_RELATIONS, report_get, reports_queue
from catalog.selectors.takedowns import takedown_get
from catalog.services.comments import comment_hide, comment_restore
from catalog.services.ratings import rating_hide, rating_restore
from catalog.services.report_rules import FITTING, NEEDS, Decision
from catalog.services.reports import report_claim, report_resolve, report_restore
from catalog.services.spam import HELD_BACK
from catalog.services.takedowns import takedown_accept, takedown_reject, takedown_reverse
from kushfilms.core.context import current
from kushfilms.core.errors import InvalidInput, KushError

BY_HAND = "By a moderator"


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin[Comment]):
    list_display = ["excerpt", "user", "movie", "hidden", "held", "deleted_at", "created_at"]
    list_filter = ["held", "hidden", "created_at"]
    list_select_related = ["user", "movie"]
    search_fields = ["content", "user__email"]
    ordering = ["-created_at"]
    actions = ["hide", "restore"]

    @admin.display(description="Comment")
    def excerpt(self, comment: Comment) -> str:
        return comment.content[:140]

    @admin.action(description="Hide", permissions=["hide"])
    def hide(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        apply_to_each(self, request, comments, partial(comment_hide, reason=BY_HAND), "hidden")

    @admin.action(description="Show again", permissions=["hide"])
    def restore(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        apply_to_each(self, request, comments, comment_restore, "shown again")

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.hide_comment"))


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin[Rating]):
    """Ratings, reviews above all: stars alone need no moderator."""

    list_display = ["excerpt", "stars", "user", "movie", "hidden", "updated_at"]
    list_filter = ["hidden", "stars", "updated_at"]
    list_select_related = ["user", "movie"]
    search_fields = ["review", "user__email", "movie__title"]
    ordering = ["-updated_at"]
    actions = ["hide", "restore"]

    @admin.display(description="Review")
    def excerpt(self, rating: Rating) -> str:
        return rating.review[:140] or "no review"

    @admin.action(description="Hide the review", permissions=["hide"])
    def hide(self, request: HttpRequest, ratings: QuerySet[Rating]) -> None:
        apply_to_each(self, request, ratings, partial(rating_hide, reason=BY_HAND), "hidden")

    @admin.action(description="Show the review again", permissions=["hide"])
    def restore(self, request: HttpRequest, ratings: QuerySet[Rating]) -> None:
        apply_to_each(self, request, ratings, rating_restore, "shown again")

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.hide_rating"))


def apply_to_each(
    page: Any, request: HttpRequest, rows: QuerySet[Any], do: Any, outcome: str
) -> None:
    """Run an action on every row, and report the result of each."""
    for row in rows:
        try:
            do(row)
        except KushError as exc:
            page.message_user(request, f"{row}: {exc.message}", messages.ERROR)
        else:
            page.message_user(request, f"{row} is {outcome}.")


class ReportStateFilter(admin.SimpleListFilter):
    """A filter that shows pending reports at first."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*ReportState.choices, ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": self._chosen == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset if self._chosen == "all" else queryset.filter(state=self._chosen)

    @property
    def _chosen(self) -> str:
        return self.value() or ReportState.PENDING


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin[Report]):
    """The queue, oldest first, with the reported item in the list."""

    change_form_template = "admin/catalog/report/change_form.html"
    list_display = ["target", "reason_details", "state_label", "decide"]
    list_display_links = None
    list_filter = [ReportStateFilter, "reason", "created_at"]
    search_fields = ["comment__content", "movie__title", "user__email", "reporter__email"]
    list_per_page = 25

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return reports_queue()

    @admin.display(description="Reported")
    def target(self, report: Report) -> SafeString:
        return report_target_html(report)

    @admin.display(description="Why")
    def reason_details(self, report: Report) -> SafeString:
        others = getattr(report, "same_count", 0) - 1
        # A report without a reporter was filed by the spam filter, or by a person who has left.
        from_filter = report.details.startswith(HELD_BACK)
        reporter = report.reporter or ("the spam filter" if from_filter else "a former member")
        return format_html(
            '<b>{}</b><p class="quiet">{}</p><div class="quiet">{}{}, {}</div>',
            report.get_reason_display(),
            report.details,
            reporter,
            f" and {others} more" if others > 0 else "",
            report.created_at.strftime("%d %b %Y"),
        )

    @admin.display(description="State", ordering="state")
    def state_label(self, report: Report) -> str:
        if report.outcome:
            return report.get_outcome_display()
        return f"{report.get_state_display()}{f' by {report.reviewer}' if report.reviewer else ''}"

    @admin.display(description="Decide")
    def decide(self, report: Report) -> SafeString:
        # A ModelAdmin serves all requests and does not pass the request to its columns.
        return report_buttons_html(report, role=Role(current().actor_role))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/claim/", view(self.claim_view), name="catalog_report_claim"),
            path("<uuid:pk>/resolve/", view(self.resolve_view), name="catalog_report_resolve"),
            path("<uuid:pk>/restore/", view(self.restore_view), name="catalog_report_restore"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        report: Report = kwargs["obj"]
        same = Report.objects.filter(**report.target_key).select_related(*REPORT_RELATIONS)
        context |= {
            "target": report_target_html(report),
            "same": same.order_by("-created_at")[:50],
            "outcomes": [
                outcome
                for outcome in ReportOutcome
                if outcome in FITTING[report.target_type]
                and acting_user(request).has_perm(NEEDS[outcome])
            ],
            "ban_lengths": BAN_LENGTHS,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def claim_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "catalog.resolve_report")
        claim = partial(report_claim, report_get(pk), by=acting_user(request), now=timezone.now())
        back = reverse("admin:catalog_report_change", args=[pk])
        return self.act(request, claim, said="The report is yours for 30 minutes.", back=back)

    def resolve_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "catalog.resolve_report")
        report = report_get(pk)

        def resolve() -> None:
            outcome = request.POST.get("outcome", "")
            days = request.POST.get("days", "")
            if outcome not in ReportOutcome.values or days not in dict(BAN_LENGTHS):
                raise InvalidInput("Choose one of the outcomes.")
            decision = Decision(
                outcome=ReportOutcome(outcome),
                resolution=request.POST.get("resolution", "")[:500],
                ban_days=int(days) if days else None,
            )
            report_resolve(report, decision=decision, by=acting_user(request), now=timezone.now())

        queue = reverse("admin:catalog_report_changelist")
        return self.act(request, resolve, said="Decided. The reporters are notified.", back=queue)

    def restore_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "catalog.resolve_report")
        restore = partial(
            report_restore, report_get(pk), by=acting_user(request), now=timezone.now()
        )
        back = reverse("admin:catalog_report_change", args=[pk])
        return self.act(request, restore, said="The outcome was undone.", back=back)


@admin.register(TakedownNotice)
class TakedownAdmin(ReadOnlyAdmin[TakedownNotice]):
    change_form_template = "admin/catalog/takedownnotice/change_form.html"
    list_display = [
        "movie_title",
        "claimant_name",
        "organisation",
        "status",
        "created_at",
        "decided_by",
    ]
    list_filter = ["status", "created_at"]
    list_select_related = ["decided_by"]
    search_fields = ["claimant_name", "claimant_email", "movie_title"]
    ordering = ["created_at"]
    fieldsets = [
        (
            "Claimant",
            {
                "fields": [
                    "claimant_name",
                    "claimant_email",
                    "organisation",
                    "postal_address",
                    "phone",
                    "signature",
                ]
            },
        ),
        ("Claim", {"fields": ["movie", "work", "statement", "created_at"]}),
        (
            "Decision",
            {
                "fields": [
                    "status",
                    "decided_by",
                    "decided_at",
                    "decision_note",
                    "reversed_at",
                    "reversal_note",
                ]
            },
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        own = path("<uuid:pk>/<str:verb>/now/", view, name="catalog_takedownnotice_decide")
        return [own, *super().get_urls()]

    def decide_view(self, request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
        self.must(request, "catalog.decide_takedownnotice")
        notice = takedown_get(pk)
        now = timezone.now()
        by = acting_user(request)
        note = request.POST.get("note", "")[:1000]

        def decide() -> None:
            if verb == "accept":
                takedown_accept(notice, note=note, by=by, now=now)
            elif verb == "reject":
                takedown_reject(notice, note=note, by=by, now=now)
            elif verb == "reverse":
                takedown_reverse(notice, note=note, now=now)
            else:
                raise InvalidInput("Choose accept, reject or reverse.")

        back = reverse("admin:catalog_takedownnotice_change", args=[pk])
        return self.act(
            request, decide, said="Done. The claimant is notified by e-mail.", back=back
        )
