"""Rate limits of links, mails and passwords. Signing in has its own: `services.lock_out`."""

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.services.people import email_normalise
from kushfilms.core.api.throttles import ClientThrottle, PersonThrottle, WindowThrottle
from kushfilms.core.rate_windows import digest
from kushfilms.core.request_client import client_network


class LinkThrottle(ClientThrottle):
    """Tries to use a link from a mail."""

    scope = "link"


class ForgotThrottle(WindowThrottle):
    """Per network and account, so that nobody can ask in vain because of somebody else; and over
    all accounts far above what a town asks for, as each request is a job and perhaps a mail.
    """

    scope = "forgot"

    def allow_request(self, request: Request, view: APIView) -> bool:
        data = request.data if isinstance(request.data, dict) else {}
        return self.allow_account(request, str(data.get("email", "")))

    def allow_account(self, request: HttpRequest | Request, email: str) -> bool:
        account, network = digest(email_normalise(email[:254])), client_network(request)
        narrow = self.count(self.scope, f"{network}:{account}")
        return narrow and self.count("forgot_network", network)


class ResendThrottle(PersonThrottle):
    scope = "verify_resend"
