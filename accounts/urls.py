"""Pages."""

from django.urls import path

from accounts import (
    account_views,
    legal_views,
    notification_views,
    privacy_views,
    recovery_views,
    second_factor_views,
    tv_screen,
    tv_views,
    views,
)

urlpatterns = [
    path("terms", legal_views.terms, name="terms"),
    path("privacy", legal_views.privacy_notice, name="privacy"),
    path("login", views.LoginView.as_view(), name="login"),
    path("login/code", second_factor_views.LoginCodeView.as_view(), name="login-code"),
    path("account/two-factor", second_factor_views.TwoFactorView.as_view(), name="two-factor"),
    path("account/two-factor/qr.svg", second_factor_views.two_factor_qr, name="two-factor-qr"),
    path("account/notifications", notification_views.ListView.as_view(), name="notifications"),
    path(
        "account/notifications/<uuid:pk>/open",
        notification_views.OpenView.as_view(),
        name="notification-open",
    ),
    path("unsubscribe", notification_views.UnsubscribeView.as_view(), name="unsubscribe"),
    path("register", views.RegisterView.as_view(), name="register"),
    path("logout", views.logout, name="logout"),
    path("account/privacy", privacy_views.privacy, name="account-privacy"),
    path("verify", recovery_views.verify, name="verify"),
    path("verify/done", recovery_views.verify_done, name="verify-done"),
    path("verify/resend", recovery_views.verify_resend, name="verify-resend"),
    path("verify/sent", recovery_views.verify_sent, name="verify-sent"),
    path("forgot", recovery_views.ForgotView.as_view(), name="forgot"),
    path("forgot/sent", recovery_views.forgot_sent, name="forgot-sent"),
    path("reset", recovery_views.ResetView.as_view(), name="reset"),
    path("reset/done", recovery_views.reset_done, name="reset-done"),
    path("account", account_views.profile, name="account"),
    path("account/avatar", account_views.avatar, name="account-avatar"),
    path("account/avatar/remove", account_views.avatar_remove, name="account-avatar-remove"),
    path("account/email", account_views.email, name="account-email"),
    path("account/password", account_views.password, name="account-password"),
    path("account/devices", account_views.devices, name="account-devices"),
    path(
        "account/devices/sign-out",
        account_views.devices_sign_out,
        name="account-devices-sign-out",
    ),
    path(
        "account/devices/<uuid:session_id>/sign-out",
        account_views.device_sign_out,
        name="account-device-sign-out",
    ),
    path("tv", tv_views.TvView.as_view(), name="tv"),
    path("tv/approved", tv_views.tv_approved, name="tv-approved"),
    path("tv/denied", tv_views.tv_denied, name="tv-denied"),
    path("tv/screen", tv_screen.TvScreenView.as_view(), name="tv-screen"),
    path("tv/qr.svg", tv_screen.tv_qr, name="tv-qr"),
]
