"""Reads for moderators."""

from uuid import UUID

from django.db.models import F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from catalog.models import Comment, Movie, Report, ReportTarget
from catalog.models.reports import OPEN_STATES
from catalog.selectors.comments import comment_visible
from catalog.selectors.films import movie_get
from kushfilms.core.errors import NotFound

REPORT_RELATIONS = ("comment__user", "comment__movie", "movie", "user", "reporter", "reviewer")


def reports_queue(*, state: str = "") -> QuerySet[Report]:
    """Return reports, oldest first, each with the number of open reports of its target."""
    about = Q(comment=OuterRef("comment")) | Q(movie=OuterRef("movie")) | Q(user=OuterRef("user"))
    same = Report.objects.filter(about, state__in=OPEN_STATES).order_by()
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    same_count = Subquery(same.annotate(all=count).values("all"))
    reports = Report.objects.select_related(*REPORT_RELATIONS).annotate(same_count=same_count)
    return (reports.filter(state=state) if state else reports).order_by("created_at", "pk")


def report_get(report_id: UUID) -> Report:
    """Return a report with its relations. Raises NotFound."""
    report = Report.objects.select_related(*REPORT_RELATIONS).filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no such report.")
    return report


def report_target(target_type: ReportTarget, reference: str | UUID) -> Comment | Movie | User:
    """Return what a viewer may report, which is what a viewer can see. Raises NotFound."""
    if target_type == ReportTarget.MOVIE:
        return movie_get(str(reference))
    if target_type == ReportTarget.COMMENT:
        return comment_visible(UUID(str(reference)))
    person = User.objects.filter(pk=UUID(str(reference)), erased_at=None).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person
