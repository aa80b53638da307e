"""API views of `/api/v1/subscriptions/` and `/api/v1/payments/`."""

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
from billing.plan_access import plan_access_of
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
class PlanStatus:
    """Plan that a person holds, its end, and the subscription row behind it."""

    plan: Plan
    until: datetime | None
    row: Subscription


def _status_json(row: Subscription) -> Any:
    access = plan_access_of(row, now=timezone.now())
    return SubscriptionOutput(PlanStatus(access.plan, access.until, row)).data


class PlansView(APIView):
    throttle_classes = [DefaultLimit]

    @extend_schema(
        summary="List the plans",
        description="Returns every plan on offer with its price and features, the free plan first.",
        responses=PlansOutput,
    )
    def get(self, request: Request) -> Response:
        offers = {"results": plans_offered(), "trialDays": settings.BILLING_TRIAL_DAYS}
        return Response(PlansOutput(offers).data)


class StatusView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Get your subscription",
        description=(
            "Returns the plan you hold, when it ends, and any change that is due. Without a paid "
            "plan, `plan` is `FREE`."
        ),
        responses=SubscriptionOutput,
    )
    def get(self, request: Request) -> Response:
        return Response(_status_json(subscription_of(principal(request).user_id)))


class CheckoutView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("checkout")]

    @extend_schema(
        summary="Start the payment of a plan",
        description=(
            "Returns the address of a payment page; the films of the plan open when it is paid. "
            "Idempotent: another request for the same plan returns the same page while it is open. "
            "409 `checkout_replaced`: another plan was chosen at the same moment; choose again."
        ),
        request=CheckoutInput,
        responses={200: CheckoutOutput, 409: None, 503: None},
    )
    def post(self, request: Request) -> Response:
        plan = Plan(validated(CheckoutInput, request)["plan"])
        user = user_get(principal(request))
        page = checkout_start(user, plan=plan, now=timezone.now())
        return Response({"sessionUrl": page.url})


class CancelView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Cancel your plan",
        description=(
            "Stops billing. Films stay open to the end of the paid period. A period that is not "
            "paid ends at once, and its open bill is withdrawn. Idempotent."
        ),
        request=None,
        responses={200: SubscriptionOutput, 409: None},
    )
    def post(self, request: Request) -> Response:
        return Response(_status_json(subscription_cancel(user_get(principal(request)))))


class ReactivateView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Withdraw a cancellation",
        description=(
            "Keeps a canceled plan, while its paid period runs. A plan that has ended must be "
            "bought again. Idempotent."
        ),
        request=None,
        responses={200: SubscriptionOutput, 409: None},
    )
    def post(self, request: Request) -> Response:
        return Response(_status_json(subscription_reactivate(user_get(principal(request)))))


class PortalView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("checkout")]

    @extend_schema(
        summary="Get the payment portal",
        description=(
            "Returns the address of a page of the payment service, where the subscriber can change "
            "the card, cancel, and see every bill. The plan cannot be changed there."
        ),
        responses={200: PortalOutput, 409: None, 503: None},
    )
    def get(self, request: Request) -> Response:
        return Response({"portalUrl": portal_start(user_get(principal(request))).url})


@extend_schema(
    summary="List your payments",
    description="Returns your payments, the newest first, in pages.",
)
class HistoryView(ListAPIView[Payment]):
    permission_classes = [SignedIn]
    serializer_class = PaymentOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Payment]:
        if getattr(self, "swagger_fake_view", False):  # schema generation has no person
            return Payment.objects.none()
        return payments_of(principal(self.request).user_id)

    def get_ordering(self) -> tuple[str, ...]:
        return PAYMENT_ORDER


class PaymentView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Get one of your payments",
        description="Returns one payment. A payment of another person is 404.",
        responses=PaymentOutput,
    )
    def get(self, request: Request, payment_id: UUID) -> Response:
        payment = payment_get(payment_id, user_id=principal(request).user_id)
        return Response(PaymentOutput(payment).data)
