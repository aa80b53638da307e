"""Panels of catalog on a person's page in the back office."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.admin.panels import user_panel
from accounts.models import User
from catalog.models import Comment, Report, WatchHistory
from catalog.selectors.reports import REPORT_RELATIONS

ROWS = 15
LINES = "admin/panels/lines.html"


@user_panel("Last watched", template=LINES, perm="catalog.view_watchhistory", order=30)
def watched(user: User) -> dict[str, Any]:
    rows = WatchHistory.objects.filter(user=user).select_related("movie")
    lines = [
        {
            "text": row.movie.title,
            "quiet": f"{row.watched_at:%d %b %Y}, "
            + ("completed" if row.completed else f"{row.progress // 60} min"),
        }
        for row in rows.order_by("-watched_at")[:ROWS]
    ]
    return {"lines": lines, "empty": "Nothing yet."}


@user_panel("Reports about them", template=LINES, perm="catalog.view_report", order=40)
def reports_about(user: User) -> dict[str, Any]:
    about = Report.objects.filter(Q(user=user) | Q(comment__user=user))
    return {"lines": _report_lines(about.order_by("-created_at")[:ROWS]), "empty": "None."}


@user_panel("Reports they made", template=LINES, perm="catalog.view_report", order=50)
def reports_made(user: User) -> dict[str, Any]:
    made = Report.objects.filter(reporter=user).order_by("-created_at")
    return {"lines": _report_lines(made[:ROWS]), "empty": "None."}


def _report_lines(reports: Any) -> Iterable[dict[str, str]]:
    return [
        {
            "text": str(report)[:160],
            "quiet": f"{report.created_at:%d %b %Y}, {report.get_state_display().lower()}"
            + (f": {report.get_outcome_display().lower()}" if report.outcome else ""),
            "url": f"/admin/catalog/report/{report.pk}/change/",
        }
        for report in reports.select_related(*REPORT_RELATIONS)
    ]


@user_panel("Comments", template=LINES, perm="catalog.view_comment", order=60)
def comments(user: User) -> dict[str, Any]:
    rows = Comment.objects.filter(user=user).select_related("movie").order_by("-created_at")
    lines = [
        {
            "text": row.content[:200],
            "quiet": f"on {row.movie.title}, {row.created_at:%d %b %Y}"
            + (", hidden" if row.hidden else "")
            + (", deleted by its author" if row.deleted_at else ""),
            "url": f"/admin/catalog/comment/{row.pk}/change/",
        }
        for row in rows[:ROWS]
    ]
    return {"lines": lines, "empty": "None."}
