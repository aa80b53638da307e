"""Pages of a change of plan: a confirmation with day and amount, then the change."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from accounts.selectors import user_get
from accounts.views.base import SignedInPage
from billing.models import Plan, Subscription, SubscriptionStatus
from billing.plan_access import LIVE, RUNNING, may_change
from billing.selectors import subscription_of
from billing.services.quotes import quote_make, quote_read
from billing.services.subscriptions import (
    NOTHING_TO_CHANGE,
    subscription_cancel,
    subscription_lower,
    subscription_raise,
    subscription_reactivate,
    subscription_stay,
)
from billing.views.account import billing_redirect
from billing.views.confirmations import (
    Confirmation,
    cancel_confirmation,
    lower_confirmation,
    raise_confirmation,
    reactivate_confirmation,
    stay_confirmation,
)
from billing.views.subscribe import plan_chosen
from kushfilms.core.errors import InvalidInput, WrongState
from kushfilms.core.rate_limits import rate_limit


class ConfirmedChange(SignedInPage):
    """Page whose GET asks for confirmation and whose POST makes the change.

    After a stale page, a second click or the back button, the billing page shows the current state.
    """

    def question(self, request: HttpRequest, row: Subscription) -> Confirmation:
        """Return the confirmation to show.

        Raises:
            WrongState: the change is not possible now.
        """
        raise NotImplementedError

    def act(self, request: HttpRequest, user: User) -> str:
        """Make the change, and return the billing page's note (a key of `NOTES`)."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        row = subscription_of(self.principal.user_id)
        try:
            if row.status not in LIVE or not row.provider_subscription_id:
                return billing_redirect(request, "stale")
            question = self.question(request, row)
        except WrongState:
            return billing_redirect(request, "stale")
        response = render(request, "billing/confirm.html", {"question": question})
        response["Cache-Control"] = "private, no-store"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            done = self.act(request, user_get(self.principal))
        except WrongState as exc:
            if exc.error_code == "quote_over":  # confirmed again, with the current amount
                return redirect(f"{request.path}?plan={plan_chosen(request)}")
            done = "stale"
        return billing_redirect(request, done)


class CancelPage(ConfirmedChange):
    def question(self, request: HttpRequest, row: Subscription) -> Confirmation:
        if row.cancel_at_period_end and row.status in RUNNING:
            raise WrongState("Your plan is already canceled.", code="canceled")
        return cancel_confirmation(row)

    def act(self, request: HttpRequest, user: User) -> str:
        row = subscription_cancel(user)
        return "ended" if row.status == SubscriptionStatus.CANCELED else "cancel"


class ReactivatePage(ConfirmedChange):
    def question(self, request: HttpRequest, row: Subscription) -> Confirmation:
        if not row.cancel_at_period_end:
            raise WrongState("Your plan is not canceled.", code="not_canceled")
        return reactivate_confirmation(row)

    def act(self, request: HttpRequest, user: User) -> str:
        subscription_reactivate(user)
        return "reactivate"


class ChangePage(ConfirmedChange):
    """Change of plan: an upgrade now, a downgrade at the next renewal, or withdrawing that."""

    def question(self, request: HttpRequest, row: Subscription) -> Confirmation:
        plan = plan_chosen(request)
        if plan == Plan.FREE:
            return cancel_confirmation(row)
        if not may_change(row):
            raise WrongState("Your plan cannot be changed right now.", code="cannot_change")
        if plan.rank < Plan(row.plan).rank:
            return lower_confirmation(row, plan)
        if plan == row.plan:
            if not row.next_plan:
                raise WrongState("You already have this plan.", code="same_plan")
            return stay_confirmation(row)
        rate_limit("checkout", by=self.principal.user_id)
        user = user_get(self.principal)
        quote = quote_make(user, plan=plan, now=timezone.now())
        return raise_confirmation(row, quote, token=quote.token(user))

    def act(self, request: HttpRequest, user: User) -> str:
        plan = plan_chosen(request)
        row = subscription_of(user.pk)
        if row.status not in LIVE or not row.provider_subscription_id:
            raise WrongState(NOTHING_TO_CHANGE, code="not_subscribed")
        if plan == row.plan:
            subscription_stay(user)
            return "stay" if row.next_plan else "stale"
        if plan.rank < Plan(row.plan).rank:
            subscription_lower(user, plan=plan)
            return "later"
        return self._raise(request, user, row, plan)

    def _raise(self, request: HttpRequest, user: User, row: Subscription, plan: Plan) -> str:
        token: Any = request.POST.get("quote", "")
        quote = quote_read(user, token, subscription_id=row.provider_subscription_id)
        if quote.plan != plan:
            raise InvalidInput("Choose one of the plans.")
        subscription_raise(
            user, plan=plan, priced_at=quote.priced_at, amount_minor=quote.amount_minor
        )
        return "change"
