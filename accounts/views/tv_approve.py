"""TV approval page, which a person opens on their phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.devices import network_of
from accounts.services.device_grants import code_show, device_grant_answer, device_grant_find
from accounts.views.base import SignedInPage
from kushfilms.core.client_ids import client_of
from kushfilms.core.errors import NotFound, RateLimited
from kushfilms.core.pages import refused_as
from kushfilms.core.rate_limits import rate_limit, rate_limit_network

ANSWERS = {"approve": True, "deny": False}
TOO_MANY_CODES = gettext_noop(
    "Too many codes. Try again in %(wait)s with the code your TV shows then."
)


class TvView(SignedInPage):
    """Ask for the code, show the TV, and take the answer. A sign-in first keeps the code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("code", "")
        if not typed:
            return render(request, "accounts/tv.html")
        try:
            self._count_try()
            grant = device_grant_find(typed, now=timezone.now())
        except (NotFound, RateLimited) as exc:
            return self._refuse(typed, exc)
        context = {
            "device": _(grant.device_name or "A TV"),
            "network": network_of(grant.ip),
            "asked_at": grant.created_at,
            "code": code_show(grant.user_code),
        }
        return render(request, "accounts/tv_confirm.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = request.POST.get("code", "")
        answer = request.POST.get("answer")
        if answer not in ANSWERS:
            return redirect(f"{reverse('tv')}?{urlencode({'code': typed[:40]})}")
        approve = ANSWERS[answer]
        me = self.principal.user_id
        try:
            self._count_try()
            device_grant_answer(typed, approve=approve, user_id=me, now=timezone.now())
        except (NotFound, RateLimited) as exc:
            return self._refuse(typed, exc)
        return redirect("tv-approved" if approve else "tv-denied")

    def _count_try(self) -> None:
        """Count by person and by network: many accounts or many tabs must not help to guess."""
        scope = "device_code_tries"
        network = client_of(self.request).network
        rate_limit(scope, by=self.principal.user_id, message=TOO_MANY_CODES)
        rate_limit_network(scope, network=network, message=TOO_MANY_CODES)

    def _refuse(self, typed: str, exc: NotFound | RateLimited) -> HttpResponse:
        context = {"typed": typed[:40], "fault": exc.message}
        page = render(self.request, "accounts/tv.html", context, status=exc.status)
        return refused_as(page, exc)


@require_GET
@never_cache
def tv_approved(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/tv_done.html", {"approved": True})


@require_GET
@never_cache
def tv_denied(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/tv_done.html", {"approved": False})
