"""Pages."""

from django.urls import path

from billing import account_views, change_views, views

urlpatterns = [
    path("subscribe", views.SubscribePage.as_view(), name="subscribe"),
    path("subscribe/done", views.DonePage.as_view(), name="subscribe-done"),
    path("subscribe/canceled", views.CanceledPage.as_view(), name="subscribe-canceled"),
    path("account/billing", account_views.BillingPage.as_view(), name="billing"),
    path("account/billing/cancel", change_views.CancelPage.as_view(), name="billing-cancel"),
    path(
        "account/billing/reactivate",
        change_views.ReactivatePage.as_view(),
        name="billing-reactivate",
    ),
    path("account/billing/change", change_views.ChangePage.as_view(), name="billing-change"),
    path("account/billing/portal", account_views.PortalForm.as_view(), name="billing-portal"),
]
