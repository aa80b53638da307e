"""Application of localstripe, with our objects before its own."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from localstripe import server as localstripe

from dev.stripe_sandbox import api_calls, hosted_pages
from dev.stripe_sandbox.store import deliver_for_ever

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOSTED_PAGES = ("/c/", "/p/", "/i/", "/r/")
# Answers by idempotency key: a repeated call gets the same answer.
_answers: dict[str, tuple[int, str]] = {}

LISTED = {
    "subscription": "subscriptions",
    "invoice": "invoices",
    "invoice_payment": "invoice_payments",
    "charge": "charges",
    "refund": "refunds",
    "dispute": "disputes",
    "checkout.session": "checkout/sessions",
}


@web.middleware
async def people_need_no_key(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let people open the hosted pages without the API key that localstripe requires."""
    if request.path.startswith((*HOSTED_PAGES, "/healthz", "/favicon.ico")):
        return await handler(request)
    answer: web.StreamResponse = await localstripe.auth_middleware(request, handler)
    return answer


@web.middleware
async def idempotent(request: web.Request, handler: Handler) -> web.StreamResponse:
    key = request.headers.get("Idempotency-Key", "")
    answer_key = f"{request.path} {key}"
    if key and answer_key in _answers:
        status, text = _answers[answer_key]
        return web.Response(status=status, text=text, content_type="application/json")
    answer = await handler(request)
    if key and isinstance(answer, web.Response) and answer.status < 500:
        _answers[answer_key] = (answer.status, answer.text or "")
    return answer


async def healthz(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


def application() -> web.Application:
    middlewares: list[Any] = [localstripe.error_middleware, people_need_no_key, idempotent]
    app = web.Application(middlewares=[*middlewares, localstripe.save_store_middleware])
    app.cleanup_ctx.append(deliver_for_ever)
    route = app.router.add_route
    for kind, path in LISTED.items():
        route("GET", f"/v1/{path}", api_calls.list_all(kind))
        route("GET", f"/v1/{path}/{{id}}", api_calls.retrieve(kind))
    for method, path, handler in (
        ("POST", "/v1/customers", api_calls.customer_create),
        ("GET", "/v1/customers/{id}", api_calls.retrieve("customer")),
        ("POST", "/v1/customers/{id}", api_calls.customer_update),
        ("DELETE", "/v1/customers/{id}", api_calls.customer_delete),
        ("POST", "/v1/checkout/sessions", api_calls.session_create),
        ("POST", "/v1/checkout/sessions/{id}/expire", api_calls.session_expire),
        ("POST", "/v1/billing_portal/sessions", api_calls.portal_create),
        ("GET", "/v1/prices/{id}", api_calls.price_retrieve),
        ("POST", "/v1/invoices/create_preview", api_calls.invoice_preview),
        ("POST", "/v1/invoices/{id}/void", api_calls.invoice_void),
        ("POST", "/v1/subscriptions/{id}", api_calls.subscription_update),
        ("DELETE", "/v1/subscriptions/{id}", api_calls.subscription_end),
        ("POST", "/v1/refunds", api_calls.refund),
        ("POST", "/_config/advance", api_calls.advance),
        ("POST", "/_config/dispute", api_calls.dispute),
        ("POST", "/_config/refund_failed", api_calls.refund_failed),
        ("POST", "/_config/target", api_calls.target),
        ("GET", "/_config/events", api_calls.events),
        ("GET", "/_config/balance", api_calls.balance),
        ("*", "/c/pay/{id}", hosted_pages.checkout),
        ("*", "/p/session/{id}", hosted_pages.portal),
        ("*", "/i/{id}", hosted_pages.bill),
        ("GET", "/r/{id}", hosted_pages.receipt),
        ("GET", "/healthz", healthz),
        ("GET", "/favicon.ico", healthz),
    ):
        route(method, path, handler)
    for resource in localstripe.app.router.resources():  # localstripe's other calls
        for original in resource:
            route(original.method, resource.canonical, original.handler)
    return app
