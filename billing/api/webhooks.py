"""Webhook `POST /api/webhooks/stripe`: verifies and stores an event; a job applies it later."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.sync.inbox import event_receive
from kushfilms.core.errors import TooLarge

# Stripe's events have a few KiB. The largest, bills with hundreds of lines, stay below this.
LONGEST_BODY = 512 * 1024


class StripeWebhookView(APIView):
    # Public, because the signature proves the sender. No throttle, because Stripe sends in bursts.
    authentication_classes = []
    throttle_classes = []

    def post(self, request: Request) -> Response:
        raw = request._request
        # The declared length is checked before the body is read.
        declared = raw.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or int(declared) > LONGEST_BODY:
            raise TooLarge(f"At most {LONGEST_BODY // 1024} KiB.")
        new = event_receive(raw.body, signature=request.headers.get("Stripe-Signature", ""))
        return Response({"received": True, "new": new})
