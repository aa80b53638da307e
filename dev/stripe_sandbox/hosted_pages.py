"""Hosted pages for people: checkout, portal, an open bill, a receipt."""

from html import escape
from typing import Any

from aiohttp import web
from localstripe.resources import store

from dev.stripe_sandbox.objects import ASKS, DECLINED, FAILS_LATER, PAYS, Price, every
from dev.stripe_sandbox.sessions import PROMOTION_CODES, CheckoutSession, PortalSession
from kushfilms.core.currencies import amount_from_stripe, money_text

CARDS = (
    (PAYS, "4242 4242 4242 4242", "succeeds"),
    (DECLINED, "4000 0000 0000 0002", "is declined"),
    (ASKS, "4000 0000 0000 3220", "requires authentication"),
    (FAILS_LATER, "4000 0000 0000 0341", "fails from the first charge on"),
)
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 28rem; padding: 1rem; }
header { border-bottom: 3px solid #b8860b; margin-bottom: 1rem; }
button { font: inherit; font-weight: 700; min-height: 44px; padding: 0 1.25rem; }
label { display: block; padding: 0.5rem 0; }
input:not([type=radio]) { font: inherit; min-height: 40px; width: 100%; box-sizing: border-box; }
form { margin-bottom: 1rem; } .fault { color: #c0392b; font-weight: 700; }
"""


def page(title: str, body: str) -> web.Response:
    text = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>
<style>{STYLE}</style></head><body><header>Payment sandbox: no real money</header>
<main><h1>{escape(title)}</h1>{body}</main></body></html>"""
    return web.Response(text=text, content_type="text/html")


def money(amount: int, currency: str) -> str:
    return money_text(amount_from_stripe(amount, currency), currency)


def cards(button: str, *, extra: str = "", fault: str = "") -> str:
    options = "".join(
        f'<label><input type="radio" name="card" value="{number}"'
        f"{' checked' if number == PAYS else ''}> {shown} {what}</label>"
        for number, shown, what in CARDS
    )
    alert = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    return (
        f'{alert}<form method="post"><fieldset><legend>Test card</legend>{options}</fieldset>'
        f'{extra}<p><button type="submit">{escape(button)}</button></p></form>'
    )


def bank(card: str, code: str = "") -> web.Response:
    """Return the bank's authentication page."""
    fields = f'<input type="hidden" name="card" value="{escape(card)}">'
    fields += f'<input type="hidden" name="code" value="{escape(code)}">'
    buttons = "".join(
        f'<button name="bank" value="{value}" type="submit">{label}</button> '
        for value, label in (("yes", "Yes, it is me"), ("no", "No, stop"))
    )
    body = f'<p>Do you want to pay Kush Films?</p><form method="post">{fields}{buttons}</form>'
    return page("Confirm with your bank", body)


def refused_by_bank(form: Any) -> str:
    return "Your bank did not authenticate this payment." if form.get("bank") == "no" else ""


async def checkout(request: web.Request) -> web.StreamResponse:
    session = store.get(f"checkout.session:{request.match_info['id']}")
    if not isinstance(session, CheckoutSession):
        raise web.HTTPNotFound
    if session.status == "complete":
        raise web.HTTPSeeOther(session._back)
    if session.status == "expired":
        back = escape(session.cancel_url)
        return page("This page has expired", f'<p><a href="{back}">Back to Kush Films</a></p>')
    fault = ""
    if request.method == "POST":
        form = await request.post()
        card = str(form.get("card", ""))
        code = str(form.get("code", ""))
        if card == ASKS and "bank" not in form:
            return bank(card, code)
        fault = refused_by_bank(form) or _code_fault(code)
        if not fault and session._pay(card, code):
            raise web.HTTPSeeOther(session._back)
        fault = fault or "Your card was declined. Try another one."
    return _checkout_page(session, fault)


def _code_fault(code: str) -> str:
    known = not code.strip() or code.strip().upper() in PROMOTION_CODES
    return "" if known else "This code is not valid."


def _checkout_page(session: CheckoutSession, fault: str) -> web.Response:
    price = Price.export(session._price)
    amount = money(price["unit_amount"], price["currency"])
    trial = f", after {session._trial_days} free days" if session._trial_days else ""
    code = '<label>Promotion code (try KARIBU50)<input name="code" maxlength="40"></label>'
    body = (
        f"<p>Kush Films {Price.name(session._price)}: {amount} a month{trial}</p>"
        + cards("Pay", extra=code, fault=fault)
        + f'<p><a href="{escape(session.cancel_url)}">Back without paying</a></p>'
    )
    return page("Subscribe to Kush Films", body)


async def portal(request: web.Request) -> web.StreamResponse:
    session = store.get(f"billing_portal.session:{request.match_info['id']}")
    if not isinstance(session, PortalSession):
        raise web.HTTPNotFound
    if request.method == "POST":
        _portal_act(session, await request.post())
        raise web.HTTPSeeOther(request.path)
    own_subscriptions = [
        item for item in every("subscription") if item.customer == session.customer
    ]
    body = "".join(_portal_plan(item) for item in own_subscriptions)
    body += "<h2>Card for the next bills</h2>" + cards("Use this card")
    body += f'<p><a href="{escape(session.return_url)}">Back to Kush Films</a></p>'
    return page("Your plan at the payment service", body)


def _portal_plan(item: Any) -> str:
    ends = ", ends with its period" if item.cancel_at_period_end else ""
    summary = f"<p>{Price.name(item._price)}: {item.status}{ends}</p>"
    if item.status not in {"active", "trialing"}:
        return summary
    do = ("keep", "Keep it") if item.cancel_at_period_end else ("cancel", "Cancel it")
    return (
        f'{summary}<form method="post"><input type="hidden" name="subscription" value="{item.id}">'
        f'<button name="do" value="{do[0]}" type="submit">{do[1]}</button></form>'
    )


def _portal_act(session: PortalSession, form: Any) -> None:
    from dev.stripe_sandbox.api_calls import cancel_at_end

    if form.get("card"):
        store[f"customer:{session.customer}"].card = str(form["card"])
    item = store.get(f"subscription:{form.get('subscription', '')}")
    if item is not None and item.customer == session.customer:
        cancel_at_end(item, cancel=form.get("do") == "cancel")


async def bill(request: web.Request) -> web.StreamResponse:
    invoice = store.get(f"invoice:{request.match_info['id']}")
    if invoice is None:
        raise web.HTTPNotFound
    fault = ""
    if request.method == "POST" and invoice.status == "open":
        form = await request.post()
        card = str(form.get("card", ""))
        if card == ASKS and "bank" not in form:
            return bank(card)
        fault = refused_by_bank(form)
        if not fault and not _pay_bill(invoice, card):
            fault = "Your card was declined. Try another one."
    if invoice.status == "void":
        return page("This bill is withdrawn", "<p>You have nothing to pay.</p>")
    if invoice.status != "open":
        return page("This bill is paid", "<p>Thank you. You can go back to Kush Films.</p>")
    amount = money(invoice.total, invoice.currency)
    return page("An open bill", f"<p>{amount}</p>" + cards("Pay", fault=fault))


def _pay_bill(invoice: Any, card: str) -> bool:
    if not invoice._collect(card):
        return False
    store[f"customer:{invoice.customer}"].card = card
    store[f"subscription:{invoice.subscription}"]._paid(invoice)
    return True


async def receipt(request: web.Request) -> web.Response:
    charge = store.get(f"charge:{request.match_info['id']}")
    if charge is None:
        raise web.HTTPNotFound
    back = money(charge.amount_refunded, charge.currency)
    body = f"<p>{money(charge.amount, charge.currency)}, {escape(charge.description or '')}</p>"
    return page("Receipt from Kush Films", body + f"<p>Refunded: {back}</p>")
