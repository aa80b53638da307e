"""Forms of the account pages. `save` may raise a KushError, which the form shows."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.api.serializers import LONGEST_PASSWORD
from accounts.auth.principal import Principal
from accounts.forms.sign_in import add_refusal
from accounts.models import User
from accounts.services.avatars import avatar_clear, avatar_set
from accounts.services.passwords import password_change
from accounts.services.profiles import ProfileChange, profile_update
from kushfilms.core.errors import KushError
from kushfilms.core.form_fields import AddressFormField, LineFormField, PasswordFormField
from kushfilms.core.images import MOST_BYTES, TYPES
from kushfilms.core.rate_limits import rate_limit


class OwnForm(forms.Form):
    """Form that changes the account: `user` after a success, `refusal` after a refusal."""

    user: User
    refusal: KushError | None = None

    def saved(self, me: Principal) -> bool:
        """Save the input; return whether that worked. If not, the form shows the error."""
        if not self.is_valid():
            return False
        try:
            self.user = self.save(me)
        except KushError as exc:
            add_refusal(self, exc)
            self.refusal = exc
            return False
        return True

    def save(self, me: Principal) -> User:
        raise NotImplementedError


def _birth_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        label=_("Date of birth"),
        help_text=_("We use it only for age ratings."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        **options,
    )


class BirthForm(OwnForm):
    """Form with only the date of birth, for a film with an age rating."""

    date_of_birth = _birth_field()

    def save(self, me: Principal) -> User:
        change = ProfileChange(date_of_birth=self.cleaned_data["date_of_birth"])
        return profile_update(me.user_id, change, now=timezone.now())


class ProfileForm(OwnForm):
    name = LineFormField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    locale = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Same as my phone")), *settings.LANGUAGES],
    )
    date_of_birth = _birth_field(required=False)

    @classmethod
    def of(cls, user: User) -> "ProfileForm":
        initial = {name: getattr(user, name) for name in ("name", "locale", "date_of_birth")}
        return cls(initial=initial)

    def save(self, me: Principal) -> User:
        values = self.cleaned_data
        change = ProfileChange(
            name=values["name"],
            locale=values["locale"],
            date_of_birth=values["date_of_birth"],
            forget_birth=True,
        )
        return profile_update(me.user_id, change, now=timezone.now())


class EmailForm(OwnForm):
    email = AddressFormField(
        label=_("New e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = PasswordFormField(
        label=_("Your password"), max_length=LONGEST_PASSWORD, autocomplete="current-password"
    )

    def save(self, me: Principal) -> User:
        change = ProfileChange(**self.cleaned_data)
        return profile_update(me.user_id, change, now=timezone.now())


class AvatarForm(OwnForm):
    picture = forms.FileField(
        label=_("New picture"),
        help_text=_("JPEG, PNG or WebP, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES), "data-largest": MOST_BYTES}),
    )

    def save(self, me: Principal) -> User:
        rate_limit("avatars", by=me.user_id)
        # One byte over the limit is enough for the check of the size.
        return avatar_set(me.user_id, self.cleaned_data["picture"].read(MOST_BYTES + 1))


class AvatarRemoveForm(OwnForm):
    def save(self, me: Principal) -> User:
        return avatar_clear(me.user_id)


class PasswordForm(OwnForm):
    current_password = PasswordFormField(
        label=_("Current password"),
        max_length=LONGEST_PASSWORD,
        autocomplete="current-password",
    )
    new_password = PasswordFormField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        autocomplete="new-password",
        help_text=_("At least 8 characters, and not a common password."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def save(self, me: Principal) -> User:
        return password_change(
            self.user,
            current=self.cleaned_data["current_password"],
            new=self.cleaned_data["new_password"],
            keep=me.session_id,
            now=timezone.now(),
        )
