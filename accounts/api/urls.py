"""URLs of the API of accounts, below `/api/v1/`."""

from django.urls import path

from accounts.api import (
    device,
    notifications,
    recovery,
    rights,
    second_factor,
    sessions,
    staff,
    users,
    views,
)

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="api-register"),
    path("auth/client", views.ClientView.as_view(), name="api-client"),
    path("auth/login", views.LoginView.as_view(), name="api-login"),
    path("auth/logout", views.LogoutView.as_view(), name="api-logout"),
    path("auth/refresh", views.RefreshView.as_view(), name="api-refresh"),
    path("auth/me", views.MeView.as_view(), name="api-me"),
    path("admin/users", staff.UserListView.as_view(), name="api-admin-users"),
    path("admin/users/<uuid:user_id>", staff.UserView.as_view(), name="api-admin-user"),
    path("admin/users/<uuid:user_id>/ban", staff.UserBanView.as_view()),
    path("admin/users/<uuid:user_id>/unban", staff.UserUnbanView.as_view()),
    path("users/export", rights.ExportRequestView.as_view(), name="api-export"),
    path("users/export/<uuid:export_id>", rights.ExportView.as_view(), name="api-export-get"),
    path("users/account", rights.AccountView.as_view(), name="api-account"),
    path("users/account/keep", rights.AccountKeepView.as_view(), name="api-account-keep"),
    path("users/consents", rights.ConsentsView.as_view(), name="api-consents"),
    path("auth/verify-email", recovery.VerifyEmailView.as_view(), name="api-verify-email"),
    path(
        "auth/verify-email/resend",
        recovery.ResendVerificationView.as_view(),
        name="api-verify-email-resend",
    ),
    path("auth/forgot-password", recovery.ForgotPasswordView.as_view(), name="api-forgot"),
    path("auth/reset-password", recovery.ResetPasswordView.as_view(), name="api-reset"),
    path("users/profile", users.ProfileView.as_view(), name="api-profile"),
    path("users/avatar", users.AvatarView.as_view(), name="api-avatar"),
    path(
        "users/avatar/upload-url", users.AvatarUploadUrlView.as_view(), name="api-avatar-upload-url"
    ),
    path("users/avatar/complete", users.AvatarCompleteView.as_view(), name="api-avatar-complete"),
    path("users/preferences", users.PreferencesView.as_view(), name="api-preferences"),
    path("users/sessions", sessions.SessionListView.as_view(), name="api-sessions"),
    path("users/sessions/<uuid:session_id>", sessions.SessionView.as_view(), name="api-session"),
    path("users/password", users.PasswordView.as_view(), name="api-password"),
    path(
        "users/notifications",
        notifications.NotificationListView.as_view(),
        name="api-notifications",
    ),
    path(
        "users/notifications/read",
        notifications.NotificationsReadView.as_view(),
        name="api-notifications-read",
    ),
    path(
        "users/notifications/<uuid:pk>/read",
        notifications.NotificationReadView.as_view(),
        name="api-notification-read",
    ),
    path("users/totp", second_factor.TotpView.as_view(), name="api-totp"),
    path("users/totp/confirm", second_factor.TotpConfirmView.as_view(), name="api-totp-confirm"),
    path("auth/device/code", device.DeviceCodeView.as_view(), name="api-device-code"),
    path("auth/device/token", device.DeviceTokenView.as_view(), name="api-device-token"),
]
