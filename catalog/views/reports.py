"""The form that reports a film, a comment or a person."""

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.auth.middleware import principal_of
from accounts.models import User
from catalog.models import Comment, Movie, ReportReason, ReportTarget
from catalog.selectors import uuid_or_none
from catalog.selectors.reports import report_target
from catalog.services.reports import report_create
from kushfilms.core.errors import NotFound
from kushfilms.core.form_fields import ParagraphsFormField
from kushfilms.core.rate_limits import rate_limit

# Viewers choose between these; the labels of `ReportReason` are for staff.
REASON_LABELS = {
    ReportReason.INAPPROPRIATE: _("Inappropriate"),
    ReportReason.COPYRIGHT: _("Copyright infringement"),
}
REASONS = [(reason.value, REASON_LABELS.get(reason, reason.label)) for reason in ReportReason]


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=REASONS, widget=forms.RadioSelect)
    details = ParagraphsFormField(
        label=_("Details"),
        required=False,
        max_length=1000,
        help_text=_("Only our moderators see this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    viewer = principal_of(request)
    if viewer is None:
        return redirect_to_login(request.get_full_path())
    target = _target(request)
    form = ReportForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "target": target, "quote": _quote(target), "back": _back(target)}
    if not form.is_valid():
        return render(request, "catalog/report.html", context)
    rate_limit("reports", by=viewer.user_id)
    report_create(target, reporter_id=viewer.user_id, now=timezone.now(), **form.cleaned_data)
    return render(request, "catalog/report_done.html", context)


def _target(request: HttpRequest) -> Comment | Movie | User:
    """Return the target named in the address. Raises NotFound."""
    for kind in ReportTarget:
        if reference := request.GET.get(kind.lower(), ""):
            if kind != ReportTarget.MOVIE and not uuid_or_none(reference):
                break
            return report_target(kind, reference)
    raise NotFound("There is nothing to report at this address.")


def _quote(target: Comment | Movie | User) -> str:
    if isinstance(target, Comment):
        return target.content
    return target.title if isinstance(target, Movie) else target.name


def _back(target: Comment | Movie | User) -> str:
    if isinstance(target, User):
        return reverse("home")
    movie = target.movie if isinstance(target, Comment) else target
    return reverse("movie", args=[movie.slug])
