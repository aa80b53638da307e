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
    # From an authenticator app, or one of the recovery codes; only where one is set up.
    code = serializers.CharField(max_length=60, required=False, allow_blank=True)


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
