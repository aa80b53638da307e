"""`/account/billing`: one's plan, what became of it, and every receipt."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.pages import SignedInPage
from accounts.selectors import user_get
from billing.models import Order, OrderKind, OrderState, SubscriptionStatus
from billing.selectors import payments_of, plans_offered, subscription_of
from billing.services.checkouts import portal_start
from billing.services.subscriptions import (
    subscription_cancel,
    subscription_change,
    subscription_reactivate,
)
from billing.standing import LIVE, paid_until, standing_of
from billing.views import checkout_count, plan_chosen
from kushfilms.core.errors import WrongState

PAYMENTS_SHOWN = 24
# What the page says after a redirect, by `?done=`.
NOTES = {
    "cancel": _("Your plan is canceled. You can watch to the end of what you paid for."),
    "reactivate": _("Good to have you back: your plan goes on."),
    "change": _("We are changing your plan. It shows here within a minute."),
    "stale": _("Nothing to change here any more: this is how your plan stands now."),
}


class BillingPage(SignedInPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        row = subscription_of(self.principal.user_id)
        live = row.status in LIVE and bool(row.provider_subscription_id)
        context: dict[str, Any] = {
            "note": NOTES.get(request.GET.get("done", ""), ""),
            "subscription": row,
            "standing": standing_of(row, now=timezone.now()),
            "live": live,
            "late": row.status in {SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID},
            "open_until": paid_until(row),
            "others": [
                offer for offer in plans_offered() if offer.amount_minor and offer.plan != row.plan
            ],
            "changing": live and _is_changing(row.provider_subscription_id),
            "payments": list(payments_of(self.principal.user_id)[:PAYMENTS_SHOWN]),
        }
        return render(request, "billing/account.html", context)


def _is_changing(subscription_id: str) -> bool:
    waiting = Order.objects.filter(object_id=subscription_id, state=OrderState.WAITING)
    return waiting.filter(kind=OrderKind.CHANGE_PLAN).exists()


class OwnPlanForm(SignedInPage):
    """One button. A stale page, a second click, a back button: the page says how it stands."""

    done = ""

    def act(self, request: HttpRequest, user: User) -> Any:
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        done = self.done
        try:
            self.act(request, user_get(self.principal))
        except WrongState:
            done = "stale"
        return redirect(f"{reverse('billing')}?done={done}")


class CancelForm(OwnPlanForm):
    done = "cancel"

    def act(self, request: HttpRequest, user: User) -> Any:
        return subscription_cancel(user)


class ReactivateForm(OwnPlanForm):
    done = "reactivate"

    def act(self, request: HttpRequest, user: User) -> Any:
        return subscription_reactivate(user)


class ChangeForm(OwnPlanForm):
    done = "change"

    def act(self, request: HttpRequest, user: User) -> Any:
        return subscription_change(user, plan=plan_chosen(request))


class PortalForm(SignedInPage):
    """Off to the payment service, to change the card or see its bills."""

    def post(self, request: HttpRequest) -> HttpResponse:
        checkout_count(self.principal.user_id)
        try:
            return redirect(portal_start(user_get(self.principal)).url)
        except WrongState:
            return redirect(f"{reverse('billing')}?done=stale")
