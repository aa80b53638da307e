"""`/api/v1/subscriptions/` and `/api/v1/payments/`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.selectors import user_get
from billing.api.serializers import (
    CheckoutInput,
    CheckoutOutput,
    PaymentOutput,
    PlansOutput,
    PortalOutput,
    SubscriptionOutput,
)
from billing.models import Payment, Plan, Subscription
from billing.plan_access import standing_of
from billing.selectors import (
    PAYMENT_ORDER,
    payment_get,
    payments_of,
    plans_offered,
    subscription_of,
)
from billing.services.checkouts import checkout_start, portal_start
from billing.services.subscriptions import subscription_cancel, subscription_reactivate
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import DefaultLimit, limited
from kushfilms.core.api.validation import validated


@dataclass(frozen=True)
class Shown:
    plan: Plan
    until: datetime | None
    row: Subscription


def shown(row: Subscription) -> Any:
    standing = standing_of(row, now=timezone.now())
    return SubscriptionOutput(Shown(standing.plan, standing.until, row)).data


class PlansView(APIView):
    throttle_classes = [DefaultLimit]

    @extend_schema(responses=PlansOutput)
    def get(self, request: Request) -> Response:
        """What is on offer, the free plan first."""
        offers = {"results": plans_offered(), "trialDays": settings.BILLING_TRIAL_DAYS}
        return Response(PlansOutput(offers).data)


class StatusView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=SubscriptionOutput)
    def get(self, request: Request) -> Response:
        """Which plan you hold, until when, and which change is to come."""
        return Response(shown(subscription_of(principal(request).user_id)))


class CheckoutView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("checkout")]

    @extend_schema(request=CheckoutInput, responses={200: CheckoutOutput, 409: None, 503: None})
    def post(self, request: Request) -> Response:
        """A page to pay on. Asked again it is the same page; films open when it is paid.

        409 `checkout_replaced`: another plan was chosen at the same moment, choose again.
        """
        plan = Plan(validated(CheckoutInput, request)["plan"])
        user = user_get(principal(request))
        page = checkout_start(user, plan=plan, now=timezone.now())
        return Response({"sessionUrl": page.url})


class CancelView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={200: SubscriptionOutput, 409: None})
    def post(self, request: Request) -> Response:
        """Stop billing. Films stay open to the end of what was paid; a period that is not paid
        ends at once, and its bill is withdrawn. Twice is once.
        """
        return Response(shown(subscription_cancel(user_get(principal(request)))))


class ReactivateView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={200: SubscriptionOutput, 409: None})
    def post(self, request: Request) -> Response:
        """Take a cancellation back, while the period runs. Twice is once."""
        return Response(shown(subscription_reactivate(user_get(principal(request)))))


class PortalView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("checkout")]

    @extend_schema(responses={200: PortalOutput, 409: None, 503: None})
    def get(self, request: Request) -> Response:
        """A page on which to change the card, cancel, or see every bill; not to change the plan."""
        return Response({"portalUrl": portal_start(user_get(principal(request))).url})


class HistoryView(ListAPIView[Payment]):
    permission_classes = [SignedIn]
    serializer_class = PaymentOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Payment]:
        if getattr(self, "swagger_fake_view", False):  # the schema has no person
            return Payment.objects.none()
        return payments_of(principal(self.request).user_id)

    def get_ordering(self) -> tuple[str, ...]:
        return PAYMENT_ORDER


class PaymentView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=PaymentOutput)
    def get(self, request: Request, payment_id: UUID) -> Response:
        payment = payment_get(payment_id, user_id=principal(request).user_id)
        return Response(PaymentOutput(payment).data)
