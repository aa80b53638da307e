"""Below `/api/v1/`."""

from django.urls import path

from accounts.api import device, notifications, second_factor, views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="api-register"),
    path("auth/login", views.LoginView.as_view(), name="api-login"),
    path("auth/logout", views.LogoutView.as_view(), name="api-logout"),
    path("auth/refresh", views.RefreshView.as_view(), name="api-refresh"),
    path("auth/me", views.MeView.as_view(), name="api-me"),
    path("users/notifications", notifications.ListView.as_view(), name="api-notifications"),
    path(
        "users/notifications/read",
        notifications.ReadAllView.as_view(),
        name="api-notifications-read",
    ),
    path(
        "users/notifications/<uuid:pk>/read",
        notifications.ReadView.as_view(),
        name="api-notification-read",
    ),
    path("users/totp", second_factor.TotpView.as_view(), name="api-totp"),
    path("users/totp/confirm", second_factor.TotpConfirmView.as_view(), name="api-totp-confirm"),
    path("auth/device/code", device.DeviceCodeView.as_view(), name="api-device-code"),
    path("auth/device/token", device.DeviceTokenView.as_view(), name="api-device-token"),
]
