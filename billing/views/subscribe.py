"""Pages below `/subscribe`: the plans, and the return from the payment page."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View

from accounts.auth.middleware import principal_of
from accounts.selectors import user_get
from accounts.views.base import SignedInPage
from billing.models import CheckoutState, Plan
from billing.plan_access import LIVE, may_change, plan_access_of
from billing.selectors import plans_offered, subscription_of
from billing.services.checkout_results import checkout_check, checkout_get
from billing.services.checkouts import checkout_start, is_subscribed
from kushfilms.core.errors import InvalidInput
from kushfilms.core.pages import public_page
from kushfilms.core.rate_limits import rate_limit

# Interval and number of automatic reloads while a payment is awaited; then only by the button.
LOOK_SECONDS = 1
LOOKS = 45


def plan_chosen(request: HttpRequest) -> Plan:
    """Return the plan that a request names.

    Raises:
        InvalidInput: no such plan.
    """
    try:
        return Plan((request.POST or request.GET).get("plan", ""))
    except ValueError as exc:
        raise InvalidInput("Choose one of the plans.") from exc


class SubscribePage(View):
    """Public page of the plans. Choosing one requires a sign-in."""

    kept_in_memory = True

    @method_decorator(public_page)
    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = principal_of(request)
        row = subscription_of(viewer.user_id) if viewer else None
        running = row is not None and row.status in LIVE and bool(row.provider_subscription_id)
        context = {
            "offers": plans_offered(),
            "subscription": row,
            "running": running,
            "may_change": row is not None and may_change(row),
            "selling": bool(settings.STRIPE_SECRET_KEY),
            "trial_days": settings.BILLING_TRIAL_DAYS,
        }
        return render(request, "billing/subscribe.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer = principal_of(request)
        if viewer is None:
            return redirect_to_login(reverse("subscribe"))
        user = user_get(viewer)
        plan = plan_chosen(request)
        if is_subscribed(user):  # in an old tab: ask what the change would cost
            return redirect(f"{reverse('billing-change')}?plan={plan}")
        rate_limit("checkout", by=viewer.user_id)
        return redirect(checkout_start(user, plan=plan, now=timezone.now()).url)


class DonePage(SignedInPage):
    """Page after payment: open, expired, or still waiting for the provider."""

    def get(self, request: HttpRequest) -> HttpResponse:
        session_id = request.GET.get("session", "")
        checkout = checkout_get(self.principal.user_id, session_id)
        row = subscription_of(self.principal.user_id)
        access = plan_access_of(row, now=timezone.now())
        is_open = bool(row.provider_subscription_id) and row.plan == checkout.plan
        is_open = is_open and access.plan.covers(Plan(checkout.plan))
        raw_looked = request.GET.get("looked", "0")
        is_number = raw_looked.isdecimal() and len(raw_looked) < 4
        looked = min(int(raw_looked), LOOKS) if is_number else 0
        context = {
            "checkout": checkout,
            "plan": Plan(checkout.plan),
            "open": is_open,
            "gone": checkout.state == CheckoutState.GONE,
            "looked": looked,
        }
        response = render(request, "billing/done.html", context)
        if not is_open and looked < LOOKS:
            again = f"{urlencode({'session': session_id})}&looked={looked + 1}"
            response["Refresh"] = f"{LOOK_SECONDS}; url={request.path}?{again}"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enqueue a query of the payment service ("I have paid"), then reload."""
        session_id = request.POST.get("session", "")
        checkout_check(checkout_get(self.principal.user_id, session_id))
        again = f"{urlencode({'session': session_id})}&looked=1"
        return redirect(f"{request.path}?{again}")


class CanceledPage(SignedInPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "billing/canceled.html")
