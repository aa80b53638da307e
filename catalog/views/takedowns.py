"""The public page for copyright claims."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import TakedownNotice
from catalog.services.takedowns import takedown_submit
from kushfilms.core.client_ids import client_of
from kushfilms.core.errors import InvalidInput
from kushfilms.core.form_fields import AddressFormField, LineFormField, ParagraphsFormField
from kushfilms.core.rate_limits import rate_limit

if TYPE_CHECKING:
    _Form = forms.ModelForm[TakedownNotice]
else:  # generic only in the stubs
    _Form = forms.ModelForm


class TakedownForm(_Form):
    film = LineFormField(
        label=_("The film on Kush Films"),
        max_length=500,
        help_text=_("Address of its page, or its exact title."),
    )
    sworn_good_faith = forms.BooleanField(
        label=_(
            "I believe in good faith that this use is not allowed by the owner, "
            "their agent, or the law."
        )
    )
    sworn_accurate = forms.BooleanField(
        label=_(
            "I swear that this information is accurate, and that I am the owner or authorised to "
            "act for them. I know that a false claim is punishable."
        )
    )
    # Hidden from people by CSS; only bots fill it in.
    website = LineFormField(required=False, label=_("Leave this empty"))

    class Meta:
        model = TakedownNotice
        fields = [
            "claimant_name", "claimant_email", "organisation", "postal_address", "phone",
            "film", "work", "statement", "sworn_good_faith", "sworn_accurate", "signature",
        ]  # fmt: skip
        labels = {
            "claimant_name": _("Your name"),
            "claimant_email": _("Your e-mail"),
            "organisation": _("Organisation (optional)"),
            "postal_address": _("Postal address"),
            "phone": _("Phone"),
            "work": _("Your original work"),
            "statement": _("Statement"),
            "signature": _("Your full name, as your signature"),
        }
        help_texts = {
            "work": _("Title, year, and where it can be seen or is registered."),
            "statement": _("Why this film, or which part of it, is your work."),
        }
        field_classes = {
            **dict.fromkeys(
                ("claimant_name", "organisation", "postal_address", "phone", "signature"),
                LineFormField,
            ),
            "claimant_email": AddressFormField,
            "work": ParagraphsFormField,
            "statement": ParagraphsFormField,
        }
        widgets = {
            "work": forms.Textarea(attrs={"rows": 3}),
            "statement": forms.Textarea(attrs={"rows": 5}),
        }


@never_cache
@require_http_methods(["GET", "POST"])
def takedown(request: HttpRequest) -> HttpResponse:
    form = TakedownForm(
        request.POST if request.method == "POST" else None,
        initial={"film": request.GET.get("film", "")[:500]},
    )
    if form.is_valid() and _submitted(request, form):
        return redirect("takedown-sent")
    return render(request, "catalog/takedown.html", {"form": form})


def _submitted(request: HttpRequest, form: TakedownForm) -> bool:
    values: dict[str, Any] = {**form.cleaned_data}
    film = values.pop("film")
    trap = values.pop("website")
    if trap:
        return True  # a bot gets the answer of a success
    rate_limit("takedowns", by=client_of(request))
    try:
        takedown_submit(film=film, values=values, now=timezone.now())
    except InvalidInput as exc:
        for field, faults in exc.extras.get("fields", {}).items():
            form.add_error(field if field in form.fields else None, faults)
        return False
    return True


@never_cache
@require_safe
def takedown_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/takedown_sent.html")
