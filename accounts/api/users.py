"""`/api/v1/users/`: what people do to their own account."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import DeviceTokenOutput, PasswordInput
from accounts.selectors import user_get
from accounts.services.known_devices import device_remember
from accounts.services.lock_out import Caller
from accounts.services.passwords import password_change
from kushfilms.core.api.validation import validated


class PasswordView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=PasswordInput, responses=DeviceTokenOutput)
    def put(self, request: Request) -> Response:
        """Choose another password. Signs out everywhere else."""
        me, values = principal(request), validated(PasswordInput, request)
        user = password_change(
            user_get(me),
            current=values["currentPassword"],
            new=values["newPassword"],
            keep=me.session_id,
            now=timezone.now(),
        )
        token = device_remember(user, token=Caller.of(request).device_token)
        return Response({"deviceToken": token})
