"""Page `/account/billing`: the person's plan, pending changes and receipts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.selectors import user_get
from accounts.views.base import SignedInPage
from billing.models import Plan, SubscriptionStatus
from billing.plan_access import LIVE, may_change, paid_until, plan_access_of
from billing.selectors import (
    change_refused,
    payments_of,
    plan_price,
    plans_offered,
    subscription_of,
)
from billing.services.checkouts import portal_start
from billing.services.subscriptions import change_waits
from kushfilms.core.errors import WrongState
from kushfilms.core.rate_limits import rate_limit

PAYMENTS_SHOWN = 24
# Messages of the pages that lead back here.
NOTES = {
    "cancel": _("Your plan is canceled. You can keep watching until the end of the paid period."),
    "ended": _("Your plan has ended. The open bill is canceled, and you will not be charged."),
    "reactivate": _("Good to have you back. Your plan continues."),
    "change": _("We are changing your plan. This takes less than a minute."),
    "later": _("Your plan changes at its next renewal. Until then it stays as it is."),
    "stay": _("You keep your plan. It renews as before."),
    "stale": _("Your plan has already been updated. This is its current state."),
}


def billing_redirect(request: HttpRequest, done: str) -> HttpResponse:
    """Lead to the billing page with one of `NOTES`."""
    messages.success(request, NOTES[done])
    return redirect("billing")


class BillingPage(SignedInPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        row = subscription_of(self.principal.user_id)
        now = timezone.now()
        until = paid_until(row)
        live = row.status in LIVE and bool(row.provider_subscription_id)
        changing = live and change_waits(row)
        others = []
        if live and not changing and may_change(row):
            own_plans = {row.plan, row.next_plan}
            others = [
                offer
                for offer in plans_offered()
                if offer.amount_minor and offer.plan not in own_plans
            ]
        context: dict[str, Any] = {
            "subscription": row,
            "access": plan_access_of(row, now=now),
            "live": live,
            "late": row.status in {SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID},
            "paused": row.status == SubscriptionStatus.PAUSED,
            "open_until": until if until and until > now else None,
            "renewal_price": plan_price(row.next_plan or row.plan),
            "next_label": Plan(row.next_plan).label if row.next_plan else "",
            "upgrade_label": Plan(row.upgrade_plan).label if row.upgrade_plan else "",
            "others": others,
            "changing": changing,
            "refused": change_refused(row, now=now) if live else None,
            "payments": list(payments_of(self.principal.user_id)[:PAYMENTS_SHOWN]),
        }
        return render(request, "billing/account.html", context)


class PortalForm(SignedInPage):
    """Form that leads to the payment service's page for card and bills."""

    def post(self, request: HttpRequest) -> HttpResponse:
        rate_limit("checkout", by=self.principal.user_id)
        try:
            return redirect(portal_start(user_get(self.principal)).url)
        except WrongState:
            return billing_redirect(request, "stale")
