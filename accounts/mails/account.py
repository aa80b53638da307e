"""The letters about one's account. Each is written, and its secret link made, when it is sent."""

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
from kushfilms.core.mail import Mail, mail_hello, mail_kind, mail_speaks


def _url(name: str, **query: str) -> str:
    return f"{settings.FRONTEND_URL}{reverse(name)}" + (f"?{urlencode(query)}" if query else "")


def _reader(payload: Payload) -> User | None:
    """Who is still there to read it."""
    people = User.objects.filter(pk=payload["userId"], is_banned=False, erased_at=None)
    user = people.first()
    if user:
        mail_speaks(user.language)
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
            mail_hello(""),  # the mailbox may belong to a stranger of the person who wrote the name
            _(
                "Karibu to Kush Films! Confirm that this mailbox is yours, so that we can help you "
                "back in should you ever forget your password. The link works for three days."
            ),
            _("If you have no account with us, somebody mistyped their address: do nothing."),
        ),
        link=_url("verify", token=raw),
        link_label=_("Confirm my e-mail"),
    )


@mail_kind("change_email")
def change_email(payload: Payload) -> Mail | None:
    """To the new mailbox, which may be a stranger's: nothing in it is the person's words."""
    user = _reader(payload)
    if user is None or not user.pending_email:
        return None
    address, purpose = user.pending_email, TokenPurpose.CHANGE_EMAIL
    raw = token_mint(user, purpose=purpose, now=timezone.now(), email=address)
    return Mail(
        to=address,
        locale=user.language,
        subject=_("Confirm your new e-mail for Kush Films"),
        paragraphs=(
            mail_hello(""),
            _(
                "Confirm that this mailbox is yours, and your Kush Films account uses it from then "
                "on. The link works for three days."
            ),
            _("If you have no account with us, somebody mistyped their address: do nothing."),
        ),
        link=_url("verify", token=raw),
        link_label=_("Confirm my e-mail"),
    )


@mail_kind("email_change_begun")
def email_change_begun(payload: Payload) -> Mail | None:
    """To the present mailbox. The new address is not told."""
    user = _reader(payload)
    if user is None or undone_since(user, since=_since(payload)):
        return None
    return Mail(
        to=payload["oldEmail"],
        locale=user.language,
        has_own_limit=True,
        subject=_("Somebody is changing the e-mail of your Kush Films account"),
        paragraphs=(
            mail_hello(user.mailed_name),
            _(
                "Another e-mail address was entered for your account. Nothing changes until it is "
                "confirmed: so long you sign in with this one."
            ),
            _(
                "If that was not you, open the link below within seven days: it keeps your account "
                "at this mailbox, and you choose a new password."
            ),
            _help_sentence(),
        ),
        link=_undo_url(user, payload),
        link_label=_("It was not me"),
    )


@mail_kind("email_changed")
def email_changed(payload: Payload) -> Mail | None:
    """To the old mailbox, whose owner may know nothing of it. The new address is not told."""
    user = _reader(payload)
    if user is None:
        return None
    undo = payload.get("undo", False)
    if undo and undone_since(user, since=_since(payload)):
        return None  # a letter that was late: no way back to a thief's mailbox
    way_back = _(
        "If that was not you, open the link below within seven days: your account comes back to "
        "this mailbox, and you choose a new password."
    )
    return Mail(
        to=payload["oldEmail"],
        locale=user.language,
        has_own_limit=True,
        subject=_("Your Kush Films account has a new e-mail address"),
        paragraphs=(
            mail_hello(user.mailed_name),
            _("Your account now uses another e-mail address, and this one no longer signs in."),
            *([way_back] if undo else []),
            _help_sentence(),
        ),
        link=_undo_url(user, payload) if undo else f"mailto:{settings.CONTACT_EMAIL}",
        link_label=_("It was not me"),
    )


def _undo_url(user: User, payload: Payload) -> str:
    """Return a link for the old mailbox. Its days count from what the letter tells of."""
    address, purpose = payload["oldEmail"], TokenPurpose.UNDO_EMAIL
    raw = token_mint(user, purpose=purpose, now=_since(payload), email=address)
    return _url("email-undo", token=raw)


def _since(payload: Payload) -> datetime:
    return datetime.fromtimestamp(payload["since"], tz=UTC)


def _help_sentence() -> str:
    address = settings.CONTACT_EMAIL
    return _("Questions? Write to us from this mailbox at %(address)s.") % {"address": address}


@mail_kind("reset_password")
def reset_password(payload: Payload) -> Mail | None:
    """For a typed address: whether there is an account is found out only here."""
    user = user_by_email(payload["email"])
    if user is None or user.is_banned or user.erased_at:
        return None
    mail_speaks(user.language)
    raw = token_mint(user, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
    return Mail(
        to=user.email,
        locale=user.language,
        has_own_limit=True,
        subject=_("Choose a new password for Kush Films"),
        paragraphs=(
            mail_hello(user.mailed_name),
            _("Someone, we hope you, asked for a new password. The link works once, for one hour."),
            _("If you did not ask for this, do nothing: without the link nothing happens."),
        ),
        link=_url("reset", token=raw),
        link_label=_("Choose a new password"),
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
            mail_hello(user.mailed_name),
            _("Your password was just changed, and your other devices were signed out."),
            _(
                "If that was you, all is well. If not, choose a new password now: whoever did this "
                "is signed out with it."
            ),
        ),
        link=_url("forgot"),
        link_label=_("Choose a new password"),
    )
