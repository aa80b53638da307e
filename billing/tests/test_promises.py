"""No page, plan, e-mail or legal text promises a feature that does not exist.

A text that names downloads or advertisements is allowed once the feature has an address: then its
URL name exists, and the promise can be kept.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from billing.models import LedgerEntry, Notice, Payment, Subscription
from billing.services.notices import NOTIFICATIONS
from kushfilms.core.mail import _writers, mail_enqueue
from tests.page_texts import said

PAGES = ["/", "/subscribe", "/terms", "/privacy", "/about", "/subscribe/canceled"]
# What a text would promise, and the word that a URL name of the feature would carry. The copy of
# one's own data is a download that exists, and "advertising" is what comments must not be.
PROMISES = {
    r"\bdownload(s|ed|ing)?\b(?! my data)": "download",
    r"\boffline (viewing|watching)\b": "download",
    r"\bads?\b|\badverts?\b|\badvertisements?\b|\bcommercials?\b": "ads",
}
OWN_DATA = re.compile(r"ready to be downloaded|Download my data", re.IGNORECASE)

pytestmark = pytest.mark.django_db


def _url_names(resolver: Any = None) -> Iterator[str]:
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            yield from _url_names(part)
        elif isinstance(part, URLPattern) and part.name:
            yield part.name


def _broken(text: str) -> list[str]:
    """Return the promises in a text without a feature."""
    names = " ".join(_url_names())
    text = OWN_DATA.sub("", text)
    return [
        found[0]
        for pattern, feature in PROMISES.items()
        if (found := re.search(pattern, text, re.IGNORECASE)) and feature not in names
    ]


@pytest.mark.parametrize("page", PAGES)
def test_public_pages_promise_only_existing_features(client: Client, page: str) -> None:
    assert _broken(" ".join(said(client.get(page).content.decode()))) == []


def test_account_pages_promise_only_existing_features(viewer: User, site_as: Any) -> None:
    site = site_as(viewer)
    for page in ("/subscribe", "/account/billing"):
        assert _broken(" ".join(said(site.get(page).content.decode()))) == []


def test_the_api_promises_only_existing_features(client: Client) -> None:
    answer = client.get("/api/v1/subscriptions/plans")
    assert answer.json()["results"][2]["features"]
    assert _broken(answer.content.decode()) == []
    schema = (Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text()
    plans = schema[schema.index("  /api/v1/subscriptions/plans") :].partition("\n  /api/")[0]
    assert _broken(plans) == []


def test_every_mail_and_notification_promises_only_existing_features(
    viewer: User, run_jobs: Any, mailoutbox: list[Any], settings: Any
) -> None:
    # All of them at once are more than a mailbox gets in an hour.
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "mail_recipient": "500/3600"}
    now = timezone.now()
    Subscription.objects.create(
        user=viewer, plan="PREMIUM", provider="stripe", provider_subscription_id="sub_1",
        current_period_start=now, current_period_end=now + timedelta(days=9),
        next_plan="BASIC", upgrade_plan="PREMIUM",
    )  # fmt: skip
    payment = Payment.objects.create(
        user=viewer, provider="stripe", provider_payment_id="x", amount_minor=499, currency="USD",
        status="SUCCEEDED", paid_at=now,
    )  # fmt: skip
    for kind, amount in (("REFUND", -499), ("REFUND_FAILED", 499)):
        LedgerEntry.objects.create(
            payment=payment, kind=kind, provider="stripe", provider_object_id="x",
            amount_minor=amount, currency="USD", occurred_at=now,
        )  # fmt: skip
    kinds = [name for name in _writers if name.startswith("billing_")]
    for changes in ({}, {"next_plan": ""}, {"cancel_at_period_end": True}, {"status": "PAST_DUE"},
                    {"status": "CANCELED"}):  # fmt: skip
        Subscription.objects.update(**changes)
        for kind in kinds:
            notice, _ = Notice.objects.get_or_create(user=viewer, kind=kind[8:], about="x")
            mail_enqueue(kind, {"notice": str(notice.pk)})
        run_jobs()
    written = {mail_for_notice.subject for mail_for_notice in mailoutbox}
    assert len(written) == len(kinds) - 2  # three endings have one subject
    for mail_for_notice in mail.outbox:
        assert _broken(f"{mail_for_notice.subject} {mail_for_notice.body}") == []
    for _sort, title, message in NOTIFICATIONS.values():
        assert _broken(f"{title} {message}") == []


@pytest.mark.parametrize("name", ["legal/terms.html", "legal/privacy.html"])
def test_legal_templates_promise_only_existing_features(name: str) -> None:
    """The template is read as well, because a page shows some parts only to some people."""
    source: Any = get_template(name)
    text = Path(source.origin.name).read_text()
    assert _broken(text) == []


@pytest.mark.parametrize(
    "text",
    ["Downloads for offline viewing", "More films, no ads", "Free films come with advertisements",
     "Films paid for by ads", "No adverts"],
)  # fmt: skip
def test_a_promise_without_its_feature_is_found(text: str) -> None:
    """Control."""
    assert _broken(text) != []
