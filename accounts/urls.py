"""Pages."""

from django.urls import path

from accounts import recovery_views, views

urlpatterns = [
    path("login", views.LoginView.as_view(), name="login"),
    path("register", views.RegisterView.as_view(), name="register"),
    path("logout", views.logout, name="logout"),
    path("verify", recovery_views.verify, name="verify"),
    path("verify/done", recovery_views.verify_done, name="verify-done"),
    path("verify/resend", recovery_views.verify_resend, name="verify-resend"),
    path("verify/sent", recovery_views.verify_sent, name="verify-sent"),
    path("forgot", recovery_views.ForgotView.as_view(), name="forgot"),
    path("forgot/sent", recovery_views.forgot_sent, name="forgot-sent"),
    path("reset", recovery_views.ResetView.as_view(), name="reset"),
    path("reset/done", recovery_views.reset_done, name="reset-done"),
]
