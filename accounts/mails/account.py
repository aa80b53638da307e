"""Mails about the account. Each text, and its secret link, is made at the moment of sending."""

from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import TokenPurpose, User
from accounts.services.one_time_tokens import token_mint, undone_since
from accounts.services.people import user_by_email
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_greeting, mail_kind, mail_language_set


def _url(name: str, **query: str) -> str:
    return f"{settings.FRONTEND_URL}{reverse(name)}" + (f"?{urlencode(query)}" if query else "")


def _reader(payload: Payload) -> User | None:
    """Return the person if they may still get mail, and set their language."""
    people = User.objects.filter(pk=payload["userId"], is_banned=False, erased_at=None)
    user = people.first()
    if user:
        mail_language_set(user.language)
    return user


@mail_kind("verify_email")
def verify_email(payload: Payload) -> Mail | None:
    user = _reader(payload)
    if user is None or user.email_verified:
        return None
    raw = token_mint(user, purpose=TokenPurpose.VERIFY_EMAIL, now=timezone.now())
    return Mail(
        to=user.email,
        locale=user.language,
        subject=_("Confirm your e-mail for Kush Films"),
        paragraphs=(
            mail_greeting(""),  # the mailbox may belong to a stranger, who must not get any text
            _(
                "Karibu to Kush Films! Confirm your e-mail so that you can reset your password if "
                "you forget it. The link works for three days."
            ),
            _("If you don't have an account with us, you can ignore this e-mail."),
        ),
        link=_url("verify", token=raw),
        link_label=_("Confirm my e-mail"),
    )


@mail_kind("change_email")
def change_email(payload: Payload) -> Mail | None:
    """Write to the new mailbox, which may be a stranger's, without any text of the person."""
    user = _reader(payload)
    if user is None or not user.pending_email:
        return None
    address = user.pending_email
    purpose = TokenPurpose.CHANGE_EMAIL
    raw = token_mint(user, purpose=purpose, now=timezone.now(), email=address)
    return Mail(
        to=address,
        locale=user.language,
        subject=_("Confirm your new e-mail for Kush Films"),
        paragraphs=(
            mail_greeting(""),
            _(
                "Confirm this address, and your Kush Films account will use it. The link works for "
                "three days."
            ),
            _("If you don't have an account with us, you can ignore this e-mail."),
        ),
        link=_url("verify", token=raw),
        link_label=_("Confirm my e-mail"),
    )


@mail_kind("email_change_begun")
def email_change_begun(payload: Payload) -> Mail | None:
    """Write to the current mailbox, without the new address."""
    user = _reader(payload)
    if user is None or undone_since(user, since=_since(payload)):
        return None
    return Mail(
        to=payload["oldEmail"],
        locale=user.language,
        has_own_limit=True,
        subject=_("A request to change the e-mail of your Kush Films account"),
        paragraphs=(
            mail_greeting(user.mailed_name),
            _(
                "A new e-mail was entered for your account. Until it is confirmed, you sign in "
                "with this one."
            ),
            _(
                "If this wasn't you, open the link below within seven days to keep this e-mail and "
                "set a new password."
            ),
            _help_sentence(),
        ),
        link=_undo_url(user, payload),
        link_label=_("This wasn't me"),
    )


@mail_kind("email_changed")
def email_changed(payload: Payload) -> Mail | None:
    """Write to the old mailbox, without the new address."""
    user = _reader(payload)
    if user is None:
        return None
    undo = payload.get("undo", False)
    if undo and undone_since(user, since=_since(payload)):
        return None  # a late mail must not restore a thief's mailbox
    way_back = _(
        "If this wasn't you, open the link below within seven days to restore this e-mail and set "
        "a new password."
    )
    return Mail(
        to=payload["oldEmail"],
        locale=user.language,
        has_own_limit=True,
        subject=_("Your Kush Films account has a new e-mail address"),
        paragraphs=(
            mail_greeting(user.mailed_name),
            _("Your account now uses another e-mail. You can no longer sign in with this one."),
            *([way_back] if undo else []),
            _help_sentence(),
        ),
        link=_undo_url(user, payload) if undo else f"mailto:{settings.CONTACT_EMAIL}",
        link_label=_("This wasn't me"),
    )


def _undo_url(user: User, payload: Payload) -> str:
    """Return the link for the old mailbox; its seven days begin at the change."""
    address = payload["oldEmail"]
    purpose = TokenPurpose.UNDO_EMAIL
    raw = token_mint(user, purpose=purpose, now=_since(payload), email=address)
    return _url("email-undo", token=raw)


def _since(payload: Payload) -> datetime:
    return datetime.fromtimestamp(payload["since"], tz=UTC)


def _help_sentence() -> str:
    address = settings.CONTACT_EMAIL
    return _("Questions? Write to us at %(address)s.") % {"address": address}


@mail_kind("reset_password")
def reset_password(payload: Payload) -> Mail | None:
    """Write to a typed address; only here is it looked up."""
    user = user_by_email(payload["email"])
    if user is None or user.is_banned or user.erased_at:
        return None
    mail_language_set(user.language)
    raw = token_mint(user, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
    return Mail(
        to=user.email,
        locale=user.language,
        has_own_limit=True,
        subject=_("Set a new password for Kush Films"),
        paragraphs=(
            mail_greeting(user.mailed_name),
            _("You asked for a new password. The link works once, within an hour."),
            _("If you didn't ask for this, you can ignore this e-mail."),
        ),
        link=_url("reset", token=raw),
        link_label=_("Set a new password"),
    )


@mail_kind("password_changed")
def password_changed(payload: Payload) -> Mail | None:
    user = _reader(payload)
    if user is None:
        return None
    return Mail(
        to=user.email,
        locale=user.language,
        has_own_limit=True,
        subject=_("Your Kush Films password was changed"),
        paragraphs=(
            mail_greeting(user.mailed_name),
            _("Your password was changed, and your other devices were signed out."),
            _("If this wasn't you, set a new password now. That signs out all other devices."),
        ),
        link=_url("forgot"),
        link_label=_("Set a new password"),
    )
