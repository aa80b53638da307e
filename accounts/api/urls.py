"""Below `/api/v1/`."""

from django.urls import path

from accounts.api import recovery, users, views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="api-register"),
    path("auth/login", views.LoginView.as_view(), name="api-login"),
    path("auth/logout", views.LogoutView.as_view(), name="api-logout"),
    path("auth/refresh", views.RefreshView.as_view(), name="api-refresh"),
    path("auth/me", views.MeView.as_view(), name="api-me"),
    path("auth/verify-email", recovery.VerifyEmailView.as_view(), name="api-verify-email"),
    path(
        "auth/verify-email/resend",
        recovery.ResendVerificationView.as_view(),
        name="api-verify-email-resend",
    ),
    path("auth/forgot-password", recovery.ForgotPasswordView.as_view(), name="api-forgot"),
    path("auth/reset-password", recovery.ResetPasswordView.as_view(), name="api-reset"),
    path("users/password", users.PasswordView.as_view(), name="api-password"),
]
