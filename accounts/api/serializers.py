"""What the auth endpoints take and give. The JSON names are the contract's (SPEC, section 3)."""

from typing import Any

from rest_framework import serializers

from accounts.models import Role

# Longer than anyone types; a bound on what the hasher has to chew.
LONGEST_PASSWORD = 256


class RegisterInput(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    name = serializers.CharField(max_length=120)


class LoginInput(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)


class RefreshInput(serializers.Serializer[Any]):
    refreshToken = serializers.CharField(max_length=4096)


class HeldPlanOutput(serializers.Serializer[Any]):
    plan = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class ProfileOutput(serializers.Serializer[Any]):
    """Of an `accounts.selectors.Profile`."""

    id = serializers.UUIDField(source="user.id")
    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(choices=Role.choices, source="user.role")
    emailVerified = serializers.BooleanField(source="user.email_verified")
    locale = serializers.CharField(source="user.locale")
    subscription = HeldPlanOutput(source="plan")


class TokensOutput(serializers.Serializer[Any]):
    accessToken = serializers.CharField(source="access")
    refreshToken = serializers.CharField(source="refresh")


class SignInOutput(serializers.Serializer[Any]):
    """Only for the schema: `views.signed_in` puts it together."""

    user = ProfileOutput()
    accessToken = serializers.CharField()
    refreshToken = serializers.CharField()
    # Send it back in `X-Device-Token` when you sign in: no guesser locks this device out.
    deviceToken = serializers.CharField()


class VerifyInput(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)


class VerifiedOutput(serializers.Serializer[Any]):
    """Of a `User`."""

    email = serializers.EmailField()
    emailVerified = serializers.BooleanField(source="email_verified")


class ForgotInput(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class ResetInput(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)


class DeviceTokenOutput(serializers.Serializer[Any]):
    deviceToken = serializers.CharField()


class PasswordInput(serializers.Serializer[Any]):
    currentPassword = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    newPassword = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
