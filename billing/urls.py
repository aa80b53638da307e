"""URLs of billing's pages."""

from django.urls import path

from billing.views import account, plan_change, subscribe

urlpatterns = [
    path("subscribe", subscribe.SubscribePage.as_view(), name="subscribe"),
    path("subscribe/done", subscribe.DonePage.as_view(), name="subscribe-done"),
    path("subscribe/canceled", subscribe.CanceledPage.as_view(), name="subscribe-canceled"),
    path("account/billing", account.BillingPage.as_view(), name="billing"),
    path("account/billing/cancel", plan_change.CancelPage.as_view(), name="billing-cancel"),
    path(
        "account/billing/reactivate",
        plan_change.ReactivatePage.as_view(),
        name="billing-reactivate",
    ),
    path("account/billing/change", plan_change.ChangePage.as_view(), name="billing-change"),
    path("account/billing/portal", account.PortalForm.as_view(), name="billing-portal"),
]
