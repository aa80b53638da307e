"""URLs of the pages of accounts."""

from django.urls import path

from accounts.views import (
    account,
    cookies,
    language,
    legal,
    notifications,
    privacy,
    recovery,
    second_factor,
    sign_in,
    tv_approve,
    tv_screen,
)

urlpatterns = [
    path("terms", legal.terms, name="terms"),
    path("terms/agree", legal.terms_agree, name="terms-agree"),
    path("privacy", legal.privacy_notice, name="privacy"),
    path("cookies", cookies.cookies, name="cookies"),
    path("language", language.language, name="language"),
    path("login", sign_in.LoginPage.as_view(), name="login"),
    path("login/code", second_factor.LoginCodeView.as_view(), name="login-code"),
    path("account/two-factor", second_factor.TwoFactorView.as_view(), name="two-factor"),
    path("account/two-factor/qr.svg", second_factor.two_factor_qr, name="two-factor-qr"),
    path(
        "account/notifications", notifications.NotificationListPage.as_view(), name="notifications"
    ),
    path(
        "account/notifications/<uuid:pk>/open",
        notifications.NotificationPage.as_view(),
        name="notification-open",
    ),
    path("unsubscribe", notifications.UnsubscribePage.as_view(), name="unsubscribe"),
    path("register", sign_in.RegisterPage.as_view(), name="register"),
    path("logout", sign_in.logout, name="logout"),
    path("account/privacy", privacy.privacy, name="account-privacy"),
    path("verify", recovery.verify, name="verify"),
    path("verify/done", recovery.verify_done, name="verify-done"),
    path("verify/resend", recovery.verify_resend, name="verify-resend"),
    path("verify/sent", recovery.verify_sent, name="verify-sent"),
    path("email/undo", recovery.email_undo, name="email-undo"),
    path("forgot", recovery.ForgotView.as_view(), name="forgot"),
    path("forgot/sent", recovery.forgot_sent, name="forgot-sent"),
    path("reset", recovery.ResetView.as_view(), name="reset"),
    path("reset/done", recovery.reset_done, name="reset-done"),
    path("account", account.profile, name="account"),
    path("account/birth", account.birth, name="account-birth"),
    path("account/avatar", account.avatar, name="account-avatar"),
    path("account/avatar/remove", account.avatar_remove, name="account-avatar-remove"),
    path("account/email", account.email, name="account-email"),
    path("account/password", account.password, name="account-password"),
    path("account/devices", account.devices, name="account-devices"),
    path(
        "account/devices/sign-out",
        account.devices_sign_out,
        name="account-devices-sign-out",
    ),
    path(
        "account/devices/<uuid:session_id>/sign-out",
        account.device_sign_out,
        name="account-device-sign-out",
    ),
    path("tv", tv_approve.TvView.as_view(), name="tv"),
    path("tv/approved", tv_approve.tv_approved, name="tv-approved"),
    path("tv/denied", tv_approve.tv_denied, name="tv-denied"),
    path("tv/screen", tv_screen.TvScreenView.as_view(), name="tv-screen"),
    path("tv/qr.svg", tv_screen.tv_qr, name="tv-qr"),
]
