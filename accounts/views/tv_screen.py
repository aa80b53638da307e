"""TV screen, which a TV's browser opens to be signed in from a phone."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET

from accounts.api.device import verification_uri
from accounts.auth.middleware import principal_of
from accounts.devices import tv_name
from accounts.services.device_errors import AuthorizationPending, DeviceGrantError, SlowDown
from accounts.services.device_grants import (
    code_read,
    code_show,
    device_grant_start,
    device_grant_waiting,
)
from accounts.services.sessions import Device
from accounts.services.sign_in import site_device_sign_in
from accounts.views.qr import qr_picture
from kushfilms.core.client_ids import client_of
from kushfilms.core.rate_limits import rate_limit

# In the TV's own signed, httpOnly cookie, until it is signed in.
DEVICE_CODE_KEY = "device_code"


@method_decorator(never_cache, name="dispatch")
class TvScreenView(View):
    """Show the code by GET, the same one after a reload; POST asks whether it was approved.

    The page's script polls for JSON; without scripts a person presses a button.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if principal_of(request):
            return self._signed_in(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        # A reload shows the open grant of this browser.
        now = timezone.now()
        code = request.session.get(DEVICE_CODE_KEY)
        grant = device_grant_waiting(code, now=now) if code else None
        if grant is None:
            rate_limit("device_code", by=client_of(request))
            device = Device.of(request)
            named_device = replace(device, name=tv_name(device.user_agent, given=device.name))
            started = device_grant_start(named_device, now=now)
            request.session[DEVICE_CODE_KEY] = started.device_code
            grant = started.row
        context = {
            "code": code_show(grant.user_code),
            "uri": verification_uri().partition("://")[2],
            "interval": grant.interval_seconds,
        }
        return render(request, "accounts/tv_screen.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        code = request.session.get(DEVICE_CODE_KEY, "")
        try:
            site_device_sign_in(request, code, now=timezone.now())
        except (AuthorizationPending, SlowDown) as exc:
            answer = {"state": "pending", "interval": exc.extras.get("interval", 5)}
        except DeviceGrantError:
            request.session.pop(DEVICE_CODE_KEY, None)
            answer = {"state": "over"}
        else:
            return self._signed_in(request)
        return JsonResponse(answer) if _by_script(request) else redirect("tv-screen")

    def _signed_in(self, request: HttpRequest) -> HttpResponse:
        if _by_script(request):
            return JsonResponse({"state": "signed_in", "next": settings.LOGIN_REDIRECT_URL})
        return redirect(settings.LOGIN_REDIRECT_URL)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


@require_GET
@cache_control(private=True, max_age=900)
def tv_qr(request: HttpRequest) -> HttpResponse:
    """Serve a QR code of the approval page with a code, for a phone's camera."""
    code = code_read(request.GET.get("code", ""))
    if code is None:
        raise Http404
    return qr_picture(verification_uri(code))
