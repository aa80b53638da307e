"""Preferences page: theme, data saver and the price of a data bundle, for visitors too."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kushfilms.core.errors import Denied
from kushfilms.core.pages import page_cache, safe_next
from kushfilms.core.preferences import (
    BUNDLE,
    SAVER,
    THEME,
    THEMES,
    Bundle,
    bundle_of,
    preference_keep,
    saves_data,
    ugx_per_mb,
)

View = Callable[[HttpRequest], HttpResponse]
MEGABYTES = {
    100: "100 MB",
    250: "250 MB",
    500: "500 MB",
    1000: "1 GB",
    2000: "2 GB",
    3000: "3 GB",
    5000: "5 GB",
    10_000: "10 GB",
    25_000: "25 GB",
    50_000: "50 GB",
}


class BundleForm(forms.Form):
    price = forms.IntegerField(label=gettext_lazy("Price in UGX"), min_value=1, max_value=1_000_000)
    megabytes = forms.TypedChoiceField(
        label=gettext_lazy("Data"), choices=list(MEGABYTES.items()), coerce=int
    )


def same_site_form(view: View) -> View:
    """Accept a form of our own pages without a CSRF token (decorator).

    Only for forms that set a preference cookie: without a token their pages are the same bytes
    each time. A form on another site is still refused.
    """

    def pressed(request: HttpRequest) -> HttpResponse:
        if not _from_own_page(request):
            raise Denied(_("Use the buttons on our own pages."))
        return view(request)

    return csrf_exempt(pressed)


def _from_own_page(request: HttpRequest) -> bool:
    """Return whether the request comes from our own page, or from the address bar.

    Browsers without Sec-Fetch-Site send Origin or Referer. A client without any of the three is
    not a browser that another site could make send the form.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is None or urlsplit(origin).netloc == request.get_host()


@require_http_methods(["GET", "HEAD", "POST"])
@page_cache
@same_site_form
def preferences(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        bundle = bundle_of(request) or Bundle(5000, 1000)
        values = {"price": bundle.price_ugx, "megabytes": bundle.megabytes}
        return _page(request, BundleForm(initial=values))
    actions = {"theme": _theme, "saver": _saver, "bundle": _bundle}
    act = actions.get(request.POST.get("do", ""))
    return act(request) if act else redirect("preferences")


def _page(request: HttpRequest, form: BundleForm) -> HttpResponse:
    context = {
        "form": form,
        "bundle": bundle_of(request),
        "ugx_per_mb": ugx_per_mb(request),
        "ugx_per_hour": ugx_per_mb(request) * 240,  # about 240 MB an hour at 480p
        "saver_on": saves_data(request),
        "saver_by_browser": request.headers.get("Save-Data", "").lower() == "on",
    }
    return render(request, "core/preferences.html", context)


def _theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    response = redirect(safe_next(request))
    preference_keep(response, THEME, chosen if chosen in THEMES and chosen != "system" else "")
    return response


def _saver(request: HttpRequest) -> HttpResponse:
    on = request.POST.get("saver") == "on"
    messages.success(request, _("Data saver is on.") if on else _("Data saver is off."))
    response = redirect("preferences")
    preference_keep(response, SAVER, "on" if on else "")
    return response


def _bundle(request: HttpRequest) -> HttpResponse:
    if "forget" in request.POST:
        messages.success(request, _("Bundle price removed. We use the usual price again."))
        response = redirect("preferences")
        preference_keep(response, BUNDLE, "")
        return response
    form = BundleForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    bundle = Bundle(form.cleaned_data["price"], form.cleaned_data["megabytes"])
    messages.success(request, _("Saved. Every film now shows its cost on your bundle."))
    response = redirect("preferences")
    preference_keep(response, BUNDLE, str(bundle))
    return response
