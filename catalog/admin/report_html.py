"""HTML of a reported item and of the buttons beside it, in the list of reports."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.roles import Role, role_allows
from catalog.models import Comment, Movie, Report, ReportOutcome
from catalog.services.report_rules import FITTING, NEEDS

# A ban needs a reason, so it is decided on the report's own page.
AT_ONCE = {
    ReportOutcome.DISMISS: "No violation",
    ReportOutcome.HIDE_COMMENT: "Hide",
    ReportOutcome.UNPUBLISH_MOVIE: "Unpublish",
}


def report_target_html(report: Report) -> SafeString:
    """Return the reported item, to be judged in the list."""
    target = report.target
    if isinstance(target, Comment):
        return format_html(
            '<blockquote class="thing">{}</blockquote><div class="quiet">{} on “{}”{}</div>',
            target.content,
            _person_link(target.user_id, str(target.user)),
            target.movie.title,
            ", hidden" if target.hidden else "",
        )
    if isinstance(target, Movie):
        return format_html(
            '<strong>“{}”</strong><div class="quiet">{}, {}</div>',
            target.title,
            f"film of {target.year}" if target.year else "film",
            "published" if target.published else "not published",
        )
    return format_html(
        '<strong>{}</strong><div class="quiet">{}{}</div>',
        target.name,
        _person_link(target.pk, target.email),
        ", banned" if target.is_banned else "",
    )


def _person_link(pk: object, text: str) -> SafeString:
    url = reverse("admin:accounts_user_change", args=[pk])
    return format_html('<a href="{}">{}</a>', url, text)


def report_buttons_html(report: Report, *, role: Role) -> SafeString:
    """Return a button for each outcome that needs no reason, and a link to the report's page.

    The buttons submit the list's own form, with its CSRF token, to the report's address.
    """
    page = reverse("admin:catalog_report_change", args=[report.pk])
    if not report.is_open:
        return format_html('<a href="{}">View</a>', page)
    url = reverse("admin:catalog_report_resolve", args=[report.pk])
    buttons = (
        (url, outcome, label)
        for outcome, label in AT_ONCE.items()
        if outcome in FITTING[report.target_type] and role_allows(role, NEEDS[outcome])
    )
    row = format_html_join(
        " ",
        '<button type="submit" formaction="{}" name="outcome" value="{}">{}</button>',
        buttons,
    )
    return format_html('<div class="doors">{} <a href="{}">More…</a></div>', row, page)
