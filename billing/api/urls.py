"""URLs of billing below `/api/v1/`."""

from django.urls import path

from billing.api import views

urlpatterns = [
    path("subscriptions/plans", views.PlansView.as_view(), name="api-plans"),
    path("subscriptions/status", views.StatusView.as_view(), name="api-subscription"),
    path("subscriptions/checkout", views.CheckoutView.as_view(), name="api-checkout"),
    path("subscriptions/cancel", views.CancelView.as_view(), name="api-subscription-cancel"),
    path(
        "subscriptions/reactivate",
        views.ReactivateView.as_view(),
        name="api-subscription-reactivate",
    ),
    path("subscriptions/portal", views.PortalView.as_view(), name="api-portal"),
    path("payments/history", views.HistoryView.as_view(), name="api-payments"),
    path("payments/<uuid:payment_id>", views.PaymentView.as_view(), name="api-payment"),
]
