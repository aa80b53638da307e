"""Notifications on the site, and the unsubscribe page of a sort of mail."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.mails.unsubscribe import unsubscribe_read
from accounts.notification_texts import notification_texts_refresh
from accounts.selectors import NOTIFICATION_ORDER, notifications_of
from accounts.services.notifications import mail_stop, notification_read, notifications_read
from accounts.views.base import SignedInPage
from kushfilms.core.db.keyset import keyset_page

PAGE_LENGTH = 20


class NotificationListPage(SignedInPage):
    """Show the list; POST marks all as read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = keyset_page(
            notifications_of(self.principal.user_id),
            ordering=NOTIFICATION_ORDER,
            cursor=request.GET.get("cursor", ""),
            limit=PAGE_LENGTH,
        )
        notification_texts_refresh(page.rows)
        return render(request, "accounts/notifications.html", {"page": page})

    def post(self, request: HttpRequest) -> HttpResponse:
        notifications_read(user_id=self.principal.user_id, now=timezone.now())
        return redirect("notifications")


class NotificationPage(SignedInPage):
    """Mark a notification as read by a button, and redirect to its target."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return redirect("notifications")

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        read = notification_read(pk, user_id=self.principal.user_id, now=timezone.now())
        notification_texts_refresh([read])
        ours = url_has_allowed_host_and_scheme(read.action_url, allowed_hosts={request.get_host()})
        return redirect(read.action_url if ours else "notifications")


# One click in a mail program is a POST with only the token (RFC 8058).
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnsubscribePage(View):
    """Ask by GET, as mail scanners follow every link; unsubscribe by POST."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, done=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        unsubscription = unsubscribe_read(request.GET.get("token", ""))
        mail_stop(user_id=unsubscription.user_id, kind=unsubscription.kind)
        return self._show(request, done=True)

    def _show(self, request: HttpRequest, **context: Any) -> HttpResponse:
        token = request.GET.get("token", "")
        kind = unsubscribe_read(token).kind
        context |= {"sort": SORTS[kind], "token": token}
        return render(request, "accounts/unsubscribe.html", context)


# By NotificationType: "mail about …".
SORTS = {
    "NEW_CONTENT": _("new films"),
    "SUBSCRIPTION_RENEWAL": _("renewals of your plan"),
    "SUBSCRIPTION_CANCELED": _("the end of your plan"),
    "PAYMENT_FAILED": _("failed payments"),
    "COMMENT_REPLY": _("replies to your comments"),
    "SYSTEM": _("Kush Films and your account"),
}
