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
        body = _body(request)
        new = event_receive(body, signature=request.headers.get("Stripe-Signature", ""))
        return Response({"received": True, "new": new})


def _body(request: Request) -> bytes:
    """Return the body, checking its declared length before it is read.

    Raises:
        TooLarge: the body exceeds `LONGEST_BODY`.
    """
    raw = request._request
    declared = raw.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal() or int(declared) > LONGEST_BODY:
        raise TooLarge(f"At most {LONGEST_BODY // 1024} KiB.")
    return raw.body
