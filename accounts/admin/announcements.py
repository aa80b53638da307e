"""Announcement page, which notifies many people."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Notification
from accounts.services.announcements import announcement_send
from kushfilms.core.form_fields import LineFormField, ParagraphsFormField

AUDIENCES = [("staff", "Staff"), ("everyone", "Everyone with an account")]
WIDE = {"class": "vTextField"}


class AnnouncementForm(forms.Form):
    # Created with the empty form, so that a second click or a reload sends nothing more.
    announcement_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    audience = forms.ChoiceField(choices=AUDIENCES, widget=forms.RadioSelect, initial="staff")
    title = LineFormField(max_length=200, widget=forms.TextInput(attrs=WIDE))
    message = ParagraphsFormField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"})
    )
    action_url = LineFormField(
        label="Link",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs=WIDE),
        help_text="Target of “Open”: a path of this site, such as /movies/last-boda. Optional.",
    )

    def clean_action_url(self) -> str:
        path: str = self.cleaned_data["action_url"]
        if path and not (path.startswith("/") and url_has_allowed_host_and_scheme(path, None)):
            raise forms.ValidationError("Enter a path of this site that begins with one slash.")
        return path


def announce(request: HttpRequest, *, site: admin.AdminSite) -> HttpResponse:
    """Show and send the form. Raises PermissionDenied."""
    if not request.user.has_perm("accounts.announce_notification"):
        raise PermissionDenied
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        announcement_send(**form.cleaned_data)
        messages.success(request, "Announcement sent. People see it in their notifications.")
        return redirect("admin:accounts_notification_changelist")
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": "Send an announcement",
        "opts": Notification._meta,
        "form": form,
    }
    return TemplateResponse(request, "admin/announce.html", context)
